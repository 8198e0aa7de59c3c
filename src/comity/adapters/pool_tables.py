"""Read the tables of a compute pool: what it has, who asks for what, what was used before, and weights; errors name file and row.

UTF-8, with or without its mark; cells parted by commas, or all by semicolons; columns in any order, others beside them are not
read. An amount is written like 1234.5, or as a fraction like 1/3, and read exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.adapters.capacity_tables import MOST_IN_RULE, each_record
from comity.adapters.polis_cells import unguard_text
from comity.adapters.slurm_shares import LIMITS
from comity.engines.capacity.pool_past import MOST_DAYS, decay_use, measure_past
from comity.engines.capacity.pool_terms import set_pool
from comity.errors import BadParameter, BadRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from comity.adapters.capacity_tables import Row
    from comity.engines.capacity.pool_terms import PoolTerms

POOL = ("resource", "units")
DEMANDS = ("member", "resource", "units")
USES = ("member", "resource", "units", "day")
WEIGHTS = ("member", "weight", "rule")
ANY = "any"
SLURM_TRES = re.compile(r"(?:cpu|mem|node|billing|(?:gres|fs|bb|license)/[a-z0-9][a-z0-9_.-]{0,60})")
KUEUE_RESOURCE = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,8}/)?[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?"
)
_HALF_LIFE = re.compile(r"([1-9][0-9]{0,5})([dw])")


@dataclass(frozen=True, slots=True)
class Export:
    """What a resource is called in Slurm and in Kueue, None where nowhere, and how many of theirs one unit is."""

    slurm: tuple[str, str] | None
    slurm_factor: Fraction
    kueue: str | None
    kueue_factor: Fraction


@dataclass(frozen=True, slots=True)
class Clock:
    """How past use is halved: a half-life in days, and the day from which ages are counted."""

    half_life: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Use:
    """Units of one resource that a member used on a day."""

    member: str
    resource: str
    units: Fraction
    day: date


@dataclass(frozen=True, slots=True)
class PoolTables:
    """What the tables of a pool say. ``left`` is what is left of past use by member and resource, of members that ask or not."""

    terms: PoolTerms
    exports: Mapping[str, Export]
    rules: Mapping[str, str]
    uses: tuple[Use, ...]
    clock: Clock | None
    left: Mapping[tuple[str, str], Fraction]


def read_pool(
    *,
    demands: Path,
    pool: Path,
    use: Path | None = None,
    weights: Path | None = None,
    clock: Clock | None = None,
) -> PoolTables:
    """Return the terms of a pool from its files.

    Raises PathNotFound, EmptyFile, FileTooLarge, BrokenFile or BadRow for a file, BadParameter where past use is given without its
    half-life and day or they without it, and BadInput where what they say together is not possible.
    """
    if (use is None) != (clock is None):
        raise BadParameter(
            name="--use",
            found="no file" if use is None else use.name,
            allowed="given together with --half-life and --as-of, or none of the three",
        )
    exports, held = _read_resources(pool)
    asked = _read_demands(demands, held)
    rules, weighed = ({}, {}) if weights is None else _read_weights(weights)
    uses = () if use is None or clock is None else _read_uses(use, held, clock)
    left: dict[tuple[str, str], Fraction] = {}
    if clock is not None:
        aged = ((u.member, u.resource, u.units, (clock.as_of - u.day).days) for u in uses)
        left = decay_use(uses=aged, half_life=clock.half_life)
    terms = set_pool(pool=held, demands=asked, weights=weighed, past=measure_past(left=left, pool=held))
    return PoolTables(terms=terms, exports=exports, rules=rules, uses=uses, clock=clock, left=left)


def read_clock(*, half_life: str | None, as_of: str | None) -> Clock | None:
    """Return how past use is halved, from words like 30d or 4w and a day like 2026-11-29; None where neither is given."""
    if half_life is None and as_of is None:
        return None
    if half_life is None or as_of is None:
        missing, given = ("--half-life", as_of) if half_life is None else ("--as-of", half_life)
        raise BadParameter(name=missing, found="nothing", allowed=f"given beside {given}: both or neither")
    found = _HALF_LIFE.fullmatch(half_life)
    days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
    if not 1 <= days <= MOST_DAYS:
        raise BadParameter(
            name="--half-life",
            found=half_life[:40],
            allowed=f"days or weeks like 30d or 4w, at most {MOST_DAYS:,} days",
        )
    day = _read_day(as_of)
    if day is None:
        raise BadParameter(name="--as-of", found=as_of[:40], allowed="a day like 2026-11-29")
    return Clock(half_life=days, as_of=day)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _text(row: Row, column: str, /) -> str:
    """Return a cell of a column that need not be there."""
    return unguard_text(row.cells.get(column, "").strip())


def _above_zero(row: Row, column: str, /, *, otherwise: str) -> Fraction:
    """Return an amount above 0; ``otherwise`` says what to do instead of writing 0."""
    found = row.amount(column)
    if not found:
        row.refuse(f'{column} is "{_text(row, column)[:30]}": it must be above 0; {otherwise}')
    return found


def _rows(path: Path, needed: tuple[str, ...], each: str) -> Iterator[Row]:
    empty = True
    for row in each_record(path=path, needed=needed):
        empty = False
        yield row
    if empty:
        raise BadRow(file=path.name, row=1, problem=f"there is no row below the header; give one for each {each}")


def _read_resources(path: Path) -> tuple[dict[str, Export], dict[str, Fraction]]:
    exports: dict[str, Export] = {}
    held: dict[str, Fraction] = {}
    rows: dict[str, int] = {}
    names: dict[tuple[str, ...], str] = {}
    for row in _rows(path, POOL, "resource"):
        resource = row.id("resource")
        if ";" in resource:
            row.refuse(
                f'the resource "{resource}" has a semicolon in its name, which parts names in the result; take it out'
            )
        if resource in held:
            row.refuse(f'the resource "{resource}" stands in row {rows[resource]} already; give each one row')
        rows[resource], held[resource] = row.number, row.amount("units")
        exports[resource] = export = Export(
            slurm=_read_slurm(row),
            slurm_factor=_read_factor(row, "slurm_factor"),
            kueue=_read_kueue(row),
            kueue_factor=_read_factor(row, "kueue_factor"),
        )
        for name in (export.slurm, None if export.kueue is None else (export.kueue,)):
            if name is not None and names.setdefault(name, resource) != resource:
                row.refuse(f"{'='.join(name)} is the name of {names[name]} already; give each resource its own")
    return dict(sorted(exports.items())), held


def _read_slurm(row: Row) -> tuple[str, str] | None:
    cell = _text(row, "slurm")
    if not cell:
        return None
    limit, _, tres = cell.partition("=")
    limits = {name.lower(): name for name in LIMITS}
    if limit.lower() not in limits or not SLURM_TRES.fullmatch(tres):
        row.refuse(
            f'slurm is "{cell[:60]}"; write a limit and what it limits, like GrpTRES=gres/gpu for things held at one time or '
            "GrpTRESMins=cpu for minutes of use, in small letters after the sign; or leave it empty"
        )
    return limits[limit.lower()], tres


def _read_kueue(row: Row) -> str | None:
    cell = _text(row, "kueue")
    if cell and not KUEUE_RESOURCE.fullmatch(cell):
        row.refuse(
            f'kueue is "{cell[:60]}"; write a resource name of Kubernetes like cpu, memory or nvidia.com/gpu, or leave it empty'
        )
    return cell or None


def _read_factor(row: Row, column: str) -> Fraction:
    return (
        _above_zero(row, column, otherwise="it says how many of theirs one unit is")
        if _text(row, column)
        else Fraction(1)
    )


def _read_demands(path: Path, held: Mapping[str, Fraction]) -> list[tuple[str, dict[str, Fraction], Fraction | None]]:
    tasks: dict[str, dict[str, Fraction]] = {}
    most: dict[str, tuple[int, Fraction | None]] = {}
    rows: dict[tuple[str, str], int] = {}
    for row in _rows(path, DEMANDS, "member and resource"):
        member, resource = row.id("member"), row.id("resource")
        if resource not in held:
            row.refuse(f'the resource "{resource}" is not in the pool; add it there, or take this row out')
        if (member, resource) in rows:
            row.refuse(
                f'the member and resource "{member} and {resource}" stands in row {rows[member, resource]} already; '
                "give each one row"
            )
        rows[member, resource] = row.number
        number, known = most.setdefault(member, (row.number, _read_tasks(row)))
        if _read_tasks(row) != known:
            row.refuse(f"tasks of {member} is another number in row {number}; write the same in each of its rows")
        units = _above_zero(row, "units", otherwise="leave the row out where nothing is asked for")
        tasks.setdefault(member, {})[resource] = units
    return [(member, task, most[member][1]) for member, task in tasks.items()]


def _read_tasks(row: Row) -> Fraction | None:
    cell = _text(row, "tasks")
    if cell.lower() == ANY:
        return None
    return _above_zero(row, "tasks", otherwise=f"leave it empty for one task, or write {ANY}") if cell else Fraction(1)


def _read_weights(path: Path) -> tuple[dict[str, str], dict[str, Fraction]]:
    rules: dict[str, str] = {}
    weights: dict[str, Fraction] = {}
    rows: dict[str, int] = {}
    for row in _rows(path, WEIGHTS, "member with a weight of its own"):
        member, rule = row.id("member"), _text(row, "rule")
        if member in rows:
            row.refuse(f'the member "{member}" stands in row {rows[member]} already; give each one row')
        if not rule:
            row.refuse("rule is empty; a weight stands only by a published rule: name it, and where it can be read")
        if len(rule) > MOST_IN_RULE or not rule.isprintable():
            row.refuse(
                f"rule must be one line of at most {MOST_IN_RULE} characters; name the rule, and where it can be read"
            )
        rows[member], rules[member] = row.number, rule
        weights[member] = _above_zero(row, "weight", otherwise="leave the row out for a weight of 1")
    return rules, weights


def _read_uses(path: Path, held: Mapping[str, Fraction], clock: Clock) -> tuple[Use, ...]:
    uses = []
    for row in _rows(path, USES, "use"):
        resource, day = row.id("resource"), _read_day(_text(row, "day"))
        if resource not in held:
            row.refuse(f'the resource "{resource}" is not in the pool; add it there with 0 units, or take this row out')
        if day is None:
            row.refuse(f'day is "{_text(row, "day")[:30]}"; write one like 2026-11-29')
        if day > clock.as_of:
            row.refuse(f"day is {day}, after {clock.as_of}, from which past use is counted; correct one of the two")
        uses.append(Use(member=row.id("member"), resource=resource, units=row.amount("units"), day=day))
    return tuple(sorted(uses, key=lambda u: (u.member, u.resource, u.day, u.units)))
