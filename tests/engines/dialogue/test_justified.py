"""The short list: extended justified representation by brute force, a published example, and ties by id."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.engines.dialogue.justified import choose_short_list, find_unrepresented
from comity.errors import BadParameter
from support.dialogues import votes_of

APPROVALS = st.lists(st.frozensets(st.sampled_from("abcdef"), max_size=5), min_size=1, max_size=9)


def votes_from(approvals):
    # Everybody answered everything: what is not agreed with is rejected.
    return votes_of({f"p{i:02}": {s: 1 if s in mine else -1 for s in "abcdef"} for i, mine in enumerate(approvals)})


def violations(approvals, chosen, size):
    """Every (l, statements) on which a group large enough for l places agrees, none of whom agrees with l of the list."""
    found = []
    for places in range(1, size + 1):
        for jointly in combinations("abcdef", places):
            group = [mine for mine in approvals if set(jointly) <= mine and len(mine & set(chosen)) < places]
            if len(group) * size >= places * len(approvals):
                found.append((places, jointly))
    return found


@settings(max_examples=60, deadline=None)
@given(APPROVALS, st.integers(1, 4))
def test_every_cohesive_group_is_represented_as_it_deserves(approvals, size):
    found = choose_short_list(votes=votes_from(approvals), size=size)
    assert violations(approvals, found.statements, size) == []
    assert violations(approvals, found.statements[: found.bought], size) == []
    assert find_unrepresented(votes=votes_from(approvals), chosen=found.statements, size=size) == {}
    assert len(found.statements) == len(set(found.statements)) == min(size, len(set().union(*approvals)))


@given(APPROVALS, st.integers(1, 4), st.frozensets(st.sampled_from("abcdef"), max_size=4))
def test_the_check_is_that_of_the_definition(approvals, size, chosen):
    found = find_unrepresented(votes=votes_from(approvals), chosen=chosen, size=size)
    by_hand = [s for places, jointly in violations(approvals, chosen, size) if places == 1 for s in jointly]
    assert sorted(s for s in found if s not in chosen) == sorted(s for s in by_hand if s not in chosen)


def test_a_third_gets_a_third_where_counting_agreements_gives_it_nothing():
    approvals = [frozenset("abc")] * 6 + [frozenset("def")] * 3
    found = choose_short_list(votes=votes_from(approvals), size=3)
    assert sorted(found.statements) == ["a", "b", "d"]
    assert (found.represented, found.participants, found.bought) == (9, 9, 3)


def test_a_statement_taken_away_by_moderation_is_not_on_the_list():
    approvals = [frozenset("ab")] * 4
    assert choose_short_list(votes=votes_from(approvals), size=1, shown=["b"]).statements == ("b",)


def test_places_left_over_go_to_those_who_have_least():
    # Nobody but the first two agrees on anything: no one can buy alone, and the rest is filled one by one.
    approvals = [frozenset("a"), frozenset("a"), frozenset("b"), frozenset("c"), frozenset("d"), frozenset("e")]
    found = choose_short_list(votes=votes_from(approvals), size=2)
    assert (found.statements, found.bought) == (("a", "b"), 0)


def test_the_order_of_people_changes_nothing():
    chance = np.random.default_rng(4)
    approvals = [frozenset(s for s in "abcdef" if chance.random() < 0.4) for _ in range(40)]
    lists = {
        choose_short_list(votes=votes_from([approvals[i] for i in chance.permutation(40)]), size=3) for _ in range(8)
    }
    assert len(lists) == 1


def test_with_no_agreement_at_all_the_list_is_empty():
    assert choose_short_list(votes=votes_from([frozenset()]), size=2).statements == ()
    assert choose_short_list(votes=votes_of({}, ("s",)), size=2).participants == 0


def test_a_list_of_none_is_refused():
    with pytest.raises(BadParameter):
        choose_short_list(votes=votes_from([frozenset("a")]), size=0)
