"""What `comity doctor` and every start look at, each with its remedy. Ids are stable: comity.E001 and so on.

All carry the tag "comity" beside Django's own: a start asks them alone, and need not load every page for it.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register  # noqa: A004  (Django's own names)
from django.db import DatabaseError, connection

from comity.adapters.signing_keys import read_key_file, read_signing_key
from comity.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = "comity"
MIN_FREE = 500_000_000
OLDEST_POSTGRESQL = 150_000


@register(Tags.files, OURS)
def check_data_folder(**kwargs: Any) -> list[CheckMessage]:
    """The data folder exists, is ours alone, and has room."""
    del kwargs
    folder = Path(settings.DATA)
    if not folder.is_dir():
        return [Error(f"The data folder {folder} is missing.", hint="Run: comity init", id="comity.E001")]
    found: list[CheckMessage] = []
    if not os.access(folder, os.W_OK):
        found.append(
            Error(f"The data folder {folder} cannot be written.", hint=f"Run: chown $USER {folder}", id="comity.E002")
        )
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        found.append(Warning(f"Others can look into {folder}.", hint=f"Run: chmod 700 {folder}", id="comity.W003"))
    if shutil.disk_usage(folder).free < MIN_FREE:
        found.append(Warning("Less than 500 MB are free where the data is.", hint="Make room.", id="comity.W004"))
    return found


@register(Tags.translation, OURS)
def check_catalogs(**kwargs: Any) -> list[CheckMessage]:
    """Every language has a compiled catalog."""
    del kwargs
    missing = [
        path.parent.parent.name
        for root in settings.LOCALE_PATHS
        for path in sorted(Path(root).glob("*/LC_MESSAGES/django.po"))
        if not path.with_suffix(".mo").exists()
    ]
    if not missing:
        return []
    hint = "Run: ./comity up, or python -m comity.site.catalogs compile"
    return [Error(f"Catalogs are not compiled: {', '.join(missing)}.", hint=hint, id="comity.E005")]


@register(Tags.database, OURS)
def check_database(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The database answers, is recent enough, and its tables are up to date."""
    del kwargs
    if not databases:
        return []
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415  (only when asked)

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        hint = "Check COMITY_DATABASE_URL, and that the server runs."
        return [Error(f"The database does not answer: {type(error).__name__}.", hint=hint, id="comity.E006")]
    found: list[CheckMessage] = []
    if pending:
        found.append(Error(f"{len(pending)} migrations wait.", hint="Run: comity migrate", id="comity.E007"))
    if connection.vendor == "postgresql" and connection.cursor().connection.info.server_version < OLDEST_POSTGRESQL:
        found.append(Error("PostgreSQL is older than 15.", hint="Upgrade it to 15 or newer.", id="comity.E008"))
    if connection.vendor == "sqlite" and not settings.EXAMPLE:
        hint = "Right for one machine. For more, set COMITY_DATABASE_URL to PostgreSQL."
        found.append(Info("The database is SQLite.", hint=hint, id="comity.I009"))
    return found


@register(Tags.security, OURS, deploy=True)
def check_exposure(**kwargs: Any) -> list[CheckMessage]:
    """What is fit for this machine alone is not shown to the world."""
    del kwargs
    local = {"127.0.0.1", "localhost", "[::1]", "::1"}
    if settings.EXAMPLE:
        hint = "For a body's own instance run `comity init` in a new data folder."
        return [Info("This is an example instance; it answers to this machine alone.", hint=hint, id="comity.I010")]
    found: list[CheckMessage] = []
    if not settings.SECURE_SSL_REDIRECT:
        level = Warning if set(settings.ALLOWED_HOSTS) <= local else Error
        hint = "Put a proxy with a certificate in front and set COMITY_HTTPS=1."
        found.append(level("Pages and passwords travel without encryption.", hint=hint, id="comity.E011"))
    if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES:
        hint = "Set COMITY_TRUSTED_PROXIES to the network of your proxy."
        found.append(
            Error("https is demanded, but no proxy is trusted to say that it was used.", hint=hint, id="comity.E012")
        )
    return found


@register(Tags.security, OURS)
def check_record_key(**kwargs: Any) -> list[CheckMessage]:
    """The key of the record is there, whole, and its owner's alone."""
    del kwargs
    if settings.RECORD_KEY:
        try:
            read_signing_key(text=settings.RECORD_KEY, shown="COMITY_RECORD_KEY")
        except BadSetting as bad:
            return [Error(str(bad), hint=str(bad.data["remedy"]), id="comity.E013")]
        return []
    path = Path(settings.DATA) / "record.key"
    if not path.exists():
        return [Info("The record has no key yet.", hint="comity init, up and migrate make one.", id="comity.I014")]
    try:
        read_key_file(path=path)
    except BadSetting as bad:
        return [Error(str(bad), hint=str(bad.data["remedy"]), id="comity.E013")]
    return []
