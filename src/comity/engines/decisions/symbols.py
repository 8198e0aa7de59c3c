"""Document symbols as the United Nations write them: what belongs to a symbol, what may follow it, and in which order they stand.

``C/3/L.7`` names a document; ``C/3/L.7/Rev.1`` is its first revision, ``/Add.1`` an addition, ``/Corr.1`` a correction and
``/Amend.3`` an amendment to it. Follows the practice that the Dag Hammarskjöld Library describes (ST/LIB/SER.B series symbols).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["Amend", "Add", "Corr", "Rev"]
KINDS: tuple[Kind, ...] = ("Amend", "Add", "Corr", "Rev")
"""What can be issued on a document, in the order in which they stand under it: a revision takes in what came before it."""

AFTER: dict[str, tuple[Kind, ...]] = {
    "": ("Amend", "Add", "Corr", "Rev"),
    "Rev": ("Amend", "Add", "Corr"),
    "Add": ("Corr", "Rev"),
    "Amend": ("Corr", "Rev"),
    "Corr": (),
}
"""What may stand under a document and under each kind. A revision of a revision is the next revision of the document."""

MOST = 60
MOST_PARTS = 8
MOST_NUMBER = 9999
ALLOWED = "a symbol such as C/3/L.7, C/3/L.7/Rev.1 or C/3/DEC.4, of at most 60 characters"
_PART = re.compile(
    r"(?!(?:Amend|Add|Corr|Rev)(?:\.|$))[A-Z][A-Za-z]{0,9}(?:\.(?:[1-9][0-9]{0,4}|[A-Z]{1,3}))?|[1-9][0-9]{0,4}"
)
_CHANGE = re.compile(r"(Amend|Add|Corr|Rev)\.([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: the parts of the document's own, and what was issued on it, outermost last.

    >>> str(Symbol(parts=("C", "3", "L.7"), changes=(("Rev", 1), ("Add", 2))))
    'C/3/L.7/Rev.1/Add.2'
    """

    parts: tuple[str, ...]
    changes: tuple[tuple[Kind, int], ...] = ()

    def __str__(self) -> str:
        return "/".join([*self.parts, *(f"{kind}.{number}" for kind, number in self.changes)])

    @property
    def stem(self) -> Symbol:
        """The symbol of the document itself."""
        return Symbol(parts=self.parts)

    @property
    def base(self) -> Symbol:
        """What the last change was issued on; a document stands on nothing but itself."""
        return Symbol(parts=self.parts, changes=self.changes[:-1])

    @property
    def is_whole_text(self) -> bool:
        """Whether it holds the whole text: the document or a revision of it, no amendment, addition or correction."""
        return all(kind == "Rev" for kind, _ in self.changes)

    def with_change(self, kind: Kind, number: int, /) -> Symbol:
        """Return what is issued on this symbol under a kind and number."""
        return Symbol(parts=self.parts, changes=(*self.changes, (kind, number)))


def parse_symbol(text: str, /) -> Symbol:
    """Return the symbol that a text writes. Raises BadParameter where it is none, or where a change stands where it cannot.

    >>> parse_symbol("C/3/L.7/Rev.1").changes
    (('Rev', 1),)
    """
    found = text.strip()
    names = found.split("/")
    changes: list[tuple[Kind, int]] = []
    while names and (change := _CHANGE.fullmatch(names[-1])):
        kind: Kind = next(k for k in KINDS if k == change[1])
        changes.insert(0, (kind, int(change[2])))
        names.pop()
    before = ""
    for kind, _ in changes:
        if kind not in AFTER[before]:
            raise BadParameter(name="symbol", found=found[:MOST], allowed=ALLOWED)
        before = kind
    well_formed = 1 < len(names) <= MOST_PARTS and names[0][:1].isalpha() and all(map(_PART.fullmatch, names))
    if not well_formed or len(found) > MOST:
        raise BadParameter(name="symbol", found=found[:MOST], allowed=ALLOWED)
    return Symbol(parts=tuple(names), changes=tuple(changes))


def order_of(symbol: Symbol, /) -> tuple[object, ...]:
    """Return the key that puts symbols in order: L.7 before L.10, a document before what was issued on it, Rev.2 before Rev.10."""
    return (
        tuple(_order_of_part(part) for part in symbol.parts),
        tuple((KINDS.index(kind), number) for kind, number in symbol.changes),
    )


def next_symbols(issued: Iterable[Symbol], /) -> tuple[Symbol, ...]:
    """Return every symbol that may be issued next on a document, in order; empty where nothing is issued yet.

    Numbers follow one another within a kind and a base. What has been revised takes nothing but its next revision.
    """
    held = set(issued)
    found = {
        symbol.with_change(kind, _last(held, base=symbol, kind=kind) + 1)
        for symbol in held
        for kind in AFTER[symbol.changes[-1][0] if symbol.changes else ""]
        if _is_present(symbol, held=held, but_for=kind)
    }
    return tuple(sorted((s for s in found if s.changes[-1][1] <= MOST_NUMBER), key=order_of))


def demand_next(symbol: Symbol, /, *, issued: Iterable[Symbol]) -> None:
    """Raise BadParameter, naming what may come next, where a symbol cannot be issued now."""
    allowed = next_symbols(issued)
    if symbol not in allowed:
        names = ", ".join(str(s) for s in allowed) or "nothing on a document that is not issued"
        raise BadParameter(name="symbol", found=str(symbol), allowed=names)


def present_text(issued: Iterable[Symbol], /) -> Symbol | None:
    """Return the symbol of the whole text as it stands: the last revision, or the document itself; None where nothing is issued."""
    return max((s for s in issued if s.is_whole_text), key=order_of, default=None)


def _is_present(symbol: Symbol, /, *, held: set[Symbol], but_for: str) -> bool:
    """Tell whether a symbol has not been overtaken by a revision, of itself or of what it stands on."""
    if but_for != "Rev" and _last(held, base=symbol, kind="Rev"):
        return False
    for place, (kind, number) in enumerate(symbol.changes):
        base = Symbol(parts=symbol.parts, changes=symbol.changes[:place])
        if _last(held, base=base, kind="Rev") > (number if kind == "Rev" else 0):
            return False
    return True


def _last(held: set[Symbol], /, *, base: Symbol, kind: str) -> int:
    """Return the last number of a kind that was issued on a base; 0 where there is none."""
    return max((s.changes[-1][1] for s in held if s.changes and s.base == base and s.changes[-1][0] == kind), default=0)


def _order_of_part(part: str, /) -> tuple[str, int]:
    """Return letters and number of a part apart, so that L.7 stands before L.10 and 9 before 78."""
    letters, _, last = part.rpartition(".")
    return (letters, int(last)) if last.isdigit() else (part, 0)
