"""Doors of our own beside the hub's: the catalogue as one file, manifests and files by digest, and how a command publishes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadParameter
from comity.platform.commons.catalogues import whole_catalogue
from comity.platform.commons.release_views import manifest_seen
from comity.platform.commons.releases_seen import file_seen
from comity.platform.commons.releasing import release_version
from comity.platform.commons.sending import MOST_PIECE, begin_sending, send_piece
from comity.platform.commons.stored import chunks_of
from comity.web.commons.giving import give_file
from comity.web.commons.hub_answers import hub_door, reader_of, sender_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponseBase

    from comity.platform.commons.sending import SendingView

PIECE = 1 << 18
MOST_REQUEST = 8_000_000
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
ASKED = {
    *("body", "kind", "titles", "summaries", "files", "description", "authority"),
    *("authors", "provenance", "visibility", "audience"),
}


@require_safe
@hub_door
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Answer the whole catalogue that this reader sees, as one file."""
    return _tagged(request, whole_catalogue(user=reader_of(request)))


@require_safe
@hub_door
def manifest(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Answer a manifest as the canonical JSON whose digest this is."""
    return _tagged(request, manifest_seen(sha256=sha256, user=reader_of(request)))


@require_safe
@hub_door
def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Answer a file by its digest, whole or a range."""
    return give_file(request, file_seen(sha256=sha256, user=reader_of(request)))


@require_safe
@hub_door
def chunks(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Answer the content-defined pieces of a file: ``[[length, sha256], …]``; 404 until they were computed."""
    found = file_seen(sha256=sha256, user=reader_of(request))
    return _tagged(request, chunks_of(sha256=found.sha256))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PUT"])
@hub_door
def send(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Say how far a file has come (GET with ``size``), or take its next piece in (PUT with Content-Range)."""
    sender = sender_of(request)
    if request.method != "PUT":
        size = request.GET.get("size", "")
        if not re.fullmatch(r"[0-9]{1,18}", size):
            raise BadParameter(name="size", found=size[:40], allowed="the number of bytes of the file")
        return _told(begin_sending(sha256=sha256, size=int(size), member=sender.member, by=sender.user))
    found = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if found is None or not int(found[1]) <= int(found[2]) < int(found[3]):
        stated = request.headers.get("Content-Range", "")[:60]
        raise BadParameter(name="Content-Range", found=stated or "missing", allowed="bytes FIRST-LAST/SIZE")
    length = int(found[2]) - int(found[1]) + 1
    if length > MOST_PIECE or request.headers.get("Content-Length") != str(length):
        raise BadParameter(
            name="Content-Length",
            found=request.headers.get("Content-Length", "missing"),
            allowed=f"the length of the piece, at most {MOST_PIECE}",
        )
    content = _body(request, length)
    return _told(send_piece(sha256=sha256, first=int(found[1]), content=content, member=sender.member, by=sender.user))


@csrf_exempt
@require_http_methods(["PUT"])
@hub_door
def release(request: HttpRequest, slug: str, label: str) -> HttpResponseBase:
    """Release a version of files that were sent: JSON with body, kind, titles, files (path to digest), description and authority."""
    sender = sender_of(request)
    asked = _json(request)
    strange = sorted(set(asked) - ASKED)
    if strange:
        raise BadParameter(name=strange[0][:60], found="given", allowed=", ".join(sorted(ASKED)))
    authors = asked.get("authors", [])
    if not isinstance(authors, list) or not all(isinstance(a, str) for a in authors):
        raise BadParameter(name="authors", found="something else", allowed="a list of names")
    made = release_version(
        body=_text(asked, "body"),
        slug=slug,
        kind=_text(asked, "kind"),
        label=label,
        titles=_map(asked, "titles"),
        summaries=_map(asked, "summaries"),
        files=_map(asked, "files"),
        description=_map(asked, "description"),
        member=sender.member,
        authors=authors,
        provenance=_text(asked, "provenance"),
        visibility=_text(asked, "visibility") or "public",
        audience=_text(asked, "audience"),
        authority=_text(asked, "authority"),
        by=sender.user,
    )
    told = {"reference": made.reference, "revision": made.revision, "manifest_sha256": made.manifest_sha256}
    return JsonResponse(told | {"act": str(made.act_id)}, status=201)


def _told(view: SendingView, /) -> JsonResponse:
    told = {"sha256": view.sha256, "size": view.size, "received": view.received, "is_whole": view.is_whole}
    return JsonResponse(told)


def _body(request: HttpRequest, length: int, /) -> Iterator[bytes]:
    left = length
    while left:
        piece = request.read(min(PIECE, left))
        if not piece:
            raise BadParameter(
                name="piece", found=f"{length - left} bytes", allowed=f"{length}, as Content-Length says"
            )
        left -= len(piece)
        yield piece


def _json(request: HttpRequest, /) -> dict[str, Any]:
    stated = request.headers.get("Content-Length", "")
    if not stated.isdigit() or int(stated) > MOST_REQUEST:
        raise BadParameter(name="Content-Length", found=stated or "missing", allowed=f"at most {MOST_REQUEST} bytes")
    try:
        found = json.loads(b"".join(_body(request, int(stated))))
    except (ValueError, RecursionError):
        raise BadParameter(name="request", found="no JSON", allowed="one object of JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise BadParameter(name="request", found=type(found).__name__, allowed="one object of JSON in UTF-8")
    return found


def _map(asked: dict[str, Any], name: str, /) -> dict[str, Any]:
    found = asked.get(name, {})
    texts_alone = name == "description" or (isinstance(found, dict) and all(isinstance(v, str) for v in found.values()))
    if not isinstance(found, dict) or not texts_alone:
        raise BadParameter(name=name, found="something else", allowed="names with their texts")
    return found


def _text(asked: dict[str, Any], name: str, /) -> str:
    found = asked.get(name, "")
    if not isinstance(found, str):
        raise BadParameter(name=name, found=str(found)[:60], allowed="a text")
    return found


def _tagged(request: HttpRequest, content: bytes, /) -> HttpResponse:
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    known = {t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")}
    answer = HttpResponse(status=304) if tag in known else HttpResponse(content, content_type="application/json")
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    return answer
