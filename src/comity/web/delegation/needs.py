"""Needs in the reader's words: with the thing's own title on the delegation's page, without it in mail and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comity.web import (
    words,
    words_of_agreements,
    words_of_delivery,
    words_of_mirrors,
    words_of_needs,
    words_of_notes,
    words_of_questions,
    words_of_rounds,
)

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.today import Need

# A room with many kinds keeps its own; they are looked up together.
ROOMS = (
    words_of_needs.TO_DO,
    words_of_rounds.TO_DO,
    words_of_delivery.TO_DO,
    words_of_notes.TO_DO,
    words_of_questions.TO_DO,
    words_of_mirrors.TO_DO,
    words_of_agreements.TO_DO,
)
# kind: (title where the thing has one of its own, title without it, sentence, what it is called at the side)
NEEDS = {
    "clear": (
        _("“%(title)s” awaits your clearance"),
        _("A text awaits your clearance"),
        _("Read it, then clear it for sending or send it back with a remark."),
        _("Text to clear"),
    ),
    "send": (
        _("Send “%(title)s”"),
        _("A text that was cleared can be sent"),
        _("The capital has cleared it. It is seen by nobody else until you send it."),
        _("Text to send"),
    ),
    "settle": (
        _("“%(title)s” has remarks to settle"),
        _("A text has remarks to settle"),
        _("Change the text, or mark the remarks as settled."),
        _("Draft"),
    ),
    "credential-ends": (
        _("Renew the credential of the %(role)s"),
        _("Renew the credential of the %(role)s"),
        _("After its last day the person can read what is public, and not speak or vote for you."),
        _("Credential"),
    ),
    "original-awaited": (
        _("Send the original letter for the %(role)s"),
        _("Send the original letter for the %(role)s"),
        _("The credential is provisional until the original has arrived."),
        _("Credential"),
    ),
    "stale-link": (
        _("“%(title)s” has a new version: look again at links that you decided"),
        _("A text has a new version: look again at links that you decided"),
        _("Their text has changed. Until a reviewer has looked, these links count for nothing."),
        _("Links to look at again"),
    ),
    "clear-answers": (
        _("“%(title)s”: answers await your clearance (%(number)s)"),
        _("Answers in a dialogue await your clearance"),
        _("Clear them, or send them back with a remark. They are due when the dialogue closes."),
        _("Answers to clear"),
    ),
    "give-answers": (
        _("“%(title)s”: answers are ready to be given (%(number)s)"),
        _("Answers in a dialogue are ready to be given"),
        _("Who holds the voice gives them. They are seen by nobody else until then."),
        _("Answers to give"),
    ),
    "prepare-answers": (
        _("“%(title)s”: statements without an answer of yours (%(number)s)"),
        _("Statements in a dialogue have no answer of yours"),
        _("Prepare an answer, or say that you await instructions: that counts as not yet heard."),
        _("Answers to prepare"),
    ),
    "prepare-vote": (
        _("“%(title)s”: prepare your vote"),
        _("A ballot has no vote of yours"),
        _("Prepare the vote. It is seen by your delegation alone until it is cast."),
        _("Vote to prepare"),
    ),
    "clear-vote": (
        _("“%(title)s”: a vote awaits your clearance"),
        _("A vote awaits your clearance"),
        _("Clear it, or send it back with a remark. Nobody casts it before."),
        _("Vote to clear"),
    ),
    "cast-vote": (
        _("“%(title)s”: your vote can be cast"),
        _("A vote of yours can be cast"),
        _("Who holds the voice casts it, before the ballot closes. What comes at the very deadline is late."),
        _("Vote to cast"),
    ),
    "explain-vote": (
        _("“%(title)s”: you may explain your vote or position"),
        _("You may explain your vote or position in a ballot"),
        _("Those that abstained or did not vote may, too. Your capital clears the text before it is sent."),
        _("Explanation of vote"),
    ),
    "state-outcome": (
        _("“%(title)s”: state the outcome"),
        _("The outcome of a ballot waits to be stated"),
        _("It has closed. Nothing is decided until an office states what was counted."),
        _("Outcome to state"),
    ),
    "stale-reading": (
        _("%(title)s: a text has changed since your reading"),
        _("A text has changed since your member's reading of a link"),
        _("See what changed, and say whether the reading still holds."),
        _("Member's reading"),
    ),
}
CLEARED = pgettext_lazy("stage of a text", "Cleared by the capital")


@dataclass(frozen=True, slots=True)
class NeedInWords:
    """A need as a page or message shows it."""

    title: str
    sentence: str
    label: str
    address: str
    due_at: dt.datetime | None


def in_words(need: Need, *, outside: bool = False) -> NeedInWords:
    """Return a need in the reader's language; ``outside`` leaves out what only the delegation may read."""
    held = next(room for room in (NEEDS, *ROOMS) if need.kind in room)
    own, neutral, sentence, label = held[need.kind]
    role = str(words.CREDENTIAL_ROLES.get(need.facts.get("role", ""), ""))
    text = str(neutral if outside else own) % {
        "title": need.title,
        "role": role,
        "number": need.facts.get("number", ""),
    }
    return NeedInWords(title=text, sentence=str(sentence), label=str(label), address=need.address, due_at=need.due_at)
