"""Addresses of rules, documents and elections. Each stands at its reference."""

from __future__ import annotations

from django.urls import path

from comity.web.decisions import documents, elections, rules

urlpatterns = [
    path("rules", rules.rules, name="rules"),
    path("rules/new", rules.compose, name="compose-rule"),
    path("rules/<slug:name>", rules.built_in, name="built-in-rule"),
    path("rules/<slug:name>.toml", rules.built_in_file, name="built-in-rule-file"),
    path("rules/<slug:body>/<slug:name>/<int:version>", rules.rule, name="rule"),
    path("rules/<slug:body>/<slug:name>/<int:version>.toml", rules.rule_file, name="rule-file"),
    path("documents", documents.documents, name="documents"),
    path("documents/new", documents.new, name="new-document"),
    path("documents/<slug:slug>", documents.document, name="document"),
    path("documents/<slug:slug>/issue", documents.issue, name="issue-version"),
    path("documents/<slug:slug>/<int:number>", documents.version, name="document-version"),
    path("documents/<slug:slug>/<int:number>/<str:language>.txt", documents.text, name="document-text"),
    path("elections", elections.elections, name="elections"),
    path("elections/new", elections.new, name="new-election"),
    path("elections/<slug:slug>", elections.election, name="election"),
]
