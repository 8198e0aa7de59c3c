"""``comity capacity pool``: shares of a compute pool by dominant resource fairness; ``check-pool`` proves them from their files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import AllocationDoesNotHold, ComityError

if TYPE_CHECKING:
    from comity.adapters.pool_checks import FolderPool

A_FILE = click.Path(path_type=Path, dir_okay=False)
A_FOLDER = click.Path(path_type=Path, file_okay=True)
HOLDS_NOT = 1


@click.command()
@click.option(
    "--demands",
    required=True,
    type=A_FILE,
    metavar="DEMANDS.csv",
    help="member, resource, units; tasks: how many times that at most, or any.",
)
@click.option(
    "--pool",
    required=True,
    type=A_FILE,
    metavar="POOL.csv",
    help="resource, units; slurm, slurm_factor, kueue, kueue_factor.",
)
@click.option("--use", type=A_FILE, metavar="USE.csv", help="member, resource, units, day: what was used before.")
@click.option("--half-life", metavar="DAYS", help="After how long past use counts half, like 30d or 4w.")
@click.option("--as-of", metavar="DAY", help="The day from which past use is counted back, like 2026-11-29.")
@click.option(
    "--weights", type=A_FILE, metavar="WEIGHTS.csv", help="member, weight, and the published rule that says so."
)
@click.option("--whole", is_flag=True, help="Give whole tasks, one by one.")
@click.option("--slurm", metavar="CLUSTER", help="Write slurm.cfg too, for the cluster of this name in Slurm.")
@click.option("--kueue", metavar="COHORT", help="Write kueue.yaml too, for a cohort of this name in Kueue.")
@click.option("--json", "as_json", is_flag=True, help="Print pool.json instead of sentences.")
@click.option("--out", required=True, type=A_FOLDER, metavar="DIR", help="The folder for the result.")
def pool(  # noqa: PLR0917  (the options of the command line)
    demands: Path,
    pool: Path,
    use: Path | None,
    half_life: str | None,
    as_of: str | None,
    weights: Path | None,
    whole: bool,  # noqa: FBT001  (a flag)
    slurm: str | None,
    kueue: str | None,
    as_json: bool,  # noqa: FBT001  (a flag)
    out: Path,
) -> None:
    """Share POOL.csv out among the members of DEMANDS.csv, by the largest part of any resource that each receives.

    Those parts rise alike until a member has all that it asks or a resource that it needs is used up. DIR gets shares.csv,
    received.csv, pool.json with what holds each member back, report.txt, slurm.cfg and kueue.yaml where they are asked for, and the
    tables themselves, so that `comity capacity check-pool DIR` proves the result again.

    What is computed is a suggestion; who decides may differ from it.

    Exit codes: 0 shared out; 2 a file or an option was refused.
    """
    from comity.adapters.allocation_checks import EXPLANATION as OF_AN_ALLOCATION
    from comity.adapters.kueue_shares import demand_cohort
    from comity.adapters.pool_files import ALL_FILES, EXPLANATION, Settings, folder_files
    from comity.adapters.pool_tables import read_clock, read_pool
    from comity.adapters.slurm_shares import demand_cluster
    from comity.cli.files.capacity.pool_telling import tell_pool
    from comity.cli.files.capacity.result_folder import demand_folder, write_folder
    from comity.engines.capacity.pool import share_pool
    from comity.engines.capacity.pool_whole import share_whole_tasks

    try:
        read = [p for p in (demands, pool, use, weights) if p]
        demand_folder(out=out, inputs=read, names=ALL_FILES, others={OF_AN_ALLOCATION: "comity capacity allocate"})
        settings = Settings(
            whole=whole,
            slurm=None if slurm is None else demand_cluster(name=slurm),
            kueue=None if kueue is None else demand_cohort(name=kueue),
        )
        clock = read_clock(half_life=half_life, as_of=as_of)
        tables = read_pool(demands=demands, pool=pool, use=use, weights=weights, clock=clock)
        result = share_whole_tasks(terms=tables.terms) if whole else share_pool(terms=tables.terms)
        report = "\n".join(tell_pool(tables=tables, result=result, settings=settings)) + "\n"
        contents = folder_files(tables=tables, result=result, settings=settings, report=report)
        write_folder(out=out, contents=contents, names=ALL_FILES, last=EXPLANATION)
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(contents[EXPLANATION], nl=False)
        return
    click.echo(report, nl=False)
    click.echo(f"\nWritten to {out}{os.sep}. Prove it again: comity capacity check-pool {out}")


@click.command()
@click.argument("folder", type=A_FOLDER, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check_pool(folder: Path, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Prove from the files in DIR alone that shares of a pool are possible and fair, and that slurm.cfg and kueue.yaml say the same.

    Every member that could use more must name a resource that is used up and of which nobody with more has any. Nothing is shared
    out again, and who computed the result need not be trusted.

    Exit codes: 0 it holds; 1 it does not; 2 a file cannot be read.
    """
    from comity.adapters.pool_checks import check_pool_folder

    try:
        found = check_pool_folder(folder=folder)
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


def _found(found: FolderPool) -> dict[str, Any]:
    return {
        "holds": True,
        "members": found.checked.members,
        "with_all_they_ask": found.checked.with_all,
        "resources": found.checked.resources,
        "used_up": found.checked.used_up,
        "inputs_sha256": found.explanation["inputs_sha256"],
        "result_sha256": found.explanation["result_sha256"],
        "not_part_of_it": list(found.extra),
    }


def _tell_check(found: FolderPool, folder: Path) -> list[str]:
    from comity.adapters.pool_files import REPORT
    from comity.cli.files.capacity.pool_telling import tell_pool

    checked = found.checked
    told = list(tell_pool(tables=found.tables, result=found.result, settings=found.settings))
    lines = [
        f"It holds: {checked.members:,} {'member' if checked.members == 1 else 'members'}, of which {checked.with_all:,} "
        f"{'has' if checked.with_all == 1 else 'have'} all they ask; {checked.used_up:,} of {checked.resources:,} "
        f"{'resource is' if checked.resources == 1 else 'resources are'} used up.",
        "",
        *told,
        "",
        f"Digest of the tables: {found.explanation['inputs_sha256']}",
        "Compare it with the digest that was published, to be sure that these are the demands and the pool of the round.",
    ]
    report = folder / REPORT
    if report.is_file() and report.read_text(encoding="utf-8", errors="replace").splitlines() != told:
        lines.append("report.txt says something else than stands above, which follows from the tables.")
    lines += [f"Not part of the result: {name}" for name in found.extra]
    return lines
