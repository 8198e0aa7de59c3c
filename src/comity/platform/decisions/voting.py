"""Cast a member's vote: by the person who holds the voice of who casts it, among the positions of the rule, until the ballot closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.errors import (
    BadParameter,
    BallotNotOpen,
    CastByAnother,
    Conflict,
    DoesNotCount,
    NotAnElector,
    NotPermitted,
    ProxiesNotAllowed,
    VoteNotCleared,
    VoteStands,
)
from comity.platform.decisions.electorate import proxy_at
from comity.platform.decisions.lookups import (
    CAST,
    MOST_REASONS,
    TO_VOTE,
    checked_authority,
    clears_votes,
    elector_of,
    locked_ballot,
    why_no_vote,
)
from comity.platform.decisions.models import Ballot, Elector, PreparedVote, Vote
from comity.platform.decisions.moments import moment_of, read_clock
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.selectors import ballot_seen
from comity.platform.decisions.tallying import positions_offered
from comity.platform.parties.rules import may, require, standing_now
from comity.platform.parties.submission_text import demand_text
from comity.platform.parties.voices import demand_voice
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def cast_vote(*, slug: str, member: str, position: str, by: Any, reasons: str = "") -> Vote:
    """Cast or change the vote of a member, as an act; of a sealed ballot the act is seen by the member's delegation alone, for good.

    ``by`` must hold the voice of who casts it: the member itself, the holder of its proxy, or an organisation. Who casts the same
    again changes nothing. Raises NotFound, NotPermitted, VoiceHeldByAnother, NotAnElector, DoesNotCount, ProxiesNotAllowed,
    CastByAnother, BallotNotOpen, VoteTooLate with the time it came and that of the close, BadParameter, VoteStands where the rule
    lets nothing be changed, or VoteNotCleared where the delegation has somebody who clears.
    """
    ballot, elector, office = voice_in(slug=slug, member=member, by=by)
    if clears_votes(body=ballot.body, member=elector.cast_by.slug):
        raise VoteNotCleared(member=str(elector.cast_by))
    return enter_votes(slug=slug, electors=[elector], position=position, reasons=reasons, office=office)[0]


def cast_for_all(*, slug: str, organisation: str, position: str, by: Any, reasons: str = "") -> tuple[Vote, ...]:
    """Cast the same vote for every member that one casts for, itself where it counts: all or none. Raises as ``cast_vote`` does."""
    ballot = ballot_seen(slug=slug, user=by)
    body = ballot.body.slug
    require(user=by, action=CAST, member=organisation, body=body)
    rows = Elector.objects.filter(ballot=ballot, cast_by__slug=organisation, counts=True)
    electors = list(rows.select_related("member", "cast_by").order_by("member__slug"))
    if not electors:
        raise _why_none(ballot, member=organisation)
    office = str(demand_voice(user=by, member=organisation, body=body, action=CAST).role)
    if clears_votes(body=ballot.body, member=organisation):
        raise VoteNotCleared(member=str(electors[0].cast_by))
    return enter_votes(slug=slug, electors=electors, position=position, reasons=reasons, office=office)


def voice_in(*, slug: str, member: str, by: Any) -> tuple[Ballot, Elector, str]:
    """Return the ballot, the elector whose vote a person may cast, and the office in which it does; it holds the voice from now on.

    Raises as ``cast_vote`` does for who may not.
    """
    ballot = ballot_seen(slug=slug, user=by)
    require(user=by, action=CAST, body=ballot.body.slug)
    elector = elector_asked(ballot=ballot, member=member, by=by)
    credential = demand_voice(user=by, member=elector.cast_by.slug, body=ballot.body.slug, action=CAST)
    return ballot, elector, str(credential.role)


def elector_asked(*, ballot: Ballot, member: str, by: Any) -> Elector:
    """Return a member that counts in a ballot and whose vote this person may cast.

    Raises BallotNotOpen for a draft, NotAnElector, DoesNotCount, CastByAnother, ProxiesNotAllowed, or NotPermitted.
    """
    elector, body = elector_of(ballot=ballot, member=member), ballot.body.slug
    if elector is None or not elector.counts:
        raise _why_none(ballot, member=member, elector=elector)
    if may(user=by, action=CAST, member=elector.cast_by.slug, body=body):
        return elector
    if elector.cast_by != elector.member and may(user=by, action=CAST, member=member, body=body):
        raise CastByAnother(member=str(elector.member), holder=str(elector.cast_by))
    given = proxy_at(ballot=ballot, giver=member, moment=ballot.opens_at) if ballot.opens_at else None
    if given is not None and given.holder.slug in standing_now(user=by).members:
        raise ProxiesNotAllowed(member=str(elector.member), rule=ballot.rule.title)
    require(user=by, action=CAST, member=elector.cast_by.slug, body=body)
    return elector


def enter_votes(
    *,
    slug: str,
    electors: Sequence[Elector],
    position: str,
    reasons: str,
    office: str,
    prepared: PreparedVote | None = None,
) -> tuple[Vote, ...]:
    """Write votes and their acts where the ballot is open, in one transaction that holds its row. The caller has permitted them.

    ``prepared`` is what they were prepared as; it is cast with them, or nothing is where it was changed meanwhile. A vote that comes
    too late leaves one trace: the ballot has seen this moment, and no clock that is set back opens it again.
    """
    said = demand_text(reasons, name="reasons", most=MOST_REASONS) if reasons.strip() else ""
    found: list[Vote] = []
    with transaction.atomic():
        held = locked_ballot(slug=slug, needed=TO_VOTE)
        moment = moment_of(ballot=held)
        refusal = why_no_vote(ballot=held, moment=moment)
        if refusal is None:
            offered = positions_offered(rule=rule_of(held.rule), way=held.way)
            if position not in offered:
                raise BadParameter(name="position", found=position[:60] or "nothing", allowed=", ".join(offered))
            found = [
                _keep(held, elector=e, position=position, reasons=said, moment=moment, office=office) for e in electors
            ]
            if prepared is not None:
                _mark_cast(prepared, moment=moment)
        if held.opens_at is not None:
            Ballot.objects.filter(pk=held.pk).update(last_moment=moment)
    if refusal is not None:
        raise refusal
    return tuple(found)


def _keep(held: Ballot, /, *, elector: Elector, position: str, reasons: str, moment: dt.datetime, office: str) -> Vote:
    # Read again under the lock: somebody of the delegation may have voted since the elector was read.
    before = Vote.objects.filter(elector=elector).first()
    if before is not None and not held.may_change:
        raise VoteStands(member=str(elector.member), rule=held.rule.title)
    if before is not None and (before.position, before.reasons) == (position, reasons):
        before.elector, elector.ballot = elector, held
        return before
    circle: dict[str, Any] = {
        "visibility": held.visibility,
        "audience": held.audience,
        "released_at": held.released_at,
    }
    if held.sealed:
        circle = {"visibility": Visibility.DELEGATION, "audience": f"delegation:{elector.member.slug}"}
    act = enter_act(
        type="cast-vote",
        office=office,
        member=elector.member.slug,
        authority=checked_authority("", rule=held.rule),
        subject=held.reference,
        payload={
            "ballot": held.reference,
            "member": elector.member.slug,
            "cast_by": elector.cast_by.slug,
            "position": position,
            "reasons": reasons,
            "at": moment.isoformat(),
        },
        **circle,
    )
    vote = before or Vote()
    vote.elector, elector.ballot = elector, held
    vote.position, vote.reasons, vote.cast_at, vote.act = position, reasons, moment, act
    vote.save()
    return vote


def _mark_cast(prepared: PreparedVote, /, *, moment: dt.datetime) -> None:
    same = PreparedVote.objects.filter(pk=prepared.pk, prepared_at=prepared.prepared_at, cast_at__isnull=True)
    if not same.filter(cleared_at=prepared.cleared_at).update(cast_at=moment):
        raise Conflict(problem="What was prepared was changed since it was read. Read it again; nothing was cast.")


def _why_none(ballot: Ballot, /, *, member: str, elector: Elector | None = None) -> BallotNotOpen | NotPermitted:
    if elector is not None:
        return DoesNotCount(
            member=str(elector.member), reason=elector.reason, rule=elector.rule or "by the rules of the body"
        )
    if ballot.opens_at is None:
        return BallotNotOpen(reference=ballot.reference, state=str(ballot.state_at(read_clock())))
    return NotAnElector(member=member[:60], reference=ballot.reference)
