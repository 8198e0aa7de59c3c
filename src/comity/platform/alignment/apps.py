"""The room as a Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    """Instruments, provisions, links, convergence."""

    name = "comity.platform.alignment"
    label = "alignment"

    def ready(self) -> None:
        """Register what this room tells people to do."""
        import_module("comity.platform.alignment.told")
