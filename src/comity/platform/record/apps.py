"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Formal acts and links."""

    name = "comity.platform.record"
    label = "record"
