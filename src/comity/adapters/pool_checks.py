"""Check the folder of a pool from its files alone: every table is read back, every amount and reason proved again.

Nothing is shared out again: the tasks in ``shares.csv`` and what holds each member back are checked against the terms by
``engines/capacity/pool_checking.py``; what else the files say must follow from those, to the letter.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.capacity_tables import each_record
from comity.adapters.kueue_shares import demand_cohort
from comity.adapters.polis_cells import unguard_text
from comity.adapters.pool_files import (
    ALL_FILES,
    EXPLANATION,
    FORM,
    REPORT,
    RESULTS,
    SHARES,
    SOMETIMES,
    TABLES,
    TERMS,
    Settings,
    explanation_of,
    input_tables,
    read_exact,
    result_files,
)
from comity.adapters.pool_tables import Clock, PoolTables, read_clock, read_pool
from comity.adapters.slurm_shares import demand_cluster
from comity.engines.capacity.pool import tell_shares
from comity.engines.capacity.pool_checking import check_pool
from comity.errors import AllocationDoesNotHold, BadInput, BrokenFile, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path

    from comity.engines.capacity.pool import PoolResult
    from comity.engines.capacity.pool_checking import CheckedPool

MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class FolderPool:
    """What the files of a pool say, once all of it holds. ``extra`` are files that are no part of it."""

    tables: PoolTables
    settings: Settings
    result: PoolResult
    checked: CheckedPool
    explanation: Mapping[str, Any]
    extra: tuple[str, ...]


def check_pool_folder(*, folder: Path) -> FolderPool:
    """Return what a result says. Raises AllocationDoesNotHold where it does not, and what reading raises where it cannot be read."""
    if not folder.is_dir():
        raise PathNotFound(file=str(folder))
    present = {p.name for p in folder.iterdir()}
    for name in (*TABLES, *RESULTS, EXPLANATION):
        if name not in present:
            raise _refuse("the folder", f"{name} is missing")
    told = _read_explanation(folder / EXPLANATION)
    settings, clock = _read_terms(folder / "terms.csv")
    rest = {name.removesuffix(".csv"): folder / name if name in present else None for name in SOMETIMES}
    tables = read_pool(demands=folder / "demands.csv", pool=folder / "pool.csv", clock=clock, **rest)
    tasks, held_by = _read_shares(folder / "shares.csv")
    checked = check_pool(terms=tables.terms, tasks=tasks, held_by=held_by, whole=settings.whole)
    result = tell_shares(terms=tables.terms, tasks=tasks, held_by=held_by, whole=settings.whole)
    inputs = input_tables(tables=tables, settings=settings)
    try:
        results = result_files(tables=tables, result=result, settings=settings)
    except BadInput as error:
        raise _refuse("terms.csv", f"it names an export that cannot be written: {error}") from None
    right = explanation_of(tables=tables, result=result, settings=settings, inputs=inputs, results=results)
    _compare_files(folder, present, results)
    for name in sorted(right["files"].keys() | _mapping(told, "files").keys()):
        if _mapping(told, "files").get(name) != right["files"].get(name):
            raise _refuse(name, f"it is not the file of which {EXPLANATION} gives the digest")
    for key in sorted(right.keys() | told.keys()):
        if key != "maker" and told.get(key) != right.get(key):
            raise _refuse(EXPLANATION, f"its {key} is not what follows from the tables")
    return FolderPool(
        tables=tables,
        settings=settings,
        result=result,
        checked=checked,
        explanation=told,
        extra=tuple(sorted(present - set(ALL_FILES))),
    )


def _read_explanation(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BrokenFile(file=path.name, problem=f"over {MOST_BYTES // 1_000_000} megabytes, as no explanation is")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError):
        raise BrokenFile(file=path.name, problem="it is no JSON in UTF-8") from None
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise BrokenFile(file=path.name, problem=f"its form is not {FORM}")
    return told


def _mapping(told: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = told.get(key)
    if not isinstance(found, dict):
        raise _refuse(EXPLANATION, f"its {key} is not what follows from the tables")
    return found


def _read_terms(path: Path) -> tuple[Settings, Clock | None]:
    rows = [
        (unguard_text(row.cells["term"].strip()), unguard_text(row.cells["value"].strip()))
        for row in each_record(path=path, needed=("term", "value"))
    ]
    values = dict(rows)
    if len(rows) != len(TERMS) or set(values) != set(TERMS) or values["whole"] not in {"yes", ""}:
        raise _refuse(path.name, f"it must say {', '.join(TERMS)}, each once, and whole is yes or empty")
    days = values["half_life_days"]
    clock = read_clock(half_life=f"{days}d" if days else None, as_of=values["as_of"] or None)
    return (
        Settings(
            whole=bool(values["whole"]),
            slurm=demand_cluster(name=values["slurm"]) if values["slurm"] else None,
            kueue=demand_cohort(name=values["kueue"]) if values["kueue"] else None,
        ),
        clock,
    )


def _read_shares(path: Path) -> tuple[dict[str, Fraction], dict[str, tuple[str, ...]]]:
    tasks: dict[str, Fraction] = {}
    held_by: dict[str, tuple[str, ...]] = {}
    for row in each_record(path=path, needed=SHARES):
        cells = row.cells
        member, exact = unguard_text(cells["member"].strip()), cells["exact_tasks"].strip()
        if member in tasks:
            raise _refuse(path.name, f"{member} stands in two rows")
        amount = read_exact(exact)
        if amount is None:
            raise _refuse(path.name, f'the tasks of {member}, "{exact[:40]}", are no fraction like 3360/23')
        tasks[member] = amount
        names = unguard_text(cells["held_by"].strip())
        if names:
            held_by[member] = tuple(names.split(";"))
    return tasks, held_by


def _compare_files(folder: Path, present: set[str], results: Mapping[str, str]) -> None:
    for name in sorted((set(ALL_FILES) - {*TABLES, *SOMETIMES, EXPLANATION, REPORT}) | results.keys()):
        if (name in present) != (name in results):
            raise _refuse(
                "the folder", f"{name} is {'there, and nothing asks for it' if name in present else 'missing'}"
            )
        if name not in results:
            continue
        try:
            found = (folder / name).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        except (OSError, ValueError):
            raise BrokenFile(file=name, problem="it cannot be read as UTF-8") from None
        if found != results[name]:
            pairs = zip(found.split("\n"), results[name].split("\n"), strict=False)
            row = next((at for at, (is_, ought) in enumerate(pairs, 1) if is_ != ought), 0)
            where = f"line {row} of {name}" if row else f"the end of {name}"
            raise _refuse(where, "it says something else than follows from the tables and tasks")


def _refuse(where: str, problem: str) -> AllocationDoesNotHold:
    return AllocationDoesNotHold(where=where, problem=problem)
