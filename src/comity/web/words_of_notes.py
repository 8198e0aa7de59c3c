"""The words of experience notes: their parts, what they can be about, how far a translation goes, what waits, and refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PARTS = {
    "problem": pgettext_lazy("part of an experience note", "The problem"),
    "done": pgettext_lazy("part of an experience note", "What we did"),
    "cost": pgettext_lazy("part of an experience note", "What it cost"),
    "failed": pgettext_lazy("part of an experience note", "What failed"),
    "again": pgettext_lazy("part of an experience note", "What we would do again"),
    "ask": pgettext_lazy("part of an experience note", "Whom to ask"),
}
PART_HINTS = {
    "problem": _("What had to be solved, for whom, and why it was hard."),
    "done": _("Step by step, so that another ministry could do the same."),
    "cost": _("Money with its currency and year, people, and what was given up for it."),
    "failed": _("What came to nothing, and why. This helps others most."),
    "again": _("What to keep, and what to do in another way next time."),
    "ask": _("An office and how it is reached; never a person, nor a person's mail or telephone."),
}
NOTE_STATES = {
    "draft": pgettext_lazy("state of a need or an offer", "Draft"),
    "open": pgettext_lazy("state of a need or an offer", "Open"),
    "withdrawn": pgettext_lazy("state of a need or an offer", "Withdrawn"),
}
WORDS_STATES = {
    "original": pgettext_lazy("state of a translation", "Original"),
    "checked": pgettext_lazy("state of a translation", "Checked by a person"),
    "machine": pgettext_lazy("state of a translation", "By machine, not checked"),
    "": pgettext_lazy("state of a translation", "Not translated yet"),
}
CIRCLE_MEANS = {
    "public": _("Anyone reads it. What was public once stays known."),
    "members": _("Every member of this body reads it."),
    "committee": _("Whoever sits in this committee reads it, its observers and experts too."),
    "delegation": _("Your delegation alone reads it."),
}
SUBJECT_KINDS = {
    "topic": pgettext_lazy("what a note is about", "Topic"),
    "instrument": pgettext_lazy("what a note is about", "Instrument"),
    "provision": pgettext_lazy("what a note is about", "Provision"),
    "resource": pgettext_lazy("what a note is about", "Resource"),
    "need": pgettext_lazy("what a note is about", "Need"),
    "offer": pgettext_lazy("what a note is about", "Offer"),
    "commitment": pgettext_lazy("what a note is about", "Delivery"),
    "release": pgettext_lazy("what a note is about", "Release"),
    "note": pgettext_lazy("what a note is about", "Experience note"),
    "question": pgettext_lazy("what a note is about", "Question to members"),
}
ACT_TYPES = {
    "send-note": _("Experience note sent"),
    "change-note": _("Experience note changed"),
    "withdraw-note": _("Experience note withdrawn"),
    "translate-note": _("Translation of an experience note checked"),
}
AUTHORITIES = {
    "The right of a member to tell what it learnt": _("The right of a member to tell what it learnt"),
    "What members learnt is read in the six languages": _("What members learnt is read in the six languages"),
}
ACTIONS = {"translate a note": _("translate an experience note")}
# What waits, for a delegation's page and for mail: title with the thing's own, title without it, sentence, label at the side.
TO_DO = {
    "clear-note": (
        _("“%(title)s”: an experience note awaits your clearance"),
        _("An experience note awaits your clearance"),
        _("Clear it, or send it back with a remark. It is seen by your delegation alone until it is sent."),
        _("Note to clear"),
    ),
    "send-note": (
        _("“%(title)s”: an experience note can be sent"),
        _("An experience note can be sent"),
        _("Whom it names sees it from then on."),
        _("Note to send"),
    ),
    "translate-note": (
        _("“%(title)s”: a translation awaits a person"),
        _("A translation of an experience note awaits a person"),
        _("A machine made it, or the note has changed since. Check it, or write it anew."),
        _("Translation to check"),
    ),
}
# What a refusal calls a field of a form: by the label that stands beside it.
FIELDS = {
    **PARTS,
    "title": _("Title"),
    "about": _("What it is about"),
    "circle": _("Who sees it once it is sent"),
    "months": _("How many months it took"),
    "people": _("How many people worked on it"),
}
# What a refusal says that a field takes, where it says so in words.
ALLOWED = {
    "public, members, delegation, or a committee in which the member sits": _(
        "public, members, delegation, or a committee in which the member sits"
    ),
    "references such as alignment/topics/risk-management, 20 at most": _(
        "references such as alignment/topics/risk-management, 20 at most"
    ),
    "something that you may see here": _("something that you may see here"),
    "the words of every part that the original has, and of no other": _(
        "the words of every part that the original has, and of no other"
    ),
    "another than the one it was written in": _("another than the one it was written in"),
}
PROBLEMS = {
    "Your member has 500 notes in this body already. Withdraw some before you write another.": _(
        "Your member has 500 notes in this body already. Withdraw some before you write another."
    ),
    "The words of a note that is not public are given to no model outside of this machine; nothing was translated.": _(
        "The words of a note that is not public are given to no model outside of this machine; nothing was translated."
    ),
    "A person has checked this translation before; nothing was changed.": _(
        "A person has checked this translation before; nothing was changed."
    ),
    "This is a translation of an earlier version. Bring it up to date first; nothing was changed.": _(
        "This is a translation of an earlier version. Bring it up to date first; nothing was changed."
    ),
}
