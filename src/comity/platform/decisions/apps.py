"""The room as a Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Rules, documents, ballots, outcomes."""

    name = "comity.platform.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Register what this room tells people to do, and the texts by which votes are explained."""
        import_module("comity.platform.decisions.explanations")
        import_module("comity.platform.decisions.told")
