"""Reply to a question that a member was asked: prepared, cleared, sent and changed until it is closed; or decline, which nobody else learns.

A reply to who asked alone is an act of the delegation that replies: the log proves that there was an act, and tells nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.asking import locked_question, members_asked
from comity.platform.commons.models import MemberQuestion, MemberReply
from comity.platform.commons.questions_seen import question_seen
from comity.platform.parties.bodies import member_of
from comity.platform.parties.preparing import (
    CHANGED,
    CLEAR,
    NOTHING_NEW,
    PREPARE,
    SEND,
    authorise_own,
    changed_fields,
    clear_prepared,
    demand_cleared,
    demand_seen,
    demand_state,
    demand_waiting,
    draw_slug,
    drop_prepared,
    is_of_delegation,
    mark_prepared,
    send_prepared_back,
)
from comity.platform.parties.rules import Installation, authorise
from comity.platform.parties.texts import checked_rule, checked_texts
from comity.platform.record.services import enter_act, withhold_payloads
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.platform.record.models import Act

Shown, State = MemberReply.Shown, MemberReply.State
RULE = "Members share experience: each that is asked may reply"
MOST_REPLY = 8000
CHANGED_QUESTION = (
    "The question was changed since this answer was prepared. Read it, and keep the answer anew; nothing was sent."
)
NOT_ASKED = "This member is not asked; nothing was kept."


def prepare_reply(
    *,
    question: str,
    member: str,
    texts: Mapping[str, str],
    language: str,
    shown_to: str,
    by: Any,
    note: str = "",
    on: str | None = None,
) -> MemberReply:
    """Write what a member replies, as a draft or a change of what it sent, which its delegation alone sees until it is sent.

    ``shown_to`` is circle (whoever sees the question) or asker (who asked, alone). Raises NotFound where the question is not seen,
    NotPermitted, BadParameter, or Conflict where the member is not asked, the question has ended, or another changed it meanwhile.
    """
    with transaction.atomic():
        asked = _locked_and_open(question, member=member, by=by, action=PREPARE)
        given = _checked(texts=texts, language=language, shown_to=shown_to) | {"to_version": asked.version}
        reply = asked.replies.select_for_update(of=("self",)).filter(member__slug=member).first()
        if reply is None:
            reply = MemberReply(question=asked, member=member_of(slug=member), slug=_free_slug())
        else:
            demand_seen(reply, on=on)
            demand_state(reply, State.DRAFT, State.OPEN, State.DECLINED)
        if reply.state == State.OPEN:
            if not changed_fields(reply, given=given):
                raise Conflict(problem=NOTHING_NEW)
            reply.pending = given
        else:
            reply.state = State.DRAFT
            for name, value in given.items():
                setattr(reply, name, value)
        mark_prepared(reply, by=by, note=note)
        reply.save()
        return reply


def decline_to_reply(*, question: str, member: str, by: Any) -> None:
    """Note for the delegation alone that its member will not reply; what it drafted goes. It is no act, and can be thought over.

    Raises as for preparing a reply, or Conflict where it replied.
    """
    with transaction.atomic():
        asked = _locked_and_open(question, member=member, by=by, action=SEND)
        reply = asked.replies.select_for_update(of=("self",)).filter(member__slug=member).first()
        if reply is None:
            reply = MemberReply(question=asked, member=member_of(slug=member), slug=_free_slug())
        demand_state(reply, State.DRAFT, State.DECLINED)
        reply.texts, reply.language, reply.shown_to, reply.state = {}, "", Shown.ASKER, State.DECLINED
        mark_prepared(reply, by=by, note="")
        reply.save()


def send_reply(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Send a reply, or the change of it that waits, in the member's name, to whom it is shown.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where it is not cleared, was changed meanwhile, the
    question has ended or was changed since the reply was prepared, or nothing waits.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        reply = _locked_while_open(slug, by=by, action=SEND)
        office = authorise_own(row=reply, by=by, action=SEND)
        demand_seen(reply, on=on)
        demand_waiting(reply)
        demand_cleared(reply, by=by)
        if reply.pending.get("to_version", reply.to_version) != reply.question.version:
            raise Conflict(problem=CHANGED_QUESTION)
        first = reply.state == State.DRAFT
        for name, value in reply.pending.items():
            setattr(reply, name, value)
        reply.pending, reply.state, reply.sent_at = {}, State.OPEN, reply.sent_at or timezone.now()
        return _enter(
            reply, type_of_act="reply-to-question" if first else "change-reply", office=office, authority=rule
        )


def withdraw_reply(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Withdraw a reply for good, while the question is open. No reason is asked or kept. Raises as for sending it."""
    rule = checked_rule(authority)
    with transaction.atomic():
        reply = _locked_while_open(slug, by=by, action=SEND)
        office = authorise_own(row=reply, by=by, action=SEND)
        demand_seen(reply, on=on)
        demand_state(reply, State.OPEN)
        reply.pending, reply.state = {}, State.WITHDRAWN
        return _enter(reply, type_of_act="withdraw-reply", office=office, authority=rule)


def clear_reply(*, slug: str, by: Any, on: str) -> None:
    """Let a reply, or a change of it, be sent as it was prepared. Raises as ``clear_prepared`` does, or Conflict where the question has ended."""
    with transaction.atomic():
        _locked_while_open(slug, by=by, action=CLEAR)
        clear_prepared(locked_reply, slug=slug, by=by, on=on)


def send_back_reply(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of a reply back, or refuse it, with a remark. Raises as for clearing it."""
    with transaction.atomic():
        _locked_while_open(slug, by=by, action=CLEAR)
        send_prepared_back(locked_reply, slug=slug, note=note, by=by)


def drop_reply(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft of a reply away for good, or a change of it that was not sent, also once the question has ended. Raises as ``drop_prepared`` does."""
    drop_prepared(locked_reply, slug=slug, by=by, on=on)


def locked_reply(*, slug: str) -> MemberReply:
    """Return a reply, with its question, both locked until the transaction ends: the question first, always. Raises NotFound."""
    found = MemberReply.objects.filter(slug=slug).values_list("question__slug", flat=True).first()
    if found is None:
        raise NotFound(reference=f"commons/questions/{slug[:60]}")
    question = locked_question(slug=found)
    rows = MemberReply.objects.select_for_update(of=("self",)).select_related("member")
    reply = rows.filter(slug=slug).first()
    if reply is None:
        raise NotFound(reference=f"commons/questions/{slug[:60]}")
    reply.question = question
    return reply


def _locked_while_open(slug: str, /, *, by: Any, action: str) -> MemberReply:
    """Return a reply of one's own delegation, locked. Raises NotFound, NotPermitted, or Conflict where its question has ended."""
    reply = locked_reply(slug=slug)
    authorise_own(row=reply, by=by, action=action)
    demand_state(reply.question, MemberQuestion.State.OPEN)
    if reply.member.slug not in asked_of(reply.question):
        raise Conflict(problem=NOT_ASKED)
    return reply


def _locked_and_open(slug: str, /, *, member: str, by: Any, action: str) -> MemberQuestion:
    """Return a question that a member may reply to, locked."""
    if not isinstance(by, Installation):
        question_seen(slug=slug, user=by)
        if not is_of_delegation(user=by, member=member):
            raise NotFound(reference=f"parties/members/{member[:60]}")
    question = locked_question(slug=slug)
    authorise(by=by, action=action, member=member, body=question.body.slug)
    demand_state(question, MemberQuestion.State.OPEN)
    if member not in asked_of(question):
        raise Conflict(problem=NOT_ASKED)
    return question


def asked_of(question: MemberQuestion, /) -> list[str]:
    """Return the slugs of the members that a question asks today, in order: those named, or all, that have a seat in the body."""
    seated = members_asked(body=question.body, member=question.member.slug if question.member else "")
    if question.is_to_all:
        return seated
    named = set(question.asked.values_list("slug", flat=True))
    return [slug for slug in seated if slug in named]


def _enter(reply: MemberReply, /, *, type_of_act: str, office: str, authority: str) -> Act:
    """Enter an act on a reply as it stands now, and write the row. What was public and is not is published no longer."""
    question = reply.question
    to_all = reply.shown_to == Shown.CIRCLE and reply.state == State.OPEN
    was_public = reply.version > 0
    reply.version, reply.prepared_at = reply.version + 1, timezone.now()
    if to_all:
        circle: dict[str, Any] = {"visibility": question.visibility, "audience": question.audience}
    else:
        circle = {"visibility": Visibility.DELEGATION, "audience": f"delegation:{reply.member.slug}"}
    reply.act = enter_act(
        type=type_of_act,
        office=office,
        member=reply.member.slug,
        authority=authority,
        subject=reply.reference,
        payload={
            "reply": reply.reference,
            "question": question.reference,
            "question_version": reply.to_version,
            "member": reply.member.slug,
            "language": reply.language,
            "texts": reply.texts,
            "shown_to": reply.shown_to,
            "state": reply.state,
            "version": reply.version,
        },
        links=[(reply.reference, "wasInfluencedBy", question.reference)],
        **circle,
    )
    reply.save()
    if was_public:
        withhold_payloads(subject=reply.reference, withheld=circle["visibility"] != Visibility.PUBLIC)
    return reply.act


def _checked(*, texts: Mapping[str, str], language: str, shown_to: str) -> dict[str, Any]:
    """Return what a reply says, checked. Raises BadParameter."""
    if shown_to not in Shown.values:
        raise BadParameter(name="reply_shown_to", found=shown_to[:40] or "nothing", allowed=", ".join(Shown.values))
    said = checked_texts("reply", texts, most=MOST_REPLY, lines=True)
    if language not in said:
        raise BadParameter(name="language", found=language[:20] or "nothing", allowed=", ".join(said))
    return {"texts": said, "language": language, "shown_to": str(shown_to)}


def _free_slug() -> str:
    """Return a drawn name that no reply has. Raises Conflict where chance gives none, which it does not."""
    for _turn in range(20):
        slug = draw_slug("r")
        if not MemberReply.objects.filter(slug=slug).exists():
            return slug
    raise Conflict(problem=CHANGED)
