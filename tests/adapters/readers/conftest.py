"""Small files that the reader tests make in code: PDF, archives and bombs."""

from __future__ import annotations

import io
import zipfile
import zlib
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def pdf_bytes(
    pages: list[list[str]], *, encrypt: bool = False, title: str = "", filters: str = "", stream: bytes | None = None
) -> bytes:
    """Return a PDF with one line of 12-point Helvetica for each text, 16 points apart; ``stream`` replaces the content."""
    objects: list[bytes] = [b"", b""]
    kids = []
    for lines in pages:
        shown = "".join(
            f"1 0 0 1 72 {760 - 16 * n} Tm ({line.replace('(', '[').replace(')', ']')}) Tj\n"
            for n, line in enumerate(lines)
        )
        content = stream if stream is not None else f"BT /F1 12 Tf\n{shown}ET".encode("cp1252")
        objects.append(b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters.encode(), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 842] /Contents %d 0 R /Resources << /Font << /F1 "
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >> >>" % len(objects)
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    objects.append(b"<< /Title (%s) >>" % title.encode("cp1252"))
    info = len(objects)
    locked = b""
    if encrypt:
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /Length 40 /O <%s> /U <%s> /P -4 >>" % (b"11" * 32, b"22" * 32))
        locked = b"/Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(
        b"trailer << /Size %d /Root 1 0 R /Info %d 0 R %s >>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, info, locked, start)
    )
    return out.getvalue()


def flate_bomb(*, megabytes: int) -> bytes:
    """Return a PDF of some kilobytes whose page content unpacks to ``megabytes`` of shown text."""
    deflate = zlib.compressobj(9)
    packed = deflate.compress(b"BT /F1 12 Tf 1 0 0 1 72 760 Tm\n")
    line = b"(" + b"a" * 998 + b") Tj\n"
    for _ in range(megabytes):
        packed += deflate.compress(line * 1_000)
    packed += deflate.compress(b"ET") + deflate.flush()
    return pdf_bytes([[""]], filters="/Filter /FlateDecode", stream=packed)


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """Return a zip archive of the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def write(folder: Path, name: str, data: bytes | str) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.fixture
def make(tmp_path: Path) -> SimpleNamespace:
    """The makers of files, and ``file(name, data)``, which writes one into a folder of the test's own."""
    return SimpleNamespace(
        pdf=pdf_bytes,
        flate_bomb=flate_bomb,
        zip=zip_bytes,
        folder=tmp_path,
        file=lambda name, data: write(tmp_path, name, data),
    )
