"""Pages of mirrors: who offers, names and ends by form; what was typed is kept; what members alone see is nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.platform.commons.mirrors import end_mirror, name_mirror, offer_mirror
from comity.platform.commons.models import Mirror
from support.commons import release
from support.pages import fields_of, page, signed_in
from support.parties import SET_UP, make_body

pytestmark = pytest.mark.django_db
ADDRESS = "https://library.example.org"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()


def offered(member="m1", address=ADDRESS, **given):
    asked = {"names": {"en": "National library"}, "place": "002", **given}
    return offer_mirror(body="assembly", member=member, address=address, by=SET_UP, **asked)


def test_a_mirror_is_offered_named_compared_and_ended_by_form():
    head, office = signed_in("head"), signed_in("secretariat")
    assert "Offer a mirror" in page(head, "/commons/mirrors")
    typed = fields_of(page(head, "/commons/mirrors/offer"))
    answer = head.post(
        "/commons/mirrors/offer", {**typed, "name_en": "National library", "address": ADDRESS, "place": "002"}
    )
    made = Mirror.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/{made.reference}")
    assert (made.names, made.address, made.place, made.serves) == ({"en": "National library"}, ADDRESS, "002", [])
    assert "Once the secretariat names it" in page(head, f"/{made.reference}")
    assert Client().get(f"/{made.reference}").status_code == 404
    assert "National library" in page(office, "/commons/mirrors")
    assert "National library" not in page(Client(), "/commons/mirrors")
    assert office.post(f"/{made.reference}", {"do": "name"}).status_code == 302
    shown = page(Client(), f"/{made.reference}")
    assert ADDRESS in shown
    assert "It is compared within a day of being named." in shown
    assert "Not compared yet" in page(Client(), "/commons/mirrors")
    Mirror.objects.update(next_at=None)
    assert office.post(f"/{made.reference}", {"do": "compare"}).status_code == 302
    assert "It waits to be compared." in page(office, f"/{made.reference}")
    assert head.post(f"/{made.reference}", {"do": "end"}).status_code == 400
    assert head.post(f"/{made.reference}", {"do": "end", "sure": "yes"}).status_code == 302
    assert "Nobody is sent to it." in page(Client(), f"/{made.reference}")
    assert "National library" not in page(Client(), "/commons/mirrors")


def test_what_was_typed_is_kept_where_it_is_refused():
    head = signed_in("head")
    given = {"name_en": "Bibliothek", "address": "http://10.0.0.1", "place": "150", "serves": "words, other"}
    answer = head.post("/commons/mirrors/offer", given)
    shown = answer.content.decode()
    assert answer.status_code == 400
    for kept in ("Bibliothek", "http://10.0.0.1", '<option value="150" selected>', "words, other"):
        assert kept in shown
    assert not Mirror.objects.exists()
    offered("m2")
    answer = head.post("/commons/mirrors/offer", {**given, "address": ADDRESS, "serves": ""})
    assert (answer.status_code, "offered as a mirror already" in answer.content.decode()) == (409, True)


def test_a_place_is_said_by_its_name():
    for place, name in (("002", "Africa"), ("KEN", "Kenya")):
        made = offered(place=place, address=f"https://m{place.lower()}.example.org")
        name_mirror(slug=made.slug, by=SET_UP)
        assert f"Member 1. {name}." in page(Client(), f"/{made.reference}")
    assert '<option value="142">Asie</option>' in page(signed_in("head"), "/commons/mirrors/offer?lang=fr")


def test_a_form_offers_some_releases():
    release("words")
    release("other")
    given = {"name_en": "Library", "address": ADDRESS, "place": "KEN", "serves": "words, other"}
    assert signed_in("focal-point").post("/commons/mirrors/offer", given).status_code == 302
    made = Mirror.objects.get()
    assert (made.serves, made.place) == (["other", "words"], "KEN")
    name_mirror(slug=made.slug, by=SET_UP)
    assert "/commons/releases/words" in page(Client(), f"/{made.reference}")


@pytest.mark.parametrize("role", ["public", "delegate", "observer", "expert", "operator"])
def test_who_may_not_offer_is_refused_and_sees_no_button(role):
    client = Client() if role == "public" else signed_in(role)
    asked_in = 302 if role == "public" else 403  # who is not signed in is asked to, and may then be refused
    assert client.get("/commons/mirrors/offer").status_code == asked_in
    assert client.post("/commons/mirrors/offer", {"address": ADDRESS}).status_code == 403
    assert not Mirror.objects.exists()
    assert "/commons/mirrors/offer" not in page(client, "/commons/mirrors")


@pytest.mark.parametrize("role", ["public", "observer", "expert", "operator"])
def test_an_offer_is_not_there_for_who_is_no_member(role):
    made = offered()
    client = Client() if role == "public" else signed_in(role)
    for step in ("name", "end", "compare"):
        assert client.post(f"/{made.reference}", {"do": step, "sure": "yes"}).status_code == 404
    assert client.get(f"/{made.reference}").status_code == 404
    assert Mirror.objects.get().state == "offered"


def test_another_member_names_and_ends_nothing():
    made = offered()
    name_mirror(slug=made.slug, by=SET_UP)
    client = signed_in("head", member="m2")
    for step in ("name", "end", "compare"):
        assert client.post(f"/{made.reference}", {"do": step, "sure": "yes"}).status_code == 403
    assert 'name="do"' not in page(client, f"/{made.reference}")


def test_the_list_for_commands_holds_what_is_named_and_nothing_else():
    release("words")
    kept = offered(names={"en": "Library", "fr": "Bibliothèque"}, serves=["words"], place="KEN")
    offered("m2", address="https://other.example.org")
    ended = offered("m3", address="https://third.example.org")
    for made in (kept, ended):
        name_mirror(slug=made.slug, by=SET_UP)
    end_mirror(slug=ended.slug, by=SET_UP)
    answer = Client().get("/hub/comity/mirrors", headers={"Accept-Language": "fr"})
    assert answer.json() == {
        "comity_mirrors": 1,
        "mirrors": [
            {
                "name": "Library",
                "address": ADDRESS,
                "member": "m1",
                "region": "002",
                "place": "KEN",
                "serves": ["words"],
                "last_compared": None,
                "result": "not-compared",
            }
        ],
    }


def test_a_release_shows_its_mirrors_and_where_there_are_none_says_so():
    release("words")
    release("hidden", visibility="members")
    assert "No mirror gives it yet." in page(Client(), "/commons/releases/words")
    made = offered()
    name_mirror(slug=made.slug, by=SET_UP)
    for number in range(6):
        more = offered("m2", address=f"https://m{number}.example.org", names={"en": f"Site {number}"})
        name_mirror(slug=more.slug, by=SET_UP)
    shown = page(Client(), "/commons/releases/words")
    assert "7 sites give it" in shown
    assert [name for name in ("National library", "Site 3", "Site 4") if name in shown] == [
        "National library",
        "Site 3",
    ]
    assert "/commons/mirrors/offer" in page(signed_in("head"), "/commons/releases/words")
    assert "National library" not in page(signed_in("delegate"), "/commons/releases/hidden")


def test_a_name_is_never_markup():
    made = offered(names={"en": "<b>Bold</b>"})
    name_mirror(slug=made.slug, by=SET_UP)
    for address in ("/commons/mirrors", f"/{made.reference}"):
        assert b"<b>Bold" not in Client().get(address).content


def test_the_worked_example_says_that_its_mirrors_are_invented(settings):
    settings.EXAMPLE = True
    made = offered()
    name_mirror(slug=made.slug, by=SET_UP)
    for address in ("/commons/mirrors", f"/{made.reference}"):
        assert "The mirrors of this example are invented" in page(Client(), address)
