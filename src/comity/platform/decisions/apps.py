"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Rules, documents, ballots, outcomes."""

    name = "comity.platform.decisions"
    label = "decisions"
