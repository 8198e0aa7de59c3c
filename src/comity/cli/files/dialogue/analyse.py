"""``comity dialogue analyse VOTES.csv --out FILE.json``: what a consultation found, from the files of Polis or of Comity."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import BadParameter, ComityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.adapters.polis_files import PolisVotes

DAY = 86_400_000
A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("votes", type=A_FILE, metavar="VOTES.csv")
@click.option(
    "--comments", type=A_FILE, metavar="COMMENTS.csv", help="The words of the statements, and which were left out."
)
@click.option(
    "--participants",
    type=A_FILE,
    metavar="P.csv",
    help="Regions of participants, and groups that others found of them.",
)
@click.option("--out", required=True, type=A_FILE, metavar="FILE.json", help="File for all that was found.")
@click.option(
    "--draws",
    default=50,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="Samples for how firm the groups are; 0: none.",
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1), help="What those samples are drawn with."
)
@click.option(
    "--agree-is",
    default="1",
    show_default=True,
    type=click.Choice(["1", "-1"]),
    help="What agree is written as in VOTES.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the JSON to the output instead of sentences.")
def analyse(  # noqa: PLR0917  (the options of the command line)
    votes: Path,
    comments: Path | None,
    participants: Path | None,
    out: Path,
    draws: int,
    seed: int,
    agree_is: str,
    as_json: bool,  # noqa: FBT001  (a flag)
) -> None:
    """Find the groups of opinion in VOTES.csv, what tells them apart, and what all of them can agree with.

    VOTES.csv is `votes.csv` or `participants-votes.csv` of a Polis export, or of the open data of a dialogue here. Every figure
    comes with its interval; the same votes in any order give the same result. With COMMENTS.csv the statements stand there in
    words, and those that its moderators left out are left out.

    FILE.json holds single counts, however small: protect them before you publish.

    Exit codes: 0 done; 2 a file was refused, or FILE.json cannot be written.
    """
    from comity.cli.files.dialogue.telling import tell_analysis

    inputs = [p for p in (votes, comments, participants) if p is not None]
    try:
        _demand_place(out, inputs=inputs)
        found = analyse_files(
            votes=votes, comments=comments, participants=participants, draws=draws, seed=seed, agree_is=int(agree_is)
        )
    except ComityError as error:
        refuse(error, as_json=as_json)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    _write_whole(text, out=out)
    if as_json:
        click.echo(text, nl=False)
        return
    for line in tell_analysis(found=found):
        click.echo(line)
    click.echo(f"\nAll of it, with every count, is in {out}.")


def analyse_files(
    *,
    votes: Path,
    comments: Path | None = None,
    participants: Path | None = None,
    draws: int = 50,
    seed: int = 1,
    agree_is: int = 1,
) -> dict[str, Any]:
    """Return what FILE.json holds. Raises what reading the files raises, and BadParameter where the sign of the votes is wrong."""
    from comity.adapters.polis_files import demand_right_sign, gather_matrix, read_comments, read_votes
    from comity.cli.files.dialogue.figures import compose_figures
    from comity.engines.dialogue.analysis import analyse_dialogue

    held = read_votes(path=votes, agree_is=agree_is)
    words = read_comments(path=comments) if comments is not None else ()
    about = read_votes(path=participants, agree_is=agree_is) if participants is not None else held
    demand_right_sign(votes=held, comments=words, file=votes.name)
    left_out = {c.id for c in words if c.moderated < 0}
    texts = {c.id: c.text for c in words if c.id not in left_out}
    matrix = gather_matrix(votes=held)
    analysis = analyse_dialogue(
        votes=matrix,
        regions=about.regions,
        shown=[s for s in matrix.statements if s not in left_out] if left_out else None,
        draws=draws,
        seed=seed,
        texts=texts,
        times=_times_of_coming(held),
    )
    files = [("votes", votes), ("comments", comments), ("participants", participants)]
    return compose_figures(
        analysis=analysis,
        votes=matrix,
        texts={c.id: c.text for c in words},
        left_out=left_out,
        others=about.groups,
        input_sha256={name: _sha256(path) for name, path in files if path is not None},
    )


def _times_of_coming(held: PolisVotes) -> dict[str, int] | None:
    """Return when each participant first voted; None where the times are whole days, which say nothing of who followed whom."""
    import numpy as np

    if held.times is None or not (held.times % DAY).any():
        return None
    first = np.full(len(held.participants), np.iinfo(np.int64).max)
    np.minimum.at(first, held.who, held.times)
    return dict(zip(held.participants, first.tolist(), strict=True))


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _demand_place(out: Path, *, inputs: Sequence[Path]) -> None:
    """Refuse, before any work, a place that cannot be written or that is one of the files read."""
    if any(out.resolve() == p.resolve() for p in inputs):
        raise BadParameter(name="--out", found=out.name, allowed="another file than those that are read")
    if not out.absolute().parent.is_dir() or not os.access(out.absolute().parent, os.W_OK | os.X_OK):
        raise BadParameter(name="--out", found=str(out), allowed="a file in a folder that is there and can be written")


def _write_whole(text: str, *, out: Path) -> None:
    """Write a file whole or not at all; one of an earlier run is replaced."""
    part = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
