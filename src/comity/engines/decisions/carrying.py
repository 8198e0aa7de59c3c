"""Carry a result as plain data, read it back, and see whether its steps lead to its outcome.

Numbers are whole, or text like "274/3" where they are not: JSON has no other exact form.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.engines.decisions.saying import Speaker
from comity.engines.decisions.tally import Chosen, Counted, Tested, conclude
from comity.errors import StepsDoNotFollow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.decisions.rules import Rule
    from comity.engines.decisions.tally import Number, Result, Step


_FRACTION = re.compile(r"[0-9]{1,4000}/[0-9]{1,4000}")
ALWAYS = ("yes", "no", "abstain")
"""Positions that are stated for every rule, 0 where it does not know them."""


def carry_number(value: Number | None, /) -> int | str | None:
    """Return a whole number as it is, a fraction as text, None as None."""
    if value is None:
        return None
    return int(value) if value == int(value) else str(Fraction(value))


def carry_result(*, rule: Rule, result: Result) -> dict[str, Any]:
    """Return a result as JSON can carry it, each step with its sentence in English under ``text``."""
    speaker = Speaker(rule)
    return {
        "rule": result.rule,
        "version": result.version,
        "outcome": result.outcome,
        **{p: result.total(p) for p in (*(p.name for p in rule.positions), *ALWAYS)},
        "required": carry_number(result.required),
        "reached": carry_number(result.reached),
        "tie": result.concluded.tie,
        "follows": result.concluded.follows,
        "steps": [carry_step(s) | {"text": speaker.step(s)} for s in result.steps],
    }


def carry_step(step: Step, /) -> dict[str, Any]:
    """Return one step as plain data, without a sentence."""
    if isinstance(step, Counted):
        totals = {p: carry_number(n) for p, n in step.totals}
        return {"step": "counted", "group": step.group, "weight": step.weight, "totals": totals}
    if isinstance(step, Tested):
        return {
            "step": "test",
            "place": step.place,
            "count": list(step.condition.count.positions),
            "group": step.condition.count.group,
            "weight": step.condition.count.weight,
            "counted": carry_number(step.counted),
            "relation": step.condition.relation,
            "share": str(step.condition.share),
            "of": {p: carry_number(n) for p, n in step.parts},
            "base": carry_number(step.base),
            "limit": carry_number(step.limit),
            "needed": step.needed,
            "holds": step.holds,
        }
    if isinstance(step, Chosen):
        return {"step": "one of", "place": step.place, "holds": step.holds}
    return {
        "step": "outcome",
        "outcome": step.outcome,
        "because": list(step.because),
        "tie": step.tie,
        "follows": step.follows,
    }


def check_steps(*, rule: Rule, carried: Mapping[str, Any]) -> Result:
    """Return the result that the totals in ``carried`` lead to under ``rule``, where it is the very one that ``carried`` states.

    Raises StepsDoNotFollow at the first step, total, or outcome that is another; sentences are not compared.
    """
    totals: dict[tuple[str, str], dict[str, Number]] = {}
    for step in _steps(carried):
        if step.get("step") == "counted":
            totals[str(step.get("group")), str(step.get("weight"))] = _totals(step, rule=rule)
    wanted = {("", ""), *rule.measures()}
    if set(totals) != wanted:
        raise StepsDoNotFollow(place="counted", said=_named(totals), found=_named(wanted))
    result = conclude(rule=rule, totals=totals)
    right = carry_result(rule=rule, result=result)
    for said, found in zip(_steps(carried), _steps(right), strict=False):
        for key in found:
            if key != "text" and said.get(key) != found[key]:
                place = str(found.get("place") or found["step"])
                raise StepsDoNotFollow(
                    place=f"{place}, {key}", said=str(said.get(key))[:80], found=str(found[key])[:80]
                )
    for key in right:
        if key != "steps" and carried.get(key) != right[key]:
            raise StepsDoNotFollow(place=key, said=str(carried.get(key))[:80], found=str(right[key])[:80])
    if len(_steps(carried)) != len(right["steps"]):
        raise StepsDoNotFollow(place="steps", said=str(len(_steps(carried))), found=str(len(right["steps"])))
    return result


def _steps(carried: Mapping[str, Any], /) -> Sequence[Mapping[str, Any]]:
    steps = carried.get("steps")
    if not isinstance(steps, list) or not all(isinstance(s, dict) for s in steps):
        raise StepsDoNotFollow(place="steps", said=str(steps)[:80], found="a list of steps")
    return steps


def _totals(step: Mapping[str, Any], /, *, rule: Rule) -> dict[str, Number]:
    held = step.get("totals")
    names = [p.name for p in rule.positions]
    # As sets: canonical JSON and databases keep the keys of an object in an order of their own.
    if not isinstance(held, dict) or set(held) != set(names):
        raise StepsDoNotFollow(place="counted, totals", said=str(held)[:80], found=", ".join(names))
    try:
        numbers = {p: _read_number(n) for p, n in held.items()}
    except (ValueError, TypeError, ZeroDivisionError):
        raise StepsDoNotFollow(
            place="counted, totals", said=str(held)[:80], found="whole numbers or fractions"
        ) from None
    if min(numbers.values()) < 0:
        raise StepsDoNotFollow(place="counted, totals", said=str(held)[:80], found="numbers of 0 or more")
    return numbers


def _read_number(said: object, /) -> Number:
    """Return a number as ``carry_number`` writes it. Raises ValueError for another: "1e999999999" would fill the memory."""
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    if not isinstance(said, str) or not _FRACTION.fullmatch(said):
        raise ValueError(said)
    return Fraction(said)


def _named(pairs: object, /) -> str:
    return "; ".join(" by ".join(p) or "everybody" for p in sorted(pairs)) if isinstance(pairs, (dict, set)) else ""
