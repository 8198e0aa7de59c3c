"""Say rules, steps and numbers of decisions in the reader's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.formats import get_format
from django.utils.translation import get_language_bidi, gettext

from comity.engines.decisions.carrying import check_steps
from comity.engines.decisions.saying import Speaker, write_number
from comity.errors import StepsDoNotFollow
from comity.web import words_of_decisions as words
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.decisions.rules import Part, Rule
    from comity.engines.decisions.tally import Number

NARROW_NO_BREAK = "\u202f"
NO_BREAK = "\u00a0"
_WHOLE = re.compile(r"^[0-9]+(?![0-9/])")
# Arabic would set the fraction before its whole number; these two keep them together.
LEFT_TO_RIGHT, END = "\u2066", "\u2069"


def figure(value: Number, /) -> str:
    """Write a number exactly, with the decimal sign and the parted thousands of the reader's language; fractions stay fractions."""
    text = write_number(value)
    if text.isdecimal():
        return _part_thousands(text)
    if "." in text:
        whole, decimals = text.split(".")
        text = f"{_part_thousands(whole)}{get_format('DECIMAL_SEPARATOR')}{decimals}"
    else:
        text = _WHOLE.sub(lambda found: _part_thousands(found[0]), text).replace(" ", NO_BREAK)
    return f"{LEFT_TO_RIGHT}{text}{END}" if get_language_bidi() else text


def _part_thousands(digits: str, /) -> str:
    return f"{int(digits):,}".replace(",", NARROW_NO_BREAK)


def speaker_of(rule: Rule, /) -> Speaker:
    """Return who says steps and rules in the reader's language."""
    return Speaker(rule, say=gettext, figure=figure)


def tidy(sentence: str, /) -> str:
    """Return a sentence with a capital at its head, and without the spaces that Chinese does not set between sentences."""
    said = sentence[:1].upper() + sentence[1:]
    return said.replace("。 ", "。") if interface_language() == "zh" else said


def say_steps(*, rule: Rule, carried: Mapping[str, Any]) -> list[str]:
    """Return the steps of a carried result as sentences, recomputed from its totals.

    Where the engine of today would come to other steps, those that were stated stand as they were stated, in English.
    """
    try:
        result = check_steps(rule=rule, carried=carried)
    except StepsDoNotFollow:
        return [str(step.get("text", "")) for step in carried.get("steps", ())]
    return [tidy(said) for said in speaker_of(rule).result(result)]


def say_asked(*, rule: Rule, part: Part) -> list[str]:
    """Return what a rule asks for in one part ("opens", "valid" or "adopted"), a sentence for each test."""
    return [tidy(said) for said in speaker_of(rule).part(part)]


def say_rule_in_short(rule: Rule, /) -> str:
    """Return what a text needs to be adopted under a rule, in one line."""
    return " ".join(say_asked(rule=rule, part="adopted"))


def position_word(name: str, /, *, way: str = "") -> str:
    """Return what a position is called on a page; one of a rule's own stands as the rule names it."""
    of_the_way = {"silence": words.POSITIONS_IN_SILENCE, "correspondence": words.POSITIONS_IN_WRITING}.get(way, {})
    if name in of_the_way:
        return str(of_the_way[name])
    return str(words.POSITIONS.get(name, name[:1].upper() + name[1:]))


def mark_of(name: str, /, *, rule: Rule) -> str:
    """Return the mark of a position: one of its own for the four standard ones; others share those of what they count as."""
    counts = next((p.counts for p in rule.positions if p.name == name), "away")
    return MARKS.get(name) or ("t-away" if counts == "away" else "t-await")


def mark_of_standard(name: str, /) -> str:
    """Return the mark of a position where its rule is not at hand."""
    return MARKS.get(name, "t-await")


MARKS = {"yes": "t-yes", "no": "t-no", "abstain": "t-abs", "absent": "t-away"}
