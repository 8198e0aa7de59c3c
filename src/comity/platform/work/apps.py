"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Jobs and their progress."""

    name = "comity.platform.work"
    label = "work"
