"""Count the votes of a ballot under its rule: from its rows to what the engine counts, and to the table that anyone may count again."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from comity.adapters.ballot_rolls import Roll, write_rolls
from comity.engines.decisions.tally import Ballot as Said
from comity.engines.decisions.tally import Member as Counted
from comity.engines.decisions.tally import count_ballots, tally
from comity.platform.decisions.models import Ballot, Elector, Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.decisions.rules import Rule
    from comity.engines.decisions.tally import Result

PRESENT = "present"
OBJECTION = "no"
SILENT = (Ballot.Way.SILENCE,)
IN_WRITING = (Ballot.Way.SILENCE, Ballot.Way.CORRESPONDENCE)


def positions_offered(*, rule: Rule, way: str) -> tuple[str, ...]:
    """Return what a member may cast, in the rule's order.

    Not those of members that are away, nor those that the count itself gives (a no without reasons), nor "present", which the office
    notes. In a silence procedure objections alone are cast: "no", or where the rule has no such position all but its first vote.
    """
    given = {p.unless_reasoned for p in rule.positions}
    found = tuple(p.name for p in rule.positions if p.counts != "away" and p.name not in given and p.name != PRESENT)
    if way not in SILENT:
        return found
    if OBJECTION in found:
        return (OBJECTION,)
    voting = [p.name for p in rule.positions if p.counts == "voting" and p.name in found]
    return tuple(voting[1:])


def electors_of(*, ballot: Ballot) -> list[Elector]:
    """Return the electors of a ballot with their members and votes, by slug."""
    rows = Elector.objects.filter(ballot=ballot).select_related("member", "cast_by", "vote")
    return list(rows.order_by("member__slug"))


def vote_of(elector: Elector, /) -> Vote | None:
    """Return what an elector has cast, None where it has cast nothing."""
    found: Vote | None = getattr(elector, "vote", None)
    return found


def position_of(elector: Elector, /, *, rule: Rule) -> str:
    """Return what an elector counts as: what it cast, else present where the office noted it, else away."""
    cast = vote_of(elector)
    if cast is not None:
        return cast.position
    if elector.present and any(p.name == PRESENT for p in rule.positions):
        return PRESENT
    return next(p.name for p in rule.positions if p.counts == "away")


def count_votes(*, rule: Rule, electors: Sequence[Elector]) -> Result:
    """Return the outcome that follows from the rows as they stand."""
    members, said = _for_the_engine(rule, electors)
    return tally(rule=rule, members=members, ballots=said)


def count_positions(*, rule: Rule, electors: Sequence[Elector]) -> dict[str, int]:
    """Return how many members gave each position, those that are away among them."""
    members, said = _for_the_engine(rule, electors)
    return {p: int(n) for p, n in count_ballots(rule=rule, members=members, ballots=said)["", ""].items()}


def table_of_rolls(*, rule: Rule, electors: Sequence[Elector]) -> str:
    """Return the ballots of those that count as the CSV that ``comity decisions tally`` reads."""
    return write_rolls(rule=rule, rolls=[_roll(e, rule=rule) for e in electors if e.counts])


def have_all_voted(electors: Sequence[Elector], /) -> bool:
    """Tell whether every elector that counts has cast a vote."""
    return all(vote_of(e) is not None for e in electors if e.counts)


def _for_the_engine(rule: Rule, electors: Sequence[Elector], /) -> tuple[list[Counted], list[Said]]:
    counting = [e for e in electors if e.counts]
    members = [
        Counted(
            name=e.member.slug,
            groups=frozenset(e.groups),
            weights={name: Fraction(text) for name, text in e.weights.items()},
        )
        for e in counting
    ]
    said = []
    for e in counting:
        cast = vote_of(e)
        reasoned = cast is not None and bool(cast.reasons)
        said.append(Said(member=e.member.slug, position=position_of(e, rule=rule), reasoned=reasoned))
    return members, said


def _roll(elector: Elector, *, rule: Rule) -> Roll:
    cast = vote_of(elector)
    return Roll(
        member=elector.member.slug,
        position=position_of(elector, rule=rule),
        cast_by=elector.cast_by.slug if cast is not None else "",
        groups=tuple(elector.groups),
        weights=elector.weights,
        reasons=cast.reasons if cast is not None else "",
    )
