"""Form the body of this instance from a file."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.server import Refusal, open_instance
from comity.errors import ComityError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def body(file: Path) -> None:
    """Form an assembly with its committees and members from FILE (TOML): all of it, or nothing."""
    open_instance()
    from comity.adapters.body_files import read_body
    from comity.platform.parties.founding import found_body
    from comity.platform.parties.rules import Installation

    try:
        plan = read_body(path=file)
        formed = found_body(plan=plan, by=Installation())
    except ComityError as error:
        raise Refusal(error) from None
    name = plan.parts[0].names["en"]
    if not formed:
        click.echo(f"{name} is formed already; nothing was changed.")
        return
    click.echo(f"{name} is formed, with {len(plan.members)} parties and {len(plan.parts) - 1} committees and groups.")
