"""Keep the content of files, each once, with what the virus scanner said; nothing is opened as anything but bytes."""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.adapters.file_stores import DiskStore, FileStore
from comity.errors import NotFound
from comity.platform.commons.models import Sending, StoredFile, VersionFile

if TYPE_CHECKING:
    from django.db.models import QuerySet


def file_store() -> FileStore:
    """Return where content is kept, as COMITY_FILES says."""
    return _store_at(settings.FILES)


@lru_cache(maxsize=8)
def _store_at(place: str, /) -> FileStore:
    if place.startswith("s3://"):
        from comity.adapters.s3_store import S3Store  # noqa: PLC0415  (its client is an extra)

        return S3Store(place)
    return DiskStore(Path(place))


def keep_file(*, source: Path, sha256: str) -> StoredFile:
    """Keep the content of a file, which is moved, and return its row. Raises BrokenFile where its digest is another."""
    size = source.stat().st_size
    store = file_store()
    store.keep(source=source, sha256=sha256)
    try:
        with transaction.atomic():
            kept, _ = StoredFile.objects.get_or_create(
                sha256=sha256, defaults={"size": size, "kept_at": timezone.now()}
            )
    except IntegrityError:  # another sender of the same content was a moment earlier
        kept = StoredFile.objects.get(sha256=sha256)
    return kept


def stored_file(*, sha256: str) -> StoredFile:
    """Return the row of some content. Raises NotFound. Whether a reader may have it is asked of ``releases_seen``."""
    try:
        return StoredFile.objects.get(sha256=sha256)
    except StoredFile.DoesNotExist:
        raise NotFound(reference=f"commons/files/{sha256[:64]}") from None


def chunks_of(*, sha256: str) -> bytes:
    """Return the content-defined pieces of some content as JSON. Raises NotFound where there is none, or it was not cut yet."""
    kept = stored_file(sha256=sha256)
    if not kept.chunks:
        raise NotFound(reference=f"commons/chunks/{sha256[:64]}")
    return zlib.decompress(bytes(kept.chunks))


def unused_files() -> QuerySet[StoredFile]:
    """Return content that no version holds and that nobody has sent for one."""
    return StoredFile.objects.exclude(sha256__in=Sending.objects.values("sha256")).exclude(
        pk__in=VersionFile.objects.values("content")
    )


def discard_unused_files() -> int:
    """Delete content that nothing holds any more; return how many files went."""
    gone = 0
    for sha256 in unused_files().values_list("sha256", flat=True):
        with transaction.atomic():
            deleted, _ = unused_files().filter(sha256=sha256).delete()
        if deleted:
            file_store().discard(sha256=sha256)
            gone += 1
    return gone
