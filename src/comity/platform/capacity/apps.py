"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CapacityConfig(AppConfig):
    """Needs, offers, rounds, deliveries, agreements."""

    name = "comity.platform.capacity"
    label = "capacity"
