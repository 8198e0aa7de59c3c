"""The room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Accounts and roles."""

    name = "comity.platform.parties"
    label = "parties"
