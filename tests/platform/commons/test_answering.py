"""Replies to questions of members: who sees them, that a reply to the asker alone is told by nothing else, changes, declining, and their end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.answering import (
    clear_reply,
    decline_to_reply,
    drop_reply,
    prepare_reply,
    send_back_reply,
    send_reply,
    withdraw_reply,
)
from comity.platform.commons.asking import change_question, close_question, send_question
from comity.platform.commons.contribution_persons import erase_who_shared, forget_who_shared, shared_by
from comity.platform.commons.models import MemberReply
from comity.platform.commons.question_views import question_page, questions_listed, reply_page, reply_to_change
from comity.platform.commons.questions_seen import replies_seen
from comity.platform.parties.preparing import token_of
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act
from support.contributions import a_person
from support.parties import SET_UP, account_with, make_body, today
from support.questions import draft_question, draft_reply, open_question, question_given, reply_given, sent_reply

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def again(row):
    return type(row).objects.get(pk=row.pk)


def seen(question, user):
    page = question_page(slug=question.slug, user=user, language="en")
    return [(r.member, r.shown_to) for r in page.replies], page.card.replies


def kinds(user, **given):
    return sorted(n.kind for n in needs_of(user=user, **given) if n.kind.endswith(("question", "reply")))


def test_a_reply_in_the_circle_is_seen_by_whoever_sees_the_question():
    made = open_question(visibility="public")
    reply = sent_reply(made, "m2")
    for user in (PUBLIC, a_person("m1"), a_person("m2"), a_person("m3"), account_with("operator")):
        assert seen(made, user) == ([("m2", "circle")], 1)
    assert (reply.act.type, reply.act.visibility, reply.act.member) == ("reply-to-question", "public", "m2")


def test_a_reply_to_the_asker_alone_is_told_to_nobody_else():
    made = open_question(visibility="public")
    reply = sent_reply(made, "m2", shown_to="asker")
    for user in (a_person("m1"), a_person("m2")):
        assert seen(made, user) == ([("m2", "asker")], 1)
    for user in (PUBLIC, a_person("m3"), account_with("secretariat"), account_with("chair"), account_with("operator")):
        assert seen(made, user) == ([], 0)
        with pytest.raises(NotFound):
            reply_page(question=made.slug, slug=reply.slug, user=user, language="en")
    assert (reply.act.visibility, reply.act.audience) == ("delegation", "delegation:m2")
    # What outsiders read of the question is as it was.
    assert again(made).prepared_at == made.prepared_at


def test_a_reply_to_a_question_of_the_body_for_the_asker_alone_is_seen_by_the_secretariat():
    made = open_question(member="", visibility="public")
    sent_reply(made, "m2", shown_to="asker")
    assert [seen(made, u)[1] for u in (account_with("secretariat"), a_person("m2"), a_person("m1"), PUBLIC)] == [
        1,
        1,
        0,
        0,
    ]


def test_a_draft_and_what_was_declined_are_known_to_the_delegation_alone():
    made = open_question(visibility="public")
    drafted = draft_reply(made, "m2", by=a_person("m2"))
    decline_to_reply(question=made.slug, member="m3", by=a_person("m3"))
    for user in (PUBLIC, a_person("m1"), a_person("m4"), account_with("secretariat")):
        assert seen(made, user) == ([], 0)
        assert not replies_seen(user=user).exists()
    assert reply_page(question=made.slug, slug=drafted.slug, user=a_person("m2"), language="en").desk.waits
    assert not Act.objects.filter(subject__startswith=f"{made.reference}/").exists()
    own = question_page(slug=made.slug, user=a_person("m3"), language="en").own
    assert [(o.member, o.state, o.may_prepare) for o in own] == [("m3", "declined", True)]


def test_what_was_declined_can_be_thought_over_and_nothing_drafted_is_kept_of_it():
    made = open_question()
    draft_reply(made, "m2", texts={"en": "Half a thought"})
    decline_to_reply(question=made.slug, member="m2", by=SET_UP)
    assert (again(MemberReply.objects.get()).texts, kinds(a_person("m2"))) == ({}, [])
    assert reply_to_change(question=made.slug, member="m2", user=a_person("m2"))["shown_to"] == ""
    assert sent_reply(made, "m2").state == "open"
    with pytest.raises(Conflict):
        decline_to_reply(question=made.slug, member="m2", by=SET_UP)


def test_it_is_cleared_and_sent_by_its_own_delegation_alone():
    head, capital = a_person("m2"), account_with("capital", member="m2")
    made = open_question()
    reply = draft_reply(made, "m2", by=head)
    with pytest.raises(Conflict, match="not cleared"):
        send_reply(slug=reply.slug, by=head)
    send_back_reply(slug=reply.slug, note="Shorter", by=capital)
    clear_reply(slug=reply.slug, by=capital, on=token_of(again(reply)))
    for other in (a_person("m1"), a_person("m3"), account_with("secretariat")):
        for act in (send_reply, withdraw_reply, drop_reply):
            with pytest.raises(NotFound):
                act(slug=reply.slug, by=other)
        with pytest.raises(NotFound):
            draft_reply(made, "m2", by=other)
    with pytest.raises(NotPermitted):
        send_reply(slug=reply.slug, by=account_with("adviser", member="m2"))
    assert send_reply(slug=reply.slug, by=head).office == "head"


def test_who_is_not_asked_or_does_not_see_the_question_cannot_reply():
    named = open_question(to=["m2"])
    for member in ("m1", "m3", "watcher"):
        with pytest.raises(Conflict, match="not asked"):
            draft_reply(named, member)
    hidden = draft_question(visibility="public")
    with pytest.raises(NotFound):
        draft_reply(hidden, "m2", by=a_person("m2"))
    within = open_question(body="oversight", visibility="committee")
    with pytest.raises(NotFound):
        draft_reply(within, "m3", by=a_person("m3"))
    assert MemberReply.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts": {}},
        {"texts": {"en": "x" * 8001}},
        {"texts": {"de": "Ja"}},
        {"language": "fr"},
        {"shown_to": ""},
        {"shown_to": "secretariat"},
        {"texts": {"en": "a\u2066b"}},
    ],
)
def test_what_cannot_be_replied_is_refused_and_nothing_is_kept(wrong):
    made = open_question()
    with pytest.raises(BadParameter):
        draft_reply(made, "m2", **wrong)
    assert MemberReply.objects.count() == 0


def test_a_change_waits_beside_what_was_sent_and_is_another_version():
    made = open_question(visibility="public")
    reply = sent_reply(made, "m2")
    with pytest.raises(Conflict, match="different"):
        draft_reply(made, "m2")
    draft_reply(made, "m2", texts={"en": "In truth, three years."})
    page = question_page(slug=made.slug, user=PUBLIC, language="en")
    assert [(r.text, r.version) for r in page.replies] == [("We did, for two years.", 1)]
    with pytest.raises(Conflict, match="changed since"):
        send_reply(slug=reply.slug, by=SET_UP, on=token_of(reply))
    assert send_reply(slug=reply.slug, by=SET_UP).type == "change-reply"
    page = question_page(slug=made.slug, user=PUBLIC, language="en")
    assert [(r.text, r.version) for r in page.replies] == [("In truth, three years.", 2)]


def test_shown_to_the_asker_alone_afterwards_its_words_are_published_no_longer_and_again_once_it_is_shown():
    made = open_question(visibility="public")
    reply = sent_reply(made, "m2")
    first = reply.act
    for circle, withheld, others in (("asker", True, 0), ("circle", False, 1)):
        draft_reply(made, "m2", shown_to=circle)
        send_reply(slug=reply.slug, by=SET_UP)
        assert (again(first).is_payload_withheld, seen(made, PUBLIC)[1]) == (withheld, others)


def test_an_answer_prepared_to_other_words_of_the_question_is_not_sent_and_one_that_was_says_so():
    made = open_question()
    sent, drafted = sent_reply(made, "m2"), draft_reply(made, "m3")
    given = {
        k: v for k, v in question_given(titles={"en": "Will you pay for it?"}).items() if k not in {"body", "member"}
    }
    change_question(slug=made.slug, by=SET_UP, **given)
    send_question(slug=made.slug, by=SET_UP)
    with pytest.raises(Conflict, match="was changed since this answer"):
        send_reply(slug=drafted.slug, by=SET_UP)
    for member in ("m2", "m3"):
        page = question_page(slug=made.slug, user=a_person("m1"), language="en")
        assert [(r.member, r.answers_earlier) for r in page.replies] == [("m2", True)]
        draft_reply(made, member)
    for reply in (sent, drafted):
        send_reply(slug=reply.slug, by=SET_UP)
    close_question(slug=made.slug, by=SET_UP)
    page = question_page(slug=made.slug, user=a_person("m1"), language="en")
    assert [(r.member, r.answers_earlier) for r in page.replies] == [("m2", False), ("m3", False)]


def test_words_withheld_with_their_question_are_not_published_by_a_change_of_the_reply():
    made = open_question(visibility="public")
    reply = sent_reply(made, "m2")
    first = reply.act
    given = {k: v for k, v in question_given(visibility="members").items() if k not in {"body", "member"}}
    change_question(slug=made.slug, by=SET_UP, **given)
    send_question(slug=made.slug, by=SET_UP)
    assert question_page(slug=made.slug, user=a_person("m3"), language="en").card.visibility == "members"
    draft_reply(made, "m2", texts={"en": "More words"})
    act = send_reply(slug=reply.slug, by=SET_UP)
    assert (again(first).is_payload_withheld, act.visibility) == (True, "members")


def test_once_it_is_closed_nobody_replies_changes_or_withdraws_and_what_was_sent_stays():
    made = open_question()
    sent, drafted = sent_reply(made, "m2"), draft_reply(made, "m3")
    draft_reply(made, "m2", texts={"en": "A change on its way"})
    close_question(slug=made.slug, by=SET_UP)
    for reply in (sent, drafted):
        for act in (send_reply, withdraw_reply):
            with pytest.raises(Conflict, match="closed"):
                act(slug=reply.slug, by=SET_UP)
        with pytest.raises(Conflict, match="closed"):
            clear_reply(slug=reply.slug, by=SET_UP, on=token_of(again(reply)))
    with pytest.raises(Conflict, match="closed"):
        decline_to_reply(question=made.slug, member="m4", by=SET_UP)
    desk = reply_page(question=made.slug, slug=drafted.slug, user=a_person("m3"), language="en").desk
    assert (desk.waits, desk.may_send, desk.may_prepare) == (True, False, False)
    drop_reply(slug=drafted.slug, by=SET_UP)
    assert seen(made, a_person("m4")) == ([("m2", "circle")], 1)
    assert kinds(a_person("m2")) == kinds(a_person("m3")) == []


def test_a_reply_that_was_withdrawn_is_seen_by_its_delegation_alone_and_is_not_given_again():
    made = open_question(visibility="public")
    reply = sent_reply(made, "m2")
    withdraw_reply(slug=reply.slug, by=SET_UP)
    assert [seen(made, u)[1] for u in (PUBLIC, a_person("m1"), a_person("m3"))] == [0, 0, 0]
    assert reply_page(question=made.slug, slug=reply.slug, user=a_person("m2"), language="en").card.state == "withdrawn"
    assert Act.objects.filter(subject=reply.reference, is_payload_withheld=True).count() == 2
    with pytest.raises(Conflict, match="withdrawn"):
        draft_reply(made, "m2")


def test_delegations_are_told_what_waits_each_step_to_who_takes_it():
    make_body()
    head, capital, adviser = a_person("m2"), account_with("capital", member="m2"), account_with("adviser", member="m2")
    asking, asker_capital = a_person("m1"), account_with("capital", member="m1")
    made = draft_question(wanted_by=today() + dt.timedelta(days=3))
    assert [kinds(u) for u in (asking, asker_capital, head)] == [[], ["clear-question"], []]
    from comity.platform.commons.asking import clear_question

    clear_question(slug=made.slug, by=asker_capital, on=token_of(again(made)))
    assert [kinds(u) for u in (asking, asker_capital)] == [["send-question"], []]
    send_question(slug=made.slug, by=asking)
    assert [kinds(u) for u in (asking, head, adviser, account_with("observer"))] == [
        [],
        ["answer-question"],
        ["answer-question"],
        [],
    ]
    due = next(n for n in needs_of(user=head) if n.kind == "answer-question").due_at
    assert due.date() == today() + dt.timedelta(days=3)
    reply = draft_reply(made, "m2", by=head)
    assert [kinds(u) for u in (head, adviser, capital)] == [[], [], ["clear-reply"]]
    clear_reply(slug=reply.slug, by=capital, on=token_of(again(reply)))
    assert [kinds(u) for u in (head, adviser, capital)] == [["send-reply"], [], []]
    send_reply(slug=reply.slug, by=head)
    assert [kinds(u) for u in (head, capital, asking)] == [[], [], []]


def test_a_member_that_left_keeps_its_reply_and_is_asked_no_more():
    from comity.platform.parties.memberships import withdraw_member

    made = open_question()
    sent_reply(made, "m4", shown_to="asker")
    withdraw_member(body="assembly", member="m4", ends_on=today(), rule="Article 9", by=SET_UP)
    assert seen(made, a_person("m1")) == ([("m4", "asker")], 1)
    with pytest.raises(Conflict, match="not asked"):
        draft_reply(made, "m4", texts={"en": "Later"})


def test_persons_are_given_out_cut_with_their_account_and_forgotten_a_year_after_the_end():
    head, capital = a_person("m2"), account_with("capital", member="m2")
    made = open_question()
    reply = draft_reply(made, "m2", by=head, note="ours")
    clear_reply(slug=reply.slug, by=capital, on=token_of(again(reply)))
    send_reply(slug=reply.slug, by=head)
    found = shared_by(email=head.email.upper())
    assert [(r["reference"], r["prepared"], r["cleared"], r["note"]) for r in found["member_replies"]] == [
        (reply.reference, True, False, "ours")
    ]
    erase_who_shared(user=head)
    assert (shared_by(email=head.email)["member_replies"], again(reply).cleared_by) == ([], capital)
    close_question(slug=made.slug, by=SET_UP)
    ended = timezone.now()
    assert forget_who_shared(now=ended + dt.timedelta(days=364)) == 0
    assert forget_who_shared(now=ended + dt.timedelta(days=366)) == 1
    assert (again(reply).cleared_by, again(reply).note, again(reply).texts) == (None, "", reply.texts)


def test_two_prepare_the_reply_of_one_member_and_the_second_is_told():
    made = open_question()
    first = draft_reply(made, "m2")
    seen_as = token_of(again(first))
    draft_reply(made, "m2", texts={"en": "Another hand"}, on=seen_as)
    with pytest.raises(Conflict, match="changed since"):
        prepare_reply(question=made.slug, member="m2", by=SET_UP, on=seen_as, **reply_given(texts={"en": "Mine"}))
    assert MemberReply.objects.get().texts == {"en": "Another hand"}
    assert questions_listed(user=a_person("m2"), show="unanswered").count() == 1
