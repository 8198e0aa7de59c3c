"""Make an instance and keep its tables up to date."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import click

from comity.cli.server import open_instance

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 48
MARK = "COMITY_SECRET_KEY="


def write_env_file(*, folder: Path, example: bool) -> Path:
    """Write the data folder's ``env`` with a key drawn by chance, readable by its owner alone; leave one that exists."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
    path = folder / "env"
    if path.exists():
        return path
    text = (
        "# Written once by Comity. Settings of the environment stand above these.\n"
        f"{MARK}{secrets.token_urlsafe(KEY_BYTES)}\n"
        f"COMITY_EXAMPLE={int(example)}\n"
    )
    part = folder / f"env.{os.getpid()}"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path


def prepare_tables() -> None:
    """Bring the tables up to date and gather the static files."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    _prepare_record_key()


def _prepare_record_key() -> None:
    """Make the key of the log where there is none. An example signs under a name of its own, drawn by chance."""
    from django.conf import settings

    from comity.platform.record.log import prepare_key

    host = settings.ALLOWED_HOSTS[0]
    if settings.EXAMPLE or host in {"127.0.0.1", "localhost"}:
        # Two instances that nobody has named must not sign under one name.
        host = f"{'example' if settings.EXAMPLE else 'comity'}-{secrets.token_hex(4)}.invalid"
    prepare_key(origin=f"{host}/record")


def instance_folder() -> Path:
    """Return the data folder of this instance."""
    from pathlib import Path

    return Path(os.environ.get("COMITY_DATA") or ".comity").absolute()


@click.command()
def init() -> None:
    """Make an empty instance for a body: a key, its settings, its tables, the concept scheme."""
    folder = instance_folder()
    path = write_env_file(folder=folder, example=False)
    open_instance()
    prepare_tables()
    from comity.example.loading import load_scheme

    load_scheme()
    click.echo(f"The instance is ready in {folder}; its settings are in {path.name}.")
    click.echo("Next: comity account open ADDRESS --role secretariat, then comity serve and comity worker.")
    click.echo("Check it any time with: comity doctor")


@click.command()
def migrate() -> None:
    """Bring the tables up to date. Safe to run again."""
    open_instance()
    prepare_tables()
    click.echo("The tables are up to date.")
