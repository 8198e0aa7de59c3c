"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    """Instruments, provisions, links, convergence."""

    name = "comity.platform.alignment"
    label = "alignment"
