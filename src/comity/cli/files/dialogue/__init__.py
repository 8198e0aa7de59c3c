"""Commands of dialogue, for anyone who has a file of votes: no database, no server."""

from __future__ import annotations

import click

from comity.cli.late import LateGroup

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "analyse": (
        "comity.cli.files.dialogue.analyse",
        "analyse",
        "Find opinion groups and common ground in a file of votes.",
    ),
}


@click.group(cls=LateGroup, table=COMMANDS)
def dialogue() -> None:
    """Consultations: analyse the votes of one from a file."""
