"""PDF gives the text layer of a PDF as blocks, read by PDFium in a process that limits hold."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.adapters.readers.direction import reads_backwards, restore_order, set_brackets
from comity.adapters.readers.document import MB
from comity.adapters.readers.joining import HYPHENS, Words, restore_hyphens
from comity.adapters.readers.lines import Line, build_blocks
from comity.errors import BrokenFile, EncryptedFile, ExpandsTooFar, NoTextLayer

if TYPE_CHECKING:
    from comity.adapters.readers.document import ReadingLimits
    from comity.engines.alignment.texts import Block

_SOURCE = str(Path(__file__).resolve().parents[3])
_LETTERS_PER_PAGE = 20
_CLOCK_FACTOR = 4
_SPENT = {signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGXCPU, signal.SIGKILL}
"""How a process ends that was refused more memory or time: PDFium aborts where it gets no memory."""

_GENERIC = re.compile(r"contents|table of contents|目\s?[次录]|general assembly|united nations", re.IGNORECASE)
_JUNK_TITLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f˘-˝]|^microsoft word|^untitled|\.(?:docx?|pdf|indd|xml|hwp)$", re.IGNORECASE
)


def read_pdf(*, data: bytes, shown: str, limits: ReadingLimits) -> tuple[list[Block], str, int]:
    """Return the blocks, title and number of pages of a PDF. ``title`` is empty where none can be told.

    Raises NoTextLayer for a scan, EncryptedFile, BrokenFile, or ExpandsTooFar where pages, text or memory pass the
    limits.
    """
    facts = _ask_child(data=data, shown=shown, limits=limits)
    outcome = facts[-1]
    pages = _read_pages(facts=facts[:-1])
    letters = sum(c.isalnum() for page in pages for line in page for c in line.text)
    total = int(outcome["pages"])
    if total == 0:
        raise BrokenFile(file=shown, problem="it has no pages")
    if outcome["failed"] == total:
        raise BrokenFile(file=shown, problem="none of its pages can be opened")
    if letters < min(_LETTERS_PER_PAGE, 5 * total):
        raise NoTextLayer(file=shown, pages=total)
    heights = sorted(float(fact["size"][1]) for fact in facts[:-1])
    blocks = build_blocks(pages=pages, height=heights[len(heights) // 2])
    return blocks, _choose_title(stated=str(outcome["title"]), pages=pages, blocks=blocks), total


def _ask_child(*, data: bytes, shown: str, limits: ReadingLimits) -> list[dict[str, Any]]:
    """Run the reading process and return what it said: one fact per page, and the outcome last."""
    numbers = (limits.memory_bytes, limits.seconds, limits.pages, limits.text_characters, limits.expanded_bytes)
    # -P keeps modules in the working folder, which may be the folder of documents, from being imported.
    command = [sys.executable, "-P", "-m", "comity.adapters.readers.pdf_child", *map(str, numbers)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([_SOURCE, *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    try:
        done = subprocess.run(  # noqa: S603  (our own program, fixed arguments)
            command,
            input=data,
            capture_output=True,
            timeout=limits.seconds * _CLOCK_FACTOR,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExpandsTooFar(file=shown, allowed=round(limits.text_characters / MB)) from None
    facts = _parse_facts(output=done.stdout)
    outcome = facts[-1].get("outcome") if facts else None
    if outcome == "encrypted":
        raise EncryptedFile(file=shown)
    if outcome == "broken":
        raise BrokenFile(file=shown, problem="it is not a PDF that can be opened")
    if outcome in {"too-far", "memory"} or -done.returncode in _SPENT or b"MemoryError" in done.stderr:
        raise ExpandsTooFar(file=shown, allowed=round(limits.text_characters / MB))
    if outcome != "read":
        raise BrokenFile(file=shown, problem="the PDF reader failed on it")
    return facts


def _parse_facts(*, output: bytes) -> list[dict[str, Any]]:
    facts = []
    for row in output.splitlines():
        try:
            facts.append(json.loads(row))
        except ValueError:
            return []
    return facts


def _read_pages(*, facts: list[dict[str, Any]]) -> list[list[Line]]:
    _restore_facts(facts=facts)
    words = Words.of(texts=[row[0] for fact in facts for row in fact["lines"]])
    pages = []
    for number, fact in enumerate(facts, start=1):
        page = []
        for text, left, right, bottom, size, bold in fact["lines"]:
            inner = text.rstrip()
            cut = inner[-1:] if inner and inner[-1] in HYPHENS else ""
            whole = restore_hyphens(text=inner.removesuffix(cut), words=words) + cut
            page.append(Line(whole, number, left, right, bottom, size or 1.0, bold))
        pages.append(page)
    return pages


def _restore_facts(*, facts: list[dict[str, Any]]) -> None:
    """Write the lines of right-to-left pages in reading order, and mirror their places, so that a line begins at its left.

    Where the words themselves say that they stand turned on the page, as makers who know nothing of direction print them,
    the glyphs are taken as they stand. What is too little to tell on one page is told by all pages together.
    """
    turned = [f for f in facts if any(isinstance(row[0], list) for row in f["lines"])]
    read = {id(f): [restore_order(glyphs=row[0]) for row in f["lines"]] for f in turned}
    every = reads_backwards(texts=[t for f in turned for t in read[id(f)]])
    for fact in turned:
        here = reads_backwards(texts=read[id(fact)])
        wrong = every if here is None else here
        # A page that begins its lines at the right is mirrored, so that they begin at the left as those of other pages do.
        width = 0.0 if wrong and _begins_at_left(rows=fact["lines"]) else float(fact["size"][0])
        fact["lines"] = [
            [
                set_brackets(text=unicodedata.normalize("NFC", "".join(glyphs))) if wrong else text,
                *((width - right, width - left) if width else (left, right)),
                *rest,
            ]
            for (glyphs, left, right, *rest), text in zip(fact["lines"], read[id(fact)], strict=True)
        ]


def _begins_at_left(*, rows: list[list[Any]]) -> bool:
    """Whether more lines of a page share their left edge than their right one."""
    left, right = (Counter(round(row[side]) for row in rows).most_common(1)[0][1] for side in (1, 2))
    return left > right


def _find_running_title(*, pages: list[list[Line]]) -> str:
    """Take the words that stand over every second page or more, in the order of the first page that has them all."""
    counts = Counter(x.text.strip() for page in pages for x in page[:6] if len(x.text.split()) > 3)  # noqa: PLR2004  (a title has words)
    often = {t for t, n in counts.items() if n * 2.5 >= len(pages) and n > 2}  # noqa: PLR2004  (two pages in five)
    first = next((p for p in pages if sum(x.text.strip() in often for x in p) == len(often)), [])
    return " ".join(x.text.strip() for x in first if x.text.strip() in often)


def _choose_title(*, stated: str, pages: list[list[Line]], blocks: list[Block]) -> str:
    """Take the title the file states where it looks like one, else the largest print among the first pages."""
    stated = " ".join(stated.split())
    running = _find_running_title(pages=pages)
    if len(stated) > 5 and not _JUNK_TITLE.search(stated):  # noqa: PLR2004  (a title has letters)
        return stated[:300]
    first = [x for page in pages[:2] for x in page]
    if not first:
        return ""
    largest = max(x.size for x in first if sum(c.isalpha() for c in x.text) > 3) if first else 0.0  # noqa: PLR2004  (a title has letters)
    title = " ".join(x.text.strip() for x in first if x.size > 0.95 * largest)
    if _GENERIC.search(title) and running:
        return running
    if len(title) > 300:  # noqa: PLR2004  (all print is of one size)
        return blocks[0].text[:300] if blocks else ""
    return " ".join(title.split())
