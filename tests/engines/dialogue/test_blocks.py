"""Blocks of participants: all votes, each once, and the same outcome however many threads and in whatever order."""

import numpy as np
import pytest

from comity.engines.dialogue.blocks import ANSWERS, ROWS, code_answers, map_blocks, split_votes
from comity.engines.dialogue.groups import find_groups
from comity.engines.dialogue.votes import gather_votes

PEOPLE, STATEMENTS = ROWS * 2 + 500, 240


@pytest.fixture(scope="module")
def planted():
    """Twelve answers each of a crowd in two groups, over more statements than are solved at once."""
    chance = np.random.default_rng(4)
    held = chance.choice([-1, 1], (2, STATEMENTS))
    group = chance.integers(0, 2, PEOPLE)
    who = np.repeat(np.arange(PEOPLE), 12)
    what = chance.integers(0, STATEMENTS, len(who))
    _, once = np.unique(who * STATEMENTS + what, return_index=True)
    who, what = who[once], what[once]
    return who, what, held[group[who], what] * chance.choice([1, 1, 1, 1, 0, -1], len(who))


@pytest.fixture(scope="module")
def votes(planted):
    who, what, values = planted
    return gather_votes(participants=who, statements=what, values=values)


def test_blocks_hold_all_votes_each_once(votes):
    blocks = list(split_votes(votes=votes))
    assert len(blocks) == 3
    assert np.array_equal(np.concatenate([block.columns for block in blocks]), votes.columns)
    assert np.array_equal(np.concatenate([block.values for block in blocks]), votes.values)
    low, high = votes.starts[ROWS + 3], votes.starts[ROWS + 4]
    asked, given = votes.columns[low:high], votes.values[low:high]
    assert np.flatnonzero(blocks[1].mark()[3].toarray()[0]).tolist() == asked.tolist()
    for in_pairs in (False, True):
        row = blocks[1].choose(in_pairs=in_pairs)[3].toarray()[0]
        assert np.flatnonzero(row).tolist() == (asked * ANSWERS + given + 1).tolist()
        assert set(row.tolist()) == {0, 1}


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_what_blocks_give_comes_in_their_order(votes, threads):
    found = list(map_blocks(votes=votes, work=lambda block: block.rows.start, threads=threads))
    assert found == [0, ROWS, 2 * ROWS]


def test_answers_are_counted_by_statement(votes):
    total = sum(
        map_blocks(votes=votes, work=lambda b: np.bincount(code_answers(block=b), minlength=ANSWERS * STATEMENTS))
    ).reshape(-1, ANSWERS)
    for at, answer in enumerate((-1, 0, 1)):
        assert np.array_equal(total[:, at], np.bincount(votes.columns[votes.values == answer], minlength=STATEMENTS))


def test_a_refusal_in_a_block_is_raised(votes):
    def refuse(block):
        raise ValueError(block.rows.start)

    with pytest.raises(ValueError, match="0"):
        list(map_blocks(votes=votes, work=refuse))


def test_groups_of_several_blocks_do_not_depend_on_who_stands_in_which(planted, votes):
    who, what, values = planted
    found = find_groups(votes=votes)
    assert found.k == 2
    named = np.random.default_rng(5).permutation(PEOPLE)
    renamed = gather_votes(participants=named[who], statements=what, values=values)
    other = find_groups(votes=renamed)
    of = dict(zip(renamed.participants, other.labels.tolist(), strict=True))
    assert [of[str(named[int(name)])] for name in votes.participants] == found.labels.tolist()
    assert other.sizes == found.sizes
