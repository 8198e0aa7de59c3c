"""Fold a text into tokens, so that one word is one token in every text and in every search.

Unicode normalisation form KC and case folding (Unicode Standard Annex 15 and chapter 3.13); character pairs for scripts
that write no spaces between words (Chinese, Japanese) or that join particles to them (Korean), as in Nie and Ren (1999);
Arabic forms folded after Larkey, Ballesteros and Connell (2002), light stemming only.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PAIRED = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+)")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None}
)
_ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
_SHORTEST_STEM = 3

_STOP = {
    "en": "a an and any are as at be been by for from has have in into is it its of on or that the their them these they "
    "this those to was were which who will with",
    "fr": "a au aux ce ces cette d dans de des du elle elles en est et il ils l la le les leur leurs ne ou par pas pour qu "
    "que qui s se ses son sont sur un une",
    "es": "a al con de del e el en es la las lo los o para por que se ser son su sus u un una y",
    "pt": "a ao aos as com da das de do dos e em na nas no nos o os ou para pela pelo por que se ser seu sua um uma",
    "ru": "а без бы в во для до его ее и из или их к как на не но о об от по при с со так то у что это",
    "ar": "ان او الى الي اي على علي عن في كل ما من هذا هذه هو هي و",
}
_STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP.items()}
_NONE: frozenset[str] = frozenset()


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
    for word in _WORD.findall(_without_marks(folded)):
        for number, part in enumerate(_PAIRED.split(word)):
            if number % 2:
                found += [part] if len(part) == 1 else [part[i : i + 2] for i in range(len(part) - 1)]
            elif part and part not in stop:
                token = _folded_word(part)
                if token and token not in stop:
                    found.append(token)
    return tuple(found)


def _without_marks(text: str) -> str:
    """Drop combining marks (accents, Arabic vowels), but keep the marks that make Hangul and kana what they are."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in parts if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", kept)


def _folded_word(word: str) -> str:
    if _ARABIC.match(word):
        word = word.translate(_ARABIC_FORMS)
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
                return word[len(prefix) :]
        return word
    if word.isascii() and len(word) > _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]  # noqa: PLR2004  (dies, ties)
    return word
