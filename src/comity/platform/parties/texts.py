"""Check the words that members and secretariats write before they are kept, and find them in the reader's language."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from comity.errors import BadParameter
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.submission_text import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MOST_TITLE = 200
MOST_PURPOSE = 4000
MOST_NOTE = 500
MOST_LANGUAGES = 12
MOST_RULE = 200
# Joiners shape Persian, Indic scripts and emoji; the three marks of direction change no order by themselves.
ALLOWED_FORMATS = frozenset("\u200c\u200d\u200e\u200f\u061c")
MOST_MARKS = 8
"""Marks on one letter: the most that a script needs (Tibetan stacks); more would run over the lines around it."""


def checked_texts(
    name: str, texts: Mapping[str, str], *, most: int, needed: bool = True, lines: bool = False
) -> dict[str, str]:
    """Return texts by language in normal form C, trimmed, empty ones left out; on one line each unless ``lines``.

    Raises BadParameter where none is left and one is ``needed``, for a language that is none of the six, for a text that is too long,
    and for signs that cannot be seen.
    """
    kept = {str(language): checked_text(name, str(text), most=most, lines=lines) for language, text in texts.items()}
    kept = {language: kept[language] for language in sorted(kept) if kept[language]}
    unknown = sorted(set(kept) - set(LANGUAGES))
    if unknown:
        raise BadParameter(name=name, found=unknown[0][:20], allowed=", ".join(LANGUAGES))
    if needed and not kept:
        raise BadParameter(name=name, found="empty", allowed="a text in one of the six languages at least")
    return kept


def checked_text(name: str, text: str, *, most: int, least: int = 0, lines: bool = False) -> str:
    """Return one text in normal form C, trimmed, on one line unless ``lines``. Raises BadParameter, saying what is allowed."""
    normal = unicodedata.normalize("NFC", text.replace("\u00ad", "").replace("\r\n", "\n").replace("\r", "\n"))
    if lines:
        found = "\n".join(" ".join(line.split()) for line in normal.split("\n")).strip()
    else:
        found = " ".join(normal.split())
    if not least <= len(found) <= most:
        raise BadParameter(name=name, found=f"{len(found)} characters", allowed=f"{least} to {most} characters")
    if HIDDEN.search(found) or any(_is_unseen(sign) for sign in found):
        raise BadParameter(
            name=name, found="with characters that cannot be seen", allowed="letters, digits and signs alone"
        )
    if _piles_up(found):
        raise BadParameter(name=name, found="many marks on a letter", allowed="the marks that a script needs")
    return found


def checked_rule(authority: str, /) -> str:
    """Return the rule or decision on which an act rests, on one line. Raises BadParameter."""
    return checked_text("authority", authority, most=MOST_RULE, least=3)


def checked_languages(name: str, languages: Collection[str]) -> list[str]:
    """Return codes of languages, in order, each once; none stands for any. Raises BadParameter for another than the six."""
    found = sorted(set(languages))
    unknown = [language for language in found if language not in LANGUAGES]
    if unknown:
        raise BadParameter(name=name, found=unknown[0][:20], allowed=", ".join(LANGUAGES))
    return found


def checked_language(language: str, /) -> str:
    """Return the language of a text. Raises BadParameter for another than the six."""
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    return language


def text_in(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in English, else in the first language that it has; empty where there is none.

    >>> text_in({"fr": "Besoin", "es": "Necesidad"}, "ar")
    'Necesidad'
    """
    return texts.get(language_in(texts, language), "")


def language_in(texts: Mapping[str, str], language: str) -> str:
    """Return the language in which a reader of a language gets a text; empty where there is none."""
    return next((code for code in (language.partition("-")[0], "en", *sorted(texts)) if texts.get(code)), "")


def _is_unseen(sign: str) -> bool:
    return sign != "\n" and sign not in ALLOWED_FORMATS and unicodedata.category(sign)[0] == "C"


def _piles_up(text: str) -> bool:
    run = 0
    for sign in text:
        run = run + 1 if sign in ALLOWED_FORMATS or unicodedata.category(sign) in {"Mn", "Me"} else 0
        if run > MOST_MARKS:
            return True
    return False
