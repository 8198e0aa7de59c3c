"""Back the instance up into one file and a folder of content, and restore it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.server import Refusal, open_instance
from comity.errors import BackupError, BrokenBackup, ComityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from comity.adapters.content_copies import Copied

FOLDER = "comity-files"
MOST_NAMED = 20


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--files",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Folder for the content of released files, of all backups together.  [default: {FOLDER} beside FILE]",
)
@click.option("--without-files", is_flag=True, help="Leave the content of released files out.")
@click.option(
    "--reread", is_flag=True, help="Read also what the folder holds already, and replace what was altered there."
)
def backup(file: Path, folder: Path | None, without_files: bool, reread: bool) -> None:  # noqa: FBT001  (flags of the command line)
    """Write tables, files and keys to FILE, and the content of released files beside it. Pages go on meanwhile.

    Whoever holds FILE holds the keys: keep it safe. Content is copied once, under its SHA-256: the next backup costs what is new.
    Where a store of another machine keeps it (S3), it is copied only with --files; else back it up with that store's own tools.

    Exit codes: 0 written; 1 written, but some content is missing or altered where it is kept: it is named; 2 nothing was written.
    """
    open_instance()
    from comity.adapters.content_copies import name_problems, write_list
    from comity.platform.commons.kept_apart import contents_kept, copy_contents, name_content, place_of_contents
    from comity.platform.record.backups import back_up
    from comity.platform.record.log import open_log

    place = place_of_contents()
    beside = folder or (file.absolute().parent / FOLDER)
    takes = not without_files and bool(folder or place) and bool(contents_kept())
    copied: list[Copied] = []

    def list_contents() -> bytes:
        # What came in since the long first copy; from here on the list and the copy are of the tables that were just written.
        copied.append(copy_contents(folder=beside))
        return write_list(contents=contents_kept())

    try:
        if file.exists():
            raise BackupError(problem=f"{file} exists. Choose another name; nothing was written.")
        if not file.absolute().parent.is_dir():
            raise BackupError(problem=f"{file.absolute().parent} is no folder. Make it first; nothing was written.")
        if takes:
            copied.append(copy_contents(folder=beside, again=reread))
        made = back_up(
            target=file.absolute(),
            log=open_log(),
            apart=[one for one in (place, beside) if one is not None],
            list_contents=list_contents if takes else None,
        )
    except ComityError as error:
        raise Refusal(error) from None
    except OSError as error:
        raise Refusal(BackupError(problem=f"The backup cannot be written: {error.strerror}.")) from None
    click.echo(
        f"{file}: {made.bytes / 1e6:.1f} MB, readable by you alone; {made.files} files and the {made.database} database; "
        f"the log stands at {made.size} entries."
    )
    if takes:
        new, size = sum(c.copied for c in copied), sum(c.bytes for c in copied)
        click.echo(
            f"{beside}: {copied[-1].held + copied[-1].copied} contents of files, {new} of them new ({size / 1e6:.1f} MB)."
        )
        name_all(name_problems(problems=copied[-1].problems, name=name_content))
        raise SystemExit(1 if copied[-1].problems else 0)
    if place is None and not without_files:
        click.echo(
            "The content of released files lies in another machine's store. Back it up with that store's own tools."
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of an instance that holds acts.")
@click.option(
    "--files",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=f"Folder with the content of released files, or that of a mirror.  [default: {FOLDER} beside FILE]",
)
@click.option(
    "--without-files", is_flag=True, help="Restore though content of released files is missing; nothing of it is read."
)
@click.confirmation_option(prompt="Put the backup in the place of this instance?")
def restore(file: Path, replace: bool, folder: Path | None, without_files: bool) -> None:  # noqa: FBT001  (flags of the command line)
    """Put the backup FILE in the place of this instance. Stop the server and the worker first.

    Everything is checked before anything is replaced, each content of a released file too: what is missing or altered is named. The
    log then signs nothing until: comity record reconcile
    """
    from comity.cli.server.queue import is_only_worker

    if not is_only_worker():
        raise click.ClickException("A worker runs on this data folder. Stop it, and the server, first.")
    open_instance()
    from comity.cli.server.instance import prepare_tables
    from comity.platform.record import backups

    beside = file.absolute().parent / FOLDER
    source = folder or (beside if beside.is_dir() else None)
    brought: list[Copied] = []
    try:
        found = backups.restore(
            source=file.absolute(),
            replace=replace,
            bring=(lambda _: None) if without_files else _bring_from(source, file, brought),
        )
        prepare_tables()
        backups.verify_restored(manifest=found)
    except ComityError as error:
        raise Refusal(error) from None
    except OSError as error:
        raise Refusal(BackupError(problem=f"The backup cannot be restored: {error.strerror}.")) from None
    click.echo(
        f"Restored what was backed up at {found.made_at}; its acts give the root that was signed at {found.size}."
    )
    for done in brought:
        click.echo(
            f"{done.copied} contents of files came back ({done.bytes / 1e6:.1f} MB), {done.held} were there; each was compared."
        )
    click.echo("The log signs nothing until it is reconciled. Next: comity record reconcile --help")


def _bring_from(folder: Path | None, file: Path, brought: list[Copied], /) -> Callable[[Path], None]:
    """Return what brings the contents that a backup lists, and refuses it where one cannot be had."""
    from comity.adapters.content_copies import read_list
    from comity.platform.commons.kept_apart import bring_contents_back

    def bring(listing: Path) -> None:
        contents = read_list(path=listing)
        if not contents:
            return
        done = bring_contents_back(folder=folder, contents=contents)
        name_all(f"{problem}: SHA-256 {content.sha256}, {content.size} bytes" for content, problem in done.problems)
        if done.problems:
            where = f"in {folder}" if folder else "here, and no folder with --files was given"
            problem = (
                f"{len(done.problems)} contents of released files are missing or altered {where}; say --without-files "
                "to restore the rest"
            )
            raise BrokenBackup(file=file.name, problem=problem)
        brought.append(done)

    return bring


def name_all(lines: Iterable[str], /) -> None:
    """Name the first of what is missing or altered, and say how many more there are."""
    named = list(lines)
    for line in named[:MOST_NAMED]:
        click.echo(f"NOT SOUND: {line}", err=True)
    if len(named) > MOST_NAMED:
        click.echo(f"and {len(named) - MOST_NAMED} more", err=True)
