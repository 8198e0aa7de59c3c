"""What the pages of decisions say: the engine's sentences are in the catalogs, and numbers are written as each language does."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.utils import translation

from comity.adapters.rule_files import built_in_rule
from comity.engines.decisions.carrying import carry_result
from comity.engines.decisions.saying import POSITIONS, SENTENCES, SHARES
from comity.engines.decisions.tally import conclude
from comity.web import words_of_decisions as words
from comity.web.decisions.saying import figure, position_word, say_asked, say_steps

pytestmark = pytest.mark.django_db


def test_the_listed_sentences_shares_and_positions_are_those_of_the_engine():
    assert set(SENTENCES.values()) == words.SENTENCES
    assert set(SHARES.values()) == words.SHARES
    assert set(POSITIONS) == words.POSITIONS_IN_SENTENCES


@pytest.mark.parametrize(
    "language, value, said",
    [
        ("en", 1234, "1\u202f234"),
        ("en", Fraction(274, 3), "91⅓"),
        ("en", Fraction(297, 20), "14.85"),
        ("fr", Fraction(297, 20), "14,85"),
        ("fr", Fraction(640, 7), "91\u00a03/7"),
        ("ar", 92, "92"),
        ("ar", Fraction(274, 3), "\u206691⅓\u2069"),
        ("en", Fraction(1, 3), "⅓"),
        ("en", Fraction(1001, 7001), "1001/7001"),
    ],
)
def test_numbers_are_exact_and_written_as_the_language_writes_them(language, value, said):
    with translation.override(language):
        assert figure(value) == said


def stated(**totals):
    rule = built_in_rule("unga-two-thirds")
    result = conclude(rule=rule, totals={("", ""): {p.name: totals.get(p.name, 0) for p in rule.positions}})
    return rule, carry_result(rule=rule, result=result)


def test_the_steps_of_a_stated_outcome_are_said_again_from_its_totals():
    rule, carried = stated(yes=96, no=41, abstain=30, absent=26)
    assert say_steps(rule=rule, carried=carried) == [
        "All members: 96 yes, 41 no, 30 abstain, 26 absent.",
        "193 members. Half of 193 is 96½; more than that is needed, so 97. 167 (those present) is at least 97: this holds.",
        "96 yes and 41 no: 137 voting. Two thirds of 137 is 91⅓, so 92 are needed. 96 (yes) is at least 92: this holds.",
        "All that the rule asks holds: adopted.",
    ]


def test_steps_that_do_not_follow_any_more_stand_as_they_were_stated():
    rule, carried = stated(yes=96, no=41)
    carried["steps"][-1]["outcome"], carried["steps"][-1]["text"] = "not adopted", "As it was said."
    assert say_steps(rule=rule, carried=carried)[-1] == "As it was said."


def test_what_a_rule_asks_begins_with_a_capital_and_a_position_of_its_own_keeps_its_name():
    assert say_asked(rule=built_in_rule("unga-two-thirds"), part="adopted") == [
        "Yes: at least two thirds of those voting."
    ]
    assert [position_word(p) for p in ("yes", "in two minds")] == ["Yes", "In two minds"]
