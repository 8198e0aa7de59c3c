"""The figures of the people's track: what the engine found, as JSON that pages, files and the API show, small cells protected.

No group or region with one to four answers is shown, none that follows from a total and the others, and no place on the map stands for
fewer than five people. Shares are kept at six decimals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.platform.dialogue.models.consultations import Track

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.dialogue.results import (
        Answers,
        DialogueAnalysis,
        Groups,
        Honesty,
        Interval,
        Representative,
        StatementRow,
    )

SCHEMA = 1
LEAST_SHOWN = 5
"""No count under it is shown, unless it is none."""
LEAST_VOICES = 20
"""People under which no rows are published: who answers like whom would be recognised by those who know them."""
MOST_MARKS = 110
DECIMALS = 6


def people_figures(
    *, analysis: DialogueAnalysis, weighted: Mapping[str, Interval], small_regions: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the figures of an analysis; ``weighted`` maps statements to shares that weigh how likely each was to be put.

    ``small_regions`` are those whose voices were too few to be told to the engine. With fewer than five voices the figures say so
    and nothing else.
    """
    voices = len(analysis.participants)
    head = {"schema": SCHEMA, "track": str(Track.PEOPLE), "engine": analysis.version}
    if voices < LEAST_SHOWN:
        return {**head, "few": True}
    groups, stability = analysis.groups, analysis.stability
    rows = {row.statement: row for row in analysis.statements_table}
    heard = {name: [_heard(a) for a in row.by_group] for name, row in rows.items()}
    totals = {name: _heard(row.overall) for name, row in rows.items()}
    shown = {name: shown_parts(parts=heard[name], total=totals[name]) for name in rows}
    return {
        **head,
        "few": False,
        "voices": voices,
        "answers": analysis.votes,
        "k": groups.k,
        "group_sizes": _sizes(groups.sizes, voices),
        "stability": None
        if stability is None
        else {
            "draws": stability.draws,
            "found_again": round(stability.k_share * stability.draws),
            "agreement": _short(stability.agreement),
            "seed": stability.seed,
        },
        "map": map_of_groups(groups=groups),
        "common_ground": [
            {
                "statement": int(c.statement),
                "direction": c.direction,
                "lower": _short(c.lower),
                # Of several factors one that is hidden would follow from the product.
                "product": _short(c.product) if all(shown[c.statement]) else None,
                "overall": _interval(c.overall),
                "by_group": [_interval(i) if s else None for i, s in zip(c.by_group, shown[c.statement], strict=True)],
                "by_region": _by_region(c.by_region, c.overall.n),
            }
            for c in analysis.common_ground
        ],
        "not_yet_heard": [
            {
                "statement": int(u.statement),
                "direction": u.direction,
                "groups": list(u.groups),
                "regions": list(u.regions),
            }
            for u in analysis.not_yet_heard
        ],
        "unheard_regions": sorted({*analysis.unheard_regions, *small_regions}),
        "regions_heard": sorted({name for row in analysis.statements_table for name, _ in row.by_region}),
        "representative": [
            [
                _representative(
                    r, tells_of_others(parts=heard[r.statement], shown=shown[r.statement], total=totals[r.statement])
                )
                for r in analysis.representative
                if r.group == group and shown[r.statement][group]
            ]
            for group in range(groups.k)
        ],
        "statements": [
            _statement(row, shown[name], weighted.get(name))
            for name, row in sorted(rows.items(), key=lambda r: int(r[0]))
        ],
        "honesty": _honesty(analysis.honesty),
        "parameters": dict(analysis.parameters),
        # The digest covers every row: with few of them, somebody could guess rows until it fits.
        "analysis_sha256": analysis.digest if voices >= LEAST_VOICES else None,
    }


def shown_parts(*, parts: Sequence[int], total: int) -> list[bool]:
    """Tell which parts of a total may be shown: none of one to four, and none where a hidden one would follow from the rest.

    The total is shown, so that a large part is hidden beside the small ones; what is in no part serves where it is large, and is
    itself hidden. A part of nought is shown: nobody answered.

    >>> shown_parts(parts=[40, 3, 20], total=63), shown_parts(parts=[40, 3, 20], total=80)
    ([True, False, False], [True, False, True])
    """
    rest = total - sum(parts)
    shown = [n == 0 or n >= LEAST_SHOWN for n in parts]
    large = [i for i, n in enumerate(parts) if shown[i] and n]
    if large and rest < LEAST_SHOWN and (rest > 0 or not all(shown)):
        shown[min(large, key=lambda i: (parts[i], i))] = False
    return shown


def tells_of_others(*, parts: Sequence[int], shown: Sequence[bool], total: int) -> bool:
    """Tell whether a share of all other groups together may stand beside that of one group.

    With it all groups together are known, and so is what stands in none, and what the hidden ones sum to.

    >>> tells_of_others(parts=[40, 3, 20], shown=[True, False, True], total=80)
    False
    >>> tells_of_others(parts=[40, 30], shown=[True, True], total=80)
    True
    """
    hidden = sum(n for n, told in zip(parts, shown, strict=True) if not told)
    return not any(0 < n < LEAST_SHOWN for n in (hidden, total - sum(parts)))


def map_of_groups(*, groups: Groups) -> dict[str, Any] | None:
    """Return the marks of the map as (group, x, y), each in the middle of at least five people of one group; None without any.

    ``per_mark`` is about how many people a mark stands for. Each group is halved along its longer side, again and again, while
    both halves are large enough.
    """
    import numpy as np  # noqa: PLC0415  (pages that only show figures have no need of it)

    placed = (groups.labels >= 0) & np.isfinite(groups.places).all(axis=1)
    if not placed.any():
        return None
    people = int(placed.sum())
    least = max(LEAST_SHOWN, -(-people // MOST_MARKS))
    reach = float(np.abs(groups.places[placed]).max()) or 1.0
    marks: list[list[float]] = []
    standing = 0
    for group in range(groups.k):
        waiting = [groups.places[placed & (groups.labels == group)] / reach]
        while waiting:
            part = waiting.pop()
            if len(part) < LEAST_SHOWN:
                continue  # a group of fewer than five has no mark
            if len(part) < 2 * least:
                x, y = part.mean(axis=0).tolist()
                marks.append([group, round(x, 3), round(y, 3)])
                standing += len(part)
                continue
            longer = int(np.argmax(np.ptp(part, axis=0)))
            order = np.lexsort((part[:, 1 - longer], part[:, longer]))
            middle = len(part) // 2
            waiting += [part[order[middle:]], part[order[:middle]]]
    if not marks:
        return None
    return {"per_mark": round(standing / len(marks)), "marks": sorted(marks)}


def _sizes(sizes: Sequence[int], total: int) -> list[int | None]:
    return [n if s else None for n, s in zip(sizes, shown_parts(parts=sizes, total=total), strict=True)]


def _heard(answers: Answers) -> int:
    return answers.agree + answers.disagree + answers.passed


def _by_region(parts: Sequence[tuple[str, Interval]], total: int) -> list[dict[str, Any]]:
    shown = shown_parts(parts=[i.n for _, i in parts], total=total)
    return [
        {"region": name, **_interval(i)} if s else {"region": name} for (name, i), s in zip(parts, shown, strict=True)
    ]


def _statement(row: StatementRow, shown: Sequence[bool], weighted: Interval | None) -> dict[str, Any]:
    few = 0 < _heard(row.overall) < LEAST_SHOWN
    found: dict[str, Any] = {
        "statement": int(row.statement),
        "overall": None if few else _answers(row.overall),
        "by_group": [None if few or not s else _answers(a) for a, s in zip(row.by_group, shown, strict=True)],
    }
    if weighted is not None and not few:
        found["weighted"] = _interval(weighted)
    return found


def _answers(answers: Answers) -> dict[str, Any] | None:
    if answers.agreeing is None or answers.disagreeing is None:
        return None
    return {
        "n": _heard(answers),
        "agree": _bounds(answers.agreeing),
        "disagree": _bounds(answers.disagreeing),
    }


def _representative(found: Representative, tells: bool, /) -> dict[str, Any]:  # noqa: FBT001  (the only one of its kind)
    return {
        "statement": int(found.statement),
        "direction": found.direction,
        "inside": _interval(found.inside),
        "outside": _interval(found.outside) if tells else None,
        "z": _short(found.z) if tells else None,
        "q": _short(found.q) if tells else None,
    }


def _honesty(honesty: Honesty) -> dict[str, Any]:
    effect = honesty.effect
    return {
        "duplicates": [
            {"kept": int(d.kept), "other": int(d.other), "similarity": _short(d.similarity)} for d in honesty.duplicates
        ],
        "coordinated": [
            {
                "accounts": len(c.participants) if len(c.participants) >= LEAST_SHOWN else None,
                "group": c.group,
                "answered": c.answered,
            }
            for c in honesty.coordinated
        ],
        "gained": [[int(s), d] for s, d in effect.gained],
        "lost": [[int(s), d] for s, d in effect.lost],
        "moved": [[int(s), d, _short(now), _short(then)] for s, d, now, then in effect.moved],
    }


def _interval(interval: Interval) -> dict[str, Any]:
    share, low, high = _bounds(interval)
    return {"share": share, "low": low, "high": high, "n": interval.n}


def _bounds(interval: Interval) -> list[float]:
    return [_short(interval.share), _short(interval.low), _short(interval.high)]


def _short(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0
