"""Questions of members: prepared, cleared and sent, seen by their circle, changed to fewer, closed and withdrawn; and the body's own."""

from __future__ import annotations

import datetime as dt
import json
import zlib

import pytest
from django.contrib.auth.models import AnonymousUser

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.asking import (
    MOST_OPEN,
    change_question,
    clear_question,
    close_question,
    drop_question,
    prepare_question,
    send_back_question,
    send_question,
    withdraw_question,
)
from comity.platform.commons.models import MemberQuestion
from comity.platform.commons.question_views import (
    places_to_ask,
    question_page,
    question_to_change,
    questions_about,
    questions_listed,
    questions_prepared,
)
from comity.platform.commons.questions_seen import question_seen
from comity.platform.parties.preparing import token_of
from comity.platform.record.models import Act
from support.commons import release
from support.contributions import a_person
from support.parties import SET_UP, account_with, make_body, today
from support.questions import draft_question, open_question, question_given, sent_reply

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def again(row):
    return type(row).objects.get(pk=row.pk)


def listed(user, **given):
    return [q.slug for q in questions_listed(user=user, **given)]


def changed(question, **new):
    held = question_given(**new)
    return change_question(
        slug=question.slug, by=SET_UP, **{k: v for k, v in held.items() if k not in {"body", "member"}}
    )


def test_a_draft_is_seen_by_its_delegation_alone_and_is_no_act():
    head = a_person("m1")
    made = draft_question(by=head, visibility="public", note="for us")
    assert question_page(slug=made.slug, user=head, language="en").desk.note == "for us"
    for other in (PUBLIC, a_person("m2"), account_with("secretariat"), account_with("operator")):
        with pytest.raises(NotFound):
            question_seen(slug=made.slug, user=other)
        assert (listed(other), questions_prepared(user=other)) == ([], [])
    assert [q.slug for q in questions_prepared(user=head)] == [made.slug]
    assert not Act.objects.filter(subject=made.reference).exists()


def test_where_the_capital_clears_nothing_is_sent_uncleared_or_changed_meanwhile():
    head, capital = a_person("m1"), account_with("capital")
    made = draft_question(by=head)
    with pytest.raises(Conflict, match="not cleared"):
        send_question(slug=made.slug, by=head)
    seen = token_of(again(made))
    changed(made, titles={"en": "Another question altogether?"})
    with pytest.raises(Conflict, match="changed since"):
        clear_question(slug=made.slug, by=capital, on=seen)
    send_back_question(slug=made.slug, note="Say by when", by=capital)
    assert again(made).note == "Say by when"
    clear_question(slug=made.slug, by=capital, on=token_of(again(made)))
    act = send_question(slug=made.slug, by=head)
    assert (act.type, act.office, act.member, act.visibility) == ("ask-members", "head", "m1", "members")
    assert (again(made).state, again(made).version, again(made).cleared_by) == ("open", 1, capital)


def test_nobody_else_does_anything_with_it_and_an_adviser_sends_nothing():
    made = draft_question(by=a_person("m1"))
    for other in (a_person("m2"), account_with("secretariat")):
        for act in (send_question, close_question, withdraw_question, drop_question):
            with pytest.raises(NotFound):
                act(slug=made.slug, by=other)
        with pytest.raises(NotFound):
            clear_question(slug=made.slug, by=other, on=token_of(made))
        with pytest.raises(NotFound):
            question_to_change(slug=made.slug, user=other)
    with pytest.raises(NotPermitted):
        send_question(slug=made.slug, by=account_with("adviser"))
    with pytest.raises(NotPermitted):
        draft_question(by=account_with("observer"))
    with pytest.raises(NotPermitted):
        draft_question(by=a_person("m2"), member="m1")


@pytest.mark.parametrize(
    "circle, body, sees, sees_not",
    [
        ("public", "assembly", ["public", "head of m2", "operator"], []),
        ("members", "assembly", ["head of m2", "secretariat"], ["public", "observer", "operator"]),
        ("committee", "oversight", ["head of m2", "secretariat", "observer"], ["public", "head of m3", "operator"]),
    ],
)
def test_a_question_is_seen_by_its_circle_and_nobody_else(circle, body, sees, sees_not):
    made = open_question(visibility=circle, body=body)

    def somebody(who):
        kind, _of, member = who.partition(" of ")
        where = {"body_of_credential": "oversight"} if body == "oversight" and member != "m3" else {}
        return account_with(kind, **({"member": member} if member else {}), **(where if kind != "public" else {}))

    assert [who for who in [*sees, *sees_not] if made.slug in listed(somebody(who))] == sees


def test_what_cannot_be_asked_is_refused_and_nothing_is_kept():
    head = a_person("m1")
    wrong = [
        {"titles": {}},
        {"titles": {"en": "x" * 201}},
        {"titles": {"de": "Frage"}},
        {"language": "fr"},
        {"language": ""},
        {"texts": {"en": "a\u202eb"}},
        {"visibility": "delegation"},
        {"visibility": "committee"},
        {"visibility": ""},
        {"to": ["m1"]},
        {"to": ["watcher"]},
        {"to": ["nobody"]},
        {"wanted_by": today() - dt.timedelta(days=1)},
        {"wanted_by": dt.date(9999, 1, 1)},
        {"about": ["parties/members/m2"]},
        {"about": ["alignment/topics/../x"]},
        {"about": ["commons/notes/none"]},
        {"about": [f"capacity/needs/n-{n}" for n in range(6)]},
    ]
    for given in wrong:
        with pytest.raises(BadParameter):
            prepare_question(by=head, **question_given(**given))
    assert MemberQuestion.objects.count() == 0


def test_a_question_is_seen_by_no_more_than_the_release_it_is_about():
    make_body()
    release("of-members", member="m1", visibility="members", contents={"README.md": b"x"})
    with pytest.raises(BadParameter, match="no wider"):
        draft_question(by=a_person("m1"), visibility="public", about=["commons/releases/of-members"])
    made = draft_question(by=a_person("m1"), about=["/commons/releases/of-members/"])
    page = question_page(slug=made.slug, user=a_person("m1"), language="en")
    assert (page.about, page.about_elsewhere) == (("commons/releases/of-members",), ())
    release("of-m2", member="m2", visibility="delegation", audience="delegation:m2", contents={"README.md": b"y"})
    with pytest.raises(BadParameter, match="that you may see"):
        draft_question(by=a_person("m1"), about=["commons/releases/of-m2"])


def test_it_is_found_from_what_it_is_about_by_who_sees_it():
    made = open_question(about=["alignment/topics/data", "capacity/needs/n-abcde"])
    for user, found in ((a_person("m2"), [made.slug]), (PUBLIC, [])):
        cards = questions_about(references=["alignment/topics/data"], user=user, language="en")
        assert [c.slug for c in cards] == found
    payload = json.loads(zlib.decompress(bytes(again(made).act.payload)))
    assert payload["about"] == ["alignment/topics/data"]


def test_no_more_than_twenty_stand_at_a_time():
    made = [draft_question() for _ in range(MOST_OPEN)]
    with pytest.raises(Conflict, match="20 questions"):
        draft_question()
    drop_question(slug=made[0].slug, by=SET_UP)
    draft_question()
    draft_question(member="m2")
    assert MemberQuestion.objects.count() == MOST_OPEN + 1


def test_what_was_sent_is_changed_by_another_act_and_never_shown_to_more():
    head = a_person("m1")
    made = open_question(visibility="public", to=["m2", "m3"])
    digest = again(made).act.payload_sha256
    with pytest.raises(Conflict, match="different"):
        changed(made, visibility="public", to=["m3", "m2"])
    changed(made, visibility="members", titles={"en": "Asked again?"})
    page = question_page(slug=made.slug, user=head, language="en")
    assert (page.card.title, page.next["titles"]) == (made.titles["en"], {"en": "Asked again?"})
    assert question_page(slug=made.slug, user=a_person("m2"), language="en").next == {}
    assert send_question(slug=made.slug, by=SET_UP).type == "change-question"
    assert (again(made).visibility, again(made).version, again(made).is_to_all) == ("members", 2, True)
    assert listed(PUBLIC) == []
    assert Act.objects.get(payload_sha256=digest).is_payload_withheld
    with pytest.raises(Conflict, match="never to more"):
        changed(made, visibility="public")


def test_a_closed_question_is_kept_with_its_replies_and_a_withdrawn_one_is_for_those_who_took_part():
    closed, withdrawn = open_question(visibility="public"), open_question(visibility="public")
    for question in (closed, withdrawn):
        sent_reply(question, "m2")
    close_question(slug=closed.slug, by=SET_UP)
    withdraw_question(slug=withdrawn.slug, by=SET_UP)
    assert listed(PUBLIC) == [closed.slug]
    assert len(question_page(slug=closed.slug, user=PUBLIC, language="en").replies) == 1
    assert set(listed(a_person("m1"))) == set(listed(a_person("m2"))) == {closed.slug, withdrawn.slug}
    assert listed(a_person("m3")) == [closed.slug]
    acts = Act.objects.filter(subject__startswith=withdrawn.reference)
    assert (acts.count(), acts.filter(is_payload_withheld=True).count()) == (3, 3)
    for act in (close_question, withdraw_question):
        with pytest.raises(Conflict, match="closed"):
            act(slug=closed.slug, by=SET_UP)


def test_the_secretariat_asks_changes_and_closes_in_the_name_of_the_body():
    make_body()
    office, other = account_with("secretariat"), account_with("chair")
    made = open_question(member="", by=office)
    assert (made.state, made.act.office, made.act.member) == ("open", "secretariat", "")
    page = question_page(slug=made.slug, user=office, language="en")
    assert (page.may_change, page.may_end, page.desk, page.card.is_own) == (True, True, None, True)
    given = {k: v for k, v in question_given().items() if k not in {"body", "member"}}
    change_question(slug=made.slug, by=office, on=page.seen, **{**given, "titles": {"en": "Other words"}})
    assert (again(made).titles, again(made).version, again(made).act.type) == (
        {"en": "Other words"},
        2,
        "change-question",
    )
    for act in (close_question, send_question, withdraw_question):
        with pytest.raises(NotFound):
            act(slug=made.slug, by=other)
    with pytest.raises(NotPermitted):
        draft_question(member="", by=a_person("m1"))
    close_question(slug=made.slug, by=office)
    assert again(made).state == "closed"


def test_open_ones_are_listed_by_the_day_on_which_replies_are_wanted_then_what_ended():
    late, soon = (open_question(wanted_by=today() + dt.timedelta(days=n)) for n in (9, 2))
    never, ended = open_question(), open_question(wanted_by=today())
    close_question(slug=ended.slug, by=SET_UP)
    assert listed(a_person("m2")) == [soon.slug, late.slug, never.slug, ended.slug]
    assert listed(a_person("m2"), show="mine") == []
    assert len(listed(a_person("m1"), show="mine")) == 4
    assert listed(a_person("m1"), show="unanswered") == []
    sent_reply(soon, "m2")
    assert listed(a_person("m2"), show="unanswered") == [late.slug, never.slug]


def test_whom_it_asks_by_name_is_told_to_who_asks_and_to_those_asked_alone():
    made = open_question(to=["m2", "m3"], visibility="public")
    told = {
        m: [s for s, _name in question_page(slug=made.slug, user=a_person(m), language="en").asked]
        for m in ("m1", "m2", "m4")
    }
    assert told == {"m1": ["m2", "m3"], "m2": ["m2", "m3"], "m4": []}
    assert question_page(slug=made.slug, user=PUBLIC, language="en").asked == ()
    assert b"m3" not in zlib.decompress(bytes(made.act.payload))
    assert [listed(a_person(m), show="unanswered") for m in ("m2", "m4")] == [[made.slug], []]


def test_one_asks_where_ones_member_has_a_seat_and_the_secretariat_everywhere():
    make_body()
    assert [(b, m) for b, _b, m, _m in places_to_ask(user=a_person("m3"), language="en")] == [("assembly", "m3")]
    assert [(b, m) for b, _b, m, _m in places_to_ask(user=account_with("focal-point"), language="en")] == [
        ("assembly", "m1"),
        ("oversight", "m1"),
    ]
    assert {(b, m) for b, _b, m, _m in places_to_ask(user=account_with("secretariat"), language="en")} == {
        ("assembly", ""),
        ("oversight", ""),
        ("other", ""),
    }
    assert places_to_ask(user=account_with("operator"), language="en") == []
