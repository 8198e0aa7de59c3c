"""How every file command says that it cannot do what was asked: one sentence, or JSON where that was asked for."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from comity.errors import ComityError

CANNOT = 2


def refuse(error: ComityError, *, as_json: bool) -> NoReturn:
    """Say a refusal, as a sentence or as JSON, and end with exit code 2."""
    if as_json:
        click.echo(json.dumps({"error": error.as_dict()}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"comity: {error}", err=True)
    sys.exit(CANNOT)
