"""``comity commons mirror`` and ``comity commons serve``: keep a checked copy of releases, and give it to those near it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.errors import BadInput, BadParameter, ComityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.adapters.commons_sources import CommonsSource
    from comity.adapters.mirroring import Updated
    from comity.engines.record.notes import VerifierKey


@click.command()
@click.argument("source", metavar="URL|DIR")
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of the mirror."
)
@click.option(
    "--key", "key_texts", multiple=True, help="Public key of the log, as a line or a file; needed the first time."
)
@click.option("--rate", default="", help="Speed at most, such as 2MB/s, 500kB/s or 16Mbit/s.")
@click.option(
    "--only", multiple=True, metavar="REF", help="Only this release or version: SLUG or SLUG/LABEL; again for more."
)
@click.option(
    "--also",
    "others",
    multiple=True,
    metavar="URL|DIR",
    help="Take files from here too, where it is nearer; again for more.",
)
@click.option("--nearest", is_flag=True, help="Ask the server for its mirrors too, and take files from the nearest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def mirror(  # noqa: PLR0917  (click gives them by name)
    source: str,
    folder: Path,
    key_texts: tuple[str, ...],
    rate: str,
    only: tuple[str, ...],
    others: tuple[str, ...],
    nearest: bool,  # noqa: FBT001  (a flag of the command line)
    as_json: bool,  # noqa: FBT001  (a flag of the command line)
) -> None:
    """Copy the commons at URL, or from the mirror in DIR, or bring the copy up to date. Safe to stop and start at any moment.

    A version is taken in when the record proves its act and manifest, and each of its files has its SHA-256. Of a new version only
    the pieces are fetched that no earlier one has.

    Exit codes: 0 up to date; 4 something is not as it was released: it is named and was left out; 2 nothing could be done.
    """
    from comity.adapters.mirror_folders import hold_folder, make_mirror
    from comity.adapters.mirroring import update_mirror
    from comity.cli.files.commons.answers import ALTERED, end_with, read_keys, say

    try:
        opened = open_sources((source, *others), rate=rate, nearest=nearest)
        keys = read_keys(key_texts)
        with hold_folder(folder):
            kept = make_mirror(folder=folder, keys=keys, comes_from=source.rstrip("/"))
            done = update_mirror(source=opened, mirror=kept, only=only, tell=show_progress)
    except ComityError as error:
        end_with(error, as_json=as_json)
    except OSError as error:
        end_with(BadInput(problem=f"{folder} cannot be written: {error.strerror}."), as_json=as_json)
    given_up = tell_given_up(opened)
    sentences = _sentences(done, folder)
    sentences += [f"{name}: did not give what was released, or broke off; others gave it." for name in given_up]
    say({"ok": not done.refused, **_figures(done), "given_up": given_up}, sentences, as_json=as_json)
    if done.refused:
        sys.exit(ALTERED)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--listen", default="127.0.0.1:8091", show_default=True, help="HOST:PORT to answer on.")
def serve(folder: Path, listen: str) -> None:
    """Give what the mirror in DIR holds to those near it, read-only, until stopped; no network beyond is needed.

    Other mirrors follow it, and huggingface_hub downloads from it: set HF_ENDPOINT to the address and /hub. Each content is compared
    with its SHA-256 before it is first given. For many readers or an open network put a proxy with TLS in front.
    """
    from comity.adapters.mirror_folders import open_mirror
    from comity.adapters.mirror_server import MirrorServer, serve_until_stopped
    from comity.cli.files.commons.answers import end_with

    host, _, port = listen.rpartition(":")
    try:
        if not host or not port.isdigit() or not 0 <= int(port) <= 65_535:  # noqa: PLR2004  (the largest port)
            raise BadParameter(name="listen", found=listen[:80], allowed="HOST:PORT, such as 127.0.0.1:8091")
        server = MirrorServer(address=(host, int(port)), mirror=open_mirror(folder=folder))
    except ComityError as error:
        end_with(error, as_json=False)
    except OSError as error:
        click.echo(f"comity: {listen} cannot be listened on: {error.strerror}.", err=True)
        sys.exit(2)
    for address in serve_until_stopped(server):
        click.echo(f"{folder} is served at {address}/hub")
        sys.stdout.flush()


def open_sources(texts: Sequence[str], /, *, rate: str, nearest: bool) -> CommonsSource:
    """Return the sources of a command as one, which is closed when the command ends. One speed holds for all together.

    Raises BadParameter, BadInput, or what asking for a list of mirrors raises.
    """
    from comity.adapters.commons_sources import HttpCommons, open_commons
    from comity.adapters.several_commons import join_sources

    found = [open_commons(text=text, rate=rate) for text in texts]
    lines = [source for source in found if isinstance(source, HttpCommons)]
    for line in lines[1:]:
        line.pace = lines[0].pace
    joined = join_sources(sources=found, nearest=nearest)
    click.get_current_context().call_on_close(joined.close)
    return joined


def own_keys(source: CommonsSource, /) -> list[VerifierKey]:
    """Return the keys on which mirrors in folders rely themselves."""
    from comity.adapters.commons_sources import FolderCommons
    from comity.adapters.several_commons import sources_of

    return [key for one in sources_of(source) if isinstance(one, FolderCommons) for key in one.mirror.keys]


def tell_given_up(source: CommonsSource, /) -> list[str]:
    """Return the sources that were asked no more."""
    from comity.adapters.several_commons import SeveralCommons

    return list(source.given_up) if isinstance(source, SeveralCommons) else []


def show_progress(text: str) -> None:
    """Tell a person at a terminal what is being fetched."""
    if sys.stderr.isatty():
        click.echo(f"  {text}", err=True)


def _figures(done: Updated, /) -> dict[str, Any]:
    return {
        "added": done.added,
        "held": done.held,
        "files": done.files,
        "bytes_fetched": done.fetched,
        "bytes_reused": done.reused,
        "waiting": [{"version": reference, "reason": reason} for reference, reason in done.waiting],
        "gone": done.gone,
        "taken_down": done.taken_down,
        "refused": [{"version": reference, **error.as_dict()} for reference, error in done.refused],
    }


def _sentences(done: Updated, folder: Path, /) -> list[str]:
    from comity.cli.files.commons.answers import show_bytes

    found = [f"{reference}: taken in, proved by the record." for reference in done.added]
    found += [f"{r}: {reason}; left for the next run." for r, reason in done.waiting]
    found += [f"{r}: was taken down; kept here, and given to nobody." for r in done.taken_down]
    found += [f"{r}: the source lists it no longer; kept here." for r in done.gone]
    found += [f"{r}: NOT SOUND ({error.code}): {error}" for r, error in done.refused]
    moved = f"{show_bytes(done.fetched)} fetched, {show_bytes(done.reused)} taken from earlier versions"
    return [*found, f"{folder}: {len(done.added)} new, {done.held} there before; {moved}."]
