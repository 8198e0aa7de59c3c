"""Find a ballot and who decides in it, locked where something is done to it, and say what its state forbids."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import AlreadyStated, BadParameter, BallotNotOpen, NotFound, NotPermitted, VoteTooLate
from comity.platform.decisions.models import Ballot, Elector
from comity.platform.decisions.tallying import IN_WRITING
from comity.platform.parties.models import Credential
from comity.platform.parties.rules import authorise, standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.submission_text import HIDDEN
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from comity.platform.decisions.models import RuleInForce
    from comity.platform.parties.models import Body

HOLD = "hold a ballot"
STATE = "state an outcome"
CAST = "cast a vote"
PREPARE = "prepare a vote"
CLEAR = "clear a vote"
MOST_REASONS = 4000
NEEDED = ("body", "rule", "version__document", "parent", "moved_by", "outcome")
TO_VOTE = ("body", "rule", "outcome")
"""What casting needs of a ballot: each further table costs PostgreSQL some milliseconds in planning alone."""


def locked_ballot(*, slug: str, needed: Sequence[str] = NEEDED) -> Ballot:
    """Return a ballot, locked until the transaction ends: whoever casts waits for who closes, and the other way. Raises NotFound."""
    # The lock comes first and by itself. Were the outcome joined to it, whoever waited would see it as it was before the wait:
    # PostgreSQL reads a row again once it is locked, and not those that are joined to it.
    number = Ballot.objects.select_for_update().filter(slug=slug).values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(reference=f"decisions/ballots/{slug[:60]}")
    return Ballot.objects.select_related(*needed).get(pk=number)


def authorise_on(*, ballot: Ballot, by: Any, action: str) -> str:
    """Return the office in which somebody acts on a ballot. Raises NotPermitted, or NotFound where it does not see the ballot."""
    try:
        return authorise(by=by, action=action, body=ballot.body.slug)
    except NotPermitted:
        if ballot.opens_at is None or not Ballot.objects.filter(seen_by(user=by), pk=ballot.pk).exists():
            raise NotFound(reference=ballot.reference) from None
        raise


def elector_of(*, ballot: Ballot, member: str) -> Elector | None:
    """Return a member in a ballot, None where it is not asked."""
    rows = Elector.objects.filter(ballot=ballot, member__slug=member)
    return rows.select_related("member", "cast_by", "vote").first()


def demand_state(*, ballot: Ballot, moment: dt.datetime, allowed: Collection[str]) -> str:
    """Return the state of a ballot at a moment. Raises BallotNotOpen, or AlreadyStated, where it is none of those allowed."""
    state = str(ballot.state_at(moment))
    if state in allowed:
        return state
    if state == Ballot.State.STATED:
        raise AlreadyStated(reference=ballot.reference, outcome=ballot.outcome.outcome)
    raise BallotNotOpen(reference=ballot.reference, state=state)


def why_no_vote(*, ballot: Ballot, moment: dt.datetime) -> BallotNotOpen | None:
    """Return the refusal of a vote at a moment, None while it is taken. At the very deadline it is late."""
    state = ballot.state_at(moment)
    if state == Ballot.State.OPEN:
        return None
    closed = closed_since(ballot=ballot)
    if state in {Ballot.State.CLOSED, Ballot.State.STATED} and closed is not None:
        return VoteTooLate(came=in_words(moment), closed=in_words(closed))
    return BallotNotOpen(reference=ballot.reference, state=str(state))


def closed_since(*, ballot: Ballot) -> dt.datetime | None:
    """Return when a ballot closed or will: when its office closed it, else its deadline, None where it has neither."""
    return ballot.closed_at or ballot.closes_at


def in_words(moment: dt.datetime) -> str:
    """Return a moment in UTC, to a thousandth of a second: at a deadline that is what counts."""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='milliseconds')} UTC"


def checked_authority(authority: str, /, *, rule: RuleInForce) -> str:
    """Return what an act rests on: what its office names, else the rule of the ballot. Raises BadParameter for hidden signs."""
    named = " ".join(authority.split())
    if HIDDEN.search(named):
        raise BadParameter(name="authority", found="signs that cannot be seen", allowed="text that can be seen")
    return (named or f"{rule.title}, version {rule.version}")[:200]


def is_of_delegation(*, user: Any, member: str) -> bool:
    """Tell whether an account belongs to a delegation, and so sees what it prepares."""
    return f"delegation:{member}" in standing_now(user=user).audiences


def clears_votes(*, body: Body, member: str) -> bool:
    """Tell whether somebody of a delegation clears what it says in a body today."""
    now = timezone.now()
    # A body stands at most two floors below its assembly; the question is one, since every vote asks it.
    here = Q(body=body) | Q(covers_parts=True) & (Q(body__parts=body) | Q(body__parts__parts=body))
    rows = Credential.objects.filter(here, in_force(on=now.date()), member__slug=member, may_clear=True)
    return rows.exclude(revoked_at__lte=now).exists()


def explanation_time(*, ballot: Ballot, elector: Elector | None, days: int, moment: dt.datetime) -> tuple[str, str]:
    """Return "before" or "after" where a member may explain its vote or position at a moment, else "" and why it may not.

    Before the vote any member that is asked may; after it whoever was there, abstainers too, for so many ``days`` from the close.
    While a ballot is sealed nobody may, as with a secret ballot (Rules of Procedure of the UN General Assembly, rule 88): an
    explanation would tell the vote. Its days begin when the outcome is stated.
    """
    state = ballot.state_at(moment)
    until = explain_until(ballot=ballot, days=days)
    in_room = ballot.way not in IN_WRITING
    problem = ""
    if elector is None or not elector.counts:
        problem = "the member has no vote in it, so that there is none to explain"
    elif state in {Ballot.State.DRAFT, Ballot.State.WITHDRAWN}:
        problem = "there is no vote to explain"
    elif ballot.sealed and state != Ballot.State.STATED:
        problem = "it is sealed, and votes are explained once its outcome is stated"
    elif state != Ballot.State.OPEN and (until is None or not days):
        problem = "votes are not explained after it"
    elif state != Ballot.State.OPEN and until is not None and moment >= until:
        problem = f"votes were explained until {in_words(until)}"
    elif state != Ballot.State.OPEN and in_room and not elector.present and not hasattr(elector, "vote"):
        problem = "the member neither voted nor was noted as present"
    when = "before" if state == Ballot.State.OPEN else "after"
    return ("", problem) if problem else (when, "")


def explain_until(*, ballot: Ballot, days: int) -> dt.datetime | None:
    """Return until when votes are explained after a ballot; None while nobody knows, since it has not closed or is sealed."""
    stated = ballot.outcome.stated_at if hasattr(ballot, "outcome") else None
    begin = stated if ballot.sealed else closed_since(ballot=ballot)
    return begin + dt.timedelta(days=days) if begin is not None else None
