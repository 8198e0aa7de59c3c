"""Read a body from a TOML file: its names, committees and members. Everything is checked before anything is written."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.errors import BadBodyFile, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class PartPlan:
    """An assembly, committee or group as a file states it; ``members`` and ``observers`` are slugs."""

    slug: str
    kind: str
    names: Mapping[str, str]
    starts_on: dt.date
    rule: str
    parent: str = ""
    proxy_rule: str = ""
    organisation_rule: str = ""
    members: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """A party as a file states it, with what it is in the assembly."""

    slug: str
    names: Mapping[str, str]
    status: str
    since: dt.date
    rule: str
    kind: str = "state"
    country: str = ""
    region: str = ""
    groups: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """A whole body: the assembly first, then its parts."""

    parts: tuple[PartPlan, ...]
    members: tuple[MemberPlan, ...]


PART = {
    "slug": str,
    "kind": str,
    "names": dict,
    "starts_on": dt.date,
    "rule": str,
    "proxy_rule": str,
    "organisation_rule": str,
    "members": list,
    "observers": list,
}
MEMBER = {
    "slug": str,
    "kind": str,
    "country": str,
    "region": str,
    "status": str,
    "since": dt.date,
    "rule": str,
    "names": dict,
    "groups": list,
    "states": list,
}


def read_body(*, path: Path) -> BodyPlan:
    """Return the body that a file states. Raises PathNotFound, or BadBodyFile naming where and what."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise PathNotFound(file=str(path)) from None
    if len(raw) > MOST_BYTES:
        raise BadBodyFile(file=path.name, where="the file", problem=f"it has more than {MOST_BYTES} bytes")
    try:
        given = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadBodyFile(file=path.name, where="the file", problem=f"it is not TOML ({error})") from None
    unknown = sorted(set(given) - {"body", "part", "member"})
    if unknown or not isinstance(given.get("body"), dict):
        problem = f"{unknown[0]} is not known" if unknown else "there is no [body]"
        raise BadBodyFile(file=path.name, where="the file", problem=problem)
    assembly = {**given["body"], "kind": "assembly"}
    top = PartPlan(**_checked(assembly, PART, ("slug", "names", "starts_on", "rule"), file=path.name, where="[body]"))
    parts = [
        PartPlan(
            parent=top.slug,
            **_checked(row, PART, ("slug", "kind", "names", "starts_on", "rule"), file=path.name, where=f"part {n}"),
        )
        for n, row in enumerate(_rows(given, "part", file=path.name), start=1)
    ]
    needed = ("slug", "names", "status", "since", "rule")
    members = [
        MemberPlan(**_checked(row, MEMBER, needed, file=path.name, where=f"member {n}"))
        for n, row in enumerate(_rows(given, "member", file=path.name), start=1)
    ]
    known = {member.slug for member in members}
    named = {slug for part in parts for slug in (*part.members, *part.observers)}
    named |= {slug for member in members for slug in member.states}
    if missing := sorted(named - known):
        raise BadBodyFile(file=path.name, where="members", problem=f"{missing[0]} is named and is no [[member]]")
    if len(known) != len(members):
        raise BadBodyFile(file=path.name, where="members", problem="a slug stands twice")
    return BodyPlan(parts=(top, *parts), members=tuple(members))


def _rows(given: Mapping[str, Any], name: str, *, file: str) -> list[Any]:
    rows = given.get(name, [])
    if not isinstance(rows, list):
        raise BadBodyFile(file=file, where=name, problem=f"it must be [[{name}]]")
    return rows


def _checked(row: Any, fields: Mapping[str, type], needed: tuple[str, ...], *, file: str, where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise BadBodyFile(file=file, where=where, problem="it is no table")
    for name, value in row.items():
        if name not in fields:
            raise BadBodyFile(file=file, where=where, problem=f"{name} is not known; known are {', '.join(fields)}")
        if not isinstance(value, fields[name]) or isinstance(value, dt.datetime):
            raise BadBodyFile(file=file, where=where, problem=f"{name} is not of its kind")
        if isinstance(value, (list, dict)):
            texts = value if isinstance(value, list) else [*value, *value.values()]
            if not all(isinstance(text, str) for text in texts):
                raise BadBodyFile(file=file, where=where, problem=f"{name} holds what is no text")
    for name in needed:
        if name not in row:
            raise BadBodyFile(file=file, where=where, problem=f"{name} is missing")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
