"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class DialogueConfig(AppConfig):
    """Consultations, statements, answers, results."""

    name = "comity.platform.dialogue"
    label = "dialogue"
