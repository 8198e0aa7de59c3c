"""Language tells in which language a document is written: by its file name, by what it declares, or by its letters."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

UNKNOWN = "und"
"""BCP 47 for a language nobody has named."""

SAMPLE = 20_000
"""Characters looked at: more do not change the answer, and take time."""

_LEAST_LETTERS = 40
_LEAST_CONFIDENCE = 0.9
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?", re.IGNORECASE)
# Languages of the United Nations and others that AI policies in circulation are written in: a short list
# keeps a table of law names from being taken for a tongue with few speakers.
_CANDIDATES = [
    "ar",
    "bg",
    "bn",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "kk",
    "ko",
    "lt",
    "lv",
    "ms",
    "mt",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "sw",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]


def tag_language(*, text: str) -> str:
    """Return ``text`` as a BCP 47 tag in its usual case, or ``und`` where it is none.

    >>> tag_language(text="pt_br"), tag_language(text="zh-hans-cn"), tag_language(text="EN"), tag_language(text="english?")
    ('pt-BR', 'zh-Hans-CN', 'en', 'und')
    """
    tag = text.strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return UNKNOWN
    first, *others = tag.lower().split("-")
    script = 4
    return "-".join([first, *(o.title() if len(o) == script else o.upper() for o in others)])


def read_name_language(*, path: Path) -> str:
    """Return the language that the second suffix of a file name states, as in ``act.pt-BR.pdf``, or ``und``.

    Only two-letter codes in use count: ``act.v2.pdf`` and ``act.doc.pdf`` state nothing.
    """
    suffixes = path.suffixes
    if len(suffixes) < 2:  # noqa: PLR2004  (the language is the last but one)
        return UNKNOWN
    tag = tag_language(text=suffixes[-2][1:])
    return tag if tag.split("-")[0] in _CANDIDATES else UNKNOWN


def guess_language(*, text: str) -> str:
    """Return the language of ``text`` (BCP 47, two letters) where it is plain, else ``und``.

    Scripts that one language of the list uses alone are told by their letters; the rest by py3langid, and only where
    its probability is at least 0.9 and 40 letters were seen. Measured by its authors, not by us.
    """
    sample = text[:SAMPLE]
    letters = [c for c in sample if c.isalpha()]
    by_script = _read_script(letters=letters)
    if by_script != UNKNOWN:
        return by_script
    if len(letters) < _LEAST_LETTERS:
        return UNKNOWN
    language, confidence = _load_identifier().classify(sample)
    return str(language) if confidence >= _LEAST_CONFIDENCE else UNKNOWN


def identify_among(*, text: str, languages: Collection[str]) -> tuple[str, float]:
    """Return the likeliest language of a text among these, or among all where none is named, and its probability there.

    Probabilities are py3langid's own, shared out anew among the languages asked about.
    """
    chances = {code: float(p) for code, p in _load_identifier().rank(text[:SAMPLE])}
    asked = {code: p for code, p in chances.items() if not languages or code in languages}
    best = max(sorted(asked), key=lambda code: asked[code])
    return best, asked[best] / (sum(asked.values()) or 1.0)


@functools.cache
def _load_identifier() -> Any:
    # Loading takes 0.6 s, so it happens once, and not for the scripts told above.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier


def _read_script(*, letters: list[str]) -> str:
    least = 8
    if len(letters) < least:
        return UNKNOWN
    hangul = sum("가" <= c <= "힣" for c in letters)
    kana = sum("\u3041" <= c <= "\u30ff" for c in letters)
    han = sum("\u4e00" <= c <= "\u9fff" for c in letters)
    half, tenth = len(letters) / 2, len(letters) / 10
    if hangul > half:
        return "ko"
    if kana > tenth and kana + han > half:
        return "ja"
    if han > half and kana * 50 < han:
        return "zh"
    return UNKNOWN
