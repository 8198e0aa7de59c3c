"""Numbering reads the mark that opens an article, a section, a paragraph or a point, in the languages laws are written in.

A mark is looked for in the first 240 characters of a block only, with patterns that cannot backtrack far, so reading
takes time in proportion to the number of blocks. The names of levels follow the Akoma Ntoso naming convention
(OASIS, 2019).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from comity.engines.alignment.ordinals import ARABIC, HEBREW, SPANISH, pattern_of, read_ordinal

if TYPE_CHECKING:
    from collections.abc import Sequence

Level = Literal["division", "annex", "addenda", "article", "section", "decimal", "code", "point", "closing"]
"""What a mark opens. A division (part, chapter) holds articles and says nothing itself; closing ends the text."""

HEAD = 240
"""Characters at the start of a block in which a mark and its title are looked for."""

_CJK_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_HANGUL = "가나다라마바사아자차카타파하"
_ABJAD = "أبجدهوزحطيكلمن"
_CIRCLED = "".join(chr(c) for c in range(ord("①"), ord("⑳") + 1))
_ALPHABETS = {"①": _CIRCLED, "가.": _HANGUL, "(أ)": _ABJAD, "أ-": _ABJAD}
_HEBREW_LETTERS = "אבגדהוזחטיכלמנסעפצ"


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark at the start of a block.

    ``style`` tells marks of one list from those of another, such as ``(1)`` from ``1.``. ``number`` is the number as
    references write it (``12``, ``12bis``, ``III``, ``6_1_1702``), ``order`` the same as integers, for sequence.
    ``label`` is the mark as the text has it, ``rest`` what follows it in the block.
    """

    level: Level
    style: str
    number: str
    order: tuple[int, ...]
    label: str
    rest: str


def read_number(*, text: str) -> int | None:
    """Return the value of a number in Latin, full-width or Arabic-Indic digits, Chinese or Roman numerals, or words, or None.

    >>> read_number(text="二十四"), read_number(text="XIV"), read_number(text="１２"), read_number(text="no")
    (24, 14, 12, None)
    """
    if text.isdecimal():
        return int(text)
    if all(c in _CJK_DIGITS or c in "十百" for c in text):
        return _read_chinese(text=text)
    if all(c in _ROMAN for c in text.upper()):
        return _read_roman(text=text.upper())
    return read_ordinal(text=text)


def _read_chinese(*, text: str) -> int:
    if "十" not in text and "百" not in text:
        return int("".join(str(_CJK_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for char in text:
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _CJK_DIGITS[char]
    return total + digit


def _read_roman(*, text: str) -> int:
    values = [_ROMAN[c] for c in text]
    return sum(-v if later > v else v for v, later in zip(values, [*values[1:], 0], strict=True))


# What may not follow the number of an article, because it makes a reference of it: "Article 5 of the Treaty".
_NOT_REF = r"(?!\s*[(（][0-9a-z]{1,3}[)）])(?!\s*[,;/])(?!\s+(?:of|and|or|to|shall|OF|AND|OR|SHALL|is|in|are|du|de|des|do|da|del|y|e|et|ou|a|и|или)\b)"
_LATIN_ARTICLE = r"(?:Article|ARTICLE|Artículo|ARTÍCULO|Articulo|ARTICULO|Artigo|ARTIGO|Art\.|ART\.|Art(?=\s)|Artikel)"
_DISPOSITIONS = ("adicional", "transitoria", "derogatoria", "final")
_SPANISH = pattern_of(names=SPANISH)
_ARABIC = pattern_of(names=ARABIC)
_HEBREW = r"[א-ת]{1,2}['׳]?|[א-ת]['\"״׳][א-ת]"
_TABLE: tuple[tuple[Level, str, str], ...] = (
    ("closing", "end", r"(?:JUSTIFICAÇÃO|JUSTIFICATIVA|Justificação|Sala das Sessões|"
     r"IN WITNESS WHEREOF|EN FOI DE QUOI|参\s?考\s?文\s?献|REFERENCES|References|BIBLIOGRAPHY|Bibliography)(?=[\s:：,]|$)|(?:Done at|Fait à|Hecho en|Feito em) (?=[A-Z])|Dad[oa] en (?:el |la )?(?=[A-Z])|صدر (?:في|ب)|"
     r"(?:Президент|Председатель)[^.]{0,60}\s[А-Я]\.\s?(?:[А-Я]\.\s?)?[А-Я][а-я]+$|[A-Z][\w ]{2,30}, [0-9]{1,2}º? de [a-zç]+ de [0-9]{4}; "),
    ("addenda", "addenda", r"(?:부\s?칙|附\s?則)(?=\s|$|[<〈(（])|(?:ARTÍCULOS |Artículos |DISPOSICIONES |Disposiciones )?(?:TRANSITORI[OA]S|Transitori[oa]s)[.:]?$"),
    ("article", "article", _LATIN_ARTICLE
     + r"\s{0,3}(?:N[o°º]\.?\s{0,2})?([0-9]{1,4}|premier|unique|[IVXLC]{1,8}(?![a-zà-ÿ])|" + _SPANISH + r")(?:er|[º°ª])?"
     r"((?:\s?(?:bis|ter|quater|quinquies)|[-–]?[A-Z](?![a-z]))?)(?=[\s.:)–—-]|$)" + _NOT_REF + r"\s{0,3}[.:)–—-]{0,2}"),
    ("article", "article", r"第\s?([0-9０-９一二三四五六七八九十百零〇两]{1,8})\s?[条條]((?:[之の][0-9一二三四五六七八九十]{1,3})?)"
     r"(?![、，。；和与及或至到的款项規规第中所にのをはがと])[\s　]{0,3}"),
    ("article", "article", r"제\s?([0-9]{1,4})\s?조((?:의\s?[0-9]{1,3})?)(?=[\s(（【]|$)"),
    ("article", "article", r"(?:Статья|СТАТЬЯ)\s{1,3}([0-9]{1,4}(?:\.[0-9]{1,3})?)()(?=[\s.:]|$)(?!\s(?:[Зз]акон|[Кк]одекс|[Кк]онституци|Федеральн|настоящ|не\s|и\s))\s{0,2}[.:]?"),
    ("article", "article", r"(?:ال)?(?:مادة|مــادة)\s{0,3}[(（]?\s{0,2}([0-9٠-٩]{1,4}|" + _ARABIC + r")\s{0,2}[)）]?((?:\s?[(（]?مكرر(?:اً|ا)?[)）]?)?)(?=[\s.:：\-–]|$)(?!\s(?:من|في|أو|إلى|على|لا|و)\s)"
     r"\s{0,2}[.:：\-–]?"),
    ("article", "article", r"סעיף\s{1,2}([0-9]{1,3})([א-ת]{0,2})(?=[\s.:–]|$)(?!\s?[(,]|\s(?:ל|של|ו)[א-ת])\s{0,2}[.:–]?"),
    *(("article", kind, rf"(?:Disposici[óo]n|DISPOSICI[ÓO]N) (?:{kind}|{kind.upper()})(?: ({_SPANISH}))?()(?=[\s.:]|$)(?!\s(?:(?:de|del|que|y)\b|(?:prim|seg|terc|cuar|quin|sex|s[ée]p|octa|nov|d[ée]c|[úu]nic)\w))[.:]?[-–—]?") for kind in _DISPOSITIONS),
    ("section", "codified", r"([0-9]{1,3}-[0-9]{1,3}-[0-9]{1,5}(?:\.[0-9]{1,3})?)()\.(?=\s)"),
    ("section", "section", r"(?:SECTION|Section|SEC\.|Sec\.)\s{0,3}([0-9]{1,4}[A-Z]?(?:[-.][0-9]{1,4}){0,3}|[A-Z](?=[\s.:–—-]|$))()"
     r"(?=[\s.:–—-]|$)(?![.-][0-9])" + _NOT_REF + r"\s{0,3}[.:–—-]{0,2}"),
    ("section", "section", r"§\s{0,2}([0-9]{1,4}[a-z]?)()(?=[\s.:]|$)(?![.]?[0-9])\s{0,2}[.:]?"),
    ("annex", "annex", r"(?:ANNEXE?|Annexe?|APPENDIX|Appendix|SCHEDULE|Schedule|ANEXO|Anexo|ПРИЛОЖЕНИЕ|Приложение|"
     r"附\s?[录錄件表]|別\s?表第?|별\s?표|부\s?록|(?:ال)?ملحق|תוספת|נספח)\s{0,3}(?:N[o°º]\.?\s{0,2}|№\s{0,2}|رقم\s)?[(（]?([IVX]{1,6}|[0-9٠-٩]{1,3}|[A-Z]|[一二三四五六七八九十]{1,3}|"
     + "|".join((_ARABIC, pattern_of(names=HEBREW), _HEBREW)) + r"|)[)）]?()"
     r"(?=[\s.:：)–—-]|$)" + _NOT_REF + r"\s{0,3}[.:：)–—-]{0,2}"),
    ("division", "part", r"(?:PART|Part|PARTE|Parte|PARTIE|Partie|ЧАСТЬ|Часть|القسم|第(?=[0-9０-９一二三四五六七八九十百]{1,6}\s?(?:部分|[部编編]))|제(?=\s?[0-9]{1,3}\s?편))"
     r"\s{0,3}([IVXLC]{1,8}|[0-9０-９]{1,3}|[A-Z]|[一二三四五六七八九十百]{1,6})()\s?(?:部分|[部编編편])?(?=[\s.:：–—-]|$)" + _NOT_REF + r"\s{0,3}[.:：–—-]{0,2}"),
    ("division", "title", r"(?:TITLE|Title|TITRE|Titre|TÍTULO|Título|BOOK|LIVRO|LIVRE)\s{1,3}([IVXLC]{1,8}|[0-9]{1,3})()(?=[\s.:–—-]|$)"
     + _NOT_REF + r"\s{0,3}[.:–—-]{0,2}"),
    ("division", "chap", r"(?:CHAPTER|Chapter|CHAPITRE|Chapitre|CAPÍTULO|Capítulo|CAPITULO|ГЛАВА|Глава|الفصل|الباب|פרק|第(?=[0-9０-９一二三四五六七八九十百]{1,6}\s?章)|제(?=\s?[0-9]{1,3}\s?장))"
     r"\s{0,3}([IVXLC]{1,8}|[0-9０-９]{1,3}|[A-Z]|[一二三四五六七八九十百]{1,6}|" + _ARABIC + r"|[٠-٩]{1,3}|" + pattern_of(names=HEBREW) + "|" + _HEBREW + r")(?:er)?()\s?[章장]?(?=[\s.:：–—-]|$)" + _NOT_REF + r"\s{0,3}[.:：–—-]{0,2}"),
    ("division", "sec", r"(?:SEÇÃO|Seção|SECCIÓN|Sección|РАЗДЕЛ|Раздел|第(?=[0-9０-９一二三四五六七八九十百]{1,6}\s?[节節])|제(?=\s?[0-9]{1,3}\s?[절관]))"
     r"\s{0,3}([IVXLC]{1,8}|[0-9０-９]{1,3}|[一二三四五六七八九十百]{1,6})()\s?[节節절관]?(?=[\s.:：–—-]|$)\s{0,3}[.:：–—-]{0,2}"),
    ("code", "code", r"([A-Z][A-Z-]{1,14} [0-9]{1,2}\.[0-9]{1,2})()(?=\s?[:.])\s?[:.]"),
    ("code", "code", r"([A-Z]-[0-9]{1,2}\)\s{0,3}[ivx]{1,4})()\."),
    ("decimal", "decimal", r"([0-9]{1,2}(?:\.[0-9]{1,3}){1,4})()(?:\.?(?=\s)|$)"),
    ("decimal", "lettered", r"([A-Z]\.[0-9]{1,2}(?:\.[0-9]{1,2}){0,2})()(?=\s|$)"),
    ("point", "§", r"§\s{0,2}([0-9]{1,3})()\s{0,2}(?:[º°o]|-[A-Z])(?=[\s.)–—-]|$)[.\s–—-]{0,3}"),
    ("point", "§", r"§\s{0,2}([0-9]{1,3})()(?:er|\.(?=\s))[.\s]{0,3}"),
    ("point", "§", r"Par[áa]grafo (único)()[.\s–—-]{1,4}"),
    ("point", "①", r"([①-⑳])()"),
    ("point", "primero", r"(?=[^\W\d_]{5,14}(?: [^\W\d_]{5,14})?\.)(" + _SPANISH + r")()\.\s?[-–—]?(?=\s|$)"),
    ("point", "1.", r"([0-9０-９٠-٩]{1,3})()[.．](?=\s|[^0-9.\s])"),
    ("point", "1)", r"([0-9０-９٠-٩]{1,3})()[)）]"),
    ("point", "(1)", r"[(（]([0-9０-９٠-٩]{1,3}|[0-9] [0-9])()\s?[)）]"),
    ("point", "i.", r"([ivx]{1,5})()\.(?=\s)"),
    ("point", "i)", r"([ivx]{2,5})()[)）]"),
    ("point", "(i)", r"[(（]([ivx]{2,5})()[)）]"),
    ("point", "(I)", r"[(（]([IVX]{2,5})()[)）]"),
    ("point", "a)", r"([a-zа-я])()[)）]"),
    ("point", "(a)", r"[(（]([a-zа-я])()[)）]"),
    ("point", "(A)", r"[(（]([A-Z])()[)）]"),
    ("point", "I –", r"([IVXL]{1,7})()\.?\s{0,2}[–—-](?=\s)"),
    ("point", "A.", r"([A-Z])()\.(?=\s)"),
    ("point", "1-", r"([0-9٠-٩]{1,3})()\s?[-–](?=\s?[ء-يא-ת])"),
    ("point", "(أ)", r"[(（]([" + _ABJAD + r"])ـ?()[)）]"),
    ("point", "أ-", r"([" + _ABJAD + r"])ـ?()\s?[-–.)](?=\s)"),
    ("point", "(א)", r"[(（]([" + _HEBREW_LETTERS + r"]|[י][א-ט]|טו|טז)()[)）]"),
    ("point", "２", r"([２-９]|[１-９][０-９])()[\s\u3000](?=\S)"),
    ("point", "가.", r"([가나다라마바사아자차카타파하])()\.(?=\s)"),
    ("point", "(一)", r"[(（]([一二三四五六七八九十]{1,3})()[)）]"),
    ("point", "一、", r"([一二三四五六七八九十]{1,3})()、"),
    ("point", "一 ", r"([一二三四五六七八九十]{1,3})()\s(?=\S)"),
    ("point", "1", r"([0-9]{1,2})()\s(?=[A-Z\u4e00-\u9fff가-힣])"),
)  # fmt: skip
_PATTERNS = tuple((level, style, re.compile(pattern)) for level, style, pattern in _TABLE)
BULLETS = "•●▪■◆‣◦⚫➢✓·* \u00a0" + "".join(chr(c) for c in range(0xF0A0, 0xF0FF))
"""Signs that stand before an item and before its number, where it has one."""

_STARTS = re.compile(r"[\w§(（①-⑳]")
_SUFFIXES = {"premier": (1, ""), "unique": (1, "")}


def read_marker(*, text: str, language: str = "und") -> Marker | None:
    """Return the mark that opens ``text``, or None. ``language`` (BCP 47) settles what ``§`` means: in Portuguese and French a paragraph, elsewhere a section.

    >>> read_marker(text="제12조의2(정의) 이 법에서").number
    '12_2'
    >>> read_marker(text="Article 4(3) of Regulation (EC) No 300/2008") is None
    True
    """
    text = text.lstrip(BULLETS)
    head = text[:HEAD]
    if not _STARTS.match(head):
        return None
    for level, style, pattern in _PATTERNS:
        if style == "section" and head.startswith("§") and language[:2] in {"pt", "fr"}:
            continue
        found = pattern.match(head)
        if found is None:
            continue
        marker = _build(level=level, style=style, found=found, text=text)
        if marker is not None:
            return marker
    return None


def _build(*, level: Level, style: str, found: re.Match[str], text: str) -> Marker | None:
    label = found.group(0).strip(" .:：–—-\t\u3000") if level != "point" else found.group(0).strip()
    rest = text[found.end() :].strip()
    if level in {"closing", "addenda"}:
        return Marker(level, style, "", (), label, rest)
    if level in {"division", "annex"} and not _is_heading(rest=rest):
        return None
    raw, suffix = (
        found.group(1).replace(" ", "") if style == "(1)" else found.group(1),
        found.group(2).strip(" -–()（）"),
    )
    number, order = _read_order(raw=raw, style=style)
    if order is None:
        return None
    if suffix.startswith("مكرر"):  # Arabic for bis
        number, order = f"{number}bis", (*order, 1)
    elif suffix:
        tail = re.sub(r"[^0-9A-Za-z一二三四五六七八九十א-ת]", "", suffix)
        value = read_number(text=tail) if not tail.isascii() or tail.isdecimal() else None
        number = f"{number}{tail}" if value is None else f"{number}_{value}"
        order = (*order, value or 1)
    return Marker(level, style, number, order, label, rest)


def _is_heading(*, rest: str) -> bool:
    """Whether what follows the number of a part or annex is a title and not the middle of a sentence."""
    return len(rest) <= 200 and not rest[:1].islower() and not rest.endswith((",", "，"))  # noqa: PLR2004  (a title, not a sentence)


def _read_order(  # noqa: PLR0911  (one return for each way of writing numbers)
    *, raw: str, style: str
) -> tuple[str, tuple[int, ...] | None]:
    if raw in _SUFFIXES or raw == "único" or (style in _DISPOSITIONS and not raw):
        return "1", (1,)
    if style in {"decimal", "codified", "lettered", "code"}:
        pieces = re.findall(r"[0-9]+", raw)
        name = re.sub(r"[^0-9A-Za-z]+", "_", raw).strip("_")
        return (name.lower() if style == "code" else name), tuple(int(p) for p in pieces)
    if style in _ALPHABETS:
        value = _ALPHABETS[style].index(raw) + 1
        return str(value), (value,)
    if style in {"a)", "(a)", "(A)", "A."} or (
        len(raw) == 1 and "A" <= raw <= "Z" and style in {"annex", "part", "section"}
    ):
        if style == "annex" and raw in "IVX":
            return raw, (read_number(text=raw) or 0,)
        base = "а" if "а" <= raw.lower() <= "я" else "a"
        return raw, (ord(raw.lower()) - ord(base) + 1,)
    if not raw:
        return "", (0,)
    pieces = re.findall(r"[0-9]+", raw)
    if len(pieces) > 1 or (pieces and not raw.isdecimal()):
        return re.sub(r"[^0-9A-Za-z]+", "_", raw).strip("_"), tuple(int(p) for p in pieces)
    value_or_none = read_number(text=raw)
    if value_or_none is None:
        return raw, (0,) if style == "chap" else None
    roman = all(c in _ROMAN for c in raw.upper())
    return (raw if roman and style != "I –" else str(value_or_none)), (value_or_none,)


_ROMAN_STYLES = {"a)": "i)", "(a)": "(i)", "(A)": "(I)"}
_ROMAN_LETTERS = {"i": 1, "v": 5, "x": 10}


def settle_roman(*, markers: Sequence[Marker | None]) -> list[Marker | None]:
    """Return the marks of a document with ``(i)``, ``(v)`` and ``(x)`` told from the letters they also are.

    ``(i)`` is one where ``(ii)`` comes before ``(j)`` does; ``(v)`` and ``(x)`` are numerals right after ``(iv)``, ``(ix)``.
    """
    settled = list(markers)
    before: dict[str, int] = {}
    for place, marker in enumerate(settled):
        if marker is None or marker.level != "point":
            continue
        roman = _ROMAN_STYLES.get(marker.style)
        value = _ROMAN_LETTERS.get(marker.number.lower())
        if roman is not None and value is not None:
            follows = (
                before.get(roman) == value - 1
                if value > 1
                else _second_comes(markers=settled[place + 1 : place + 60], roman=roman)
            )
            if follows:
                settled[place] = Marker("point", roman, marker.number, (value,), marker.label, marker.rest)
                before[roman] = value
                continue
        before[marker.style] = marker.order[-1]
    return settled


def _second_comes(*, markers: Sequence[Marker | None], roman: str) -> bool:
    for marker in markers:
        if marker is None:
            continue
        if marker.style == roman:
            return marker.order == (2,)
        if _ROMAN_STYLES.get(marker.style) == roman:
            return False
    return False


_LEADERS = re.compile(
    r"(?:\.{4,}|(?:\. ){4,}|…{2,}|·{4,}|_{4,}|\.{2,3}(?=\s?[0-9]{1,4}$))\s{0,3}[0-9٠-٩一二三四五六七八九十ivxIVX]{0,4}"
)


def is_contents_line(*, text: str) -> bool:
    """Whether a line stands in a table of contents: dotted leaders, with or without a page number.

    >>> is_contents_line(text="Part 1 Definitions ........... 9"), is_contents_line(text="Article 9")
    (True, False)
    """
    found = _LEADERS.search(text)
    if found is None:
        return False
    return found.end() >= len(text.rstrip()) or len(_LEADERS.findall(text)) > 1
