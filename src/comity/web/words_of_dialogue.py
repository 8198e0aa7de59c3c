"""The words of the vocabularies of dialogue: states, who is asked, attribution, answers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DIALOGUE_STATES = {
    "draft": pgettext_lazy("state of a dialogue", "Draft"),
    "open": pgettext_lazy("state of a dialogue", "Open"),
    "closed": pgettext_lazy("state of a dialogue", "Closed"),
    "archived": pgettext_lazy("state of a dialogue", "Archived"),
}
ASKED = {
    "nobody": _("members alone"),
    "members": _("members of its body that may speak there"),
    "public": _("anyone"),
    "accounts": _("people with an account here"),
    "invited": _("people who are invited"),
    "experts": _("experts of the body in their personal capacity"),
}
ATTRIBUTIONS = {
    "attributed": _("Attributed: how each member answered is shown"),
    "by-group": _("By group: answers are shown by regional group, never of one member"),
    "chatham-house": _("Chatham House rule: what was said may be used; who said it may not"),
}
VOTES = {
    "agree": pgettext_lazy("answer to a statement", "Agree"),
    "disagree": pgettext_lazy("answer to a statement", "Disagree"),
    "pass": pgettext_lazy("answer to a statement", "Pass"),
    "awaiting": _("Awaiting instructions"),
}
STATEMENT_STATES = {
    "waiting": _("waits for a moderator"),
    "shown": pgettext_lazy("state of a statement", "shown"),
    "refused": pgettext_lazy("state of a statement", "refused"),
    "withdrawn": pgettext_lazy("state of a statement", "taken back"),
}
