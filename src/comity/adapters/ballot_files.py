"""Read ballots and members from CSV, as a rule of procedure counts them; each row that will not do is named.

Ballots have the columns ``member`` and ``vote``, and may have ``group``, ``reason`` and those of weights. The file of members has
``member``, and may have ``group`` and weights; without it, the members are those of the ballots. A weight is a whole number, a
decimal or a fraction, and read exactly.
"""

from __future__ import annotations

import io
import re
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn

from comity.adapters.polis_cells import each_row, open_table, read_header, read_id, refuse_header, unguard_text
from comity.engines.decisions.tally import Ballot, Member
from comity.errors import BadRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from comity.engines.decisions.rules import Group, Rule, Weight
    from comity.engines.decisions.tally import Number

REASONS = ("reason", "reasons", "comment", "comments")
_NUMBER = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,12})|/([1-9][0-9]{0,17}))?")


@dataclass(frozen=True, slots=True)
class Rolls:
    """Who may vote and what was said, ready to be tallied; ``unused`` says that weights were given to a rule that has none."""

    members: tuple[Member, ...]
    ballots: tuple[Ballot, ...]
    unused: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """What is said of a member in one file or in both; ``file`` and ``number`` are where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]

    def refuse(self, problem: str, /) -> NoReturn:
        raise BadRow(file=self.file, row=self.number, problem=problem)


def read_rolls(*, rule: Rule, ballots: Path, members: Path | None = None) -> Rolls:
    """Return the members and ballots of two files. Raises PathNotFound, EmptyFile, BrokenFile, FileTooLarge or BadRow."""
    with ExitStack() as opened:
        said = _rows(
            source=opened.enter_context(open_table(path=ballots)), file=ballots.name, needed=("member", "vote")
        )
        if members is None:
            return _read(rule=rule, said=said, about=said, names=(ballots.name, ballots.name))
        source = opened.enter_context(open_table(path=members))
        about = _join(said, listed=_rows(source=source, file=members.name, needed=("member",)), file=members.name)
        return _read(rule=rule, said=said, about=about, names=(ballots.name, members.name))


def read_rolls_text(*, rule: Rule, text: str, file: str) -> Rolls:
    """Return the members and ballots of the text of one file; ``file`` is its name in what is refused. Raises EmptyFile or BadRow."""
    said = _rows(source=io.BytesIO(text.encode()), file=file, needed=("member", "vote"))
    return _read(rule=rule, said=said, about=said, names=(file, file))


def _read(*, rule: Rule, said: Mapping[str, _Row], about: Mapping[str, _Row], names: tuple[str, str]) -> Rolls:
    spelling = {text: p.name for p in rule.positions for text in (p.name, *p.also)}
    found = tuple(_read_ballot(name, row, spelling=spelling) for name, row in said.items())
    columns = {c for row in about.values() for c in row.cells}
    _demand_groups(rule=rule, columns=columns, file=names[0])
    weights = {w.name: _column(w, columns=columns, file=names[1]) for w in rule.weights}
    return Rolls(
        members=tuple(
            Member(
                name=name,
                groups=_read_groups(name, row, rule=rule) if rule.groups else frozenset(),
                weights={w: _read_weight(row, column=c) for w, c in weights.items()},
            )
            for name, row in about.items()
        ),
        ballots=found,
        unused="weight" in columns and not rule.weights,
    )


def _rows(*, source: BinaryIO, file: str, needed: tuple[str, ...]) -> dict[str, _Row]:
    """Return the rows of a file by member; names of columns are read in small letters."""
    found: dict[str, _Row] = {}
    spelt = read_header(source=source, file=file)
    header = [c.strip().lower() for c in spelt]
    if not set(needed) <= set(header) or len(set(header)) != len(header):
        refuse_header(file=file, header=spelt, allowed=f"{' and '.join(needed)}, each once, and others beside them")
    for number, row in each_row(source=source, file=file, header=spelt):
        cells = dict(zip(header, row, strict=True))
        name = read_id(cell=cells["member"], column="member", file=file, row=number)
        one = _Row(file=file, number=number, cells=cells)
        if name in found:
            one.refuse(f"{name} stands in row {found[name].number} already; a member has one row")
        found[name] = one
    if not found:
        raise BadRow(file=file, row=1, problem="there is no row below the header; give one for each member")
    return found


def _join(said: Mapping[str, _Row], /, *, listed: Mapping[str, _Row], file: str) -> dict[str, _Row]:
    """Return what both files say of each listed member; one that voted must be listed, and both must say the same."""
    for name, row in said.items():
        if name not in listed:
            row.refuse(f"{name} is not among the members in {file}; add it there, or take this row out")
    found = {}
    for name, row in listed.items():
        cells = dict(row.cells)
        for column, cell in said[name].cells.items() if name in said else ():
            if cells.setdefault(column, cell).strip() != cell.strip() and column not in REASONS:
                said[name].refuse(
                    f'{column} is "{cell[:20]}", but "{cells[column][:20]}" in {file}; keep it in one of the two'
                )
        found[name] = _Row(file=row.file, number=row.number, cells=cells)
    return found


def _read_ballot(name: str, row: _Row, /, *, spelling: Mapping[str, str]) -> Ballot:
    said = " ".join(unguard_text(row.cells["vote"]).lower().split())
    if said not in spelling:
        known = ", ".join(dict.fromkeys(spelling.values()))
        row.refuse(f'vote is "{row.cells["vote"][:30]}"; under this rule it is one of {known}')
    reasons = [row.cells[c] for c in REASONS if c in row.cells]
    return Ballot(member=name, position=spelling[said], reasoned=any(r.strip() for r in reasons) if reasons else None)


def _demand_groups(*, rule: Rule, columns: set[str], file: str) -> None:
    """Refuse files that do not say which group a member is in, where nothing in the rule says it either."""
    if "group" in columns or all(g.members or g.everyone or g.everyone_but for g in _counted_groups(rule)):
        return
    if any(g.everyone for g in rule.groups):
        return
    names = ", ".join(g.name for g in rule.groups)
    raise BadRow(file=file, row=1, problem=f"the rule counts groups apart; add a column group with one of {names}")


def _counted_groups(rule: Rule, /) -> list[Group]:
    counted = {group for group, _ in rule.measures() if group}
    counted |= {g.everyone_but for g in rule.groups if g.name in counted and g.everyone_but}
    return [g for g in rule.groups if g.name in counted]


def _read_groups(name: str, row: _Row, /, *, rule: Rule) -> frozenset[str]:
    """Return the groups of a member: those that its cell names, or what the rule says where it has no cell or an empty one."""
    said = [" ".join(part.lower().split()) for part in unguard_text(row.cells.get("group", "")).split(";")]
    spelling = {text: g.name for g in rule.groups for text in (g.name, *g.also)}
    unknown = [s for s in said if s and s not in spelling]
    if unknown:
        row.refuse(
            f'group is "{unknown[0][:30]}"; under this rule it is one of {", ".join(g.name for g in rule.groups)}'
        )
    found = {spelling[s] for s in said if s}
    if not found:
        lists = [g for g in rule.groups if g.members]
        if "group" in row.cells and not lists:
            row.refuse(f"group is empty; under this rule it is one of {', '.join(g.name for g in rule.groups)}")
        found = {g.name for g in lists if name.lower() in g.members} | {g.name for g in rule.groups if g.everyone}
    return frozenset(found | {g.name for g in rule.groups if g.everyone_but and g.everyone_but not in found})


def _column(weight: Weight, /, *, columns: set[str], file: str) -> str:
    """Return the column that holds a weight. Raises BadRow where there is none."""
    for name in (weight.name, *weight.also):
        if name in columns:
            return name
    raise BadRow(file=file, row=1, problem=f"the rule needs what each member weighs; add a column {weight.name}")


def _read_weight(row: _Row, /, *, column: str) -> Number:
    cell = row.cells.get(column, "").strip()
    found = _NUMBER.fullmatch(cell)
    if found is None:
        row.refuse(f'{column} is "{cell[:30]}"; it must be a number of 0 or more, like 12, 18.49 or 2/3')
    value = Fraction(cell)
    return int(value) if value.denominator == 1 else value
