"""From ballots to an outcome: exact at every threshold, in any order, and every step recomputable."""

from __future__ import annotations

import copy
import json
import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.adapters.rule_files import built_in_names, built_in_rule
from comity.engines.decisions.carrying import carry_result, check_steps
from comity.engines.decisions.composing import compose_rule
from comity.engines.decisions.laws import find_broken_promise
from comity.engines.decisions.saying import Speaker
from comity.engines.decisions.tally import Ballot, Member, conclude, tally, whole_number
from comity.errors import BadBallot, BadRule, StepsDoNotFollow
from support.rules import PLAIN, count, rule_of

NAMES = st.sampled_from(built_in_names())


def ballots_of(rule, draw, *, least=0, most=40):
    """Draw members with groups and weights, and what some of them said."""
    size = draw(st.integers(least, most))
    groups = [g.name for g in rule.groups if not g.everyone_but]
    members, ballots = [], []
    for n in range(size):
        held = frozenset(g for g in groups if draw(st.booleans()))
        rest = {g.name for g in rule.groups if g.everyone_but and g.everyone_but not in held}
        weights = {w.name: Fraction(draw(st.integers(0, 40)), draw(st.integers(1, 3))) for w in rule.weights}
        members.append(Member(name=f"M{n}", groups=held | rest, weights=weights))
        said = draw(st.sampled_from(["yes", "yes", "yes", None, *(p.name for p in rule.positions)]))
        if said is not None:
            ballots.append(Ballot(member=f"M{n}", position=said, reasoned=draw(st.sampled_from([None, True, False]))))
    return members, ballots


@given(st.data(), NAMES)
def test_the_order_of_members_and_ballots_does_not_matter(data, name):
    rule = built_in_rule(name)
    members, ballots = ballots_of(rule, data.draw)
    once = tally(rule=rule, members=members, ballots=ballots)
    again = tally(rule=rule, members=data.draw(st.permutations(members)), ballots=data.draw(st.permutations(ballots)))
    assert again == once


@given(st.data(), NAMES)
def test_one_more_yes_never_undoes_an_adoption_under_any_rule_that_comes_with_comity(data, name):
    rule = built_in_rule(name)
    members, ballots = ballots_of(rule, data.draw, least=1)
    before = tally(rule=rule, members=members, ballots=ballots).outcome
    turned = data.draw(st.sampled_from(members)).name
    after = [b for b in ballots if b.member != turned] + [Ballot(member=turned, position="yes")]
    assert before != "adopted" or tally(rule=rule, members=members, ballots=after).outcome == "adopted"


@pytest.mark.parametrize("name", built_in_names())
def test_every_rule_that_comes_with_comity_is_proved_to_keep_that_promise(name):
    assert find_broken_promise(rule=built_in_rule(name)) is None


RELATION = st.sampled_from(["at least", "more than", "at most", "fewer than"])
POSITIONS = ["yes", "no", "abstain", "present", "absent"]
SOME = st.lists(st.sampled_from(POSITIONS), min_size=2, unique=True)
# Most of them ask for yes or limit no, so that enough of the rules keep the promise.
ASKED = st.one_of(
    st.tuples(st.just(["yes"]), st.sampled_from(["at least", "more than"])),
    st.tuples(st.just(["no"]), st.sampled_from(["at most", "fewer than"])),
    st.tuples(SOME, RELATION),
)
TEST = st.builds(
    lambda asked, of, top, bottom: {
        "count": asked[0],
        "relation": asked[1],
        "share": f"{min(top, bottom)}/{bottom}",
        "of": of,
    },
    ASKED,
    SOME,
    st.integers(1, 7),
    st.integers(1, 7),
).filter(lambda test: set(test["count"]) != set(test["of"]))


@given(st.lists(TEST, min_size=1, max_size=3), st.data())
def test_a_rule_proved_to_keep_the_promise_keeps_it(tests, data):
    rule = compose_rule(data=PLAIN | {"adopted_when": tests}, file="rule.toml")
    assume(find_broken_promise(rule=rule) is None)
    members, ballots = ballots_of(rule, data.draw, least=1, most=9)
    before = tally(rule=rule, members=members, ballots=ballots).outcome
    turned = data.draw(st.sampled_from(members)).name
    after = [b for b in ballots if b.member != turned] + [Ballot(member=turned, position="yes")]
    assert before != "adopted" or tally(rule=rule, members=members, ballots=after).outcome == "adopted"


def test_a_rule_that_punishes_a_yes_is_named_with_the_position_that_shows_it():
    rule = rule_of(adopted_when=[{"count": "yes", "relation": "at most", "share": "1/2", "of": "members"}])
    assert find_broken_promise(rule=rule) == "no"


@given(st.data(), NAMES)
def test_the_steps_of_a_result_lead_to_its_outcome_after_a_journey_through_json(data, name):
    rule = built_in_rule(name)
    members, ballots = ballots_of(rule, data.draw)
    result = tally(rule=rule, members=members, ballots=ballots)
    carried = json.loads(json.dumps(carry_result(rule=rule, result=result)))
    assert check_steps(rule=rule, carried=carried) == result


@given(st.data(), NAMES)
def test_any_change_to_any_figure_or_outcome_of_the_steps_is_found(data, name):
    rule = built_in_rule(name)
    members, ballots = ballots_of(rule, data.draw, least=1)
    carried = carry_result(rule=rule, result=tally(rule=rule, members=members, ballots=ballots))
    forged = copy.deepcopy(carried)
    step = data.draw(st.sampled_from(forged["steps"]))
    key = data.draw(st.sampled_from([k for k in step if k != "text"]))
    held = step[key]
    if isinstance(held, dict):
        key_inside = data.draw(st.sampled_from(sorted(held))) if held else None
        assume(key_inside is not None)
        held[key_inside] = "7/3"
    else:
        step[key] = not held if isinstance(held, bool) else "another"
    with pytest.raises(StepsDoNotFollow):
        check_steps(rule=rule, carried=forged)


@pytest.mark.parametrize(
    "steps", [None, "x", [1], [], [{"step": "counted", "group": "", "weight": "", "totals": {"yes": -1}}]]
)
def test_steps_that_are_no_steps_are_refused(steps):
    carried = carry_result(rule=rule_of(), result=count(rule_of(), (3, "yes")))
    with pytest.raises(StepsDoNotFollow):
        check_steps(rule=rule_of(), carried=carried | {"steps": steps})


@pytest.mark.parametrize("number", ["1e999999999", "0x10", 2.5, True, "-1", " 1/2", None])
def test_a_total_that_is_not_written_as_a_number_here_is_refused_before_it_fills_the_memory(number):
    carried = carry_result(rule=rule_of(), result=count(rule_of(), (3, "yes")))
    carried["steps"][0]["totals"]["yes"] = number
    with pytest.raises(StepsDoNotFollow):
        check_steps(rule=rule_of(), carried=carried)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 9), st.integers(1, 9))
def test_a_test_is_exact_on_both_sides_of_its_threshold(yes, no, top, bottom):
    share = Fraction(min(top, bottom), max(top, bottom))
    for relation, holds in (
        ("at least", yes * share.denominator >= share.numerator * (yes + no) > 0),
        ("more than", yes * share.denominator > share.numerator * (yes + no)),
    ):
        test = {"count": "yes", "relation": relation, "share": str(share), "of": "voting"}
        result = conclude(
            rule=rule_of(adopted_when=[test]),
            totals={("", ""): {"yes": yes, "no": no, "abstain": 1, "present": 0, "absent": 2}},
        )
        assert (result.outcome == "adopted") is holds


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_the_whole_number_named_is_the_least_or_most_that_meets_the_limit(top, bottom):
    limit = Fraction(top, bottom)
    least, above = (whole_number(relation=r, limit=limit) for r in ("at least", "more than"))
    most, below = (whole_number(relation=r, limit=limit) for r in ("at most", "fewer than"))
    assert least - 1 < limit <= least
    assert above - 1 <= limit < above
    assert most <= limit < most + 1
    assert below < limit <= below + 1
    assert (least, most) == (math.ceil(limit), math.floor(limit))


def test_two_thirds_of_137_voting_asks_for_92():
    result = count(built_in_rule("unga-two-thirds"), (96, "yes"), (41, "no"), (30, "abstain"), (26, "absent"))
    assert (result.outcome, result.required) == ("adopted", 92)


@pytest.mark.parametrize("yes, outcome", [(92, "adopted"), (91, "not adopted")])
def test_exactly_at_two_thirds_and_one_below(yes, outcome):
    assert count(built_in_rule("unga-two-thirds"), (yes, "yes"), (138 - yes, "no")).outcome == outcome


def test_a_member_without_a_ballot_is_away():
    members = [Member(name=n) for n in "abcde"]
    result = tally(rule=rule_of(), members=members, ballots=[Ballot(member="a", position="yes")])
    assert (result.total("yes"), result.total("absent"), result.outcome) == (1, 4, "adopted")


def test_nobody_voting_adopts_nothing_by_majority():
    assert count(rule_of(), (5, "abstain")).outcome == "not adopted"


@pytest.mark.parametrize("name", sorted({*built_in_names()} - {"consensus", "silence"}))
@pytest.mark.parametrize("members, said", [(0, "absent"), (5, "absent"), (5, "abstain")])
def test_nobody_voting_adopts_nothing_under_any_rule_that_asks_for_votes(name, members, said):
    rule = built_in_rule(name)
    for groups in ((), *((g.name,) for g in rule.groups)):
        for weight in (0, 3):
            result = count(rule, (members, said), groups=groups, weight=weight)
            assert result.outcome != "adopted"
            assert check_steps(rule=rule, carried=carry_result(rule=rule, result=result)) == result


@pytest.mark.parametrize("name", ["consensus", "silence"])
def test_nobody_objecting_adopts_where_the_rule_asks_for_no_more(name):
    assert count(built_in_rule(name), (5, "absent")).outcome == "adopted"


def test_an_international_standard_needs_a_vote_of_a_participating_member():
    rule = built_in_rule("iso-dis")
    assert count(rule, (4, "yes"), groups=("o-member",)).outcome == "not adopted"
    assert count(rule, (1, "yes"), groups=("p-member",)).outcome == "adopted"


def test_two_thirds_of_nobody_asks_for_one_and_weighs_nothing_in_words_that_are_true():
    nobody = count(built_in_rule("unga-two-thirds"), (5, "abstain"))
    said = " ".join(Speaker(built_in_rule("unga-two-thirds")).result(nobody))
    assert nobody.required == 1
    assert "Two thirds of 0 is 0, so 1 are needed. 0 (yes) is less than 1: this does not hold." in said
    weighed = built_in_rule("imf-weighted-85")
    assert "is no share of nothing: this does not hold." in " ".join(
        Speaker(weighed).result(count(weighed, (5, "yes"), weight=0))
    )


@pytest.mark.parametrize(
    "test, problem",
    [
        ({"count": "yes", "relation": "at least", "number": 0}, "always holds"),
        ({"count": "yes", "relation": "at least", "share": "0/3", "of": "voting"}, "always holds"),
        ({"count": "no", "relation": "fewer than", "number": 0}, "never holds"),
        ({"count": "voting", "relation": "at least", "share": "2/3", "of": ["no", "yes"]}, "on both sides"),
    ],
)
def test_a_test_that_tests_nothing_is_no_part_of_a_rule(test, problem):
    with pytest.raises(BadRule, match=problem):
        rule_of(adopted_when=[test])


def test_a_tie_is_told_from_a_defeat_and_says_what_follows():
    tied = count(built_in_rule("unga-simple-majority"), (50, "yes"), (50, "no"), (3, "abstain"))
    lost = count(built_in_rule("unga-simple-majority"), (50, "yes"), (51, "no"), (3, "abstain"))
    assert (tied.outcome, tied.concluded.tie, tied.concluded.follows) == ("not adopted", True, "second vote")
    assert (lost.outcome, lost.concluded.tie, lost.concluded.follows) == ("not adopted", False, "nothing")


@pytest.mark.parametrize(
    "members, ballots, problem",
    [
        (["a", "a"], [], "stands twice among the members"),
        (["a"], [("a", "yes"), ("a", "no")], "stands twice among the ballots"),
        (["a"], [("b", "yes")], "voted but is not among the members"),
        (["a"], [("a", "maybe")], "is no position of plain"),
    ],
)
def test_ballots_that_cannot_be_counted_are_refused_by_member(members, ballots, problem):
    with pytest.raises(BadBallot, match=problem):
        tally(
            rule=rule_of(),
            members=[Member(name=n) for n in members],
            ballots=[Ballot(member=m, position=p) for m, p in ballots],
        )


@pytest.mark.parametrize("weights", [{}, {"votes": -1}])
def test_a_member_without_the_weight_that_a_rule_counts_is_refused(weights):
    with pytest.raises(BadBallot, match="it has no votes"):
        tally(rule=built_in_rule("imf-weighted"), members=[Member(name="a", weights=weights)], ballots=[])


def said(name, *counts, **how):
    rule = built_in_rule(name)
    return Speaker(rule).result(count(rule, *counts, **how))


def test_every_step_is_said_so_that_it_can_be_checked_with_a_pencil():
    assert said("unga-two-thirds", (96, "yes"), (41, "no"), (30, "abstain"), (26, "absent")) == [
        "All members: 96 yes, 41 no, 30 abstain, 26 absent.",
        "193 members. Half of 193 is 96½; more than that is needed, so 97. 167 (those present) is at least 97: this holds.",
        "96 yes and 41 no: 137 voting. Two thirds of 137 is 91⅓, so 92 are needed. 96 (yes) is at least 92: this holds.",
        "All that the rule asks holds: adopted.",
    ]


def test_a_test_in_the_bodys_own_words_is_said_in_them_first():
    assert said("unsc", (14, "yes"), (1, "no"), groups=("permanent",))[3] == (
        "No permanent member may vote no. None is allowed. 1 (no among Permanent members) is more than 0: this does not hold."
    )


def test_weights_and_tests_of_which_one_is_enough_are_said():
    assert said("eu-qmv-55-65", (15, "yes"), (5, "no"), weight=2)[3:] == [
        "All members, by population: 40. 65% of 40 is 26; at least that is needed. 30 (yes) is at least 26: this holds.",
        "Fewer than four members are not in favour. At most 3 are allowed. "
        "5 (no, abstain, present and absent) is more than 3: this does not hold.",
        "Those in favour stand for at least 65% of the population, or fewer than four members are not in favour. "
        "One of these is enough, and one holds.",
        "All that the rule asks holds: adopted.",
    ]


def test_what_follows_is_said_with_the_outcome():
    assert said("unga-simple-majority", (2, "yes"), (2, "no"))[-1] == (
        "As many are for as against. Not all that the rule asks holds: not adopted. Under the rule a second vote follows."
    )
    assert said("itu", (1, "yes"), (3, "abstain"))[-1].endswith("the matter is put off to a later meeting.")


@given(st.data(), NAMES)
def test_every_result_can_be_said_and_leaves_no_gap(data, name):
    rule = built_in_rule(name)
    members, ballots = ballots_of(rule, data.draw)
    result = tally(rule=rule, members=members, ballots=ballots)
    sentences = Speaker(rule).result(result)
    assert len(sentences) == len(result.steps)
    assert not any("{" in s or "  " in s or "()" in s or s.startswith((":", ",")) for s in sentences)
