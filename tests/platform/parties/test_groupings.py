"""Members are in groups by the country data, or by what is written of a member that is no country."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.errors import BadParameter
from comity.platform.parties.bodies import enter_member
from comity.platform.parties.groupings import groups_of_member
from comity.platform.parties.rules import Installation

DAY = dt.date(2026, 11, 1)


def enter(**more):
    return enter_member(names={"en": "A"}, by=Installation(), **more)


@pytest.mark.django_db
def test_a_country_is_in_the_groups_of_its_data_and_in_its_regional_group():
    found = groups_of_member(member=enter(slug="npl", country="NPL", region="asia-pacific"), on=DAY)
    assert {"AP", "LDC", "LLDC", "UN"} <= found
    assert "SIDS" not in found


@pytest.mark.django_db
def test_a_member_without_a_country_is_in_what_it_says_and_may_be_in_none():
    assert groups_of_member(member=enter(slug="m1", region="africa", groups=["SIDS", "LDC"]), on=DAY) == {
        "AFR",
        "LDC",
        "SIDS",
    }
    assert groups_of_member(member=enter(slug="m2", region="our own word"), on=DAY) == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{"groups": ["RICH"]}, {"groups": ["LDC"], "country": "NPL"}, {"groups": [3]}])
def test_a_group_that_is_not_known_or_not_ours_to_say_is_refused(given):
    with pytest.raises(BadParameter):
        enter(slug="m3", **given)
