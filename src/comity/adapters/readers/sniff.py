"""Sniff tells what a file is by its first bytes, then by its name, and refuses archives without unpacking them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Literal

from comity.adapters.readers.document import MB, READ_FORMATS
from comity.adapters.readers.files import show_name
from comity.errors import ExpandsTooFar, ExternalEntity, UnknownFormat

if TYPE_CHECKING:
    from pathlib import Path

    from comity.adapters.readers.document import ReadingLimits

Format = Literal["pdf", "docx", "html", "law-xml", "markdown", "text", "toml"]

_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BZh", "an archive (bzip2)"),
    (b"\xfd7zXZ", "an archive (xz)"),
    (b"7z\xbc\xaf'\x1c", "an archive (7z)"),
    (b"Rar!", "an archive (RAR)"),
    (b"(\xb5/\xfd", "an archive (zstd)"),
    (b"{\\rtf", "Rich Text (RTF)"),
    (b"%!PS", "PostScript"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_SUFFIXES: dict[str, Format] = {
    ".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "markdown", ".markdown": "markdown",
    ".toml": "toml", ".txt": "text", ".text": "text",
}  # fmt: skip
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|p|h[1-6]|div|table)[\s>/]", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+([A-Za-z_][\w.:-]{0,60})([^>\[]{0,400})(\[?)", re.IGNORECASE)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,60})[\s>/]")
_PREAMBLE = 4096
LAWS = frozenset({"akomantoso", "bill", "statute", "regulation"})
_ENTRIES_BYTES = 4 * MB


def sniff_format(*, path: Path, data: bytes, limits: ReadingLimits) -> Format:
    """Return the format of a file by its content, then by its suffix; unknown suffixes with text are plain text.

    Raises UnknownFormat, ExpandsTooFar or ExternalEntity.
    """
    shown = show_name(path=path)
    start = data[:_PREAMBLE]
    suffix = path.suffix.lower()
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if _is_word(data=data, shown=shown, limits=limits):
        return "docx"
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            raise UnknownFormat(file=shown, kind=kind, allowed=READ_FORMATS)
    text = _as_bytes_text(start=start)
    if suffix == ".xml" or text.startswith((b"<?xml", b"<!DOCTYPE", b"<!doctype", b"<!ENTITY")):
        return _sniff_markup(text=text, shown=shown)
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix in {".docx", ".docm", ".odt", ".doc", ".rtf", ".epub", ".json", ".csv", ".xlsx", ".pptx"}:
        raise UnknownFormat(file=shown, kind=f"a file with the suffix {suffix}", allowed=READ_FORMATS)
    return "html" if _HTML.match(text) else "text"


def _as_bytes_text(*, start: bytes) -> bytes:
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return start.decode("utf-16", errors="replace").encode().lstrip()
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()


def _sniff_markup(*, text: bytes, shown: str) -> Format:
    doctype = _DOCTYPE.search(text)
    html_doctype = doctype is not None and doctype.group(1).lower() == b"html" and not doctype.group(3)
    if b"<!ENTITY" in text or (doctype is not None and not html_doctype):
        raise ExternalEntity(file=shown)
    if html_doctype:
        return "html"
    bare = re.sub(rb"<\?[^>]{0,400}\?>|<!--.{0,2000}?-->", b"", text, flags=re.DOTALL)
    root = _ROOT.search(bare)
    if root is None or root.group(1).lower() == b"html":
        return "html"
    if root.group(1).rpartition(b":")[2].lower().decode() in LAWS:
        return "law-xml"
    raise UnknownFormat(
        file=shown, kind=f"XML of another kind (root element {root.group(1).decode()})", allowed=READ_FORMATS
    )


def _is_word(*, data: bytes, shown: str, limits: ReadingLimits) -> bool:
    """Tell whether this is a Word document that unpacks to no more than is allowed; any other archive is refused."""
    if data.startswith(b"\x1f\x8b"):
        if _gzip_expands_beyond(data=data, limit=limits.expanded_bytes):
            raise ExpandsTooFar(file=shown, allowed=round(limits.expanded_bytes / MB))
        raise UnknownFormat(file=shown, kind="an archive (gzip)", allowed=READ_FORMATS)
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return False
    names, declared = _list_zip(data=data)
    if declared > limits.expanded_bytes:
        raise ExpandsTooFar(file=shown, allowed=round(limits.expanded_bytes / MB))
    kind = "an archive (zip)"
    if "word/document.xml" in names:
        return True
    if "content.xml" in names:
        kind = "an OpenDocument file"
    elif any(n.startswith(("xl/", "ppt/")) for n in names):
        kind = "an Office file"
    raise UnknownFormat(file=shown, kind=kind, allowed=READ_FORMATS)


def _list_zip(*, data: bytes) -> tuple[set[str], int]:
    """Return the names in a zip and the size they declare together; nothing is unpacked.

    The list of a zip can itself be a bomb of a million entries: one of over 4 MB counts as unbounded.
    """
    end = data.rfind(b"PK\x05\x06")
    unbounded = 10**18
    if end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") > _ENTRIES_BYTES:
        return set(), unbounded
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return set(), 0
    return {e.filename for e in entries}, sum(e.file_size for e in entries)


def _gzip_expands_beyond(*, data: bytes, limit: int) -> bool:
    """Count what a gzip file unpacks to, a megabyte at a time, and stop at ``limit``: nothing is kept."""
    inflater = zlib.decompressobj(wbits=31)
    total, rest = 0, data
    try:
        while rest and not inflater.eof:
            total += len(inflater.decompress(rest, MB))
            rest = inflater.unconsumed_tail
            if total > limit:
                return True
    except zlib.error:
        return False
    return False
