"""Addresses where a conversation of Polis comes in, and where one of ours goes out as the same files."""

from __future__ import annotations

from django.urls import path

from comity.web.dialogue import polis_files

urlpatterns = [
    path("<slug:slug>/import", polis_files.take_over, name="dialogue-import"),
    path("<slug:slug>/export/<str:name>", polis_files.give_out, name="dialogue-export"),
]
