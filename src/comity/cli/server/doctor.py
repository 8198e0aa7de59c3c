"""Say what is missing or unsafe in this instance, and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.server import database_answers, open_instance
from comity.errors import ComityError

if TYPE_CHECKING:
    from django.core.checks import CheckMessage


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
@click.option(
    "--files",
    "with_files",
    is_flag=True,
    help="Read all content of released files too, and name what is missing or altered.",
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --files: the folder of a backup or of a mirror of the commons that gives lost content back.",
)
def doctor(as_json: bool, with_files: bool, folder: Path | None) -> None:  # noqa: FBT001  (flags of the command line)
    """Look at settings, data folder, database and catalogs. Ends with 1 where something must be mended."""
    open_instance()
    from django.core import checks

    databases = ["default"] if database_answers() else None
    found = [m for m in checks.run_checks(include_deployment_checks=True, databases=databases) if not m.is_silenced()]
    if databases is None:
        hint = "Check COMITY_DATABASE_URL, that the server runs, and that the folder of the file exists."
        found.append(checks.Error("The database does not answer.", hint=hint, id="comity.E006"))
    if with_files and databases is not None:
        found += _damaged_files(folder)
    worst = [m for m in found if m.level >= checks.ERROR]
    if as_json:
        rows = [{"id": m.id, "level": _level(m.level), "found": m.msg, "remedy": m.hint or ""} for m in found]
        click.echo(json.dumps({"ok": not worst, "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for message in found:
            click.echo(f"{_level(message.level)}: {message.msg}")
            if message.hint:
                click.echo(f"    {message.hint}")
        click.echo("Nothing must be mended." if not worst else f"{len(worst)} to mend.")
    raise SystemExit(1 if worst else 0)


def _damaged_files(folder: Path | None, /) -> list[CheckMessage]:
    from django.core import checks

    from comity.adapters.content_copies import name_problems
    from comity.platform.commons.kept_apart import bring_contents_back, name_content

    try:
        done = bring_contents_back(folder=folder)
    except ComityError as error:
        return [checks.Error(str(error), hint="Look at COMITY_FILES.", id="comity.E015")]
    hint = "Bring it back from a backup or a mirror: comity doctor --files --from DIR"
    return [
        checks.Error(f"A released file is lost: {said}.", hint=hint, id="comity.E015")
        for said in name_problems(problems=done.problems, name=name_content)
    ]


def _level(level: int) -> str:
    return "mend" if level >= 40 else "consider" if level >= 30 else "note"  # noqa: PLR2004  (logging's own scale)
