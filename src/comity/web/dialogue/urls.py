"""Addresses of the dialogue room. Consultations and statements stand at their references."""

from __future__ import annotations

from django.urls import path

from comity.web.dialogue import convene, list, statements, take_part  # noqa: A004  (the page that lists dialogues)
from comity.web.dialogue.desk_urls import urlpatterns as of_the_desk

urlpatterns = [
    path("", list.dialogues, name="dialogues"),
    path("new", convene.new, name="new-dialogue"),
    path("<slug:slug>", take_part.dialogue, name="dialogue"),
    path("<slug:slug>/answer", take_part.answer, name="dialogue-answer"),
    path("<slug:slug>/code", take_part.code, name="dialogue-code"),
    path("<slug:slug>/leave", take_part.leave, name="dialogue-leave"),
    path("<slug:slug>/write", statements.write, name="dialogue-write"),
    path("<slug:slug>/withdraw", statements.withdraw, name="dialogue-withdraw"),
    path("<slug:slug>/statements", statements.statements, name="dialogue-statements"),
    path("<slug:slug>/statements/<int:number>", statements.statement, name="dialogue-statement"),
    path("<slug:slug>/settings", convene.settings, name="dialogue-settings"),
    *of_the_desk,
]
