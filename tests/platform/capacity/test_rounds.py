"""A round from its opening to its commitments: states, what is frozen, what is suggested, challenged, confirmed, agreed and declined."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from comity.adapters.allocation_files import digest_files
from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.allocating import publish_allocation
from comity.platform.capacity.challenges import answer_challenge, challenge_allocation
from comity.platform.capacity.commitments import agree_to_commitment, decline_commitment
from comity.platform.capacity.confirming import Amendment, confirm_round
from comity.platform.capacity.exclusions import exclude_members
from comity.platform.capacity.freezing import freeze_round
from comity.platform.capacity.gathering import gather_round
from comity.platform.capacity.models import Allocation, Challenge, Commitment, Need, Offer, Round
from comity.platform.capacity.round_tasks import suggest_allocation
from comity.platform.capacity.rounds import cancel_round
from comity.platform.parties.models import Member
from comity.platform.record.models import Act, Link
from support.parties import SET_UP, account_with
from support.rounds import (
    HOUR,
    close,
    code_of,
    deciding,
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


def test_a_member_challenges_once_until_the_very_end_and_each_challenge_is_answered_before_confirming():
    make_need()
    make_offer()
    made = published()
    given = {"slug": made.slug, "member": "m2", "text": "We were not asked.", "language": "en"}
    head = account_with("head", member="m2")
    challenge_allocation(**given, by=head)
    with pytest.raises(Conflict, match="already"):
        challenge_allocation(**given, by=head)
    end_challenges(made)
    with pytest.raises(Conflict):
        challenge_allocation(**given | {"member": "m1"}, by=account_with("head"))
    with pytest.raises(Conflict, match="await an answer"):
        confirm_round(slug=made.slug, by=SET_UP)
    answer_challenge(slug=made.slug, member="m2", text="Its need came after the deadline.", language="en", by=SET_UP)
    with pytest.raises(Conflict, match="answered already"):
        answer_challenge(slug=made.slug, member="m2", text="And more.", language="en", by=SET_UP)
    assert confirm_round(slug=made.slug, by=SET_UP).confirmed_at is not None
    assert Challenge.objects.get().answering is not None


def test_at_the_very_moment_of_the_deadline_a_challenge_is_late():
    make_need()
    make_offer()
    made = published()
    assert made.state_at(made.challenge_until - dt.timedelta(microseconds=1)) == "challenge"
    assert made.state_at(made.challenge_until) == "deciding"


def test_outsiders_learn_nothing_of_a_delegation_and_observers_challenge_nothing():
    make_need()
    make_offer()
    made = published()
    given = {"slug": made.slug, "text": "No.", "language": "en"}
    with pytest.raises(NotFound):
        challenge_allocation(**given, member="m2", by=account_with("head", member="m1"))
    with pytest.raises(NotPermitted):
        challenge_allocation(**given, member="m1", by=account_with("delegate"))
    with pytest.raises(NotPermitted):
        challenge_allocation(**given, member="watcher", by=account_with("observer"))


def test_a_round_is_not_confirmed_while_it_may_be_challenged_nor_cancelled_once_it_is_confirmed():
    make_need()
    make_offer()
    made = published()
    with pytest.raises(Conflict):
        confirm_round(slug=made.slug, by=SET_UP)
    end_challenges(made)
    confirm_round(slug=made.slug, by=SET_UP)
    with pytest.raises(Conflict):
        confirm_round(slug=made.slug, by=SET_UP)
    with pytest.raises(Conflict):
        cancel_round(slug=made.slug, reason="Too late", by=SET_UP)


def test_what_is_amended_has_a_reason_and_is_confirmed_and_told_as_amended():
    first, second, offer = make_need("m1", 300), make_need("m2", 200), make_offer("m3", 250)
    made = deciding()
    n1, n2, o = code_of(made, first), code_of(made, second), code_of(made, offer)
    rows = [Amendment(n1, o, "140", "The member asks for less."), Amendment(n2, o, "110", "It takes what is free.")]
    confirm_round(slug=made.slug, amendments=rows, by=SET_UP)
    assert dict(Commitment.objects.values_list("need__slug", "units")) == {first.slug: 140, second.slug: 110}
    assert sorted(again(made).allocation.amendments) == sorted(
        [[n1, o, "150", "140", "The member asks for less."], [n2, o, "100", "110", "It takes what is free."]]
    )


@pytest.mark.parametrize(
    "units, reason",
    [
        ("301", "More than it asks"),
        ("151", "More than the offer holds"),
        ("149.5", "Not a multiple"),
        ("-1", "Below nothing"),
        ("nan", "No number"),
        ("140", ""),
        ("140", "\u202eX"),
    ],
)
def test_an_amendment_that_is_not_possible_is_refused_and_nothing_is_confirmed(units, reason):
    first, offer = make_need("m1", 300), make_offer("m3", 250)
    make_need("m2", 200)
    made = deciding()
    row = Amendment(code_of(made, first), code_of(made, offer), units, reason)
    with pytest.raises(BadParameter):
        confirm_round(slug=made.slug, amendments=[row], by=SET_UP)
    assert state(made) == "deciding"
    assert not Commitment.objects.exists()


def test_an_amendment_keeps_to_what_fits_to_limits_of_a_member_to_caps_and_to_wholes():
    Member.objects.filter(slug="m1").update(region="islands")
    own, other = make_need("m1", 100), make_need("m2", 100)
    each = make_offer("m3", 100, per_member=40)
    islands = make_offer("m3", 60, to_groups=["islands"])
    whole = make_offer("m4", 10, indivisible=True)
    made = deciding()
    for need, offer, units in ((other, islands, "5"), (own, each, "41"), (own, whole, "5"), (own, each, "x")):
        row = Amendment(code_of(made, need), code_of(made, offer), units, "It would be better")
        with pytest.raises(BadParameter):
            confirm_round(slug=made.slug, amendments=[row], by=SET_UP)
    twice = [Amendment(code_of(made, own), code_of(made, islands), u, "Twice") for u in ("1", "2")]
    with pytest.raises(BadParameter, match="twice"):
        confirm_round(slug=made.slug, amendments=twice, by=SET_UP)
    with pytest.raises(BadParameter):
        confirm_round(slug=made.slug, amendments=[Amendment("n-99", "o-99", "1", "Not there")], by=SET_UP)
    confirm_round(slug=made.slug, by=SET_UP)


def test_a_cap_holds_for_what_is_amended():
    need, offer = make_need("m1", 100), make_offer("m3", 100)
    rules = {"caps": [{"resource": "days", "units": "30", "rule": "Decision 10"}]}
    made = deciding(alike="member", rules=rules)
    row = Amendment(code_of(made, need), code_of(made, offer), "31", "It would be better")
    with pytest.raises(BadParameter, match="rules of the round"):
        confirm_round(slug=made.slug, amendments=[row], by=SET_UP)


def test_what_was_withdrawn_since_falls_away_by_itself_and_says_so():
    first, second = make_need("m1", 100), make_need("m2", 100)
    make_offer("m3", 100)
    made = deciding()
    Need.objects.filter(pk=first.pk).update(state="withdrawn", ended_at=timezone.now())
    confirm_round(slug=made.slug, by=SET_UP)
    assert list(Commitment.objects.values_list("need__slug", flat=True)) == [second.slug]
    assert [r[3:] for r in again(made).allocation.amendments] == [["0", "Withdrawn since the round was frozen"]]


def confirmed(**settings) -> Commitment:
    made = deciding(**settings)
    confirm_round(slug=made.slug, by=SET_UP)
    return Commitment.objects.get()


def test_both_sides_agree_and_the_chain_leads_from_the_need_to_the_commitment():
    need, offer = make_need("m1"), make_offer("m3")
    held = confirmed()
    agree_to_commitment(slug=held.slug, side="recipient", by=account_with("focal-point", member="m1"))
    assert Commitment.objects.get().state == "proposed"
    agree_to_commitment(slug=held.slug, side="provider", by=account_with("head", member="m3"))
    assert Commitment.objects.get().state == "agreed"
    assert set(Link.objects.filter(subject=held.reference).values_list("relation", "object")) == {
        ("wasDerivedFrom", need.reference),
        ("used", offer.reference),
        ("wasGeneratedBy", held.round.reference),
    }
    with pytest.raises(Conflict):
        decline_commitment(slug=held.slug, side="recipient", by=SET_UP)


def test_what_is_declined_is_free_for_a_later_round_and_keeps_no_reason():
    need = make_need("m1", 80)
    make_offer("m3", 50)
    held = confirmed()
    decline_commitment(slug=held.slug, side="recipient", by=account_with("head", member="m1"))
    assert Commitment.objects.get().state == "declined"
    assert "reason" not in str(Act.objects.get(type="decline-commitment").content)
    later = published()
    assert received(later) == {need.slug: 50}


def test_what_is_committed_is_not_shared_out_again():
    need, offer = make_need("m1", 80), make_offer("m3", 50)
    confirmed()
    more = make_offer("m4", 10)
    later = frozen()
    assert list(later.needs.values_list("need__slug", "units")) == [(need.slug, 30)]
    assert list(later.offers.values_list("offer__slug", "units")) == [(more.slug, 10)]
    assert out(make_round(closed=True))[offer.slug] == "nothing-left"


@pytest.mark.parametrize(
    "side, member, role, error",
    [
        ("recipient", "m2", "head", NotFound),
        ("provider", "m1", "head", NotFound),
        ("recipient", "m1", "delegate", NotPermitted),
        ("nobody", "m1", "head", BadParameter),
    ],
)
def test_a_side_speaks_for_itself_alone(side, member, role, error):
    make_need("m1")
    make_offer("m3")
    held, by = confirmed(), account_with(role, member=member)
    with pytest.raises(error):
        agree_to_commitment(slug=held.slug, side=side, by=by)
    with pytest.raises(error):
        decline_commitment(slug=held.slug, side=side, by=by)
    assert Commitment.objects.get().state == "proposed"


def test_a_cancelled_round_frees_what_it_held():
    make_need()
    make_offer()
    made = published()
    cancel_round(slug=made.slug, reason="The offer came to nothing.", by=account_with("chair", body="assembly"))
    assert state(made) == "cancelled"
    assert frozen().needs.count() == 1


def test_exclusions_are_seen_and_set_by_the_delegation_alone():
    from comity.platform.capacity.exclusions import excluded_members

    make_resource()
    head = account_with("head", member="m1")
    exclude_members(member="m1", body="assembly", others=["m2", "m3"], by=head)
    exclude_members(member="m1", body="assembly", others=["m3"], by=head)
    assert excluded_members(member="m1", body="assembly", user=head) == ("m3",)
    for other in (account_with("head", member="m3"), account_with("secretariat"), account_with("chair")):
        with pytest.raises(NotFound):
            excluded_members(member="m1", body="assembly", user=other)
        with pytest.raises(NotFound):
            exclude_members(member="m1", body="assembly", others=[], by=other)
    with pytest.raises(BadParameter):
        exclude_members(member="m1", body="assembly", others=["m1"], by=head)
    with pytest.raises(NotPermitted):
        exclude_members(member="m1", body="assembly", others=[], by=account_with("delegate", member="m1"))
