"""Write a compute pool and its shares as tables, JSON and exports that anyone can check again: the same pool gives the same bytes.

Amounts are decimals where they end, and fractions like 1/3 where they do not. ``pool.json`` gives the SHA-256 digest of each file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.adapters.allocation_files import SHARE_PLACES, digest_files, digest_text, write_amount, write_decimal
from comity.adapters.kueue_shares import compose_objects, write_objects
from comity.adapters.polis_cells import guard_text
from comity.adapters.pool_tables import ANY, POOL
from comity.adapters.slurm_shares import compose_dump, write_dump
from comity.engines.capacity.pool_past import measure_factors
from comity.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.adapters.pool_tables import PoolTables
    from comity.engines.capacity.pool import PoolResult, PoolShare

FORM = "comity-pool/1"
MOST_BITS = 13_000
_EXACT = re.compile(r"[0-9]{1,4000}(?:/0{0,9}[1-9][0-9]{0,3999})?|0x[0-9a-f]{1,900000}/0x[1-9a-f][0-9a-f]{0,899999}")
EXPLANATION, REPORT, SLURM, KUEUE = "pool.json", "report.txt", "slurm.cfg", "kueue.yaml"
TABLES = ("pool.csv", "demands.csv", "terms.csv")
SOMETIMES = ("use.csv", "weights.csv")
RESULTS = ("shares.csv", "received.csv")
EXPORTS = (SLURM, KUEUE)
ALL_FILES = (*TABLES, *SOMETIMES, *RESULTS, *EXPORTS, EXPLANATION, REPORT)
SHARES = (
    "member",
    "tasks",
    "asked",
    "dominant",
    "share",
    "past",
    "weight",
    "level",
    "held_by",
    "fair_share_factor",
    "exact_tasks",
)
RECEIVED = ("member", "resource", "asked", "units")
TERMS = ("whole", "half_life_days", "as_of", "slurm", "kueue")


@dataclass(frozen=True, slots=True)
class Settings:
    """What else a result was made with: whole tasks, the name of a cluster in Slurm and of a cohort in Kueue."""

    whole: bool = False
    slurm: str | None = None
    kueue: str | None = None


def input_tables(*, tables: PoolTables, settings: Settings) -> dict[str, str]:
    """Return the tables of a pool by the name of their file, in one form whatever they were read from."""
    terms = tables.terms
    exports = [(r, units, tables.exports[r]) for r, units in terms.pool.items()]
    found = {
        "pool.csv": _table(
            (*POOL, "slurm", "slurm_factor", "kueue", "kueue_factor"),
            (
                (
                    resource,
                    write_amount(units),
                    "=".join(export.slurm or ()),
                    write_amount(export.slurm_factor),
                    export.kueue or "",
                    write_amount(export.kueue_factor),
                )
                for resource, units, export in exports
            ),
        ),
        "demands.csv": _table(
            ("member", "resource", "units", "tasks"),
            (
                (d.member, r, write_amount(units), ANY if d.tasks is None else write_amount(d.tasks))
                for d in terms.demands
                for r, units in d.task.items()
            ),
        ),
        "terms.csv": _table(("term", "value"), list(term_values(tables=tables, settings=settings).items())),
    }
    if tables.clock is not None:
        uses = ((u.member, u.resource, write_amount(u.units), u.day.isoformat()) for u in tables.uses)
        found["use.csv"] = _table(("member", "resource", "units", "day"), uses)
    if tables.rules:
        weights = ((m, write_amount(w), tables.rules[m]) for m, w in terms.weights.items())
        found["weights.csv"] = _table(("member", "weight", "rule"), weights)
    return dict(sorted(found.items()))


def term_values(*, tables: PoolTables, settings: Settings) -> dict[str, str]:
    """Return what terms.csv says; empty is none."""
    clock = tables.clock
    return {
        "whole": "yes" if settings.whole else "",
        "half_life_days": "" if clock is None else str(clock.half_life),
        "as_of": "" if clock is None else clock.as_of.isoformat(),
        "slurm": settings.slurm or "",
        "kueue": settings.kueue or "",
    }


def result_files(*, tables: PoolTables, result: PoolResult, settings: Settings) -> dict[str, str]:
    """Return shares.csv, received.csv and, where they are asked for, slurm.cfg and kueue.yaml. Raises BadInput for names they cannot hold."""
    found = {
        "shares.csv": _table(SHARES, share_rows(tables=tables, result=result)),
        "received.csv": _table(RECEIVED, received_rows(result=result)),
    }
    if settings.slurm is not None:
        found[SLURM] = _slurm(tables, result, settings.slurm)
    if settings.kueue is not None:
        found[KUEUE] = _kueue(tables, result, settings.kueue)
    return found


def share_rows(*, tables: PoolTables, result: PoolResult) -> list[tuple[str, ...]]:
    """Return the cells of shares.csv, by member."""
    factors = slurm_factors(tables=tables, result=result)
    asked = {d.member: d.tasks for d in result.terms.demands}
    rows: list[tuple[str, ...]] = []
    for share in result.shares:
        most, factor = asked[share.member], factors[share.member]
        rows.append(
            (
                share.member,
                write_decimal(share.tasks),
                ANY if most is None else write_amount(most),
                ";".join(share.dominant),
                write_decimal(share.share, places=SHARE_PLACES),
                write_decimal(share.past, places=SHARE_PLACES),
                write_amount(share.weight),
                write_decimal(share.level, places=SHARE_PLACES),
                ";".join(share.held_by),
                "" if factor is None else f"{factor:.9f}",
                write_exact(share.tasks),
            )
        )
    return rows


def slurm_factors(*, tables: PoolTables, result: PoolResult) -> dict[str, float | None]:
    """Return the classic fair-share factor of each member that asks, from its past use and weight; None without past use."""
    return measure_factors(past=tables.terms.past, weights={s.member: s.weight for s in result.shares})


def received_rows(*, result: PoolResult) -> list[tuple[str, ...]]:
    """Return member, resource, asked and units, by member and resource; exactly, units are the exact tasks times what one takes."""
    asked = {d.member: d for d in result.terms.demands}
    rows: list[tuple[str, ...]] = []
    for share in result.shares:
        most = asked[share.member].tasks
        for resource, amount in share.received.items():
            units = asked[share.member].task[resource]
            wanted = ANY if most is None else write_amount(units * most)
            rows.append((share.member, resource, wanted, write_decimal(amount)))
    return rows


def explanation_of(
    *, tables: PoolTables, result: PoolResult, settings: Settings, inputs: Mapping[str, str], results: Mapping[str, str]
) -> dict[str, Any]:
    """Return a result's reasons as JSON can carry them: amounts as decimals in text, names sorted; shares.csv has them exactly."""
    return {
        "form": FORM,
        "maker": result.maker,
        **term_values(tables=tables, settings=settings),
        "inputs_sha256": digest_files(inputs),
        "result_sha256": digest_files(results),
        "files": {name: digest_text(text) for name, text in sorted({**inputs, **results}.items())},
        "resources": [
            {
                "resource": r,
                "units": write_amount(units),
                "used": write_decimal(result.used[r]),
                "holds_back": sorted(s.member for s in result.shares if r in s.held_by),
            }
            for r, units in result.terms.pool.items()
        ],
        "shares": [_record(s) for s in result.shares],
    }


def _record(share: PoolShare) -> dict[str, Any]:
    return {
        "member": share.member,
        "tasks": write_decimal(share.tasks),
        "received": {r: write_decimal(amount) for r, amount in share.received.items()},
        "dominant": list(share.dominant),
        "share": write_decimal(share.share, places=SHARE_PLACES),
        "past": write_decimal(share.past, places=SHARE_PLACES),
        "weight": write_amount(share.weight),
        "level": write_decimal(share.level, places=SHARE_PLACES),
        "held_by": list(share.held_by),
    }


def write_exact(amount: Fraction, /) -> str:
    """Return a fraction in text; where it has more digits than Python writes in tens, in sixteens after ``0x``.

    >>> write_exact(Fraction(3360, 23)), write_exact(Fraction(2))
    ('3360/23', '2')
    """
    if max(amount.numerator.bit_length(), amount.denominator.bit_length()) <= MOST_BITS:
        return str(amount)
    return f"{amount.numerator:#x}/{amount.denominator:#x}"


def read_exact(text: str, /) -> Fraction | None:
    """Return the fraction that ``write_exact`` wrote, None where the text is none.

    >>> read_exact("3360/23"), read_exact(write_exact(Fraction(1, 3**9999))) == Fraction(1, 3**9999), read_exact("1.5")
    (Fraction(3360, 23), True, None)
    """
    if not _EXACT.fullmatch(text):
        return None
    above, _, below = text.partition("/")
    return Fraction(*(int(part, 16 if part.startswith("0x") else 10) for part in (above, below or "1")))


def folder_files(*, tables: PoolTables, result: PoolResult, settings: Settings, report: str) -> dict[str, str]:
    """Return every file of a result by its name."""
    inputs = input_tables(tables=tables, settings=settings)
    results = result_files(tables=tables, result=result, settings=settings)
    told = explanation_of(tables=tables, result=result, settings=settings, inputs=inputs, results=results)
    return {**inputs, **results, EXPLANATION: json.dumps(told, ensure_ascii=False, indent=1) + "\n", REPORT: report}


def _slurm(tables: PoolTables, result: PoolResult, cluster: str) -> str:
    named = {r: e for r, e in tables.exports.items() if e.slurm is not None}
    if not named:
        raise BadInput(
            problem="No resource of the pool has a name in the column slurm: write one, such as GrpTRES=gres/gpu."
        )
    limits = {
        s.member: [
            (*(export.slurm or ("", "")), s.received.get(r, Fraction(0)) * export.slurm_factor)
            for r, export in named.items()
        ]
        for s in result.shares
    }
    return write_dump(
        dump=compose_dump(cluster=cluster, shares={s.member: s.share for s in result.shares}, limits=limits)
    )


def _kueue(tables: PoolTables, result: PoolResult, cohort: str) -> str:
    named = {r: e for r, e in tables.exports.items() if e.kueue is not None}
    given: dict[tuple[str, str], Fraction] = {}
    asked: dict[tuple[str, str], Fraction | None] = {}
    most = {d.member: d for d in result.terms.demands}
    for share in result.shares:
        demand = most[share.member]
        for resource, amount in share.received.items():
            if resource in named:
                key, factor = (share.member, named[resource].kueue or ""), named[resource].kueue_factor
                given[key] = amount * factor
                asked[key] = None if demand.tasks is None else demand.task[resource] * demand.tasks * factor
    return write_objects(
        objects=compose_objects(
            cohort=cohort,
            members=[s.member for s in result.shares],
            resources=[e.kueue or "" for e in named.values()],
            given=given,
            asked=asked,
            weights={s.member: s.weight for s in result.shares},
        )
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guard_text(cell) for cell in row] for row in rows)
    return text.getvalue()
