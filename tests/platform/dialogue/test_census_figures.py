"""The states' track: bounds as published, three attributions, and no member's answer that follows from what is shown."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.platform.dialogue.census_figures import MemberAnswer, census_figures, heard_by_region, say_agreement

CHATHAM, BY_GROUP, ATTRIBUTED = "chatham-house", "by-group", "attributed"
REGIONS = ("africa", "asia-pacific", "eastern-europe")


def body_of(*sizes):
    return {f"m{r}-{i}": REGIONS[r] for r, size in enumerate(sizes) for i in range(size)}


def figures_of(answers, regions, attribution, statements=(1,)):
    given = [MemberAnswer(m, s, v, is_provisional=p) for m, s, v, p in answers]
    return census_figures(answers=given, regions=regions, statements=list(statements), attribution=attribution)


@pytest.mark.parametrize(
    "agree, heard, share, high, low",
    [
        (104, 112, "93%", "96%", "54%"),
        (84, 112, "75%", "85%", "44%"),
        (100, 112, "89%", "94%", "52%"),
        (62, 112, "55%", "74%", "32%"),
    ],
)
def test_bounds_are_those_of_the_printed_example(agree, heard, share, high, low):
    found = say_agreement(agree=agree, heard=heard, members=193)
    assert [f"{found[k]:.0%}" for k in ("share", "if_all", "if_none")] == [share, high, low]


def test_a_member_that_awaits_instructions_or_left_the_body_is_not_heard():
    body = body_of(20)
    answers = [(m, 1, 1 if i < 8 else -1, False) for i, m in enumerate(list(body)[:15])]
    found = figures_of([*answers, ("gone", 1, 1, False)], body, CHATHAM)
    assert (found["members"], found["heard"]) == (20, 15)
    assert (found["statements"][0]["agree"], found["statements"][0]["heard"]) == (8, 15)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 20))
def test_under_the_chatham_house_rule_nobody_can_tell_one_answer(agree, rest, unheard):
    """With the others' answers known to nobody, several ways of having answered fit what is shown of at least five members."""
    members = agree + rest + unheard
    if not members:
        return
    found = say_agreement(agree=agree, heard=agree + rest, members=members)
    if found["said"] == "exact":
        assert min(agree, rest) >= 5
    elif found["said"] in {"nearly-all", "few"}:
        assert found["agree"] is None
        assert found["agree_most"] - found["agree_least"] == 4
        assert found["agree_least"] <= agree <= found["agree_most"]
    else:
        assert "agree" not in found
        assert "share" not in found


@pytest.mark.parametrize("heard", [5, 6, 7, 8])
def test_of_so_few_heard_that_all_agree_cannot_be_told_from_none(heard):
    every, none = (say_agreement(agree=agree, heard=heard, members=20) for agree in (heard, 0))
    assert every == none == {"said": "hidden", "heard": heard}


def test_that_all_agree_is_told_as_all_but_a_few():
    body = body_of(30)
    every = figures_of([(m, 1, 1, False) for m in body], body, CHATHAM)
    all_but_one = figures_of([(m, 1, -1 if i == 0 else 1, False) for i, m in enumerate(body)], body, CHATHAM)
    assert every == all_but_one


@pytest.mark.parametrize("attribution", [CHATHAM, BY_GROUP])
@pytest.mark.parametrize("who", ["m0-0", "m1-3", "m2-1"])
def test_another_answer_of_a_member_in_a_small_group_changes_nothing_that_is_shown_of_its_region(attribution, who):
    body = body_of(20, 20, 4)
    base = {m: (1 if i % 2 else -1) for i, m in enumerate(body)}
    shown = []
    for value in (1, -1, 0):
        answers = [(m, 1, value if m == who else v, False) for m, v in base.items()]
        row = figures_of(answers, body, attribution)["statements"][0]
        assert "answers" not in row
        region = {r["region"]: r for r in row.get("by_region", ())}.get(body[who])
        if region is not None and body[who] == "eastern-europe":
            shown.append(region)
    assert all(r["agree"] is None and r["share"] is None for r in shown)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=3))
def test_by_group_no_small_number_follows_from_the_total_and_the_groups_shown(parts):
    """Every world that shows the same is gone through: of each withheld group several numbers must fit."""
    body = body_of(*(a + b for a, b in parts))
    if not body:
        return
    answers = []
    for r, (agree, _rest) in enumerate(parts):
        mine = [m for m in body if body[m] == REGIONS[r]]
        answers += [(m, 1, 1 if i < agree else -1, False) for i, m in enumerate(mine)]
    row = figures_of(answers, body, BY_GROUP)["statements"][0]
    told = {r["region"]: r["agree"] for r in row["by_region"]}
    for region, agree in told.items():
        if agree is not None:
            number = parts[REGIONS.index(region)]
            assert min(number) >= 5
    hidden = [parts[REGIONS.index(r)] for r in told if told[r] is None]
    present = [p for p in hidden if sum(p)]
    if row.get("agree") is not None and present:
        assert sum(a for a, _ in present) >= 5
        assert sum(b for _, b in present) >= 5
        assert len(present) > 1 or min(present[0]) >= 5


def test_attributed_answers_stand_with_their_members_and_their_standing():
    body = body_of(3)
    found = figures_of([("m0-0", 1, 1, True), ("m0-1", 1, -1, False)], body, ATTRIBUTED)
    assert found["statements"][0]["answers"] == {"m0-0": [1, True], "m0-1": [-1, False]}
    assert found["statements"][0]["provisional"] == 1
    assert found["heard"] == 2


@pytest.mark.parametrize("attribution", [CHATHAM, BY_GROUP])
def test_no_member_is_named_where_answers_are_not_attributed(attribution):
    body = body_of(20, 20)
    answers = [(m, 1, (i % 3) - 1, i % 2 == 0) for i, m in enumerate(body)]
    assert not any(m in repr(figures_of(answers, body, attribution)) for m in body)


def test_provisional_answers_are_counted_and_told_where_they_are_five_or_more():
    body = body_of(30)
    for provisional, told in ((6, 6), (4, None), (0, None), (27, None)):
        answers = [(m, 1, 1 if i % 2 else -1, i < provisional) for i, m in enumerate(body)]
        assert figures_of(answers, body, CHATHAM)["statements"][0]["provisional"] == told


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=3))
def test_who_was_heard_is_told_by_region_only_where_neither_side_is_one_to_four(parts):
    body = body_of(*(a + b for a, b in parts))
    heard = {
        m for r, (a, _) in enumerate(parts) for i, m in enumerate(x for x in body if body[x] == REGIONS[r]) if i < a
    }
    rows = {r["region"]: r for r in heard_by_region(heard=heard, regions=body, is_open=False)}
    hidden = [r for r, row in rows.items() if row["heard"] is None]
    for region, row in rows.items():
        if row["heard"] is not None:
            assert row["heard"] + row["not_yet"] == row["members"]
            assert not 0 < row["heard"] < 5
            assert not 0 < row["not_yet"] < 5
        else:
            assert region in hidden
    assert len(hidden) != 1 or len(rows) == 1


def test_statements_are_by_number_whatever_the_order_of_answers():
    body = body_of(12)
    answers = [(m, s, 1, False) for m, s in product(body, (3, 1, 2))]
    one = figures_of(answers, body, CHATHAM, statements=(3, 1, 2))
    other = figures_of(answers[::-1], body, CHATHAM, statements=(1, 2, 3))
    assert one == other
    assert [row["statement"] for row in one["statements"]] == [1, 2, 3]
