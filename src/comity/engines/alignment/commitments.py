"""Read from the provisions of a strategy what is a goal and what an action, with the date, the indicator and the owner that it states.

Rules over words (``commitment_words.py``), in nine languages. What is found keeps the exact words and where they stand, so that a
reader can check it; what is not stated is empty. Nothing is inferred: an action without a named owner has none. Dates take the form of
ISO 8601 where the words say enough. The fields are those of an action plan's table: who, what, by when, how it is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from comity.engines.alignment.commitment_words import MONTHS, NUMBERS, RULES, UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.commitment_words import Rules
    from comity.engines.alignment.texts import Collection, Instrument, Provision

MAKER = "commitments-rules/1"
KINDS_READ = frozenset({"strategy"})
"""Kinds of instruments whose provisions are read as goals and actions. A law asks of others, and its dates are of its force."""
LANGUAGES = frozenset(RULES)
CommitmentKind = Literal["goal", "action"]
_LOOSE = re.compile(r"^(?:\d|(?:in|en|em|over|during|from|since|в|с|في|خلال)\b)", re.IGNORECASE)
"""Beginnings of dates that tell of the past as well. Words such as "by" and "within" speak of what is to come, and make an action of a
sentence without a verb that is known here."""
_TITLED = re.compile(
    r"\b(?:strateg(?:y|ies)|stratégie|estrategia|estratégia|стратеги\w+|(?:action|national|implementation) plan|plan (?:d['’]action|de acci[oó]n|de ação|nacional|national)"
    r"|roadmap|feuille de route|hoja de ruta)\b|استراتيجية|الاستراتيجية|خطة|战略|规划|行动计划|戦略|行動計画|전략|기본계획",
    re.IGNORECASE,
)
_PLAIN_POINTS = (
    re.compile(
        rf"(?:(?P<day>\d{{1,2}})(?:er)? (?:de )?)?(?P<month>{'|'.join(sorted(MONTHS))}) (?:del? )?(?P<year>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<year>(?:19|20)\d\d)[年년] ?(?P<month>\d{1,2})[月월](?: ?(?P<day>\d{1,2})[日일])?"),
)
"""A month and year without the word that tells whether it is a deadline, as cells of a table state them."""
_CELL = " | "
_MOST = 8
"""Values of one field that are kept; a table may hold many rows."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Exact words of a provision: ``text`` is ``provision.text[start:end]``.

    ``value`` is a date of ISO 8601 as exact as the words ("2030", "2026-06", "2026-06-30"), an interval ("2026/2029"), or a
    duration ("P12M"); empty where the words do not say enough, and for what is no date.
    """

    text: str
    start: int
    end: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A goal or an action of a provision, with what its words state; an empty field was not stated in words that are known here.

    ``maker`` names the rules that read it: it is a suggestion.
    """

    provision: str
    kind: CommitmentKind
    dates: tuple[Quoted, ...] = ()
    indicators: tuple[Quoted, ...] = ()
    owners: tuple[Quoted, ...] = ()
    maker: str = MAKER


def read_commitments(*, collection: Collection) -> tuple[Commitment, ...]:
    """Return the goals and actions of the strategies of a collection, by the id of their provision.

    Provisions in a language without rules give nothing: of them nothing is said.
    """
    strategies = {i.id for i in collection.instruments if is_strategy(i)}
    found = (read_commitment(provision=p) for p in collection.provisions if p.instrument in strategies)
    return tuple(sorted((c for c in found if c is not None), key=lambda c: c.provision))


def is_strategy(instrument: Instrument, /) -> bool:
    """Tell whether an instrument is read as a strategy: it is one, or nobody has said its kind and its title names a strategy or plan."""
    named = f"{instrument.title} {instrument.id.replace('-', ' ')}"
    return instrument.kind in KINDS_READ or (instrument.kind is None and _TITLED.search(named) is not None)


def read_commitment(*, provision: Provision) -> Commitment | None:
    """Return what a provision commits to, or None where it states neither goal nor action or its language has no rules."""
    rules = RULES.get(provision.language.partition("-")[0].lower())
    if rules is None:
        return None
    text = provision.text
    kind = _kind_of(text, rules)
    cells = _cells_of(text, rules)
    dates = cells.get("date") or _find_all(text, rules.dates)
    if kind is None and not rules.never.search(text) and (cells or any(not _LOOSE.match(q.text) for q in dates)):
        kind = "action"
    if kind is None:
        return None
    taken = [(q.start, q.end) for q in dates[: 4 * _MOST]]
    return Commitment(
        provision=provision.id,
        kind=kind,
        dates=tuple(Quoted(q.text, q.start, q.end, _value_of(q.text, rules)) for q in dates[:_MOST]),
        indicators=tuple((cells.get("indicator") or _find_all(text, rules.indicators, apart=taken))[:_MOST]),
        owners=tuple((cells.get("owner") or _find_all(text, rules.owners))[:_MOST]),
    )


def _kind_of(text: str, rules: Rules) -> CommitmentKind | None:
    if rules.never.search(text):
        return None
    goal, action = rules.goal.search(text), rules.action.search(text)
    if goal is not None and (action is None or goal.start() <= action.start()):
        return "goal"
    if action is not None:
        return "action"
    return None


def _find_all(text: str, patterns: Sequence[re.Pattern[str]], *, apart: Sequence[tuple[int, int]] = ()) -> list[Quoted]:
    """Return what the patterns find, in the order of the text: the earliest, then the longest, none over another or ``apart``."""
    spans = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            said = "said" if "said" in pattern.groupindex and match.group("said") else 0
            spans.append((match.start(said), match.end(said)))
    found: list[Quoted] = []
    for start, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        words = text[start:end].rstrip(" ,")
        after = not found or start >= found[-1].end
        if words and after and not any(start < e and end > s for s, e in apart):
            found.append(Quoted(words, start, start + len(words)))
    return found


def _value_of(words: str, rules: Rules) -> str:
    """Return the date that words state in the form of ISO 8601, or "" where they state none that can be worked out."""
    years: list[str] = re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", words)
    if len(years) == 2:  # noqa: PLR2004  (from one year to another)
        return "/".join(years)
    best: dict[str, str] = {}
    for pattern in rules.dates:
        for match in pattern.finditer(words):
            held = {k: v for k, v in match.groupdict().items() if v and k != "said"}
            best = max(best, held, key=len)
    if "year" in best:
        return _point_of(best)
    if years:
        plain = next((m for p in _PLAIN_POINTS if (m := p.search(words))), None)
        return years[0] if plain is None else _point_of({k: v for k, v in plain.groupdict().items() if v})
    if "count" in best and "unit" in best:
        count = best["count"].lower()
        number = int(count) if count.isdecimal() else NUMBERS.get(count, 0)
        unit = next((sign for sign, pattern in UNITS if pattern.match(best["unit"])), "")
        return f"P{number}{unit}" if number and unit else ""
    return ""


def _point_of(held: Mapping[str, str]) -> str:
    if "quarter" in held:
        return f"{held['year']}-{3 * int(held['quarter']):02d}"
    named = held.get("month", "")
    month = int(named) if named.isdecimal() else MONTHS.get(named.lower(), 0)
    if not 1 <= month <= 12:  # noqa: PLR2004  (months of a year)
        return held["year"]
    day = held.get("day", "")
    return f"{held['year']}-{month:02d}" + (f"-{int(day):02d}" if day.isdecimal() and 1 <= int(day) <= 31 else "")  # noqa: PLR2004  (days of a month)


def _cells_of(text: str, rules: Rules) -> dict[str, list[Quoted]]:
    """Return the cells of a table under heads that name owner, date or indicator. Cells are parted by " | ", rows by lines.

    A reader may have joined the rows to one line. Then the last cell of a row and the first of the next are one piece of text, from which
    nothing is taken but the end of the table; the columns between are told by how often the heads return.
    """
    found: dict[str, list[Quoted]] = {}
    rows = [cells for line, start in _lines_of(text) if len(cells := _parted(line, start)) > 1]
    if len(rows) == 1:
        rows = _unjoined(rows[0], rules)
    heads: list[str] = []
    for cells in rows:
        named = [_column_of(c.text, rules) for c in cells]
        if any(named):
            heads = named
            continue
        for cell, head in zip(cells, heads, strict=False):
            if head and cell.text:
                found.setdefault(head, []).append(cell)
    return found


def _lines_of(text: str) -> list[tuple[str, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        found.append((line, start))
        start += len(line) + 1
    return found


def _parted(line: str, start: int) -> list[Quoted]:
    found = []
    for piece in line.split(_CELL):
        words = piece.strip()
        place = start + piece.index(words)
        found.append(Quoted(words, place, place + len(words)))
        start += len(piece) + len(_CELL)
    return found


def _column_of(words: str, rules: Rules) -> str:
    return next((k for k, p in rules.columns.items() if p.match(words)), "")


def _unjoined(pieces: list[Quoted], rules: Rules) -> list[list[Quoted]]:
    """Return the rows of a table whose rows were joined by spaces; cells that cannot be told apart are empty."""
    named = [k for k, p in enumerate(pieces) if _column_of(p.text, rules)]
    joints = len(pieces) - 1
    width = next((d for d in range(max(named, default=joints) + 1, joints // 2 + 1) if joints % d == 0), 0)
    if not width:
        return []
    empty = Quoted("", 0, 0)
    last = pieces[width]
    # The last head and the first cell of the next row stand in one piece: the head is known by the words it begins with.
    words = last.text.split(" ")
    head = next((h for n in (3, 2, 1) if _column_of(h := " ".join(words[:n]), rules)), "")
    rows = [[empty, *pieces[1:width], Quoted(head, last.start, last.start + len(head))]]
    for start in range(width, joints, width):
        end = pieces[start + width] if start + width == joints else empty
        rows.append([empty, *pieces[start + 1 : start + width], end])
    return rows
