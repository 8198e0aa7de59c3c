"""Reading picks the reader for a file and returns one document, or one clear refusal."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from comity.adapters.language import UNKNOWN, guess_language, read_name_language, tag_language
from comity.adapters.readers.document import DEFAULT_LIMITS, MB, READ_FORMATS, Document
from comity.adapters.readers.files import read_regular_file, show_name
from comity.adapters.readers.plain import decode_text, read_plain
from comity.adapters.readers.sniff import sniff_format
from comity.engines.alignment.texts import Block, Provision
from comity.errors import BrokenFile, ComityError, EmptyFile, ExpandsTooFar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.adapters.readers.document import ReadingLimits
    from comity.adapters.readers.sniff import Format
    from comity.engines.alignment.segmentation import Segment

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s{0,3}=\s{0,3}[\"']([A-Za-z0-9_-]{2,20})", re.IGNORECASE)


def read_document(*, path: Path, limits: ReadingLimits = DEFAULT_LIMITS) -> Document:
    """Read one file: by what it holds first, by its suffix then.

    Raises PathNotFound, BadInstrumentFile for a TOML file that breaks its rules, or one of the UnreadableFile errors.
    Whatever else a reader stumbles over becomes BrokenFile, so that one file never stops a run over many.
    """
    shown = show_name(path=path)
    data = read_regular_file(path=path, limits=limits)
    try:
        kind = sniff_format(path=path, data=data, limits=limits)
        blocks, title, declared, pages, *stated = _read_by_format(kind=kind, data=data, path=path, limits=limits)
    except ComityError:
        raise
    except RecursionError:
        raise BrokenFile(file=shown, problem="it nests too deeply") from None
    except MemoryError:
        raise ExpandsTooFar(file=shown, allowed=round(limits.text_characters / MB)) from None
    except Exception as error:
        raise BrokenFile(file=shown, problem=f"its reader failed: {type(error).__name__}") from error
    if not blocks:
        raise EmptyFile(file=shown)
    if sum(len(b.text) for b in blocks) > limits.text_characters:
        raise ExpandsTooFar(file=shown, allowed=round(limits.text_characters / MB))
    return Document(
        path=path,
        format=kind,
        blocks=tuple(blocks),
        title=title or blocks[0].text[:300],
        language=choose_language(path=path, declared=declared, blocks=blocks),
        sha256=hashlib.sha256(data).hexdigest(),
        pages=pages,
        articles=stated[0] if stated else (),
        facts=stated[1] if stated else {},
        codings=stated[2] if stated else {},
    )


def _read_by_format(  # noqa: PLR0911  (one return for each format)
    *, kind: Format, data: bytes, path: Path, limits: ReadingLimits
) -> tuple[Any, ...]:
    """Return (blocks, title, declared language, pages), and articles, facts and codings where the file states them. Readers are imported when a file of their kind comes."""
    shown = show_name(path=path)
    if kind == "pdf":
        from comity.adapters.readers.pdf import read_pdf

        blocks, title, pages = read_pdf(data=data, shown=shown, limits=limits)
        return blocks, title, "", pages
    if kind == "docx":
        from comity.adapters.readers.docx import read_docx

        blocks, title, language = read_docx(data=data, shown=shown, allowed=READ_FORMATS)
        return blocks, title, language, 0
    if kind == "toml":
        return _read_toml(path=path, limits=limits)
    declared = _META_CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:200])
    text = decode_text(
        data=data, shown=shown, declared=declared.group(1).decode() if declared and kind in {"html", "law-xml"} else ""
    )
    if kind == "html":
        from comity.adapters.readers.html import read_html

        blocks, title, language = read_html(text=text, shown=shown)
        return blocks, title, language, 0
    if kind == "law-xml":
        from comity.adapters.readers.law_xml import read_law_xml

        blocks, articles, title, language, facts, codings = read_law_xml(text=text, shown=shown)
        return blocks, title, language, 0, articles, facts, codings
    if kind == "markdown":
        from comity.adapters.readers.markdown import read_markdown

        blocks, pages = read_markdown(text=text)
        headings = [b.text for b in blocks if b.kind == "heading"]
        return blocks, headings[0] if headings else "", "", pages
    blocks, pages = read_plain(text=text)
    return blocks, "", "", pages


def _read_toml(*, path: Path, limits: ReadingLimits) -> tuple[Sequence[Block], str, str, int]:
    from comity.adapters.readers.instruments import read_instrument_file

    instrument, provisions, _ = read_instrument_file(path=path, limits=limits)
    blocks = [Block(text=instrument.title, kind="heading", level=1)]
    for provision in provisions:
        blocks.append(Block(text=" ".join(f"{provision.label} {provision.heading}".split()), kind="heading", level=2))
        blocks.append(Block(text=provision.text))
    return blocks, instrument.title, instrument.language, 0


def choose_language(*, path: Path, declared: str, blocks: Sequence[Block]) -> str:
    """Return the language (BCP 47) that a file's name states, else its contents declare, else its words tell; ``und`` where none."""
    named = read_name_language(path=path)
    if named != UNKNOWN:
        return named
    stated = tag_language(text=declared)
    if stated != UNKNOWN:
        return stated
    # The middle of a text is its own words; its start is titles, names and a table of contents.
    middle = blocks[len(blocks) // 4 :]
    return guess_language(text=" ".join(b.text for b in middle[:400]) or blocks[0].text)


def provisions_of(*, document: Document, segments: Sequence[Segment], instrument_id: str) -> tuple[Provision, ...]:
    """Return the provisions that the segments of a document are, in the document's language, judged by nobody yet."""
    return tuple(
        Provision(
            instrument=instrument_id,
            ref=s.ref,
            label=s.label,
            heading=s.heading,
            text=s.text,
            language=document.language,
            page=s.page,
        )
        for s in segments
    )
