"""What ``comity capacity equity --json`` holds: every figure with how many it is of, who is missing and why one has no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity import __version__
from comity.errors import BadParameter, BadRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from comity.adapters.value_tables import ValueTable
    from comity.engines.capacity.inequality import Spread

MORE_THAN_ONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked for on the command line; names are those of columns."""

    path: Path
    column: str
    weights: str | None = None
    groups: str | None = None
    by: tuple[str, ...] = ()
    member: str | None = None
    rank_by: str | None = None
    epsilon: float = 0.5
    threshold: float | None = None
    totals: bool = False
    draws: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One member: ``name`` as it is shown, ``code`` (iso3) where it is a state that is known, ``written`` as in the file.

    ``has_figure`` says that the file has a figure of it; ``value`` is None also where that cannot be divided.
    """

    number: int
    written: str
    name: str
    code: str | None
    has_figure: bool
    value: float | None
    weight: float | None
    rank: float | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grouping:
    """One way to part the members; ``members`` maps groups to names."""

    by: str
    title: str
    members: Mapping[str, Sequence[str]]
    source: str | None = None
    as_of: str | None = None


def measure_file(question: Question, /) -> dict[str, Any]:
    """Return what the JSON holds. Raises what reading the file raises, and BadParameter where options do not fit each other."""
    from comity.adapters.value_tables import read_values
    from comity.engines.capacity.inequality import measure_spread

    if question.totals and question.weights is None:
        raise BadParameter(
            name="--totals", found="given", allowed="together with --weights, by which totals are divided"
        )
    table = read_values(
        path=question.path,
        column=question.column,
        weights=question.weights,
        groups=question.groups,
        member=question.member,
        rank_by=question.rank_by,
    )
    rows = _gather_rows(table, question=question)
    held: dict[str, Any] = {
        "values": [r.value for r in rows],
        "weights": [r.weight for r in rows] if table.weights else None,
        "epsilon": question.epsilon,
    }
    spread = measure_spread(**held)
    return {
        "comity": __version__,
        "file": table.file,
        "input_sha256": table.sha256,
        "column": question.column,
        "is_percent": table.values.is_percent,
        "no_figure": list(table.values.no_figure),
        "weights": question.weights,
        "totals": question.totals,
        "members_named_by": table.named_by,
        **_figures(spread, rows=rows, is_weighted=table.weights is not None),
        "concentration": _concentrate(rows, question=question, is_weighted=table.weights is not None),
        "intervals": _intervals(held, question=question),
        "threshold": question.threshold,
        "groupings": [
            _group(g, rows=rows, held=held, question=question) for g in _groupings(table, rows=rows, question=question)
        ],
        "not_recognised": [r.name for r in rows if r.code is None] if question.by else None,
        "not_in_the_file": _states_not_in(rows) if question.by else None,
        "members": [
            {
                "row": r.number,
                "written": r.written,
                "name": r.name,
                "code": r.code,
                "value": r.value,
                "weight": r.weight,
            }
            for r in rows
        ],
    }


def _gather_rows(table: ValueTable, /, *, question: Question) -> list[_Row]:
    """Return the members in the order of their names; two rows that mean one state are refused."""
    from comity.engines.parties.atlas import split_words

    codes: Mapping[str, str | None] = {}
    names: Mapping[str, str] = {}
    if question.by:
        from comity.adapters.country_columns import find_states
        from comity.adapters.country_data import read_atlas

        atlas = read_atlas()
        codes = find_states(atlas=atlas, cells=table.members)
        names = {s.iso3: s.names["en"] for s in atlas.states.values()}
        if not any(codes.values()):
            allowed = "a column that names countries: ISO 3166-1 or M49 codes, or names"
            raise BadParameter(name="--member", found=table.named_by or "none", allowed=allowed)
    first: dict[str, int] = {}
    rows = []
    for place, (number, written) in enumerate(zip(table.rows, table.members, strict=True)):
        code = codes.get(written)
        if code is not None and code in first:
            problem = f"{written} is {names[code]}, which stands in row {first[code]} already; a member has one row"
            raise BadRow(file=table.file, row=number, problem=problem)
        if code is not None:
            first[code] = number
        total, weight = table.values.figures[place], table.weights.figures[place] if table.weights else None
        divided = (
            _divide(total, by=weight, row=number, file=table.file, question=question) if question.totals else total
        )
        rows.append(
            _Row(
                number=number,
                written=written,
                name=names.get(code or "", written),
                code=code,
                has_figure=total is not None,
                value=divided,
                weight=weight,
                rank=table.ranks.figures[place] if table.ranks else None,
                groups=table.groups[place] if table.groups else (),
            )
        )
    return sorted(rows, key=lambda r: (split_words(r.name), r.name, r.number))


def _divide(value: float | None, /, *, by: float | None, row: int, file: str, question: Question) -> float | None:
    """Return what each unit of a weight has of a total, None where one of the two is not known."""
    if value is None or by is None:
        return None
    if not by:
        problem = f"{question.weights} is 0, by which {question.column} cannot be divided; leave one of the two empty"
        raise BadRow(file=file, row=row, problem=problem)
    return value / by


def _states_not_in(rows: Sequence[_Row], /) -> list[str]:
    """Return the member states of the United Nations of which the file says nothing, in the order of the alphabet."""
    from comity.adapters.country_data import read_atlas
    from comity.engines.parties.countries import listed_in

    there = {r.code for r in rows}
    return [
        s.names["en"]
        for s in listed_in(atlas=read_atlas(), language="en")
        if s.status == "member" and s.iso3 not in there
    ]


def _figures(spread: Spread, /, *, rows: Sequence[_Row], is_weighted: bool) -> dict[str, Any]:
    from comity.engines.capacity.inequality import MEASURES, REASONS

    influence = spread.influence
    return {
        "total_members": len(rows),
        "n": spread.n,
        "missing": [r.name for r in rows if not r.has_figure],
        "without_weight": [r.name for r in rows if is_weighted and r.has_figure and r.weight is None],
        "weight_known": spread.weight_known,
        "zeros": spread.zeros,
        "mean": spread.mean,
        "least": spread.least,
        "most": spread.most,
        "epsilon": spread.epsilon,
        "figures": {name: getattr(spread, name) for name in MEASURES if name not in {"between", "within"}},
        "undefined": {
            name: REASONS[code] for name, code in spread.undefined.items() if name not in {"between", "within"}
        },
        "influence": None
        if influence is None
        else {"member": rows[influence.index].name, "gini_without": influence.gini},
    }


def _concentrate(rows: Sequence[_Row], /, *, question: Question, is_weighted: bool) -> dict[str, Any] | None:
    if question.rank_by is None:
        return None
    from comity.engines.capacity.inequality import REASONS
    from comity.engines.capacity.inequality_ranking import measure_concentration

    found = measure_concentration(
        values=[r.value for r in rows],
        ranked_by=[r.rank for r in rows],
        weights=[r.weight for r in rows] if is_weighted else None,
    )
    return {
        "ranked_by": question.rank_by,
        "n": found.n,
        "index": found.index,
        "undefined": REASONS[found.undefined] if found.undefined else None,
        "missing": [r.name for r in rows if r.rank is None and r.value is not None],
    }


def _intervals(held: Mapping[str, Any], /, *, question: Question) -> dict[str, Any] | None:
    if not question.draws:
        return None
    from comity.engines.capacity.inequality_intervals import bracket_spread

    found = bracket_spread(**held, draws=question.draws, seed=question.seed)
    return {
        "draws": question.draws,
        "seed": question.seed,
        "level": 0.95,
        "of": {name: None if i is None else {"low": i.low, "high": i.high} for name, i in found.items()},
    }


def _groupings(table: ValueTable, /, *, rows: Sequence[_Row], question: Question) -> list[_Grouping]:
    found = []
    if table.groups is not None:
        names = sorted({g for r in rows for g in r.groups})
        found.append(
            _Grouping(
                by=str(question.groups),
                title=str(question.groups),
                members={g: [r.name for r in rows if g in r.groups] for g in names},
            )
        )
    if question.by:
        from comity.adapters.country_columns import group_states
        from comity.adapters.country_data import read_atlas

        atlas = read_atlas()
        for by in dict.fromkeys(question.by):
            held = group_states(atlas=atlas, by=by)
            named = {g: [atlas.states[c].names["en"] for c in codes] for g, codes in held.members.items()}
            found.append(_Grouping(by=by, title=held.title, members=named, source=held.source, as_of=held.as_of))
    return found


def _group(
    grouping: _Grouping, /, *, rows: Sequence[_Row], held: Mapping[str, Any], question: Question
) -> dict[str, Any]:
    """Return coverage by group and, where each member is in one at most, Theil T between and within them."""
    from comity.engines.capacity.coverage import cover_groups
    from comity.engines.capacity.inequality import REASONS, measure_spread
    from comity.engines.parties.atlas import split_words

    of: dict[str, list[str]] = {r.name: [] for r in rows}
    for group, names in grouping.members.items():
        for name in names:
            if name in of:
                of[name].append(group)
    shared = [name for name in of if len(of[name]) >= MORE_THAN_ONE]
    labels = [next(iter(of[r.name]), None) for r in rows]
    spread = None if shared else measure_spread(**held, groups=labels)
    parts = {} if spread is None else {p.group: p for p in spread.groups}
    covered = cover_groups(
        members={r.name: r.value for r in rows},
        groups=grouping.members,
        threshold=question.threshold,
        weights={r.name: r.weight for r in rows} if held["weights"] is not None else None,
    )
    return {
        "by": grouping.by,
        "title": grouping.title,
        "source": grouping.source,
        "as_of": grouping.as_of,
        "theil": None if spread is None else spread.theil,
        "between": None if spread is None else spread.between,
        "within": None if spread is None else spread.within,
        "undefined": "some members are in several groups"
        if spread is None
        else REASONS.get(spread.undefined.get("between", "")),
        "groups": [
            {
                "group": c.group,
                "members": c.members,
                "known": c.known,
                "no_figure": list(c.unknown),
                "not_in_the_file": list(c.absent),
                "reached": c.reached,
                "at_least": c.at_least,
                "at_most": c.at_most,
                "weight_known": c.weight_known,
                "weight_at_least": c.weight_at_least,
                "weight_at_most": c.weight_at_most,
                "mean": parts[c.group].mean if c.group in parts else None,
                "value_share": parts[c.group].value_share if c.group in parts else None,
                "theil": parts[c.group].theil if c.group in parts else None,
            }
            for c in sorted(covered, key=lambda c: (c.group is None, split_words(c.group or "")))
        ],
    }
