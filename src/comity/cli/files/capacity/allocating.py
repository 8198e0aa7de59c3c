"""``comity capacity allocate``: fair shares of offers among needs, with the reasons; ``check`` proves a result from its files."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import AllocationDoesNotHold, ComityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.adapters.allocation_checks import FolderResult
    from comity.adapters.capacity_tables import RoundTables
    from comity.engines.capacity.results import Allocation
    from comity.engines.capacity.whole_units import WholeAllocation

A_FILE = click.Path(path_type=Path, dir_okay=False)
A_FOLDER = click.Path(path_type=Path, file_okay=True)
HOLDS_NOT = 1


@click.command()
@click.option(
    "--needs",
    required=True,
    type=A_FILE,
    metavar="NEEDS.csv",
    help="need, member, resource, units and, if wished, priority.",
)
@click.option(
    "--offers",
    required=True,
    type=A_FILE,
    metavar="OFFERS.csv",
    help="offer, resource, units; per_member, indivisible.",
)
@click.option(
    "--eligible", type=A_FILE, metavar="PAIRS.csv", help="need, offer; without it, each need may draw on each offer."
)
@click.option(
    "--by", type=click.Choice(["need", "member"]), default="need", show_default=True, help="What is treated alike."
)
@click.option("--whole", is_flag=True, help="Give whole units: each exact share rounded down or up.")
@click.option(
    "--weights", type=A_FILE, metavar="WEIGHTS.csv", help="member, weight, and the published rule that says so."
)
@click.option(
    "--caps", type=A_FILE, metavar="CAPS.csv", help="member, resource, units at most, rule; with --by member."
)
@click.option(
    "--solver", type=click.Choice(["scipy", "ortools"]), default="scipy", show_default=True, help="Who finds flows."
)
@click.option("--json", "as_json", is_flag=True, help="Print explanation.json instead of sentences.")
@click.option("--out", required=True, type=A_FOLDER, metavar="DIR", help="The folder for the result.")
def allocate(  # noqa: PLR0917  (the options of the command line)
    needs: Path,
    offers: Path,
    eligible: Path | None,
    by: str,
    whole: bool,  # noqa: FBT001  (a flag)
    weights: Path | None,
    caps: Path | None,
    solver: str,
    as_json: bool,  # noqa: FBT001  (a flag)
    out: Path,
) -> None:
    """Share OFFERS.csv out among NEEDS.csv, so that nobody can gain except from someone who has less.

    The smallest share of what was asked is made as large as it can be, then the next; units of two resources never add up. DIR gets
    allocation.csv (who receives what from whom), shares.csv, explanation.json with the cut that proves each share, report.txt,
    and the tables themselves, so that `comity capacity check DIR` proves the result again.

    What is computed is a suggestion; who decides may differ from it.

    Exit codes: 0 shared out; 2 a file or an option was refused.
    """
    from comity.adapters.allocation_checks import EXPLANATION, NEEDED, REPORT, SOMETIMES
    from comity.adapters.allocation_files import explanation_of
    from comity.adapters.capacity_tables import read_round
    from comity.adapters.flow_solvers import find_solver
    from comity.adapters.pool_files import EXPLANATION as OF_A_POOL
    from comity.cli.files.capacity.result_folder import demand_folder, write_folder
    from comity.engines.capacity.allocating import allocate as share_out
    from comity.engines.capacity.whole_units import round_to_whole

    try:
        names = (*NEEDED, *SOMETIMES, REPORT)
        read = [p for p in (needs, offers, eligible, weights, caps) if p]
        demand_folder(out=out, inputs=read, names=names, others={OF_A_POOL: "comity capacity pool"})
        found = find_solver(name=solver)
        tables = read_round(
            needs=needs,
            offers=offers,
            eligible=eligible,
            weights=weights,
            caps=caps,
            by="member" if by == "member" else "need",
        )
        allocation = share_out(terms=tables.terms, solver=found)
        rounded = round_to_whole(allocation=allocation, solver=found) if whole else None
        explanation = explanation_of(allocation=allocation, rules=tables.rules, whole=rounded)
        report = "\n".join(_tell(tables, allocation, rounded)) + "\n"
        contents = _contents(tables, allocation, rounded, explanation=explanation, report=report)
        write_folder(out=out, contents=contents, names=names, last=EXPLANATION)
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps(explanation, ensure_ascii=False, indent=1))
        return
    click.echo(report, nl=False)
    click.echo(f"\nWritten to {out}{os.sep}. Prove it again: comity capacity check {out}")


def _contents(
    tables: RoundTables,
    allocation: Allocation,
    whole: WholeAllocation | None,
    *,
    explanation: Mapping[str, Any],
    report: str,
) -> dict[str, str]:
    from comity.adapters.allocation_files import result_tables, terms_tables

    return {
        **terms_tables(terms=tables.terms, rules=tables.rules),
        **result_tables(allocation=allocation, whole=whole),
        "explanation.json": json.dumps(explanation, ensure_ascii=False, indent=1) + "\n",
        "report.txt": report,
    }


def _tell(tables: RoundTables, allocation: Allocation, whole: WholeAllocation | None) -> list[str]:
    from comity.cli.files.capacity.allocation_telling import tell_allocation

    return list(
        tell_allocation(
            terms=tables.terms,
            reasons=allocation.reasons,
            shares=whole.shares if whole else allocation.shares,
            lots=allocation.lots,
            unit=whole.unit if whole else None,
            rules=tables.rules,
        )
    )


@click.command()
@click.argument("folder", type=A_FOLDER, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(folder: Path, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Prove from the files in DIR alone that a result is possible and fair, and that its reasons are the right ones.

    Every amount is compared with the tables, and every cut is added up: the needs named in it can draw on nothing but the offers
    named in it. Nothing is allocated again, and who computed the result need not be trusted.

    Exit codes: 0 it holds; 1 it does not; 2 a file cannot be read.
    """
    from comity.adapters.allocation_checks import check_folder

    try:
        found = check_folder(folder=folder)
    except AllocationDoesNotHold as error:
        click.echo(
            json.dumps({"holds": False, "error": error.as_dict()}, ensure_ascii=False)
            if as_json
            else f"Does not hold. {error}"
        )
        raise SystemExit(HOLDS_NOT) from None
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps(_found(found), ensure_ascii=False, indent=1))
        return
    for line in _tell_check(found, folder):
        click.echo(line)


def _found(found: FolderResult) -> dict[str, Any]:
    return {
        "holds": True,
        "by": found.terms.by,
        "needs": found.checked.needs,
        "offers": found.checked.offers,
        "groups": found.checked.groups,
        "blocks": len(found.reasons),
        "unit": None if found.unit is None else str(found.unit),
        "resources": found.explanation["resources"],
        "inputs_sha256": found.explanation["inputs_sha256"],
        "result_sha256": found.explanation["result_sha256"],
        "not_part_of_it": list(found.extra),
    }


def _tell_check(found: FolderResult, folder: Path) -> list[str]:
    from comity.cli.files.capacity.allocation_telling import tell_allocation

    blocks = len(found.reasons)
    lines = [
        f"It holds: {found.checked.needs:,} needs, {found.checked.offers:,} offers, {blocks:,} "
        f"{'share, proved by its' if blocks == 1 else 'different shares, each proved by its'} cut.",
        "",
    ]
    told = list(
        tell_allocation(
            terms=found.terms,
            reasons=found.reasons,
            shares=found.whole_shares or found.shares,
            lots=found.lots,
            unit=found.unit,
            rules=found.rules,
        )
    )
    lines += told
    lines += ["", f"Digest of the tables: {found.explanation['inputs_sha256']}"]
    lines.append(
        "Compare it with the digest that was published, to be sure that these are the needs and offers of the round."
    )
    if found.unit is not None:
        lines.append("Not proved: who was rounded up and who down. Compute the result again for that.")
    if any(o.indivisible for o in found.terms.offers):
        lines.append("Not proved: which need an offer goes to as a whole. Compute the result again for that.")
    report = folder / "report.txt"
    if report.is_file() and report.read_text(encoding="utf-8", errors="replace").splitlines() != told:
        lines.append("report.txt says something else than stands above, which follows from the tables.")
    lines += [f"Not part of the result: {name}" for name in found.extra]
    return lines


@click.command()
@click.argument("folder", type=A_FOLDER, metavar="DIR")
@click.option("--resource", help="Add a new offer of this resource.")
@click.option("--offer", help="Add to this offer instead.")
@click.option("--units", required=True, help="How many units more, like 1000; fewer is possible for an offer: -1000.")
@click.option(
    "--needs", help="The needs that the new offer is open to, parted by commas; without it, all of its resource."
)
@click.option("--json", "as_json", is_flag=True, help="Print each change as JSON.")
def what_if(  # noqa: PLR0917  (the options of the command line)
    folder: Path,
    resource: str | None,
    offer: str | None,
    units: str,
    needs: str | None,
    as_json: bool,  # noqa: FBT001  (a flag)
) -> None:
    """Say whom more units would change, and by how much, beside the result in DIR.

    The result is proved first, as by `comity capacity check`; then both are computed exactly, in fractions. Nothing is written.

    Exit codes: 0 compared; 1 the result in DIR does not hold; 2 a file or an option was refused.
    """
    from comity.adapters.allocation_checks import check_folder
    from comity.engines.capacity.allocating import allocate as share_out
    from comity.engines.capacity.what_if import add_units, compare_allocations

    try:
        terms = check_folder(folder=folder).terms
        changed = add_units(
            terms=terms,
            units=_read_units(units),
            offer=offer,
            resource=resource,
            needs=None if needs is None else [n.strip() for n in needs.split(",") if n.strip()],
        )
        found = compare_allocations(before=share_out(terms=terms), after=share_out(terms=changed))
    except AllocationDoesNotHold as error:
        click.echo(
            json.dumps({"holds": False, "error": error.as_dict()}, ensure_ascii=False)
            if as_json
            else f"Does not hold. {error}"
        )
        raise SystemExit(HOLDS_NOT) from None
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        from comity.adapters.allocation_files import comparison_of

        click.echo(json.dumps(comparison_of(comparison=found), ensure_ascii=False, indent=1))
        return
    from comity.cli.files.capacity.allocation_telling import tell_comparison

    for line in tell_comparison(found=found, by=terms.by):
        click.echo(line)


def _read_units(text: str) -> Fraction:
    import re

    from comity.errors import BadParameter

    if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,20}|/[1-9][0-9]{0,29})?", text):
        raise BadParameter(name="--units", found=text[:40], allowed="an amount like 1234.5, or a fraction like 1/3")
    return Fraction(text)
