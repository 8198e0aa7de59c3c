"""The words of needs and offers: states, who sees them, what waits, what forms call their fields, and refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NEED_STATES = {
    "draft": pgettext_lazy("state of a need or an offer", "Draft"),
    "open": pgettext_lazy("state of a need or an offer", "Open"),
    "closed": pgettext_lazy("state of a need or an offer", "Closed"),
    "withdrawn": pgettext_lazy("state of a need or an offer", "Withdrawn"),
    "ended": pgettext_lazy("state of a need or an offer", "Ended"),
}
SHOWN = {
    "secretariat": pgettext_lazy("who sees a need", "Secretariat alone"),
    "providers": pgettext_lazy("who sees a need", "Possible providers"),
    "public": pgettext_lazy("who sees a need", "Public"),
}
SHOWN_MEANS = {
    "secretariat": _("Beside your delegation only the secretariat learns that there is this need."),
    "providers": _(
        "Members with an open offer of the same kind see what you need and by when. They see the name of your country only once "
        "you and they have agreed on a commitment."
    ),
    "public": _("Anyone sees it, with the name of your country. What was public once stays known."),
}
# A mark for each: the one of the circle that is nearest in size.
SHOWN_MARKS = {"secretariat": "delegation", "providers": "members", "public": "public"}
ASKED_BY = {
    "secretariat": _("The secretariat asks"),
    "provider": _("A possible provider asks"),
}
ACTS = {
    "define-resource": _("Kind of resource defined"),
    "send-need": _("Need sent"),
    "change-need": _("Need changed"),
    "withdraw-need": _("Need withdrawn"),
    "close-need": _("Need closed"),
    "ask-about-need": _("Question asked about a need"),
    "answer-about-need": _("Question about a need answered"),
    "make-offer": _("Offer made"),
    "change-offer": _("Offer changed"),
    "withdraw-offer": _("Offer withdrawn"),
}
AUTHORITIES = {
    "What is counted in this body, as its secretariat sets it": _(
        "What is counted in this body, as its secretariat sets it"
    ),
    "The right of a member to state its needs": _("The right of a member to state its needs"),
    "The right of a member to offer what it has": _("The right of a member to offer what it has"),
    "Questions about a need are asked and answered before it is shared out": _(
        "Questions about a need are asked and answered before it is shared out"
    ),
}
ACTIONS = {
    "define a resource": _("define what is counted"),
    "prepare a contribution": _("prepare a need or an offer"),
    "clear a contribution": _("clear a need or an offer"),
    "send a contribution": _("send a need or make an offer"),
    "ask about a need": _("ask about a need"),
}
# What waits, for a delegation's page and for mail: title with the thing's own, title without it, sentence, label at the side.
TO_DO = {
    "clear-need": (
        _("“%(title)s”: a need awaits your clearance"),
        _("A need awaits your clearance"),
        _("Clear it, or send it back with a remark. It is seen by your delegation alone until it is sent."),
        _("Need to clear"),
    ),
    "send-need": (
        _("“%(title)s”: a need can be sent"),
        _("A need can be sent"),
        _("Whom it names sees it from then on."),
        _("Need to send"),
    ),
    "clear-offer": (
        _("“%(title)s”: an offer awaits your clearance"),
        _("An offer awaits your clearance"),
        _("Clear it, or send it back with a remark. It is seen by your delegation alone until it is made."),
        _("Offer to clear"),
    ),
    "send-offer": (
        _("“%(title)s”: an offer can be made"),
        _("An offer can be made"),
        _("Whom it names sees it from then on."),
        _("Offer to make"),
    ),
    "answer-about-need": (
        _("“%(title)s”: a question about your need waits"),
        _("A question about a need of yours waits"),
        _("Whoever sees the need reads the answer."),
        _("Question to answer"),
    ),
}
# What a refusal calls a field of a form: by the label that stands beside it.
FIELDS = {
    "titles": _("Title"),
    "purposes": _("What it is for"),
    "conditions": _("Conditions"),
    "units": _("How much"),
    "per_member": _("At most for one member"),
    "wanted_by": _("Wanted by"),
    "shown_to": _("Who sees it once it is sent"),
    "begins_on": _("From"),
    "ends_on": _("Until"),
    "to_groups": _("For whom"),
    "languages": _("In which languages"),
    "licence": _("Licence"),
    "criteria": _("Criteria for applicants"),
    "apply_until": _("Applications until"),
    "resource": _("Resource"),
    "names": _("Name"),
    "unit_names": _("Unit"),
    "grain": _("Smallest amount that is given"),
    "answer": _("Your answer"),
    "file": _("File"),
    "authority": _("The rule or decision on which it rests"),
    "reference": _("Reference"),
}
# What a refusal says that a field takes, where it says so in words.
ALLOWED = {
    "the marks that a script needs": _("the marks that a script needs"),
    "a name in English at least": _("a name in English at least"),
    "a day such as 2027-06-30": _("a day such as 2027-06-30"),
    "one of your own that has not ended, or nothing": _("one of your own that has not ended, or nothing"),
    "PDF, PNG, JPEG, CSV, XLSX, DOCX, ODT or TXT": _("PDF, PNG, JPEG, CSV, XLSX, DOCX, ODT or TXT"),
    "one line a criterion: code | most points | name": _("one line a criterion: code | most points | name"),
}
FOUND = {
    "empty": _("empty"),
    "nothing": _("nothing"),
    "with characters that cannot be seen": _("with characters that cannot be seen"),
    "many marks on a letter": _("many marks on a letter"),
    "no English": _("no English"),
}
PROBLEMS = {
    "This was changed since you opened the page. Read it again; nothing was done.": _(
        "This was changed since you opened the page. Read it again; nothing was done."
    ),
    "The capital has not cleared this yet; nothing was sent.": _(
        "The capital has not cleared this yet; nothing was sent."
    ),
    "This stands frozen in a round that is not decided yet, so that it cannot be changed. What the round gives can be declined.": _(
        "This stands frozen in a round that is not decided yet, so that it cannot be changed. What the round gives can be declined."
    ),
    "Nothing waits here to be cleared or sent; nothing was changed.": _(
        "Nothing waits here to be cleared or sent; nothing was changed."
    ),
    "Nothing in it is different from what was sent; nothing was changed.": _(
        "Nothing in it is different from what was sent; nothing was changed."
    ),
    "It is shown to them already; nothing was changed.": _("It is shown to them already; nothing was changed."),
    "This question was answered before; nothing was changed.": _(
        "This question was answered before; nothing was changed."
    ),
    "Your capital clears what your delegation sends, so that files are added while a need is a draft; nothing was kept.": _(
        "Your capital clears what your delegation sends, so that files are added while a need is a draft; nothing was kept."
    ),
    "This name is taken already; choose another. Nothing was kept.": _(
        "This name is taken already; choose another. Nothing was kept."
    ),
    "The member has no seat in this body today; nothing was written.": _(
        "The member has no seat in this body today; nothing was written."
    ),
    "Your member has 500 needs in this body already. Close some before you write another.": _(
        "Your member has 500 needs in this body already. Close some before you write another."
    ),
    "Your member has 500 offers in this body already. Withdraw some before you write another.": _(
        "Your member has 500 offers in this body already. Withdraw some before you write another."
    ),
    "A file of this name stands beside this need already; nothing was kept.": _(
        "A file of this name stands beside this need already; nothing was kept."
    ),
    "5 files stand beside this need already. Take one away first; nothing was kept.": _(
        "5 files stand beside this need already. Take one away first; nothing was kept."
    ),
    "10 questions of yours about it wait for an answer already; nothing was sent.": _(
        "10 questions of yours about it wait for an answer already; nothing was sent."
    ),
    "This is closed, so that this cannot be done with it; nothing was changed.": _(
        "This is closed, so that this cannot be done with it; nothing was changed."
    ),
    "This is withdrawn, so that this cannot be done with it; nothing was changed.": _(
        "This is withdrawn, so that this cannot be done with it; nothing was changed."
    ),
    "This is a draft, so that this cannot be done with it; nothing was changed.": _(
        "This is a draft, so that this cannot be done with it; nothing was changed."
    ),
}
