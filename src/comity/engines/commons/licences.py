"""The class of a licence: open, non-commercial, restricted or unknown, from an SPDX licence expression.

Expressions follow SPDX 2.3, annex D: ``AND`` binds tighter than ``OR``, ``WITH`` names an exception, identifiers are compared
without regard to case. Which licence is of which class stands in ``licence_table`` and ``licence_names``, with the body that
said so. This is no legal advice, and a licence that no body of the table has reviewed is unknown, however kind its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from comity.engines.commons import licence_table as table
from comity.engines.commons.licence_names import (
    NON_COMMERCIAL_OTHERS,
    RENAMED,
    RESTRICTED,
    find_identifier,
)
from comity.engines.commons.reasons import Reason, because

Level: TypeAlias = Literal["unknown", "restricted", "non-commercial", "open"]
"""How open a licence is, the least first in ``LEVELS``. Unknown stands below all: nobody may rely on it."""

LEVELS: tuple[Level, ...] = ("unknown", "restricted", "non-commercial", "open")
MOST_CHARACTERS = 2000
MOST_DEPTH = 40
_TOKEN = re.compile(r"\s*(?:(\()|(\))|([A-Za-z0-9.+:_-]+))")
_BRACKET = re.compile(r"[()]")
_EXCEPTIONS = MappingProxyType({e.casefold(): e for e in table.PERMITTING_EXCEPTIONS})
_REVIEWED = (
    (table.OSI, "OSI"),
    (table.FSF, "FSF"),
    (table.OKF, "OKF"),
    (table.MOF_DATA, "MOF"),
)


@dataclass(frozen=True, slots=True)
class LicencePart:
    """One licence of an expression: as it was ``written``, what it was ``read_as``, its level, and why."""

    written: str
    read_as: str
    level: Level
    because: Reason

    @property
    def reason(self) -> str:
        """Why, in English."""
        return str(self.because)


@dataclass(frozen=True, slots=True)
class LicenceClass:
    """The class of a licence expression.

    ``read_as`` is the expression with every name replaced by its identifier; ``parts`` are its licences, each once, in
    alphabetical order; ``alternative`` is the part of an ``OR`` that the level was taken from, or None where there was none.
    """

    expression: str
    read_as: str
    level: Level
    because: Reason
    parts: tuple[LicencePart, ...] = ()
    alternative: str | None = None

    @property
    def reason(self) -> str:
        """Why, in English."""
        return str(self.because)

    @property
    def is_open(self) -> bool:
        """Whether anyone may use, study, change and share the thing for any purpose."""
        return self.level == "open"


@dataclass(frozen=True, slots=True)
class _Found:
    """What a piece of an expression comes to."""

    read_as: str
    level: Level
    because: Reason
    parts: frozenset[LicencePart]
    alternative: str | None = None
    join: str = ""
    joined: tuple[_Found, ...] = ()


class _Unreadable(Exception):
    """The text is no licence expression."""

    def __init__(self, problem: Reason) -> None:
        self.problem = problem
        super().__init__(problem)


def class_licence(*, expression: str) -> LicenceClass:
    """Return the class of an SPDX expression, or of a name that the table knows. Any text has a class: at worst unknown.

    ``OR`` lets whoever takes the thing choose, so that the most open alternative counts, and is named; ``AND`` binds to all,
    so that the least open counts. An exception after ``WITH`` counts where it is one of the SPDX list, which all permit more.

    >>> class_licence(expression="Apache-2.0").level
    'open'
    >>> both = class_licence(expression="CC-BY-NC-4.0 OR MIT")
    >>> both.level, both.alternative
    ('open', 'MIT')
    >>> class_licence(expression="MIT AND LicenseRef-Gemma").reason
    'LicenseRef-Gemma: its terms forbid named uses (all parts bind; this is the least open)'
    >>> class_licence(expression="as kind as can be").level
    'unknown'
    """
    text = " ".join(expression.split())
    if not text:
        return LicenceClass(expression, "NOASSERTION", "unknown", because(code="no-licence"))
    if len(text) > MOST_CHARACTERS:
        too_long = because(code="too-long", found=len(text), most=MOST_CHARACTERS)
        return LicenceClass(expression, "NOASSERTION", "unknown", too_long)
    whole = None if _BRACKET.search(text) else find_identifier(text)
    try:
        found = _read_one(text, whole) if whole is not None else _Reader(text).read()
    except _Unreadable as found_wrong:
        unreadable = because(code="unreadable", text=text[:80], problem=found_wrong.problem)
        return LicenceClass(expression, "NOASSERTION", "unknown", unreadable)
    parts = tuple(sorted(found.parts, key=lambda p: (p.read_as, p.written)))
    return LicenceClass(expression, found.read_as, found.level, found.because, parts, found.alternative)


def least_open(*, levels: tuple[Level, ...]) -> Level:
    """Return the least open of levels, or unknown where there are none."""
    return min(levels, key=LEVELS.index, default="unknown")


class _Reader:
    """Reads an expression by recursive descent: or := and (OR and)*, and := one (AND one)*, one := ( or ) | id [WITH id]."""

    def __init__(self, text: str) -> None:
        self.tokens = _cut(text)
        self.at = 0

    def read(self) -> _Found:
        """Return what the whole text comes to. Raises _Unreadable."""
        found = self._read_or(0)
        if self.at < len(self.tokens):
            raise _Unreadable(because(code="not-expected", word=self.tokens[self.at]))
        return found

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self.at += 1
        return token

    def _read_or(self, depth: int) -> _Found:
        pieces = [self._read_and(depth)]
        while self._peek().upper() == "OR":
            self.at += 1
            pieces.append(self._read_and(depth))
        return pieces[0] if len(pieces) == 1 else _choose(pieces)

    def _read_and(self, depth: int) -> _Found:
        pieces = [self._read_single(depth)]
        while self._peek().upper() == "AND":
            self.at += 1
            pieces.append(self._read_single(depth))
        return pieces[0] if len(pieces) == 1 else _bind(pieces)

    def _read_single(self, depth: int) -> _Found:
        word = self._take()
        if word == "(":
            if depth >= MOST_DEPTH:
                raise _Unreadable(because(code="deep-brackets", most=MOST_DEPTH))
            found = self._read_or(depth + 1)
            if self._take() != ")":
                raise _Unreadable(because(code="open-bracket"))
            return found
        if word in {"", ")"} or word.upper() in {"AND", "OR", "WITH"}:
            raise _Unreadable(because(code="licence-missing"))
        found = _read_one(word, find_identifier(word))
        if self._peek().upper() == "WITH":
            self.at += 1
            found = _add_exception(found, self._take())
        return found


def _cut(text: str, /) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _Unreadable(because(code="no-meaning", sign=text[at:].strip()[:1]))
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


def _read_one(written: str, identifier: str | None, /) -> _Found:
    if identifier is None and written.endswith("+"):
        identifier = find_identifier(written[:-1])
    read_as = identifier or written
    level, reason = _look_up(read_as) if identifier else _say_unknown(written)
    now = RENAMED.get(read_as)
    if now is not None:
        reason = because(code="renamed", reason=reason, old=read_as, now=now)
        read_as = now
    part = LicencePart(written=written, read_as=read_as, level=level, because=reason)
    return _Found(read_as, level, because(code="of-licence", licence=read_as, reason=reason), frozenset({part}))


def _look_up(identifier: str, /) -> tuple[Level, Reason]:
    told: tuple[Level, Reason] = _say_unknown(identifier)
    bodies = tuple(name for ids, name in _REVIEWED if identifier in ids)
    if identifier in RESTRICTED:
        told = "restricted", because(code=RESTRICTED[identifier])
    elif identifier in table.NO_CHANGES:
        told = "restricted", because(code="fixed-parts" if identifier.startswith("GFDL") else "no-changes")
    elif identifier in NON_COMMERCIAL_OTHERS:
        told = "non-commercial", because(code=NON_COMMERCIAL_OTHERS[identifier])
    elif identifier in table.NON_COMMERCIAL:
        told = "non-commercial", because(code="no-commercial-use")
    elif identifier == "NOASSERTION":
        told = "unknown", because(code="licence-not-stated")
    elif bodies:
        told = "open", because(code="reviewed", bodies=bodies)
    return told


def _say_unknown(written: str, /) -> tuple[Level, Reason]:
    return "unknown", because(code="own-licence" if "LicenseRef-" in written else "not-reviewed")


def _add_exception(found: _Found, exception: str, /) -> _Found:
    if exception in {"", "(", ")"} or exception.upper() in {"AND", "OR", "WITH"}:
        raise _Unreadable(because(code="exception-missing"))
    known = _EXCEPTIONS.get(exception.casefold())
    read_as = f"{found.read_as} WITH {known or exception}"
    (part,) = found.parts
    if known is None:
        level: Level = "unknown"
        reason = because(code="exception-unknown", exception=exception)
    else:
        level, reason = found.level, because(code="exception-permits", reason=part.because)
    whole = LicencePart(written=f"{part.written} WITH {exception}", read_as=read_as, level=level, because=reason)
    return _Found(read_as, level, because(code="of-licence", licence=read_as, reason=reason), frozenset({whole}))


def _choose(given: list[_Found], /) -> _Found:
    pieces, parts = _flatten(given, "OR")
    best = max(pieces, key=lambda p: LEVELS.index(p.level))
    if len(pieces) == 1:
        return replace(best, parts=parts)
    return _Found(
        read_as=" OR ".join(p.read_as for p in pieces),
        level=best.level,
        because=because(code="most-open", reason=_bare(best.because)),
        parts=parts,
        alternative=best.alternative or best.read_as,
        join="OR",
        joined=tuple(pieces),
    )


def _bind(given: list[_Found], /) -> _Found:
    pieces, parts = _flatten(given, "AND")
    worst = min(pieces, key=lambda p: LEVELS.index(p.level))
    if len(pieces) == 1:
        return replace(worst, parts=parts)
    chosen = [p.alternative for p in pieces if p.alternative]
    return _Found(
        read_as=" AND ".join(f"({p.read_as})" if p.join == "OR" else p.read_as for p in pieces),
        level=worst.level,
        because=because(code="all-bind", reason=_bare(worst.because)),
        parts=parts,
        alternative=" AND ".join(dict.fromkeys(chosen)) if chosen else None,
        join="AND",
        joined=tuple(pieces),
    )


def _flatten(given: list[_Found], join: str, /) -> tuple[list[_Found], frozenset[LicencePart]]:
    """Return pieces in order, each once, those of brackets with the same word taken out of these; and all licences in them."""
    flat = [inner for p in given for inner in (p.joined if p.join == join else (p,))]
    by_name = {p.read_as: p for p in sorted(flat, key=lambda p: (p.read_as, str(p.because)))}
    return list(by_name.values()), frozenset[LicencePart]().union(*(p.parts for p in given))


def _bare(reason: Reason, /) -> Reason:
    inner = reason.get("reason")
    return inner if reason.code in {"most-open", "all-bind"} and isinstance(inner, Reason) else reason
