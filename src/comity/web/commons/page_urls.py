"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, questions

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
]
