"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import agreement_forms, agreement_templates, agreements, catalogue

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("releases/<slug:slug>", catalogue.release, name="release"),
    path("releases/<slug:slug>/<str:label>", catalogue.release, name="release-version"),
    # Agreements on sharing, and the templates from which they are made.
    path("agreements", agreements.agreements, name="sharing-agreements"),
    path("agreements/new", agreement_forms.new, name="new-sharing-agreement"),
    path("agreements/templates/new", agreement_templates.new, name="new-agreement-template"),
    path("agreements/templates/<slug:slug>", agreement_templates.template, name="agreement-template"),
    path(
        "agreements/templates/<slug:slug>/<int:number>", agreement_templates.template, name="agreement-template-version"
    ),
    path(
        "agreements/templates/<slug:slug>/<int:number>/<str:form>",
        agreement_templates.file_of_template,
        name="agreement-template-file",
    ),
    path("agreements/terms/<slug:slug>", agreements.terms, name="release-terms"),
    path("agreements/<slug:slug>", agreements.agreement, name="sharing-agreement"),
    path("agreements/<slug:slug>/change", agreement_forms.change, name="change-sharing-agreement"),
    path("agreements/<slug:slug>/<int:number>", agreements.agreement, name="sharing-text"),
    path("agreements/<slug:slug>/<int:number>/document.json", agreements.document, name="sharing-document"),
    path("agreements/<slug:slug>/<int:number>/<str:tongue>.txt", agreements.text_file, name="sharing-text-file"),
]
