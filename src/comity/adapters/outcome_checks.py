"""Work an outcome out again from what its act made public: the rule's own text, the rolls, and the steps that it states.

The lot of a roll call is drawn again in the same way. Each function takes the act and its payload as the log holds them, and returns
what does not fit, in one sentence, or nothing. Nothing else is asked: neither a database nor a network.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.adapters.ballot_files import read_rolls_text
from comity.adapters.rule_files import parse_rule
from comity.engines.decisions.carrying import check_steps
from comity.engines.decisions.lots import call_from, draw_lot
from comity.engines.decisions.tally import tally
from comity.errors import ComityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.decisions.rules import Rule


def find_wrong_outcome(act: dict[str, Any], payload: Any) -> str:
    """Return what does not fit in the act of a stated outcome; empty where its steps follow from its rolls under its rule."""
    try:
        return _find_wrong(act, payload)
    except ComityError as error:
        return str(error).rstrip(".")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"its payload does not hold what an outcome is counted from ({type(error).__name__})"


def find_wrong_lot(act: dict[str, Any], payload: Any) -> str:
    """Return what does not fit in the act that opens a ballot: the lot that begins its roll call, and the order of that."""
    try:
        return _find_wrong_order(act, payload)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"its payload does not hold what a ballot is opened with ({type(error).__name__})"


def find_other_rolls(*, opening: Any, votes: Mapping[str, frozenset[str]] | None, payload: Any) -> str:
    """Return what a stated outcome was counted from that the acts before it do not say; empty where they fit.

    ``opening`` is the payload of the act that opened the ballot: its rule, who counts, in which groups and with which weights.
    ``votes`` is the last position by member that the acts of votes state (each, where two have one moment); None where they are
    not all public.
    """
    try:
        return _find_other(opening, votes, payload)
    except ComityError as error:
        return str(error).rstrip(".")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"the act that opened its ballot does not hold who decides in it ({type(error).__name__})"


def _find_other(opening: Any, votes: Mapping[str, frozenset[str]] | None, payload: Any, /) -> str:
    rule = _rule_in(payload)
    if opening["rule"]["sha256"] != payload["rule"]["sha256"]:
        return "it was counted under another rule than its ballot was opened under"
    read = read_rolls_text(rule=rule, text=payload["rolls"], file="rolls.csv")
    asked = {
        e["member"]: (set(e["groups"]), {name: Fraction(text) for name, text in e["weights"].items()})
        for e in opening["electors"]
        if e["counts"]
    }
    counted = {m.name: (set(m.groups), dict(m.weights)) for m in read.members}
    other = sorted(name for name in {*asked, *counted} if asked.get(name) != counted.get(name))
    if other:
        return f"{other[0][:60]} does not stand in its rolls as when its ballot was opened"
    unsaid = {p.name for p in rule.positions if p.counts == "away"} | {"present"}
    for one in read.ballots if votes is not None else ():
        if one.position not in (votes or {}).get(one.member, unsaid):
            return f"its rolls give {one.member[:60]} another vote than the acts of its votes"
    return ""


def _find_wrong(act: dict[str, Any], payload: Any, /) -> str:
    if act.get("subject") != payload["ballot"]:
        return "its outcome is of another ballot than its subject"
    rule, rolls = _rule_in(payload), payload["rolls"]
    stated = check_steps(rule=rule, carried=payload["result"])
    if payload["outcome"] != stated.outcome:
        return f"it states {str(payload['outcome'])[:40]}, and its steps lead to {stated.outcome}"
    if hashlib.sha256(rolls.encode()).hexdigest() != payload["rolls_sha256"]:
        return "its rolls have another digest than it says"
    read = read_rolls_text(rule=rule, text=rolls, file="rolls.csv")
    counted = tally(rule=rule, members=read.members, ballots=read.ballots)
    return "" if counted == stated else f"its rolls, counted again, come to other totals ({counted.outcome})"


def _find_wrong_order(act: dict[str, Any], payload: Any, /) -> str:
    if act.get("subject") != payload["ballot"]:
        return "it opens another ballot than its subject"
    draw = payload["draw"]
    if draw is None:
        return ""
    called = [e for e in payload["electors"] if e["call_order"] is not None]
    in_order = sorted(called, key=lambda e: (e["name"].casefold(), e["member"]))
    number = draw_lot(root=draw["root"], reference=payload["ballot"], of=len(called))
    drawn = [e["member"] for e in call_from(order=in_order, first=number)]
    said = {e["call_order"]: e["member"] for e in called}
    same = (number, drawn[0], dict(enumerate(drawn, 1))) == (draw["number"], draw["first"], said)
    return "" if same else f"its lot, drawn again, begins the roll call with {drawn[0]}"


def _rule_in(payload: Any) -> Rule:
    """Return the rule that a payload holds the text of. Raises ValueError where the text has another digest than it says."""
    text = payload["rule"]["text"]
    rule = parse_rule(text=text, file="rule.toml")
    if hashlib.sha256(text.encode()).hexdigest() != payload["rule"]["sha256"]:
        raise ValueError(payload["rule"]["sha256"])
    return rule
