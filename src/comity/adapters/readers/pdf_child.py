"""The program that opens one PDF with PDFium, in a process of its own that memory and time limits hold.

It reads the file from standard input and writes one JSON line per page to standard output, then one line with the
outcome. A PDF that makes PDFium fail can so harm nothing but this process.
"""

from __future__ import annotations

import ctypes
import json
import sys
import zlib
from statistics import median
from typing import TYPE_CHECKING, Any

from comity.adapters.readers.pdf_rows import HEAVY, is_right_to_left, read_rows

if TYPE_CHECKING:
    from comity.adapters.readers.pdf_rows import Row


def bind_limits(*, memory_bytes: int, seconds: int) -> None:
    """Bind this process to a size of memory and to seconds of processor, where the system can."""
    import resource

    for name, value in (("RLIMIT_AS", memory_bytes), ("RLIMIT_CPU", seconds), ("RLIMIT_CORE", 0)):
        kind = getattr(resource, name, None)
        if kind is not None:
            resource.setrlimit(kind, (value, value))


def stream_expands_beyond(*, data: bytes, limit: int) -> bool:
    """Whether a compressed stream that is no picture unpacks to more than ``limit`` bytes; nothing is kept.

    It spares PDFium the plain bombs. What is packed twice is left to the limit on memory.
    """
    start = data.find(b"stream")
    while start >= 0:
        head = data[max(0, start - 600) : start]
        head = head[head.rfind(b" obj") + 1 :]
        if b"FlateDecode" in head and b"/Image" not in head:
            body = start + 6
            body += 2 if data[body : body + 2] == b"\r\n" else 1
            if _inflates_beyond(data=memoryview(data)[body:], limit=limit):
                return True
        start = data.find(b"stream", start + 6)
    return False


def _inflates_beyond(*, data: memoryview, limit: int) -> bool:
    inflater = zlib.decompressobj()
    total = place = 0
    rest: bytes = b""
    try:
        while total <= limit and not inflater.eof and (rest or place < len(data)):
            if not rest:
                rest, place = bytes(data[place : place + 65_536]), place + 65_536
            total += len(inflater.decompress(rest, 1_000_000))
            rest = inflater.unconsumed_tail
    except zlib.error:
        return False
    return total > limit


def read_lines(*, text_page: Any, raw: Any) -> list[tuple[str, float, float, float, float, bool]] | list[Row]:
    """Return the lines of a page as (text, left, right, bottom, size, bold). Turned text and raised digits are left out.

    Of a right-to-left page the text is a list: its glyphs as they stand from left to right.
    """
    count = text_page.count_chars()
    lines = []
    start = 0
    codes = [raw.FPDFText_GetUnicode(text_page, n) for n in range(count)]
    if is_right_to_left(codes=codes):
        return read_rows(text_page=text_page, raw=raw, codes=codes)
    for n in range(count + 1):
        if n < count and codes[n] not in {10, 13}:
            continue
        if n > start:
            line = _read_line(text_page=text_page, raw=raw, codes=codes, start=start, end=n)
            if line is not None:
                lines.append(line)
        start = n + 1
    return lines


def _read_line(
    *, text_page: Any, raw: Any, codes: list[int], start: int, end: int
) -> tuple[str, float, float, float, float, bool] | None:
    marks = [n for n in range(start, end) if codes[n] > 32 and codes[n] != 0xA0]  # noqa: PLR2004  (no space, no control)
    if not marks:
        return None
    boxes: dict[int, tuple[float, float, float, float]] = {}

    def box(n: int) -> tuple[float, float, float, float]:
        if n not in boxes:
            rect = raw.FS_RECTF()
            raw.FPDFText_GetLooseCharBox(text_page, n, ctypes.byref(rect))
            boxes[n] = (rect.left, rect.right, rect.bottom, rect.top)
        return boxes[n]

    middle = marks[len(marks) // 2]
    angle = raw.FPDFText_GetCharAngle(text_page, middle)
    if 0.3 < angle < 6:  # noqa: PLR2004  (radians: more than some 17 degrees)
        return None
    samples = sorted({marks[len(marks) * k // 6] for k in range(6)})
    size = median(abs(box(n)[3] - box(n)[2]) for n in samples)
    bold = sum(raw.FPDFText_GetFontWeight(text_page, n) >= HEAVY for n in samples) > 0.8 * len(samples)
    text = []
    height = size
    for n in range(start, end):
        code = codes[n]
        raised = 48 <= code <= 57 and n > marks[0] and abs(box(n)[3] - box(n)[2]) < 0.8 * height  # noqa: PLR2004  (digits)
        if not raised:
            height = abs(box(n)[3] - box(n)[2]) if code > 32 and not 48 <= code <= 57 else height  # noqa: PLR2004  (no space, no digit)
            text.append(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " ")  # noqa: PLR2004  (the range of Unicode)
    first, last = box(marks[0]), box(marks[-1])
    return "".join(text), round(first[0], 1), round(last[1], 1), round(box(middle)[2], 1), round(size, 2), bold


def main(arguments: list[str]) -> int:
    """Read the PDF on standard input within the limits given: memory, seconds, pages, characters, bytes of a stream."""
    memory, seconds, most_pages, most_characters, most_expanded = (int(a) for a in arguments)
    bind_limits(memory_bytes=memory, seconds=seconds)
    import pypdfium2
    from pypdfium2 import raw

    def say(**fact: object) -> None:
        sys.stdout.write(json.dumps(fact) + "\n")

    data = sys.stdin.buffer.read()
    if stream_expands_beyond(data=data, limit=most_expanded):
        say(outcome="too-far", pages=0)
        return 0
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        say(outcome="encrypted" if getattr(error, "err_code", 0) == raw.FPDF_ERR_PASSWORD else "broken")
        return 0
    pages = len(document)
    if pages > most_pages:
        say(outcome="too-far", pages=pages)
        return 0
    metadata = document.get_metadata_dict()
    total = 0
    failed = 0
    for number in range(pages):
        try:
            page = document[number]
            text_page = page.get_textpage()
            total += text_page.count_chars()
            if total > most_characters:
                say(outcome="too-far", pages=pages)
                return 0
            say(lines=read_lines(text_page=text_page, raw=raw), size=page.get_size())
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            failed += 1
            say(lines=[], size=(0, 0))
    say(outcome="read", pages=pages, failed=failed, title=metadata.get("Title", ""))
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except MemoryError:
        sys.stdout.write('{"outcome": "memory"}\n')
