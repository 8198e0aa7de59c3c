"""Ballots and members from CSV: how they are spelt, which groups and weights they have, and each row that is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from comity.adapters.ballot_files import read_rolls
from comity.adapters.rule_files import built_in_rule
from comity.engines.decisions.tally import tally
from comity.errors import BadRow, BrokenFile, EmptyFile, PathNotFound


@pytest.fixture
def rolls(tmp_path):
    def read(rule, ballots, members=None):
        (tmp_path / "b.csv").write_bytes(ballots if isinstance(ballots, bytes) else ballots.encode())
        if members is not None:
            (tmp_path / "m.csv").write_text(members, encoding="utf-8")
        path = None if members is None else tmp_path / "m.csv"
        return read_rolls(rule=built_in_rule(rule), ballots=tmp_path / "b.csv", members=path)

    return read


def refusal(rolls, *files):
    with pytest.raises(BadRow) as caught:
        rolls(*files)
    return str(caught.value)


def test_positions_are_read_however_they_are_spelt(rolls):
    found = rolls("unga-two-thirds", "\ufeffMember,Vote\r\nA,Yes\r\nB, AGAINST \r\nC,Abstention\r\nD,in  favour\r\n")
    assert [b.position for b in found.ballots] == ["yes", "no", "abstain", "yes"]


def test_a_member_that_is_listed_and_did_not_vote_is_absent(rolls):
    found = rolls("unga-simple-majority", "member,vote\nA,yes\n", "member\nA\nB\nC\n")
    result = tally(rule=built_in_rule("unga-simple-majority"), members=found.members, ballots=found.ballots)
    assert (result.outcome, result.total("absent")) == ("not valid", 2)


def test_weights_are_exact_and_found_under_another_name(rolls):
    found = rolls("eu-qmv-55-65", "member,vote\nDE,yes\nFR,no\n", "member,pct_of_union_population\nDE,18.49\nFR,1/3\n")
    assert [m.weights["population"] for m in found.members] == [Fraction(1849, 100), Fraction(1, 3)]


def test_weights_may_stand_beside_the_votes(rolls):
    found = rolls("imf-weighted", "member,vote,weight\nA,yes,3\nB,no,2\n")
    assert [m.weights["votes"] for m in found.members] == [3, 2]


def test_weights_that_a_rule_does_not_use_are_said_to_be_unused(rolls):
    assert rolls("unga-two-thirds", "member,vote,weight\nA,yes,3\n").unused
    assert not rolls("imf-weighted", "member,vote,weight\nA,yes,3\n").unused


def test_groups_are_read_from_their_column(rolls):
    found = rolls("montreal-double", "member,vote,group\nA,yes,A5\nB,no,Non-Article-5\n")
    assert [sorted(m.groups) for m in found.members] == [["article-5"], ["other"]]


def test_permanent_members_are_known_by_their_codes_and_names(rolls):
    found = rolls("unsc", "member,vote\nCHN,no\nfr,yes\nUnited Kingdom,yes\nDE,yes\n")
    assert [sorted(m.groups) for m in found.members] == [["permanent"]] * 3 + [["elected"]]


def test_a_group_that_is_written_stands_before_a_code_that_is_known(rolls):
    found = rolls("unsc", "member,vote,group\nFR,no,elected\nXX,yes,P5\nCN,yes,\n")
    assert [sorted(m.groups) for m in found.members] == [["elected"], ["permanent"], ["permanent"]]


def test_where_nobody_is_given_a_group_all_are_p_members(rolls):
    found = rolls("iso-dis", "member,vote\nA,yes\n")
    assert found.members[0].groups == {"p-member"}


def test_a_negative_vote_is_reasoned_where_any_column_of_reasons_says_so(rolls):
    found = rolls("iso-dis", "member,vote,group,reason\nA,no,P,clause 4\nB,no,P, \n")
    assert [b.reasoned for b in found.ballots] == [True, False]
    assert rolls("iso-dis", "member,vote\nA,no\n").ballots[0].reasoned is None


@pytest.mark.parametrize(
    "rule, ballots, members, said",
    [
        (
            "unga-two-thirds",
            "member,vote\nA,perhaps\n",
            None,
            'b.csv, row 2: vote is "perhaps"; under this rule it is one of yes',
        ),
        ("unga-two-thirds", "member,vote\nA,\n", None, "row 2: vote is"),
        ("unga-two-thirds", "member,vote\nA,yes\nA,no\n", None, "row 3: A stands in row 2 already"),
        ("unga-two-thirds", "member,vote\n ,yes\n", None, "row 2: member is empty"),
        ("unga-two-thirds", "member,vote\nA\n", None, "row 2: 1 columns; the header names 2"),
        ("unga-two-thirds", "member,vote\n", None, "no row below the header"),
        ("unga-two-thirds", "country,vote\nA,yes\n", None, "must be member and vote"),
        ("unga-two-thirds", "member,vote,vote\nA,yes,no\n", None, "stands twice"),
        ("unga-two-thirds", "member,vote,Vote\nA,yes,no\n", None, "each once"),
        ("unga-two-thirds", "member,vote\nA,yes\nB,no\n", "member\nA\n", "row 3: B is not among the members in m.csv"),
        ("unga-two-thirds", "member,vote\nA,yes\n", "member\nA\nA\n", "m.csv, row 3: A stands in row 2 already"),
        ("montreal-double", "member,vote\nA,yes\n", None, "add a column group with one of article-5, other"),
        ("montreal-double", "member,vote,group\nA,yes,third\n", None, 'row 2: group is "third"'),
        ("montreal-double", "member,vote,group\nA,yes,\n", None, "row 2: group is empty"),
        ("eu-qmv-55-65", "member,vote\nA,yes\n", None, "add a column population"),
        ("eu-qmv-55-65", "member,vote\nA,yes\n", "member,population\nA,many\n", 'm.csv, row 2: population is "many"'),
        ("eu-qmv-55-65", "member,vote,population\nA,yes,-3\n", None, 'row 2: population is "-3"'),
        ("eu-qmv-55-65", "member,vote,population\nA,yes,1e9\n", None, 'row 2: population is "1e9"'),
        ("eu-qmv-55-65", "member,vote,population\nA,yes,NaN\n", None, 'row 2: population is "NaN"'),
        ("eu-qmv-55-65", 'member,vote,population\nA,yes,"1,000"\n', None, 'row 2: population is "1,000"'),
        ("eu-qmv-55-65", "member,vote,weight\nA,yes,3\n", "member,weight\nA,4\n", 'weight is "3", but "4" in m.csv'),
        ("unga-two-thirds", b"member,vote\nA,\xff\n", None, "row 2: not UTF-8"),
        ("unga-two-thirds", 'member,vote\nA,"yes\n', None, "check the quotation marks"),
        (
            "blocking-positions",
            "member,vote\nA,present\n",
            None,
            "one of yes, no objection, discuss, abstain, recuse, absent",
        ),
    ],
)
def test_each_row_that_cannot_be_counted_is_named_with_what_it_should_be(rolls, rule, ballots, members, said):
    assert said in refusal(rolls, rule, ballots, members)


@pytest.mark.parametrize(
    "data, kind", [(b"", EmptyFile), (b"PK\x03\x04", BrokenFile), (b"member,vote\nA,\0\n", BrokenFile)]
)
def test_files_that_are_no_csv_are_refused(rolls, data, kind):
    with pytest.raises(kind):
        rolls("unga-two-thirds", data)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PathNotFound):
        read_rolls(rule=built_in_rule("unsc"), ballots=tmp_path / "none.csv")
