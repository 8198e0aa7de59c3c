"""Needs that are not public in a round: nothing of one that is for the secretariat alone reaches anyone else, by any way."""

from __future__ import annotations

import json
import zlib

import pytest
from django.utils import timezone

from comity.adapters.allocation_files import digest_files
from comity.errors import NotFound
from comity.platform.capacity.challenges import challenge_allocation
from comity.platform.capacity.commitments import agree_to_commitment, decline_commitment
from comity.platform.capacity.commitments_seen import commitments_seen
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.exclusions import exclude_members
from comity.platform.capacity.models import Commitment, Round
from comity.platform.capacity.round_explaining import shares_of_need
from comity.platform.capacity.round_views import round_view
from comity.platform.parties.models import Member
from comity.platform.record.models import Act
from support.parties import SET_UP, account_with
from support.rounds import (
    code_of,
    deciding,
    end_challenges,
    frozen,
    make_need,
    make_offer,
    make_resource,
    published,
)

pytestmark = pytest.mark.django_db
CANARY = "Canary of the shadow cabinet"


@pytest.fixture(autouse=True)
def _body():
    make_resource()


def told(**among) -> str:
    """All that public acts say, and their payloads."""
    acts = Act.objects.filter(visibility="public", **among)
    return "".join(json.dumps(a.content) + zlib.decompress(a.payload).decode() for a in acts)


def test_a_need_for_possible_providers_stands_in_open_tables_under_a_code_without_its_member():
    need, open_one = make_need("m1", 77, shown_to="providers", title=CANARY), make_need("m2", 50)
    make_offer("union", 100)
    made = published()
    code = code_of(made, need)
    assert made.tables["closed"] is False
    assert f"{code},{code} (member not shown),days,77,1\n" in made.tables["files"]["needs.csv"]
    assert f"{code_of(made, open_one)},m2,days,50,1\n" in made.tables["files"]["needs.csv"]
    for words in (CANARY, need.slug, "m1"):
        assert words not in told(subject=made.reference)


@pytest.mark.parametrize("alike", ["need", "member"])
def test_a_need_for_the_secretariat_alone_closes_the_tables_and_no_public_act_tells_of_it(alike):
    hidden, open_one = make_need("m1", 7654321, shown_to="secretariat", title=CANARY), make_need("m2", 50)
    make_offer("m3", 100)
    made = deciding(alike=alike)
    confirm_round(slug=made.slug, by=SET_UP)
    assert Commitment.objects.count() == 2
    held = Commitment.objects.get(need=hidden)
    agree_to_commitment(slug=held.slug, side="recipient", by=SET_UP)
    agree_to_commitment(slug=held.slug, side="provider", by=SET_UP)
    assert made.tables["closed"] is True
    said = told()
    for words in (CANARY, hidden.slug, held.slug, "7654321", "needs.csv", "allocation.csv", code_of(made, open_one)):
        assert words not in said, words


def test_the_digest_of_closed_tables_is_salted_and_so_cannot_be_tried_out():
    make_need("m1", 77, shown_to="secretariat")
    make_offer("m3", 100)
    made = published()
    files = made.tables["files"]
    assert digest_files(files) != made.input_sha256
    assert digest_files({**files, "salt.txt": made.tables["salt"]}) == made.input_sha256
    assert made.tables["salt"] not in told()
    results = {n: t for n, t in made.allocation.explanation["files"].items() if n != "explanation.json"}
    assert digest_files(results) != made.allocation.result_sha256


@pytest.mark.parametrize(
    "opened, offered",
    [
        ({"alike": "member"}, {}),
        ({}, {"per_member": 50}),
        ({"rules": {"weights": [{"group": "islands", "weight": "2", "rule": "Decision 7"}]}}, {}),
        ({"rules": {"priority": [{"group": "islands", "priority": 1, "rule": "Decision 7"}]}}, {}),
        ({}, {"to_groups": ["islands"]}),
    ],
)
def test_tables_that_would_point_to_whose_a_hidden_need_is_are_closed(opened, offered):
    Member.objects.filter(slug="m1").update(region="islands")
    make_need("m1", 77, shown_to="providers")
    make_need("m2", 50)
    make_offer("m3", 100)
    make_offer("m3", 20, **offered)
    assert frozen(**opened).tables["closed"] is True


@pytest.mark.parametrize("member, other", [("m1", "m3"), ("m3", "m1")])
def test_who_works_not_with_a_member_does_not_learn_by_that_whose_a_hidden_need_is(member, other):
    """A provider that excludes one member alone would know it by the one need that does not meet its offer."""
    make_need("m1", 77, shown_to="providers")
    make_need("m2", 50)
    make_offer("m3", 100)
    make_offer("union", 100)
    exclude_members(member=member, body="assembly", others=[other], by=SET_UP)
    assert frozen().tables["closed"] is True


def test_a_provider_is_not_told_of_closed_tables_what_a_need_that_it_cannot_place_received():
    need, open_one = make_need("m1", 40, shown_to="providers"), make_need("m2", 50)
    make_offer("m3", 100)
    make_offer("union", 100)
    exclude_members(member="m3", body="assembly", others=["m1"], by=SET_UP)
    made = published()
    provider, owner = account_with("head", member="m3"), account_with("head", member="m1")
    seen = {r.slug: r for r in round_view(slug=made.slug, user=provider, language="en").rows.needs}
    assert (seen[need.slug].received, seen[need.slug].draws, seen[need.slug].asked) == (None, (), 40)
    assert seen[open_one.slug].received == 50
    assert shares_of_need(slug=need.slug, user=provider, language="en") == ()
    assert [s.row.received for s in shares_of_need(slug=need.slug, user=owner, language="en")] == [40]


def test_members_that_do_not_work_together_and_ask_publicly_leave_the_tables_open():
    make_need("m1", 77, shown_to="providers")
    make_need("m2", 50)
    make_offer("m3", 100)
    make_offer("union", 100)
    exclude_members(member="m3", body="assembly", others=["m2"], by=SET_UP)
    assert frozen().tables["closed"] is False


def test_a_member_that_cannot_draw_on_its_own_offer_is_not_pointed_to_by_that():
    make_need("m1", 77, shown_to="providers")
    make_offer("m1", 30)
    make_offer("m3", 100)
    assert frozen().tables["closed"] is True


def test_a_round_with_an_offer_for_members_shows_its_tables_to_members_alone():
    make_need("m1", 77)
    make_offer("m3", 4321, visibility="members")
    made = published()
    assert {a.type: a.visibility for a in Act.objects.filter(subject=made.reference)} == {
        "open-round": "public",
        "freeze-round": "members",
        "publish-allocation": "members",
    }
    assert "4321" not in told()


def test_the_challenge_of_a_member_with_a_hidden_need_is_its_delegations_act():
    make_need("m1", 77, shown_to="providers")
    make_need("m2", 50)
    make_offer("m3", 100)
    made = published()
    for member in ("m1", "m2"):
        challenge_allocation(slug=made.slug, member=member, text="Look again.", language="en", by=SET_UP)
    found = {a.member: (a.visibility, a.audience) for a in Act.objects.filter(type="challenge-allocation")}
    assert found == {"m1": ("delegation", "delegation:m1"), "m2": ("public", "")}


def seen(user) -> list[str]:
    return sorted(commitments_seen(user=user).values_list("need__shown_to", flat=True))


def test_a_commitment_is_seen_by_both_sides_the_secretariat_and_of_a_public_need_by_all():
    for shown_to in ("secretariat", "providers", "public"):
        make_need("m1", 20, shown_to=shown_to)
    make_offer("m3", 60)
    made = deciding()
    confirm_round(slug=made.slug, by=SET_UP)
    provider = account_with("head", member="m3")
    assert seen(account_with("public")) == ["public"]
    assert seen(account_with("head", member="m2")) == ["public"]
    assert seen(account_with("head", member="m1")) == ["providers", "public", "secretariat"]
    assert seen(account_with("secretariat")) == ["providers", "public", "secretariat"]
    assert seen(provider) == ["providers", "public"]
    held = Commitment.objects.get(need__shown_to="secretariat")
    with pytest.raises(NotFound):
        agree_to_commitment(slug=held.slug, side="provider", by=provider)
    agree_to_commitment(slug=held.slug, side="recipient", by=SET_UP)
    assert seen(provider) == ["providers", "public", "secretariat"]


def test_a_provider_never_learns_of_what_was_declined_before_it_was_asked():
    make_need("m1", 20, shown_to="secretariat")
    make_offer("m3", 60)
    made = deciding()
    confirm_round(slug=made.slug, by=SET_UP)
    decline_commitment(slug=Commitment.objects.get().slug, side="recipient", by=SET_UP)
    assert seen(account_with("head", member="m3")) == []


def test_the_chair_sees_hidden_needs_while_the_round_is_decided_and_no_longer():
    from comity.platform.capacity.round_lookups import sees_all

    make_need("m1", 20, shown_to="secretariat")
    make_offer("m3", 60)
    chair, elsewhere = account_with("chair", body="assembly"), account_with("chair", body="other")
    made = published()
    now = timezone.now()
    assert [sees_all(round=made, user=u, now=now) for u in (chair, elsewhere)] == [True, False]
    end_challenges(made)
    confirm_round(slug=made.slug, by=SET_UP)
    assert not sees_all(round=Round.objects.get(), user=chair, now=timezone.now())
