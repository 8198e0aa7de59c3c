"""The room as a Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CommonsConfig(AppConfig):
    """Releases and their files, experience notes."""

    name = "comity.platform.commons"
    label = "commons"

    def ready(self) -> None:
        """Register what this room tells people to do."""
        import_module("comity.platform.commons.told_of_questions")
        import_module("comity.platform.commons.told_of_notes")
        import_module("comity.platform.commons.mirrors_told")
        import_module("comity.platform.commons.agreements_told")
