"""Commands of the record. Those for anyone need no database; those for the operator are named as text and imported late."""

from __future__ import annotations

import importlib

import click

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


class RecordGroup(click.Group):
    """A group that imports its subcommands when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a subcommand, or None where there is no such name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and sentences without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, _, sentence) in COMMANDS.items()])


@click.group(cls=RecordGroup)
def record() -> None:
    """The public record: check it, copy it, witness it, keep it."""


class Refused(click.ClickException):
    """A refusal on the command line: its sentence on the error stream, exit code 2."""

    exit_code = 2
