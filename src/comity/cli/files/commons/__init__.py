"""Commands of commons, for anyone who has the files of a release or its description: no database, no server."""

from __future__ import annotations

import click

from comity.cli.late import LateGroup

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "check": (
        "comity.cli.files.commons.checking",
        "check",
        "See how open a release is, part by part, from what is really in it.",
    ),
}


@click.group(cls=LateGroup, table=COMMANDS)
def commons() -> None:
    """Releases of models, data, tools and courses: how open they are, and what is in them."""
