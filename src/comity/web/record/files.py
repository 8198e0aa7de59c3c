"""The log's own files: checkpoint, tiles, entry bundles, receipts, payloads and openings, as bytes that caches may keep."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from comity.errors import BadParameter, NotFound, NotYetSequenced
from comity.platform.record.log import find_log
from comity.platform.record.publications import opened_entries, opening_of, payload_of, receipt_of
from comity.platform.record.selectors import visible_act
from comity.web.parameters import whole_number

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

YEAR = 365 * 24 * 3600
DIGEST = re.compile(r"[0-9a-f]{64}")
TEXT = "text/plain; charset=utf-8"


def _lasting(content: bytes, *, kind: str) -> HttpResponse:
    """Answer what never changes."""
    response = HttpResponse(content, content_type=kind)
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


def _passing(content: bytes | str, *, kind: str) -> HttpResponse:
    """Answer what the next act changes."""
    response = HttpResponse(content, content_type=kind)
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Answer the latest published checkpoint, with the cosignatures that it has."""
    del request
    log = find_log()
    note = log.store.published() if log else None
    if note is None:
        raise NotFound(reference="record/checkpoint")
    return _passing(note, kind=TEXT)


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Answer the key under which the log signs, as a signed-note verifier key."""
    del request
    log = find_log()
    if log is None:
        raise NotFound(reference="record/key")
    return _passing(f"{log.vkey}\n", kind=TEXT)


@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer one tile or bundle of entries."""
    del request
    log = find_log()
    content = log.store.file(path=f"tile/{rest}") if log else None
    if content is None:
        raise NotFound(reference=f"record/tile/{rest[:80]}")
    return _lasting(content, kind="application/octet-stream")


@require_safe
def entry(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Answer an act exactly as the log holds it."""
    act = visible_act(act_id=str(act_id), user=request.user)
    return _passing(bytes(act.body), kind="application/json")


@require_safe
def receipt(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Answer the receipt of an act, as a file."""
    log = find_log()
    if log is None:
        raise NotYetSequenced(reference=f"record/acts/{act_id}")
    text = receipt_of(act_id=str(act_id), user=request.user, log=log)
    response = _passing(text, kind=TEXT)
    response["Content-Disposition"] = f'attachment; filename="comity-{act_id}.tlog-proof"'
    return response


@require_safe
def payload(request: HttpRequest, digest: str) -> HttpResponse:
    """Answer what a public act decided, by its digest."""
    del request
    if not DIGEST.fullmatch(digest):
        raise BadParameter(name="digest", found=digest[:80], allowed="64 hexadecimal digits")
    return _passing(payload_of(digest=digest), kind="application/json")


@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    """Answer which restricted entries have been opened; ``after`` asks for those beyond an index."""
    after = whole_number(request.GET, name="after", low=-1, high=2**62, default=-1)
    return _passing(json.dumps({"opened": opened_entries(after=after)}), kind="application/json")


@require_safe
def opening(request: HttpRequest, index: int) -> HttpResponse:
    """Answer what opens one restricted entry."""
    del request
    return _passing(opening_of(index=index), kind="application/json")
