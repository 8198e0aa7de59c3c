"""Plain text: which encoding it is in, and where its paragraphs begin."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from comity.adapters.readers.lines import Line, build_blocks, drop_furniture
from comity.engines.alignment.texts import Block
from comity.errors import BrokenFile, EmptyFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CONTROLS = 0.001
_WRAP = 160
_FULL = 0.95
_RULE = re.compile(r"[_―—-]{8,}")
_NOTE = re.compile(r"[(\[]?(?:\d{1,3}|\*)[)\].]?\s?\S")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode_text(*, data: bytes, shown: str, declared: str = "") -> str:
    r"""Return the text of a file in UTF-8, UTF-16, GB 18030 or Windows-1252, line ends as ``\n``.

    A byte order mark decides; then UTF-8; then what the file declares; then GB 18030 where the outcome reads as
    Chinese; then Windows-1252 where its bytes are letters. Raises BrokenFile where none of these gives text, and
    EmptyFile where the text is only white space.
    """
    text = _decode(data=data, declared=declared)
    if text is None or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise BrokenFile(file=shown, problem="its bytes are not text in UTF-8, UTF-16, GB 18030 or Windows-1252")
    text = _CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        raise EmptyFile(file=shown)
    return text


def _decode(*, data: bytes, declared: str) -> str | None:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _try(data=data, encoding=name)
    guessed = _guess_utf16(data=data)
    for name in ("utf-8", guessed, declared):
        if name and (text := _try(data=data, encoding=name)) is not None:
            return text
    chinese = _try(data=data, encoding="gb18030")
    if chinese is not None and _reads_as_chinese(text=chinese):
        return chinese
    for name in ("utf-16-le", "utf-16-be"):
        text = _try(data=data, encoding=name)
        if text is not None and _reads_as_chinese(text=text):
            return text
    western = _try(data=data, encoding="windows-1252")
    return western if western is not None and _reads_as_western(text=western) else None


def _try(*, data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _guess_utf16(*, data: bytes) -> str:
    sample = data[:4000]
    zeros_even, zeros_odd = sample[0::2].count(0), sample[1::2].count(0)
    least = len(sample) // 5
    if zeros_odd > least and zeros_even == 0:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > least and zeros_odd == 0 else ""


def _reads_as_chinese(*, text: str) -> bool:
    """Whether most of what is not ASCII is common Chinese: Western letters read as GB 18030 give rare characters."""
    foreign = [c for c in text[:20_000] if ord(c) > 127]  # noqa: PLR2004  (ASCII)
    common = sum(
        "\u4e00" <= c <= "\u9fa5" or c in "，。、；：？！“”‘’（）《》〈〉【】—…　·－" or "！" <= c <= "～"
        for c in foreign
    )
    frequent = sum(c in "的一是不在有人和国中年为以上行法条应当规定本" for c in foreign)
    return bool(foreign) and common > 0.95 * len(foreign) and frequent * 60 > len(foreign)


def _reads_as_western(*, text: str) -> bool:
    foreign = [c for c in text[:20_000] if ord(c) > 127]  # noqa: PLR2004  (ASCII)
    letters = sum(c.isalpha() or c in "–—‘’“”«»§°ºª€£·¿¡…•\xa0®©™" for c in foreign)
    return letters >= 0.9 * len(foreign) and len(foreign) < 0.3 * max(1, len(text[:20_000]))


def read_plain(*, text: str) -> tuple[list[Block], int]:
    """Return the blocks of a plain text, and its pages where form feeds part them (else 0).

    Text that somebody wrapped at a width is joined into paragraphs by its indents, ends and empty lines; text with one
    paragraph on each line is taken line by line.
    """
    lines = text.split("\n")
    filled = [x for x in lines if x.strip()]
    wrapped = bool(filled) and sum(len(x) <= _WRAP for x in filled) >= 0.9 * len(filled) and _has_runs(lines=lines)
    pages = text.split("\f")
    count = len(pages) if len(pages) > 1 else 0
    bodies = _drop_footnotes(pages=pages) if count else pages
    measured = [list(_measure_lines(page=p, number=n if count else 0)) for n, p in enumerate(bodies, start=1)]
    if wrapped:
        return build_blocks(pages=measured), count
    kept = drop_furniture(pages=measured, edge=1) if count else measured
    return [Block(text=line.text, page=line.page) for page in kept for line in page], count


def _has_runs(*, lines: list[str]) -> bool:
    """Whether many lines stand at one width, as wrapped text does, and not each at the length of its sentence."""
    lengths = [len(x.rstrip()) for x in lines if x.strip()]
    longest = sorted(lengths)[int(len(lengths) * 0.95)] if lengths else 0
    full = sum(0.8 * longest <= n for n in lengths)
    if longest > 30 and full > 0.35 * len(lengths):  # noqa: PLR2004  (a width to wrap at)
        return True
    pairs = [(a.strip(), b.strip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    runs = sum(b[0].islower() and a[-1] not in ".;:!?" for a, b in pairs)
    return runs > 0.25 * max(1, len(pairs)) or _is_cut_at_width(lines=lines)


def _is_cut_at_width(*, lines: list[str]) -> bool:
    """Whether the longest lines end in the middle of a sentence: three or more at one width, as scripts without capitals show it."""
    widest = max(len(x.rstrip()) for x in lines)
    full = [x.rstrip() for x in lines if len(x.rstrip()) >= _FULL * widest]
    cut = sum(x[-1] not in ".;:!?。；：！？؛؟،,|" for x in full)
    return widest > 30 and len(full) > 2 and cut > 0.6 * len(full)  # noqa: PLR2004  (a width to wrap at; three of a kind)


def _drop_footnotes(*, pages: list[str]) -> list[str]:
    """Cut each page where its footnotes begin: a number alone on a line, next in the document's count, then the note.

    A drawn rule with a numbered line below it begins them too.
    """
    expected = 1
    bodies = []
    for page in pages:
        lines = page.split("\n")
        cut = None
        for row, line in enumerate(lines[:-1]):
            if _RULE.fullmatch(line.strip()) and row > 0 and _NOTE.match(lines[row + 1].strip()):
                cut = row if cut is None else cut
            mark = re.fullmatch(r"\s{0,3}([0-9]{1,3})(?:\s{1,3}\S.{20,}|\s*)", line)
            if mark is None or not expected <= int(mark.group(1)) <= expected + 3:
                continue
            alone = not line[mark.end(1) :].strip()
            note = lines[row + 1].strip() if alone else line[mark.end(1) :].strip()
            if cut is not None or (len(note) > 20 and (alone or not lines[row - 1].strip())):  # noqa: PLR2004  (a note says something)
                cut = row if cut is None else cut
                expected = int(mark.group(1)) + 1
        bodies.append("\n".join(lines[:cut]))
    return bodies


def _measure_lines(*, page: str, number: int) -> Iterator[Line]:
    """Give each line a place: a column is one wide, a row two high, and text in Chinese letters two wide."""
    for row, line in enumerate(page.split("\n")):
        folded = " ".join(line.split())
        if folded:
            left = len(line) - len(line.lstrip())
            width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip())
            yield Line(text=folded, page=number, left=left, right=width, bottom=-2.0 * row, size=2.0)
