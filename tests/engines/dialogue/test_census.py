"""A census: bounds by what is missing, never an interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.dialogue.census import census_bounds
from comity.errors import BadParameter


@pytest.mark.parametrize(
    "agree, said", [(104, (93, 96, 54)), (84, (75, 85, 44)), (100, (89, 94, 52)), (62, (55, 74, 32))]
)
def test_the_bounds_of_112_of_193_members(agree, said):
    found = census_bounds(agree=agree, heard=112, members=193)
    assert (round(100 * found.share), round(100 * found.high), round(100 * found.low)) == said
    assert found.unheard == 81


@given(
    st.integers(1, 200).flatmap(
        lambda m: st.integers(0, m).flatmap(lambda h: st.tuples(st.just(m), st.just(h), st.integers(0, h)))
    )
)
def test_the_share_of_all_lies_within_whatever_the_others_say(numbers):
    members, heard, agree = numbers
    found = census_bounds(agree=agree, heard=heard, members=members)
    for others in range(members - heard + 1):
        assert found.low <= (agree + others) / members <= found.high
    assert found.share is None if heard == 0 else found.share == agree / heard
    if heard == members:
        assert found.low == found.share == found.high


@pytest.mark.parametrize("agree, heard, members", [(2, 1, 5), (1, 6, 5), (-1, 3, 5), (0, 0, 0)])
def test_numbers_that_contradict_one_another_are_refused(agree, heard, members):
    with pytest.raises(BadParameter):
        census_bounds(agree=agree, heard=heard, members=members)
