"""Commands of the record. Those for anyone need no database; those for the operator are named as text and imported late."""

from __future__ import annotations

import click

from comity.cli.late import LateGroup

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "verify": (
        "comity.cli.files.record.verify",
        "verify",
        "Check a log, a mirror or a receipt, offline or at an address.",
    ),
    "mirror": ("comity.cli.files.record.mirror", "mirror", "Keep a checked copy of a log, and follow it."),
    "witness": ("comity.cli.files.record.witness", "witness", "Cosign checkpoints of logs for others."),
    "keygen": ("comity.cli.files.record.keygen", "keygen", "Make or change the key of a log or a witness."),
    "sequence": ("comity.cli.server.record", "sequence", "Take waiting acts into the log (the worker does it too)."),
    "status": ("comity.cli.server.record", "status", "Say how the log of this instance stands."),
    "ask-witnesses": ("comity.cli.server.record", "ask", "Ask witnesses to sign the latest checkpoint."),
    "reconcile": ("comity.cli.server.record", "reconcile", "Let a log that was stopped sign again."),
}


@click.group(cls=LateGroup, table=COMMANDS)
def record() -> None:
    """The public record: check it, copy it, witness it, keep it."""


class Refused(click.ClickException):
    """A refusal on the command line: its sentence on the error stream, exit code 2."""

    exit_code = 2
