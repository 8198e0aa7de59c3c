"""The words of what members ask one another: states, who sees a reply, what waits, what forms call their fields, and refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

QUESTION_STATES = {
    "draft": pgettext_lazy("state of a question to members", "Draft"),
    "open": pgettext_lazy("state of a question to members", "Open"),
    "closed": pgettext_lazy("state of a question to members", "Closed"),
    "withdrawn": pgettext_lazy("state of a question to members", "Withdrawn"),
}
REPLY_SHOWN = {"asker": _("Who asked, alone"), "circle": _("Whoever sees the question")}
REPLY_SHOWN_MEANS = {
    "asker": _("Nobody else learns that you answered: no page, list or number tells of it."),
    "circle": _("With the name of your member, also once the question is closed."),
}
CIRCLE_MEANS = {
    "public": _("Anyone reads it, with the answers that members give to all who see it."),
    "members": _("Delegations of members and the offices of the body read it."),
    "committee": _("Those who sit in this committee read it, observers and experts among them."),
}
ACT_TYPES = {
    "ask-members": _("Question asked of members"),
    "change-question": _("Question to members changed"),
    "close-question": _("Question to members closed"),
    "withdraw-question": _("Question to members withdrawn"),
    "reply-to-question": _("Question of a member answered"),
    "change-reply": _("Answer to a member changed"),
    "withdraw-reply": _("Answer to a member withdrawn"),
}
AUTHORITIES = {
    "Members share experience: each may ask the others": _("Members share experience: each may ask the others"),
    "Members share experience: each that is asked may reply": _(
        "Members share experience: each that is asked may reply"
    ),
}
ACTIONS = {"ask members for the body": _("ask members in the name of the body")}
# What waits, for a delegation's page and for mail: title with the thing's own, title without it, sentence, label at the side.
TO_DO = {
    "clear-question": (
        _("“%(title)s”: a question to members awaits your clearance"),
        _("A question to members awaits your clearance"),
        _("Clear it, or send it back with a remark. It is seen by your delegation alone until it is sent."),
        _("Question to clear"),
    ),
    "send-question": (
        _("“%(title)s”: a question to members can be sent"),
        _("A question to members can be sent"),
        _("Whom it names sees it from then on."),
        _("Question to send"),
    ),
    "answer-question": (
        _("“%(title)s”: your member is asked"),
        _("A question asks your member"),
        _("Answer it, or note that you will not: nobody else learns of that."),
        _("Question to answer"),
    ),
    "clear-reply": (
        _("“%(title)s”: an answer awaits your clearance"),
        _("An answer to a question awaits your clearance"),
        _("Clear it, or send it back with a remark. It is seen by your delegation alone until it is sent."),
        _("Answer to clear"),
    ),
    "send-reply": (
        _("“%(title)s”: an answer can be sent"),
        _("An answer to a question can be sent"),
        _("Whom it names sees it from then on."),
        _("Answer to send"),
    ),
}
# What a refusal calls a field of a form: by the label that stands beside it.
FIELDS = {
    "texts": _("What you want to know"),
    "to": _("Whom you ask"),
    "about": _("What it is about"),
    "reply": _("Your answer"),
    "reply_shown_to": _("Who sees your answer"),
}
# What a refusal says that a field takes, where it says so in words.
ALLOWED = {
    "a day from today on": _("a day from today on"),
    "other members with a seat in this body": _("other members with a seat in this body"),
    "the address of something here that you may see": _("the address of something here that you may see"),
    "a circle no wider than what it is about": _("a circle no wider than what it is about"),
    "at most 5": _("at most 5"),
}
PROBLEMS = {
    "The question was changed since this answer was prepared. Read it, and keep the answer anew; nothing was sent.": _(
        "The question was changed since this answer was prepared. Read it, and keep the answer anew; nothing was sent."
    ),
    "20 questions are prepared or open already. Close some before you write another.": _(
        "20 questions are prepared or open already. Close some before you write another."
    ),
    "This member is not asked; nothing was kept.": _("This member is not asked; nothing was kept."),
    "Members replied to those who saw the question then: it can be shown to fewer, never to more; nothing was changed.": _(
        "Members replied to those who saw the question then: it can be shown to fewer, never to more; nothing was changed."
    ),
    "This is declined, so that this cannot be done with it; nothing was changed.": _(
        "This is declined, so that this cannot be done with it; nothing was changed."
    ),
    "This is open, so that this cannot be done with it; nothing was changed.": _(
        "This is open, so that this cannot be done with it; nothing was changed."
    ),
}
