"""What the words of a statement must be: one short idea in Unicode's normal form C, with nothing that cannot be seen."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from comity.errors import BadParameter
from comity.platform.dialogue.models.statements import MOST_CHARACTERS
from comity.platform.parties.bodies import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

JOINER = "\u200d"
SOFT_HYPHEN = "\u00ad"
# Joiners shape Persian, Indic scripts and emoji; the three marks of direction change no order by themselves.
ALLOWED_FORMATS = frozenset({"\u200c", JOINER, "\u200e", "\u200f", "\u061c"})
REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
EXTENDS = frozenset({"Mn", "Me", "Mc", "Sk"})
REGIONAL = range(0x1F1E6, 0x1F200)
MODIFIERS = range(0x1F3FB, 0x1F400)
MOST_MARKS = 8
"""Marks on one letter: the most that a script needs (Tibetan stacks); more would run over the lines around it."""


def count_characters(text: str, /) -> int:
    r"""Return how many characters a reader sees: marks and joiners count with the letter that they belong to.

    Follows the extended grapheme clusters of Unicode's UAX 29 as far as marks, joined emoji and flags go.

    >>> count_characters("e\u0301t\u00e9"), count_characters("\U0001f469\u200d\U0001f680"), count_characters("\U0001f1f0\U0001f1ea")
    (3, 1, 1)
    """
    seen, joined, flag = 0, False, False
    for letter in text:
        code = ord(letter)
        if letter == JOINER:
            joined = True
            continue
        extends = code in MODIFIERS or letter in ALLOWED_FORMATS or unicodedata.category(letter) in EXTENDS - {"Sk"}
        if code in REGIONAL and flag:
            flag = False
        elif not extends and not joined:
            seen += 1
            flag = code in REGIONAL
        joined = False
    return seen


def checked_statement(text: str, /) -> str:
    """Return the words of a statement in normal form, on one line. Raises BadParameter, saying what is allowed."""
    found = " ".join(unicodedata.normalize("NFC", text.replace(SOFT_HYPHEN, "")).split())
    if any(unicodedata.category(c) in REFUSED and c not in ALLOWED_FORMATS for c in found):
        raise BadParameter(
            name="statement", found="with characters that cannot be seen", allowed="letters, digits and signs alone"
        )
    if piles_up(found):
        raise BadParameter(
            name="statement", found=f"more than {MOST_MARKS} marks on a letter", allowed=f"at most {MOST_MARKS} marks"
        )
    if not any(unicodedata.category(c)[0] in "LN" for c in found):
        raise BadParameter(name="statement", found="empty", allowed="one idea in words")
    length = count_characters(found)
    if length > MOST_CHARACTERS or len(found) > 3 * MOST_CHARACTERS:
        raise BadParameter(
            name="statement", found=f"{length} characters", allowed=f"at most {MOST_CHARACTERS} characters"
        )
    return found


def piles_up(text: str, /) -> bool:
    r"""Tell whether more marks or signs that cannot be seen follow one another than a letter of any script bears.

    >>> piles_up("e" + "\u0301" * 9), piles_up("\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82")
    (True, False)
    """
    run = 0
    for letter in text:
        run = run + 1 if letter in ALLOWED_FORMATS or unicodedata.category(letter) in {"Mn", "Me"} else 0
        if run > MOST_MARKS:
            return True
    return False


def checked_language(language: str, /) -> str:
    """Return the language of a statement. Raises BadParameter for another than the six."""
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    return language


def alike(text: str, /) -> str:
    """Return what two statements share that differ in case, width, spacing or closing signs alone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")


def checked_texts(name: str, texts: Mapping[str, str], *, most: int, needed: bool) -> dict[str, str]:
    """Return texts by language, trimmed, empty ones left out; at least one where ``needed``. Raises BadParameter."""
    kept = {language: " ".join(unicodedata.normalize("NFC", str(text)).split()) for language, text in texts.items()}
    kept = {language: text for language, text in kept.items() if text}
    unknown = sorted(set(kept) - set(LANGUAGES))
    if unknown:
        raise BadParameter(name=name, found=unknown[0][:20], allowed=", ".join(LANGUAGES))
    if needed and not kept:
        raise BadParameter(name=name, found="empty", allowed="a text in one of the six languages at least")
    for text in kept.values():
        if len(text) > most or any(unicodedata.category(c) in REFUSED and c not in ALLOWED_FORMATS for c in text):
            raise BadParameter(name=name, found=f"{len(text)} characters", allowed=f"at most {most}, all visible")
    return kept
