"""Back the instance up into one file, and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.server import Refusal, open_instance
from comity.errors import ComityError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write tables, files and keys to FILE. Pages go on meanwhile. Whoever holds FILE holds the keys: keep it safe."""
    open_instance()
    from comity.platform.record.backups import back_up
    from comity.platform.record.log import open_log

    try:
        made = back_up(target=file.absolute(), log=open_log())
    except ComityError as error:
        raise Refusal(error) from None
    click.echo(
        f"{file}: {made.bytes / 1e6:.1f} MB, readable by you alone; {made.files} files and the {made.database} database; "
        f"the log stands at {made.size} entries."
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of an instance that holds acts.")
@click.confirmation_option(prompt="Put the backup in the place of this instance?")
def restore(file: Path, replace: bool) -> None:  # noqa: FBT001  (a flag of the command line)
    """Put the backup FILE in the place of this instance. Stop the server and the worker first.

    Everything is checked before anything is replaced. The log then signs nothing until: comity record reconcile
    """
    from comity.cli.server.queue import is_only_worker

    if not is_only_worker():
        raise click.ClickException("A worker runs on this data folder. Stop it, and the server, first.")
    open_instance()
    from comity.cli.server.instance import prepare_tables
    from comity.platform.record import backups

    try:
        found = backups.restore(source=file.absolute(), replace=replace)
        prepare_tables()
        backups.verify_restored(manifest=found)
    except ComityError as error:
        raise Refusal(error) from None
    click.echo(
        f"Restored what was backed up at {found.made_at}; its acts give the root that was signed at {found.size}."
    )
    click.echo("The log signs nothing until it is reconciled. Next: comity record reconcile --help")
