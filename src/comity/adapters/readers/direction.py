"""Direction puts lines written from right to left back into the order in which they are read.

What a page shows is the only thing that all makers of PDF agree on: some store letters as they are read, some as they stand
from left to right, some word by word. So letters are taken by their place on the page, and the rules by which a reader
would have laid them out (Unicode Standard Annex 9) are undone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RTL = re.compile("[\u0590-\u05ff\u0600-\u065f\u066d-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""A letter or mark of Hebrew or Arabic writing; digits are none."""

_FORMS = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
_OPENING = "([{«‹"
_CLOSING = ")]}»›"
_MATES = dict(zip(_OPENING + _CLOSING, _CLOSING + _OPENING, strict=True))
_SEPARATORS = frozenset(".,:/٫٬\u00a0")
_SIGNS = frozenset("+-")
_TERMINATORS = frozenset("%٪$€₪£°")
_ENDS = frozenset(".,:;!?")
_LOOSE = frozenset(" -–/&")
_LAM, _ALEFS = "ل", "اأإآٱ"
_LEAST_EVIDENCE = 3
_ARABIC_WORD = re.compile("[\u0620-\u064a]{3,}")
_HEBREW_WORD = re.compile("[\u05d0-\u05ea]{2,}")
_FINALS = "ךםןףץ"


def fold_forms(*, text: str) -> str:
    r"""Return ``text`` with the shapes of letters (presentation forms) replaced by the letters themselves.

    Nothing else is folded: full-width digits and superscripts stay.

    >>> fold_forms(text="\ufefb") == "لا"
    True
    """
    return _FORMS.sub(lambda m: unicodedata.normalize("NFKC", m.group(0)).strip(), text)


def order_ligature(*, letters: str) -> str:
    """Return the letters of one glyph in reading order. ``letters`` is as PDFium has them: turned, or already right.

    Lam comes before alef in the ligature that every font has. Of others, what Unicode knows as a ligature is kept, and
    the rest turned.

    >>> order_ligature(letters="ال"), order_ligature(letters="لا")
    ('لا', 'لا')
    """
    if len(letters) == 2 and _LAM in letters and (letters[0] in _ALEFS or letters[1] in _ALEFS):  # noqa: PLR2004  (two letters)
        return letters if letters[0] == _LAM else letters[::-1]
    return letters if letters in _LIGATURES and letters[::-1] not in _LIGATURES else letters[::-1]


_LIGATURES = frozenset(
    folded
    for code in (*range(0xFB1D, 0xFE00), *range(0xFE70, 0xFEFD))
    if len(folded := unicodedata.normalize("NFKC", chr(code)).strip()) > 1
)


def restore_order(*, glyphs: Sequence[str]) -> str:
    """Return the text of a line of a right-to-left page from its glyphs, as they stand from left to right.

    A glyph is one letter, or what belongs together in reading order (a ligature, a letter with its marks), or a space.
    Numbers and runs of Latin letters keep their own order. Brackets are set by what they enclose, for PDF readers turn some
    of them. A line with Latin letters alone comes back as it stands,
    but for the full stop that a right-to-left paragraph sets at its left.

    >>> restore_order(glyphs=list("(AI) 12 ףיעס"))
    'סעיף 12 (AI)'
    """
    kinds = [_kind(glyph=g) for g in glyphs]
    if "L" in kinds and "R" not in kinds:
        return "".join([*glyphs[1:], glyphs[0]] if glyphs[0] in _ENDS else glyphs)
    turned, kinds = list(reversed(glyphs)), kinds[::-1]
    arabic = any("\u0600" <= c <= "\u06ff" for g in glyphs for c in g)
    place = 0
    while place < len(turned):
        end = _end_of_run(glyphs=turned, kinds=kinds, start=place, arabic=arabic)
        if end > place + 1:
            turned[place:end] = reversed(turned[place:end])
        place = max(end, place + 1)
    return set_brackets(text=unicodedata.normalize("NFC", "".join(turned)))


def _kind(*, glyph: str) -> str:
    """Return R, L, N (a digit) or S (anything else) for a glyph."""
    if RTL.match(glyph):
        return "R"
    found = unicodedata.bidirectional(glyph[:1])
    return {"L": "L", "EN": "N", "AN": "N", "R": "R", "AL": "R"}.get(found, "S")


def _end_of_run(*, glyphs: list[str], kinds: list[str], start: int, arabic: bool) -> int:
    """Return where the left-to-right run ends that starts at ``start``; ``start`` where none does.

    ``glyphs`` are turned, so the run's own last letter comes first.
    """
    first = start
    if kinds[start] == "S":
        # A sign of percent or money stands with its number in Hebrew; a bracket with the Latin words that it closes.
        stands = not arabic and glyphs[start] in _TERMINATORS and kinds[start + 1 : start + 2] == ["N"]
        bracket = glyphs[start] in _MATES and kinds[start + 1 : start + 2] in (["L"], ["N"])
        if not stands and not bracket:
            return start
        first = start + 1
        if bracket:
            end, latin = _reach(glyphs=glyphs, kinds=kinds, start=first, arabic=arabic)
            pair = {glyphs[start], _MATES[glyphs[start]]}
            inner = sum(g in pair for g in glyphs[first:end])
            return end if latin and inner % 2 else start
    elif kinds[start] == "R":
        return start
    return _reach(glyphs=glyphs, kinds=kinds, start=first, arabic=arabic)[0]


def _reach(*, glyphs: list[str], kinds: list[str], start: int, arabic: bool) -> tuple[int, bool]:
    """Return where a run ends, and whether it has Latin letters."""
    end, latin = start + 1, kinds[start] == "L"
    while end < len(glyphs):
        after = end
        while after < len(glyphs) and kinds[after] == "S":
            after += 1
        if after == len(glyphs) or kinds[after] == "R":
            break
        between = glyphs[end:after]
        both_latin = latin and kinds[after] == "L"
        if between and not (
            both_latin
            or _joins_number(between=between, kinds=(kinds[end - 1], kinds[after]), arabic=arabic)
            or (("L" in {kinds[end - 1], kinds[after]}) and set(between) <= _LOOSE)
        ):
            break
        latin = latin or kinds[after] == "L"
        end = after + 1
    if not arabic and not latin and end < len(glyphs) and glyphs[end] in _TERMINATORS:
        end += 1
    return end, latin


def _joins_number(*, between: Sequence[str], kinds: tuple[str, str], arabic: bool) -> bool:
    return kinds == ("N", "N") and len(between) == 1 and between[0] in (_SEPARATORS if arabic else _SEPARATORS | _SIGNS)


def set_brackets(*, text: str) -> str:
    """Return ``text`` with each bracket set to open or to close by the spaces beside it, else by what stands open.

    >>> set_brackets(text=")a( b)1(")
    '(a) b(1)'
    """
    letters = list(text)
    opened: dict[str, int] = {}
    for place, letter in enumerate(letters):
        if letter not in _MATES:
            continue
        left = letter if letter in _OPENING else _MATES[letter]
        before = text[place - 1 : place] if place else " "
        after = text[place + 1 : place + 2] or " "
        starts = before.isspace() or before in _MATES
        ends = after.isspace() or after in ".,;:!?،؛؟" or after in _MATES
        opens = starts if starts != ends else not opened.get(left, 0)
        opened[left] = max(0, opened.get(left, 0) + (1 if opens else -1))
        letters[place] = left if opens else _MATES[left]
    return "".join(letters)


def reads_backwards(*, texts: Iterable[str]) -> bool | None:
    """Tell by the words of a text whether its letters stand in the wrong order; None where there is too little to tell.

    Arabic words begin with the article and end with the letter that only ends words; five Hebrew letters have a form of
    their own at the end of a word. At least three words must say so, and twice as many as say the contrary.

    >>> reads_backwards(texts=["המינוקה םירפסה ךרד ןושאר"]), reads_backwards(texts=["ספרים לארון ודרך"])
    (True, False)
    """
    right = wrong = 0
    for text in texts:
        for word in _ARABIC_WORD.findall(text):
            right += word.startswith("ال") + word.endswith(("ة", "ى"))
            wrong += word.endswith("لا") + word.startswith(("ة", "ى"))
        for word in _HEBREW_WORD.findall(text):
            right += word[-1] in _FINALS
            wrong += word[0] in _FINALS
    if max(right, wrong) < _LEAST_EVIDENCE or 2 * min(right, wrong) > max(right, wrong):
        return None
    return wrong > right
