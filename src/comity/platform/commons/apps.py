"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CommonsConfig(AppConfig):
    """Releases, their files, experience notes, questions to members, agreements."""

    name = "comity.platform.commons"
    label = "commons"
