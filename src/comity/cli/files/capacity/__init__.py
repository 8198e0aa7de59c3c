"""Commands of capacity, for anyone who has tables of needs, offers or figures: no database, no server."""

from __future__ import annotations

import click

from comity.cli.late import LateGroup

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "allocate": (
        "comity.cli.files.capacity.allocating",
        "allocate",
        "Share offers out among needs fairly, and say why each share is what it is.",
    ),
    "check": (
        "comity.cli.files.capacity.allocating",
        "check",
        "See from its files alone whether a result is fair and holds together.",
    ),
    "what-if": (
        "comity.cli.files.capacity.allocating",
        "what_if",
        "Say whom more units would change, and by how much.",
    ),
    "pool": (
        "comity.cli.files.capacity.pooling",
        "pool",
        "Share a compute pool out by dominant resource fairness, for Slurm and Kueue too.",
    ),
    "check-pool": (
        "comity.cli.files.capacity.pooling",
        "check_pool",
        "See from its files alone whether the shares of a pool are fair and hold together.",
    ),
    "equity": (
        "comity.cli.files.capacity.measuring",
        "equity",
        "Measure how unevenly one column of a table is spread.",
    ),
}


@click.group(cls=LateGroup, table=COMMANDS)
def capacity() -> None:
    """Needs and offers: fair shares that anyone can check, and how evenly things are spread."""
