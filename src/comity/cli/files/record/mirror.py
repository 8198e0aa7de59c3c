"""Keep a copy of a log that was checked before it was kept, and follow the log from there."""

from __future__ import annotations

import time
from pathlib import Path

import click

from comity.cli.files.record import Refused
from comity.cli.files.record.verify import BROKEN
from comity.errors import ComityError, RecordBroken


@click.command()
@click.argument("url")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--key", "key_texts", multiple=True, required=True, help="Public key of the log; again for a retired one."
)
@click.option("--follow", type=click.FloatRange(1, 86_400), help="Look again every so many seconds, until stopped.")
def mirror(url: str, folder: Path, key_texts: tuple[str, ...], follow: float | None) -> None:
    """Copy the log at URL into FOLDER, or bring the copy up to date. Safe to stop and start at any moment.

    Every entry is checked before it is kept. A log that forgot or changed what it had shown is refused, with both
    checkpoints kept in FOLDER/checkpoints as evidence; then it ends with 4.
    """
    from comity.adapters.log_mirror import update_mirror
    from comity.adapters.log_source import open_source
    from comity.engines.record.notes import parse_key

    while True:
        try:
            keys = [parse_key(text) for text in key_texts]
            done = update_mirror(source=open_source(url), folder=folder, keys=keys)
        except RecordBroken as broken:
            click.echo(f"NOT SOUND ({broken.code}): {broken}", err=True)
            raise SystemExit(BROKEN) from None
        except ComityError as error:
            if follow is None:
                raise Refused(str(error)) from None
            click.echo(f"{error} Trying again.", err=True)
        else:
            click.echo(f"{folder}: {done.size} entries, {done.added} new, {done.files} payloads and openings fetched.")
        if follow is None:
            return
        time.sleep(follow)
