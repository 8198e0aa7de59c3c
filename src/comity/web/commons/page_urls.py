"""Addresses of the catalogue, of releases and of experience notes."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, notes, questions

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("releases/<slug:slug>", catalogue.release, name="release"),
    path("releases/<slug:slug>/<str:label>", catalogue.release, name="release-version"),
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
