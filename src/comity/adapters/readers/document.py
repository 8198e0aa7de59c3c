"""A document as every reader returns it, and the limits within which files are read."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from comity.engines.alignment.texts import Article, Block

MB = 1_000_000
READ_FORMATS = "PDF with a text layer, Word (DOCX), HTML, Akoma Ntoso and Canada's legislative XML, Markdown, plain text, tables of provisions in CSV, and instruments in TOML"


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much one file may cost. Sizes are in bytes and characters, time in seconds of processor.

    ``file_bytes`` is decided before a byte is read. ``text_characters`` is the text of the whole document,
    ``expanded_bytes`` what an archive may unpack to. ``memory_bytes`` and ``seconds`` bind the process in which PDF
    is read.
    """

    file_bytes: int = 50 * MB
    text_characters: int = 50 * MB
    expanded_bytes: int = 50 * MB
    pages: int = 5_000
    memory_bytes: int = 1_000 * MB
    seconds: int = 60


DEFAULT_LIMITS = ReadingLimits()


@dataclass(frozen=True, slots=True)
class Document:
    """What was read from one file: its blocks in reading order, and what the file says of itself.

    ``format`` is pdf, docx, html, law-xml, markdown, text, csv or toml. ``language`` is BCP 47, ``und`` where unknown. ``sha256`` is of
    the bytes as found, in hexadecimal. ``pages`` is 0 where the format has none. ``articles`` are those whose bounds the
    file itself states, as legislative XML does; empty where they have to be found. ``facts`` are fields of
    Instrument that the file states, such as its party, or that its texts are summaries; ``codings`` are fields of
    Provision that people named, by reference, such as topics.
    """

    path: Path
    format: str
    blocks: tuple[Block, ...]
    title: str
    language: str
    sha256: str
    pages: int
    articles: tuple[Article, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    codings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
