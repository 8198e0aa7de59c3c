"""Share out a round from the text of its tables, and work a published allocation out again from what its act made public.

The same tables give the same shares on every machine. Who draws on what may differ between solvers where several ways give the same
shares; so an act is checked by its shares, computed anew, and by the proof of each of its blocks.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.adapters.allocation_files import digest_files, explanation_of, result_tables
from comity.errors import ComityError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.adapters.capacity_tables import RoundTables

EXPLANATION = "explanation.json"
RESULTS = ("allocation.csv", "shares.csv")
TABLES = ("caps.csv", "eligible.csv", "needs.csv", "offers.csv", "terms.csv", "weights.csv")


@dataclass(frozen=True, slots=True)
class SharedOut:
    """What a round comes to: rows (need, offer, units) above 0, the reasons as JSON carries them, and the files that hold both."""

    units: tuple[tuple[str, str, Fraction], ...]
    explanation: dict[str, Any]
    files: Mapping[str, str]
    maker: str
    solver: str


def read_tables(*, files: Mapping[str, str]) -> RoundTables:
    """Return the terms of a round from the text of its tables. Raises what ``read_round`` raises."""
    from comity.adapters.capacity_tables import read_round

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = dict(_write(folder, {n: files[n] for n in TABLES if n in files}))
        rows = [line.split(",") for line in files["terms.csv"].splitlines()]
        return read_round(
            needs=held["needs.csv"],
            offers=held["offers.csv"],
            eligible=held.get("eligible.csv"),
            weights=held.get("weights.csv"),
            caps=held.get("caps.csv"),
            by="member" if ["by", "member"] in rows else "need",
        )


def share_out_tables(*, files: Mapping[str, str], unit: Fraction) -> SharedOut:
    """Return what the tables of a round come to, in multiples of a unit. Raises what reading or sharing out raises."""
    from comity.engines.capacity.allocating import allocate
    from comity.engines.capacity.whole_units import round_to_whole

    tables = read_tables(files=files)
    allocation = allocate(terms=tables.terms)
    whole = round_to_whole(allocation=allocation, unit=unit)
    explanation = explanation_of(allocation=allocation, rules=tables.rules, whole=whole)
    written = result_tables(allocation=allocation, whole=whole)
    return SharedOut(
        units=tuple((n, o, u) for (n, o), u in sorted(whole.units.items()) if u),
        explanation=explanation,
        files={**written, EXPLANATION: f"{json.dumps(explanation, indent=1, sort_keys=True)}\n"},
        maker=allocation.maker,
        solver=allocation.solver,
    )


def find_wrong_shares(act: dict[str, Any], payload: Any) -> str:
    """Return what does not fit in the act of a published allocation; empty where its shares follow from its tables.

    Of an allocation whose tables are closed the act holds the digests alone, and nothing is found.
    """
    try:
        return _find_wrong(act, payload)
    except ComityError as error:
        return str(error).rstrip(".")
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        return f"its payload does not hold what an allocation is computed from ({type(error).__name__})"


def _find_wrong(act: dict[str, Any], payload: Any, /) -> str:
    from comity.adapters.allocation_checks import check_folder

    if act.get("subject") != payload["round"]:
        return "it is of another round than its subject"
    if payload["closed"]:
        return "its tables are said to be closed, and are there" if payload.get("files") else ""
    files: dict[str, str] = payload["files"]
    if set(files) - {*TABLES, *RESULTS, EXPLANATION}:
        return "it holds files that are no part of an allocation"
    for said, names in (("input_sha256", TABLES), ("result_sha256", RESULTS)):
        if digest_files({n: files[n] for n in names if n in files}) != payload[said]:
            return f"its files have another {said} than it says"
    again = share_out_tables(files=files, unit=Fraction(payload["unit"]))
    if again.files["shares.csv"] != files["shares.csv"]:
        return "its shares are not those that its tables come to"
    with tempfile.TemporaryDirectory() as name:
        list(_write(Path(name), files))
        check_folder(folder=Path(name))
    return ""


def _write(folder: Path, files: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for name, text in files.items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="")
        yield name, path
