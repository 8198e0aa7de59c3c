"""The site as a Django application: it registers the start-up checks."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers what `comity doctor` and every start look at."""

    name = "comity.site"
    label = "comity_site"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from comity.site import checks  # noqa: F401, PLC0415  (Django wants this late)
