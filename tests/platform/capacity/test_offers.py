"""What a member offers: prepared, cleared, made, changed, withdrawn, and who sees it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.lookups import open_offers
from comity.platform.capacity.models import Offer
from comity.platform.capacity.offer_views import offer_page, others_offers, own_offers
from comity.platform.capacity.offers import change_offer, make_offer, prepare_offer, withdraw_offer
from comity.platform.capacity.offers_seen import offer_card, offer_seen
from comity.platform.capacity.personal import contributions_of, forget_who_contributed
from comity.platform.capacity.prepared import clear_offer, desk_of, drop_offer, send_back_offer
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act
from support.contributions import a_person, draft_offer, make_resource, offer_given, open_offer, round_with
from support.parties import SET_UP, account_with, today

pytestmark = pytest.mark.django_db
ALL_TERMS = {
    "conditions": {"en": "Travel is paid by the recipient."},
    "per_member": 10,
    "indivisible": True,
    "to_groups": ["SIDS", "LDC"],
    "languages": ["fr", "en"],
    "begins_on": dt.date(2027, 1, 1),
    "ends_on": dt.date(2027, 6, 30),
    "licence": "CC-BY-4.0",
    "criteria": [{"code": "post", "names": {"en": "Holds a public post"}, "most": 10}],
    "apply_until": dt.datetime(2027, 2, 1, 18, tzinfo=dt.UTC),
}


def again(offer):
    return Offer.objects.select_related("body", "member", "resource", "prepared_by", "cleared_by").get(pk=offer.pk)


def desk(offer, user):
    return desk_of(row=again(offer), user=user)


def test_an_offer_is_prepared_cleared_and_made_by_three_persons():
    offer, head = draft_offer(by=a_person("m2", "adviser"), **ALL_TERMS), a_person("m2")
    capital = account_with("capital", member="m2")
    with pytest.raises(Conflict, match="not cleared"):
        make_offer(slug=offer.slug, by=head)
    clear_offer(slug=offer.slug, by=capital, on=desk(offer, capital).seen)
    assert [n.kind for n in needs_of(user=head)] == ["send-offer"]
    act = make_offer(slug=offer.slug, by=head, on=desk(offer, head).seen)
    made = again(offer)
    assert (made.state, made.version, act.type, act.visibility, act.member) == ("open", 1, "make-offer", "public", "m2")
    card = offer_card(offer=offer_seen(slug=offer.slug, user=AnonymousUser()), user=AnonymousUser(), language="fr")
    assert (card.units, card.per_member, card.to_groups, card.languages) == (60, 10, ("LDC", "SIDS"), ("en", "fr"))
    assert (card.criteria[0].name, card.title_language, card.member) == ("Holds a public post", "en", "m2")


def test_a_change_of_what_was_offered_waits_until_it_is_made():
    offer, head = open_offer("m2", **ALL_TERMS), a_person("m2")
    changed = {**ALL_TERMS, "per_member": None, "ends_on": dt.date(2027, 9, 30), "apply_until": None}
    change_offer(slug=offer.slug, by=head, **offer_given(units="40.5", **changed))
    assert again(offer).units == 60
    make_offer(slug=offer.slug, by=head)
    held = again(offer)
    assert (held.units, held.per_member, held.ends_on, held.apply_until, held.begins_on, held.pending) == (
        Decimal("40.5"),
        None,
        dt.date(2027, 9, 30),
        None,
        dt.date(2027, 1, 1),
        {},
    )
    with pytest.raises(Conflict, match="Nothing in it"):
        change_offer(slug=offer.slug, by=head, **offer_given(units="40.5", **changed))
    change_offer(slug=offer.slug, by=head, **offer_given(units=1))
    drop_offer(slug=offer.slug, by=head)
    with pytest.raises(Conflict, match="Nothing waits"):
        make_offer(slug=offer.slug, by=head)
    types = Act.objects.filter(subject=offer.reference).order_by("entered_at").values_list("type", flat=True)
    assert list(types) == ["make-offer", "change-offer"]


def test_an_offer_is_withdrawn_once_and_not_while_a_round_holds_it():
    offer, head = open_offer("m2"), a_person("m2")
    held = round_with(offers=[offer])
    for act in (
        lambda: withdraw_offer(slug=offer.slug, by=head),
        lambda: change_offer(slug=offer.slug, by=head, **offer_given(units=1)),
    ):
        with pytest.raises(Conflict, match="frozen"):
            act()
    held.cancelled_at = timezone.now()
    held.save()
    act = withdraw_offer(slug=offer.slug, by=head)
    assert (again(offer).state, act.type) == ("withdrawn", "withdraw-offer")
    with pytest.raises(Conflict):
        withdraw_offer(slug=offer.slug, by=head)


@pytest.mark.parametrize(
    "visibility,seers", [("public", {"m2", "m3", "office", "nobody"}), ("members", {"m2", "m3", "office"})]
)
def test_an_offer_is_seen_by_whom_it_is_made_to_and_a_draft_by_its_delegation(visibility, seers):
    users = {
        "m2": a_person("m2"),
        "m3": a_person("m3"),
        "office": account_with("secretariat"),
        "operator": account_with("operator"),
        "nobody": AnonymousUser(),
    }

    def who_sees(offer):
        found = set()
        for name, user in users.items():
            try:
                offer_page(slug=offer.slug, user=user, language="en")
                found.add(name)
            except NotFound:
                assert not others_offers(user=user).filter(pk=offer.pk).exists()
        return found

    offer = draft_offer("m2", visibility=visibility)
    assert who_sees(offer) == {"m2"}
    make_offer(slug=offer.slug, by=SET_UP)
    expected = seers | {"operator"} if visibility == "public" else seers
    assert who_sees(offer) == expected
    assert Act.objects.get(subject=offer.reference).visibility == visibility


def test_an_offer_has_ended_once_its_last_day_has_passed():
    offer = open_offer("m2", ends_on=today())
    tomorrow = timezone.now() + dt.timedelta(days=1)
    nobody = AnonymousUser()
    assert [others_offers(user=nobody, now=t).count() for t in (None, tomorrow)] == [1, 0]
    assert others_offers(user=nobody, state="ended", now=tomorrow).count() == 1
    assert offer_page(slug=offer.slug, user=nobody, language="en", now=tomorrow).card.state == "ended"
    assert [o.pk for o in open_offers(body="assembly", resources=["expert-days"], on=today())] == [offer.pk]
    assert not open_offers(body="assembly", on=tomorrow.date()).exists()
    assert not open_offers(body="assembly", resources=["other"], on=today()).exists()


def test_lists_choose_by_resource_language_and_group():
    make_resource("hours", name="Computing", unit="GPU hour")
    for_sids = open_offer("m2", to_groups=["SIDS"], languages=["fr"])
    for_all = open_offer("m3", ends_on=today() + dt.timedelta(days=9))
    hours = open_offer("m4", resource="hours", to_groups=["LDC"])

    def slugs(**chosen):
        return [o.slug for o in others_offers(user=AnonymousUser(), **chosen)]

    assert slugs()[0] == for_all.slug
    assert set(slugs(group="SIDS")) == {for_sids.slug, for_all.slug}
    assert set(slugs(tongue="ar")) == {for_all.slug, hours.slug}
    assert slugs(resource="hours", group="LDC") == [hours.slug]
    assert [o.card.slug for o in own_offers(user=a_person("m2"), language="en")] == [for_sids.slug]


@pytest.mark.parametrize(
    "changed,name",
    [
        ({"titles": {}}, "titles"),
        ({"units": -1}, "units"),
        ({"per_member": 61}, "per_member"),
        ({"per_member": "some"}, "per_member"),
        ({"to_groups": ["G77"]}, "to_groups"),
        ({"languages": ["xx"]}, "languages"),
        ({"begins_on": dt.date(2027, 2, 1), "ends_on": dt.date(2027, 1, 1)}, "ends_on"),
        ({"licence": "x" * 101}, "licence"),
        ({"conditions": {"en": "x" * 4001}}, "conditions"),
        ({"visibility": "delegation"}, "visibility"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"criteria": [{"code": "a", "names": {"en": "A"}, "most": 0}]}, "criteria"),
        ({"criteria": [{"code": "a", "names": {}, "most": 1}]}, "criteria"),
        ({"criteria": [{"code": "a", "names": {"en": "A"}, "most": 1}] * 2}, "criteria"),
    ],
)
def test_what_cannot_be_an_offer_is_refused_and_nothing_is_kept(changed, name):
    with pytest.raises(BadParameter) as refusal:
        prepare_offer(body="assembly", member="m2", by=a_person("m2"), **offer_given(**changed))
    assert (refusal.value.data["name"], Offer.objects.count()) == (name, 0)


def test_a_name_is_chosen_once_or_drawn():
    assert draft_offer(slug="experts-2027").slug == "experts-2027"
    assert draft_offer().slug.startswith("o-")
    with pytest.raises(Conflict, match="taken"):
        draft_offer(slug="experts-2027")


def test_to_everyone_outside_a_delegation_what_it_prepares_is_not_there():
    offer = draft_offer("m2")
    for user in (a_person("m1"), account_with("secretariat"), account_with("public")):
        for act in (
            lambda by: change_offer(slug=offer.slug, by=by, **offer_given(units=3)),
            lambda by: clear_offer(slug=offer.slug, by=by, on=""),
            lambda by: send_back_offer(slug=offer.slug, note="No, sorry.", by=by),
            lambda by: make_offer(slug=offer.slug, by=by),
            lambda by: withdraw_offer(slug=offer.slug, by=by),
        ):
            with pytest.raises(NotFound):
                act(user)
    with pytest.raises(NotPermitted):
        make_offer(slug=offer.slug, by=a_person("m2", "delegate"))


def test_persons_go_a_year_after_the_last_day_of_an_offer():
    head = a_person("m2")
    offer = draft_offer("m2", by=head, ends_on=today())
    make_offer(slug=offer.slug, by=head)
    assert len(contributions_of(email=head.email)["offers"]) == 1
    later = timezone.now() + dt.timedelta(days=366)
    assert (forget_who_contributed(now=timezone.now()), forget_who_contributed(now=later)) == (0, 1)
    assert again(offer).prepared_by is None
