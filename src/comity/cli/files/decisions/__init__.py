"""Commands of decisions, for anyone who has a file of ballots: no database, no server."""

from __future__ import annotations

import click

from comity.cli.late import LateGroup

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "tally": ("comity.cli.files.decisions.counting", "tally", "Count a file of ballots under a rule, with every step."),
    "verify": (
        "comity.cli.files.decisions.counting",
        "verify",
        "See whether the steps of a result lead to its outcome.",
    ),
    "rules": ("comity.cli.files.decisions.ruling", "rules", "List the rules of procedure that come with Comity."),
    "check": (
        "comity.cli.files.decisions.ruling",
        "check",
        "Read a rule of your own, and see it in words and numbers.",
    ),
}


@click.group(cls=LateGroup, table=COMMANDS)
def decisions() -> None:
    """Rules of procedure and ballots: from what members said to an outcome that anyone can check."""
