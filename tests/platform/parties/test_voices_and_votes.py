"""One voice for a member, proxies only by rule, and organisations that vote in place of their members."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotPermitted, VoiceHeldByAnother
from comity.platform.parties.credentials import confirm_original, end_credential, issue_credential, renew_credential
from comity.platform.parties.memberships import change_status, suspend_right
from comity.platform.parties.models import Credential, Voice
from comity.platform.parties.roster import delegation_of
from comity.platform.parties.voices import demand_voice, speaks_for, take_voice, voice_at
from comity.platform.parties.votes import (
    end_proxy,
    entitlements,
    give_proxy,
    seat_in_organisation,
    vote_in_place,
)
from comity.platform.record.models import Act
from support.parties import BEGUN, ORGANISATION_RULE, PROXY_RULE, SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
BALLOT = "decisions/ballots/7"


@pytest.fixture(autouse=True)
def _body():
    make_body()


def test_a_voice_passes_from_one_person_to_another_and_the_moment_tells_whose_it_was():
    head, alternate = account_with("head"), account_with("alternate")
    take_voice(member="m1", body="oversight", by=head)
    between = timezone.now()
    take_voice(member="m1", body="oversight", by=alternate)
    assert voice_at(member="m1", body="oversight", moment=between).user_id == head.pk
    assert voice_at(member="m1", body="oversight", moment=timezone.now()).user_id == alternate.pk
    assert (
        speaks_for(user=head, member="m1", body="oversight"),
        speaks_for(user=alternate, member="m1", body="oversight"),
    ) == (
        False,
        True,
    )


def test_who_does_not_hold_the_voice_is_told_who_does():
    head, alternate = account_with("head"), account_with("alternate")
    take_voice(member="m1", body="oversight", by=alternate)
    with pytest.raises(VoiceHeldByAnother, match="alternate of Member 1"):
        demand_voice(user=head, member="m1", body="oversight")


def test_an_unheld_voice_is_taken_by_who_speaks():
    head = account_with("head")
    assert demand_voice(user=head, member="m1", body="oversight").user_id == head.pk
    assert Voice.objects.filter(ends_at__isnull=True).count() == 1


def test_two_open_voices_are_impossible():
    head = account_with("head")
    take_voice(member="m1", body="oversight", by=head)
    voice = Voice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.create(
            member=voice.member, body=voice.body, credential=voice.credential, starts_at=timezone.now()
        )


@pytest.mark.parametrize("role", ["adviser", "capital", "secretariat", "focal-point", "public"])
def test_who_has_no_voice_cannot_take_one(role):
    with pytest.raises(NotPermitted):
        take_voice(member="m1", body="oversight", by=account_with(role))


def test_a_head_has_no_voice_for_another_member():
    with pytest.raises(NotPermitted):
        take_voice(member="m2", body="oversight", by=account_with("head", member="m1"))


def test_a_member_that_may_not_speak_has_no_voice_and_the_rule_is_named():
    head = account_with("head")
    suspend_right(
        body="oversight", member="m1", right="speak-and-vote", rule="Rule 8: arrears", starts_on=today(), by=SET_UP
    )
    with pytest.raises(Conflict, match="Rule 8: arrears"):
        take_voice(member="m1", body="oversight", by=head)


def test_a_voice_ends_with_its_credential_whether_or_not_anyone_says_so():
    head = account_with("head")
    take_voice(member="m1", body="oversight", by=head)
    Credential.objects.filter(user=head).update(ends_on=today())
    assert voice_at(member="m1", body="oversight", moment=timezone.now()) is None


def test_ending_a_credential_ends_its_voice():
    head = account_with("head")
    take_voice(member="m1", body="oversight", by=head)
    end_credential(credential=Credential.objects.get(user=head).pk, by=account_with("secretariat"))
    assert Voice.objects.filter(ends_at__isnull=True).count() == 0


def test_a_credential_enters_the_record_without_the_name_of_its_holder():
    issue_credential(
        member="m1", body="assembly", role="delegate", holder="Canary Person", starts_on=today(), by=SET_UP
    )
    act = Act.objects.filter(type="issue-credential").latest("entered_at")
    import zlib

    assert b"Canary" not in bytes(act.body) + zlib.decompress(bytes(act.payload))


def test_names_of_a_delegation_are_for_those_who_see_what_members_see():
    issue_credential(member="m1", body="assembly", role="delegate", holder="Ada", starts_on=today(), by=SET_UP)
    shown = {
        role: [c.holder for c in delegation_of(member="m1", on=today(), user=account_with(role, member="m2"))]
        for role in ("public", "operator", "secretariat", "delegate")
    }
    assert shown == {"public": [""], "operator": [""], "secretariat": ["Ada"], "delegate": ["Ada"]}


def test_a_provisional_credential_says_what_is_awaited_and_becomes_full():
    made = issue_credential(
        member="m1",
        body="assembly",
        role="alternate",
        holder="Ada",
        starts_on=today(),
        awaited="Scanned letter received; original awaited",
        awaited_by=today() - dt.timedelta(days=1),
        by=SET_UP,
    )
    (view,) = delegation_of(member="m1", on=today(), user=account_with("secretariat"))
    assert (view.state, view.awaited, view.is_overdue) == (
        "provisional",
        "Scanned letter received; original awaited",
        True,
    )
    confirm_original(credential=made.pk, by=account_with("secretariat"))
    assert Credential.objects.get(pk=made.pk).state == "full"
    with pytest.raises(Conflict):
        confirm_original(credential=made.pk, by=account_with("secretariat"))


@pytest.mark.parametrize(
    "change,error",
    [
        ({"role": "king"}, BadParameter),
        ({"holder": " "}, BadParameter),
        ({"ends_on": today()}, BadParameter),
        ({"awaited_by": today()}, BadParameter),
        ({"awaited": "x" * 201}, BadParameter),
        ({"starts_on": BEGUN - dt.timedelta(days=9)}, Conflict),
    ],
)
def test_a_credential_that_will_not_do_writes_nothing(change, error):
    given = {"member": "m1", "body": "assembly", "role": "delegate", "holder": "Ada", "starts_on": today(), **change}
    before = Act.objects.count()
    with pytest.raises(error):
        issue_credential(**given, by=SET_UP)
    assert (Act.objects.count(), Credential.objects.count()) == (before, 0)


def test_a_delegation_has_one_head_in_a_body():
    account_with("head")
    with pytest.raises(Conflict, match="head of delegation"):
        account_with("head")


def test_a_credential_is_renewed_to_a_day_that_is_still_to_come():
    made = issue_credential(member="m1", body="assembly", role="delegate", holder="Ada", starts_on=today(), by=SET_UP)
    renew_credential(credential=made.pk, ends_on=today() + dt.timedelta(days=9), by=account_with("head"))
    assert Credential.objects.get(pk=made.pk).ends_on == today() + dt.timedelta(days=9)
    with pytest.raises(BadParameter):
        renew_credential(credential=made.pk, ends_on=today(), by=account_with("secretariat"))


def test_a_proxy_is_refused_where_no_rule_allows_it_and_the_body_is_named():
    with pytest.raises(Conflict, match="rules of Assembly allow no proxies"):
        give_proxy(giver="m1", holder="m2", body="assembly", by=account_with("head"))
    assert Act.objects.filter(type="give-proxy").count() == 0


def test_a_proxy_is_given_by_rule_counted_and_taken_back():
    head = account_with("head")
    give_proxy(giver="m1", holder="m2", body="oversight", by=head)
    (one, _) = entitlements(body="oversight", moment=timezone.now())
    assert (one.member, one.votes, one.cast_by, one.rule) == ("m1", 1, "m2", PROXY_RULE)
    with pytest.raises(Conflict):
        give_proxy(giver="m1", holder="m2", body="oversight", by=head)
    end_proxy(giver="m1", body="oversight", by=head)
    assert [e.cast_by for e in entitlements(body="oversight", moment=timezone.now())] == ["m1", "m2"]


@pytest.mark.parametrize("holder,error", [("m1", BadParameter), ("m3", Conflict), ("watcher", Conflict)])
def test_a_proxy_goes_to_another_member_of_the_body(holder, error):
    with pytest.raises(error):
        give_proxy(giver="m1", holder=holder, body="oversight", by=account_with("head"))


def test_an_organisation_votes_in_place_of_its_members_with_their_number():
    for state in ("m3", "m4"):
        seat_in_organisation(organisation="union", state=state, starts_on=BEGUN, by=SET_UP)
    before = {e.member: e.votes for e in entitlements(body="assembly", moment=timezone.now(), matter=BALLOT)}
    assert before == {"m1": 1, "m2": 1, "m3": 1, "m4": 1, "union": 0}
    vote_in_place(organisation="union", body="assembly", matter=BALLOT, by=account_with("head", member="union"))
    after = {
        e.member: (e.votes, e.cast_by) for e in entitlements(body="assembly", moment=timezone.now(), matter=BALLOT)
    }
    assert after == {"m1": (1, "m1"), "m2": (1, "m2"), "m3": (0, "union"), "m4": (0, "union"), "union": (2, "union")}
    elsewhere = {
        e.member: e.votes for e in entitlements(body="assembly", moment=timezone.now(), matter="decisions/ballots/8")
    }
    assert elsewhere == before


def test_a_suspended_member_counts_neither_itself_nor_through_its_organisation():
    for state in ("m3", "m4"):
        seat_in_organisation(organisation="union", state=state, starts_on=BEGUN, by=SET_UP)
    suspend_right(body="assembly", member="m3", right="vote", rule="Rule 8", starts_on=today(), by=SET_UP)
    vote_in_place(organisation="union", body="assembly", matter=BALLOT, by=account_with("head", member="union"))
    found = {
        e.member: (e.votes, e.reason, e.rule)
        for e in entitlements(body="assembly", moment=timezone.now(), matter=BALLOT)
    }
    assert found["m3"] == (0, "suspended", "Rule 8")
    assert found["union"] == (1, "", ORGANISATION_RULE)


def test_a_provisional_member_has_no_vote_until_it_is_full():
    change_status(body="assembly", member="m1", status="provisional", starts_on=today(), rule="Rule 3", by=SET_UP)
    (found, *_) = entitlements(body="assembly", moment=timezone.now())
    assert (found.member, found.votes, found.reason, found.rule) == ("m1", 0, "provisional", "Rule 3")


def test_an_organisation_votes_in_place_only_where_a_rule_lets_it():
    with pytest.raises(Conflict, match="let no organisation"):
        vote_in_place(organisation="union", body="other", matter=BALLOT, by=account_with("head", member="union"))
    with pytest.raises(BadParameter):
        vote_in_place(organisation="m1", body="assembly", matter=BALLOT, by=account_with("head", member="m1"))


def test_the_number_of_votes_never_exceeds_the_number_of_members_that_may_vote():
    for state in ("m3", "m4"):
        seat_in_organisation(organisation="union", state=state, starts_on=BEGUN, by=SET_UP)
    vote_in_place(organisation="union", body="assembly", matter=BALLOT, by=account_with("head", member="union"))
    assert sum(e.votes for e in entitlements(body="assembly", moment=timezone.now(), matter=BALLOT)) == 4
