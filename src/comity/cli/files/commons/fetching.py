"""``comity commons fetch``: one version into a plain folder, ready for use, each file checked."""

from __future__ import annotations

from pathlib import Path

import click

from comity.errors import BadInput, ComityError


@click.command()
@click.argument("name", metavar="REF")
@click.option(
    "--from",
    "sources",
    required=True,
    multiple=True,
    metavar="URL|DIR",
    help="The address of a server, or the folder of a mirror; again for more: files come from the nearest.",
)
@click.option(
    "--nearest", is_flag=True, help="Ask the first server for its mirrors too, and take files from the nearest."
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
    sources: tuple[str, ...],
    nearest: bool,  # noqa: FBT001  (a flag of the command line)
    folder: Path,
    key_texts: tuple[str, ...],
    rate: str,
    replace: bool,  # noqa: FBT001  (a flag of the command line)
    as_json: bool,  # noqa: FBT001  (a flag of the command line)
) -> None:
    """Put the files of a version into a folder. REF is SLUG/LABEL, or SLUG for the latest. Safe to stop and start at any moment.

    The version is compared with the record, and each file with its SHA-256, before it stands under its name. Nothing is opened or run.
    Its description stands beside the files as comity-release.json, so that `comity commons check DIR` finds what the server found.

    Exit codes: 0 there; 4 something is not as it was released: it is named; 2 it could not be done.
    """
    from comity.adapters.fetching import fetch_version
    from comity.cli.files.commons.answers import end_with, read_keys, say, show_bytes
    from comity.cli.files.commons.mirroring import open_sources, own_keys, show_progress, tell_given_up

    try:
        opened = open_sources(sources, rate=rate, nearest=nearest)
        # The keys of a folder count only where nobody gave one: whoever wrote the folder chose them.
        keys = read_keys(key_texts) or own_keys(opened)
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
        "given_up": tell_given_up(opened),
        "keys": [key.text for key in keys],
    }
    moved = f"{show_bytes(done.fetched)} fetched, {show_bytes(done.reused)} taken from what was there"
    lines = [f"{version.reference}: {len(files)} files in {folder}, proved by the record; {moved}."]
    lines += [
        f"{name}: did not give what was released, or broke off; others gave it." for name in tell_given_up(opened)
    ]
    if not key_texts:
        lines.append(f"Relied on the key in the mirror's own folder: {', '.join(key.text for key in keys)}.")
    say(told, lines, as_json=as_json)
