"""Addresses of a delegation. Everything here is seen by its own people alone, but for the calendar's secret address."""

from __future__ import annotations

from django.urls import path

from comity.web.delegation import notices, pages, texts

urlpatterns = [
    path("", pages.delegation, name="delegation"),
    path("texts/new", texts.new, name="new-text"),
    path("texts/<int:number>", texts.text, name="text"),
    path("texts/<int:number>/do", texts.act_on, name="act-on-text"),
    path("digest", notices.digest, name="digest"),
    path("digest/stop/<str:signed>", notices.stop, name="stop-digest"),
    path("calendar", notices.renew_calendar, name="renew-calendar"),
    path("calendar/<str:token>.ics", notices.calendar, name="calendar"),
]
