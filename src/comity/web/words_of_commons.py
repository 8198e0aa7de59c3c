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
FIELDS = {
    "label": pgettext_lazy("its label", "Version"),
    "files": _("Files"),
    "authors": _("Authors"),
    "summaries": _("Summary"),
    "provenance": _("Made from"),
    "language": _("Language"),
    "languages": _("Languages"),
    "offline": _("Works offline"),
    "memory_gb": _("Memory, in gigabytes"),
    "gpu_memory_gb": _("Memory of a graphics card, in gigabytes"),
    "seen_by": _("Who will see it"),
    "texts": _("The notice"),
    "sure": _("I am sure: it cannot be undone."),
}
ALLOWED = {
    "another name": _("another name"),
    "model, dataset, tool, course, paper": _("one of the kinds that the form names"),
    "letters, digits, . _ ~ and -, at most 40, such as 1.2; not main": _(
        "letters, digits, . _ ~ and -, at most 40, such as 1.2; not main"
    ),
    'a BCP 47 tag, such as "sw" or "zh-Hant"': _("a code of a language, such as sw or zh-Hant"),
    "yes or no": _("yes or no"),
    "a number of gigabytes such as 8 or 0.5": _("a number of gigabytes such as 8 or 0.5"),
    "one of the circles": _("one of the circles"),
    "at most 20 files": _("at most 20 files; more are published by the command"),
    "1 to 10000": _("at least one file"),
    "the SHA-256 of a file that was sent whole": _("files that came in whole within three days; send them again"),
    "files in which the virus scanner found nothing": _("files in which the virus scanner found nothing"),
    "files that have no description of their own: what has one is released by comity commons publish": _(
        "files that have no description of their own: what has one is released by comity commons publish"
    ),
    "at most 60": _("at most 60"),
    "the tick in the box: this cannot be undone": _("the tick in the box: this cannot be undone"),
    "the rule that allows it, at most 200 characters": _("the rule that allows it, at most 200 characters"),
}
FOUND = {"0 files": _("no file"), "more than 20": _("more than 20")}
PROBLEMS = {
    "Something was changed after you had looked at it. Look again; nothing was released.": _(
        "Something was changed after you had looked at it. Look again; nothing was released."
    ),
    "You share a release of this name already. A further version is released from its page; nothing was kept.": _(
        "You share a release of this name already. A further version is released from its page; nothing was kept."
    ),
    "More see this release than you ask for, and they would see this version too. Choose another name; nothing was kept.": _(
        "More see this release than you ask for, and they would see this version too. Choose another name; nothing was kept."
    ),
    "Another shares a release of this name already. Choose another name; nothing was kept.": _(
        "Another shares a release of this name already. Choose another name; nothing was kept."
    ),
    "A release keeps its kind, and this one is of another. Choose another name; nothing was kept.": _(
        "A release keeps its kind, and this one is of another. Choose another name; nothing was kept."
    ),
    "This release was taken down; nothing is released under its name.": _(
        "This release was taken down; nothing is released under its name."
    ),
    "This version was released already, and never changes. Give a new label; nothing was kept.": _(
        "This version was released already, and never changes. Give a new label; nothing was kept."
    ),
    "This is the same as a version that was released, file by file; nothing was kept.": _(
        "This is the same as a version that was released, file by file; nothing was kept."
    ),
    "This release was taken down already; nothing was changed.": _(
        "This release was taken down already; nothing was changed."
    ),
    "This release is not taken down; nothing was changed.": _("This release is not taken down; nothing was changed."),
    "This notice has ended already; nothing was changed.": _("This notice has ended already; nothing was changed."),
}
ACTIONS = {
    "release a version": _("release a version"),
    "take a release down": _("take a release down"),
    "set a notice": _("set a notice"),
}
