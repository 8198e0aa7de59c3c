"""Bring the forms of a word to one stem, with the stemmers of Snowball (Porter, 2001)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ALGORITHMS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
}
"""Arabic is stemmed lightly by the tokens already; scripts that are cut into pairs of characters have no stems."""


def stem_words(words: Sequence[str], language: str, /) -> tuple[str, ...]:
    """Return the stem of each word by the primary subtag of its language; of another language, the words as they are.

    >>> stem_words(["policies", "assessing", "assessment"], "en")
    ('polici', 'assess', 'assess')
    """
    primary = language.partition("-")[0].lower()
    return tuple(_stem(w, primary) for w in words) if primary in ALGORITHMS else tuple(words)


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    stem: str = _stemmer(language).stemWord(word)
    return stem


@lru_cache(maxsize=len(ALGORITHMS))
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(ALGORITHMS[language])
