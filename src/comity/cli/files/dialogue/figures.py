"""What ``comity dialogue analyse`` writes: everything the engine found, as plain JSON, real numbers at nine decimals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from comity import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from comity.engines.dialogue.results import Answers, DialogueAnalysis, Honesty, Interval, StatementRow
    from comity.engines.dialogue.votes import VoteMatrix

DECIMALS = 9


def compose_figures(
    *,
    analysis: DialogueAnalysis,
    votes: VoteMatrix,
    texts: Mapping[str, str],
    left_out: Collection[str],
    others: Mapping[str, int],
    input_sha256: Mapping[str, str],
) -> dict[str, Any]:
    """Return the figures of an analysis. Groups are numbered from 0, the largest first; who is in none stands in no group.

    ``texts`` are the words of statements by id, ``left_out`` the ids that moderators left out, ``others`` groups that somebody
    else found (participant to group), with which ours are compared.
    """
    groups, stability = analysis.groups, analysis.stability
    labels = dict(zip(analysis.participants, groups.labels.tolist(), strict=True))
    grouped = {p: group for p, group in labels.items() if group >= 0}
    counted = _votes_by_statement(votes)
    away = [s for s in votes.statements if s in left_out]
    return {
        "participants": len(analysis.participants),
        "statements": len(analysis.statements_table),
        "votes": sum(counted.values()) - sum(counted[s] for s in away),
        "left_out": {"statements": sorted(left_out, key=in_order), "votes": sum(counted[s] for s in away)},
        "k": groups.k,
        "groups": grouped,
        "group_sizes": list(groups.sizes),
        "not_grouped": len(labels) - len(grouped),
        "stability": None
        if stability is None
        else {
            "draws": stability.draws,
            "seed": stability.seed,
            "k_share": _real(stability.k_share),
            "agreement": _real(stability.agreement),
            "membership": {
                p: _real(share)
                for p, share in zip(analysis.participants, stability.membership.tolist(), strict=True)
                if not math.isnan(share)
            },
        },
        "common_ground": [
            {
                "statement": c.statement,
                "text": texts.get(c.statement, ""),
                "direction": c.direction,
                "lower": _real(c.lower),
                "product": _real(c.product),
                "overall": _interval(c.overall),
                "by_group": [_interval(i) for i in c.by_group],
                "by_region": {region: _interval(i) for region, i in c.by_region},
            }
            for c in analysis.common_ground
        ],
        "not_yet_heard": [
            {
                "statement": u.statement,
                "text": texts.get(u.statement, ""),
                "direction": u.direction,
                "groups": list(u.groups),
                "regions": list(u.regions),
            }
            for u in analysis.not_yet_heard
        ],
        "unheard_regions": list(analysis.unheard_regions),
        "representative": {
            str(group): [
                {
                    "statement": r.statement,
                    "text": texts.get(r.statement, ""),
                    "direction": r.direction,
                    "inside": _interval(r.inside),
                    "outside": _interval(r.outside),
                    "z": _real(r.z),
                    "q": _real(r.q),
                }
                for r in analysis.representative
                if r.group == group
            ]
            for group in range(groups.k)
        },
        "statements_table": [
            _row(row, texts) for row in sorted(analysis.statements_table, key=lambda r: in_order(r.statement))
        ],
        "honesty": _honesty(analysis.honesty, texts),
        "other_groups": _compared(grouped, others),
        "places": {
            p: [_real(x), _real(y)]
            for p, (x, y) in zip(analysis.participants, groups.places.tolist(), strict=True)
            if not math.isnan(x)
        },
        "criterion": [[k, _real(value)] for k, value in groups.criterion],
        "engine": analysis.version,
        "comity": __version__,
        "parameters": dict(analysis.parameters),
        "digest": analysis.digest,
        "input_sha256": dict(input_sha256),
    }


def in_order(statement: str, /) -> tuple[int, str]:
    """Return what sorts ids as people count: numbers by their size, then other names.

    >>> sorted(["10", "9", "s2"], key=in_order)
    ['9', '10', 's2']
    """
    return (int(statement), "") if statement.isdecimal() and statement.isascii() else (2**62, statement)


def _votes_by_statement(votes: VoteMatrix) -> dict[str, int]:
    numbers = np.bincount(votes.columns, minlength=len(votes.statements)).tolist()
    return dict(zip(votes.statements, numbers, strict=True))


def _row(row: StatementRow, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "statement": row.statement,
        "text": texts.get(row.statement, ""),
        **_answers(row.overall),
        "by_group": [_answers(a) for a in row.by_group],
        "by_region": {region: _answers(a) for region, a in row.by_region},
    }


def _answers(answers: Answers) -> dict[str, Any]:
    return {
        "n": answers.agree + answers.disagree + answers.passed,
        "agree": answers.agree,
        "disagree": answers.disagree,
        "pass": answers.passed,
        "agreeing": None if answers.agreeing is None else _interval(answers.agreeing),
        "disagreeing": None if answers.disagreeing is None else _interval(answers.disagreeing),
    }


def _honesty(honesty: Honesty, texts: Mapping[str, str]) -> dict[str, Any]:
    effect = honesty.effect
    return {
        "near_duplicates": [
            {
                "kept": d.kept,
                "other": d.other,
                "similarity": _real(d.similarity),
                "kept_text": texts.get(d.kept, ""),
                "other_text": texts.get(d.other, ""),
            }
            for d in honesty.duplicates
        ],
        "coordinated": [
            {
                "participants": list(c.participants),
                "group": c.group,
                "answered": c.answered,
                "p_answers": c.p_answers,
                "p_times": c.p_times,
                "q": c.q,
            }
            for c in honesty.coordinated
        ],
        "without_them": {
            "gained": [list(pair) for pair in effect.gained],
            "lost": [list(pair) for pair in effect.lost],
            "moved": [[s, direction, _real(now), _real(then)] for s, direction, now, then in effect.moved],
        },
    }


def _compared(grouped: Mapping[str, int], others: Mapping[str, int]) -> dict[str, Any] | None:
    """Return how far our groups are those of somebody else, over the people in both; None where there are none."""
    both = [p for p in grouped if p in others]
    if not both:
        return None
    from comity.engines.dialogue.stability import compare_groups

    ours = np.array([grouped[p] for p in both])
    theirs = np.array([others[p] for p in both])
    return {
        "people_in_both": len(both),
        "k": len(np.unique(list(others.values()))),
        "adjusted_rand": _real(compare_groups(a=ours, b=theirs)),
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {
        "share": _real(interval.share),
        "low": _real(interval.low),
        "high": _real(interval.high),
        "n": interval.n,
    }


def _real(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0
