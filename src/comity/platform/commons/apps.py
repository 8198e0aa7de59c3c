"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CommonsConfig(AppConfig):
    """Releases and their files."""

    name = "comity.platform.commons"
    label = "commons"
