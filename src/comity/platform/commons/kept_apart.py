"""Copy the content of files for a backup, bring it back, and name what of the releases is missing or altered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from comity.adapters.content_copies import Content, Copied, bring_back, copy_content
from comity.adapters.file_stores import DiskStore
from comity.platform.commons.models import StoredFile, VersionFile
from comity.platform.commons.stored import file_store

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAMED = 3


def contents_kept() -> tuple[Content, ...]:
    """Return all content that the tables name: of releases, also of those taken down, and what was sent for one."""
    rows = StoredFile.objects.order_by("sha256").values_list("sha256", "size")
    return tuple(Content(sha256, size) for sha256, size in rows.iterator(chunk_size=2000))


def place_of_contents() -> Path | None:
    """Return the folder in which content is kept, or None where a store of another machine keeps it."""
    store = file_store()
    return store.folder if isinstance(store, DiskStore) else None


def copy_contents(*, folder: Path, again: bool = False) -> Copied:
    """Copy content that a folder has not got; raises as ``copy_content`` does. Content that was discarded meanwhile is no problem."""
    done = copy_content(store=file_store(), folder=folder, contents=contents_kept(), again=again)
    if done.problems:
        still = set(contents_kept())
        done.problems = [(content, problem) for content, problem in done.problems if content in still]
    return done


def bring_contents_back(*, folder: Path | None, contents: Iterable[Content] | None = None) -> Copied:
    """Put content back that the store lacks or has altered, of a list or of all that the tables name."""
    store = file_store()
    passing = store.folder if isinstance(store, DiskStore) else Path(settings.DATA)
    passing.mkdir(parents=True, exist_ok=True)
    wanted = contents_kept() if contents is None else contents
    return bring_back(store=store, folder=folder, contents=wanted, passing=passing)


def name_content(sha256: str, /) -> str:
    """Return what an operator knows some content by: the files of releases that it is, or that it was sent for none yet."""
    rows = VersionFile.objects.filter(content__sha256=sha256).select_related("version__release").order_by("pk")
    names = [f"{row.version.reference}/{row.path}" for row in rows[: MOST_NAMED + 1]]
    if not names:
        return "a file that was sent and not released"
    return ", ".join(names[:MOST_NAMED]) + (" and others" if len(names) > MOST_NAMED else "")
