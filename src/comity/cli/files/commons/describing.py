"""``comity commons describe FILE|DIR``: write the description of a release in our form, from a record in the form of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from comity.errors import BadReleaseFile, ComityError


@click.command()
@click.argument("record", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option(
    "--nomination",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The nomination that belongs to a screening of a digital public good (JSON).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it; a file that is there stays as it is. Without it: the standard output.",
)
@click.option("--json", "as_json", is_flag=True, help="Say a refusal as JSON; the description is JSON anyway.")
def describe(record: Path, nomination: Path | None, out: Path | None, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Write comity-release.json from a Croissant, an RO-Crate, a model card, a model file of the Model Openness Tool, or the record of
    a digital public good.

    Of a DIR the files are looked at: each stands with its size and SHA-256, and what is not as the record says is refused. Of a FILE only
    what it says is taken over. What a form cannot say is not there, and nothing is made up. No address is opened.

    Exit codes: 0 written; 2 refused, and nothing is written.
    """
    from comity.cli.files.refusals import refuse

    try:
        text = json.dumps(describe_any(path=record, nomination=nomination), ensure_ascii=False, indent=1) + "\n"
        if out is not None:
            _write(out, text)
    except ComityError as error:
        refuse(error, as_json=as_json)
    if out is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"Written: {out}. Look through it: what the record could not say is missing.", err=True)


def describe_any(*, path: Path, nomination: Path | None = None) -> dict[str, Any]:
    """Return the description of a record or folder. Raises what its reader raises, and BadReleaseFile."""
    from comity.adapters.foreign_descriptions import describe_record
    from comity.adapters.release_folders import look_at_release
    from comity.adapters.release_writing import write_description

    if not path.is_dir():
        return describe_record(path=path, nomination=nomination)
    if nomination is not None:
        raise BadReleaseFile(file=path.name, where="--nomination", problem="it belongs to a screening, not to a folder")
    manifest = look_at_release(path=path)
    if manifest.unread:
        place, reason = manifest.unread[0]
        raise BadReleaseFile(file=path.name, where=place[:200], problem=reason)
    return write_description(manifest=manifest)


def _write(path: Path, text: str, /) -> None:
    try:
        with path.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise BadReleaseFile(file=path.name, where="--out", problem="it is there already, and stays as it is") from None
    except OSError as error:
        problem = f"it cannot be written: {error.strerror or error}"
        raise BadReleaseFile(file=path.name, where="--out", problem=problem) from None
