"""What is decided of a round: challenges, confirmation and amendments, commitments agreed and declined, exclusions, what waits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity import round_tasks
from comity.platform.capacity.allocating import publish_allocation
from comity.platform.capacity.challenges import answer_challenge, challenge_allocation
from comity.platform.capacity.commitments import agree_to_commitment, decline_commitment
from comity.platform.capacity.confirming import Amendment, confirm_round
from comity.platform.capacity.exclusions import exclude_members
from comity.platform.capacity.freezing import freeze_round
from comity.platform.capacity.gathering import gather_round
from comity.platform.capacity.models import Allocation, Challenge, Commitment, Need, Round
from comity.platform.capacity.round_tasks import suggest_allocation
from comity.platform.capacity.rounds import cancel_round
from comity.platform.parties.models import Member
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act, Link
from comity.platform.work.models import Job
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
    found = gather_round(round=make_round(closed=True), now=timezone.now())
    assert [(o.slug, why) for o, why in found.offers_out if o == offer] == [(offer.slug, "nothing-left")]


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


def test_a_large_round_is_computed_by_the_worker_once_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(round_tasks, "MOST_AT_ONCE", 0)
    make_need()
    make_offer()
    made = frozen()
    started = suggest_allocation(slug=made.slug, by=SET_UP)
    assert (started.allocation, started.job.state) == (None, Job.State.WAITING)
    assert suggest_allocation(slug=made.slug, by=SET_UP).job == started.job
    round_tasks.cancel_computing(slug=made.slug, by=SET_UP)
    assert round_tasks.allocate_round.call(job_id=started.job.pk) == "skipped"
    assert not Allocation.objects.exists()
    again_started = suggest_allocation(slug=made.slug, by=SET_UP).job
    assert round_tasks.allocate_round.call(job_id=again_started.pk) == Job.State.DONE
    assert round_tasks.allocate_round.call(job_id=again_started.pk) == "skipped"
    assert Allocation.objects.count() == 1
    with pytest.raises(NotPermitted):
        round_tasks.cancel_computing(slug=made.slug, by=account_with("head"))


def test_each_step_of_a_round_is_told_to_who_takes_it_and_to_nobody_else():
    make_need("m1", 50)
    make_offer("m3", 50)
    made = make_round()
    office, head, provider = account_with("secretariat"), account_with("head"), account_with("head", member="m3")
    stranger = account_with("head", member="m4")

    def told(user) -> list[str]:
        return sorted(
            n.kind
            for n in needs_of(user=user)
            if n.key.startswith(("round", "freeze", "publ", "look", "conf", "agree"))
        )

    assert (told(office), told(head)) == ([], ["round-closes"])
    close(made)
    assert (told(office), told(head)) == (["freeze-round"], [])
    freeze_round(slug=made.slug, by=SET_UP)
    assert told(office) == ["publish-allocation"]
    suggest_allocation(slug=made.slug, by=SET_UP)
    publish_allocation(slug=made.slug, challenge_until=timezone.now() + HOUR, by=SET_UP)
    assert (told(office), told(head), told(stranger)) == ([], ["look-at-allocation"], [])
    end_challenges(made)
    assert (told(office), told(head)) == (["confirm-round"], [])
    confirm_round(slug=made.slug, by=SET_UP)
    assert [told(u) for u in (office, head, provider, stranger)] == [
        [],
        ["agree-to-commitment"],
        ["agree-to-commitment"],
        [],
    ]
