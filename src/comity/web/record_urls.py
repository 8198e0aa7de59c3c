"""Addresses of the record. An act stands at its reference."""

from __future__ import annotations

from django.urls import path

from comity.web import record

urlpatterns = [
    path("", record.acts, name="record"),
    path("acts/<uuid:act_id>", record.act, name="act"),
]
