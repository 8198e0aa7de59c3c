"""The words of rules of procedure, documents and elections: what a rule compares, what follows, what a text is worth."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RELATIONS = {
    "at least": pgettext_lazy("relation of a test", "at least"),
    "more than": pgettext_lazy("relation of a test", "more than"),
    "at most": pgettext_lazy("relation of a test", "at most"),
    "fewer than": pgettext_lazy("relation of a test", "fewer than"),
}
PARTS = {
    "opens": _("For a meeting to open"),
    "valid": _("For any decision to be valid"),
    "adopted": _("For a text to be adopted"),
}
COUNTS = {
    "voting": _("a vote"),
    "present": _("present, not voting"),
    "away": _("away"),
}
AFTERS = {
    "nothing": _("nothing further"),
    "second vote": _("a second vote"),
    "postponed": _("the matter is put off"),
    "further discussion": _("discussion goes on"),
    "casting vote": _("the chair's casting vote decides"),
    "no decision": _("no decision was taken"),
    "a vote": _("it may be put to a vote"),
}
EVENTS = {
    "tie": _("As many for as against"),
    "not adopted": _("Not adopted"),
    "not valid": _("No valid decision"),
}
MEASURES = {
    "members": _("all members"),
    "present": _("those present"),
    "voting": _("those voting"),
}
STANDINGS = {
    "authentic": _("Authentic"),
    "for-information": _("Translation, for information"),
}
CITED_AS = {
    "wasDerivedFrom": _("rests on"),
    "wasInfluencedBy": _("was influenced by"),
}
