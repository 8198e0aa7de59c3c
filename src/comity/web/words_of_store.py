"""The words of releasing: what its acts are called in the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.web import words_of_evaluations

ACT_TYPES = {
    "release-version": _("Version released"),
    "take-release-down": _("Release taken down"),
    "restore-release": _("Release restored"),
    "set-notice": _("Notice on releases set"),
    "end-notice": _("Notice on releases ended"),
    **words_of_evaluations.ACT_TYPES,
}
