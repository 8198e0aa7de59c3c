"""Addresses of the desks of a dialogue: moderation, translation, delegations, paper, other views."""

from __future__ import annotations

from django.urls import path

from comity.web.dialogue import decisions, delegation, desk, other_views, sheets, translations

urlpatterns = [
    path("<slug:slug>/desk", desk.desk, name="dialogue-desk"),
    path("<slug:slug>/decisions", decisions.decisions, name="dialogue-decisions"),
    path("<slug:slug>/translations", translations.translations, name="dialogue-translations"),
    path("<slug:slug>/other-views", other_views.other_views, name="dialogue-other-views"),
    path("<slug:slug>/delegation", delegation.delegation, name="dialogue-delegation"),
    path("<slug:slug>/sheets", sheets.sheets, name="dialogue-sheets"),
    path("<slug:slug>/sheets/<int:batch>", sheets.batch_page, name="dialogue-batch"),
    path("<slug:slug>/sheets/<int:batch>/print", sheets.print_page, name="dialogue-batch-print"),
    path("<slug:slug>/sheets/<int:batch>/<int:serial>", sheets.sheet, name="dialogue-sheet"),
]
