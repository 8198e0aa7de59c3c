"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import (
    agreement_forms,
    agreement_templates,
    agreements,
    catalogue,
    evaluations,
    metadata,
    mirrors,
    notes,
    office,
    publishing,
    questions,
)

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("feed", metadata.feed, name="commons-feed"),
    path("notices", office.notices, name="commons-notices"),
    path("releases/new", publishing.new, name="new-release"),
    path("releases/<slug:slug>", metadata.signposted(catalogue.release), name="release"),
    path("releases/<slug:slug>/new", publishing.further, name="new-version"),
    path("releases/<slug:slug>/take-down", office.take_down, name="take-release-down"),
    path("releases/<slug:slug>/evaluations", evaluations.evaluations, name="evaluations"),
    path("releases/<slug:slug>/evaluations/new", evaluations.new_evaluation, name="new-evaluation"),
    path("releases/<slug:slug>/evaluations/table.csv", evaluations.evaluations_csv, name="evaluations-csv"),
    path("releases/<slug:slug>/evaluations/table.json", evaluations.evaluations_json, name="evaluations-json"),
    path("releases/<slug:slug>/evaluations/<slug:name>", evaluations.evaluation, name="evaluation"),
    path("releases/<slug:slug>/<str:label>", metadata.signposted(catalogue.release), name="release-version"),
    path("releases/<slug:slug>/<str:label>/metadata/<str:form>", metadata.metadata, name="release-metadata"),
    path("mirrors", mirrors.list_all, name="mirrors"),
    path("mirrors/offer", mirrors.offer, name="offer-mirror"),
    path("mirrors/<slug:slug>", mirrors.mirror, name="mirror"),
    path("questions", questions.list_all, name="questions"),
    path("questions/new", questions.new, name="new-question"),
    path("questions/<slug:slug>", questions.question, name="question"),
    path("questions/<slug:slug>/change", questions.change, name="change-question"),
    path("questions/<slug:slug>/answer", questions.answer, name="answer-question"),
    path("questions/<slug:slug>/<slug:reply>", questions.reply, name="question-reply"),
    path("notes", notes.list_all, name="notes"),
    path("notes/new", notes.new, name="new-note"),
    path("notes/<slug:slug>", notes.note, name="note"),
    path("notes/<slug:slug>/change", notes.change, name="change-note"),
    path("notes/<slug:slug>/versions/<int:number>", notes.version, name="note-version"),
    path("notes/<slug:slug>/translations/<slug:language>", notes.translate, name="translate-note"),
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
