"""Questions about a need: asked without either learning who the other is, answered once, seen by who sees the need."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.needs import close_need, show_need
from comity.platform.capacity.questions import MOST_WAITING, answer_about, ask_about, may_ask, questions_seen
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act
from support.contributions import a_person, commitment_between, draft_need, open_need, open_offer
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db


def ask(need, by, member="", text="Which ministry leads?"):
    return ask_about(slug=need.slug, text=text, language="en", member=member, by=by)


def seen(need, user):
    return questions_seen(need=need, user=user, language="en")


def test_a_provider_asks_and_the_member_answers_and_neither_learns_who_the_other_is():
    need, provider, head = open_need(), a_person("m2"), a_person("m1")
    open_offer("m2")
    ask(need, provider, "m2")
    answer_about(slug=need.slug, number=1, text="The ministry of justice.", language="en", by=head)
    question, answer = Act.objects.filter(subject=need.reference).exclude(type="send-need").order_by("entered_at")
    assert (question.type, question.visibility, question.audience) == (
        "ask-about-need",
        "delegation",
        "delegation:m2",
    )
    assert (answer.type, answer.audience, answer.member) == ("answer-about-need", "delegation:m1", "m1")
    told = {user.pk: seen(need, user)[0] for user in (provider, head, account_with("secretariat"))}
    assert [(v.by, v.asker, v.is_mine, v.answer) for v in told.values()] == [
        ("provider", "m2", True, "The ministry of justice."),
        ("provider", "", False, "The ministry of justice."),
        ("provider", "m2", False, "The ministry of justice."),
    ]


def test_once_the_two_have_agreed_each_knows_the_other():
    need, offer, head = open_need(), open_offer("m2"), a_person("m1")
    ask(need, a_person("m2"), "m2")
    open_offer("m3")
    ask(need, a_person("m3"), "m3")
    commitment_between(need, offer, state="agreed")
    assert [v.asker for v in seen(need, head)] == ["m2", ""]


def test_about_a_public_need_who_asks_is_named_and_what_was_asked_before_is_not():
    need, provider = open_need(), a_person("m2")
    open_offer("m2")
    ask(need, provider, "m2")
    show_need(slug=need.slug, shown_to="public", by=SET_UP)
    ask(need, provider, "m2")
    ask(need, account_with("secretariat"))
    assert [(v.by, v.asker) for v in seen(need, AnonymousUser())] == [
        ("provider", ""),
        ("provider", "m2"),
        ("secretariat", ""),
    ]


def test_only_providers_and_the_secretariat_ask_and_only_who_sees_the_need():
    need = open_need(shown_to="public")
    open_offer("m2")
    assert may_ask(need=need, user=a_person("m2")) == ("m2",)
    assert may_ask(need=need, user=account_with("secretariat")) == ("",)
    for user, member in (
        (a_person("m3"), "m3"),
        (a_person("m2"), "m3"),
        (a_person("m2"), ""),
        (a_person("m2", "adviser"), "m2"),
        (a_person("m1"), "m1"),
        (AnonymousUser(), ""),
    ):
        with pytest.raises(NotPermitted):
            ask(need, user, member)
    hidden = open_need(shown_to="secretariat")
    with pytest.raises(NotFound):
        ask(hidden, a_person("m2"), "m2")
    with pytest.raises(NotFound):
        ask(draft_need(), account_with("secretariat"))


def test_a_question_is_answered_once_by_who_speaks_for_the_member():
    need = open_need()
    ask(need, account_with("secretariat"))
    given = {"slug": need.slug, "number": 1, "text": "Yes.", "language": "en"}
    for user in (account_with("secretariat"), a_person("m2")):
        with pytest.raises(NotFound):
            answer_about(**given, by=user)
    with pytest.raises(NotPermitted):
        answer_about(**given, by=a_person("m1", "delegate"))
    head = a_person("m1")
    assert [n.kind for n in needs_of(user=head)] == ["answer-about-need"]
    answer_about(**given, by=head)
    assert needs_of(user=head) == ()
    with pytest.raises(Conflict, match="answered before"):
        answer_about(**given, by=head)
    with pytest.raises(NotFound):
        answer_about(**{**given, "number": 2}, by=head)


@pytest.mark.parametrize(
    "text,language,name", [("", "en", "question"), ("x" * 2001, "en", "question"), ("Why?", "de", "language")]
)
def test_what_cannot_be_asked_is_refused(text, language, name):
    need = open_need()
    with pytest.raises(BadParameter) as refusal:
        ask_about(slug=need.slug, text=text, language=language, by=account_with("secretariat"))
    assert refusal.value.data["name"] == name


def test_nobody_asks_without_end_nor_about_what_has_ended():
    need, office = open_need(), account_with("secretariat")
    for _ in range(MOST_WAITING):
        ask(need, office)
    with pytest.raises(Conflict, match="wait for an answer"):
        ask(need, office)
    close_need(slug=need.slug, by=SET_UP)
    with pytest.raises(NotPermitted):
        ask(need, office)
