"""Read rules of procedure from TOML: those that come with Comity, and a body's own."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.engines.decisions.composing import compose_rule
from comity.errors import BadRule, FileTooLarge, PathNotFound, UnknownRule

if TYPE_CHECKING:
    from comity.engines.decisions.rules import Rule

FOLDER = Path(__file__).parent / "rules_of_procedure"
MOST_KILOBYTES = 200
MOST_NUMBER = 10**18


@cache
def built_in_names() -> tuple[str, ...]:
    """Return the names of the rules that come with Comity, in alphabetical order."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml")))


@cache
def built_in_rule(name: str, /) -> Rule:
    """Return one of the rules that come with Comity. Raises UnknownRule."""
    if name not in built_in_names():
        raise UnknownRule(name=name[:60], known=", ".join(built_in_names()))
    return read_rule(path=FOLDER / f"{name}.toml")


@cache
def built_in_text(name: str, /) -> str:
    """Return the TOML of one of the rules that come with Comity. Raises UnknownRule."""
    built_in_rule(name)
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def find_rule(name: str, /) -> Rule:
    """Return a rule by the name of a built-in one, or from a TOML file. Raises UnknownRule, or what ``read_rule`` raises."""
    return read_rule(path=Path(name)) if name.endswith(".toml") else built_in_rule(name)


def read_rule(*, path: Path) -> Rule:
    """Return the rule in a TOML file. Raises PathNotFound, FileTooLarge, or BadRule with the place of what will not do."""
    if not path.is_file():
        raise PathNotFound(file=str(path))
    if path.stat().st_size > MOST_KILOBYTES * 1000:
        found = f"{path.stat().st_size / 1_000_000:.1f}"
        raise FileTooLarge(file=path.name, found=found, allowed=MOST_KILOBYTES / 1000)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadRule(file=path.name, where="the file", problem="not UTF-8; save it as UTF-8") from None
    return parse_rule(text=text, file=path.name)


def parse_rule(*, text: str, file: str) -> Rule:
    """Return the rule that TOML text describes. Raises BadRule."""
    return compose_rule(data=read_toml(text=text, file=file), file=file)


def read_toml(*, text: str, file: str) -> dict[str, Any]:
    """Return the plain data of TOML text, which need not be a rule yet. Raises BadRule."""
    try:
        found = tomllib.loads(text)
    # A number of thousands of digits is no TOMLDecodeError, but a plain ValueError of Python's.
    except (ValueError, RecursionError) as error:
        raise BadRule(file=file, where="the file", problem=f"not TOML: {str(error)[:200]}") from None
    _demand_writable(found, file=file)
    return found


def _demand_writable(data: dict[str, Any], /, *, file: str) -> None:
    """Refuse a number that could not be written back: one in hexadecimal may have more digits than can be read."""
    waiting: list[Any] = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (dict, list)):
            waiting += one.values() if isinstance(one, dict) else one
        elif isinstance(one, int) and abs(one) > MOST_NUMBER:
            raise BadRule(file=file, where="the file", problem=f"a number in it is beyond {MOST_NUMBER}")
