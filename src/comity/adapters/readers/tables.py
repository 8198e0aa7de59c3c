"""Tables checks the keys and values of a TOML file one by one, and says of each mistake where it is and what to do."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from comity.adapters.readers.document import DEFAULT_LIMITS
from comity.adapters.readers.files import read_regular_file, show_name
from comity.errors import BadInstrumentFile

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from comity.adapters.readers.document import ReadingLimits

PARTY = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,20}")
REF = re.compile(r"[A-Za-z0-9]+(?:_{1,2}[A-Za-z0-9-]+){0,20}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def load_toml(*, path: Path, limits: ReadingLimits = DEFAULT_LIMITS) -> dict[str, Any]:
    """Return the contents of a TOML file. Raises BadInstrumentFile where it is no TOML, and the errors of reading a file."""
    data = read_regular_file(path=path, limits=limits)
    shown = show_name(path=path)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8; save the file as UTF-8"
    except tomllib.TOMLDecodeError as error:
        problem = f"it is not TOML: {error}; correct that place"
    except RecursionError:
        problem = "its arrays or tables nest too deeply; an instrument needs no more than two levels"
    except ValueError as error:  # a date or number that exists in no calendar or machine
        problem = f"a value cannot be used: {error}; correct it"
    raise BadInstrumentFile(file=shown, where="the file", problem=problem)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file. ``where`` is its place as a message names it, such as ``provision 3``."""

    file: str
    where: str
    values: Mapping[str, Any]

    def refuse(self, *, key: str, problem: str) -> BadInstrumentFile:
        """Return the error that names this place; the caller raises it."""
        return BadInstrumentFile(file=self.file, where=f"{self.where}, {key}" if key else self.where, problem=problem)

    def check_keys(self, *, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Refuse a key that is not known, and the absence of one that is needed."""
        allowed = [*required, *optional]
        unknown = sorted(set(self.values) - set(allowed))
        if unknown:
            shown = _show(value=unknown[0])
            raise self.refuse(
                key=shown.strip('"'), problem=f"this key is not known; allowed are {', '.join(sorted(allowed))}"
            )
        missing = sorted(set(required) - set(self.values))
        if missing:
            raise self.refuse(key=missing[0], problem="this key is missing; add it")

    def text(
        self, key: str, *, most: int, pattern: re.Pattern[str] | None = None, example: str = "", empty: bool = False
    ) -> str:
        """Return a text of 1 (0 where ``empty``) to ``most`` characters that fits ``pattern`` whole."""
        value = self.values[key]
        if not isinstance(value, str):
            raise self.refuse(key=key, problem=f"{_show(value=value)} is not text; write it between quotation marks")
        if _HIDDEN.search(value):
            raise self.refuse(key=key, problem="it holds control or direction characters; remove them")
        folded = " ".join(value.split())
        if not folded and not empty:
            raise self.refuse(key=key, problem="it is empty; fill it in")
        if len(folded) > most:
            raise self.refuse(
                key=key, problem=f"it has {len(folded)} characters; at most {most} are allowed, so shorten it"
            )
        if pattern is not None and not pattern.fullmatch(folded):
            raise self.refuse(key=key, problem=f"{_show(value=value)} has not the form of {example}; write it so")
        return folded

    def choice(self, key: str, *, allowed: Sequence[str]) -> str:
        """Return a text that is one of ``allowed``."""
        value = self.values[key]
        if not isinstance(value, str) or value not in allowed:
            raise self.refuse(key=key, problem=f"{_show(value=value)} is not known; allowed are {', '.join(allowed)}")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.values[key]
        if not isinstance(value, bool):
            raise self.refuse(
                key=key, problem=f"{_show(value=value)} is neither true nor false; write one of these, without quotes"
            )
        return value

    def date(self, key: str) -> dt.date:
        """Return a TOML local date."""
        value = self.values[key]
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.refuse(
                key=key, problem=f"{_show(value=value)} is not a date; write it as 2024-06-13, without quotes"
            )
        return value

    def address(self, key: str) -> str:
        """Return a web address with http or https and a host."""
        value = self.text(key, most=2_000)
        try:
            parts = urlsplit(value)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"]", value)
        except ValueError:
            good = False
        if not good:
            raise self.refuse(
                key=key, problem=f"{_show(value=value)} is not a web address; it starts with https:// or http://"
            )
        return value

    def names(
        self,
        key: str,
        *,
        allowed: Sequence[str] | None = None,
        pattern: re.Pattern[str] | None = None,
        most: int,
        least: int = 1,
    ) -> tuple[str, ...]:
        """Return a list of ``least`` to ``most`` different texts, each one of ``allowed`` and of the form ``pattern``."""
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.refuse(key=key, problem=f'{_show(value=value)} is not a list of texts; write ["one", "two"]')
        for name in value:
            if allowed is not None and name not in allowed:
                raise self.refuse(
                    key=key, problem=f"{_show(value=name)} is not known; allowed are {', '.join(allowed)}"
                )
            if pattern is not None and not pattern.fullmatch(name):
                raise self.refuse(
                    key=key, problem=f"{_show(value=name)} has not the form of a code such as FRA or EU; write it so"
                )
        if len(set(value)) != len(value):
            raise self.refuse(key=key, problem="the same entry stands twice; remove one")
        if not least <= len(value) <= most:
            raise self.refuse(key=key, problem=f"it has {len(value)} entries; allowed are {least} to {most}")
        return tuple(value)


def open_tables(*, file: str, values: Mapping[str, Any], key: str) -> list[Table]:
    """Return the tables of an array of tables such as ``[[provision]]``; none where the key is absent."""
    found = values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
        raise BadInstrumentFile(
            file=file, where=key, problem=f"it is not an array of tables; open each one with [[{key}]]"
        )
    return [Table(file=file, where=f"{key} {n}", values=t) for n, t in enumerate(found, start=1)]


def open_table(*, file: str, values: Mapping[str, Any], key: str) -> Table:
    """Return the table ``[key]``, which must be there."""
    found = values.get(key)
    if not isinstance(found, dict):
        problem = f"the table [{key}] is missing; add it" if found is None else f"it is not a table; write [{key}]"
        raise BadInstrumentFile(file=file, where=key, problem=problem)
    return Table(file=file, where=key, values=found)


def _show(*, value: object) -> str:
    text = str(value)
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[:60])
    return f'"{safe}{"…" if len(text) > 60 else ""}"'  # noqa: PLR2004  (as much as fits a message)
