"""When answers settle a link, and when they leave it open or disputed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.settlement import Answer, Rule, settle_answers
from comity.errors import BadParameter

AFRICA, ASIA, EUROPE = "002", "142", "150"
ANSWERS = st.lists(
    st.builds(
        Answer,
        value=st.sampled_from(["same", "related", "none", "cannot-say"]),
        region=st.sampled_from(["", AFRICA, ASIA, EUROPE]),
        is_own=st.booleans(),
    ),
    max_size=8,
)
RULES = st.tuples(st.integers(1, 4), st.integers(0, 4), st.booleans()).map(lambda t: Rule(t[0], min(t[0], t[1]), t[2]))


@pytest.mark.parametrize(
    "answers,rule,expected",
    [
        ([], Rule(), ("open", "", 0)),
        ([Answer("same", AFRICA)], Rule(), ("open", "", 0)),
        ([Answer("same", AFRICA), Answer("same", AFRICA)], Rule(), ("settled", "same", 0)),
        ([Answer("none", AFRICA), Answer("none", ASIA)], Rule(2, 2), ("settled", "none", 0)),
        ([Answer("same"), Answer("same")], Rule(), ("open", "", 1)),
        ([Answer("same"), Answer("same", AFRICA)], Rule(), ("settled", "same", 0)),
        ([Answer("same", AFRICA), Answer("same", AFRICA)], Rule(2, 2), ("open", "", 1)),
        ([Answer("same", AFRICA), Answer("related", ASIA)], Rule(), ("disputed", "", 0)),
        ([Answer("same", AFRICA), Answer("none", ASIA), Answer("same", ASIA)], Rule(), ("settled", "same", 0)),
        ([Answer("same", AFRICA), Answer("cannot-say", ASIA)], Rule(), ("open", "", 0)),
        ([Answer("same", AFRICA, is_own=True), Answer("same", ASIA)], Rule(2, 1, own_count=False), ("open", "", 0)),
        ([Answer("same", AFRICA, is_own=True), Answer("same", ASIA)], Rule(2, 1), ("settled", "same", 0)),
        ([Answer("same")], Rule(1, 0), ("settled", "same", 0)),
        ([Answer("same", AFRICA), Answer("none", ASIA)], Rule(3, 1), ("open", "", 0)),
        # Two answers that both meet a rule which was loosened since they were given settle nothing.
        ([Answer("same", AFRICA)] * 2 + [Answer("none", ASIA)] * 2, Rule(), ("disputed", "", 0)),
    ],
)
def test_where_a_link_stands(answers, rule, expected):
    found = settle_answers(answers=answers, rule=rule)
    assert (found.state, found.value, found.lacking) == expected


@given(ANSWERS, RULES)
def test_what_is_settled_has_people_and_regions_enough(answers, rule):
    found = settle_answers(answers=answers, rule=rule)
    assert (found.state == "settled") is bool(found.value)
    if found.value:
        mine = [a for a in answers if a.value == found.value and (rule.own_count or not a.is_own)]
        assert found.value != "cannot-say"
        assert len(mine) >= rule.reviewers
        assert len(found.regions) >= rule.regions
        assert set(found.regions) == {a.region for a in mine} - {""}


@given(ANSWERS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers, rule, chance):
    shuffled = answers.copy()
    chance.shuffle(shuffled)
    assert settle_answers(answers=answers, rule=rule) == settle_answers(answers=shuffled, rule=rule)


@given(ANSWERS, RULES)
def test_whoever_cannot_say_changes_nothing(answers, rule):
    found = settle_answers(answers=answers, rule=rule)
    assert settle_answers(answers=[*answers, Answer("cannot-say", EUROPE)], rule=rule) == found


@pytest.mark.parametrize("reviewers,regions", [(0, 0), (2, 3), (2, -1), (21, 1), (6, 6)])
def test_a_rule_that_cannot_be_met_is_refused(reviewers, regions):
    with pytest.raises(BadParameter):
        Rule(reviewers, regions)
