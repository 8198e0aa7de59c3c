"""Each rule that comes with Comity at the points where its source draws a line."""

from __future__ import annotations

import pytest

from comity.adapters.rule_files import built_in_names, built_in_rule
from comity.engines.decisions.tally import Ballot, Member, tally
from support.rules import count

P5 = ("CN", "FR", "GB", "RU", "US")


def outcome(name, *said, **how):
    return count(built_in_rule(name), *said, **how).outcome


def in_groups(name, **said):
    """Tally ``group=[(number, position), ...]`` under a rule that counts groups apart."""
    members, ballots = [], []
    for group, counts in said.items():
        for number, position in counts:
            for _ in range(number):
                one = f"M{len(members)}"
                members.append(Member(name=one, groups=frozenset({group.replace("_", "-")})))
                ballots.append(Ballot(member=one, position=position))
    return tally(rule=built_in_rule(name), members=members, ballots=ballots)


def weighted(name, *said):
    """Tally members of (weight, position)."""
    rule = built_in_rule(name)
    weight = rule.weights[0].name
    members = [Member(name=f"M{n}", weights={weight: w}) for n, (w, _) in enumerate(said)]
    return tally(
        rule=rule, members=members, ballots=[Ballot(member=f"M{n}", position=p) for n, (_, p) in enumerate(said)]
    )


def test_those_that_the_issue_names_are_there_and_each_names_its_source():
    named = {
        "unga-simple-majority", "unga-two-thirds", "unsc", "consensus", "silence", "iso-dis", "eu-qmv-55-65", "eu-qmv-72-65",
        "montreal-double", "itu", "codex", "imf-weighted", "blocking-positions",
    }  # fmt: skip
    assert named <= set(built_in_names())
    assert all(len(built_in_rule(n).source) > 20 for n in built_in_names())


@pytest.mark.parametrize("present, expected", [(97, "adopted"), (96, "not valid")])
def test_the_general_assembly_decides_only_with_a_majority_present(present, expected):
    assert outcome("unga-simple-majority", (present, "yes"), (193 - present, "absent")) == expected


def test_presence_without_a_vote_counts_for_the_quorum_but_not_for_the_majority():
    result = count(built_in_rule("unga-two-thirds"), (20, "yes"), (10, "no"), (67, "present"), (96, "absent"))
    assert (result.outcome, result.required) == ("adopted", 20)


@pytest.mark.parametrize(
    "permanent, elected, expected",
    [
        ([(5, "yes")], [(4, "yes"), (6, "no")], "adopted"),
        ([(5, "yes")], [(3, "yes"), (7, "abstain")], "not adopted"),
        ([(4, "yes"), (1, "no")], [(10, "yes")], "not adopted"),
        ([(4, "yes"), (1, "abstain")], [(5, "yes"), (5, "no")], "adopted"),
        ([(4, "yes"), (1, "absent")], [(5, "yes"), (5, "no")], "adopted"),
        ([(5, "abstain")], [(9, "yes"), (1, "no")], "adopted"),
    ],
)
def test_the_security_council_asks_for_nine_and_no_permanent_member_against(permanent, elected, expected):
    assert in_groups("unsc", permanent=permanent, elected=elected).outcome == expected
    assert in_groups("unsc-procedure", permanent=permanent, elected=elected).total("yes") >= 0


def test_on_procedure_a_permanent_member_cannot_stand_in_the_way():
    assert in_groups("unsc-procedure", permanent=[(5, "no")], elected=[(9, "yes"), (1, "no")]).outcome == "adopted"


@pytest.mark.parametrize("name", ["consensus", "silence"])
@pytest.mark.parametrize(
    "said, expected",
    [
        ([(193, "absent")], "adopted"),
        ([(1, "no"), (192, "yes")], "not adopted"),
        ([(100, "abstain"), (93, "absent")], "adopted"),
    ],
)
def test_only_a_stated_objection_stands_in_the_way_of_consensus_and_silence(name, said, expected):
    result = count(built_in_rule(name), *said)
    assert (result.outcome, result.required) == (expected, None)


@pytest.mark.parametrize(
    "p_members, o_members, expected",
    [
        ([(20, "yes"), (10, "no")], [(10, "yes")], "adopted"),
        ([(19, "yes"), (10, "no")], [(11, "yes")], "not adopted"),
        ([(20, "yes"), (10, "no")], [(9, "yes")], "not adopted"),
        ([(20, "yes"), (10, "no without reasons")], [(30, "no without reasons")], "adopted"),
        ([(2, "yes"), (1, "no"), (40, "abstain")], [(1, "yes")], "adopted"),
    ],
)
def test_a_draft_of_the_iso_needs_two_thirds_of_p_members_and_at_most_a_quarter_against(p_members, o_members, expected):
    assert in_groups("iso-dis", p_member=p_members, o_member=o_members).outcome == expected


def test_a_negative_vote_without_reasons_is_left_out_and_one_whose_reasons_nobody_recorded_counts():
    rule = built_in_rule("iso-dis")
    members = [Member(name=n, groups=frozenset({"p-member"})) for n in "abc"]
    said = [("a", "yes", None), ("b", "yes", None), ("c", "no", False)]
    without = tally(rule=rule, members=members, ballots=[Ballot(member=m, position=p, reasoned=r) for m, p, r in said])
    unknown = tally(rule=rule, members=members, ballots=[Ballot(member=m, position=p) for m, p, _ in said])
    assert (without.outcome, without.total("no")) == ("adopted", 0)
    assert (unknown.outcome, unknown.total("no")) == ("not adopted", 1)


def test_three_members_cannot_block_in_the_council_of_the_european_union_and_four_can():
    small = [(1, "yes")] * 24
    three = weighted("eu-qmv-55-65", *small, *[(30, "no")] * 3)
    four = weighted("eu-qmv-55-65", *small[1:], *[(30, "no")] * 4)
    reinforced = weighted("eu-qmv-72-65", *small, *[(30, "no")] * 3)
    assert (three.outcome, four.outcome, reinforced.outcome) == ("adopted", "not adopted", "not adopted")


def test_in_the_council_an_abstention_is_not_in_favour():
    assert weighted("eu-qmv-55-65", *[(1, "yes")] * 14, *[(1, "abstain")] * 13).outcome == "not adopted"
    assert weighted("eu-qmv-72-65", *[(1, "yes")] * 20, *[(1, "abstain")] * 7).outcome == "adopted"
    assert weighted("eu-qmv-72-65", *[(1, "yes")] * 19, *[(1, "abstain")] * 8).outcome == "not adopted"


@pytest.mark.parametrize(
    "article_5, other, expected",
    [
        ([(100, "yes")], [(21, "yes"), (20, "no")], "adopted"),
        ([(100, "yes")], [(20, "yes"), (20, "no")], "not adopted"),
        ([(51, "yes"), (49, "no")], [(40, "yes")], "not adopted"),
        ([(55, "yes"), (45, "no")], [(40, "yes"), (90, "abstain")], "adopted"),
    ],
)
def test_the_montreal_protocol_asks_for_two_thirds_and_a_majority_on_both_sides(article_5, other, expected):
    members = {"article-5": article_5, "other": other}
    assert in_groups("montreal-double", **members).outcome == expected


@pytest.mark.parametrize(
    "said, expected, follows",
    [
        ([(30, "yes"), (20, "no"), (50, "abstain")], "adopted", "nothing"),
        ([(30, "yes"), (20, "no"), (51, "abstain")], "not valid", "postponed"),
        ([(25, "yes"), (25, "no"), (10, "abstain")], "not adopted", "nothing"),
    ],
)
def test_the_itu_puts_off_a_matter_when_more_than_half_abstain(said, expected, follows):
    result = count(built_in_rule("itu"), *said)
    assert (result.outcome, result.concluded.follows) == (expected, follows)


def test_codex_decides_by_a_majority_of_votes_cast_and_changes_its_rules_by_two_thirds():
    said = ((60, "yes"), (40, "no"), (20, "abstain"))
    assert (outcome("codex", *said), outcome("codex-rules", *said)) == ("adopted", "not adopted")


@pytest.mark.parametrize(
    "said, majority, seventy, eighty_five",
    [
        ([(51, "yes"), (34, "no"), (15, "absent")], "adopted", "not adopted", "not adopted"),
        ([(70, "yes"), (15, "no"), (15, "abstain")], "adopted", "adopted", "not adopted"),
        ([(85, "yes"), (14, "no"), (1, "no")], "adopted", "adopted", "adopted"),
        ([(40, "yes"), (20, "no"), (40, "absent")], "not valid", "not valid", "not valid"),
    ],
)
def test_weighted_votes_count_by_weight_and_need_two_thirds_of_it_present(said, majority, seventy, eighty_five):
    found = [weighted(f"imf-weighted{more}", *said).outcome for more in ("", "-70", "-85")]
    assert found == [majority, seventy, eighty_five]


@pytest.mark.parametrize(
    "said, expected",
    [
        ([(1, "yes"), (9, "no objection"), (5, "abstain")], "adopted"),
        ([(1, "yes"), (9, "no objection"), (6, "abstain")], "not adopted"),
        ([(10, "no objection"), (2, "abstain")], "not adopted"),
        ([(14, "yes"), (1, "discuss")], "not adopted"),
        ([(1, "yes"), (1, "no objection"), (1, "absent"), (20, "recuse")], "adopted"),
    ],
)
def test_a_blocking_position_holds_a_text_up_and_recusing_leaves_the_count(said, expected):
    assert outcome("blocking-positions", *said) == expected
