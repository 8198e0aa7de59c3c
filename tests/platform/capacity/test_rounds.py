"""A round from its opening to its suggested allocation: its states, what is refused, what is frozen and what is computed from it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from comity.adapters.allocation_files import digest_files
from comity.errors import BadParameter, Conflict
from comity.platform.capacity.allocating import publish_allocation
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.exclusions import exclude_members
from comity.platform.capacity.freezing import freeze_round
from comity.platform.capacity.gathering import gather_round
from comity.platform.capacity.models import Allocation, Commitment, Need, Offer, Round
from comity.platform.capacity.round_tasks import suggest_allocation
from comity.platform.capacity.rounds import cancel_round
from comity.platform.parties.models import Member
from comity.platform.record.models import Act
from support.parties import SET_UP, account_with
from support.rounds import (
    HOUR,
    close,
    code_of,
    end_challenges,
    frozen,
    make_need,
    make_offer,
    make_resource,
    make_round,
    published,
    received,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body():
    make_resource()


def again(made: Round) -> Round:
    return Round.objects.get(pk=made.pk)


def state(made: Round) -> str:
    return str(again(made).state_at(timezone.now()))


def test_a_round_walks_through_its_states_each_with_its_act():
    first, second = make_need("m1", 300), make_need("m2", 200)
    make_offer("m3", 250)
    made = make_round()
    seen = [state(made)]
    close(made)
    seen.append(state(made))
    freeze_round(slug=made.slug, by=SET_UP)
    seen.append(state(made))
    suggest_allocation(slug=made.slug, by=SET_UP)
    publish_allocation(slug=made.slug, challenge_until=timezone.now() + HOUR, by=SET_UP)
    seen.append(state(made))
    end_challenges(made)
    seen.append(state(made))
    confirm_round(slug=made.slug, by=SET_UP)
    seen.append(state(made))
    assert seen == ["open", "closed", "frozen", "challenge", "deciding", "confirmed"]
    assert received(again(made)) == {first.slug: 150, second.slug: 100}
    acts = Act.objects.filter(subject=made.reference).order_by("entered_at")
    assert [a.type for a in acts] == ["open-round", "freeze-round", "publish-allocation", "confirm-round"]
    assert {a.visibility for a in acts} == {"public"}
    assert sorted(Commitment.objects.values_list("need__slug", "units", "state")) == [
        (first.slug, 150, "proposed"),
        (second.slug, 100, "proposed"),
    ]


@pytest.mark.parametrize(
    "given, name",
    [
        ({"titles": {}}, "title"),
        ({"titles": {"xx": "A round"}}, "title"),
        ({"titles": {"en": "A\u202eround"}}, "title"),
        ({"resources": ()}, "resources"),
        ({"alike": "country"}, "alike"),
        ({"visibility": "delegation"}, "audience"),
        ({"visibility": "committee", "audience": "committee:other"}, "visibility"),
        ({"visibility": "committee"}, "visibility"),
        ({"slug": "Round 1"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"rules": {"priority": [{"group": "LDC", "priority": 1, "rule": " "}]}}, "rule"),
        ({"rules": {"priority": [{"group": "nobody", "priority": 1, "rule": "Rule 4"}]}}, "group"),
        ({"rules": {"priority": [{"group": "LDC", "priority": 0, "rule": "Rule 4"}]}}, "priority"),
        ({"rules": {"weights": [{"group": "LDC", "weight": "0", "rule": "Rule 4"}]}}, "weight"),
        ({"rules": {"weights": [{"group": "LDC", "weight": "1e99", "rule": "Rule 4"}]}}, "weight"),
        ({"rules": {"weights": [{"group": "LDC", "weight": "2", "rule": "Rule 4"}] * 2}}, "group"),
        ({"rules": {"caps": [{"resource": "days", "units": "5", "rule": "Rule 4"}]}}, "caps"),
        ({"rules": {"caps": [{"resource": "x", "units": "5", "rule": "R 4"}]}, "alike": "member"}, "resource"),
        ({"rules": {"received before": []}}, "rules"),
    ],
)
def test_a_round_that_will_not_do_is_refused_by_name_and_leaves_nothing(given, name):
    make_resource()
    with pytest.raises(BadParameter) as refused:
        make_round(**given)
    assert refused.value.data["name"] == name
    assert not Round.objects.exists()
    assert not Act.objects.filter(type="open-round").exists()


def test_a_deadline_that_has_passed_is_refused():
    with pytest.raises(BadParameter) as refused:
        make_round(closes_at=timezone.now() - HOUR)
    assert refused.value.data["name"] == "closes_at"


def test_resources_with_different_smallest_amounts_need_rounds_of_their_own():
    make_resource("hours", grain=10)
    with pytest.raises(BadParameter) as refused:
        make_round(resources=("days", "hours"))
    assert refused.value.data["name"] == "resources"


def test_a_name_that_is_taken_is_refused():
    made = make_round()
    with pytest.raises(Conflict):
        make_round(made.slug)


def test_nothing_is_frozen_while_needs_and_offers_are_still_taken_nor_twice_nor_where_nothing_fits():
    made = make_round()
    with pytest.raises(Conflict, match="still taken"):
        freeze_round(slug=made.slug, by=SET_UP)
    close(made)
    with pytest.raises(Conflict, match="nothing to share out"):
        freeze_round(slug=made.slug, by=SET_UP)
    make_need()
    make_offer()
    freeze_round(slug=made.slug, by=SET_UP)
    with pytest.raises(Conflict):
        freeze_round(slug=made.slug, by=SET_UP)
    assert Act.objects.filter(type="freeze-round").count() == 1


def out(made: Round) -> dict[str, str]:
    found = gather_round(round=made, now=timezone.now())
    return {row.slug: why for row, why in (*found.needs_out, *found.offers_out)}


def test_what_stays_out_says_why():
    now = timezone.now()
    late, small, other, whole, gone = (
        make_need("m1", sent=now),
        make_need("m1", Decimal("0.5")),
        make_need("watcher"),
        make_offer("m3", 8, indivisible=True, per_member=4),
        make_offer("m3", 8, ends_on=now.date() - dt.timedelta(days=1)),
    )
    elsewhere = make_need("m2")
    make_offer("m4")
    frozen_before = make_round(closed=True)
    Need.objects.exclude(pk=elsewhere.pk).update(state="draft", act=None, sent_at=None, version=0)
    freeze_round(slug=frozen_before.slug, by=SET_UP)
    for row in (late, small, other):
        row.save()
    made = make_round(closed=True)
    assert {k: v for k, v in out(made).items() if k != Offer.objects.get(member__slug="m4").slug} == {
        late.slug: "too-late",
        small.slug: "nothing-left",
        other.slug: "no-member",
        whole.slug: "not-whole",
        elsewhere.slug: "elsewhere",
    }
    assert gone.slug not in out(made)


def pairs_of(made: Round) -> set[tuple[str, str]]:
    found = gather_round(round=made, now=timezone.now())
    return {(found.needs[n].need.slug, found.offers[o].offer.slug) for n, o in found.pairs}


def test_a_need_draws_on_offers_of_its_resource_groups_languages_and_dates_and_not_on_its_own():
    make_resource("hours")
    Member.objects.filter(slug="m1").update(region="islands")
    day = timezone.now().date()
    need = make_need("m1", languages=["fr"], wanted_by=day)
    fits = make_offer("m3", languages=["en", "fr"], to_groups=["islands", "LDC"], begins_on=day)
    anyone = make_offer("m3")
    make_offer("m3", languages=["ar"])
    make_offer("m3", to_groups=["LDC"])
    make_offer("m3", begins_on=day + dt.timedelta(days=1))
    make_offer("m3", resource="hours")
    make_offer("m1")
    made = make_round(resources=("days", "hours"), closed=True)
    assert pairs_of(made) == {(need.slug, fits.slug), (need.slug, anyone.slug)}


@pytest.mark.parametrize("member, other", [("m1", "m3"), ("m3", "m1")])
def test_members_that_cannot_work_with_each_other_do_not_meet_and_nothing_says_who_said_so(member, other):
    first, second = make_need("m1"), make_need("m2")
    offer = make_offer("m3")
    exclude_members(member=member, body="assembly", others=[other], by=account_with("head", member=member))
    made = frozen()
    assert made.tables["files"]["eligible.csv"] == f"need,offer\n{code_of(made, second)},{code_of(made, offer)}\n"
    assert out(made) == {}
    assert first.slug in {r.need.slug for r in made.needs.all()}
    assert not Act.objects.filter(type__contains="exclu").exists()


def test_priorities_weights_and_caps_follow_from_groups_and_stand_in_the_tables_with_their_rule():
    Member.objects.filter(slug="m1").update(region="islands")
    Member.objects.filter(slug="m2").update(region="mountains")
    first, second, third = make_need("m1", 60), make_need("m2", 60), make_need("m4", 60)
    make_offer("m3", 60)
    rules = {
        "weights": [
            {"group": "islands", "weight": "2", "rule": "Decision 7"},
            {"group": "mountains", "weight": "3", "rule": "Decision 8"},
        ]
    }
    made = published(rules=rules)
    assert received(made) == {first.slug: 20, second.slug: 30, third.slug: 10}
    assert made.tables["files"]["weights.csv"] == "member,weight,rule\nm1,2,Decision 7\nm2,3,Decision 8\n"
    cancel_round(slug=made.slug, reason="Once more", by=SET_UP)
    capped = published(
        alike="member",
        rules={
            "priority": [{"group": "mountains", "priority": 1, "rule": "Decision 9"}],
            "caps": [{"resource": "days", "units": "30", "rule": "Decision 10"}],
        },
    )
    assert received(capped) == {first.slug: 15, second.slug: 30, third.slug: 15}


def test_the_same_digest_gives_the_same_shares_and_the_file_command_checks_the_download(tmp_path):
    from comity.adapters.allocation_checks import check_folder

    for member, units in (("m1", 300), ("m2", 200), ("m4", 77)):
        make_need(member, units)
    make_offer("m3", 250)
    made = published()
    files = {**made.tables["files"], **made.allocation.explanation["files"]}
    assert digest_files(made.tables["files"]) == made.input_sha256
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert check_folder(folder=tmp_path).explanation["inputs_sha256"] == made.input_sha256
    before = made.allocation.explanation["files"]["shares.csv"]
    Allocation.objects.all().delete()
    Round.objects.filter(pk=made.pk).update(challenge_until=None)
    assert suggest_allocation(slug=made.slug, by=SET_UP).allocation.explanation["files"]["shares.csv"] == before


def test_whoever_asks_for_a_suggestion_again_gets_the_same():
    make_need()
    make_offer()
    made = frozen()
    first = suggest_allocation(slug=made.slug, by=SET_UP).allocation
    assert suggest_allocation(slug=made.slug, by=SET_UP).allocation == first
    with pytest.raises(BadParameter):
        publish_allocation(slug=made.slug, challenge_until=timezone.now() - HOUR, by=SET_UP)
    publish_allocation(slug=made.slug, challenge_until=timezone.now() + HOUR, by=SET_UP)
    with pytest.raises(Conflict):
        publish_allocation(slug=made.slug, challenge_until=timezone.now() + 2 * HOUR, by=SET_UP)


def test_nothing_is_published_before_it_is_suggested():
    make_need()
    make_offer()
    made = frozen()
    with pytest.raises(Conflict, match="suggested"):
        publish_allocation(slug=made.slug, challenge_until=timezone.now() + HOUR, by=SET_UP)
