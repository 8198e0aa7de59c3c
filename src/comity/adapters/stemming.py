"""Stems of words by Snowball (Porter, 2001), for the languages that it knows; other words stay as they are."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

NAMES = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "pt": "portuguese", "ru": "russian"}


@lru_cache(maxsize=len(NAMES))
def _stemmer(name: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(name)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word; ``language`` is BCP 47.

    >>> stem("measures", "en-GB"), stem("measuring", "en"), stem("系统", "zh")
    ('measur', 'measur', '系统')
    """
    name = NAMES.get(language.partition("-")[0].lower())
    return str(_stemmer(name).stemWord(word)) if name else word
