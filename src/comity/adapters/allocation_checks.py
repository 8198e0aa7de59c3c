"""Check the folder of a result from its files alone: every table is read back, every amount and reason proved again.

Nothing is allocated again: the amounts in ``allocation.csv`` are checked against the terms, and the cuts in ``explanation.json``
against both, by ``engines/capacity/checking.py``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.adapters.allocation_files import (
    ALLOCATION,
    FORM,
    RESULTS,
    SHARES,
    block_record,
    digest_files,
    digest_text,
    resource_records,
    share_rows,
    terms_tables,
    units_rows,
)
from comity.adapters.capacity_tables import each_record, read_round
from comity.adapters.polis_cells import unguard_text
from comity.engines.capacity.checking import Claim, check_allocation
from comity.engines.capacity.checking_whole import check_whole
from comity.engines.capacity.results import Reason, Share
from comity.errors import AllocationDoesNotHold, BrokenFile, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from comity.adapters.capacity_tables import RoundTables, Rules
    from comity.engines.capacity.checking import Checked
    from comity.engines.capacity.terms import By, Terms

Units = dict[tuple[str, str], Fraction]

EXPLANATION, REPORT = "explanation.json", "report.txt"
NEEDED = ("needs.csv", "offers.csv", "terms.csv", *RESULTS, EXPLANATION)
SOMETIMES = ("eligible.csv", "weights.csv", "caps.csv")
MOST_BYTES = 500_000_000
_FRACTION = re.compile(r"[0-9]{1,4000}(?:/[1-9][0-9]{0,4000})?")


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What the files of a result say, once all of it holds. ``extra`` are files that are no part of it."""

    terms: Terms
    rules: Rules
    exact: Mapping[tuple[str, str], Fraction]
    whole: Mapping[tuple[str, str], Fraction] | None
    unit: Fraction | None
    shares: tuple[Share, ...]
    whole_shares: tuple[Share, ...] | None
    reasons: tuple[Reason, ...]
    lots: Mapping[str, str]
    checked: Checked
    explanation: Mapping[str, Any]
    extra: tuple[str, ...]


def check_folder(*, folder: Path) -> FolderResult:
    """Return what a result says. Raises AllocationDoesNotHold where it does not, and what reading raises where it cannot be read."""
    if not folder.is_dir():
        raise PathNotFound(file=str(folder))
    present = {p.name for p in folder.iterdir()}
    for name in NEEDED:
        if name not in present:
            raise _refuse("the folder", f"{name} is missing")
    told = _read_explanation(folder / EXPLANATION)
    _compare_names(told, present)
    tables = _read_tables(folder, present)
    exact, units, rows = _read_units(folder / "allocation.csv")
    unit = None if told.get("unit") is None else _fraction(told["unit"], "its unit")
    lots = _read_lots(told)
    reasons = _read_blocks(told, tables.terms, exact)
    claims = [_claim(r) for r in reasons]
    if unit is None:
        checked = check_allocation(terms=tables.terms, units=exact, claims=claims, lots=lots)
    else:
        checked = check_whole(terms=tables.terms, exact=exact, claims=claims, units=units, unit=unit, lots=lots)
    for at, (reason, block) in enumerate(zip(reasons, told["blocks"], strict=True), start=1):
        if block_record(reason) != block:
            raise _refuse(f"block {at} of {EXPLANATION}", "it says something else than the tables do")
    whole = None if unit is None else units
    shares = _shares(tables.terms, exact)
    whole_shares = None if whole is None else _shares(tables.terms, whole)
    found = FolderResult(
        terms=tables.terms,
        rules=tables.rules,
        exact=exact,
        whole=whole,
        unit=unit,
        shares=shares,
        whole_shares=whole_shares,
        reasons=reasons,
        lots=lots,
        checked=checked,
        explanation=told,
        extra=tuple(sorted(present - {*NEEDED, *SOMETIMES, REPORT})),
    )
    _compare_rows("allocation.csv", units_rows(exact=exact, whole=whole), rows)
    written = list(share_rows(exact=shares, by=tables.terms.by, whole=whole_shares))
    _compare_rows("shares.csv", written, _rows(folder / "shares.csv", SHARES[tables.terms.by]))
    _compare_digests(folder, found)
    return found


def _read_explanation(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BrokenFile(file=path.name, problem=f"over {MOST_BYTES // 1_000_000} megabytes, as no explanation is")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError):
        raise BrokenFile(file=path.name, problem="it is no JSON in UTF-8") from None
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise BrokenFile(file=path.name, problem=f"its form is not {FORM}")
    if not isinstance(told.get("blocks"), list) or not isinstance(told.get("files"), dict):
        raise BrokenFile(file=path.name, problem="it has no blocks or no list of files")
    return told


def _compare_names(told: Mapping[str, Any], present: set[str]) -> None:
    listed = set(told["files"])
    tables = {*NEEDED, *SOMETIMES} - {EXPLANATION}
    for name in sorted(listed - present):
        raise _refuse("the folder", f"{name} is missing")
    for name in sorted((present & tables) - listed):
        raise _refuse("the folder", f"{name} is there, and {EXPLANATION} does not list it")
    if not listed <= tables:
        raise _refuse(EXPLANATION, f"it lists {min(listed - tables)}, which is no part of a result")


def _read_tables(folder: Path, present: set[str]) -> RoundTables:
    by = {
        unguard_text(row.cells["term"]): unguard_text(row.cells["value"])
        for row in each_record(path=folder / "terms.csv", needed=("term", "value"))
    }
    if by not in ({"by": "need"}, {"by": "member"}):
        raise _refuse("terms.csv", "it must say by need or by member, and nothing else")
    way: By = "need" if by["by"] == "need" else "member"
    needs, offers = folder / "needs.csv", folder / "offers.csv"
    rest = {name.removesuffix(".csv"): folder / name if name in present else None for name in SOMETIMES}
    return read_round(needs=needs, offers=offers, by=way, **rest)


def _rows(path: Path, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(unguard_text(row.cells[c]) for c in columns) for row in each_record(path=path, needed=columns)]


def _read_units(path: Path) -> tuple[Units, Units, list[tuple[str, ...]]]:
    """Return the exact units and those told, both above 0 by need and offer, and the rows as they stand."""
    rows = _rows(path, ALLOCATION)
    exact: Units = {}
    told: Units = {}
    for need, offer, units, fraction in rows:
        where = f"{need} from {offer}"
        if (need, offer) in exact:
            raise _refuse(path.name, f"{where} stands in two rows")
        exact[need, offer] = _fraction(fraction, where)
        told[need, offer] = _decimal(units, where)
    return {k: v for k, v in exact.items() if v}, {k: v for k, v in told.items() if v}, rows


def _fraction(text: Any, where: str) -> Fraction:
    if not isinstance(text, str) or not _FRACTION.fullmatch(text):
        raise _refuse(where, f'"{str(text)[:40]}" is no fraction like 3360/23')
    return Fraction(text)


def _decimal(text: str, where: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,60}(?:\.[0-9]{1,12})?", text):
        raise _refuse(where, f'"{text[:40]}" is no amount')
    return Fraction(text)


def _read_lots(told: Mapping[str, Any]) -> dict[str, str]:
    lots = told.get("lots")
    if not isinstance(lots, dict) or not all(isinstance(need, str) for need in lots.values()):
        raise _refuse(EXPLANATION, "its lots must name a need for each offer that goes to one as a whole")
    return lots


def _read_blocks(told: Mapping[str, Any], terms: Terms, exact: Units) -> tuple[Reason, ...]:
    """Return the blocks with sums from the tables, whatever sums they state."""
    needs, offers = {n.id: n for n in terms.needs}, {o.id: o.units for o in terms.offers}
    received: dict[str, Fraction] = {}
    for (need, _), amount in exact.items():
        received[need] = received.get(need, Fraction(0)) + amount
    reasons = []
    for at, block in enumerate(told["blocks"], start=1):
        where = f"block {at} of {EXPLANATION}"
        if not isinstance(block, dict) or not _is_block(block):
            raise _refuse(where, "it is not in the form of a block")
        named = [needs[n] for n in block["needs"] if n in needs]
        if not named or len(named) != len(block["needs"]):
            raise _refuse(where, "it names a need that is not there, or none")
        reasons.append(
            Reason(
                priority=block["priority"],
                level=_fraction(block["exact"], where),
                resource=named[0].resource,
                needs=tuple(block["needs"]),
                members=tuple(sorted({n.member for n in named})),
                offers=tuple(block["offers"]),
                total=sum((offers.get(o, Fraction(0)) for o in block["offers"]), Fraction(0)),
                asked=sum((n.units for n in named), Fraction(0)),
                received=sum((received.get(n.id, Fraction(0)) for n in named), Fraction(0)),
                binding=block["binding"],
                inside_needs=tuple(block["inside_needs"]),
                inside_members=tuple((m[0], m[1], m[2]) for m in block["inside_members"]),
            )
        )
    return tuple(reasons)


def _is_block(block: Mapping[str, Any]) -> bool:
    texts = all(
        isinstance(block.get(k), list) and all(isinstance(t, str) for t in block[k])
        for k in ("needs", "offers", "inside_needs")
    )
    members = block.get("inside_members")
    return (
        texts
        and type(block.get("priority")) is int
        and type(block.get("binding")) is bool
        and isinstance(members, list)
        and all(isinstance(m, list) and [type(p) for p in m] == [str, str, int] for m in members)
    )


def _claim(reason: Reason) -> Claim:
    return Claim(
        priority=reason.priority,
        level=reason.level,
        needs=reason.needs,
        offers=reason.offers,
        total=reason.total,
        asked=reason.asked,
        received=reason.received,
        binding=reason.binding,
        inside_needs=reason.inside_needs,
        inside_members=reason.inside_members,
    )


def _shares(terms: Terms, units: Mapping[tuple[str, str], Fraction]) -> tuple[Share, ...]:
    received: dict[str, Fraction] = {}
    for (need_id, _), amount in units.items():
        received[need_id] = received.get(need_id, Fraction(0)) + amount
    groups: dict[tuple[str, str, int], list[str]] = {}
    needs = {n.id: n for n in terms.needs}
    for need in terms.needs:
        groups.setdefault((need.id if terms.by == "need" else need.member, need.resource, need.priority), []).append(
            need.id
        )
    return tuple(
        Share(
            needs=tuple(ids),
            member=needs[ids[0]].member,
            resource=resource,
            priority=priority,
            asked=sum((needs[i].units for i in ids), Fraction(0)),
            received=sum((received.get(i, Fraction(0)) for i in ids), Fraction(0)),
            weight=terms.weights.get(needs[ids[0]].member, Fraction(1)),
        )
        for (_, resource, priority), ids in sorted(groups.items())
    )


def _compare_rows(name: str, right: Sequence[Sequence[Any]], found: Sequence[tuple[str, ...]]) -> None:
    for at, (expected, stated) in enumerate(zip(right, found, strict=False), start=1):
        if tuple(map(str, expected)) != stated:
            raise _refuse(
                f"row {at} below the header of {name}",
                f"it says {', '.join(stated)}; {', '.join(map(str, expected))} follows from the rest",
            )
    if len(right) != len(found):
        raise _refuse(name, f"it has {len(found)} rows below its header, not {len(right)}")


def _compare_digests(folder: Path, found: FolderResult) -> None:
    told = found.explanation
    inputs = terms_tables(terms=found.terms, rules=found.rules)
    results = {name: (folder / name).read_text(encoding="utf-8-sig").replace("\r\n", "\n") for name in RESULTS}
    for name, text in sorted((inputs | results).items()):
        if told["files"].get(name) != digest_text(text):
            raise _refuse(name, f"it is not the table of which {EXPLANATION} gives the digest")
    unplaced = sorted(o.id for o in found.terms.offers if o.indivisible and o.units and o.id not in found.lots)
    right = {
        "by": found.terms.by,
        "inputs_sha256": digest_files(inputs),
        "result_sha256": digest_files(results),
        "resources": resource_records(terms=found.terms, shares=found.whole_shares or found.shares),
        "lots_given_to_nobody": unplaced,
    }
    for key, value in right.items():
        if told.get(key) != value:
            raise _refuse(EXPLANATION, f"its {key} is not what follows from the tables")


def _refuse(where: str, problem: str) -> AllocationDoesNotHold:
    return AllocationDoesNotHold(where=where, problem=problem)
