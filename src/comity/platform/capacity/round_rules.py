"""Rules of a round as data: who comes first, whose share weighs more, and the most that a member may receive.

Each rests on a rule that the body has published, which it names; none is taken without. What a member received in earlier rounds is
not set against its share: there is no rule for that here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter
from comity.platform.capacity.resources import checked_amount, in_figures
from comity.platform.parties.texts import checked_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MOST_RULE = 300
MOST_ROWS = 20
LAST_PRIORITY = 9
MOST_WEIGHT = 100
KEYS = frozenset({"priority", "weights", "caps"})


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """Needs of members of a group are served at this priority: 1 comes first."""

    group: str
    priority: int
    rule: str


@dataclass(frozen=True, slots=True)
class WeightRule:
    """Shares of members of a group are divided by this before they are made equal: at 2 a share is twice as large."""

    group: str
    weight: Fraction
    rule: str


@dataclass(frozen=True, slots=True)
class CapRule:
    """No member receives more of a resource than this."""

    resource: str
    units: Decimal
    rule: str


@dataclass(frozen=True, slots=True)
class RoundRules:
    """All rules of a round, in one order. Make it by ``check_rules``."""

    priorities: tuple[PriorityRule, ...] = ()
    weights: tuple[WeightRule, ...] = ()
    caps: tuple[CapRule, ...] = ()

    def priority_of(self, groups: Collection[str]) -> int:
        """Return the priority of a member of these groups: the first of its own; who is in none comes after all that are named."""
        own = [p.priority for p in self.priorities if p.group in groups]
        return min(own) if own else max((p.priority for p in self.priorities), default=0) + 1

    def weight_of(self, groups: Collection[str]) -> Fraction:
        """Return the weight of a member of these groups: the largest of its own, 1 for who is in none that is named."""
        return max((w.weight for w in self.weights if w.group in groups), default=Fraction(1))

    def as_data(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rules as they are kept and published."""
        return {
            "priority": [{"group": p.group, "priority": p.priority, "rule": p.rule} for p in self.priorities],
            "weights": [{"group": w.group, "weight": str(w.weight), "rule": w.rule} for w in self.weights],
            "caps": [{"resource": c.resource, "units": in_figures(c.units), "rule": c.rule} for c in self.caps],
        }


def check_rules(
    data: Mapping[str, Any], /, *, alike: str, groups: Collection[str], resources: Collection[str]
) -> RoundRules:
    """Return rules that fit one another and the round. ``groups`` and ``resources`` are the codes and slugs that they may name.

    Raises BadParameter: for a group or resource that is not known or named twice, a number that will not do, a row that names no
    published rule, or a cap where needs and not members are treated alike.
    """
    if not isinstance(data, dict) or set(data) - KEYS:
        raise BadParameter(
            name="rules", found=", ".join(sorted(set(data) - KEYS))[:60], allowed=", ".join(sorted(KEYS))
        )
    priorities, weights, caps = (_rows(data, key) for key in ("priority", "weights", "caps"))
    if caps and alike != "member":
        raise BadParameter(name="caps", found=alike, allowed="caps only where members are treated alike")
    _demand_known("group", [r.get("group", "") for r in priorities], known=groups)
    _demand_known("group", [r.get("group", "") for r in weights], known=groups)
    _demand_known("resource", [r.get("resource", "") for r in caps], known=resources)
    return RoundRules(
        priorities=tuple(
            sorted(
                (PriorityRule(str(r["group"]), _priority(r.get("priority")), _rule(r)) for r in priorities),
                key=lambda p: (p.priority, p.group),
            )
        ),
        weights=tuple(
            sorted(
                (WeightRule(str(r["group"]), _weight(r.get("weight")), _rule(r)) for r in weights),
                key=lambda w: w.group,
            )
        ),
        caps=tuple(
            sorted(
                (CapRule(str(r["resource"]), checked_amount("units", str(r.get("units", ""))), _rule(r)) for r in caps),
                key=lambda c: c.resource,
            )
        ),
    )


def rules_kept(data: Mapping[str, Any], /) -> RoundRules:
    """Return the rules of a round as they were kept."""
    return RoundRules(
        priorities=tuple(PriorityRule(r["group"], int(r["priority"]), r["rule"]) for r in data.get("priority", ())),
        weights=tuple(WeightRule(r["group"], Fraction(r["weight"]), r["rule"]) for r in data.get("weights", ())),
        caps=tuple(CapRule(r["resource"], Decimal(r["units"]), r["rule"]) for r in data.get("caps", ())),
    )


def _rows(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = data.get(key, [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(r, dict) for r in rows):
        raise BadParameter(name=key, found="something else", allowed=f"a list of at most {MOST_ROWS} rules")
    return rows


def _demand_known(name: str, found: Sequence[Any], *, known: Collection[str]) -> None:
    for place, one in enumerate(found):
        if one not in known:
            shown = (
                sorted(known)
                if name == "resource"
                else ["a code of the country data, such as LDC, or of a region of the body"]
            )
            raise BadParameter(name=name, found=str(one)[:60] or "nothing", allowed=", ".join(shown)[:200])
        if one in found[:place]:
            raise BadParameter(name=name, found=f"{str(one)[:60]} twice", allowed="each once")


def _rule(row: Mapping[str, Any]) -> str:
    found = str(row.get("rule", ""))
    if not found.strip():
        raise BadParameter(name="rule", found="nothing", allowed="the published rule that it rests on")
    return checked_text("rule", found, most=MOST_RULE, least=3)


def _priority(found: Any) -> int:
    text = str(found).strip()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:3]) <= LAST_PRIORITY:
        raise BadParameter(name="priority", found=text[:20], allowed=f"a whole number from 1 to {LAST_PRIORITY}")
    return int(text)


def _weight(found: Any) -> Fraction:
    allowed = f"a number above 0 and at most {MOST_WEIGHT}, such as 2, 1.5 or 3/2"
    text = str(found).strip()
    try:
        weight = Fraction(text) if len(text) <= 20 and text.isascii() and "e" not in text.lower() else None  # noqa: PLR2004  (as the column)
    except (ValueError, ZeroDivisionError):
        weight = None
    if weight is None or not 0 < weight <= MOST_WEIGHT or len(str(weight)) > 20:  # noqa: PLR2004  (as the column)
        raise BadParameter(name="weight", found=text[:20] or "nothing", allowed=allowed)
    return weight
