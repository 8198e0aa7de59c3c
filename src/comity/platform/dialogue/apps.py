"""The room as a Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DialogueConfig(AppConfig):
    """Consultations, statements, answers, results."""

    name = "comity.platform.dialogue"
    label = "dialogue"

    def ready(self) -> None:
        """Register what this room tells people to do."""
        import_module("comity.platform.dialogue.told")
