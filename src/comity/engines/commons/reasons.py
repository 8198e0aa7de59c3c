"""Why something was found, as a stable code with what belongs to it: said here in English, on pages in the reader's language."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from comity.engines.commons.reason_words import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Mapping

Value: TypeAlias = "str | int | Reason | tuple[str, ...] | tuple[Reason, ...]"
"""What belongs to a reason: a name, a number, another reason, or several of one sort."""

# Of several, these are few and read as one: "OSI and FSF".
_JOINED_BY_AND = frozenset({"bodies", "written"})


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: its ``code``, one of ``SENTENCES``, and the ``data`` that its sentence names, in the order of their names."""

    code: str
    data: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**{name: _in_english(name, value) for name, value in self.data})

    def get(self, name: str, /) -> Value | None:
        """Return what belongs to it under a name, None where there is nothing."""
        return dict(self.data).get(name)

    def as_plain(self) -> dict[str, object]:
        """Return it as JSON can carry it: a code, and data in which reasons stand in the same form.

        >>> because(code="of-licence", licence="MIT", reason=because(code="no-changes")).as_plain()
        {'code': 'of-licence', 'data': {'licence': 'MIT', 'reason': {'code': 'no-changes', 'data': {}}}}
        """
        return {"code": self.code, "data": {name: _plain(value) for name, value in self.data}}


def because(*, code: str, **data: Value) -> Reason:
    """Return a reason with what its sentence names.

    >>> str(because(code="renamed", reason=because(code="reviewed", bodies=("OSI", "FSF")), old="GPL-3.0", now="GPL-3.0-only"))
    'open by OSI and FSF; GPL-3.0 is called GPL-3.0-only now'
    """
    return Reason(code, tuple(sorted(data.items())))


@lru_cache(maxsize=4096)
def risk_of(*, sentence: str) -> Reason | None:
    """Return the reason that a sentence on a format that can run code stands for, None for words that are not ours.

    >>> risk_of(sentence="it holds a program: setup.py")
    Reason(code='code-holds-program', data=(('member', 'setup.py'),))
    """
    for code, pattern in _risk_patterns().items():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return because(code=code, **found.groupdict())
    return None


@lru_cache(maxsize=1)
def _risk_patterns() -> Mapping[str, re.Pattern[str]]:
    found = {}
    for code, sentence in SENTENCES.items():
        if code.startswith("code-"):
            pieces = string.Formatter().parse(sentence)
            text = "".join(re.escape(said) + (f"(?P<{name}>.*)" if name else "") for said, name, _f, _c in pieces)
            found[code] = re.compile(text, re.DOTALL)
    return MappingProxyType(found)


def _in_english(name: str, value: Value, /) -> str:
    if isinstance(value, tuple):
        return (" and " if name in _JOINED_BY_AND else ", ").join(str(one) for one in value)
    return str(value)


def _plain(value: Value, /) -> object:
    if isinstance(value, Reason):
        return value.as_plain()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
