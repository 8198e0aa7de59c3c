"""Mirrors are offered by members, named by the secretariat, and ended by either; until they are named members alone see them."""

from __future__ import annotations

import json
import zlib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.mirror_views import (
    mirror_page,
    mirrors_of_release,
    mirrors_seen,
    mirrors_to_fetch_from,
    places_to_offer,
    regions_of_reader,
)
from comity.platform.commons.mirrors import ask_comparison, end_mirror, name_mirror, offer_mirror
from comity.platform.commons.models import Mirror
from comity.platform.commons.taking_down import take_release_down
from comity.platform.parties.models import Member
from comity.platform.parties.rules import MAY, ROLES
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act
from support.commons import release
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


@pytest.fixture(autouse=True)
def _body():
    make_body()


def offered(member="m1", by=SET_UP, **given):
    asked = {"names": {"en": "National library"}, "address": "https://library.example.org", "place": "002"}
    return offer_mirror(**{"body": "assembly", "member": member, "by": by, **asked, **given})


def named(member="m1", **given):
    made = offered(member, **given)
    name_mirror(slug=made.slug, by=SET_UP)
    return Mirror.objects.get(pk=made.pk)


def payload(act):
    return json.loads(zlib.decompress(bytes(act.payload)))


def test_an_offer_is_seen_by_members_and_its_act_is_a_commitment():
    made = offered(by=account_with("head"))
    assert (made.state, made.visibility) == ("offered", "members")
    assert [card.slug for card in mirrors_seen(user=account_with("delegate", member="m2"), state="offered")] == [
        made.slug
    ]
    for outsider in (PUBLIC, account_with("observer"), account_with("expert"), account_with("operator")):
        assert mirrors_seen(user=outsider, state="offered") == ()
        with pytest.raises(NotFound):
            mirror_page(slug=made.slug, user=outsider)
    assert mirrors_to_fetch_from() == mirrors_of_release(slug="words", user=PUBLIC) == ()
    assert json.loads(bytes(made.act.body))["type"] == "restricted"


def test_what_is_named_is_public_from_then_on():
    made = offered(by=account_with("focal-point"))
    act = name_mirror(slug=made.slug, by=account_with("secretariat"))
    (card,) = mirrors_seen(user=PUBLIC)
    assert (card.name, card.address, card.member, card.region) == (
        "National library",
        "https://library.example.org",
        "m1",
        "002",
    )
    assert (card.result, card.last_at) == ("", None)
    assert (act.type, act.visibility, act.office, act.subject) == (
        "name-mirror",
        "public",
        "secretariat",
        made.reference,
    )
    assert payload(act) == {
        "mirror": made.reference,
        "body": "assembly",
        "member": "m1",
        "names": {"en": "National library"},
        "address": "https://library.example.org",
        "place": "002",
        "serves": [],
        "state": "named",
    }
    assert [card.slug for card in mirrors_to_fetch_from()] == [made.slug]
    with pytest.raises(Conflict):
        name_mirror(slug=made.slug, by=account_with("secretariat"))


def test_a_member_or_the_secretariat_ends_a_mirror_and_nobody_is_sent_to_it():
    for by in (account_with("head"), account_with("focal-point"), account_with("secretariat")):
        made = named()
        act = end_mirror(slug=made.slug, by=by)
        assert (act.type, act.visibility) == ("end-mirror", "public")
        assert mirrors_to_fetch_from() == ()
        assert mirror_page(slug=made.slug, user=PUBLIC).card.state == "ended"
        with pytest.raises(Conflict):
            end_mirror(slug=made.slug, by=by)


def test_an_offer_that_ends_unnamed_stays_with_members():
    made = offered()
    act = end_mirror(slug=made.slug, by=account_with("head"))
    assert act.visibility == "members"
    with pytest.raises(NotFound):
        mirror_page(slug=made.slug, user=PUBLIC)


def test_another_member_ends_no_mirror():
    made = named()
    for by in (account_with("head", member="m2"), account_with("focal-point", member="m2"), account_with("delegate")):
        with pytest.raises(NotPermitted):
            end_mirror(slug=made.slug, by=by)
    assert Mirror.objects.get(pk=made.pk).state == "named"


def test_the_bodys_own_is_offered_and_ended_by_its_secretariat_alone():
    head = account_with("head")
    for by in (head, account_with("operator"), PUBLIC):
        with pytest.raises(NotPermitted):
            offered("", by=by)
    made = named("", by=account_with("secretariat"))
    with pytest.raises(NotPermitted):
        end_mirror(slug=made.slug, by=head)
    end_mirror(slug=made.slug, by=account_with("secretariat"))


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_what_the_table_says(role):
    user = account_with(role)
    waiting = offered(address="https://waiting.example.org")
    made = named(address="https://named.example.org")
    roles = {role, "adviser"} if role == "capital" else {role}
    sees_offers = role not in {"public", "operator", "observer", "expert"}
    acts = {
        "offer a mirror": lambda: offered(by=user),
        "name a mirror": lambda: name_mirror(slug=waiting.slug, by=user),
        "compare a mirror": lambda: ask_comparison(slug=made.slug, by=user),
        "end a mirror": lambda: end_mirror(slug=made.slug, by=user),
    }
    for action, act in acts.items():
        if roles & MAY[action]:
            act()
            continue
        hidden = action == "name a mirror" and not sees_offers
        with pytest.raises(NotFound if hidden else NotPermitted):
            act()


def test_a_head_offers_for_its_own_member_with_a_seat_alone():
    with pytest.raises(NotPermitted):
        offered("m2", by=account_with("head", member="m1"))
    with pytest.raises(NotPermitted):
        offered("m1", by=account_with("secretariat"))
    with pytest.raises(Conflict):
        offered("watcher")
    assert not Mirror.objects.exists()


@pytest.mark.parametrize(
    "given,name",
    [
        ({"names": {}}, "names"),
        ({"names": {"tlh": "x"}}, "names"),
        ({"names": {"en": "x" * 121}}, "names"),
        ({"names": {"en": "a\u202eb"}}, "names"),
        ({"address": "http://library.example.org"}, "address"),
        ({"address": "https://127.0.0.1"}, "address"),
        ({"address": "https://library.example.org/?x"}, "address"),
        ({"place": ""}, "place"),
        ({"place": "ZZZ"}, "place"),
        ({"serves": ["nothing"]}, "serves"),
        ({"serves": ["hidden"]}, "serves"),
        ({"serves": ["down"]}, "serves"),
        ({"serves": [f"r{n}" for n in range(51)]}, "serves"),
        ({"authority": ""}, "authority"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_name_and_writes_nothing(given, name):
    release("hidden", visibility="members")
    release("down")
    take_release_down(slug="down", rule="Rule 9", reason="A test", by=SET_UP)
    with pytest.raises(BadParameter) as refused:
        offered(**given)
    assert refused.value.data["name"] == name
    assert not Mirror.objects.exists()
    assert not Act.objects.filter(type="restricted").exists()


def test_a_release_that_is_not_there_and_one_that_is_not_public_are_refused_alike():
    release("hidden", visibility="members")
    said = []
    for slug in ("nosuch", "hidden"):
        with pytest.raises(BadParameter) as refused:
            offered(serves=[slug])
        said.append(str(refused.value).replace(slug, "X"))
    assert said[0] == said[1]


def test_an_address_stands_once_and_again_after_its_end():
    made = offered()
    with pytest.raises(Conflict):
        offered("m2", address="https://LIBRARY.example.org/hub")
    end_mirror(slug=made.slug, by=SET_UP)
    offered("m2")


def test_this_server_is_not_its_own_mirror(settings):
    settings.BASE_URL = "https://comity.example.org"
    with pytest.raises(Conflict):
        offered(address="https://comity.example.org/anything")


def test_a_member_has_twenty_mirrors_at_most():
    for number in range(20):
        offered(address=f"https://m{number}.example.org")
    with pytest.raises(Conflict):
        offered(address="https://more.example.org")
    offered("m2", address="https://more.example.org")


def test_a_row_that_is_named_and_not_public_cannot_be():
    made = offered()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mirror.objects.filter(pk=made.pk).update(state="named", named_at=timezone.now())


def test_mirrors_of_a_release_come_with_the_readers_region_first():
    release("words")
    release("other")
    named(names={"en": "B near"}, place="142", address="https://b.example.org")
    named(names={"en": "A far"}, place="150", address="https://a.example.org")
    named(names={"en": "C near"}, place="JPN", address="https://c.example.org")
    named(names={"en": "D other"}, place="142", address="https://d.example.org", serves=["other"])
    Member.objects.filter(slug="m1").update(region="asia-pacific")
    reader = account_with("delegate", member="m1")
    assert regions_of_reader(user=reader) == {"142"}
    assert [c.name for c in mirrors_of_release(slug="words", user=reader)] == ["B near", "C near", "A far"]
    assert [c.name for c in mirrors_of_release(slug="words", user=PUBLIC)] == ["A far", "B near", "C near"]
    assert len(mirrors_of_release(slug="other", user=PUBLIC)) == 4


def test_a_release_that_is_not_public_or_taken_down_has_no_mirrors():
    named()
    release("hidden", visibility="members")
    release("down")
    take_release_down(slug="down", rule="Rule 9", reason="A test", by=SET_UP)
    reader = account_with("delegate")
    assert mirrors_of_release(slug="hidden", user=reader) == mirrors_of_release(slug="down", user=reader) == ()


def test_places_to_offer_are_the_own_members_and_for_the_secretariat_the_body():
    assert places_to_offer(user=account_with("head")) == (("assembly", "Assembly", "m1", "Member 1"),)
    assert places_to_offer(user=account_with("secretariat")) == (("assembly", "Assembly", "", "Assembly"),)
    assert places_to_offer(user=account_with("delegate")) == places_to_offer(user=PUBLIC) == ()


def kinds(user):
    return [(need.kind, need.member, need.address) for need in needs_of(user=user) if "mirror" in need.kind]


def test_the_secretariat_is_told_what_waits_to_be_named():
    made = offered()
    assert kinds(account_with("secretariat")) == [("name-mirror", "", f"/{made.reference}")]
    assert kinds(account_with("head")) == kinds(account_with("operator")) == []


def test_its_member_and_the_secretariat_are_told_that_a_mirror_differs():
    made = named()
    Mirror.objects.filter(pk=made.pk).update(differs_since=timezone.now(), last_result="different")
    assert kinds(account_with("secretariat")) == [("mirror-differs", "", f"/{made.reference}")]
    assert (
        kinds(account_with("head"))
        == kinds(account_with("focal-point"))
        == [("mirror-differs", "m1", f"/{made.reference}")]
    )
    assert kinds(account_with("head", member="m2")) == kinds(account_with("delegate")) == []
    assert mirrors_to_fetch_from() == ()
