"""``comity commons fetch``: one version into a plain folder, ready for use, each file checked."""

from __future__ import annotations

from pathlib import Path

import click

from comity.errors import BadInput, ComityError


@click.command()
@click.argument("name", metavar="REF")
@click.option(
    "--from", "source", required=True, metavar="URL|DIR", help="The address of a server, or the folder of a mirror."
)
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to put it in."
)
@click.option(
    "--key", "key_texts", multiple=True, help="Public key of the log, as a line or a file; a mirror knows its own."
)
@click.option("--rate", default="", help="Speed at most, such as 2MB/s.")
@click.option("--replace", is_flag=True, help="Replace files of the same paths, such as those of an earlier version.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def fetch(  # noqa: PLR0917  (click gives them by name)
    name: str,
    source: str,
    folder: Path,
    key_texts: tuple[str, ...],
    rate: str,
    replace: bool,  # noqa: FBT001  (a flag of the command line)
    as_json: bool,  # noqa: FBT001  (a flag of the command line)
) -> None:
    """Put the files of a version into a folder. REF is SLUG/LABEL, or SLUG for the latest. Safe to stop and start at any moment.

    The version is compared with the record, and each file with its SHA-256, before it stands under its name. Nothing is opened or run.

    Exit codes: 0 there; 4 something is not as it was released: it is named; 2 it could not be done.
    """
    from comity.adapters.commons_sources import FolderCommons, open_commons
    from comity.adapters.fetching import fetch_version
    from comity.cli.files.commons.answers import end_with, read_keys, say, show_bytes
    from comity.cli.files.commons.mirroring import show_progress

    try:
        opened = open_commons(text=source, rate=rate)
        click.get_current_context().call_on_close(opened.close)
        keys = [*read_keys(key_texts), *(opened.mirror.keys if isinstance(opened, FolderCommons) else ())]
        if not keys:
            raise BadInput(
                problem="Nothing is taken in that the record does not prove. Give the public key of the log with --key; "
                "the body tells it to whoever asks, and shows it at its address under record/key."
            )
        version, files, done = fetch_version(
            source=opened, name=name, folder=folder, keys=keys, replace=replace, tell=show_progress
        )
    except ComityError as error:
        end_with(error, as_json=as_json)
    except OSError as error:
        end_with(BadInput(problem=f"{folder} cannot be written: {error.strerror}."), as_json=as_json)
    told = {
        "ok": True,
        "version": version.reference,
        "files": [file.path for file in files],
        "bytes_fetched": done.fetched,
        "bytes_reused": done.reused,
    }
    moved = f"{show_bytes(done.fetched)} fetched, {show_bytes(done.reused)} taken from what was there"
    lines = [f"{version.reference}: {len(files)} files in {folder}, proved by the record; {moved}."]
    say(told, lines, as_json=as_json)
