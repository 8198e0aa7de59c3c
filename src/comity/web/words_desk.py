"""The words of the vocabularies of moderation, translation, delegations and paper in dialogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MODERATION_REASONS = {
    "off-topic": _("Not on the question"),
    "several-ideas": _("Several ideas in one"),
    "duplicate": _("Said already"),
    "not-a-statement": _("Nothing to agree with"),
    "insults": _("Insults or threatens"),
    "personal-data": _("Data of a person"),
    "advertising": _("Advertising"),
}
MODERATION_RULES = {
    "off-topic": _("A statement answers the question of the dialogue."),
    "several-ideas": _("It holds one idea, so that everyone knows what they agree with."),
    "duplicate": _("It says something that no statement shown says already."),
    "not-a-statement": _("It can be agreed or disagreed with: it is no question, no greeting, no request."),
    "insults": _("It insults and threatens nobody. A view that others find wrong is no insult."),
    "personal-data": _("It names no person who does not act in public, and no address or number of one."),
    "advertising": _("It sells nothing."),
}
APPEALS = {
    "waiting": _("An appeal waits"),
    "upheld": _("Appeal heard, refusal upheld"),
    "granted": _("Appeal granted, statement shown"),
}
STAGES_OF_TRANSLATION = {
    "missing": _("No translation yet"),
    "machine": _("Awaiting a person"),
    "checked": _("Checked by a person"),
    "all": _("All statements"),
}
STANDINGS = {
    "position": _("Position"),
    "provisional": _("Provisional, without prejudice"),
    "awaiting": _("Awaiting instructions"),
}
TRACKS = {
    "states": pgettext_lazy("track of a dialogue", "States"),
    "people": pgettext_lazy("track of a dialogue", "People and organisations"),
}
SHEET_STATES = {
    "new": _("not typed yet"),
    "once": _("typed once"),
    "differs": _("the two typings differ"),
    "counted": _("counted"),
    "blank": _("without a mark, no voice"),
}
SHEET_ENDS = {
    "typed twice": _("typed twice"),
    "settled": _("settled"),
}
