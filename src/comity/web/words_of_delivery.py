"""The words of deliveries, agreements, courses and activities: where each stands, its stages, kinds, and what forms call their fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DELIVERY_STATUSES = {
    "to be agreed": _("To be agreed by both sides"),
    "plan to be agreed": _("Plan to be agreed"),
    "to be planned": _("To be planned"),
    "new date requested": _("New date requested"),
    "to be confirmed": _("To be confirmed"),
    "late": pgettext_lazy("delivery", "Late"),
    "on course": _("On course"),
    "complete": pgettext_lazy("delivery", "Complete"),
    "ended": pgettext_lazy("delivery", "Ended"),
    "declined": pgettext_lazy("commitment", "Declined"),
}
DELIVERY_STAGES = {
    "need": pgettext_lazy("stage of a commitment", "Need sent"),
    "match": pgettext_lazy("stage of a commitment", "Matched in a round"),
    "commitment": pgettext_lazy("stage of a commitment", "Agreed by both sides"),
    "delivery": pgettext_lazy("stage of a commitment", "First delivery reported"),
    "confirmation": pgettext_lazy("stage of a commitment", "All confirmed"),
    "result": pgettext_lazy("stage of a commitment", "Result measured"),
}
SIDES = {
    "provider": pgettext_lazy("side of a commitment", "provider"),
    "recipient": pgettext_lazy("side of a commitment", "recipient"),
}
AGREEMENT_KINDS = {
    "bilateral": _("Bilateral agreement"),
    "multilateral": _("Multilateral agreement"),
    "plan": _("Plan of action"),
}
PROMISE_STANDS = {
    "late": pgettext_lazy("promise", "Late"),
    "running": pgettext_lazy("promise", "Under way"),
    "kept": pgettext_lazy("promise", "Kept"),
    "dropped": pgettext_lazy("promise", "Given up"),
}
APPLICATION_STATES = {
    "proposed": pgettext_lazy("application", "Proposed"),
    "chosen": pgettext_lazy("application", "Chosen"),
    "not chosen": pgettext_lazy("application", "Not chosen"),
    "withdrawn": pgettext_lazy("application", "Withdrawn"),
    "completed": pgettext_lazy("application", "Completed the course"),
    "not completed": pgettext_lazy("application", "Did not complete the course"),
}
IATI_STATUSES = {
    "1": pgettext_lazy("activity", "In preparation"),
    "2": pgettext_lazy("activity", "Under way"),
    "3": pgettext_lazy("activity", "Being completed"),
    "4": pgettext_lazy("activity", "Closed"),
    "5": pgettext_lazy("activity", "Cancelled"),
    "6": pgettext_lazy("activity", "Suspended"),
}
ACT_TYPES = {
    "plan-delivery": _("Delivery planned"),
    "report-delivery": _("Delivery reported"),
    "confirm-delivery": _("Delivery confirmed by the recipient"),
    "move-delivery": _("Another date for a delivery"),
    "record-result": _("Result of a delivery recorded"),
    "end-commitment": _("Commitment ended"),
    "enter-agreement": _("Agreement entered"),
    "report-progress": _("Progress on a promise reported"),
    "end-agreement": _("Agreement ended"),
    "take-activities-in": _("Activities of others taken in"),
}
AUTHORITIES = {
    "The provider reports what it gave; the recipient confirms what it received": _(
        "The provider reports what it gave; the recipient confirms what it received"
    ),
    "The recipient measures what a delivery led to": _("The recipient measures what a delivery led to"),
    "The secretariat enters agreements as their parties signed them": _(
        "The secretariat enters agreements as their parties signed them"
    ),
    "The owner of a promise says what became of it": _("The owner of a promise says what became of it"),
    "The secretariat takes public figures in": _("The secretariat takes public figures in"),
}
# kind: (title where the thing has one of its own, title without it, sentence, what it is called at the side)
TO_DO = {
    "plan-delivery": (
        _("“%(title)s”: plan the delivery"),
        _("A commitment has no plan yet"),
        _("Say in which parts it is delivered and when. The plan holds once the recipient agrees."),
        _("Delivery to plan"),
    ),
    "agree-to-plan": (
        _("“%(title)s”: a plan awaits your word"),
        _("A plan of delivery awaits your word"),
        _("Agree to it, or propose another."),
        _("Plan to agree to"),
    ),
    "answer-new-date": (
        _("“%(title)s”: another date is asked for"),
        _("Another date for a delivery is asked for"),
        _("It holds once you agree."),
        _("Date to agree to"),
    ),
    "report-delivery": (
        _("“%(title)s”: report what was delivered"),
        _("A delivery of yours is to be reported"),
        _("Report what was given so far, or ask for another date. It counts once the recipient confirms it."),
        _("Delivery to report"),
    ),
    "confirm-delivery": (
        _("“%(title)s”: confirm what you received"),
        _("A delivery awaits your confirmation"),
        _("Confirm all of it, a part, or nothing. Only what you confirm counts."),
        _("Delivery to confirm"),
    ),
    "report-progress": (
        _("“%(title)s”: say what became of it"),
        _("A promise of yours falls due"),
        _("Report it as kept, under way or given up, in your own words."),
        _("Promise to report on"),
    ),
    "propose-applicants": (
        _("“%(title)s”: propose who applies"),
        _("Seats of a course were agreed for you"),
        _("Propose persons before the time for applications is over."),
        _("Applicants to propose"),
    ),
    "choose-applicants": (
        _("“%(title)s”: choose who takes a seat"),
        _("Applications for a course await your choice"),
        _("Give points by the published criteria, then choose."),
        _("Applicants to choose"),
    ),
}
# What a refusal calls a field of a form: by the label that stands beside it.
FIELDS = {
    "units": _("How much"),
    "parts": _("The parts"),
    "due_on": _("The day"),
    "new_date": _("The new date"),
    "explanation": _("Your explanation"),
    "indicator": _("What was measured"),
    "unit": _("Unit"),
    "value": _("The value"),
    "baseline": _("Value before"),
    "target": _("Target"),
    "measured_on": _("Day of the measurement"),
    "evidence": _("Where the evidence is"),
    "titles": _("Title"),
    "parties": _("Parties"),
    "promises": _("The promises"),
    "promise": _("The promise"),
    "owner": _("Owner"),
    "source": _("The text it is taken from"),
    "kind": _("Kind"),
    "signed_on": _("Signed on"),
    "begins_on": _("Begins on"),
    "ends_on": _("Ends on"),
    "state": _("Where it stands"),
    "needs": _("Needs that serve it"),
    "offers": _("Offers that serve it"),
    "grounds": _("Grounds"),
    "points": _("Points"),
    "chosen": _("Who is chosen"),
    "did_next": _("What they did next"),
    "file": _("File"),
}
# What a refusal says that a field takes, where it says so in words.
ALLOWED = {
    "a day from today on, other than the one agreed": _("a day from today on, other than the one agreed"),
    "a day from today on": _("a day from today on"),
    "an address that begins with https://, or words": _("an address that begins with https://, or words"),
    "a day up to today": _("a day up to today"),
    "another name": _("another name"),
    "a reference such as decisions/documents/SLUG, or an address that begins with https://": _(
        "a reference such as decisions/documents/SLUG, or an address that begins with https://"
    ),
    "needs that are public": _("needs that are public"),
    "offers that everyone sees who sees the agreement": _("offers that everyone sees who sees the agreement"),
    "applications that wait to be chosen": _("applications that wait to be chosen"),
    "at least one activity that can be read": _("at least one activity that can be read"),
}
# Why something was refused, where the sentence holds nothing of the thing itself.
PROBLEMS = {
    "This delivery was changed since you opened the page. Read it again; nothing was done.": _(
        "This delivery was changed since you opened the page. Read it again; nothing was done."
    ),
    "Something of it is reported already. Ask for another date of a part instead.": _(
        "Something of it is reported already. Ask for another date of a part instead."
    ),
    "No plan of the other side waits for your word.": _("No plan of the other side waits for your word."),
    "This much is reported already. Report what was given so far, in all.": _(
        "This much is reported already. Report what was given so far, in all."
    ),
    "The provider has reported nothing of this part yet, so that there is nothing to confirm.": _(
        "The provider has reported nothing of this part yet, so that there is nothing to confirm."
    ),
    "This much is confirmed already.": _("This much is confirmed already."),
    "The plan itself is not agreed yet. Agree to it, or propose another.": _(
        "The plan itself is not agreed yet. Agree to it, or propose another."
    ),
    "All of this part is confirmed: it needs no other date.": _(
        "All of this part is confirmed: it needs no other date."
    ),
    "The other side has asked for a date. Agree to it, or speak with them first.": _(
        "The other side has asked for a date. Agree to it, or speak with them first."
    ),
    "The other side asks for no other date of this part.": _("The other side asks for no other date of this part."),
    "Both sides have to agree to this commitment before anything of it is delivered.": _(
        "Both sides have to agree to this commitment before anything of it is delivered."
    ),
    "This commitment was declined. Nothing of it is delivered.": _(
        "This commitment was declined. Nothing of it is delivered."
    ),
    "All of this commitment is confirmed. Nothing was changed.": _(
        "All of this commitment is confirmed. Nothing was changed."
    ),
    "This commitment has ended. Nothing was changed.": _("This commitment has ended. Nothing was changed."),
    "A result is recorded once both sides have agreed to the commitment.": _(
        "A result is recorded once both sides have agreed to the commitment."
    ),
    "This agreement has ended. Nobody reports on it any more.": _(
        "This agreement has ended. Nobody reports on it any more."
    ),
    "Nobody applies for this offer: it has published no criteria.": _(
        "Nobody applies for this offer: it has published no criteria."
    ),
    "This offer was withdrawn. Nobody applies for it any more.": _(
        "This offer was withdrawn. Nobody applies for it any more."
    ),
    "The time for applications is over.": _("The time for applications is over."),
    "No seat of this offer was agreed for your member, so that nobody can be proposed for one.": _(
        "No seat of this offer was agreed for your member, so that nobody can be proposed for one."
    ),
    "Applications are still taken. Choose once the time for them is over.": _(
        "Applications are still taken. Choose once the time for them is over."
    ),
    "No application waits to be chosen.": _("No application waits to be chosen."),
    "Give everyone points by the published criteria first.": _("Give everyone points by the published criteria first."),
    "This instance has no IATI identifier. Its operator sets COMITY_IATI_REPORTER, and the file can be fetched from then on.": _(
        "This instance has no IATI identifier. Its operator sets COMITY_IATI_REPORTER, and the file can be fetched from then on."
    ),
    "Nothing is public yet that IATI could tell of. Come back once an offer or an agreement is.": _(
        "Nothing is public yet that IATI could tell of. Come back once an offer or an agreement is."
    ),
}
ACTIONS = {
    "report a delivery": _("report a delivery"),
    "confirm a delivery": _("confirm a delivery"),
    "propose an applicant": _("propose an applicant"),
    "choose applicants": _("choose applicants"),
    "enter an agreement": _("enter an agreement"),
    "report progress": _("report progress"),
    "take figures in": _("take figures in"),
}
