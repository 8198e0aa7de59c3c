"""Who sees that a member needs something, and whose need it is: every circle, against every kind of reader."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.models import Need, Offer
from comity.platform.capacity.need_views import need_page, others_needs, own_needs
from comity.platform.capacity.needs import show_need, withdraw_need
from comity.platform.capacity.needs_seen import (
    is_possible_provider,
    need_card,
    need_cards,
    need_seen,
    needs_seen,
    providing_members,
)
from comity.platform.capacity.offers import withdraw_offer
from comity.platform.parties.models import Member
from comity.platform.record.chain import chain_of
from support.contributions import (
    a_person,
    commitment_between,
    draft_need,
    make_resource,
    open_need,
    open_offer,
    round_with,
)
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
NAMED, ANONYMOUS, HIDDEN = "with its member", "without its member", "not at all"
CANARY = "Canary Republic"


def sight(need, user, **more):
    """How a reader sees a need."""
    try:
        found = need_seen(slug=need.slug, user=user, **more)
    except NotFound:
        return HIDDEN
    return NAMED if need_card(need=found, user=user, language="en").member else ANONYMOUS


def readers():
    """One of each kind of reader of a need of m1 for which m2 has an offer."""
    return {
        "own": a_person("m1", "adviser"),
        "secretariat": account_with("secretariat"),
        "provider": a_person("m2"),
        "other": a_person("m3"),
        "chair": account_with("chair", body="assembly"),
        "reviewer": account_with("reviewer"),
        "nobody": AnonymousUser(),
    }


SIGHTS = {
    "draft": {"own": NAMED},
    "secretariat": {"own": NAMED, "secretariat": NAMED},
    "providers": {"own": NAMED, "secretariat": NAMED, "provider": ANONYMOUS},
    "public": dict.fromkeys(("own", "secretariat", "provider", "other", "chair", "reviewer", "nobody"), NAMED),
}


@pytest.mark.parametrize("shown_to", ["draft", "secretariat", "providers", "public"])
def test_every_reader_sees_of_a_need_what_its_member_chose(shown_to):
    open_offer("m2")
    need = draft_need(shown_to="public") if shown_to == "draft" else open_need(shown_to=shown_to)
    found = {who: sight(need, user) for who, user in readers().items()}
    assert found == {who: SIGHTS[shown_to].get(who, HIDDEN) for who in found}


def test_a_provider_is_who_has_an_open_offer_of_the_same_thing():
    need, provider = open_need(), a_person("m2")
    make_resource("hours", name="Computing", unit="GPU hour")
    open_offer("m2", resource="hours")
    offer = open_offer("m2", ends_on=timezone.now().date())
    assert (sight(need, provider), providing_members(user=provider, need=need)) == (ANONYMOUS, ("m2",))
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert sight(need, provider, now=tomorrow) == HIDDEN
    assert not is_possible_provider(user=provider, need=need, now=tomorrow)
    withdraw_offer(slug=offer.slug, by=SET_UP)
    assert sight(need, provider) == HIDDEN


def test_a_member_is_no_provider_of_its_own_need():
    need = open_need()
    open_offer("m1")
    assert not is_possible_provider(user=a_person("m1"), need=need)


def test_a_draft_of_an_offer_makes_no_provider():
    need, offer = open_need(), open_offer("m2")
    Offer.objects.filter(pk=offer.pk).update(state="draft", act=None, version=0, sent_at=None)
    assert sight(need, a_person("m2")) == HIDDEN


def test_a_need_that_was_withdrawn_is_gone_for_providers():
    need = open_need()
    open_offer("m2")
    withdraw_need(slug=need.slug, by=SET_UP)
    assert [sight(need, a_person(m)) for m in ("m1", "m2")] == [NAMED, HIDDEN]


@pytest.mark.parametrize(
    "shown_to,state,said,expected",
    [
        ("providers", "proposed", False, ANONYMOUS),
        ("secretariat", "proposed", False, HIDDEN),
        ("secretariat", "proposed", True, ANONYMOUS),
        ("secretariat", "agreed", True, NAMED),
        ("providers", "complete", True, NAMED),
        ("secretariat", "declined", True, HIDDEN),
    ],
)
def test_a_provider_learns_whose_need_it_is_once_both_have_agreed(shown_to, state, said, expected):
    need, offer = open_need(shown_to=shown_to), open_offer("m2")
    commitment_between(need, offer, state=state, **({"recipient_said_at": timezone.now()} if said else {}))
    Offer.objects.filter(pk=offer.pk).update(state="withdrawn", ended_at=timezone.now())
    if shown_to == "providers" and state == "proposed":
        Offer.objects.filter(pk=offer.pk).update(state="open", ended_at=None)
    assert sight(need, a_person("m2")) == expected
    assert sight(need, a_person("m3")) == HIDDEN


def test_a_chair_sees_what_its_own_round_decides_on_and_nothing_afterwards():
    need, chair = open_need(shown_to="secretariat"), account_with("chair", body="assembly")
    other = account_with("chair", body="oversight")
    held = round_with(needs=[need], frozen=False)
    assert sight(need, chair) == HIDDEN
    held.delete() if not held.needs.exists() else held.needs.all().delete()
    held = round_with(needs=[need])
    assert (sight(need, chair), sight(need, other)) == (NAMED, HIDDEN)
    held.cancelled_at = timezone.now()
    held.save()
    assert sight(need, chair) == HIDDEN


def everything_about(need, user):
    """All that selectors tell a reader of a need, as text."""
    try:
        page = dataclasses.asdict(need_page(slug=need.slug, user=user, language="en"))
    except NotFound:
        page = {}
    listed = [dataclasses.asdict(c) for c in need_cards(needs=others_needs(user=user), user=user, language="en")]
    own = [dataclasses.asdict(o) for o in own_needs(user=user, language="en")]
    chain = dataclasses.asdict(chain_of(reference=need.reference, user=user))
    chain.pop("reference")
    return json.dumps([page, listed, own, chain], default=str)


@pytest.mark.parametrize("shown_to,told", [("secretariat", ()), ("providers", ("provider",))])
def test_a_planted_name_and_title_reach_nobody_who_may_not_know(shown_to, told):
    open_offer("m2")
    need = open_need(shown_to=shown_to, titles={"en": "Canary title"}, purposes={"en": "Canary purpose"})
    Member.objects.filter(slug="m1").update(names={"en": CANARY})
    for who, user in readers().items():
        text = everything_about(need, user)
        if who in {"own", "secretariat"}:
            assert CANARY in text
            continue
        assert (CANARY in text, '"m1"' in text) == (False, False), who
        assert ("Canary title" in text) is (who in told), who
        assert (need.slug in text) is (who in told), who
        assert others_needs(user=user).count() == (1 if who in told else 0), who


def test_whose_needs_are_is_asked_once_for_a_whole_list(django_assert_max_num_queries):
    open_offer("m2")
    for member in ("m1", "m3", "m4"):
        for shown_to in ("providers", "public"):
            open_need(member, shown_to=shown_to)
    provider = a_person("m2")
    rows = list(needs_seen(user=provider))
    with django_assert_max_num_queries(3):
        cards = need_cards(needs=rows, user=provider, language="en")
    assert sorted(c.member for c in cards) == ["", "", "", "m1", "m3", "m4"]


def test_lists_put_what_is_wanted_first_and_choose_by_resource_language_and_state():
    make_resource("hours", name="Computing", unit="GPU hour")
    late = open_need("m1", shown_to="public", wanted_by=dt.date(2027, 6, 1), languages=["fr"])
    soon = open_need("m3", shown_to="public", wanted_by=dt.date(2027, 1, 1))
    never = open_need("m4", shown_to="public", resource="hours")
    ended = open_need("m4", shown_to="public")
    withdraw_need(slug=ended.slug, by=SET_UP)
    nobody = AnonymousUser()

    def slugs(**chosen):
        return [n.slug for n in others_needs(user=nobody, **chosen)]

    assert slugs() == [soon.slug, late.slug, never.slug]
    assert slugs(resource="hours") == [never.slug]
    assert slugs(tongue="ar") == [soon.slug, never.slug]
    assert slugs(state="ended") == [ended.slug]
    mine = [o.card.slug for o in own_needs(user=a_person("m1"), language="en")]
    assert mine == [late.slug]
    assert late.slug not in [n.slug for n in others_needs(user=a_person("m1"))]


def test_a_page_says_by_what_its_reader_sees_it():
    open_offer("m2")
    need = open_need(shown_to="public")
    found = {who: need_page(slug=need.slug, user=user, language="en").sees_as for who, user in readers().items()}
    assert found == {
        "own": "own",
        "secretariat": "secretariat",
        "provider": "provider",
        "other": "public",
        "chair": "public",
        "reviewer": "public",
        "nobody": "public",
    }
    show_need(slug=need.slug, shown_to="providers", by=SET_UP)
    assert need_page(slug=need.slug, user=a_person("m1"), language="en").was_public
    assert Need.objects.get(pk=need.pk).act.visibility == "delegation"
