"""``comity align PATH... --out DIR``, ``comity align compare``, ``evaluate`` and ``nearest``: no database, no server."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from comity.cli.files.compare import compare
from comity.cli.files.evaluate import evaluate
from comity.cli.files.nearest import nearest
from comity.cli.files.refusals import refuse
from comity.errors import ComityError

SOME_REFUSED = 3


OTHERS = {"compare": compare, "evaluate": evaluate, "nearest": nearest}


class AlignOrOther(click.Command):
    """A command whose first word may be that of another; a folder of that name is given as ``./evaluate``."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hand over to the other command where its name is the first word."""
        if args and args[0] in OTHERS:
            return OTHERS[args[0]].make_context(f"{info_name} {args[0]}", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)


@click.command(cls=AlignOrOther)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option(
    "--embedder",
    default="use-multilingual",
    show_default=True,
    metavar="NAME|none",
    help="Model of meaning; none compares by words alone.",
)
@click.option("--cache", type=click.Path(path_type=Path, dir_okay=False), help="File that keeps vectors between runs.")
@click.option(
    "--dask",
    default="",
    metavar="ADDRESS",
    help="tcp://HOST:PORT of a Dask scheduler whose workers help with a large collection.",
)
@click.option("--json", "as_json", is_flag=True, help="Print align.json to the output instead of sentences.")
def align(  # noqa: PLR0917  (the options of the command line)
    paths: tuple[Path, ...],
    out: Path,
    embedder: str,
    cache: Path | None,
    dask: str,
    as_json: bool,  # noqa: FBT001  (a flag)
) -> None:
    """Compare AI policies and strategies provision by provision.

    PATH is a document or a folder of them: our TOML, plain text, Markdown, HTML, or PDF with a text layer. Writes
    report.html, crosswalk.csv, convergence.csv, common_ground.csv, joint_actions.csv, joint_actions.json,
    provisions.jsonl, align.json, oscal-mapping.json and akoma-ntoso/ID.xml into DIR.

    `comity align compare OLD NEW` says what changed from one version of a document to another.
    `comity align evaluate` measures retrieval on a gold set; `comity align nearest` finds the nearest of very many vectors.

    Exit codes: 0 all files were read; 3 some were refused, the rest is done; 2 nothing could be done.
    """
    from comity.cli.files.line import align_paths, default_cache
    from comity.cli.files.outputs import write_outputs

    say = _speaker()
    demand_writable(out)
    try:
        aligned = align_paths(
            paths=paths, embedder_name=embedder, cache=cache or default_cache(), out=out, say=say, dask=dask
        )
        say("writing the report")
        summary = write_outputs(aligned=aligned, folder=out)
    except ComityError as error:
        refuse(error, as_json=as_json)
    except OSError as error:
        raise click.ClickException(
            f"{out} cannot be written ({error.strerror}). Choose another folder for --out."
        ) from None
    finally:
        say("")
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        _say_summary(summary, out)
    sys.exit(SOME_REFUSED if summary["refused"] else 0)


def demand_writable(out: Path) -> None:
    """End before any work where the results could not be written into ``out``; make nothing."""
    place = out.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise click.ClickException(f"{out} cannot be written. Choose another folder for --out.")


def _say_summary(summary: dict[str, Any], out: Path) -> None:
    counts = summary["counts"]
    click.echo(
        f"{counts['instruments']} instruments, {counts['provisions']} provisions, {counts['pairs']} suggested pairs."
    )
    for refused in summary["refused"]:
        click.echo(f"Refused: {refused['message']}", err=True)
    for warning in summary["warnings"]:
        click.echo(f"Note: {warning}", err=True)
    if summary["words_only_languages"]:
        languages = ", ".join(summary["words_only_languages"])
        click.echo(f"Compared by words alone, since the model does not know the language: {languages}.")
    click.echo(f"Read {out / 'report.html'} first.")


def _speaker() -> Any:
    """Return a function that shows one line of progress on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _line: None
    return lambda line: click.echo(f"\r\x1b[2K{line[:100]}", nl=False, err=True)
