"""Commands of dialogue, for anyone who has a file of votes: no database, no server."""

from __future__ import annotations

import importlib

import click

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "analyse": (
        "comity.cli.files.dialogue.analyse",
        "analyse",
        "Find opinion groups and common ground in a file of votes.",
    ),
}


class DialogueGroup(click.Group):
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


@click.group(cls=DialogueGroup)
def dialogue() -> None:
    """Consultations: analyse the votes of one from a file."""
