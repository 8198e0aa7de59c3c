"""``comity commons publish``: send the files of a folder to a server and release them as a version."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.errors import BadParameter, BadReleaseFile, ComityError

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {"model": "model", "data": "dataset", "tool": "tool", "course": "course", "paper": "paper"}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--to", "address", required=True, metavar="URL", help="The server, such as https://comity.example.org.")
@click.option("--release", "slug", required=True, metavar="SLUG", help="The name of the release there.")
@click.option("--label", required=True, help="The version, such as 1.2; it never changes.")
@click.option("--body", required=True, metavar="SLUG", help="The body in which it is shared.")
@click.option("--authority", required=True, help="The rule or decision that allows it.")
@click.option("--title", "titles", multiple=True, metavar="LANG=TEXT", help="Its title; again for each language.")
@click.option("--summary", "summaries", multiple=True, metavar="LANG=TEXT", help="One sentence on it, likewise.")
@click.option("--author", "authors", multiple=True, help="Who made it; again for more. Public.")
@click.option("--provenance", default="", help="What it was made from, and how.")
@click.option(
    "--seen-by", "visibility", default="public", show_default=True, help="public, members or delegation:SLUG."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def publish(  # noqa: PLR0917  (click gives them by name)
    folder: Path,
    address: str,
    slug: str,
    label: str,
    body: str,
    authority: str,
    titles: tuple[str, ...],
    summaries: tuple[str, ...],
    authors: tuple[str, ...],
    provenance: str,
    visibility: str,
    as_json: bool,  # noqa: FBT001  (a flag of the command line)
) -> None:
    """Release the files in DIR as a version, with the token in COMITY_TOKEN. Safe to stop and start: what was sent is not sent again.

    What DIR holds is described by its comity-release.json or .toml; without one, by its model card and the names of its files.

    Exit codes: 0 released; 2 refused, and why; nothing is released in part.
    """
    from comity.adapters.publishing import open_publisher
    from comity.cli.files.commons.answers import printable
    from comity.cli.files.commons.telling import show_size
    from comity.cli.files.refusals import refuse

    try:
        publisher = open_publisher(address=address, token=os.environ.get("COMITY_TOKEN", ""))
        files, asked = _prepare(folder)
        named = _texts("title", titles) or {"en": asked["description"]["name"]}
        asked |= {
            "body": body,
            "authority": authority,
            "titles": named,
            "summaries": _texts("summary", summaries),
            "authors": list(authors),
            "provenance": provenance,
            "visibility": visibility.partition(":")[0],
            "audience": visibility if ":" in visibility else "",
        }
        for path, (sha256, size) in files.items():
            went = publisher.send_file(path=folder / path, sha256=sha256, size=size)
            if not as_json:
                click.echo(f"{path}: {show_size(size)}{'' if went else ', there already'}", err=True)
        told = publisher.release(slug=slug, label=label, asked=asked)
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps({"ok": True, "bytes_sent": publisher.sent, **told}, ensure_ascii=False, indent=1))
        return
    click.echo(printable(f"Released {told['reference']}: {len(files)} files, {show_size(publisher.sent)} sent."))
    click.echo(printable(f"  manifest {told['manifest_sha256']}, act {told['act']}"))
    sys.stdout.flush()


def _prepare(folder: Path, /) -> tuple[dict[str, tuple[str, int]], dict[str, Any]]:
    """Return digest and size of each file by path, and what is asked of the server on them."""
    from comity.adapters.release_folders import look_at_release
    from comity.adapters.release_writing import write_description

    manifest = look_at_release(path=folder)
    if manifest.unread:
        path, reason = manifest.unread[0]
        raise BadReleaseFile(file=folder.name, where=path[:200], problem=reason)
    found = {f.path: (f.sha256, f.size) for c in manifest.components for f in c.files}
    asked = {
        "kind": KINDS[manifest.type],
        "files": {path: sha256 for path, (sha256, _) in sorted(found.items())},
        "description": write_description(manifest=manifest),
    }
    return dict(sorted(found.items())), asked


def _texts(name: str, given: Sequence[str], /) -> dict[str, str]:
    found = {}
    for one in given:
        language, sign, text = one.partition("=")
        if not sign or not text.strip():
            raise BadParameter(name=name, found=one[:60], allowed='LANG=TEXT, such as "fr=Liste de mots"')
        found[language.strip()] = text.strip()
    return found
