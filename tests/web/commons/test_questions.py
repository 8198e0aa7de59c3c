"""What members ask one another, in a browser with no scripts: every step by its form, what is refused, and what each reader is shown."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.test import Client

from comity.errors import ComityError
from comity.platform.commons import answering, asking, subjects_asked
from comity.platform.commons.asking import close_question
from comity.platform.commons.models import MemberQuestion, MemberReply
from comity.platform.parties import preparing
from comity.web import words_of_questions
from comity.web.refusals import words_of
from support.contributions import a_person, open_need
from support.pages import page, signed_in, signed_in_as
from support.parties import SET_UP, account_with, make_body, today
from support.questions import draft_question, draft_reply, open_question, sent_reply

pytestmark = pytest.mark.django_db
ALL = "/commons/questions"
QUESTION = {
    "title_en": "Has anybody run speech models offline?",
    "title_fr": "Qui a utilisé des modèles de parole hors ligne ?",
    "text_en": "What came of it?",
    "language": "fr",
    "whom": "all",
    "visibility": "members",
    "note": "Cable 4.",
}
REPLY = {"reply_en": "We did, for two years.", "language": "en", "shown_to": "asker", "note": "ours"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    make_body()


def at(row) -> str:
    return f"/{row.reference}"


def seen_in(text: str) -> str:
    return re.search(r'name="on" value="([^"]+)"', text)[1]


def send(client, address, *, status=200, **given) -> str:
    answer = client.post(address, given, follow=True)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def test_a_question_goes_from_its_draft_to_a_reply_that_its_asker_alone_reads():
    head, capital = a_person("m1"), account_with("capital")
    asker, clerk = signed_in_as(head), signed_in_as(capital)
    assert "Ask members" in page(asker, ALL)
    day = (today() + dt.timedelta(days=5)).isoformat()
    said = send(asker, f"{ALL}/new", **{"for": "assembly/m1"}, wanted_by=day, **QUESTION)
    made = MemberQuestion.objects.get()
    assert "The draft is kept." in said
    assert (made.language, sorted(made.titles), made.is_to_all, made.note) == ("fr", ["en", "fr"], True, "Cable 4.")
    assert 'value="send"' not in page(asker, at(made))
    send(clerk, at(made), do="back", note="Say what for")
    assert "Say what for" in page(asker, at(made))
    send(clerk, at(made), do="clear", on=seen_in(page(clerk, at(made))))
    said = send(asker, at(made), do="send", on=seen_in(page(asker, at(made))))
    assert "It is sent." in said
    other = signed_in_as(a_person("m2"))
    text = page(other, at(made))
    assert "Your member is asked" in text
    assert "Français" in text or "français" in text
    said = send(other, f"{at(made)}/answer", **{"for": "m2", "on": ""}, **REPLY)
    reply = MemberReply.objects.get()
    assert "Your delegation alone sees it until it is sent." in said
    assert "Nobody else learns that you answered" in said
    send(other, at(reply), do="send", on=seen_in(page(other, at(reply))))
    assert "We did, for two years." in page(asker, at(made))
    assert "For you alone" in page(asker, at(reply))
    third = signed_in_as(a_person("m3"))
    assert "Member 2" not in page(third, at(made))
    page(third, at(reply), status=404)


def test_lists_show_what_waits_first_and_are_filtered_by_what_is_unanswered_and_what_is_ones_own():
    mine, of_others = open_question(), open_question(member="m2", titles={"en": "What did clean data cost?"})
    drafted = draft_question(titles={"en": "Half a question"})
    head, public = signed_in_as(a_person("m1")), Client()
    for show, found in (("", {mine, of_others}), ("unanswered", {of_others}), ("mine", {mine})):
        text = page(head, f"{ALL}?show={show}")
        assert {q for q in (mine, of_others) if at(q) in text.partition('id="all"')[2]} == found
        assert at(drafted) in text.partition('id="all"')[0]
    assert "No question was asked that you may see." in page(public, ALL)
    assert "Half a question" not in page(signed_in_as(a_person("m2")), ALL)
    page(head, f"{ALL}?show=else", status=400)


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"title_en": "", "title_fr": ""}, "empty"),
        ({"language": "ru"}, "Language"),
        ({"visibility": ""}, "Who will see it"),
        ({"visibility": "committee"}, "Who will see it"),
        ({"whom": "named"}, "Whom you ask"),
        ({"whom": "named", "to": ["m1"]}, "Whom you ask"),
        ({"wanted_by": "2020-01-01"}, "a day from today on"),
        ({"wanted_by": "soon"}, "a day such as"),
        ({"about": "/alignment/topics/none-such"}, "What it is about"),
        ({"about": "parties/members/m2"}, "What it is about"),
    ],
)
def test_what_cannot_be_asked_comes_back_as_it_was_typed(wrong, says):
    head = signed_in_as(a_person("m1"))
    said = send(head, f"{ALL}/new", status=400, **{"for": "assembly/m1"}, **(QUESTION | wrong))
    assert says in said.partition('role="alert"')[2].partition("</p>")[0]
    assert "Cable 4." in said
    assert MemberQuestion.objects.count() == 0


def test_a_need_is_named_to_its_readers_alone_and_the_address_may_be_written_whole():
    need = open_need("m1", shown_to="secretariat", titles={"en": "Advice that few know of"})
    asker = signed_in_as(a_person("m1"))
    form = page(asker, f"{ALL}/new?about={need.reference}&for=assembly/m1")
    assert need.reference in form
    assert "Advice that few know of" in form
    send(asker, f"{ALL}/new", **{"for": "assembly/m1"}, about=f"http://testserver/{need.reference}?x=1", **QUESTION)
    made = MemberQuestion.objects.get()
    asking.send_question(slug=made.slug, by=SET_UP)
    assert "Advice that few know of" in page(asker, at(made))
    text = page(signed_in_as(a_person("m2")), at(made))
    assert "What it is about" not in text
    assert need.slug not in text
    said = send(
        signed_in_as(a_person("m2")),
        f"{ALL}/new",
        status=400,
        **{"for": "assembly/m2"},
        about=need.reference,
        **QUESTION,
    )
    assert "What it is about" in said


def test_the_secretariat_asks_in_the_name_of_the_body_changes_and_closes():
    office = signed_in("secretariat")
    assert "In the name of the body" in page(office, f"{ALL}/new?about=alignment/topics/x")
    said = send(office, f"{ALL}/new", **{"for": "assembly/"}, **QUESTION)
    assert "asked in the name of the body" in said
    made = MemberQuestion.objects.get()
    said = send(
        office, f"{at(made)}/change", on=seen_in(page(office, at(made))), **(QUESTION | {"title_en": "Other words"})
    )
    assert "Other words" in said
    send(office, at(made), do="close", on=seen_in(page(office, at(made))))
    assert MemberQuestion.objects.get().state == "closed"
    page(signed_in("chair"), f"{at(made)}/change", status=404)


def test_who_may_not_is_refused_and_who_sees_nothing_finds_nothing():
    drafted, asked = draft_question(), open_question()
    reply = draft_reply(asked, "m2")
    outsider, adviser = signed_in("operator"), signed_in("adviser", member="m3")
    page(outsider, f"{ALL}/new", status=403)
    for address in (at(drafted), at(asked), f"{at(drafted)}/change", f"{at(asked)}/answer", at(reply)):
        for client in (outsider, Client()):
            page(client, address, status=404)
            assert client.post(address, {"do": "send"}).status_code == 404
    assert adviser.post(at(asked), {"do": "close"}).status_code == 404
    assert adviser.post(at(asked), {"do": "decline", "member": "m3"}).status_code == 403
    assert adviser.post(at(asked), {"do": "decline", "member": "m2"}).status_code == 404
    page(signed_in("chair"), f"{at(asked)}/answer", status=403)
    assert adviser.post(at(asked), {"do": "vanish"}).status_code == 400


def test_who_clears_a_change_of_a_question_reads_all_that_it_will_be():
    made = open_question(visibility="public")
    head, clerk = signed_in_as(a_person("m1")), signed_in("capital")
    need = open_need("m1", titles={"en": "Advice on a data law"})
    form = page(head, f"{at(made)}/change")
    given = QUESTION | {
        "title_en": "Asked anew",
        "whom": "named",
        "to": ["m3"],
        "about": need.reference,
        "visibility": "members",
    }
    send(head, f"{at(made)}/change", on=seen_in(form), wanted_by=(today() + dt.timedelta(days=40)).isoformat(), **given)
    told = page(clerk, at(made)).partition("What it will be")[2].partition("</dl>")[0]
    for said in (
        "Asked anew",
        "Member 3",
        "Advice on a data law",
        "Members",
        str((today() + dt.timedelta(days=40)).year),
        "ran\u00e7ais",
    ):
        assert said in told
    assert "Asked anew" not in page(signed_in_as(a_person("m3")), at(made))


def test_declining_is_shown_to_its_delegation_alone():
    made = open_question(visibility="public")
    head = signed_in_as(a_person("m2"))
    before = page(Client(), at(made))
    said = send(head, at(made), do="decline", member="m2")
    assert "noted that it will not answer" in said
    assert page(Client(), at(made)) == before
    assert "Write an answer" in page(head, at(made))


def test_the_page_is_the_same_to_others_whether_a_member_answered_the_asker_alone_or_not():
    made = open_question(visibility="public")
    third = signed_in_as(a_person("m3"))
    pages = (at(made), ALL, f"{ALL}?show=unanswered")

    def shown(client):
        return [re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page(client, address)) for address in pages]

    before = shown(Client()), shown(third)
    sent_reply(made, "m2", shown_to="asker")
    draft_reply(made, "m4")
    assert (shown(Client()), shown(third)) == before


def test_a_change_of_a_reply_waits_and_a_withdrawal_asks_to_be_sure():
    made = open_question()
    reply = sent_reply(made, "m2")
    head = signed_in_as(a_person("m2"))
    form = page(head, f"{at(made)}/answer?for=m2")
    assert "We did, for two years." in form
    send(head, f"{at(made)}/answer", status=409, **{"for": "m2"}, on="0/then", **REPLY)
    said = send(head, f"{at(made)}/answer", **{"for": "m2"}, on=seen_in(form), **(REPLY | {"reply_fr": "Trois ans."}))
    assert "What it will be" in said
    assert "Trois ans." in said
    assert "Trois ans." not in page(signed_in_as(a_person("m1")), at(reply))
    send(head, at(reply), do="drop", on=seen_in(page(head, at(reply))))
    send(head, at(reply), status=400, do="withdraw", on=seen_in(page(head, at(reply))))
    said = send(head, at(reply), do="withdraw", sure="yes", on=seen_in(page(head, at(reply))))
    assert "The answer is withdrawn." in said
    assert "Member 2" not in page(signed_in_as(a_person("m3")), at(made))


def test_once_it_is_closed_a_draft_can_be_put_away_and_nothing_more_is_written():
    made = open_question()
    reply = draft_reply(made, "m2")
    close_question(slug=made.slug, by=SET_UP)
    head = signed_in_as(a_person("m2"))
    text = page(head, at(reply))
    assert "The question ended before this was sent." in text
    assert 'value="send"' not in text
    page(head, f"{at(made)}/answer", status=409)
    send(head, at(reply), do="drop", on=seen_in(text))
    assert MemberReply.objects.count() == 0


def test_every_refusal_of_a_question_has_its_words():
    said = {
        value for module in (asking, answering, preparing) for value in vars(module).values() if isinstance(value, str)
    }
    said = {s for s in said if (s.endswith(".") and ";" in s) or s.startswith("20 questions")}
    from comity.web.refusals import _of_rooms

    assert said <= set(_of_rooms("PROBLEMS"))
    allowed = {subjects_asked.SHOWN_KINDS, subjects_asked.NOT_WIDER, f"at most {subjects_asked.MOST_SUBJECTS}"}
    assert allowed <= set(words_of_questions.ALLOWED)
    made = open_question()
    with pytest.raises(ComityError) as refused:
        asking.demand_no_more("public", than="members")
    assert refused.value.data["problem"] in words_of_questions.PROBLEMS
    assert words_of(refused.value)
    assert made.state == "open"
