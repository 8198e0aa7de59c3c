"""The room as a Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CapacityConfig(AppConfig):
    """Needs, offers, rounds, deliveries, agreements."""

    name = "comity.platform.capacity"
    label = "capacity"

    def ready(self) -> None:
        """Register what this room tells people to do."""
        import_module("comity.platform.capacity.told")
        import_module("comity.platform.capacity.round_told")
        import_module("comity.platform.capacity.told_of_deliveries")
