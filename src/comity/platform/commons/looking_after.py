"""What the worker does for kept files, one after another: have the scanner look at them, and cut them into pieces for mirrors."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity.adapters.virus_scanner import scan_content, scanner_version
from comity.engines.commons.chunks import list_chunks
from comity.platform.commons.models import StoredFile, VersionFile
from comity.platform.commons.stored import file_store

if TYPE_CHECKING:
    from collections.abc import Iterable

AT_ONCE = 20
"""Files of one turn: between turns other duties and a stop get their chance."""


def scan_waiting_files() -> int:
    """Have the scanner of COMITY_CLAMD look at files that it has not looked at; return how many. Nothing happens without one.

    Each is asked about once: a file that is larger than the scanner takes stays unscanned, with the scanner's words. Raises
    Unreachable.
    """
    if not settings.CLAMD:
        return 0
    waiting = StoredFile.objects.filter(scan=StoredFile.Scan.UNSCANNED, scanned_at__isnull=True)
    version, count = "", 0
    for kept in waiting.order_by("kept_at", "pk").iterator(chunk_size=AT_ONCE):
        if count == AT_ONCE:
            break
        if not file_store().holds(sha256=kept.sha256):
            continue  # its turn comes when its content is back; what is missing keeps nobody else waiting
        version = version or scanner_version(scanner=settings.CLAMD)
        said = scan_content(scanner=settings.CLAMD, content=file_store().read(sha256=kept.sha256))
        kept.scan, kept.scanned_at = StoredFile.Scan(said.verdict), timezone.now()
        kept.scanner = (said.words if said.verdict == "unscanned" else version)[:100]
        if said.verdict == "infected":
            kept.risk_reason = said.words[:200]
        kept.save(update_fields=["scan", "scanned_at", "scanner", "risk_reason"])
        count += 1
    return count


def cut_waiting_files() -> int:
    """Cut released files into content-defined pieces, so that a mirror fetches only what changed; return how many were cut."""
    released = VersionFile.objects.filter(version__release__taken_down_at__isnull=True).values("content")
    waiting = StoredFile.objects.filter(pk__in=released, chunks=b"").order_by("kept_at", "pk")
    count = 0
    for kept in waiting.iterator(chunk_size=AT_ONCE):
        if count == AT_ONCE:
            break
        if not file_store().holds(sha256=kept.sha256):
            continue
        rows = [[c.length, c.sha256] for c in list_chunks(blocks=_blocks(kept))]
        packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode())
        StoredFile.objects.filter(pk=kept.pk).update(chunks=packed)
        count += 1
    return count


def _blocks(kept: StoredFile, /) -> Iterable[bytes]:
    return file_store().read(sha256=kept.sha256)
