"""Tell in which language the few words of a search are written."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Literal

from comity.adapters.language import identify_among

Source = Literal["letters", "page"]
"""What told the language: the letters of the words, or the language of the page where they leave it open."""

_OF_SCRIPT = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HEBREW": "he",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "GREEK": "el",
}
_AMONG = {"ARABIC": ("ar", ("ar", "fa", "ur")), "CYRILLIC": ("ru", ("bg", "kk", "ru", "sr", "uk"))}
_LATIN_PAGES = frozenset({"en", "es", "fr"})
_LEAST_CONFIDENCE = 0.95
_LEAST_LETTERS = 12


def guess_query_language(*, text: str, page: str) -> tuple[str, Source]:
    """Return the language of the words of a search (BCP 47, primary subtag), and what told it.

    A script that one language uses most decides; else py3langid, where it is at least 0.95 sure of at least 12 letters;
    else ``page``, the language of the reader's page, or English where that is of another script.

    >>> guess_query_language(text="人工智能", page="en"), guess_query_language(text="AI", page="fr")
    (('zh', 'letters'), ('fr', 'page'))
    """
    letters = [c for c in text if c.isalpha()]
    scripts = Counter(unicodedata.name(c, "").partition(" ")[0] for c in letters)
    # Half-width and full-width forms and the like name their width first, and are rare enough to be passed over.
    if kana := scripts["HIRAGANA"] + scripts["KATAKANA"]:
        scripts["HIRAGANA"] = kana + scripts["CJK"]
    script = max(sorted(scripts), key=lambda s: scripts[s], default="")
    if script in _OF_SCRIPT:
        return _OF_SCRIPT[script], "letters"
    if script in _AMONG:
        usual, others = _AMONG[script]
        found, confidence = identify_among(text=text, languages=others)
        return (found if confidence >= _LEAST_CONFIDENCE and len(letters) >= _LEAST_LETTERS else usual), "letters"
    otherwise = page if page in _LATIN_PAGES else "en"
    if script != "LATIN" or len(letters) < _LEAST_LETTERS:
        return otherwise, "page"
    found, confidence = identify_among(text=text, languages=())
    return (found, "letters") if confidence >= _LEAST_CONFIDENCE else (otherwise, "page")
