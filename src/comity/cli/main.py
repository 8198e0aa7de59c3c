"""The command ``comity``: each subcommand is imported only when it is called, so that ``--help`` stays quick."""

from __future__ import annotations

from typing import Any

import click

from comity import __version__
from comity.cli.late import LateGroup

# name: (module, function, one sentence for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "align": ("comity.cli.files.align", "align", "Compare a folder of AI policies; write a report and tables."),
    "dialogue": (
        "comity.cli.files.dialogue",
        "dialogue",
        "Consultations: analyse the votes of one from a file.",
    ),
    "decisions": (
        "comity.cli.files.decisions",
        "decisions",
        "Rules of procedure and ballots: count a file of ballots, check a rule.",
    ),
    "capacity": (
        "comity.cli.files.capacity",
        "capacity",
        "Needs and offers: share out fairly, check a result, measure equity.",
    ),
    "commons": (
        "comity.cli.files.commons",
        "commons",
        "Releases of models, data, tools and courses: see how open one is.",
    ),
    "up": ("comity.cli.server.up", "up", "Start everything on this machine and print one address."),
    "init": ("comity.cli.server.instance", "init", "Make an empty instance: a key, its settings, its tables."),
    "serve": ("comity.cli.server.run", "serve", "Serve the web pages."),
    "worker": ("comity.cli.server.run", "worker", "Run long work from the queue."),
    "migrate": ("comity.cli.server.instance", "migrate", "Bring the tables up to date."),
    "doctor": ("comity.cli.server.doctor", "doctor", "Say what is missing or unsafe, and how to mend it."),
    "body": ("comity.cli.server.body", "body", "Form the body of this instance from a file."),
    "load": ("comity.cli.server.load", "load", "Take documents into the collection of this instance."),
    "record": ("comity.cli.files.record", "record", "The public record: check it, copy it, witness it, keep it."),
    "backup": ("comity.cli.server.backup", "backup", "Write tables, files and keys of this instance to one file."),
    "restore": ("comity.cli.server.backup", "restore", "Put a backup in the place of this instance."),
    "account": ("comity.cli.server.account", "account", "Open, export or erase accounts."),
}


class MainGroup(LateGroup):
    """The group of everything, which also says what becomes of a database that does not answer."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand; a database that does not answer, or has no tables yet, is said in one sentence."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not type(error).__module__.startswith("django.db"):
                raise
            raise click.ClickException(
                f"The database cannot be used ({type(error).__name__}). Run: comity doctor, then comity migrate"
            ) from None


@click.group(cls=MainGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="comity")
def main() -> None:
    """Software on which countries cooperate on AI as equals."""
