"""Fold a text into tokens, so that one word is one token in every text and in every search.

Unicode normalisation form KC and case folding (Unicode Standard Annex 15 and chapter 3.13); character pairs for scripts
that write no spaces between words (Chinese, Japanese, Thai and its neighbours) or that join particles to them (Korean), as in
Nie and Ren (1999); Arabic forms folded after Larkey, Ballesteros and Connell (2002), light stemming only. Accents and vowel
points are dropped; the vowel signs of Indic scripts are letters and stay. Digits of every script are folded to 0 to 9.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

# From Devanagari to Khmer, marks write vowels. Python counts no mark as part of a word, so they are named here.
_SCRIPTS_WITH_SIGNS = range(0x0900, 0x1800)
_SIGNS = frozenset(chr(c) for c in _SCRIPTS_WITH_SIGNS if unicodedata.category(chr(c)).startswith("M"))
_KANA_SIGNS = frozenset("\u3099\u309a")
_ANY_SIGN = f"[{''.join(sorted(_SIGNS))}]"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|{_ANY_SIGN})*")
_LETTER = re.compile(rf".{_ANY_SIGN}*")
_PAIRED = re.compile(
    r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+)"
)
# Thai and its neighbours set vowels and tones above and below a letter; a letter is never shown without them.
_MARKED_LETTER = re.compile(
    r".[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a]*"
)
_RUN = re.compile(
    rf"\s+|[^\W_](?:[^\W_]|{_ANY_SIGN}|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0e31-\u0e4e\u0eb1-\u0ecd])*"
)
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_DIGITS = {c: str(unicodedata.decimal(chr(c))) for c in range(0x0660, 0x1800) if chr(c).isdecimal()}
# Hamza above and below an alef, a waw or a yeh is a mark, and is gone by the time that these are folded.
_FORMS = str.maketrans({"ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None}) | _DIGITS
_ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
_SHORTEST_STEM = 3
_TAKES_ES = ("sses", "ches", "shes", "xes", "zzes")

_STOP = {
    "en": "a an and any are as at be been by for from has have in into is it its of on or that the their them these they "
    "this those s to was were which who will with",
    "fr": "a au aux ce ces cette d dans de des du elle elles en est et il ils l la le les leur leurs ne ou par pas pour qu "
    "que qui s se ses son sont sur un une",
    "es": "a al con de del e el en es la las lo los o para por que se ser son su sus u un una y",
    "pt": "a ao aos as com da das de do dos e em na nas no nos o os ou para pela pelo por que se ser seu sua um uma",
    "ru": "а без бы в во для до его ее и из или их к как на не но о об от по при с со так то у что это",
    "ar": "ان او الى الي اي على علي عن في كل ما من هذا هذه هو هي و",
}
_STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP.items()}
_NONE: frozenset[str] = frozenset()


class Stem(Protocol):
    """What brings the forms of a word to one."""

    def __call__(self, words: Sequence[str], language: str, /) -> tuple[str, ...]:
        """Return the stem of each word, in order; the words as they are in a language that it does not know."""


def tokens_of(*, text: str, language: str) -> tuple[str, ...]:
    """Return the tokens of a text in order, repeated as they stand.

    ``language`` (BCP 47) chooses the short list of words left out; scripts are told by their characters, so that a word
    folds alike whatever the language is said to be. Numbers stay. No language is stemmed but for the English plural.

    >>> tokens_of(text="Providers' high-risk AI systems", language="en")
    ('provider', 'high', 'risk', 'ai', 'system')
    >>> tokens_of(text="人工智能", language="zh")
    ('人工', '工智', '智能')
    >>> tokens_of(text="والرقابةُ البشرية", language="ar") == tokens_of(text="رقابه بشريه", language="ar")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    stop = _STOP_WORDS.get(language.partition("-")[0], _NONE)
    found: list[str] = []
    for word in _WORD.findall(folded if folded.isascii() else _plain_letters(folded)):
        for number, part in enumerate(_PAIRED.split(word)):
            if number % 2:
                letters = _LETTER.findall(part)
                found += letters if len(letters) == 1 else [a + b for a, b in pairwise(letters)]
            elif part and part not in stop:
                token = _folded_word(part)
                if token and token not in stop:
                    found.append(token)
    return tuple(found)


def _plain_letters(text: str) -> str:
    """Drop accents and vowel points, but keep the marks that make Indic scripts and kana what they are; fold digits."""
    parts = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in parts if not unicodedata.combining(c) or c in _SIGNS or c in _KANA_SIGNS)
    return unicodedata.normalize("NFC", kept).translate(_FORMS)


def _folded_word(word: str) -> str:
    if _ARABIC.match(word):
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
                return word[len(prefix) :]
        return word
    if word.isascii() and len(word) > _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004  (dies, ties)
            return f"{word[:-3]}y"
        return word[:-2] if word.endswith(_TAKES_ES) else word[:-1]
    return word


def pieces_of(*, text: str) -> tuple[str, ...]:
    """Cut a text into the pieces in which a difference is shown; joined, they are the text again.

    A piece is a word, a single letter of a script that writes no spaces between words, a run of white space, or any
    other single character.

    >>> pieces_of(text="High-risk AI, 人工")
    ('High', '-', 'risk', ' ', 'AI', ',', ' ', '人', '工')
    """
    found: list[str] = []
    end = 0
    for run in _RUN.finditer(text):
        found += text[end : run.start()]
        end = run.end()
        for number, part in enumerate(_PAIRED.split(run[0])):
            if number % 2:
                found += _MARKED_LETTER.findall(part)
            elif part:
                found.append(part)
    found += text[end:]
    return tuple(found)
