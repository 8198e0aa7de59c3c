"""Commands that work on an instance. ``open_instance`` readies Django and turns a refusal into one sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from comity.errors import ComityError

OUR_CHECKS = "comity"
SETTINGS_MODULE = "comity.site.settings"
INSTALL = "Run: pip install 'comity[platform]'"


def open_instance() -> None:
    """Load the settings and the rooms of this instance."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    try:
        import django
    except ModuleNotFoundError:
        raise click.ClickException(f"This command needs the server, which is not installed here. {INSTALL}") from None
    django.setup()


def database_answers() -> bool:
    """Tell whether a connection to the database can be opened."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except (DatabaseError, OSError):
        return False
    return True


def demand_a_sound_instance() -> None:
    """Run the start-up checks of this instance; end with what must be mended, and how."""
    from django.core import checks

    bad = [m for m in checks.run_checks(tags=[OUR_CHECKS]) if m.level >= checks.ERROR]
    if bad:
        raise click.ClickException("\n".join(f"{m.msg} {m.hint}" for m in bad))


class Refusal(click.ClickException):
    """A refusal on the command line: its sentence on the error stream, exit code 2."""

    exit_code = 2

    def __init__(self, error: ComityError) -> None:
        super().__init__(str(error))
