"""Draft, clear, send: seen by the delegation alone until it is sent, cleared in its present version, sent once."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted, StaleText, VoiceHeldByAnother
from comity.platform.parties.models import Statement, Submission
from comity.platform.parties.statements import statement_view, statements_of
from comity.platform.parties.submissions import (
    change_text,
    clear_text,
    comment_on,
    draft_text,
    send_back,
    send_text,
    settle_comment,
    submission_view,
    submissions_of,
    withdraw_text,
)
from comity.platform.parties.today import needs_of
from comity.platform.parties.voices import take_voice
from comity.platform.record.models import Act
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body():
    make_body()


@pytest.fixture
def head():
    return account_with("head")


@pytest.fixture
def capital():
    return account_with("capital")


def draft(by, **changes):
    given = {"member": "m1", "body": "oversight", "title": "Canary title", "text": "Canary text", "language": "en"}
    return draft_text(**{**given, **changes}, by=by).pk


def test_a_text_goes_from_draft_to_cleared_to_sent_and_stands_on_the_record(head, capital):
    number = draft(head)
    clear_text(submission=number, version=1, by=capital)
    act = send_text(submission=number, version=1, by=head)
    kept = Submission.objects.get(pk=number)
    assert (kept.state, kept.act_id) == ("sent", act.pk)
    assert (act.type, act.office, act.member, act.subject) == ("make-statement", "head", "m1", "parties/statements/1")
    made = Statement.objects.get()
    assert (made.title, made.text, made.visibility) == ("Canary title", "Canary text", "members")
    assert b"Canary" not in bytes(act.body)


def test_nothing_is_sent_before_the_capital_has_cleared_it(head):
    number = draft(head)
    with pytest.raises(Conflict, match="has not cleared"):
        send_text(submission=number, version=1, by=head)
    assert Act.objects.filter(type="make-statement").count() == 0


def test_a_change_takes_the_clearance_back(head, capital):
    number = draft(head)
    clear_text(submission=number, version=1, by=capital)
    change_text(submission=number, version=1, title="New", text="New", language="en", by=head)
    assert Submission.objects.get(pk=number).state == "draft"
    with pytest.raises(Conflict, match="has not cleared"):
        send_text(submission=number, version=2, by=head)


def test_a_version_that_somebody_changed_meanwhile_is_neither_cleared_nor_sent(head, capital):
    number = draft(head)
    change_text(submission=number, version=1, title="New", text="New", language="en", by=head)
    with pytest.raises(StaleText):
        clear_text(submission=number, version=1, by=capital)
    clear_text(submission=number, version=2, by=capital)
    with pytest.raises(StaleText):
        send_text(submission=number, version=1, by=head)


def test_a_text_is_sent_once(head, capital):
    number = draft(head)
    clear_text(submission=number, version=1, by=capital)
    send_text(submission=number, version=1, by=head)
    with pytest.raises(Conflict, match="was sent before"):
        send_text(submission=number, version=1, by=head)
    for later in (
        lambda: change_text(submission=number, version=1, title="N", text="N", language="en", by=head),
        lambda: withdraw_text(submission=number, version=1, by=head),
        lambda: clear_text(submission=number, version=1, by=capital),
    ):
        with pytest.raises(Conflict):
            later()
    assert Statement.objects.count() == 1


def test_a_text_that_is_late_is_not_sent(head, capital):
    number = draft(head, due_at=timezone.now() + dt.timedelta(hours=1))
    clear_text(submission=number, version=1, by=capital)
    Submission.objects.filter(pk=number).update(due_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(Conflict, match="nothing was sent"):
        send_text(submission=number, version=1, by=head)


def test_who_does_not_hold_the_voice_does_not_send(head, capital):
    alternate = account_with("alternate")
    take_voice(member="m1", body="oversight", by=alternate)
    number = draft(head)
    clear_text(submission=number, version=1, by=capital)
    with pytest.raises(VoiceHeldByAnother):
        send_text(submission=number, version=1, by=head)
    send_text(submission=number, version=1, by=alternate)


@pytest.mark.parametrize("role", ["secretariat", "operator", "chair", "reviewer", "translator", "expert", "public"])
def test_nobody_outside_the_delegation_learns_that_a_draft_exists(head, role):
    number = draft(head)
    other = account_with(role)
    for attempt in (
        lambda: submission_view(submission=number, user=other),
        lambda: clear_text(submission=number, version=1, by=other),
        lambda: send_text(submission=number, version=1, by=other),
        lambda: comment_on(submission=number, text="x", by=other),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound) as missing:
        submission_view(submission=999_999, user=other)
    with pytest.raises(NotFound) as hidden:
        submission_view(submission=number, user=other)
    assert str(missing.value).replace("999999", "N") == str(hidden.value).replace(str(number), "N")
    assert submissions_of(member="m1", user=other) == ()


def test_another_delegation_learns_nothing_either(head):
    number = draft(head)
    with pytest.raises(NotFound):
        submission_view(submission=number, user=account_with("head", member="m2"))


def test_an_adviser_drafts_and_neither_clears_nor_sends():
    adviser = account_with("adviser")
    number = draft(adviser)
    with pytest.raises(NotPermitted):
        clear_text(submission=number, version=1, by=adviser)
    Submission.objects.filter(pk=number).update(state="cleared", cleared_at=timezone.now())
    with pytest.raises(NotPermitted):
        send_text(submission=number, version=1, by=adviser)


def test_a_clearance_leaves_no_trace_but_in_its_row(head, capital, caplog):
    number = draft(head)
    before = Act.objects.count()
    with caplog.at_level(logging.DEBUG):
        clear_text(submission=number, version=1, by=capital)
        send_back(submission=number, version=1, comment="Not yet", by=capital)
        clear_text(submission=number, version=1, by=capital)
    assert Act.objects.count() == before
    assert [r for r in caplog.records if r.name.startswith("comity")] == []
    kept = Submission.objects.get(pk=number)
    assert (kept.state, kept.cleared_by_id) == ("cleared", capital.pk)


def test_remarks_are_seen_by_the_delegation_and_settled(head, capital):
    number = draft(head)
    send_back(submission=number, version=1, comment="Is thirty days acceptable?", by=capital)
    (remark,) = submission_view(submission=number, user=head).comments
    assert (remark.text, remark.version, remark.is_settled) == ("Is thirty days acceptable?", 1, False)
    assert [n.kind for n in needs_of(user=head)] == ["settle"]
    settle_comment(comment=remark.id, by=head)
    assert [n.kind for n in needs_of(user=head)] == []
    assert [n.kind for n in needs_of(user=capital)] == ["clear"]


def test_what_is_sent_is_seen_by_the_circle_that_was_chosen(head, capital):
    soon = timezone.now() + dt.timedelta(hours=1)
    for circle, audience in (("public", ""), ("members", ""), ("committee", "committee:oversight")):
        number = draft(head, visibility=circle, audience=audience, released_at=soon if audience else None)
        clear_text(submission=number, version=1, by=capital)
        send_text(submission=number, version=1, by=head)
    seen = {
        role: len(statements_of(body="oversight", user=account_with(role, member="m2")))
        for role in ("public", "delegate", "expert", "operator")
    }
    assert seen == {"public": 1, "delegate": 3, "expert": 2, "operator": 1}
    Statement.objects.filter(visibility="committee").update(released_at=timezone.now())
    assert len(statements_of(body="oversight", user=account_with("public"))) == 2
    with pytest.raises(NotFound):
        statement_view(number=2, user=account_with("public"))


@pytest.mark.parametrize(
    "change,error",
    [
        ({"title": " "}, BadParameter),
        ({"title": "x" * 201}, BadParameter),
        ({"text": ""}, BadParameter),
        ({"text": "x" * 20_001}, BadParameter),
        ({"language": "tlh"}, BadParameter),
        ({"kind": "spell"}, BadParameter),
        ({"visibility": "nobody"}, BadParameter),
        ({"visibility": "committee"}, BadParameter),
        ({"visibility": "committee", "audience": "committee:other"}, BadParameter),
        ({"visibility": "delegation", "audience": "delegation:m2"}, BadParameter),
        ({"member": "m2"}, NotPermitted),
        ({"body": "nowhere"}, NotPermitted),
        ({"body": "other"}, NotPermitted),
    ],
)
def test_a_draft_that_will_not_do_is_refused(head, change, error):
    with pytest.raises(error):
        draft(head, **change)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("remark", ["", "   ", "x" * 2_001])
def test_a_remark_that_will_not_do_is_refused(head, capital, remark):
    number = draft(head)
    clear_text(submission=number, version=1, by=capital)
    with pytest.raises(BadParameter):
        send_back(submission=number, version=1, comment=remark, by=capital)
    assert Submission.objects.get(pk=number).state == "cleared"
