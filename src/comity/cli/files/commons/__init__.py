"""Commands of commons, for anyone who has the files of a release or its description; that of the operator is named as text."""

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
    "describe": (
        "comity.cli.files.commons.describing",
        "describe",
        "Write the description of a release from what others wrote of it.",
    ),
    "evaluations": (
        "comity.cli.files.commons.evaluating",
        "evaluations",
        "Read logs of evaluations: figures with intervals, together where that is sound.",
    ),
    "publish": (
        "comity.cli.files.commons.publishing",
        "publish",
        "Send the files of a folder to a server, and release them as a version.",
    ),
    "mirror": ("comity.cli.files.commons.mirroring", "mirror", "Keep a checked copy of the commons, and follow it."),
    "verify": (
        "comity.cli.files.commons.bundling",
        "verify",
        "Read a mirror or a bundle whole, and name what was altered.",
    ),
    "bundle": ("comity.cli.files.commons.bundling", "bundle", "Write releases into one signed file for a disk."),
    "load": ("comity.cli.files.commons.bundling", "load", "Take a bundle into a mirror, without a network."),
    "fetch": ("comity.cli.files.commons.fetching", "fetch", "Put one version into a folder, ready for use."),
    "serve": ("comity.cli.files.commons.mirroring", "serve", "Give what a mirror holds to those near it."),
    "compare": ("comity.cli.server.mirrors", "compare", "Compare the named mirrors with what this server released."),
}


@click.group(cls=LateGroup, table=COMMANDS)
def commons() -> None:
    """Releases of models, data, tools and courses: how open they are, and what is in them."""
