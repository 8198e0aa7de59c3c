"""Tell the shares of a pool in sentences: what the pool has, what was asked, what each member receives and what holds it back."""

from __future__ import annotations

import textwrap
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.adapters.allocation_files import write_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.adapters.pool_files import Settings
    from comity.adapters.pool_tables import PoolTables
    from comity.engines.capacity.pool import PoolResult, PoolShare
    from comity.engines.capacity.pool_terms import Demand

WIDTH = 100
MOST_NAMES = 12


def tell_pool(*, tables: PoolTables, result: PoolResult, settings: Settings) -> Iterator[str]:
    """Yield the lines of a report. Members come in the order of their names; nobody is ranked."""
    yield from _filled("THE POOL")
    for resource, held in result.terms.pool.items():
        yield from _resource(resource, held, result)
    yield ""
    yield from _rule(tables, result, settings)
    yield ""
    yield from _filled("WHAT EACH RECEIVES")
    asked = {d.member: d for d in result.terms.demands}
    for share in result.shares:
        yield from _filled(_member(share, asked[share.member], tables), rest="    ")
    if settings.slurm is not None or settings.kueue is not None:
        yield ""
        yield from _exports(tables, result, settings)
    yield ""
    yield from _filled("This is computed, and a suggestion: who decides may differ from it, with reasons.")


def _resource(resource: str, held: Fraction, result: PoolResult) -> Iterator[str]:
    used = result.used[resource]
    asking = [d for d in result.terms.demands if resource in d.task]
    text = f"{resource}: {_amount(held)}; {_count(len(asking), 'member')} {'asks' if len(asking) == 1 else 'ask'}"
    if asking and all(d.tasks is not None for d in asking):
        text += f" for {_amount(sum((d.task[resource] * (d.tasks or 0) for d in asking), Fraction(0)))}"
    held_back = [s.member for s in result.shares if resource in s.held_by]
    rest = (
        "all of it is shared out"
        if used == held
        else f"{_amount(used)} are shared out, {_amount(held - used)} are left"
    )
    text += f"; {rest}."
    if held_back:
        text += f" It holds back {_named(held_back)}."
    yield from _filled(text, rest="    ")


def _rule(tables: PoolTables, result: PoolResult, settings: Settings) -> Iterator[str]:
    yield from _filled(
        "Every member's dominant share, the largest part of any resource that it receives, rises alike until it has all that it "
        "asks or a resource that it needs is used up. So nobody can gain except from a member that has no more."
    )
    if settings.whole:
        yield from _filled(
            "Tasks are whole: they are given one by one, each to the member that would then have the least; where two would have the "
            "same, to the one whose name comes first."
        )
    if result.terms.weights:
        yield from _filled(
            f"Weights change what is equal, by this rule: {'; '.join(sorted(set(tables.rules.values())))}."
        )
    if tables.clock is not None:
        yield from _filled(
            f"Past use counts as already received, halved every {_count(tables.clock.half_life, 'day')} up to "
            f"{tables.clock.as_of.isoformat()}: its dominant share, of the pool as it is now, is added to that of now."
        )
        names = {d.member for d in result.terms.demands}
        others = sorted({u.member for u in tables.uses} - names)
        if others:
            yield from _filled(
                f"Past use of {_named(others)}, who {'asks' if len(others) == 1 else 'ask'} for nothing now, changes nothing."
            )
        lost = sorted({u.resource for u in tables.uses if not result.terms.pool[u.resource]})
        if lost:
            yield from _filled(
                f"Past use of {_named(lost)} does not count: the pool has none, so no part of it can be told."
            )


def _member(share: PoolShare, demand: Demand, tables: PoolTables) -> str:
    amounts = ", ".join(f"{_amount(units)} {resource}" for resource, units in share.received.items())
    if demand.tasks == 1:
        how_much = "all that it asks" if not share.held_by else f"{_percent(share.tasks)} of what it asks"
    elif demand.tasks is None:
        how_much = f"{_amount(share.tasks)} {_tasks(share.tasks)}"
    else:
        how_much = f"{_amount(share.tasks)} of {_amount(demand.tasks)} {_tasks(demand.tasks)}"
    text = f"{share.member}: {how_much} ({amounts})."
    if share.share:
        text += f" Its dominant share is {_percent(share.share)}, of {' and '.join(share.dominant)}"
        text += f"; {_percent(share.past)} from before count beside it." if share.past else "."
    elif share.past:
        text += f" {_percent(share.past)} from before count as received."
    if share.weight != 1:
        text += f" Its weight is {_amount(share.weight)}."
    if share.held_by:
        none = [r for r in share.held_by if not tables.terms.pool[r]]
        verb = "holds" if len(share.held_by) == 1 else "hold"
        text += (
            f" The pool has no {' and no '.join(none)}." if none else f" {' and '.join(share.held_by)} {verb} it back."
        )
    return text


def _exports(tables: PoolTables, result: PoolResult, settings: Settings) -> Iterator[str]:
    for name, written, column, lacking in (
        ("Slurm", settings.slurm, "slurm", [r for r, e in tables.exports.items() if e.slurm is None]),
        ("Kueue", settings.kueue, "kueue", [r for r, e in tables.exports.items() if e.kueue is None]),
    ):
        if written is None:
            continue
        file = {"Slurm": "slurm.cfg", "Kueue": "kueue.yaml"}[name]
        text = f"{file} holds these shares for {name}, as {'cluster' if name == 'Slurm' else 'cohort'} {written}; whole numbers are rounded down."
        if lacking:
            text += f" Not in it, without a name in the column {column}: {_named(lacking)}."
        text += _cannot_start(name, tables, result)
        yield from _filled(text)


def _cannot_start(name: str, tables: PoolTables, result: PoolResult) -> str:
    """Return a warning of those that would be given no processor or memory, without which no job starts; empty where there are none."""
    needed = [
        r
        for r, e in tables.exports.items()
        if (e.slurm[1] if name == "Slurm" and e.slurm else e.kueue if name == "Kueue" else None)
        in {"cpu", "mem", "memory", "node"}
    ]
    found = ""
    for resource in needed:
        none = [s.member for s in result.shares if not s.received.get(resource)]
        if none:
            found += (
                f" It gives no {resource} to {_named(none)}, so no job of theirs that takes any could start: let demands "
                "name all that jobs take."
            )
    return found


def _tasks(count: Fraction) -> str:
    return "task" if count == 1 else "tasks"


def _percent(share: Fraction) -> str:
    """Return a share in per cent with one place; what is not all or nothing is never shown as such."""
    shown = f"{float(share * 100):.1f}"
    if share > 0 and shown == "0.0":
        return "under 0.1%"
    if share < 1 and shown == "100.0":
        return "over 99.9%"
    return f"{shown.removesuffix('.0')}%"


def _amount(amount: Fraction) -> str:
    """Return an amount with at most two places, thousands parted."""
    shown = write_decimal(amount, places=2)
    if shown == "0" and amount:
        return "under 0.01"
    whole, _, part = shown.partition(".")
    return f"{int(whole):,}" + (f".{part}" if part else "")


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"


def _filled(text: str, *, rest: str = "") -> Iterator[str]:
    # A terminal would obey control characters that stand in a table.
    plain = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" else c for c in text)
    yield from textwrap.wrap(plain, WIDTH, subsequent_indent=rest, break_on_hyphens=False)
