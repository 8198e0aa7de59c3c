"""Compose a rule from plain data (what a TOML file or a form holds), and refuse what cannot be a rule by its place.

Shares are written as text, "2/3" or "55%" or "1"; a floating-point number is refused, since it is not exact.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from comity.engines.decisions.rules import (
    AFTERS,
    COUNTS,
    RELATIONS,
    SETS,
    STANDARD,
    WAYS,
    Condition,
    Conduct,
    Counts,
    Either,
    Group,
    Measure,
    Position,
    Rule,
    Weight,
)
from comity.errors import BadRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_Word = TypeVar("_Word", bound=str)
MOST_TESTS = 20
MOST_WORDS = 10_000
MOST_NAMED = 20
MOST_IN_NAME = 60
MOST_LISTED = 500
LEAST_CHOICE = 2
COLUMNS = ("member", "vote", "cast_by", "group", "reason", "reasons", "comment", "comments")
"""Columns of a table of ballots; nothing else in it may be called so."""
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHARE = re.compile(r"([0-9]{1,12})(?:/([0-9]{1,12})|(%))?")
_INSIDE: dict[str, tuple[Counts, ...]] = {"members": COUNTS, "present": ("voting", "present"), "voting": ("voting",)}
_TIE = ("tie", "not adopted", "not valid")
_KEYS = {
    "rule": "name version title source words positions groups weights opens_when valid_when adopted_when after conduct",
    "position": "counts also unless_reasoned",
    "group": "title also members everyone_but everyone",
    "weight": "title also",
    "test": "count relation share of number group weight of_group of_weight words",
    "either": "any words",
    "after": "tie not_adopted not_valid within_hours",
    "conduct": "ways sealed may_change proxies notice_hours explanation_days history",
}


def compose_rule(*, data: Mapping[str, Any], file: str) -> Rule:
    """Return the rule that ``data`` describes; ``file`` is named where something will not do. Raises BadRule."""
    it = _Reader(file=file)
    it.demand_keys(data, kind="rule", where="the rule")
    positions = it.positions(data.get("positions"))
    groups = it.groups(data.get("groups", {}))
    weights = tuple(
        Weight(name=name, title=it.text(row, "title", where=where), also=it.names(row.get("also", []), where=where))
        for name, row, where in it.tables(data.get("weights", {}), kind="weight")
    )
    it.demand_each_once(groups, where="groups")
    it.demand_each_once(weights, where="weights")
    tests = _TestReader(it, positions=positions, groups=groups, weights=weights)
    adopted = tests.read(data.get("adopted_when"), where="adopted_when")
    if not adopted:
        it.refuse("adopted_when", "says nothing; give at least one test that must hold for a text to be adopted")
    after = it.mapping(data.get("after", {}), where="after")
    it.demand_keys(after, kind="after", where="after")
    return Rule(
        name=it.name(data.get("name"), where="name"),
        version=it.whole(data.get("version", 1), where="version", least=1, most=10_000),
        title=it.text(data, "title", where="the rule"),
        source=it.text(data, "source", where="the rule"),
        words=it.text(data, "words", where="the rule"),
        adopted=adopted,
        valid=tests.read(data.get("valid_when", []), where="valid_when"),
        opens=tests.read(data.get("opens_when", []), where="opens_when"),
        positions=positions,
        groups=groups,
        weights=weights,
        after={
            key: it.one_of(after[key.replace(" ", "_")], AFTERS, where=f"after, {key}")
            for key in _TIE
            if key.replace(" ", "_") in after
        },
        within_hours=it.whole(after.get("within_hours", 0), where="after, within_hours", least=0, most=100_000),
        conduct=it.conduct(data.get("conduct", {})),
    )


def read_share(text: object, /, *, file: str, where: str) -> Fraction:
    """Return an exact share from "2/3", "55%", "1" or a whole number. Raises BadRule.

    >>> read_share("55%", file="r.toml", where="share")
    Fraction(11, 20)
    """
    if isinstance(text, bool) or not isinstance(text, (int, str)):
        raise BadRule(
            file=file, where=where, problem=f'{text} is not exact; write a fraction as text, like "2/3" or "55%"'
        )
    found = _SHARE.fullmatch(str(text).strip())
    if found is None or (found[2] is not None and int(found[2]) == 0):
        raise BadRule(
            file=file, where=where, problem=f'"{str(text)[:40]}" is no share; write it like "2/3", "55%" or "1"'
        )
    return Fraction(int(found[1]), int(found[2] or (100 if found[3] else 1)))


def _seen(name: str, /) -> bool:
    """Tell whether every sign of a name can be seen; two joiners that some scripts need are let pass."""
    return name.replace("\u200c", "").replace("\u200d", "").isprintable()


class _Reader:
    """Reads plain values, and names the file and the place of what will not do."""

    def __init__(self, *, file: str) -> None:
        self.file = file

    def refuse(self, where: str, problem: str, /) -> NoReturn:
        raise BadRule(file=self.file, where=where, problem=problem)

    def demand_keys(self, row: object, /, *, kind: str, where: str) -> None:
        for key in self.mapping(row, where=where):
            if key not in _KEYS[kind].split():
                self.refuse(where, f'"{key[:40]}" is not known; known are {", ".join(_KEYS[kind].split())}')

    def mapping(self, value: object, /, *, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.refuse(where, "must be a table")
        return cast("dict[str, Any]", value)

    def tables(self, value: object, /, *, kind: str) -> Iterable[tuple[str, dict[str, Any], str]]:
        held = self.mapping(value, where=f"{kind}s")
        if len(held) > MOST_NAMED:
            self.refuse(f"{kind}s", f"{len(held)} of them; at most {MOST_NAMED} are read")
        for name, row in held.items():
            where = f"{kind} {name[:40]}"
            if not name or name != " ".join(name.split()).lower() or len(name) > MOST_IN_NAME or not _seen(name):
                self.refuse(
                    where, "a name has 1 to 60 characters that can be seen, in small letters, with single spaces"
                )
            if kind != "position" and (";" in name or name in COLUMNS):
                self.refuse(
                    where, f"a table of ballots could not be read: no ; in it, and none of {', '.join(COLUMNS)}"
                )
            self.demand_keys(row, kind=kind, where=where)
            yield name, row, where

    def demand_each_once(self, named: Iterable[Group | Weight], /, *, where: str) -> None:
        """Refuse a spelling that two of them have: a table could be read in two ways."""
        spelt = [text for one in named for text in {one.name, *one.also}]
        for twice in sorted({s for s in spelt if spelt.count(s) > 1}):
            self.refuse(where, f'"{twice[:40]}" is written for two of them; a file could not be read')

    def text(self, row: Mapping[str, Any], key: str, /, *, where: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > MOST_WORDS:
            self.refuse(f"{where}, {key}", f"must be text of 1 to {MOST_WORDS} characters")
        return " ".join(value.split())

    def name(self, value: object, /, *, where: str) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value) or len(value) > MOST_IN_NAME:
            self.refuse(where, f'"{str(value)[:60]}" must be small letters, digits and hyphens, like "two-thirds"')
        return value

    def names(self, value: object, /, *, where: str) -> tuple[str, ...]:
        held = [value] if isinstance(value, str) else value
        if (
            not isinstance(held, list)
            or len(held) > MOST_LISTED
            or not all(isinstance(v, str) and len(v) <= MOST_IN_NAME for v in held)
        ):
            self.refuse(where, "must be a name or a list of names")
        return tuple(" ".join(v.lower().split()) for v in held)

    def whole(self, value: object, /, *, where: str, least: int, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(where, f'"{str(value)[:40]}" must be a whole number from {least} to {most}')
        return value

    def flag(self, value: object, /, *, where: str) -> bool:
        if not isinstance(value, bool):
            self.refuse(where, f'"{str(value)[:40]}" must be true or false')
        return value

    def one_of(self, value: object, known: Sequence[_Word], /, *, where: str) -> _Word:
        for one in known:
            if value == one:
                return one
        return self.refuse(where, f'"{str(value)[:40]}" is not known; known are {", ".join(known)}')

    def positions(self, value: object, /) -> tuple[Position, ...]:
        if value is None:
            return STANDARD
        found = []
        for name, row, where in self.tables(value, kind="position"):
            found.append(
                Position(
                    name=name,
                    counts=self.one_of(row.get("counts"), COUNTS, where=f"{where}, counts"),
                    also=self.names(row.get("also", []), where=f"{where}, also"),
                    unless_reasoned=str(row.get("unless_reasoned", "")),
                )
            )
        names = [p.name for p in found]
        spelt = [*names, *(a for p in found for a in p.also)]
        for twice in sorted({s for s in spelt if spelt.count(s) > 1}):
            self.refuse("positions", f'"{twice}" is written for two of them; a file could not be read')
        for one in found:
            if one.unless_reasoned and one.unless_reasoned not in names:
                self.refuse(
                    f"position {one.name}", f'unless_reasoned names "{one.unless_reasoned[:40]}", which is no position'
                )
        for kind in ("voting", "away"):
            if kind not in {p.counts for p in found}:
                self.refuse("positions", f'none of them counts as "{kind}"')
        return tuple(found)

    def groups(self, value: object, /) -> tuple[Group, ...]:
        found = tuple(
            Group(
                name=name,
                title=self.text(row, "title", where=where),
                also=self.names(row.get("also", []), where=f"{where}, also"),
                members=self.names(row.get("members", []), where=f"{where}, members"),
                everyone_but=str(row.get("everyone_but", "")),
                everyone=self.flag(row.get("everyone", False), where=f"{where}, everyone"),
            )
            for name, row, where in self.tables(value, kind="group")
        )
        for one in found:
            if one.everyone_but and one.everyone_but not in {
                g.name for g in found if g is not one and not g.everyone_but
            }:
                self.refuse(
                    f"group {one.name}", f'everyone_but names "{one.everyone_but[:40]}", which is no other group'
                )
            if sum((bool(one.everyone_but), one.everyone, bool(one.members))) > 1:
                self.refuse(f"group {one.name}", "members, everyone_but and everyone cannot stand together")
        return found

    def conduct(self, value: object, /) -> Conduct:
        self.demand_keys(value, kind="conduct", where="conduct")
        held = self.mapping(value, where="conduct")
        usual = Conduct()
        given = held.get("ways", list(usual.ways))
        if not isinstance(given, list):
            self.refuse("conduct, ways", "must be a list")
        ways = tuple(self.one_of(w, WAYS, where="conduct, ways") for w in given)
        if not ways or len(set(ways)) != len(ways):
            self.refuse("conduct, ways", "name at least one way to vote, and each once")

        def flag(name: str) -> bool:
            return self.flag(held.get(name, getattr(usual, name)), where=f"conduct, {name}")

        def whole(name: str, most: int) -> int:
            return self.whole(held.get(name, getattr(usual, name)), where=f"conduct, {name}", least=0, most=most)

        return Conduct(
            ways=ways,
            sealed=flag("sealed"),
            may_change=flag("may_change"),
            history=flag("history"),
            proxies=whole("proxies", 10),
            notice_hours=whole("notice_hours", 100_000),
            explanation_days=whole("explanation_days", 1_000),
        )


class _TestReader:
    """Reads the tests of a rule, whose measures name its positions, groups and weights."""

    def __init__(
        self,
        it: _Reader,
        /,
        *,
        positions: tuple[Position, ...],
        groups: tuple[Group, ...],
        weights: tuple[Weight, ...],
    ) -> None:
        self.it = it
        self.positions = positions
        self.known = {"group": {g.name for g in groups}, "weight": {w.name for w in weights}}

    def read(self, value: object, /, *, where: str) -> tuple[Condition | Either, ...]:
        if not isinstance(value, list) or len(value) > MOST_TESTS:
            self.it.refuse(where, f"must be a list of at most {MOST_TESTS} tests")
        return tuple(self._one(row, where=f"{where}, test {n}") for n, row in enumerate(value, 1))

    def _one(self, row: object, /, *, where: str) -> Condition | Either:
        held = self.it.mapping(row, where=where)
        if "any" not in held:
            return self._condition(held, where=where)
        self.it.demand_keys(held, kind="either", where=where)
        if not isinstance(held["any"], list) or not LEAST_CHOICE <= len(held["any"]) <= MOST_TESTS:
            self.it.refuse(where, f"any must be a list of 2 to {MOST_TESTS} tests")
        tests = tuple(
            self._condition(self.it.mapping(r, where=where), where=f"{where}.{n}") for n, r in enumerate(held["any"], 1)
        )
        return Either(tests=tests, words=self.it.text(held, "words", where=where) if "words" in held else "")

    def _condition(self, row: dict[str, Any], /, *, where: str) -> Condition:
        self.it.demand_keys(row, kind="test", where=where)
        if ("share" in row) == ("number" in row):
            self.it.refuse(where, "give either a share, and of what, or a number")
        if ("share" in row) != ("of" in row):
            self.it.refuse(where, "a share needs to say of what; a number has no of")
        share = read_share(row.get("share", row.get("number")), file=self.it.file, where=where)
        if "share" in row and share > 1:
            self.it.refuse(where, f"a share is at most 1, not {share}")
        relation = self.it.one_of(row.get("relation"), RELATIONS, where=f"{where}, relation")
        if share == 0 and relation in {"at least", "fewer than"}:
            ever = "always" if relation == "at least" else "never"
            self.it.refuse(where, f"{relation} 0 {ever} holds, and so tests nothing")
        group, weight = str(row.get("group", "")), str(row.get("weight", ""))
        base = None
        if "of" in row:
            base = self._measure(
                row["of"], group=str(row.get("of_group", group)), weight=str(row.get("of_weight", weight)), where=where
            )
            if base.weight != weight:
                self.it.refuse(where, "the two sides of a test must weigh alike; leave of_weight out")
        counted = self._measure(row.get("count"), group=group, weight=weight, where=where)
        if base is not None and (base.positions, base.group) == (counted.positions, group):
            self.it.refuse(where, "the same stands on both sides, so that it tests nothing")
        return Condition(
            count=counted,
            relation=relation,
            share=share,
            base=base,
            words=self.it.text(row, "words", where=where) if "words" in row else "",
        )

    def _measure(self, value: object, /, *, group: str, weight: str, where: str) -> Measure:
        for kind, name in (("group", group), ("weight", weight)):
            if name and name not in self.known[kind]:
                known = ", ".join(sorted(self.known[kind])) or "none"
                self.it.refuse(where, f'"{name[:40]}" is no {kind} of this rule; its {kind}s are {known}')
        names = self.it.names(value if value is not None else [], where=where)
        held = [p.name for p in self.positions]
        if len(names) == 1 and names[0] in SETS:
            found = tuple(p.name for p in self.positions if p.counts in _INSIDE[names[0]])
            return Measure(positions=found, name=names[0], group=group, weight=weight)
        unknown = [n for n in names if n not in held]
        if unknown or not names or len(set(names)) != len(names):
            found_text = ", ".join(unknown or names)[:80] or "nothing"
            self.it.refuse(where, f'"{found_text}" cannot be counted; count {", ".join([*SETS, *held])}, each once')
        return Measure(positions=tuple(p for p in held if p in names), group=group, weight=weight)
