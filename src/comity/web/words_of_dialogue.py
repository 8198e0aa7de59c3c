"""The words of dialogue: states, who is asked, attribution, answers, and what forms call their fields."""

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
# What a refusal calls a field of a form: by the label that stands beside it.
FIELDS = {
    "slug": _("Name in its address (small letters, digits, hyphens)"),
    "question": _("The one question"),
    "introduction": _("Introduction (optional)"),
    "closes_at": _("The deadline"),
    "closes_on": _("The deadline"),
    "sure": _("The box to tick"),
    "people": _("Who may take part as a person"),
    "visibility": _("Who will see it"),
    "statement": pgettext_lazy("of a dialogue", "Statement"),
    "statements": pgettext_lazy("of a dialogue", "Statements"),
    "comments": pgettext_lazy("of a dialogue", "Statements"),
    "votes": _("Votes"),
    "agree-is": _("Agree is written as"),
    "duplicates": _("Number of the statement that says it already"),
    "serial": _("Number of the sheet"),
    "sheets": _("Number of sheets"),
    "place": _("Place"),
    "region": _("Region"),
    "language": _("Language"),
    "note": _("Note"),
    "reason": _("Reason, where it is refused"),
    "addresses": _("Addresses of accounts, one a line"),
}
# What a refusal says that a field takes, where it says so in words.
ALLOWED = {
    "small letters, digits and hyphens, at most 60": _("small letters, digits and hyphens, at most 60"),
    "a text in one of the six languages at least": _("a text in one of the six languages at least"),
    "one idea in words": _("one idea in words"),
    "letters, digits and signs alone": _("letters, digits and signs alone"),
    "numbers of statements that are shown": _("numbers of statements that are shown"),
    "numbers of statements, such as 3, 14": _("numbers of statements, such as 3, 14"),
    "the number of another statement that is shown": _("the number of another statement that is shown"),
    "a code such as en, fr or pt-BR": _("a code such as en, fr or pt-BR"),
    "one of the buttons of the page": _("one of the buttons of the page"),
}
