"""How the commands of mirrors and bundles say what was altered: by name, on the error stream, with an exit code of its own."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from comity.cli.files.refusals import CANNOT, refuse
from comity.errors import BadParameter, MalformedNote, NotAsReleased, RecordBroken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.record.notes import VerifierKey
    from comity.errors import ComityError

ALTERED = 4
"""Something is not as it was released; as in ``comity record verify``."""


def end_with(error: ComityError, *, as_json: bool) -> NoReturn:
    """Say a refusal and end: with 4 where something was altered or forged, else with 2."""
    if not isinstance(error, (NotAsReleased, RecordBroken)):
        if as_json:
            refuse(error, as_json=True)
        click.echo(printable(f"comity: {error}"), err=True)
        sys.exit(CANNOT)
    if as_json:
        click.echo(json.dumps({"ok": False, **error.as_dict()}, ensure_ascii=False))
    else:
        click.echo(printable(f"NOT SOUND ({error.code}): {error}"), err=True)
    sys.exit(ALTERED)


def say(found: dict[str, Any], sentences: Sequence[str], *, as_json: bool) -> None:
    """Say what was done, as sentences or as one JSON object."""
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for sentence in sentences:
            click.echo(printable(sentence))


def printable(text: str, /) -> str:
    """Return a text without what a name from outside could put into a terminal."""
    from comity.cli.files.commons.telling import UNPRINTED

    return UNPRINTED.sub("?", text)


def read_keys(texts: Sequence[str], /) -> list[VerifierKey]:
    """Return public keys, each from its own line or from a file that holds it. Raises BadParameter."""
    from pathlib import Path

    from comity.engines.record.notes import parse_key

    found = []
    for text in texts:
        path = Path(text)
        try:
            found.append(parse_key(path.read_text(encoding="utf-8") if "+" not in text and path.is_file() else text))
        except (MalformedNote, UnicodeDecodeError, OSError):
            allowed = "a line NAME+ID+KEY, or a file that holds one"
            raise BadParameter(name="key", found=text[:120], allowed=allowed) from None
    return found


def show_bytes(count: int, /) -> str:
    """Return a number of bytes in the unit that suits it."""
    from comity.cli.files.commons.telling import show_size

    return show_size(count)
