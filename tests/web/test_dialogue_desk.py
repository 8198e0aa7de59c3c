"""The desks of a dialogue in a browser with no scripts: moderation, decisions and appeals, translation, delegations, paper, other views."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from comity.platform.dialogue.delegations import prepare_answer
from comity.platform.dialogue.models import Answer, Moderation, OtherView, Participant, PreparedAnswer, StatementText
from comity.platform.dialogue.moderation import decide_statement
from comity.platform.dialogue.sheets import make_batch
from support.desk import author, open_one, written
from support.parties import account_with

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ("desk", "decisions", "translations", "delegation", "sheets", "other-views")


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


@pytest.fixture
def dialogue():
    return open_one()


def signed_in(role_or_user) -> Client:
    client, user = Client(), account_with(role_or_user) if isinstance(role_or_user, str) else role_or_user
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def page(client, dialogue, name, query="") -> str:
    response = client.get(f"/dialogue/{dialogue.slug}/{name}{query}")
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def send(client, dialogue, name, **given) -> str:
    response = client.post(f"/dialogue/{dialogue.slug}/{name}", given, follow=True)
    assert response.status_code == 200, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.parametrize(
    "role, opens",
    [
        (
            "public",
            {"decisions": 200, "desk": 302, "translations": 302, "sheets": 302, "other-views": 302, "delegation": 404},
        ),
        ("secretariat", {**dict.fromkeys(PAGES, 200), "delegation": 404}),
        ("translator", {"decisions": 200, "translations": 200, "desk": 403, "sheets": 403, "other-views": 403}),
        ("head", {"decisions": 200, "delegation": 200, "desk": 403, "translations": 403, "sheets": 403}),
        ("chair", {"decisions": 200, "desk": 403, "delegation": 404}),
    ],
)
def test_each_desk_opens_for_those_who_work_there_and_the_decisions_for_all(dialogue, role, opens):
    client = Client() if role == "public" else signed_in(role)
    found = {name: client.get(f"/dialogue/{dialogue.slug}/{name}").status_code for name in opens}
    assert found == opens


def test_desks_of_a_dialogue_that_is_not_seen_are_not_found():
    dialogue = open_one(visibility="members", people="accounts")
    client = Client()
    assert client.get(f"/dialogue/{dialogue.slug}/decisions").status_code == 404
    assert client.get(f"/dialogue/{dialogue.slug}/delegation").status_code == 404


def test_a_moderator_sees_what_is_near_shows_one_and_refuses_another(dialogue):
    first, second = written(dialogue, "A person must be able to stop any system."), written(dialogue, "Hello to all.")
    client = signed_in("secretariat")
    shown = page(client, dialogue, "desk")
    assert shown.index(f'id="s-{first.number}"') < shown.index(f'id="s-{second.number}"')
    assert "Shown already, in nearly the same words" in shown
    assert f"{'2 statements wait'}" in shown
    assert "is shown" in send(client, dialogue, "desk", number=first.number, on="waiting", do="show")
    told = send(
        client,
        dialogue,
        "desk",
        number=second.number,
        on="waiting",
        do="refuse",
        reason="not-a-statement",
        note="A greeting.",
    )
    assert "The reason is published" in told
    public = page(Client(), dialogue, "decisions")
    assert "Hello to all." in public
    assert "Nothing to agree with" in public
    assert "A greeting." in public


def test_the_second_of_two_moderators_is_told_what_the_first_decided(dialogue):
    row = written(dialogue)
    one, two = signed_in("secretariat"), signed_in("secretariat")
    send(one, dialogue, "desk", number=row.number, on="waiting", do="show")
    told = two.post(
        f"/dialogue/{dialogue.slug}/desk", {"number": row.number, "on": "waiting", "do": "refuse", "reason": "insults"}
    )
    assert told.status_code == 409
    assert "already been decided: it is shown" in told.content.decode()
    assert Moderation.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"do": "hide"},
        {"do": "refuse"},
        {"do": "refuse", "reason": "ugly"},
        {"do": "refuse", "reason": "insults", "note": "x" * 501},
        {"do": "refuse", "reason": "insults", "on": "elsewhere"},
        {"do": "refuse", "reason": "duplicate", "duplicates": "x"},
        {"do": "show", "on": "waiting", "number": "1e3"},
        {"do": "refuse", "reason": "insults", "hide": "perhaps"},
    ],
)
def test_a_decision_that_makes_no_sense_is_told_so(dialogue, given):
    row = written(dialogue)
    answer = signed_in("secretariat").post(f"/dialogue/{dialogue.slug}/desk", {"number": row.number, **given})
    assert answer.status_code == 400
    assert not Moderation.objects.exists()


def test_hidden_words_are_on_no_page_of_others(dialogue):
    row = written(dialogue, "Mr X lives at 5 Y street.")
    send(
        signed_in("secretariat"),
        dialogue,
        "desk",
        number=row.number,
        on="waiting",
        do="refuse",
        reason="personal-data",
        hide="yes",
    )
    for client in (Client(), signed_in("head"), signed_in("expert")):
        for name in ("decisions", "statements"):
            assert "5 Y street" not in page(client, dialogue, name)
        assert client.get(f"/dialogue/{dialogue.slug}/statements/{row.number}").status_code == 404
    assert "5 Y street" in page(signed_in("secretariat"), dialogue, "decisions")


def test_who_wrote_with_a_code_appeals_from_the_same_browser_and_a_chair_grants_it(dialogue):
    client = Client()
    sent = client.post(f"/dialogue/{dialogue.slug}/write", {"text": "Logs are kept.", "language": "en"})
    assert sent.status_code == 302
    number = Participant.objects.get().statements.get().number
    send(signed_in("secretariat"), dialogue, "desk", number=number, on="waiting", do="refuse", reason="off-topic")
    mine = page(client, dialogue, "decisions", "?which=mine")
    assert 'name="appeal"' in mine
    assert 'name="appeal"' not in page(Client(), dialogue, "decisions")
    told = send(
        client, dialogue, "decisions", number=number, do="appeal", appeal="It is about proof.", **{"as": "person"}
    )
    assert "Your appeal is kept" in told
    assert "It is about proof." not in page(Client(), dialogue, "decisions")
    chair = signed_in(account_with("chair", body="oversight"))
    assert "It is about proof." in page(chair, dialogue, "decisions", "?which=appeals")
    send(chair, dialogue, "decisions", number=number, do="granted", note="It answers the question.")
    public = page(Client(), dialogue, "decisions")
    assert "Appeal granted, statement shown" in public
    assert "It answers the question." in public
    assert "Logs are kept." in page(Client(), dialogue, "statements")


def test_another_browser_cannot_appeal(dialogue):
    row = written(dialogue)
    decide_statement(
        slug=dialogue.slug, number=row.number, decision="refuse", reason="insults", by=account_with("secretariat")
    )
    answer = Client().post(
        f"/dialogue/{dialogue.slug}/decisions", {"number": row.number, "do": "appeal", "appeal": "Please look."}
    )
    assert answer.status_code == 409
    assert Moderation.objects.get().appeal == "none"


def test_a_translator_types_a_text_that_readers_then_see_with_its_state(dialogue):
    client = signed_in("translator")
    shown = page(client, dialogue, "translations", "?to=ar")
    assert "A person must be able to stop a system." in shown
    assert 'dir="rtl"' in shown
    on = re.search(r'name="number" value="1">.*?name="on" value="(\w*)"', shown, flags=re.DOTALL)[1]
    told = send(client, dialogue, "translations", number=1, language="ar", on=on, do="keep", text="يجب أن يوقفه إنسان.")
    assert "The translation is kept" in told
    assert StatementText.objects.get(language="ar").made_by == "translator"
    arabic = Client().get(f"/dialogue/{dialogue.slug}/statements?lang=ar").content.decode()
    assert "يجب أن يوقفه إنسان." in arabic
    assert '<html lang="ar" dir="rtl">' in arabic


def test_words_of_a_model_say_that_they_await_a_person_until_one_checks_them(dialogue):
    from comity.platform.dialogue.models import Statement

    StatementText.objects.create(
        statement=Statement.objects.get(dialogue=dialogue, number=1),
        language="ru",
        text="Машина.",
        state="machine",
        made_by="turner 0.1",
        made_at=dialogue.opened_at,
    )
    client = signed_in("translator")
    shown = page(client, dialogue, "translations", "?to=ru&stage=machine")
    assert "Translated by turner 0.1, awaiting a person" in shown
    on = re.search(r'name="on" value="(\w+)"', shown)[1]
    send(client, dialogue, "translations", number=1, language="ru", on=on, do="check")
    assert "Translated by turner 0.1, checked by a person" in page(
        client, dialogue, "translations", "?to=ru&stage=checked"
    )


@pytest.mark.parametrize(
    "given, status",
    [
        ({"do": "keep", "language": "xx", "text": "X"}, 400),
        ({"do": "keep", "language": "fr", "text": ""}, 400),
        ({"do": "keep", "language": "fr", "text": "x" * 721}, 400),
        ({"do": "keep", "language": "fr", "text": "X", "number": 99}, 404),
        ({"do": "keep", "language": "fr", "text": "X", "on": "seen before"}, 409),
        ({"do": "check", "language": "fr"}, 404),
        ({"language": "fr"}, 400),
    ],
)
def test_a_translation_that_cannot_be_kept_is_told_so(dialogue, given, status):
    answer = signed_in("translator").post(f"/dialogue/{dialogue.slug}/translations", {"number": 3, **given})
    assert answer.status_code == status
    assert not StatementText.objects.filter(statement__number=3, language="fr").exists()


def test_a_delegation_prepares_clears_and_gives_in_the_browser(dialogue):
    head, capital = signed_in("head"), signed_in("capital")
    told = send(
        head,
        dialogue,
        "delegation",
        member="m1",
        number=1,
        do="prepare",
        vote="agree",
        standing="position",
        note="As in March.",
        on="",
    )
    assert "Only your delegation sees it" in told
    assert "capital clears positions" in told
    mine = head.get("/delegation/").content.decode()
    assert "answers are ready" not in mine
    assert "answers await your clearance (1)" in capital.get("/delegation/").content.decode()
    shown = page(capital, dialogue, "delegation", "?show=clear")
    on = re.search(r'name="on" value="(2[^"]+)"', shown)[1]
    send(capital, dialogue, "delegation", member="m1", number=1, do="clear", on=on)
    assert "answers are ready to be given (1)" in head.get("/delegation/").content.decode()
    told = send(head, dialogue, "delegation", member="m1", do="give-all")
    assert "1 answer is given." in told
    assert (Answer.objects.get().value, Answer.objects.get().standing) == (1, "position")


def test_a_capital_clears_a_page_of_answers_at_once(dialogue):
    head, capital = account_with("head"), signed_in("capital")
    for number in (1, 2):
        prepare_answer(slug=dialogue.slug, number=number, member="m1", value=1, standing="position", by=head)
    shown = page(capital, dialogue, "delegation")
    told = send(capital, dialogue, "delegation", do="clear-all", seen=re.findall(r'name="seen" value="([^"]+)"', shown))
    assert "2 answers are cleared." in told
    assert PreparedAnswer.objects.filter(cleared_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    "given, status",
    [
        ({}, 400),
        ({"do": "prepare", "number": 1, "standing": "position"}, 400),
        ({"do": "prepare", "number": 1, "vote": "awaiting", "standing": "position"}, 400),
        ({"do": "prepare", "number": 1, "vote": "agree", "standing": "own"}, 400),
        ({"do": "prepare", "number": 1, "vote": "agree", "standing": "position", "member": "m2"}, 400),
        ({"do": "prepare", "number": 99, "vote": "agree", "standing": "position"}, 404),
        ({"do": "clear-all", "seen": "1;now"}, 400),
        ({"do": "clear-all", "seen": "²:now"}, 400),
        ({"do": "give", "number": 1}, 404),
        ({"do": "give-all"}, 409),
        ({"do": "back", "number": 1, "note": "No."}, 403),
    ],
)
def test_what_a_delegation_cannot_do_is_told_so(dialogue, given, status):
    answer = signed_in("head").post(f"/dialogue/{dialogue.slug}/delegation", given)
    assert answer.status_code == status, answer.content.decode()[-800:]
    assert not PreparedAnswer.objects.exists()
    assert not Answer.objects.exists()


CANARY = "Qx9Canary"


@pytest.mark.parametrize("role", ["public", "secretariat", "operator", "chair", "expert", "observer", "other head"])
def test_no_page_of_the_dialogue_shows_outsiders_what_a_delegation_prepares(dialogue, role):
    head = account_with("head")
    prepare_answer(
        slug=dialogue.slug, number=1, member="m1", value=1, standing="position", note=f"{CANARY} note", by=head
    )
    outsider = account_with("head", member="m2") if role == "other head" else None
    client = Client() if role == "public" else signed_in(outsider or role)
    places = [f"/dialogue/{dialogue.slug}", *(f"/dialogue/{dialogue.slug}/{name}" for name in (*PAGES, "statements"))]
    for address in (*places, f"/dialogue/{dialogue.slug}/delegation?member=m1", "/delegation/", "/account/export"):
        for answer in (client.get(address), client.post(address, {"member": "m1", "do": "give-all", "number": 1})):
            assert CANARY not in answer.content.decode(), address
    assert CANARY in page(signed_in(head), dialogue, "delegation")
    assert not Answer.objects.exists()


def test_a_batch_is_made_printed_typed_twice_settled_and_counted(dialogue):
    one, two = signed_in("secretariat"), signed_in("secretariat")
    told = send(one, dialogue, "sheets", place="Lamu", language="en", sheets=3, statements=12)
    assert "Print its sheets" in told
    printed = page(one, dialogue, "sheets/1/print", "?first=2&last=3")
    assert printed.count('<section class="sheet') == 2
    assert "Sheet 2" in printed
    assert "Sheet 1<" not in printed
    assert printed.count('<use href="#t-open"/>') == 2 * 3 * 2
    assert "<script" not in printed
    assert "style=" not in printed
    assert one.get(f"/dialogue/{dialogue.slug}/sheets/1?serial=2")["Location"].endswith("/sheets/1/2")
    form = page(one, dialogue, "sheets/1/1")
    assert 'name="s-1"' in form
    assert "checked" not in form
    assert "typed once" in send(one, dialogue, "sheets/1/1", do="enter", **{"s-1": "agree", "s-3": "blank"})
    # The second does not see what the first typed.
    assert page(two, dialogue, "sheets/1/1").count("checked") == 0
    assert "typings differ" in send(two, dialogue, "sheets/1/1", do="enter", **{"s-1": "pass", "s-3": "blank"})
    settle = page(two, dialogue, "sheets/1/1")
    assert "Typed first: Agree. Typed second: Pass." in settle
    assert 'name="s-3"' not in settle
    assert "Sheet 1 counts." in send(two, dialogue, "sheets/1/1", do="settle", **{"s-1": "pass"})
    assert Answer.objects.get().value == 0
    assert one.post(f"/dialogue/{dialogue.slug}/sheets/1/1", {"do": "enter", "s-1": "agree"}).status_code == 409
    assert Participant.objects.count() == 1


@pytest.mark.parametrize(
    "address, given, status",
    [
        ("sheets", {"place": "", "language": "en", "sheets": 3}, 400),
        ("sheets", {"place": "Lamu", "language": "xx", "sheets": 3}, 400),
        ("sheets", {"place": "Lamu", "language": "en"}, 400),
        ("sheets", {"place": "Lamu", "language": "en", "sheets": 1001}, 400),
        ("sheets", {"place": "Lamu", "language": "en", "sheets": 3, "region": "atlantis"}, 400),
        ("sheets", {"place": "Lamu", "language": "sw", "sheets": 3}, 409),
        ("sheets/1/4", {"do": "enter", "s-1": "agree"}, 400),
        ("sheets/1/0", {"do": "enter", "s-1": "agree"}, 400),
        ("sheets/9/1", {"do": "enter", "s-1": "agree"}, 404),
        ("sheets/1/1", {"do": "enter", "s-2": "agree"}, 400),
        ("sheets/1/1", {"do": "enter", "s-x": "agree"}, 400),
        ("sheets/1/1", {"do": "enter", "s-²": "agree"}, 400),
        ("sheets/1/1", {"do": "enter", "s-1": "maybe"}, 400),
        ("sheets/1/1", {"s-1": "agree"}, 400),
        ("sheets/1/1", {"do": "settle", "s-1": "agree"}, 409),
    ],
)
def test_a_sheet_that_cannot_be_is_told_so(dialogue, address, given, status):
    user = account_with("secretariat")
    make_batch(slug=dialogue.slug, place="Lamu", language="en", sheets=3, by=user)
    answer = signed_in(user).post(f"/dialogue/{dialogue.slug}/{address}", given)
    assert answer.status_code == status
    assert not Participant.objects.exists()


@pytest.mark.parametrize("query", ["?first=0", "?first=4", "?first=2&last=1", "?first=x", "?last=99"])
def test_sheets_that_do_not_exist_are_not_printed(dialogue, query):
    user = account_with("secretariat")
    make_batch(slug=dialogue.slug, place="Lamu", language="en", sheets=3, by=user)
    assert signed_in(user).get(f"/dialogue/{dialogue.slug}/sheets/1/print{query}").status_code == 400


def test_instructions_are_printed_in_the_language_of_the_sheet_from_right_to_left_for_arabic(dialogue):
    user = account_with("secretariat")
    client = signed_in("translator")
    send(client, dialogue, "translations", number=1, language="ar", on="", do="keep", text="يجب أن يوقفه إنسان.")
    make_batch(slug=dialogue.slug, place="Lamu", language="ar", sheets=1, by=user)
    printed = page(signed_in(user), dialogue, "sheets/1/print")
    assert '<html lang="ar" dir="rtl">' in printed
    assert "يجب أن يوقفه إنسان." in printed


def test_other_views_are_written_checked_and_removed_by_the_secretariat(dialogue):
    client = signed_in("secretariat")
    told = send(
        client,
        dialogue,
        "other-views",
        do="keep",
        track="people",
        language="en",
        text="A judge should decide.",
        statements="1, 3",
    )
    assert "Not checked yet, not shown" in told
    row = OtherView.objects.get()
    assert row.statements == [1, 3]
    assert "Checked with those who hold it" in send(
        client, dialogue, "other-views", do="check", view=row.pk, text="A judge should decide."
    )
    send(client, dialogue, "other-views", do="remove", view=row.pk)
    assert not OtherView.objects.exists()
    for given in ({"do": "keep", "track": "people", "language": "en", "text": "X y z", "statements": "one"}, {}):
        assert client.post(f"/dialogue/{dialogue.slug}/other-views", given).status_code == 400


def test_an_author_with_an_account_sees_its_own_refusals(dialogue):
    voice = author(dialogue)
    row = written(dialogue, by=voice)
    decide_statement(
        slug=dialogue.slug, number=row.number, decision="refuse", reason="insults", by=account_with("secretariat")
    )
    assert "Why it should be shown" in page(signed_in(voice.user), dialogue, "decisions", "?which=mine")


def test_the_export_of_an_account_holds_what_it_did_in_dialogues(dialogue):
    voice = author(dialogue)
    row = written(dialogue, "Logs are kept.", by=voice)
    found = signed_in(voice.user).get("/account/export").json()
    assert found["dialogues"][0]["statements"][0]["number"] == row.number
    assert {"prepared_answers", "moderation", "sheets_typed", "dialogue_invitations"} <= set(found)
