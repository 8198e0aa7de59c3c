"""Who may take part and as whom: one voice each, codes kept as digests, members through the person who holds their voice."""

from __future__ import annotations

import pytest

from comity.errors import (
    BadParameter,
    Conflict,
    DialogueNotOpen,
    NotAsked,
    NotFound,
    NotPermitted,
    UnknownCode,
    VoiceHeldByAnother,
)
from comity.platform.dialogue import participation, selectors
from comity.platform.dialogue.models import Dialogue, GivenCode, Participant
from comity.platform.parties.memberships import suspend_right
from comity.platform.parties.models import Member
from support.dialogue import NOBODY, a_participant, make_dialogue
from support.parties import SET_UP, account_with, today

pytestmark = pytest.mark.django_db


def test_the_public_comes_in_with_a_code_of_which_the_table_keeps_a_digest():
    make_dialogue()
    voice, key = participation.join_dialogue(slug="stop", user=NOBODY)
    assert len(key.replace("-", "")) == 20
    assert key not in str(list(Participant.objects.values()))
    assert voice.code_sha256 == participation.digest_of(key)
    typed = key.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert participation.come_back(slug="stop", user=NOBODY, key=typed) == voice
    assert participation.join_dialogue(slug="stop", user=NOBODY, key=key) == (voice, "")
    with pytest.raises(UnknownCode):
        participation.come_back(slug="stop", user=NOBODY, key=participation.draw_code())
    with pytest.raises(UnknownCode):
        participation.come_back(slug="stop", user=NOBODY, key="")


def test_a_code_opens_nothing_in_another_dialogue():
    make_dialogue()
    other = make_dialogue("other")
    _, key = participation.join_dialogue(slug="stop", user=NOBODY)
    assert participation.participant_of(dialogue=other, user=NOBODY, key=key) is None
    with pytest.raises(UnknownCode):
        participation.come_back(slug="other", user=NOBODY, key=key)


def test_an_account_has_one_voice():
    made = make_dialogue(people="accounts")
    user = account_with("reviewer")
    voice, key = participation.join_dialogue(slug="stop", user=user)
    assert key == ""
    assert participation.join_dialogue(slug="stop", user=user) == (voice, "")
    assert participation.participant_of(dialogue=made, user=user, key=None) == voice
    assert Participant.objects.count() == 1


def test_who_came_with_a_code_and_then_signs_in_keeps_that_one_voice():
    made = make_dialogue()
    voice, key = participation.join_dialogue(slug="stop", user=NOBODY)
    user = account_with("reviewer")
    assert participation.join_dialogue(slug="stop", user=user, key=key) == (voice, "")
    assert participation.participant_of(dialogue=made, user=user, key=key) == voice
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("people", ["accounts", "invited", "experts", "nobody"])
def test_who_is_not_asked_does_not_come_in(people):
    make_dialogue(people=people)
    with pytest.raises(NotAsked):
        participation.join_dialogue(slug="stop", user=NOBODY)
    if people != "accounts":
        with pytest.raises(NotAsked):
            participation.join_dialogue(slug="stop", user=account_with("reviewer"))
    assert not Participant.objects.exists()


def test_nobody_without_an_account_comes_into_what_the_public_does_not_see():
    made = make_dialogue()
    Dialogue.objects.filter(pk=made.pk).update(visibility="members")
    with pytest.raises(NotFound):
        participation.join_dialogue(slug="stop", user=NOBODY)
    held = Dialogue.objects.get(pk=made.pk)
    assert not participation.is_asked(dialogue=held, user=NOBODY)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_nobody_comes_in_before_the_opening_or_after_the_close(state):
    make_dialogue(opened=state != "draft", closed=state == "closed")
    user = account_with("secretariat")
    with pytest.raises(DialogueNotOpen) as refused:
        participation.join_dialogue(slug="stop", user=user)
    assert refused.value.data["state"] == state
    assert not Participant.objects.exists()


def test_experts_of_the_body_or_of_the_one_above_take_part_in_personal_capacity():
    make_dialogue(people="experts", visibility="members")
    for body, asked in (("oversight", True), ("assembly", True), ("other", False)):
        user = account_with("expert", body=body)
        if asked:
            assert participation.join_dialogue(slug="stop", user=user)[0].track == "people"
        else:
            with pytest.raises(NotFound):
                participation.join_dialogue(slug="stop", user=user)


def test_those_invited_come_in_and_see_what_they_are_invited_to():
    made = make_dialogue(people="invited", visibility="members")
    one, other = account_with("translator"), account_with("operator")
    assert participation.invite_accounts(slug="stop", addresses=[other.email.upper()], by=SET_UP) == 1
    assert participation.invite_accounts(slug="stop", addresses=[other.email], by=SET_UP) == 0
    assert participation.join_dialogue(slug="stop", user=other)[0].way == "account"
    with pytest.raises(NotAsked):
        participation.join_dialogue(slug="stop", user=one)
    assert list(selectors.dialogues_seen(user=other)) == [made]
    with pytest.raises(Conflict, match="no account"):
        participation.invite_accounts(slug="stop", addresses=[one.email, "no@example.org"], by=SET_UP)
    assert made.invitees.count() == 1


def test_a_code_given_out_is_one_voice_and_kept_as_its_digest():
    made = make_dialogue(people="invited")
    codes = participation.give_out_codes(slug="stop", number=3, by=SET_UP)
    assert len(set(codes)) == GivenCode.objects.filter(dialogue=made).count() == 3
    voice, key = participation.join_dialogue(slug="stop", user=NOBODY, key=codes[0])
    assert key == codes[0]
    assert participation.join_dialogue(slug="stop", user=NOBODY, key=codes[0].lower())[0] == voice
    assert Participant.objects.count() == 1
    with pytest.raises(UnknownCode):
        participation.join_dialogue(slug="stop", user=NOBODY, key=participation.draw_code())
    assert not any(code in str(list(GivenCode.objects.values())) for code in codes)


def test_codes_are_given_out_only_where_they_would_open_something():
    make_dialogue()
    make_dialogue("closed-circle", people="invited", visibility="members")
    for slug in ("stop", "closed-circle"):
        with pytest.raises(Conflict):
            participation.give_out_codes(slug=slug, number=1, by=SET_UP)
    with pytest.raises(BadParameter):
        participation.give_out_codes(slug="closed-circle", number=501, by=SET_UP)
    with pytest.raises(NotPermitted):
        participation.give_out_codes(slug="closed-circle", number=1, by=account_with("head"))


def test_a_region_is_one_of_the_body_or_not_said():
    made = make_dialogue()
    Member.objects.filter(slug="m1").update(region="africa")
    assert participation.regions_of(dialogue=made) == ("africa",)
    assert a_participant(made, region="africa").region == "africa"
    assert a_participant(made).region == ""
    with pytest.raises(BadParameter, match="region"):
        participation.join_dialogue(slug="stop", user=NOBODY, region="atlantis")
    assert Participant.objects.count() == 2


def test_a_member_has_one_voice_and_the_person_who_holds_it_speaks():
    made = make_dialogue()
    head, alternate = account_with("head"), account_with("alternate")
    voice = participation.member_voice(dialogue=made, member="m1", by=head)
    assert (voice.track, voice.way, voice.user) == ("states", "member", None)
    assert participation.member_voice(dialogue=made, member="m1", by=head) == voice
    with pytest.raises(VoiceHeldByAnother):
        participation.member_voice(dialogue=made, member="m1", by=alternate)
    for role in ("adviser", "capital", "expert", "secretariat"):
        with pytest.raises(NotPermitted):
            participation.member_voice(dialogue=made, member="m1", by=account_with(role))


def test_only_members_of_the_body_that_may_speak_there_answer():
    made = make_dialogue()
    assert participation.members_for(dialogue=made, user=account_with("head", member="m1")) == ("m1",)
    assert participation.members_for(dialogue=made, user=account_with("head", member="m3")) == ()
    assert participation.members_for(dialogue=made, user=account_with("observer")) == ()
    with pytest.raises(NotAsked):
        participation.member_voice(dialogue=made, member="m3", by=account_with("delegate", member="m3"))
    head = account_with("head", member="m2")
    suspend_right(body="oversight", member="m2", right="speak-and-vote", rule="Rule 8", starts_on=today(), by=SET_UP)
    with pytest.raises(NotAsked):
        participation.member_voice(dialogue=made, member="m2", by=head)


def test_states_answer_nothing_where_they_are_not_asked():
    made = make_dialogue(has_states=False)
    head = account_with("head")
    assert participation.members_for(dialogue=made, user=head) == ()
    with pytest.raises(NotAsked):
        participation.member_voice(dialogue=made, member="m1", by=head)
