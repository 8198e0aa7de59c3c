"""The words of the vocabularies of decisions: what an outcome and a rule say, states, ways, kinds, outcomes, positions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

# What the engine says in sentences: listed here so that the catalogs hold them. A test holds the list equal to the engine's.
SENTENCES = frozenset(
    {
        gettext_noop("All members: {parts}."),
        gettext_noop("{group}: {parts}."),
        gettext_noop("All members by {weight}: {parts}."),
        gettext_noop("{group} by {weight}: {parts}."),
        gettext_noop("{parts}: {base} voting."),
        gettext_noop("{parts}: {base} present."),
        gettext_noop("{base} members."),
        gettext_noop("{parts}: {base} together."),
        gettext_noop("{group}: {sentence}"),
        gettext_noop("{parts}, by {weight}: {base}."),
        gettext_noop("{share} of {base} is {limit}, so {needed} are needed."),
        gettext_noop("{share} of {base} is {limit}; more than that is needed, so {needed}."),
        gettext_noop("{share} of {base} is {limit}; at least that is needed."),
        gettext_noop("{share} of {base} is {limit}; more than that is needed."),
        gettext_noop("{share} of {base} is {limit}, so at most {needed} are allowed."),
        gettext_noop("{share} of {base} is {limit}; fewer are allowed, so at most {needed}."),
        gettext_noop("{share} of {base} is {limit}; at most that is allowed."),
        gettext_noop("{share} of {base} is {limit}; less than that is allowed."),
        gettext_noop("{needed} are needed."),
        gettext_noop("At most {needed} are allowed."),
        gettext_noop("None is allowed."),
        gettext_noop("{counted} ({what}) is at least {needed}: this holds."),
        gettext_noop("{counted} ({what}) is less than {needed}: this does not hold."),
        gettext_noop("{counted} ({what}) is more than {needed}: this holds."),
        gettext_noop("{counted} ({what}) is not more than {needed}: this does not hold."),
        gettext_noop("{counted} ({what}) is not more than {needed}: this holds."),
        gettext_noop("{counted} ({what}) is more than {needed}: this does not hold."),
        gettext_noop("{counted} ({what}) is less than {needed}: this holds."),
        gettext_noop("{counted} ({what}) is not less than {needed}: this does not hold."),
        gettext_noop("{counted} ({what}) is no share of nothing: this does not hold."),
        gettext_noop("{counted} ({what}) is no share of nothing: this does not hold."),
        gettext_noop("One of these is enough, and one holds."),
        gettext_noop("One of these would be enough, and none holds."),
        gettext_noop("All that the rule asks holds: adopted."),
        gettext_noop("Not all that the rule asks holds: not adopted."),
        gettext_noop("What the rule asks of any decision does not hold: no valid decision."),
        gettext_noop("As many are for as against."),
        gettext_noop("Under the rule a second vote follows."),
        gettext_noop("Under the rule the matter is put off to a later meeting."),
        gettext_noop("Under the rule discussion goes on."),
        gettext_noop("Under the rule the chair's casting vote decides."),
        gettext_noop("Under the rule no decision was taken."),
        gettext_noop("Under the rule it may be put to a vote."),
        gettext_noop("{what}: at least {share} of {base}."),
        gettext_noop("{what}: more than {share} of {base}."),
        gettext_noop("{what}: at most {share} of {base}."),
        gettext_noop("{what}: less than {share} of {base}."),
        gettext_noop("{what}: at least {share}."),
        gettext_noop("{what}: more than {share}."),
        gettext_noop("{what}: at most {share}."),
        gettext_noop("{what}: fewer than {share}."),
        gettext_noop("One of these is enough: {sentences}"),
        gettext_noop("{what} among {group}"),
        gettext_noop("{what} by {weight}"),
        gettext_noop("all members"),
        gettext_noop("those present"),
        gettext_noop("those voting"),
        gettext_noop("{first} and {last}"),
        gettext_noop("{first}, {last}"),
        gettext_noop("{number} {position}"),
        gettext_noop("{number}%"),
    }
)
SHARES = frozenset(
    {
        gettext_noop("half"),
        gettext_noop("one third"),
        gettext_noop("two thirds"),
        gettext_noop("one quarter"),
        gettext_noop("three quarters"),
        gettext_noop("one fifth"),
        gettext_noop("three fifths"),
    }
)
POSITIONS_IN_SENTENCES = frozenset(
    {
        gettext_noop("yes"),
        gettext_noop("no"),
        gettext_noop("abstain"),
        gettext_noop("present"),
        gettext_noop("absent"),
    }
)

POSITIONS = {
    "yes": pgettext_lazy("position", "Yes"),
    "no": pgettext_lazy("position", "No"),
    "abstain": pgettext_lazy("position", "Abstain"),
    "present": pgettext_lazy("position", "Present, not voting"),
    "absent": pgettext_lazy("position", "Not present"),
    "no objection": pgettext_lazy("position", "No objection"),
    "discuss": pgettext_lazy("position", "Discuss"),
    "recuse": pgettext_lazy("position", "Recuse"),
    "no without reasons": pgettext_lazy("position", "No, without reasons"),
}
POSITIONS_IN_SILENCE = {
    "yes": _("Joins the text"),
    "no": _("Breaks the silence"),
    "absent": _("Silent"),
}
POSITIONS_IN_WRITING = {
    "absent": _("Did not vote"),
}
BALLOT_STATES = {
    "draft": pgettext_lazy("state of a ballot", "Draft"),
    "open": pgettext_lazy("state of a ballot", "Open"),
    "closed": pgettext_lazy("state of a ballot", "Awaiting its outcome"),
    "stated": pgettext_lazy("state of a ballot", "Decided"),
    "withdrawn": pgettext_lazy("state of a ballot", "Withdrawn"),
}
OUTCOMES = {
    "adopted": _("Adopted"),
    "not adopted": _("Not adopted"),
    "not valid": _("No valid decision"),
}
WAYS = {
    "recorded": _("Recorded vote"),
    "roll call": _("Roll call"),
    "correspondence": _("Vote by correspondence"),
    "silence": _("Silence procedure"),
    "no objection": _("Adoption without objection"),
    "secret": _("Secret ballot"),
}
BALLOT_KINDS = {
    "text": _("On a text"),
    "question": _("On a question"),
    "division": _("Division: a part is voted on apart"),
    "postponement": _("Postponement"),
    "amendment": _("Amendment"),
    "motion": pgettext_lazy("kind of ballot", "Motion"),
}
NOT_COUNTED = {
    "suspended": _("its right to vote is suspended"),
    "provisional": _("it is a provisional member"),
    "its members count": _("its members count, not the organisation itself"),
    "its members vote themselves": _("its members vote themselves"),
}
