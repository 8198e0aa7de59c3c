"""A member's reading of a link that rests on its law."""

from __future__ import annotations

import zlib

import pytest
from django.contrib.auth.models import AnonymousUser

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.alignment.models import CrosswalkLink, Instrument, LinkReading, Provision
from comity.platform.alignment.readings import give_reading, members_who_may_read, readings_of
from comity.platform.parties.models import Member
from comity.platform.record.models import Act
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db
OTHERWISE = {"reading": "differs", "text": "It covers public bodies only."}


@pytest.fixture
def link():
    make_body()
    Member.objects.filter(slug="m1").update(country="KEN")
    sides = []
    for party in ("KEN", "KOR"):
        text = Instrument.objects.create(
            slug=f"{party.lower()}-act",
            title="Act",
            short_title="Act",
            party=party,
            language="en",
            basis="full-text",
            source_sha256="0" * 64,
        )
        sides.append(
            Provision.objects.create(
                instrument=text, ref="art_1", position=0, label="1", text="T", language="en", search_words="t"
            )
        )
    return CrosswalkLink.objects.create(
        name="ab12", a=sides[0], b=sides[1], suggested="related", maker="test/1", score=1.0
    )


def standing(link):
    return [(r.party, r.reading, r.text) for r in readings_of(links=[link])[link.pk]]


def test_until_a_member_speaks_it_was_not_asked(link):
    assert standing(link) == [("KEN", "not-asked", ""), ("KOR", "not-asked", "")]


def test_a_differing_reading_stands_beside_the_link_and_its_words_are_in_no_log(link):
    given = give_reading(name="ab12", member="m1", by=account_with("head"), **OTHERWISE)
    assert standing(link) == [("KEN", "differs", OTHERWISE["text"]), ("KOR", "not-asked", "")]
    act = Act.objects.get(type="give-reading")
    assert (given.act_id, act.member, act.office) == (act.pk, "m1", "head")
    assert OTHERWISE["text"].encode() not in bytes(act.body) + zlib.decompress(bytes(act.payload))


def test_a_later_reading_takes_the_place_of_an_earlier_one_and_both_acts_stay(link):
    head = account_with("head")
    give_reading(name="ab12", member="m1", by=head, **OTHERWISE)
    give_reading(name="ab12", member="m1", reading="confirms", text="is dropped", by=head)
    assert standing(link)[0] == ("KEN", "confirms", "")
    assert LinkReading.objects.count() == Act.objects.filter(type="give-reading").count() == 2
    with pytest.raises(Conflict, match="stands already"):
        give_reading(name="ab12", member="m1", reading="confirms", by=head)


def test_a_member_reads_its_own_law_alone(link):
    other = account_with("head", member="m2")
    with pytest.raises(Conflict, match="Neither of the two texts"):
        give_reading(name="ab12", member="m2", reading="confirms", by=other)
    with pytest.raises(NotPermitted):
        give_reading(name="ab12", member="m1", reading="confirms", by=other)
    with pytest.raises(NotPermitted):
        give_reading(name="ab12", member="m1", reading="confirms", by=AnonymousUser())
    assert members_who_may_read(link=link, user=other) == ()
    assert members_who_may_read(link=link, user=account_with("head")) == ("m1",)
    assert Act.objects.filter(type="give-reading").count() == 0


@pytest.mark.parametrize(
    "given",
    [
        {"reading": "perhaps"},
        {"reading": "differs"},
        {"reading": "differs", "text": " "},
        {"reading": "differs", "text": "x" * 2001},
    ],
)
def test_a_reading_that_will_not_do_changes_nothing(link, given):
    with pytest.raises(BadParameter):
        give_reading(name="ab12", member="m1", by=account_with("head"), **given)
    assert LinkReading.objects.count() == 0


def test_a_link_that_is_not_there_is_not_found(link):
    with pytest.raises(NotFound):
        give_reading(name="none", member="m1", reading="confirms", by=account_with("head"))


def test_a_reading_of_a_restricted_text_is_a_restricted_act(link):
    Instrument.objects.filter(party="KOR").update(visibility="members")
    give_reading(name="ab12", member="m1", by=account_with("head"), **OTHERWISE)
    act = Act.objects.get(type="give-reading")
    assert act.visibility == "members"
    assert b"m1" not in bytes(act.body)
