"""The web door as a Django application: templates, tags, catalogs."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages and forms."""

    name = "comity.web"
    label = "web"
