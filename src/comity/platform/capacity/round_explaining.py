"""Explain a round: the share of one need in each round that held it, and whom more units would change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.adapters.round_results import read_tables
from comity.errors import BadParameter, Conflict, NotPermitted
from comity.platform.capacity.models import Allocation, Round
from comity.platform.capacity.needs_seen import need_seen
from comity.platform.capacity.resources import MOST_UNITS, checked_amount, in_figures
from comity.platform.capacity.round_lookups import HOLD, round_seen, rounds_seen, sees_all
from comity.platform.capacity.round_rows import rows_of_round
from comity.platform.capacity.round_views import card_of, sees_tables
from comity.platform.parties.rules import require

if TYPE_CHECKING:
    import datetime as dt

    from comity.engines.capacity.results import Allocation as Shares
    from comity.platform.capacity.round_rows import BlockView, NeedRow
    from comity.platform.capacity.round_views import RoundCard

MOST_NEEDS = 2000
"""Needs of a round for which a question of what would be is answered while the officer waits."""


@dataclass(frozen=True, slots=True)
class ShareOfNeed:
    """What a need receives in one round. ``block`` is why, None where the tables of the round are closed to the reader."""

    card: RoundCard
    row: NeedRow
    block: BlockView | None
    weighted: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What one need, or all needs of a member, would receive instead. ``rows`` are the needs that it is of."""

    rows: tuple[NeedRow, ...]
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Whom more units of a resource would change: exact amounts, to two places. ``unchanged`` counts those who receive the same."""

    changes: tuple[Change, ...]
    unchanged: int
    before: Decimal
    after: Decimal


def shares_of_need(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> tuple[ShareOfNeed, ...]:
    """Return the shares of a need in the rounds that published one and that the reader sees, the latest first. Raises NotFound."""
    moment = now or timezone.now()
    need = need_seen(slug=slug, user=user, now=moment)
    held = rounds_seen(user=user, now=moment).filter(needs__need=need, challenge_until__isnull=False)
    found = []
    for one in held.filter(cancelled_at__isnull=True).prefetch_related("resources"):
        tables = sees_tables(round=one, user=user, now=moment)
        rows = rows_of_round(
            round=one,
            allocation=Allocation.objects.get(round=one),
            user=user,
            language=language,
            open_tables=tables,
        )
        row = next(r for r in rows.needs if r.slug == slug)
        if row.received is None:
            continue  # it is not told to this reader
        block = next((b for b in rows.blocks if row in b.needs), None)
        found.append(
            ShareOfNeed(card_of(round=one, language=language, now=moment), row, block, bool(one.rules.get("weights")))
        )
    return tuple(found)


def ask_what_if(*, slug: str, resource: str, units: str, user: Any, language: str) -> WhatIf:
    """Return whom more units of a resource, open to every need of it, would change in a frozen round. It is kept nowhere.

    For who holds the round and sees all of it. Raises NotFound, NotPermitted, BadParameter, or Conflict where nothing is suggested yet.
    """
    from comity.engines.capacity.allocating import allocate  # noqa: PLC0415  (it loads the numbers)
    from comity.engines.capacity.what_if import add_units, compare_allocations  # noqa: PLC0415  (as above)

    moment = timezone.now()
    held = round_seen(slug=slug, user=user, now=moment)
    require(user=user, action=HOLD, body=held.body.slug)
    if held.frozen_at is None:
        raise Conflict(problem="This round is not frozen yet: there is nothing to compare with.")
    if not sees_all(round=held, user=user, now=moment):
        raise NotPermitted(action=HOLD, needed="secretariat")
    amount = checked_amount("units", units, most=MOST_UNITS)
    known = sorted(held.resources.values_list("slug", flat=True))
    if resource not in known:
        raise BadParameter(name="resource", found=resource[:60] or "nothing", allowed=", ".join(known))
    if held.needs.count() > MOST_NEEDS:
        raise Conflict(
            problem=f"This round holds more than {MOST_NEEDS} needs. Ask with its files and the command instead."
        )
    terms = read_tables(files=held.tables["files"]).terms
    if not any(n.resource == resource for n in terms.needs):
        raise BadParameter(name="resource", found=resource, allowed="a resource that somebody asks for in this round")
    changed = add_units(terms=terms, units=Fraction(amount), resource=resource)
    was, would_be = allocate(terms=terms), allocate(terms=changed)
    compared = compare_allocations(before=was, after=would_be)
    rows = _rows_by_code(held, user=user, language=language)
    changes = [
        Change(
            rows=tuple(rows[n] for n in c.needs),
            before=_rounded(c.before.received if c.before else Fraction(0)),
            after=_rounded(c.after.received if c.after else Fraction(0)),
        )
        for c in compared.changes
    ]
    return WhatIf(
        changes=tuple(sorted(changes, key=lambda c: (c.rows[0].member_name.casefold(), c.rows[0].code))),
        unchanged=compared.unchanged,
        before=_received(was, resource=resource),
        after=_received(would_be, resource=resource),
    )


def _rows_by_code(held: Round, /, *, user: Any, language: str) -> dict[str, NeedRow]:
    rows = rows_of_round(round=held, allocation=None, user=user, language=language, open_tables=True)
    return {r.code: r for r in rows.needs}


def _received(found: Shares, /, *, resource: str) -> Decimal:
    return _rounded(sum((s.received for s in found.shares if s.resource == resource), Fraction(0)))


def _rounded(amount: Fraction, /) -> Decimal:
    return Decimal(in_figures(round(Decimal(amount.numerator) / Decimal(amount.denominator), 2)))
