"""Say what is missing or unsafe in this instance, and how to mend it."""

from __future__ import annotations

import json

import click

from comity.cli.server import database_answers, open_instance


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def doctor(as_json: bool) -> None:  # noqa: FBT001  (a flag of the command line)
    """Look at settings, data folder, database and catalogs. Ends with 1 where something must be mended."""
    open_instance()
    from django.core import checks

    databases = ["default"] if database_answers() else None
    found = [m for m in checks.run_checks(include_deployment_checks=True, databases=databases) if not m.is_silenced()]
    if databases is None:
        hint = "Check COMITY_DATABASE_URL, that the server runs, and that the folder of the file exists."
        found.append(checks.Error("The database does not answer.", hint=hint, id="comity.E006"))
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


def _level(level: int) -> str:
    return "mend" if level >= 40 else "consider" if level >= 30 else "note"  # noqa: PLR2004  (logging's own scale)
