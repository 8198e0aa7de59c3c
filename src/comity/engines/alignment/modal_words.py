"""Words by which laws and strategies say how strongly they mean it, in nine languages.

Each language gives, for each strength, one pattern over its text in small letters. A ban stands before a duty, since "must not"
holds "must"; an endeavour stands before a duty where it is written with the words of one (Japanese, Korean).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            "must-not",
            r"\b(?:must not|shall not|may not|cannot|can not|prohibit\w*|forbid\w*|bans?|banned|no one may|never be)\b",
        ),
        ("should", r"\b(?:should|encourag\w*|recommend\w*|urge[sd]?|ought|calls? (?:on|for|upon)|invite[sd]?)\b"),
        ("must", r"\b(?:must|shall|requires?|required|oblig\w*|duty|duties|has to|have to|need to|needs to)\b"),
        ("may", r"\b(?:may|can|permit\w*|allow\w*|entitled|has the right|have the right)\b"),
    ),
    "fr": (
        ("must-not", r"\b(?:ne (?:doit|doivent|peut|peuvent) pas|interdit\w*|interdiction|prohib\w*)\b"),
        ("should", r"\b(?:devrai(?:t|ent)|il convient|recommand\w*|encourag\w*|invite\w*|souhaitable)\b"),
        ("must", r"\b(?:doit|doivent|tenue?s? (?:de|d)|obligat\w*|oblige\w*|veillent?|assurent?|exig\w*)\b"),
        ("may", r"\b(?:peut|peuvent|autoris\w*|a le droit|ont le droit)\b"),
    ),
    "es": (
        ("must-not", r"\b(?:no (?:deber[áa]n?|podr[áa]n?|debe|deben|puede|pueden)|proh[íi]b\w*)\b"),
        ("should", r"\b(?:deber[íi]an?|recomiend\w*|recomend\w*|alient\w*|alentar\w*|insta|invita|exhorta|conviene)\b"),
        (
            "must",
            r"\b(?:deber[áa]n?|debe|deben|obligad\w*|obligator\w*|tendr[áa]n? que|garantizar[áa]n?|velar[áa]n?)\b",
        ),
        ("may", r"\b(?:podr[áa]n?|puede|pueden|autoriz\w*|tiene derecho|tienen derecho|tendr[áa]n? derecho)\b"),
    ),
    "pt": (
        ("must-not", r"\b(?:não (?:dever[áã]o?|poder[áã]o?|deve|devem|pode|podem)|vedad\w*|vedam?|pro[íi]b\w*)\b"),
        ("should", r"\b(?:deveria\w*|recomend\w*|incentiv\w*|convém)\b"),
        (
            "must",
            # Portuguese law commands in the future tense: "comunicarão", they shall tell.
            r"\b(?:dever[áã]o?|deve|devem|obrigad\w*|obrigação|obrigator\w*|cabe|t[eê]m o direito|t[eê]m direito"
            r"|terá o direito|(?!poder)[a-zçãõáéíóúâêô]{2,}(?:ará|arão|erá|erão|irá|irão))\b",
        ),
        ("may", r"\b(?:poder[áã]o?|pode|podem|facultad\w*|autoriz\w*|permitid\w*)\b"),
    ),
    "ru": (
        ("must-not", r"\b(?:не (?:должн\w+|допускается|вправе|может|могут|подлежит)|запрещ\w+|недопустим\w*)\b"),
        ("should", r"\b(?:следует|рекоменд\w+|призыва\w+|поощря\w+|целесообразно|стрем\w+)\b"),
        ("must", r"\b(?:должн\w+|обязан\w*|обязу\w+|необходимо|подлежит|подлежат|требу\w+)\b"),
        ("may", r"\b(?:может|могут|вправе|имеет право|имеют право|допускается|разреш\w+)\b"),
    ),
    "ar": (
        ("must-not", r"لا يجوز|يحظر|تحظر|لا يجب|يُحظر|يمنع|ممنوع|محظور"),
        ("should", r"ينبغي|يوصى|توصي|تشجع|يشجع|تدعو|يدعو|يستحسن"),
        ("must", r"يجب|يتعين|يلتزم|تلتزم|ملزم|يلزم"),
        ("may", r"يجوز|يمكن|يحق|للجهة أن|له الحق"),
    ),
    "zh": (
        ("must-not", r"不得|禁止|严禁|不应|不能|不可|不准"),
        ("should", r"鼓励|支持|建议|倡导|推动|促进|呼吁|(?<![便适])宜(?![居])"),
        ("must", r"应当|必须|(?<![无仅])须|应(?![用对急答])|有义务|负责"),
        ("may", r"可以|有权|(?<![不许认])可(?![能信靠见持行以用控解])"),
    ),
    "ja": (
        ("must-not", r"してはならない|してはならず|禁止|禁ずる|禁じ|べきではない"),
        ("should", r"べき|望ましい|努め|推奨|期待される|求められる|重要である"),
        ("must", r"なければならない|なければならず|ものとする|義務|必要がある|ねばならない"),
        ("may", r"ことができる|てもよい|得る"),
    ),
    "ko": (
        ("must-not", r"서는 아니|금지|수 없다|아니 된다|안 된다|아니된다"),
        ("should", r"노력하여야|노력해야|노력한다|권고|권장|바람직"),
        ("must", r"하여야|해야|야 한다|의무|필요하다"),
        ("may", r"수 있다|수 있으며|수 있고|수 있도록"),
    ),
}
PATTERNS: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    language: tuple((strength, re.compile(pattern)) for strength, pattern in rows) for language, rows in _WORDS.items()
}


def strength_by_words(*, text: str, language: str) -> str | None:
    """Return the strength that the first telling word of a text says, or None where none stands there or the language is unknown.

    >>> strength_by_words(text="Providers shall not sell it; users may complain.", language="en")
    'must-not'
    >>> strength_by_words(text="提供者应当公开规则。", language="zh-CN")
    'must'
    >>> strength_by_words(text="This Act is called the AI Act.", language="en") is None
    True
    """
    rows = PATTERNS.get(language.partition("-")[0].lower())
    if rows is None:
        return None
    folded = text.lower()
    found = [
        (match.start(), place, strength)
        for place, (strength, pattern) in enumerate(rows)
        if (match := pattern.search(folded)) is not None
    ]
    return min(found)[2] if found else None
