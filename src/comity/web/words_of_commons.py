"""The words of the commons: kinds of releases, classes of licences, marks of files, and how far a public good is shown to be one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RELEASE_KINDS = {
    "model": _("Model"),
    "dataset": _("Data set"),
    "tool": _("Tool"),
    "course": _("Course"),
    "paper": _("Paper"),
}
LICENCE_CLASSES = {
    "open": pgettext_lazy("class of licences", "Open"),
    "non-commercial": _("Not for commercial use"),
    "restricted": _("With limits on use"),
    "unknown": _("Not known"),
}
RISKS = {
    "none": _("No code runs when it is loaded"),
    "code": _("Loading it can run code"),
    "unknown": _("Not known whether it can run code"),
}
SCANS = {
    "unscanned": _("Not scanned"),
    "clean": _("Scanned, nothing found"),
    "infected": _("Kept back: the scanner found something"),
}
INDICATORS = {"met": _("Shown"), "not met": _("Not met"), "not stated": _("Not stated"), "partly met": _("In part")}
MACHINES = {
    "phone": _("A phone"),
    "laptop": _("A laptop, 8 GB"),
    "card": _("One graphics card"),
}
