"""Write the plain data of a rule of procedure as TOML 1.0, so that it can be read again as the very same rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HEAD = ("name", "version", "title", "source", "words")
PARTS = ("opens_when", "valid_when", "adopted_when")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROLS = frozenset(map(chr, (*range(0x20), 0x7F)))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def write_rule(*, data: Mapping[str, Any]) -> str:
    """Return the TOML of a rule given as ``compose_rule`` takes it: head, positions, groups, weights, tests, what follows, conduct.

    What is not given is not written, and takes its usual value when it is read.
    """
    lines = [f"{key} = {_value(data[key])}" for key in HEAD if key in data]
    for kind in ("positions", "groups", "weights"):
        for name, row in data.get(kind, {}).items():
            lines += ["", f"[{kind}.{_key(name)}]", *_pairs(row)]
    for part in PARTS:
        for test in data.get(part, ()):
            lines += _test(test, part=part)
    for table in ("after", "conduct"):
        if data.get(table):
            lines += ["", f"[{table}]", *_pairs(data[table])]
    return "\n".join(lines) + "\n"


def _test(test: Mapping[str, Any], /, *, part: str) -> Iterator[str]:
    yield from ("", f"[[{part}]]", *_pairs({k: v for k, v in test.items() if k != "any"}))
    for inside in test.get("any", ()):
        yield from ("", f"[[{part}.any]]", *_pairs(inside))


def _pairs(row: Mapping[str, Any], /) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in row.items()]


def _key(name: str, /) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: object, /) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)):
        return _list(value)
    raise TypeError(type(value).__name__)


def _list(values: Sequence[object], /) -> str:
    return "[" + ", ".join(_value(v) for v in values) + "]"


def _text(text: str, /) -> str:
    return '"' + "".join(_ESCAPES.get(c, f"\\u{ord(c):04X}" if c in _CONTROLS else c) for c in text) + '"'
