"""Give a file out: whole or a range of it (RFC 9110), under its SHA-256 as its tag; by ourselves, or by nginx in front."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse

from comity.adapters.file_stores import DiskStore
from comity.platform.commons.stored import file_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponseBase

    from comity.platform.commons.releases_seen import FileToGive

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """What is given of a file: ``length`` bytes from ``first`` on."""

    first: int
    length: int


def give_file(request: HttpRequest, file: FileToGive, *, headers: Mapping[str, str] | None = None) -> HttpResponseBase:
    """Answer GET or HEAD with a file. It is always a download, of no type that a browser would open or run."""
    tag = f'"{file.sha256}"'
    part = wanted_part(request, size=file.size, tag=tag)
    if _is_known(request, tag):
        answer: HttpResponseBase = HttpResponse(status=304)
    elif part is None:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{file.size}"
    else:
        answer = _whole_or_part(request, file, part)
    answer["ETag"] = tag
    answer["Accept-Ranges"] = "bytes"
    # What is taken down must stop being given, so that every cache asks again.
    answer["Cache-Control"] = "no-cache"
    name = file.path.rpartition("/")[2]
    if name:
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    for key, value in (headers or {}).items():
        answer[key] = value
    return answer


def wanted_part(request: HttpRequest, *, size: int, tag: str) -> Part | None:
    """Return which part of a file a request asks for; None where it begins behind the end.

    A range under If-Range with another tag, several ranges, and what is no range are answered with the whole.
    """
    whole = Part(0, size)
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or request.headers.get("If-Range", tag) != tag:
        return whole
    first, last = found[1], found[2]
    if first:
        end = min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return whole
        return Part(int(first), end - int(first) + 1) if int(first) < size else None
    if not last:
        return whole
    return Part(max(0, size - int(last)), min(int(last), size)) if int(last) and size else None


def _is_known(request: HttpRequest, tag: str, /) -> bool:
    known = {t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")}
    return tag in known or "*" in known


def _whole_or_part(request: HttpRequest, file: FileToGive, part: Part, /) -> HttpResponseBase:
    store = file_store()
    if settings.ACCEL and isinstance(store, DiskStore) and request.method == "GET":
        # nginx reads the range itself, and states length and range; the tag and the rest are ours.
        answer: HttpResponseBase = HttpResponse()
        answer["X-Accel-Redirect"] = settings.ACCEL + store.place_of(sha256=file.sha256)
    else:
        if request.method == "HEAD":
            answer = HttpResponse()
        else:
            content = store.read(sha256=file.sha256, first=part.first, length=part.length)
            answer = StreamingHttpResponse(content)
        answer["Content-Length"] = str(part.length)
        if part.length < file.size:
            answer.status_code = 206
            answer["Content-Range"] = f"bytes {part.first}-{part.first + part.length - 1}/{file.size}"
    answer["Content-Type"] = "application/octet-stream"
    return answer
