"""Words by which strategies state goals and actions, in nine languages: data, one pattern for each question.

``never`` marks definitions, principles and what is past; ``goal`` and ``action`` what a sentence states; ``dates``, ``indicators``
and ``owners`` what it says of when, how much and who. Patterns of dates name groups ``year``, ``month``, ``day``, ``quarter`` or
``count`` and ``unit`` where a date can be worked out from them. The value of a pattern is its group ``said``, or the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.alignment.commitment_words_east import EAST
from comity.engines.alignment.commitment_words_west import WEST

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rules:
    """The compiled patterns of a language. ``dates``, ``indicators`` and ``owners`` are tried together: the earliest match wins,
    then the longest, and matches do not overlap. ``columns`` names heads of a table's columns: owner, date, indicator.
    """

    never: re.Pattern[str]
    goal: re.Pattern[str]
    action: re.Pattern[str]
    dates: tuple[re.Pattern[str], ...]
    indicators: tuple[re.Pattern[str], ...]
    owners: tuple[re.Pattern[str], ...]
    columns: Mapping[str, re.Pattern[str]]


MONTHS: Mapping[str, int] = {
    word: place
    for names in (
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    )
    for place, word in enumerate(names.split(), start=1)
}

NUMBERS: Mapping[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "eighteen": 18, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six ": 6, "neuf": 9, "douze": 12,
    "dix-huit": 18, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "nueve": 9, "doce": 12, "dieciocho": 18,
    "um": 1, "dois": 2, "três": 3, "quatro": 4, "nove": 9, "doze": 12, "dezoito": 18, "двух": 2, "трех": 3, "трёх": 3, "четырех": 4,
    "четырёх": 4, "пяти": 5, "шести": 6, "девяти": 9, "двенадцати": 12, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6,
    "九": 9, "十": 10, "十二": 12, "十八": 18, "ستة": 6, "ثلاثة": 3, "خمس": 5, "اثني عشر": 12,
}  # fmt: skip

UNITS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Y", re.compile(r"^(?:years?|ans?|années?|años?|anos?|лет|года?|سنوات|سنة|أعوام|年|년)$", re.IGNORECASE)),
    (
        "M",
        re.compile(
            r"^(?:months?|mois|mes(?:es)?|mês|месяц\w*|أشهر|شهرا?|شهور|个?月|か月|ヶ月|カ月|개월)$", re.IGNORECASE
        ),
    ),
    ("W", re.compile(r"^(?:weeks?|semaines?|semanas?|недел\w+|أسابيع|周|週間|주)$", re.IGNORECASE)),
    ("D", re.compile(r"^(?:days?|jours?|d[ií]as?|дн\w+|يوما?|أيام|天|日|일)$", re.IGNORECASE)),
)


def _compile(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE) for p in patterns)


RULES: Mapping[str, Rules] = {
    language: Rules(
        never=re.compile(str(row["never"]), re.IGNORECASE),
        goal=re.compile(str(row["goal"]), re.IGNORECASE),
        action=re.compile(str(row["action"]), re.IGNORECASE),
        dates=_compile(*row["dates"]),
        indicators=_compile(*row["indicators"]),
        # A name is told from another word by its capital letters, so case counts here.
        owners=tuple(re.compile(p) for p in row["owners"]),
        columns={
            asked: re.compile(rf"^\W*(?:{heads})\W*$", re.IGNORECASE)
            for asked, heads in (
                ("owner", row["owner column"]),
                ("date", row["date column"]),
                ("indicator", row["indicator column"]),
            )
        },
    )
    for language, row in {**WEST, **EAST}.items()
}
