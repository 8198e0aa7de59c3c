"""Vote under instructions: a delegation prepares its vote, its capital clears it, and who holds the voice casts it.

What is prepared is seen by that delegation alone: the member's own, or that of whoever casts its vote. Where somebody of it may clear
in the body, a vote is cast only once it is cleared. Nothing of this is an act or a line of a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotAnElector, NotFound, VoteNotCleared
from comity.platform.decisions.lookups import (
    CAST,
    CLEAR,
    MOST_REASONS,
    PREPARE,
    clears_votes,
    elector_of,
    is_of_delegation,
    why_no_vote,
)
from comity.platform.decisions.models import Elector, PreparedVote
from comity.platform.decisions.moments import read_clock
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.selectors import ballot_seen
from comity.platform.decisions.tallying import positions_offered, vote_of
from comity.platform.decisions.voting import enter_votes, voice_in
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may, require, standing_now
from comity.platform.parties.submission_text import HIDDEN, demand_text

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.decisions.models import Ballot, Vote

MOST_NOTE = 500
CHANGED = "This vote was changed since you opened the page. Read it again; nothing was done."


@dataclass(frozen=True, slots=True)
class VoteDesk:
    """What a delegation sees of the vote of a member in a ballot: what is cast (``given``), what is prepared, and what may be done.

    ``seen`` is what a form sends back, so that nobody clears, casts or replaces what they did not see. Names are empty where the
    person has gone; ``position`` and ``given`` where there is none.
    """

    member: str
    name: str
    cast_by: str
    ballot: str
    given: str
    position: str
    reasons: str
    note: str
    prepared_by: str
    prepared_at: dt.datetime | None
    cleared_by: str
    cleared_at: dt.datetime | None
    cast_at: dt.datetime | None
    seen: str
    offered: tuple[str, ...]
    needs_clearance: bool
    awaits_clearance: bool
    may_prepare: bool
    may_clear: bool
    may_send_back: bool
    may_cast: bool


def prepare_vote(
    *,
    slug: str,
    member: str,
    position: str,
    by: Any,
    reasons: str = "",
    note: str = "",
    on: str | None = None,
) -> PreparedVote:
    """Write what a delegation means to vote, in place of what was prepared before; a clearance of that is gone.

    ``on`` is what the writer saw (``seen`` of the desk); None does not ask. Raises NotFound for everyone outside the delegation,
    NotPermitted, NotAnElector, BadParameter, BallotNotOpen, VoteTooLate, or Conflict where another changed it meanwhile.
    """
    ballot, elector = _own(slug=slug, member=member, by=by, action=PREPARE)
    offered = positions_offered(rule=rule_of(ballot.rule), way=ballot.way)
    if position not in offered:
        raise BadParameter(name="position", found=position[:60] or "nothing", allowed=", ".join(offered))
    said = demand_text(reasons, name="reasons", most=MOST_REASONS) if reasons.strip() else ""
    remark = _checked_note(note)
    with transaction.atomic():
        row = _locked(ballot, elector)
        if on is not None:
            _demand_seen(row, on=on)
        row = row or PreparedVote(ballot=ballot, member=elector.member)
        row.position, row.reasons, row.note = position, said, remark
        row.prepared_by, row.prepared_at = by, timezone.now()
        row.cleared_by, row.cleared_at, row.cast_at = None, None, None
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Conflict(problem=CHANGED) from None
        return row


def drop_prepared(*, slug: str, member: str, by: Any) -> None:
    """Put away what was prepared and not cast. Raises as for preparing it, or Conflict once it was cast."""
    ballot, elector = _own(slug=slug, member=member, by=by, action=PREPARE)
    with transaction.atomic():
        _waiting(ballot, elector).delete()


def clear_vote(*, slug: str, member: str, by: Any, on: str) -> None:
    """Let a vote be cast as it was prepared; ``on`` is what the capital saw.

    Raises NotFound, NotPermitted, BallotNotOpen, VoteTooLate, or Conflict where it was changed meanwhile or is cast already.
    """
    ballot, elector = _own(slug=slug, member=member, by=by, action=CLEAR)
    with transaction.atomic():
        row = _waiting(ballot, elector)
        _demand_seen(row, on=on)
        if row.cleared_at is None:
            row.cleared_by, row.cleared_at = by, timezone.now()
            row.save(update_fields=["cleared_by", "cleared_at"])


def send_back(*, slug: str, member: str, note: str, by: Any) -> None:
    """Take a clearance back, or refuse one, with a remark that stands beside the vote. Raises as for clearing it, or BadParameter."""
    ballot, elector = _own(slug=slug, member=member, by=by, action=CLEAR)
    remark = _checked_note(note, least=3)
    with transaction.atomic():
        row = _waiting(ballot, elector)
        row.cleared_by, row.cleared_at, row.note = None, None, remark
        # What goes back is another thing than was seen: a clearance of it that is on its way must fail.
        row.prepared_at = timezone.now()
        row.save(update_fields=["cleared_by", "cleared_at", "note", "prepared_at"])


def cast_prepared(*, slug: str, member: str, by: Any, on: str | None = None) -> Vote:
    """Cast what was prepared, in the member's name. Raises as ``cast_vote`` does, VoteNotCleared while it awaits that, or Conflict."""
    ballot, elector, office = voice_in(slug=slug, member=member, by=by)
    row = PreparedVote.objects.filter(ballot=ballot, member=elector.member).first()
    if row is None:
        raise NotFound(reference=f"{ballot.reference}/delegation")
    if on is not None:
        _demand_seen(row, on=on)
    _demand_not_cast(row)
    if row.cleared_at is None and clears_votes(body=ballot.body, member=elector.cast_by.slug):
        raise VoteNotCleared(member=str(elector.member))
    given = {"position": row.position, "reasons": row.reasons}
    return enter_votes(slug=slug, electors=[elector], office=office, prepared=row, **given)[0]


def members_with_desk(*, ballot: Ballot, user: Any) -> tuple[str, ...]:
    """Return the members that count in a ballot and whose vote is cast by a delegation to which an account belongs, by slug."""
    own = [m for m in standing_now(user=user).members if is_of_delegation(user=user, member=m)]
    rows = Elector.objects.filter(ballot=ballot, counts=True, cast_by__slug__in=own)
    return tuple(rows.order_by("member__slug").values_list("member__slug", flat=True))


def vote_desk(*, slug: str, member: str, user: Any, language: str = "en", now: dt.datetime | None = None) -> VoteDesk:
    """Return what a delegation cast and prepared for a member. Raises NotFound for everyone outside it, whatever there is."""
    ballot = ballot_seen(slug=slug, user=user)
    elector = elector_of(ballot=ballot, member=member)
    if elector is None or not elector.counts or not is_of_delegation(user=user, member=elector.cast_by.slug):
        raise NotFound(reference=f"{ballot.reference}/delegation")
    caster, body = elector.cast_by.slug, ballot.body.slug
    rights = {action: may(user=user, action=action, member=caster, body=body) for action in (PREPARE, CLEAR, CAST)}
    rows = PreparedVote.objects.filter(ballot=ballot, member=elector.member)
    row = rows.select_related("prepared_by", "cleared_by").first()
    cast, clears = vote_of(elector), clears_votes(body=ballot.body, member=caster)
    takes = why_no_vote(ballot=ballot, moment=now or read_clock()) is None
    takes = takes and (cast is None or ballot.may_change)
    waits = row is not None and row.cast_at is None
    cleared = row is not None and row.cleared_at is not None
    return VoteDesk(
        member=member,
        name=name_in(elector.member.names, language),
        cast_by=caster,
        ballot=ballot.slug,
        given=cast.position if cast else "",
        position=row.position if row else "",
        reasons=row.reasons if row else "",
        note=row.note if row else "",
        prepared_by=row.prepared_by.name if row and row.prepared_by else "",
        prepared_at=row.prepared_at if row else None,
        cleared_by=row.cleared_by.name if row and row.cleared_by else "",
        cleared_at=row.cleared_at if row else None,
        cast_at=row.cast_at if row else None,
        seen=_token(row),
        offered=positions_offered(rule=rule_of(ballot.rule), way=ballot.way),
        needs_clearance=clears,
        awaits_clearance=waits and clears and not cleared,
        may_prepare=takes and rights[PREPARE],
        may_clear=takes and waits and not cleared and rights[CLEAR],
        may_send_back=takes and waits and rights[CLEAR],
        may_cast=takes and rights[CAST] and (not clears or (waits and cleared)),
    )


def _own(*, slug: str, member: str, by: Any, action: str) -> tuple[Ballot, Elector]:
    """Return the ballot and the elector of who acts for it, or refuse in that order: outsiders learn nothing."""
    ballot = ballot_seen(slug=slug, user=by)
    elector = elector_of(ballot=ballot, member=member)
    caster = elector.cast_by.slug if elector else member
    if not is_of_delegation(user=by, member=caster):
        raise NotFound(reference=f"{ballot.reference}/delegation")
    require(user=by, action=action, member=caster, body=ballot.body.slug)
    refusal = why_no_vote(ballot=ballot, moment=read_clock())
    if refusal is not None:
        raise refusal
    if elector is None or not elector.counts:
        raise NotAnElector(member=member[:60], reference=ballot.reference)
    return ballot, elector


def _locked(ballot: Ballot, elector: Elector, /) -> PreparedVote | None:
    rows = PreparedVote.objects.select_for_update(of=("self",))
    return rows.filter(ballot=ballot, member=elector.member).first()


def _waiting(ballot: Ballot, elector: Elector, /) -> PreparedVote:
    row = _locked(ballot, elector)
    if row is None:
        raise NotFound(reference=f"{ballot.reference}/delegation")
    _demand_not_cast(row)
    return row


def _demand_seen(row: PreparedVote | None, *, on: str) -> None:
    if _token(row) != on:
        raise Conflict(problem=CHANGED)


def _demand_not_cast(row: PreparedVote) -> None:
    if row.cast_at is not None:
        raise Conflict(problem="This vote was cast before. Prepare another to change it; nothing was done.")


def _token(row: PreparedVote | None) -> str:
    return row.prepared_at.isoformat() if row else ""


def _checked_note(note: str, /, *, least: int = 0) -> str:
    text = " ".join(note.split())
    if not least <= len(text) <= MOST_NOTE or HIDDEN.search(text):
        raise BadParameter(
            name="note", found=f"{len(text)} characters", allowed=f"{least} to {MOST_NOTE} characters that can be seen"
        )
    return text
