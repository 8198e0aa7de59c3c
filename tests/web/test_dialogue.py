"""Taking part in a browser with no scripts: coming in, answering, coming back, writing, and what is refused."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from comity.platform.dialogue.models import Answer, Exposure, Participant, Statement
from comity.platform.parties.models import Member
from support.dialogue import a_participant, a_statement, answers_of, make_dialogue, put_deadline_into_the_past
from support.parties import account_with

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUESTION = "When must a person be able to stop a system?"


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


def signed_in(user) -> Client:
    client = Client()
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to an address."""
    form = re.search(rf'action="{action}".*?</form>', page, flags=re.DOTALL)
    assert form, f"no form to {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def text(response) -> str:
    return response.content.decode()


def test_a_visitor_sees_a_statement_first_and_comes_in_with_the_first_answer():
    make_dialogue()
    client = Client(enforce_csrf_checks=True)
    page = text(client.get("/dialogue/stop"))
    assert QUESTION in page
    assert page.index('id="vote"') < page.index('id="about"')
    assert text(client.get("/dialogue/stop")).count('class="lead" lang=') == 1
    sent = fields(page, "/dialogue/stop/answer")
    assert not Participant.objects.exists()
    answered = client.post("/dialogue/stop/answer", {**sent, "vote": "agree"})
    assert answered.status_code == 302
    kept = Answer.objects.get()
    assert (kept.value, kept.standing, kept.statement.number) == (1, "own", int(sent["number"]))
    assert Exposure.objects.get().probability == pytest.approx(1 / 3)
    cookie = answered.cookies["comity_voice"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/dialogue/stop")
    following = text(client.get(answered["Location"]))
    code = re.search(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", following)[0]
    assert "Statement 2 of 3" in following
    assert code not in text(client.get("/dialogue/stop"))
    other = Client()
    assert other.post("/dialogue/stop/code", {"code": code.lower()})["Location"] == "/dialogue/stop"
    assert "Statement 2 of 3" in text(other.get("/dialogue/stop"))
    assert Participant.objects.count() == 1


def test_a_first_answer_that_is_sent_twice_at_once_is_one_voice_and_the_next_person_at_the_browser_another():
    make_dialogue()
    client = Client()
    sent = {**fields(text(client.get("/dialogue/stop")), "/dialogue/stop/answer"), "vote": "agree"}
    client.post("/dialogue/stop/answer", sent)
    code = client.cookies.pop("comity_voice")  # the second was on its way before the code had come
    again = client.post("/dialogue/stop/answer", sent)
    assert again.cookies["comity_voice"].value.split(":")[0] == code.value.split(":")[0]
    assert (Participant.objects.count(), Answer.objects.count()) == (1, 1)
    client.post("/dialogue/stop/leave")
    client.post("/dialogue/stop/answer", {"number": 1, "vote": "disagree"})
    assert (Participant.objects.count(), Answer.objects.count()) == (2, 2)
    make_dialogue("other")
    client.post("/dialogue/other/answer", {"number": 1, "vote": "agree"})
    codes = Participant.objects.values_list("code_sha256", flat=True)
    assert len(set(codes)) == 3


@pytest.mark.parametrize(
    "field", [{"then": "nowhere"}, {"then": "list", "page": "²"}, {"then": "list", "page": "9" * 99}]
)
def test_a_wrong_word_beside_a_first_answer_does_not_lose_the_code_of_the_voice_that_gave_it(field):
    make_dialogue()
    client = Client()
    assert client.post("/dialogue/stop/answer", {"number": 1, "vote": "agree", **field}).status_code == 302
    assert Participant.objects.count() == Answer.objects.count() == 1
    assert client.cookies["comity_voice"].value


@pytest.mark.parametrize("address", ["answer", "write", "withdraw", "decisions"])
def test_a_member_that_no_name_can_be_is_refused_and_is_no_failure(address):
    make_dialogue()
    given = {"number": 1, "vote": "agree", "do": "appeal", "appeal": "Please look.", "text": "One.", "language": "en"}
    assert Client().post(f"/dialogue/stop/{address}", {**given, "as": "m\x001"}).status_code in {400, 403, 404}
    assert not Participant.objects.exists()


def test_a_reload_before_coming_in_shows_the_same_statement():
    make_dialogue(seeds=[{"en": f"Statement number {n} of many"} for n in range(20)])
    client = Client()
    shown = {fields(text(client.get("/dialogue/stop")), "/dialogue/stop/answer")["number"] for _ in range(4)}
    assert len(shown) == 1


def test_all_statements_are_answered_one_after_the_other_and_can_be_changed():
    make_dialogue()
    client = Client()
    for vote in ("agree", "disagree", "pass"):
        page = text(client.get("/dialogue/stop"))
        client.post("/dialogue/stop/answer", {**fields(page, "/dialogue/stop/answer"), "vote": vote})
    assert "You have answered every statement" in text(client.get("/dialogue/stop"))
    assert sorted(Answer.objects.values_list("value", flat=True)) == [-1, 0, 1]
    assert Exposure.objects.count() == 3
    changed = client.post("/dialogue/stop/answer", {"number": 2, "vote": "pass", "then": "list", "page": "1"})
    assert changed["Location"] == "/dialogue/stop/statements?page=1#s-2"
    assert Answer.objects.get(statement__number=2).value == 0
    assert Answer.objects.count() == 3
    assert "Pass" in text(client.get("/dialogue/stop/statements/2"))


@pytest.mark.parametrize(
    "given,status",
    [
        ({"vote": "agree"}, 404),
        ({"number": 99, "vote": "agree"}, 404),
        ({"number": 1}, 400),
        ({"number": 1, "vote": "maybe"}, 400),
        ({"number": "x", "vote": "agree"}, 400),
        ({"number": 1, "vote": "awaiting"}, 400),
        ({"number": 1, "vote": "agree", "region": "atlantis"}, 400),
        ({"number": 1, "vote": "agree", "as": "m1"}, 403),
        ({"number": 4, "vote": "agree"}, 409),
    ],
)
def test_what_cannot_be_kept_leaves_neither_answer_nor_voice(given, status):
    a_statement(make_dialogue(), state="waiting")
    assert Client().post("/dialogue/stop/answer", given).status_code == status
    assert not Answer.objects.exists()
    assert not Participant.objects.exists()


def test_a_form_without_its_token_keeps_nothing():
    make_dialogue()
    client = Client(enforce_csrf_checks=True)
    assert client.post("/dialogue/stop/answer", {"number": 1, "vote": "agree"}).status_code == 403
    assert not Answer.objects.exists()


def test_a_cookie_that_was_tampered_with_is_none():
    voice = a_participant(make_dialogue())
    client = Client()
    client.cookies["comity_voice"] = f"{voice.code_sha256}:forged"
    client.post("/dialogue/stop/answer", {"number": 1, "vote": "agree"})
    assert Participant.objects.count() == 2
    assert not voice.answers.exists()


def test_after_the_deadline_the_page_says_so_and_nothing_is_kept():
    made = make_dialogue()
    answers_of(a_participant(made), {1: 1})
    put_deadline_into_the_past("stop")
    page = text(Client().get("/dialogue/stop"))
    assert "No answer is taken any more" in page
    assert "/dialogue/stop/answer" not in page
    refused = Client().post("/dialogue/stop/answer", {"number": 1, "vote": "agree"})
    assert (refused.status_code, "“Closed”" in text(refused)) == (409, True)
    assert Answer.objects.count() == 1


def test_too_many_voices_from_one_address_wait(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "dialogue_join": "2/10m/ip"}
    make_dialogue()
    codes = [Client().post("/dialogue/stop/answer", {"number": 1, "vote": "agree"}).status_code for _ in range(3)]
    assert codes == [302, 302, 429]
    assert Participant.objects.count() == 2


def test_a_region_is_asked_once_and_need_not_be_said():
    make_dialogue()
    Member.objects.filter(slug="m1").update(region="africa")
    client = Client()
    assert 'name="region"' in text(client.get("/dialogue/stop"))
    client.post("/dialogue/stop/answer", {"number": 1, "vote": "agree", "region": "africa"})
    assert Participant.objects.get().region == "africa"
    assert 'name="region"' not in text(client.get("/dialogue/stop"))


def test_a_delegate_speaks_for_its_member_unless_it_says_otherwise():
    make_dialogue()
    client = signed_in(account_with("head"))
    page = text(client.get("/dialogue/stop"))
    assert "for Member 1" in page
    assert "Awaiting instructions" in page
    sent = fields(page, "/dialogue/stop/answer")
    assert sent["as"] == "m1"
    assert client.post("/dialogue/stop/answer", {**sent, "vote": "agree"}).status_code == 400
    client.post("/dialogue/stop/answer", {**sent, "vote": "agree", "standing": "provisional"})
    assert [(a.value, a.standing, a.participant.track) for a in Answer.objects.all()] == [(1, "provisional", "states")]
    number = int(sent["number"])
    client.post("/dialogue/stop/answer", {**sent, "vote": "awaiting", "standing": "position"})
    assert [(a.value, a.standing) for a in Answer.objects.all()] == [(None, "awaiting")]
    assert "Awaiting instructions" in text(client.get(f"/dialogue/stop/statements/{number}"))
    client.post("/dialogue/stop/answer", {"number": number, "vote": "disagree", "as": "person"})
    assert Participant.objects.filter(track="people").count() == 1


def test_a_position_leads_to_clearance_where_the_capital_clears():
    make_dialogue()
    account_with("capital")
    client = signed_in(account_with("head"))
    page = text(client.get("/dialogue/stop"))
    assert 'value="position"' not in page
    assert "/dialogue/stop/delegation" in page
    given = {"number": 1, "vote": "agree", "standing": "position", "as": "m1"}
    refused = client.post("/dialogue/stop/answer", given)
    assert (refused.status_code, "cleared first" in text(refused)) == (409, True)


@pytest.mark.parametrize("people", ["accounts", "invited", "experts", "nobody"])
def test_who_is_not_asked_reads_what_it_is_and_finds_no_form(people):
    make_dialogue(people=people)
    page = text(Client().get("/dialogue/stop"))
    assert "This dialogue asks" in page
    assert "/dialogue/stop/answer" not in page
    assert Client().post("/dialogue/stop/answer", {"number": 1, "vote": "agree"}).status_code == 403


def test_a_statement_is_shown_in_the_language_of_the_reader_where_there_is_one():
    make_dialogue(seeds=[{"ar": "يجب أن يستطيع شخص إيقاف النظام.", "fr": "Une personne doit pouvoir l'arrêter."}])
    client = Client()
    assert 'lang="fr" dir="ltr">Une personne' in text(client.get("/dialogue/stop?lang=fr"))
    page = text(client.get("/dialogue/stop?lang=en"))
    assert 'lang="ar" dir="rtl">يجب' in page
    assert "as it was written" in page


def test_a_statement_of_ones_own_waits_and_can_be_taken_back():
    make_dialogue()
    client = Client()
    sent = client.post("/dialogue/stop/write", {"text": "One idea.", "language": "en", "as": "person"})
    assert sent.status_code == 302
    page = text(client.get("/dialogue/stop/statements"))
    assert "waits for a moderator" in page
    assert "One idea." not in text(Client().get("/dialogue/stop/statements"))
    assert Client().get("/dialogue/stop/statements/4").status_code == 404
    client.post("/dialogue/stop/withdraw", {"number": 4})
    assert Statement.objects.get(number=4).state == "withdrawn"
    assert Client().post("/dialogue/stop/withdraw", {"number": 4}).status_code == 404


@pytest.mark.parametrize("said", ["", "x" * 241, "hidden\u202eorder"])
def test_a_statement_that_cannot_stand_brings_no_voice(said):
    make_dialogue()
    assert Client().post("/dialogue/stop/write", {"text": said, "language": "en"}).status_code == 400
    assert not Participant.objects.exists()


def test_a_code_is_forgotten_by_the_browser_and_opens_the_voice_again():
    make_dialogue()
    client = Client()
    answered = client.post("/dialogue/stop/answer", {"number": 1, "vote": "agree"})
    code = re.search(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", text(client.get(answered["Location"])))[0]
    client.post("/dialogue/stop/leave")
    assert "Statement 1 of 3" in text(client.get("/dialogue/stop"))
    assert client.post("/dialogue/stop/code", {"code": "0000"}).status_code == 404
    client.post("/dialogue/stop/code", {"code": code})
    assert "Statement 2 of 3" in text(client.get("/dialogue/stop"))


def test_a_code_that_was_given_out_opens_a_dialogue_of_those_invited():
    from comity.platform.dialogue.participation import give_out_codes
    from support.parties import SET_UP

    make_dialogue(people="invited")
    (code,) = give_out_codes(slug="stop", number=1, by=SET_UP)
    client = Client()
    assert "I was given a code" in text(client.get("/dialogue/stop"))
    client.post("/dialogue/stop/code", {"code": code})
    assert client.post("/dialogue/stop/answer", {"number": 1, "vote": "agree"}).status_code == 302
    assert Participant.objects.get().answers.count() == 1


def test_the_list_shows_what_a_reader_sees():
    make_dialogue()
    make_dialogue("inner", people="accounts", visibility="members", question={"en": "Inner matter?"})
    assert "Inner matter?" not in text(Client().get("/dialogue/"))
    page = text(signed_in(account_with("head")).get("/dialogue/?state=open"))
    assert (QUESTION in page, "Inner matter?" in page) == (True, True)
    assert Client().get("/dialogue/inner").status_code == 404
    assert Client().get("/dialogue/?state=no").status_code == 400


def test_a_secretariat_convenes_opens_extends_closes_and_archives():
    from support.parties import make_body

    make_body()
    client = signed_in(account_with("secretariat"))
    assert client.get("/dialogue/new").status_code == 200
    form = {
        "slug": "first",
        "body": "oversight",
        "question_en": "What first?",
        "people": "public",
        "has_states": "yes",
        "attribution": "by-group",
        "takes_statements": "yes",
        "least_votes": "10",
        "visibility": "public",
        "rule": "Rule 30",
        "seeds": "One idea.\n\nAnother idea.",
        "seeds_language": "en",
    }
    assert client.post("/dialogue/new", form)["Location"] == "/dialogue/first/settings"
    page = text(client.get("/dialogue/first/settings"))
    assert ("What first?" in page, "Another idea." in page) == (True, True)
    assert Client().get("/dialogue/first").status_code == 404
    steps = [
        {"do": "remove", "number": "2"},
        {"do": "seeds", "seeds": "Third idea.", "seeds_language": "en"},
        {"do": "change", **form, "question_en": "What before all?"},
        {"do": "open", "closes_on": "2199-01-01"},
        {"do": "extend", "closes_on": "2199-02-01", "closes_at": "10:00"},
        {"do": "close", "sure": "yes"},
        {"do": "archive", "sure": "yes"},
    ]
    for step in steps:
        if "sure" in step:
            refused = client.post("/dialogue/first/settings", {"do": step["do"]})
            assert (refused.status_code, "cannot be undone" in text(refused)) == (400, True)
        done = client.post("/dialogue/first/settings", step)
        assert done.status_code == 302, (step, text(done))
    assert "What before all?" in text(Client().get("/dialogue/first"))
    assert client.post("/dialogue/first/settings", {"do": "change", **form}).status_code == 409
    for role in ("head", "expert"):
        assert signed_in(account_with(role)).get("/dialogue/first/settings").status_code == 403


def test_codes_are_shown_once():
    make_dialogue(people="invited")
    client = signed_in(account_with("secretariat"))
    page = text(client.post("/dialogue/stop/settings", {"do": "codes", "number": "3"}))
    assert len(set(re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", page))) == 3
    again = text(client.get("/dialogue/stop/settings"))
    assert not re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", again)
    other = account_with("reviewer")
    client.post("/dialogue/stop/settings", {"do": "invite", "addresses": f"{other.email}\n"})
    assert "Accounts invited: 1" in text(client.get("/dialogue/stop/settings"))
