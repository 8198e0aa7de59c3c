"""Read the tables of a round: needs, offers, who may draw on what, weights and caps; what will not do is named by file and row.

UTF-8, with or without its mark; cells parted by commas, or all by semicolons; columns in any order, others beside them are not
read. An amount is written like 1234.5, or as a fraction like 1/3, and read exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn, TypeVar

from comity.adapters.polis_cells import demand_text, each_row, open_table, read_id, refuse_header, unguard_text
from comity.engines.capacity.terms import Need, Offer, Terms, set_terms
from comity.errors import BadParameter, BadRow, EmptyFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from comity.engines.capacity.terms import By

NEEDS = ("need", "member", "resource", "units")
OFFERS = ("offer", "resource", "units")
PAIRS = ("need", "offer")
WEIGHTS = ("member", "weight", "rule")
CAPS = ("member", "resource", "units", "rule")
MOST_IN_RULE = 500
_AMOUNT = re.compile(r"([0-9]{1,30})(?:\.([0-9]{1,20})|/([0-9]{1,30}))?")
_COMMA = re.compile(r"[0-9]+(?:[,'’\s\u00a0\u2009\u202f][0-9]+)+(?:\.[0-9]+)?")
_THOUSANDS_OR_NOT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Rules:
    """By which published rule a member has a weight, and a member a cap on a resource; both as they are written."""

    weights: Mapping[str, str] = field(default_factory=dict)
    caps: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundTables:
    """What the tables of a round say, ready to be shared out."""

    terms: Terms
    rules: Rules


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its cells by column; ``is_local`` says that semicolons part them, as where commas part decimals."""

    file: str
    number: int
    cells: Mapping[str, str]
    is_local: bool

    def refuse(self, problem: str, /) -> NoReturn:
        """Raise BadRow."""
        raise BadRow(file=self.file, row=self.number, problem=problem)

    def id(self, column: str, /) -> str:
        """Return a name of 1 to 60 characters."""
        found = read_id(cell=self.cells[column], column=column, file=self.file, row=self.number)
        if not found.isprintable():
            self.refuse(f"{column} holds a line end or another character that cannot be printed; take it out")
        return found

    def amount(self, column: str, /, *, above_zero: bool = False) -> Fraction:
        """Return an amount of 0 or more, exactly."""
        cell = self.cells[column].strip()
        problem = _problem(cell, is_local=self.is_local)
        found = Fraction(0) if problem else Fraction(cell)
        if not problem and above_zero and not found:
            problem = "it must be above 0; leave the row out where nothing is asked for"
        if problem:
            self.refuse(f'{column} is "{cell[:30]}": {problem}')
        return found


def _problem(cell: str, /, *, is_local: bool) -> str | None:
    """Return what is wrong with an amount, and what to do; None where nothing is."""
    if not cell:
        return "it is empty; every row needs an amount"
    if _COMMA.fullmatch(cell) or (is_local and _THOUSANDS_OR_NOT.fullmatch(cell)):
        return "it can be read in two ways; write thousands without a sign between them and decimals after a point, like 1234.5"
    if cell.startswith("-") and _AMOUNT.fullmatch(cell[1:]):
        return "it is below 0"
    read = _AMOUNT.fullmatch(cell)
    if not read or (read[3] and not int(read[3])):
        return "it is no amount; write one like 1234.5, or a fraction like 1/3"
    return None


def read_round(
    *,
    needs: Path,
    offers: Path,
    eligible: Path | None = None,
    weights: Path | None = None,
    caps: Path | None = None,
    by: By = "need",
) -> RoundTables:
    """Return the terms of a round from its files.

    Raises PathNotFound, EmptyFile, FileTooLarge, BrokenFile or BadRow for a file, and BadInput where rules do not go together.
    """
    wanted = _read_once(needs, NEEDS, _read_need, key=lambda n: n.id, what="need")
    if not wanted:
        raise BadRow(file=needs.name, row=1, problem="there is no row below the header; give one for each need")
    given = _read_once(offers, OFFERS, _read_offer, key=lambda o: o.id, what="offer")
    pairs = None if eligible is None else _read_pairs(eligible, needs=wanted, offers=given)
    weighed = {} if weights is None else _read_once(weights, WEIGHTS, _read_weight, key=lambda w: w[0], what="member")
    capped = {} if caps is None else _read_once(caps, CAPS, _read_cap, key=lambda c: c[0], what="member and resource")
    if capped and by != "member":
        raise BadParameter(
            name="--by", found=by, allowed="member where --caps is given: a cap is on all that a member needs"
        )
    terms = set_terms(
        needs=wanted.values(),
        offers=given.values(),
        pairs=pairs,
        by=by,
        weights={member: weight for member, weight, _ in weighed.values()},
        caps={key: cap for key, cap, _ in capped.values()},
    )
    rules = Rules(
        weights={member: rule for member, _, rule in weighed.values()},
        caps={key: rule for key, _, rule in capped.values()},
    )
    return RoundTables(terms=terms, rules=rules)


def each_record(*, path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """Yield each row that is not empty. Raises what ``read_round`` raises of a file."""
    with open_table(path=path) as source:
        header, delimiter = _read_columns(source=source, file=path.name)
        if not set(needed) <= set(header):
            missing = [c for c in needed if c not in header]
            allowed = f"{','.join(needed)}, and others beside them; {' and '.join(missing)} is missing"
            refuse_header(file=path.name, header=header, allowed=allowed)
        for number, row in each_row(source=source, file=path.name, header=header, delimiter=delimiter):
            if any(cell.strip() for cell in row):
                cells = dict(zip(header, row, strict=True))
                yield Row(file=path.name, number=number, cells=cells, is_local=delimiter == ";")


def _read_columns(*, source: BinaryIO, file: str) -> tuple[list[str], str]:
    """Return the names of the columns in small letters, and what parts them."""
    demand_text(source=source, file=file)
    found: list[tuple[list[str], str]] = []
    wrong: list[BadRow] = []
    for delimiter in (",", ";"):
        try:
            for _, row in each_row(source=source, file=file, header=None, delimiter=delimiter):
                found.append(([unguard_text(cell.strip()).lower() for cell in row], delimiter))
                break
        except BadRow as error:  # quotation marks that fit the other sign alone
            wrong.append(error)
    if not found:
        raise wrong[0] if wrong else EmptyFile(file=file)
    header, delimiter = max(found, key=lambda read: len(read[0]))
    for name in header:
        if name and header.count(name) > 1:
            raise BadRow(file=file, row=1, problem=f'the column "{name[:60]}" stands twice; keep one of the two')
    return header, delimiter


_Read = TypeVar("_Read")
_Key = TypeVar("_Key")


def _read_once(
    path: Path, needed: Sequence[str], read: Callable[[Row], _Read], /, *, key: Callable[[_Read], _Key], what: str
) -> dict[_Key, _Read]:
    found: dict[_Key, _Read] = {}
    rows: dict[_Key, int] = {}
    for row in each_record(path=path, needed=needed):
        one = read(row)
        name = key(one)
        if name in found:
            shown = " and ".join(name) if isinstance(name, tuple) else name
            row.refuse(f'the {what} "{shown}" stands in row {rows[name]} already; give each one row')
        found[name], rows[name] = one, row.number
    return found


def _read_need(row: Row, /) -> Need:
    priority = row.cells.get("priority", "").strip() or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", priority):
        row.refuse(f'priority is "{priority[:20]}": it must be a whole number from 1 on; 1 is served first')
    return Need(
        id=row.id("need"),
        member=row.id("member"),
        resource=row.id("resource"),
        units=row.amount("units", above_zero=True),
        priority=int(priority),
    )


def _read_offer(row: Row, /) -> Offer:
    lot = row.cells.get("indivisible", "").strip().lower()
    if lot not in _YES:
        row.refuse(f'indivisible is "{lot[:20]}": write yes, or leave it empty')
    per_member = row.amount("per_member") if row.cells.get("per_member", "").strip() else None
    if _YES[lot] and per_member is not None:
        row.refuse("an offer that goes to one need as a whole cannot set per_member; leave one of the two empty")
    return Offer(
        id=row.id("offer"),
        resource=row.id("resource"),
        units=row.amount("units"),
        per_member=per_member,
        indivisible=_YES[lot],
    )


def _read_pairs(path: Path, /, *, needs: Mapping[str, Need], offers: Mapping[str, Offer]) -> set[tuple[str, str]]:
    found = set()
    for row in each_record(path=path, needed=PAIRS):
        pair = unguard_text(row.cells["need"].strip()), unguard_text(row.cells["offer"].strip())
        need, offer = needs.get(pair[0]), offers.get(pair[1])
        if need is None or offer is None:
            what, name = ("need", pair[0]) if need is None else ("offer", pair[1])
            row.refuse(f'the {what} "{name[:60]}" is not among the {what}s; add it there, or take this row out')
        if need.resource != offer.resource:
            row.refuse(
                f'the need "{need.id}" asks for {need.resource} and the offer "{offer.id}" gives {offer.resource}; '
                "a pair joins one resource"
            )
        found.add(pair)
    return found


def _read_weight(row: Row, /) -> tuple[str, Fraction, str]:
    return row.id("member"), row.amount("weight", above_zero=True), _read_rule(row, what="a weight")


def _read_cap(row: Row, /) -> tuple[tuple[str, str], Fraction, str]:
    return (row.id("member"), row.id("resource")), row.amount("units"), _read_rule(row, what="a cap")


def _read_rule(row: Row, /, *, what: str) -> str:
    rule = unguard_text(row.cells["rule"].strip())
    if not rule:
        row.refuse(f"rule is empty; {what} stands only by a published rule: name it, and where it can be read")
    if len(rule) > MOST_IN_RULE or not rule.isprintable():
        row.refuse(
            f"rule must be one line of at most {MOST_IN_RULE} characters; name the rule, and where it can be read"
        )
    return rule
