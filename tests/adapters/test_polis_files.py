"""The files of Polis: each kind of bad row is named by file and number; what is written is read again to the same."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.adapters import polis_cells
from comity.adapters.polis_cells import guard_text, unguard_text
from comity.adapters.polis_files import (
    ABOUT,
    PolisComment,
    PolisVotes,
    demand_right_sign,
    gather_matrix,
    read_comments,
    read_comments_from,
    read_votes,
    read_votes_from,
)
from comity.adapters.polis_writing import comment_lines, participant_lines, vote_lines
from comity.errors import BadParameter, BadRow, BrokenFile, EmptyFile, FileTooLarge, PathNotFound

LONG = "timestamp,datetime,comment-id,voter-id,vote\n"
PLAIN = f"{LONG}1500,Mon,0,10,1\n1600,Mon,0,9,-1\n1700,Mon,12,9,0\n"
WIDE = "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,12\n"
COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"


def votes_of(text, **how):
    data = text if isinstance(text, bytes) else text.encode()
    return read_votes_from(source=io.BytesIO(data), file="v.csv", **how)


def comments_of(text):
    return read_comments_from(source=io.BytesIO(text.encode()), file="c.csv")


def rows(votes):
    times = [None] * len(votes.values) if votes.times is None else votes.times.tolist()
    who, what = (
        [ids[i] for i in at.tolist()] for ids, at in ((votes.participants, votes.who), (votes.statements, votes.what))
    )
    return list(zip(times, what, who, votes.values.tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("Mon", "понедельник"),
        PLAIN.replace("Mon", '"Mon, the ""first"""'),
        PLAIN.replace("Mon", '"Mon\n17"'),
        PLAIN.replace(",12,9,", ", 12 ,9,"),
        PLAIN + "\n",
    ],
    ids=["plain", "no last line end", "crlf", "mark", "letters", "quotes", "line ends inside", "spaces", "empty line"],
)
def test_votes_are_the_same_in_every_form_of_csv(text):
    votes = votes_of(text)
    assert (votes.participants, votes.statements) == (("10", "9"), ("0", "12"))
    assert rows(votes) == [(1500, "0", "10", 1), (1600, "0", "9", -1), (1700, "12", "9", 0)]


def test_columns_are_found_by_name_in_any_order_and_times_may_be_missing():
    votes = votes_of("vote,voter-id,comment-id\n1,p7,s 3\n-1,07,s 3\n")
    assert rows(votes) == [(None, "s 3", "p7", 1), (None, "s 3", "07", -1)]
    assert votes.times is None


def test_the_matrix_holds_the_latest_vote_under_the_ids_of_the_file():
    matrix = gather_matrix(votes=votes_of(PLAIN + "1800,Mon,0,9,1\n1,Mon,12,10,-1\n"))
    assert (matrix.participants, matrix.statements) == (("10", "9"), ("0", "12"))
    assert (matrix.starts.tolist(), matrix.columns.tolist(), matrix.values.tolist()) == (
        [0, 2, 4],
        [0, 1, 0, 1],
        [1, -1, 1, 0],
    )
    empty = gather_matrix(votes=votes_of(WIDE + "7,,,,,,,,\n"))
    assert (empty.participants, empty.statements, empty.starts.tolist()) == ((), (), [0])


def test_an_id_with_a_leading_zero_is_another_one():
    assert votes_of(LONG + "1,x,0,07,1\n2,x,0,7,1\n").participants == ("07", "7")


def test_the_wide_file_gives_groups_regions_and_participants_without_a_vote():
    votes = votes_of(WIDE.replace("xid", "region") + "7,Asia,1,2,1,1,0,1,\n8,,,0,0,0,0,,\n")
    assert rows(votes) == [(None, "0", "7", 1)]
    assert (votes.participants, votes.statements) == (("7", "8"), ("0", "12"))
    assert (dict(votes.groups), dict(votes.regions), dict(votes.written)) == ({"7": 1}, {"7": "Asia"}, {"7": 2, "8": 0})


def test_agree_can_be_said_to_be_minus_one():
    assert [v for *_, v in rows(votes_of(PLAIN, agree_is=-1))] == [-1, 1, 0]
    with pytest.raises(BadParameter):
        votes_of(PLAIN, agree_is=2)


def test_counts_that_fit_only_the_other_way_round_are_refused():
    comments = comments_of(COMMENTS + "1,x,0,1,5,1,1,A\n1,x,12,1,0,9,1,B\n")
    text = LONG + "".join(f"1,x,0,{i},-1\n1,x,12,{i},1\n" for i in range(5))
    with pytest.raises(BadParameter, match="2 of 2 times only the other way round"):
        demand_right_sign(votes=votes_of(text), comments=comments, file="v.csv")
    demand_right_sign(votes=votes_of(text, agree_is=-1), comments=comments, file="v.csv")
    with pytest.raises(BadParameter):
        demand_right_sign(votes=votes_of(WIDE + "7,,1,2,2,2,0,-1,-1\n"), comments=(), file="v.csv")
    demand_right_sign(votes=votes_of(PLAIN), comments=(), file="v.csv")


@pytest.mark.parametrize(
    "text, row, problem",
    [
        ("a,b\n1,2\n", 1, "the columns are a,b; they must be"),
        ("comment-id,vote\n1,1\n", 1, "they must be timestamp,datetime,comment-id,voter-id,vote"),
        (LONG.replace("datetime", "vote") + "1,1,1,1,1\n", 1, 'the column "vote" stands twice'),
        (LONG.replace("datetime", "") + "1,1,1,1,1\n", 1, "names of 1 to 60 characters"),
        (PLAIN + "1,Mon,3,4,2\n", 5, 'vote is "2"; a vote is 1 (agree), 0 (pass) or -1 (disagree)'),
        (PLAIN + "1,Mon,3,4,\n", 5, 'vote is ""'),
        (PLAIN + "1,Mon,3,4,yes\n", 5, 'vote is "yes"'),
        (PLAIN + "1,Mon,3,4\n", 5, "4 columns; the header names 5"),
        (PLAIN + "1,Mon,3,4,1,1\n", 5, "6 columns"),
        (PLAIN + "1,Mon,,4,1\n", 5, "comment-id is empty"),
        (PLAIN + "1,Mon,3, ,1\n", 5, "voter-id is empty"),
        (PLAIN + f"1,Mon,3,{'p' * 61},1\n", 5, "voter-id has 61 characters"),
        (PLAIN + "noon,Mon,3,4,1\n", 5, 'timestamp is "noon"'),
        (PLAIN + ",Mon,3,4,1\n", 5, "timestamp is empty"),
        (PLAIN + '1,"Mon,3,4,1\n', 5, "check the quotation marks"),
        (PLAIN.encode() + b"1,M\xe4rz,3,4,1\n", 5, "not UTF-8"),
        (WIDE + "7,,1,2,1,1,0,1\n", 2, "8 columns; the header names 9"),
        (WIDE + "7,,1,2,1,1,0,1,\n7,,1,2,1,1,0,1,\n", 3, 'the participant "7" stands twice'),
        (WIDE + "7,,1,2,1,1,0,1,maybe\n", 2, '12 is "maybe"; a vote is'),
        (WIDE + "7,,one,2,1,1,0,1,\n", 2, 'group-id is "one"; it must be a whole number'),
        (WIDE.replace("xid", "region") + f"7,{'x' * 61},,,,,,1,\n", 2, "region has 61 characters"),
        (WIDE.replace(",0,12", "") + "7,,1,2,1,1,0\n", 1, "no column is a statement"),
    ],
)
def test_a_bad_row_of_votes_is_named(text, row, problem):
    with pytest.raises(BadRow) as refused:
        votes_of(text)
    assert (refused.value.data["file"], refused.value.data["row"]) == ("v.csv", row)
    assert problem in refused.value.data["problem"]


@pytest.mark.parametrize(
    "text, row, problem",
    [
        ("comment-id\n1\n", 1, "they must be timestamp,datetime,comment-id,author-id"),
        (COMMENTS + '1,x,0,1,1,1,1,"A\nB"\n1,x,0,1,1,1,1,C\n', 4, 'the comment-id "0" stands twice'),
        (COMMENTS + "1,x,0,1,1,1,2,A\n", 2, 'moderated is "2"'),
        (COMMENTS + "1,x,0,1,1,1,1, \n", 2, "comment-body is empty"),
        (COMMENTS + f"1,x,0,1,1,1,1,{'x' * 10_001}\n", 2, "10001 characters"),
        (COMMENTS + "1,x,0,1,some,1,1,A\n", 2, 'agrees is "some"'),
    ],
)
def test_a_bad_row_of_comments_is_named(text, row, problem):
    with pytest.raises(BadRow) as refused:
        comments_of(text)
    assert (refused.value.data["file"], refused.value.data["row"]) == ("c.csv", row)
    assert problem in refused.value.data["problem"]


@pytest.mark.parametrize(
    "data, error, said",
    [
        (b"", EmptyFile, "is empty"),
        (b" \r\n\n", EmptyFile, "is empty"),
        (b"PK\x03\x04rest of a workbook", BrokenFile, "save the sheet as CSV"),
        (PLAIN.encode("utf-16"), BrokenFile, "zero bytes"),
    ],
)
def test_what_is_no_csv_says_what_it_is(data, error, said):
    with pytest.raises(error, match=said):
        votes_of(data)


def test_a_path_that_is_not_there_and_a_file_over_the_limit_are_refused(tmp_path, monkeypatch):
    with pytest.raises(PathNotFound):
        read_votes(path=tmp_path / "none.csv")
    (tmp_path / "c.csv").write_text(COMMENTS, encoding="utf-8")
    assert read_comments(path=tmp_path / "c.csv") == ()
    monkeypatch.setattr(polis_cells, "MOST_MEGABYTES", 0)
    with pytest.raises(FileTooLarge):
        read_comments(path=tmp_path / "c.csv")


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
ID = st.one_of(st.integers(0, 30).map(str), TEXT.map(str.strip)).filter(
    lambda t: t and t not in ABOUT and t == t.strip()
)


@st.composite
def conversations(draw):
    """Votes in a random order, several in a cell, with or without times; every participant and statement has one."""
    times = draw(st.booleans())
    cells = draw(st.lists(st.tuples(ID, ID, st.sampled_from([-1, 0, 1])), min_size=1, max_size=20))
    people, statements = (tuple(sorted({c[i] for c in cells})) for i in (0, 1))
    return PolisVotes(
        participants=people,
        statements=statements,
        who=np.array([people.index(c[0]) for c in cells], dtype=np.int32),
        what=np.array([statements.index(c[1]) for c in cells], dtype=np.int32),
        values=np.array([c[2] for c in cells], dtype=np.int8),
        times=np.array(draw(st.permutations(range(len(cells)))), dtype=np.int64) if times else None,
        groups=dict.fromkeys(people[::2], 1),
        regions={p: r.strip() for p, r in zip(people, draw(st.lists(TEXT, max_size=3)), strict=False) if r.strip()},
        written=dict.fromkeys(people[1::2], 3),
    )


@settings(max_examples=60, deadline=None)
@given(conversations())
def test_votes_that_are_written_are_read_again_to_the_same(votes):
    again = votes_of("".join(vote_lines(votes=votes)))
    assert rows(again) == rows(votes)
    assert (again.participants, again.statements) == (votes.participants, votes.statements)


@settings(max_examples=60, deadline=None)
@given(conversations())
def test_participants_that_are_written_are_read_again_to_the_same(votes):
    again = votes_of("".join(participant_lines(votes=votes)))
    in_time = sorted(rows(votes), key=lambda r: r[0] or 0)
    latest = {(who, what): value for _, what, who, value in in_time}
    assert {(who, what): value for _, what, who, value in rows(again)} == latest
    assert (again.participants, again.statements) == (votes.participants, votes.statements)
    assert (again.groups, again.regions, again.written) == (votes.groups, votes.regions, votes.written)
    assert {p: a for p, (a, _) in again.counts.items()} == {
        p: sum(v == 1 for (who, _), v in latest.items() if who == p) for p in votes.participants
    }


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            PolisComment,
            id=ID,
            text=TEXT.filter(str.strip),
            author=TEXT.map(str.strip),
            moderated=st.sampled_from([-1, 0, 1]),
            agrees=st.none() | st.integers(0, 99),
            disagrees=st.none() | st.integers(0, 99),
            time=st.none() | st.integers(0, 10**13),
        ),
        unique_by=lambda c: c.id,
        max_size=6,
    )
)
def test_comments_that_are_written_are_read_again_to_the_same(comments):
    assert list(comments_of("".join(comment_lines(comments=comments)))) == comments


@given(TEXT)
def test_no_guarded_text_begins_like_a_formula_and_none_is_lost(text):
    guarded = guard_text(text)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguard_text(guarded) == text
