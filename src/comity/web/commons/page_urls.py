"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, evaluations, metadata, notes, office, publishing, questions

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
]
