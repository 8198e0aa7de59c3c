"""Write the ballots of a vote as the CSV that ``comity decisions tally`` reads, so that anyone can count them again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.adapters.polis_cells import guard_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.engines.decisions.rules import Rule

COLUMNS = ("member", "vote", "cast_by", "group", "reason")
"""The columns beside those of weights; ``group`` stands only where the rule counts members apart."""


@dataclass(frozen=True, slots=True)
class Roll:
    """One member that counts: its position, who cast it (empty where nobody did), its groups, weights as text, and its reasons."""

    member: str
    position: str
    cast_by: str = ""
    groups: tuple[str, ...] = ()
    weights: Mapping[str, str] = field(default_factory=dict)
    reasons: str = ""


def write_rolls(*, rule: Rule, rolls: Iterable[Roll]) -> str:
    """Return a table with one row for each member, by name; the same rolls give the same bytes. Text is kept from being a formula."""
    rows = sorted(rolls, key=lambda r: r.member)
    grouped = any(r.groups for r in rows)
    weights = [w.name for w in rule.weights]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["member", "vote", "cast_by", *(["group"] if grouped else []), *weights, "reason"])
    for one in rows:
        groups = ["; ".join(one.groups)] if grouped else []
        cells = [
            one.member,
            one.position,
            one.cast_by,
            *groups,
            *(one.weights.get(w, "") for w in weights),
            one.reasons,
        ]
        writer.writerow([guard_text(cell) for cell in cells])
    return text.getvalue()
