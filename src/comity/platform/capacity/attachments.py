"""Keep files beside a need: as they came, never opened by the server, and given out as downloads to who sees the need."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.capacity.lookups import locked_need
from comity.platform.capacity.models import Attachment, Need
from comity.platform.capacity.needs import RULE, enter_need_act
from comity.platform.capacity.needs_seen import need_seen
from comity.platform.capacity.prepared import demand_not_frozen
from comity.platform.parties.preparing import (
    PREPARE,
    SEND,
    authorise_own,
    clears_contributions,
    demand_seen,
    demand_state,
    mark_prepared,
)
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BYTES = 2_000_000
MOST_FILES = 5
MOST_NAME = 120
CLEARED_FIRST = (
    "Your capital clears what your delegation sends, so that files are added while a need is a draft; nothing was kept."
)
NAME = re.compile(r"[^\W_][\w .,()+'\u2019&-]*\.([A-Za-z]{3,4})")
SHOWN_TYPES = "PDF, PNG, JPEG, CSV, XLSX, DOCX, ODT or TXT"
_CONTENT_TYPES, _WORKBOOK, _DOCUMENT = b"[Content_Types].xml", b"xl/", b"word/"
_CONTROL = frozenset(range(0x20)) - frozenset(b"\t\n\x0c\r")
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file beside a need."""

    name: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to give out: always as an attachment, with the media type that its content was found to have."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def attach_file(*, slug: str, name: str, content: bytes, by: Any, on: str | None = None) -> Attachment:
    """Put a file beside a need. Where the need was sent, whoever sees it sees the file from now on.

    A draft loses its clearance with it. Raises NotFound for everyone outside its delegation, NotPermitted, BadParameter for a file that
    is empty, too large, or none of the kinds that are taken, or Conflict where it has five, one of that name, or is frozen.
    """
    called = checked_name(name)
    if not 0 < len(content) <= MOST_BYTES:
        allowed = f"1 to {MOST_BYTES:,} bytes".replace(",", " ")
        raise BadParameter(name="file", found=f"{len(content)} bytes", allowed=allowed)
    media_type = media_type_of(name=called, content=content)
    with transaction.atomic():
        need, office = _changing(slug, by=by, on=on, adds=True)
        held = [a.casefold() for a in need.attachments.values_list("name", flat=True)]
        if called.casefold() in held:
            raise Conflict(problem="A file of this name stands beside this need already; nothing was kept.")
        if len(held) >= MOST_FILES:
            raise Conflict(
                problem=f"{MOST_FILES} files stand beside this need already. Take one away first; nothing was kept."
            )
        made = Attachment.objects.create(
            need=need,
            name=called,
            media_type=media_type,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            size=len(content),
            added_at=timezone.now(),
        )
        _enter(need, office=office, by=by)
        return made


def take_file_away(*, slug: str, name: str, by: Any, on: str | None = None) -> None:
    """Take a file from a need, for good. Raises NotFound, NotPermitted or Conflict as for putting it there."""
    with transaction.atomic():
        need, office = _changing(slug, by=by, on=on, adds=False)
        found = need.attachments.filter(name=name).first()
        if found is None:
            raise NotFound(reference=f"{need.reference}/files/{name[:60]}")
        found.delete()
        _enter(need, office=office, by=by)


def attachments_seen(*, need: Need) -> tuple[AttachmentView, ...]:
    """Return what stands beside a need that the reader sees, by name. The content stays where it is."""
    rows = need.attachments.order_by("name").values_list("name", "media_type", "size", "sha256")
    return tuple(AttachmentView(name=n, media_type=m, bytes=size, sha256=s) for n, m, size, s in rows)


def download(*, slug: str, name: str, user: Any) -> Download:
    """Return a file beside a need. Raises NotFound for who does not see the need."""
    need = need_seen(slug=slug, user=user)
    found = need.attachments.filter(name=name).first()
    if found is None:
        raise NotFound(reference=f"{need.reference}/files/{name[:60]}")
    return Download(name=found.name, media_type=found.media_type, content=bytes(found.content), sha256=found.sha256)


def checked_name(name: str, /) -> str:
    r"""Return the name of a file, without the folder that a browser may send with it. Raises BadParameter.

    >>> checked_name("C:\\Notes\\Data plan (2).pdf")
    'Data plan (2).pdf'
    """
    last = " ".join(unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].split())
    if len(last) > MOST_NAME or not NAME.fullmatch(last) or ".." in last:
        raise BadParameter(
            name="file",
            found=last[:60] or "no name",
            allowed=f"a name of at most {MOST_NAME} letters, digits, spaces and hyphens, with one ending such as .pdf",
        )
    return last


def media_type_of(*, name: str, content: bytes) -> str:
    """Return the media type that the ending of a name states and the content bears out. Raises BadParameter where they differ."""
    ending = name.rpartition(".")[2].lower()
    kind = KINDS.get(ending)
    if kind is None:
        raise BadParameter(name="file", found=f"a file that ends in .{ending[:12]}", allowed=SHOWN_TYPES)
    media_type, bears_out = kind
    if not bears_out(content):
        raise BadParameter(name="file", found=f"a file that ends in .{ending} and is none", allowed=SHOWN_TYPES)
    return media_type


def _is_text(content: bytes, /) -> bool:
    """Tell whether content is text in some encoding: a ministry's tables come in UTF-8, UTF-16 and those of its own machines."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return "\x00" not in content.decode("utf-16")
        except UnicodeDecodeError:
            return False
    return not any(byte in _CONTROL for byte in content)


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _is_archive_of(part: bytes, /) -> Callable[[bytes], bool]:
    """Return a test for an archive that names a part: the names in an archive are not packed, so that it need not be opened."""
    return lambda content: content.startswith(b"PK\x03\x04") and _CONTENT_TYPES in content and part in content


KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "csv": ("text/csv", _is_text),
    "txt": ("text/plain", _is_text),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _is_archive_of(_WORKBOOK)),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _is_archive_of(_DOCUMENT)),
    "odt": (
        "application/vnd.oasis.opendocument.text",
        lambda content: content.startswith(b"PK\x03\x04") and _OPEN_DOCUMENT in content[:200],
    ),
}
"""What is taken, by its ending: the media type it is given out with, and what its content must be."""


def _changing(slug: str, /, *, by: Any, on: str | None, adds: bool) -> tuple[Need, str]:
    """Return a need, locked, whose files somebody may change, and in which office. A need that was sent is its head's."""
    need = locked_need(slug=slug)
    authorise_own(row=need, by=by, action=PREPARE)
    demand_seen(need, on=on)
    demand_state(need, Need.State.DRAFT, Need.State.OPEN)
    demand_not_frozen(need)
    if need.state == Need.State.DRAFT:
        return need, ""
    office = authorise_own(row=need, by=by, action=SEND)
    clears = clears_contributions(body=need.body, member=need.member.slug)
    if adds and clears and not isinstance(by, Installation):
        raise Conflict(problem=CLEARED_FIRST)
    return need, office


def _enter(need: Need, /, *, office: str, by: Any) -> None:
    if need.state == Need.State.DRAFT:
        mark_prepared(need, by=by, note=need.note)
        need.save()
        return
    need.version, need.prepared_at = need.version + 1, timezone.now()
    need.act = enter_need_act(need, type="change-need", office=office, authority=RULE)
    need.save()
