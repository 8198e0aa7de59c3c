"""Back an instance up into one file, and restore it: tables, files and keys, verified against the log.

A restored instance signs nothing until ``reconcile``: entries that were published after the backup was made must first be
fetched, or given up under a new origin.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, connections

import comity
from comity.adapters import archives, database_copies
from comity.engines.record.merkle import MerkleTree
from comity.errors import BrokenBackup, Conflict
from comity.platform.record.models import Act, Checkpoint
from comity.platform.record.sequencer import held_still, stop_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from comity.platform.record.log import Log

FORMAT = 1
DATABASE = "database"
CONTENTS = "contents.txt"
FILES = "files/"
# Made anew, changing meanwhile, or true of this machine alone: the memory of what was signed must never be set back.
LEFT_OUT = frozenset(
    {
        "comity.sqlite3",
        "comity.sqlite3-wal",
        "comity.sqlite3-shm",
        "comity.log",
        "record.signed",
        "record.lock",
        "sending",
        "worker.lock",
        "static",
        "vectors",
    }
)
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class BackupView:
    """What a backup holds: when it was made, of what, and how far the log had come."""

    made_at: str
    version: str
    database: str
    origin: str
    size: int
    root: str
    files: int
    bytes: int


def back_up(
    *, target: Path, log: Log, apart: Iterable[Path] = (), list_contents: Callable[[], bytes] | None = None
) -> BackupView:
    """Write tables, files and keys of this instance to one new file. Raises Conflict where the file exists.

    The sequencer is held still meanwhile; pages go on. ``apart`` are folders whose content is kept apart from the backup;
    ``list_contents`` is asked, once the tables were copied, for the list of it that stands in the backup.
    """
    if target.exists():
        raise Conflict(problem=f"{target} exists. Choose another name; nothing was written.")
    data = Path(settings.DATA)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".comity-backup-") as scratch, held_still(log=log):
        copy = Path(scratch) / DATABASE
        _copy_database(target=copy)
        about = {
            "format": FORMAT,
            "made_at": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
            "version": comity.__version__,
            "database": connection.vendor,
            "log": _latest(),
        }
        elsewhere = [Path(scratch).resolve(), target.resolve(), *(folder.resolve() for folder in apart)]
        files = {
            FILES + name: path
            for name, path in archives.files_below(folder=data, left_out=LEFT_OUT).items()
            if not any(path.resolve().is_relative_to(place) for place in elsewhere)
        }
        others = {DATABASE: copy}
        if list_contents is not None:
            others[CONTENTS] = Path(scratch) / CONTENTS
            others[CONTENTS].write_bytes(list_contents())
        size = archives.write_archive(target=target, files={**others, **files}, about=about)
    return _view({**about, "files": {DATABASE: {}, **files}}, size=size)


def restore(*, source: Path, replace: bool, bring: Callable[[Path], None] = lambda _: None) -> BackupView:
    """Put a backup in the place of this instance, and stop the log until it is reconciled.

    Everything is checked before anything is replaced. ``replace`` says that tables with acts may be overwritten. ``bring`` is given
    the list of contents that the backup holds, and brings them; what it raises ends all. Raises BrokenBackup, Conflict,
    MissingTool or BackupFailed; then nothing was replaced.
    """
    data = Path(settings.DATA)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as scratch:
        folder = Path(scratch)
        manifest = archives.unpack_archive(source=source, folder=folder)
        _demand_fit(manifest=manifest, source=source)
        copy = folder / DATABASE
        if connection.vendor == "sqlite":
            database_copies.check_sqlite(path=copy)
        else:
            database_copies.check_dump(path=copy)
        if not replace and _has_acts():
            raise Conflict(problem="This instance holds acts. Say --replace to put the backup in their place.")
        bring(folder / CONTENTS)
        _put_database(copy=copy)
        _put_files(folder=folder / "files", data=data)
    return _view(manifest, size=source.stat().st_size)


def verify_restored(*, manifest: BackupView) -> None:
    """Compare the acts in the tables with the log that the backup names, and stop the log until it is reconciled.

    Raises BrokenBackup where the acts do not give the root that was signed.
    """
    stop_log(reason=f"Restored from the backup of {manifest.made_at}. Run: comity record reconcile")
    tree = MerkleTree()
    numbered = Act.objects.filter(sequence__isnull=False).order_by("sequence")
    for body in numbered.values_list("body", flat=True).iterator(chunk_size=BATCH):
        tree.append(bytes(body))
    if tree.size < manifest.size or tree.root(manifest.size).hex() != (manifest.root or tree.root(0).hex()):
        problem = f"its acts do not give the root that was signed at {manifest.size} entries"
        raise BrokenBackup(file="the backup", problem=problem)


def _latest() -> dict[str, Any]:
    latest = Checkpoint.objects.order_by("-signed_at", "-size").first()
    if latest is None:
        return {"origin": "", "size": 0, "root": "", "note": ""}
    return {"origin": latest.origin, "size": latest.size, "root": latest.root, "note": latest.note}


def _view(manifest: dict[str, Any], *, size: int) -> BackupView:
    log = manifest["log"]
    return BackupView(
        made_at=manifest["made_at"],
        version=manifest["version"],
        database=manifest["database"],
        origin=log["origin"],
        size=int(log["size"]),
        root=log["root"],
        files=sum(name.startswith(FILES) for name in manifest["files"]),
        bytes=size,
    )


def _demand_fit(*, manifest: dict[str, Any], source: Path) -> None:
    if manifest.get("format") != FORMAT:
        raise BrokenBackup(file=source.name, problem=f"its format {manifest.get('format')} is not known here")
    if manifest["database"] != connection.vendor:
        problem = f"it holds a {manifest['database']} database, and this instance uses {connection.vendor}"
        raise BrokenBackup(file=source.name, problem=problem)


def _has_acts() -> bool:
    return "record_act" in connection.introspection.table_names() and Act.objects.exists()


def _place() -> database_copies.PostgresPlace:
    here = connection.settings_dict
    return database_copies.PostgresPlace(
        name=str(here["NAME"]),
        host=str(here["HOST"] or ""),
        port=str(here["PORT"] or ""),
        user=str(here["USER"] or ""),
        password=str(here["PASSWORD"] or ""),
    )


def _copy_database(*, target: Path) -> None:
    if connection.vendor == "sqlite":
        database_copies.copy_sqlite(source=Path(connection.settings_dict["NAME"]), target=target)
    else:
        database_copies.dump_postgres(place=_place(), target=target)


def _put_database(*, copy: Path) -> None:
    connections.close_all()
    if connection.vendor != "sqlite":
        database_copies.restore_postgres(place=_place(), source=copy)
        return
    here = Path(connection.settings_dict["NAME"])
    for leftover in (here.with_name(f"{here.name}-wal"), here.with_name(f"{here.name}-shm")):
        leftover.unlink(missing_ok=True)
    copy.replace(here)


def _put_files(*, folder: Path, data: Path) -> None:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        there = data / path.name
        if path.name == "env" and there.exists():
            continue  # this machine's own settings: where its database is, and its names
        if there.is_dir() and not there.is_symlink():
            shutil.rmtree(there)
        path.replace(there)
