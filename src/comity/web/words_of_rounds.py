"""The words of rounds: states, what is treated alike, why something stays out, files, acts, actions and what waits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROUND_STATES = {
    "open": pgettext_lazy("state of a round", "Open for needs and offers"),
    "closed": pgettext_lazy("state of a round", "Closed, to be frozen"),
    "frozen": pgettext_lazy("state of a round", "Frozen"),
    "challenge": pgettext_lazy("state of a round", "Open for challenges"),
    "deciding": pgettext_lazy("state of a round", "Awaiting confirmation"),
    "confirmed": pgettext_lazy("state of a round", "Confirmed"),
    "cancelled": pgettext_lazy("state of a round", "Cancelled"),
}
ALIKE = {
    "need": _("Every need is treated alike"),
    "member": _("Every member is treated alike, with all that it needs of a resource"),
}
LEFT_OUT = {
    "no-member": _("its member has no seat in this body today"),
    "too-late": _("it came after the round had closed"),
    "elsewhere": _("another round that is not decided yet holds it"),
    "nothing-left": _("nothing of it is left, or less than the smallest amount that is given"),
    "not-whole": _("it goes to one need as a whole, and cannot: a part is given, or no member may receive all of it"),
    "under-a-cap": _("it goes to one need as a whole, and the round caps what a member receives"),
}
COMMITMENT_STATES = {
    "proposed": pgettext_lazy("state of a commitment", "Awaits both sides"),
    "agreed": pgettext_lazy("state of a commitment", "Agreed"),
    "declined": pgettext_lazy("state of a commitment", "Declined"),
    "complete": pgettext_lazy("state of a commitment", "Complete"),
    "ended": pgettext_lazy("state of a commitment", "Ended"),
}
ROUND_SIDES = {
    "provider": _("As provider"),
    "recipient": _("As recipient"),
}
ROUND_FILES = {
    "needs.csv": _("Needs"),
    "offers.csv": _("Offers"),
    "eligible.csv": _("Which need may draw on which offer"),
    "weights.csv": _("Weights, with the rule of each"),
    "caps.csv": _("Caps, with the rule of each"),
    "terms.csv": _("What is treated alike"),
    "salt.txt": _("The salt of the digest"),
    "allocation.csv": _("Who draws what on which offer"),
    "shares.csv": _("Shares"),
    "explanation.json": _("Reasons, block by block"),
}
ACT_TYPES = {
    "open-round": _("Round opened"),
    "freeze-round": _("Round frozen"),
    "publish-allocation": _("Suggested allocation published"),
    "challenge-allocation": _("Suggested allocation challenged"),
    "answer-challenge": _("Challenge answered"),
    "confirm-round": _("Round confirmed"),
    "cancel-round": _("Round cancelled"),
    "agree-to-commitment": _("Commitment agreed to by one side"),
    "decline-commitment": _("Commitment declined"),
}
ACTIONS = {
    "hold a round": _("hold a round"),
    "confirm a round": _("confirm a round"),
    "challenge a round": _("challenge a round"),
    "agree to a commitment": _("agree to a commitment"),
}
AUTHORITIES = {
    "The rules of the round, as they were published when it was opened": _(
        "The rules of the round, as they were published when it was opened"
    ),
}
TO_DO = {
    "round-closes": (
        _("“%(title)s” closes: needs and offers sent before enter it"),
        _("A round closes soon"),
        _("Send what your member needs or offers before it closes. What comes later waits for the next round."),
        _("Round that closes"),
    ),
    "freeze-round": (
        _("“%(title)s”: needs and offers can be frozen"),
        _("A round has closed and can be frozen"),
        _("See what enters it and what stays out, then freeze it."),
        _("Round to freeze"),
    ),
    "publish-allocation": (
        _("“%(title)s”: an allocation can be suggested and published"),
        _("A round is frozen, and its allocation is not published yet"),
        _("Look at what is suggested. Once it is published, members may challenge it."),
        _("Allocation to publish"),
    ),
    "answer-challenge": (
        _("“%(title)s”: a challenge awaits your answer"),
        _("A challenge to an allocation awaits an answer"),
        _("Nothing is confirmed before each challenge is answered."),
        _("Challenge to answer"),
    ),
    "confirm-round": (
        _("“%(title)s”: confirm it, or amend it with reasons"),
        _("The time for challenges is over, and a round awaits its confirmation"),
        _("What was computed is a suggestion. It becomes commitments once you confirm it."),
        _("Round to confirm"),
    ),
    "look-at-allocation": (
        _("“%(title)s”: see what is suggested for your needs"),
        _("An allocation is suggested for needs of your member"),
        _("See your share and why it is so. You may challenge it until its time is over; silence is no challenge."),
        _("Allocation to look at"),
    ),
    "agree-to-commitment": (
        _("“%(title)s”: agree to a commitment, or decline it"),
        _("A commitment awaits the word of your member"),
        _("Agree or decline. No reason is asked or kept; what is declined is free for others."),
        _("Commitment to agree to"),
    ),
}
FIELDS = {
    "title": pgettext_lazy("of a round", "Title"),
    "resources": _("What is shared out"),
    "alike": _("What is treated alike"),
    "closes_at": _("The deadline"),
    "challenge_until": _("Until when it may be challenged"),
    "amendments": _("Amended rows"),
    "reason-amended": _("Reason"),
    "units": _("Units"),
    "group": _("Group"),
    "weight": _("Weight"),
    "priority": _("Priority"),
    "caps": _("Caps"),
    "rule": _("The published rule that it rests on"),
    "text": pgettext_lazy("of a challenge", "What you hold against it"),
    "answer": _("Answer"),
    "others": _("Members"),
    "resource": _("Resource"),
    "side": _("Side"),
}
PROBLEMS = {
    "Too many needs may draw on too many offers. Hold a round for each resource; nothing was frozen.": _(
        "Too many needs may draw on too many offers. Hold a round for each resource; nothing was frozen."
    ),
    "This round is open: needs and offers are still taken; nothing was changed.": _(
        "This round is open: needs and offers are still taken; nothing was changed."
    ),
    "This round has closed, and is not frozen yet; nothing was changed.": _(
        "This round has closed, and is not frozen yet; nothing was changed."
    ),
    "This round is frozen, and no allocation is published yet; nothing was changed.": _(
        "This round is frozen, and no allocation is published yet; nothing was changed."
    ),
    "This round is in the time in which members may challenge it; nothing was changed.": _(
        "This round is in the time in which members may challenge it; nothing was changed."
    ),
    "This round awaits its confirmation; nothing was changed.": _(
        "This round awaits its confirmation; nothing was changed."
    ),
    "This round is confirmed; nothing was changed.": _("This round is confirmed; nothing was changed."),
    "This round is cancelled; nothing was changed.": _("This round is cancelled; nothing was changed."),
    "No need may draw on any offer, so there is nothing to share out; nothing was frozen.": _(
        "No need may draw on any offer, so there is nothing to share out; nothing was frozen."
    ),
    "No allocation is suggested yet. Ask for one first; nothing was changed.": _(
        "No allocation is suggested yet. Ask for one first; nothing was changed."
    ),
    "Challenges await an answer. Answer each first; nothing was confirmed.": _(
        "Challenges await an answer. Answer each first; nothing was confirmed."
    ),
    "This challenge is answered already; nothing was written.": _(
        "This challenge is answered already; nothing was written."
    ),
    "Your member has challenged this allocation already; nothing was written.": _(
        "Your member has challenged this allocation already; nothing was written."
    ),
    "Your member has no seat in this body today; nothing was written.": _(
        "Your member has no seat in this body today; nothing was written."
    ),
    "This commitment is not waiting for an answer any more; nothing was changed.": _(
        "This commitment is not waiting for an answer any more; nothing was changed."
    ),
    "You have agreed to this already; nothing was changed.": _("You have agreed to this already; nothing was changed."),
    "This round is not frozen yet: there is nothing to compare with.": _(
        "This round is not frozen yet: there is nothing to compare with."
    ),
}
ALLOWED = {
    "a reason for each row that is amended": _("a reason for each row that is amended"),
    "the published rule that it rests on": _("the published rule that it rests on"),
    "a need and an offer of this round that fit each other": _("a need and an offer of this round that fit each other"),
    "a moment to come, in a zone, within a year": _("a moment to come, in a zone, within a year"),
    "other members of this body": _("other members of this body"),
    "caps only where members are treated alike": _("caps only where members are treated alike"),
    "each row once": _("each row once"),
    "resources with one smallest amount: share out the others in a round of their own": _(
        "resources with one smallest amount: share out the others in a round of their own"
    ),
}
