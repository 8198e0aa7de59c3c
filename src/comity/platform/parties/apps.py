"""The room as a Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Bodies, members, delegations and accounts."""

    name = "comity.platform.parties"
    label = "parties"

    def ready(self) -> None:
        """Register what delegations can send."""
        import_module("comity.platform.parties.statements")
