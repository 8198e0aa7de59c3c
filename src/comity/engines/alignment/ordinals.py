"""Ordinals reads numbers that laws write as words or letters: Spanish, French, Arabic and Hebrew ordinals, Hebrew numerals."""

from __future__ import annotations

_SPANISH_UNITS = ("primer", "segund", "tercer", "cuart", "quint", "sext", "séptim", "octav", "noven")
_SPANISH_TENS = {"décim": 10, "vigésim": 20, "trigésim": 30, "cuadragésim": 40, "quincuagésim": 50}
_ARABIC_UNITS = {
    1: ("الأولى", "الأول", "الاولى", "الاول"), 2: ("الثانية", "الثاني"), 3: ("الثالثة", "الثالث"), 4: ("الرابعة", "الرابع"),
    5: ("الخامسة", "الخامس"), 6: ("السادسة", "السادس"), 7: ("السابعة", "السابع"), 8: ("الثامنة", "الثامن"),
    9: ("التاسعة", "التاسع"), 10: ("العاشرة", "العاشر"),
}  # fmt: skip
_ARABIC_FIRST = {"الحادية": 1, "الحادي": 1}
_ARABIC_TENS = {
    "العشرون": 20, "العشرين": 20, "الثلاثون": 30, "الثلاثين": 30, "الأربعون": 40, "الأربعين": 40, "الخمسون": 50, "الخمسين": 50,
    "الستون": 60, "الستين": 60, "السبعون": 70, "السبعين": 70, "الثمانون": 80, "الثمانين": 80, "التسعون": 90, "التسعين": 90,
}  # fmt: skip
_HEBREW = (
    ("ראשונה", "ראשון"), ("שנייה", "שניה", "שני"), ("שלישית", "שלישי"), ("רביעית", "רביעי"), ("חמישית", "חמישי"),
    ("שישית", "ששית", "שישי"), ("שביעית", "שביעי"), ("שמינית", "שמיני"), ("תשיעית", "תשיעי"), ("עשירית", "עשירי"),
)  # fmt: skip
_HEBREW_UNITS = "אבגדהוזחט"
_HEBREW_TENS = "יכלמנסעפצ"


def _spanish() -> dict[str, int]:
    found = {"único": 1, "única": 1, "unico": 1, "unica": 1, "primer": 1, "tercer": 3}
    for value, stem in enumerate(_SPANISH_UNITS, start=1):
        for end in "oa":
            found[stem + end] = value
            for ten, base in _SPANISH_TENS.items():
                for joined in (f"{ten}{end} {stem}{end}", f"{ten}o{stem}{end}", f"{ten.translate(_BARE)}o{stem}{end}"):
                    found[joined] = base + value
    for ten, base in _SPANISH_TENS.items():
        found |= {f"{ten}o": base, f"{ten}a": base}
    for end in "oa":
        found |= {f"undécim{end}": 11, f"duodécim{end}": 12}
    return found | {name.translate(_BARE): value for name, value in found.items()}


def _arabic() -> dict[str, int]:
    units = {name: value for value, names in _ARABIC_UNITS.items() for name in names}
    ones = {name: value for name, value in units.items() if value < 10} | _ARABIC_FIRST  # noqa: PLR2004  (one digit)
    found = dict(units) | _ARABIC_TENS
    for name, value in ones.items():
        for end in ("عشرة", "عشر"):
            found[f"{name} {end}"] = 10 + value
        for ten, base in _ARABIC_TENS.items():
            found[f"{name} و{ten}"] = base + value
    return found


_BARE = str.maketrans("áéíóú", "aeiou")
SPANISH = _spanish()
"""Spanish ordinals in lower case, masculine and feminine, with accents and without, up to 59."""

ARABIC = _arabic()
"""Arabic ordinals, masculine and feminine, up to 99."""

HEBREW = {name: value for value, names in enumerate(_HEBREW, start=1) for name in names}
"""Hebrew ordinals up to ten."""

_ALL = SPANISH | ARABIC | HEBREW | {"premier": 1, "première": 1, "unique": 1, "primeiro": 1}


def read_ordinal(*, text: str) -> int | None:
    """Return the value of an ordinal in words, or of a Hebrew numeral in letters, or None.

    >>> [read_ordinal(text=t) for t in ("DÉCIMO TERCERO", "الثانية والعشرون", "ראשונה", "ט״ו", "כב", "word")]
    [13, 22, 1, 15, 22, None]
    """
    folded = " ".join(text.casefold().split())
    return _ALL[folded] if folded in _ALL else _read_hebrew(text=folded)


def _read_hebrew(*, text: str) -> int | None:
    total, least = 0, 1_000
    bare = text.strip("'׳").replace("״", "").replace('"', "")
    for letter in bare:
        if letter in _HEBREW_UNITS:
            value = _HEBREW_UNITS.index(letter) + 1
        elif letter in _HEBREW_TENS:
            value = 10 * (_HEBREW_TENS.index(letter) + 1)
        else:
            return None
        # Fifteen and sixteen are written nine and six, nine and seven.
        if value > least or (value == least and value != 9):  # noqa: PLR2004  (the nine of fifteen)
            return None
        total, least = total + value, value
    return total or None


def pattern_of(*, names: dict[str, int]) -> str:
    """Return a pattern for any of the names, longest first, that matches them in lower and upper case."""
    return "|".join(sorted({f for n in names for f in (n, n.upper(), n.capitalize())}, key=lambda n: (-len(n), n)))
