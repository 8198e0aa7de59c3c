"""What the words of a document must be: plain text in paragraphs, in Unicode's normal form C, with nothing that cannot be seen."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from comity.errors import BadParameter
from comity.platform.dialogue.statement_text import ALLOWED_FORMATS, REFUSED, SOFT_HYPHEN
from comity.platform.parties.submission_text import demand_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_TITLE = 300
MOST_TEXT = 100_000
MOST_LANGUAGES = 20
_END_OF_LINE = re.compile("\r\n|[\r\u2028\x85\x0b\x0c]")
_END_OF_PARAGRAPH = re.compile(r"\n[ \n]*\n")

Text = tuple[str, str]
"""A title and a text."""


def checked_text(text: str, /, *, language: str) -> str:
    """Return a text in paragraphs, parted by one empty line each. Raises BadParameter, naming the language."""
    found = unicodedata.normalize("NFC", text.replace(SOFT_HYPHEN, ""))
    found = _END_OF_LINE.sub("\n", found).replace("\u2029", "\n\n").replace("\t", " ")
    lines = "\n".join(" ".join(line.split(" ")).strip(" ") for line in found.split("\n"))
    kept = _END_OF_PARAGRAPH.sub("\n\n", lines).strip()
    _demand_visible(kept, name=f"text, {language}", most=MOST_TEXT)
    return kept


def checked_title(title: str, /, *, language: str) -> str:
    """Return a title on one line. Raises BadParameter, naming the language."""
    kept = " ".join(unicodedata.normalize("NFC", title.replace(SOFT_HYPHEN, "")).split())
    _demand_visible(kept, name=f"title, {language}", most=MOST_TITLE)
    return kept


def checked_texts(texts: Mapping[str, Text], /) -> dict[str, Text]:
    """Return titles and texts by language, in the order of the tags, at least one. Raises BadParameter."""
    if not texts or len(texts) > MOST_LANGUAGES:
        raise BadParameter(
            name="texts", found=str(len(texts)), allowed=f"a title and a text in 1 to {MOST_LANGUAGES} languages"
        )
    return {
        demand_language(language): (
            checked_title(texts[language][0], language=language),
            checked_text(texts[language][1], language=language),
        )
        for language in sorted(texts)
    }


def checked_languages(name: str, tags: Iterable[str], /) -> tuple[str, ...]:
    """Return language tags, each once and in order, at least one. Raises BadParameter."""
    kept = tuple(sorted({demand_language(tag) for tag in tags}))
    if not kept or len(kept) > MOST_LANGUAGES:
        raise BadParameter(name=name, found=str(len(kept)), allowed=f"1 to {MOST_LANGUAGES} languages")
    return kept


def paragraphs_of(text: str, /) -> tuple[str, ...]:
    """Return the paragraphs of a text as it is kept."""
    return tuple(text.split("\n\n"))


def digest_of(text: str, /) -> str:
    """Return the SHA-256 of a text, which the act that issues it states."""
    return hashlib.sha256(text.encode()).hexdigest()


def _demand_visible(kept: str, /, *, name: str, most: int) -> None:
    if not any(unicodedata.category(c)[0] in "LN" for c in kept):
        raise BadParameter(name=name, found="empty", allowed=f"1 to {most} characters")
    if len(kept) > most:
        raise BadParameter(name=name, found=f"{len(kept)} characters", allowed=f"1 to {most} characters")
    for sign in kept:
        if sign != "\n" and unicodedata.category(sign) in REFUSED and sign not in ALLOWED_FORMATS:
            raise BadParameter(
                name=name, found=f"U+{ord(sign):04X}", allowed="text without control or direction-override characters"
            )
