"""Questions of the small body and replies to them, by the services that make real ones."""

from __future__ import annotations

from comity.platform.commons.answering import prepare_reply, send_reply
from comity.platform.commons.asking import prepare_question, send_question
from comity.platform.commons.models import MemberQuestion, MemberReply
from support.parties import SET_UP, make_body


def question_given(**changed):
    """What a question is prepared with, but where it is said otherwise."""
    make_body()
    return {
        "body": "assembly",
        "member": "m1",
        "titles": {"en": "Has anybody run speech models offline?"},
        "texts": {"en": "What came of it, and what did it cost?"},
        "language": "en",
        "visibility": "members",
        **changed,
    }


def draft_question(*, by=SET_UP, **changed) -> MemberQuestion:
    """A question that its delegation prepared."""
    return prepare_question(by=by, **question_given(**changed))


def open_question(**changed) -> MemberQuestion:
    """A question that was sent; without a member, the body's own."""
    made = draft_question(**changed)
    if made.member is not None:
        send_question(slug=made.slug, by=SET_UP)
    return MemberQuestion.objects.get(pk=made.pk)


def reply_given(**changed):
    """What a reply is prepared with, but where it is said otherwise."""
    return {"texts": {"en": "We did, for two years."}, "language": "en", "shown_to": "circle", **changed}


def draft_reply(question, member="m2", *, by=SET_UP, **changed) -> MemberReply:
    """A reply that its delegation prepared."""
    return prepare_reply(question=question.slug, member=member, by=by, **reply_given(**changed))


def sent_reply(question, member="m2", **changed) -> MemberReply:
    """A reply that was sent."""
    made = draft_reply(question, member, **changed)
    send_reply(slug=made.slug, by=SET_UP)
    return MemberReply.objects.get(pk=made.pk)
