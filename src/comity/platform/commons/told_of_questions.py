"""Tell delegations what waits of questions: to clear, to send, and those that they are asked; a reply is due on the day that the question says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from comity.platform.commons.models import MemberQuestion, MemberReply
from comity.platform.commons.questions_seen import awaits_member, questions_seen, questions_seen_by
from comity.platform.parties.preparing import CLEAR, PREPARE, SEND, clears_contributions, is_waiting, own_members
from comity.platform.parties.rules import may
from comity.platform.parties.texts import text_in
from comity.platform.parties.today import PROVIDERS, Need

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.platform.parties.models import User

LAST_MINUTE = dt.time(23, 59)
MOST_TOLD = 20
"""Of one kind for one member; the list of questions shows all."""


def questions_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield questions that a person's delegations prepared, for who clears or sends them."""
    del now
    rows = MemberQuestion.objects.filter(member__slug__in=own_members(user=user), state__in=["draft", "open"])
    for row in rows.select_related("body", "member").order_by("slug"):
        kind = _next_step(row, user=user)
        if kind and row.member:
            title = text_in(row.titles, user.language)
            yield Need(f"{kind}-question", f"{kind}-question-{row.slug}", row.member.slug, f"/{row.reference}", title)


def replies_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield replies that a person's delegations prepared, for who clears or sends them, and questions that nobody has taken up."""
    for member in own_members(user=user):
        awaited = questions_seen(user=user, now=now).filter(awaits_member(member=member, now=now))
        drafted = MemberReply.objects.filter(member__slug=member, state=MemberReply.State.DRAFT).values("question")
        for question in awaited.exclude(pk__in=drafted).order_by("wanted_by", "slug")[:MOST_TOLD]:
            if may(user=user, action=PREPARE, member=member, body=question.body.slug):
                yield _told("answer-question", question, member=member, slug=question.slug, user=user)
        seen = MemberQuestion.objects.filter(questions_seen_by(user=user, now=now), state="open")
        rows = MemberReply.objects.filter(member__slug=member, state__in=["draft", "open"], question__in=seen)
        for row in rows.select_related("question__body", "member").order_by("slug"):
            kind = _next_step(row, user=user)
            if kind:
                yield _told(
                    f"{kind}-reply", row.question, member=member, slug=row.slug, user=user, address=row.reference
                )


def _told(kind: str, question: MemberQuestion, /, *, member: str, slug: str, user: User, address: str = "") -> Need:
    day = question.wanted_by
    return Need(
        kind=kind,
        key=f"{kind}-{member}-{slug}",
        member=member,
        address=f"/{address or question.reference}",
        title=text_in(question.titles, user.language),
        due_at=dt.datetime.combine(day, LAST_MINUTE, tzinfo=dt.UTC) if day else None,
    )


def _next_step(row: MemberQuestion | MemberReply, /, *, user: User) -> str:
    """Return what waits for a person; what is not cleared waits for nobody but who clears it."""
    if not is_waiting(row) or row.member is None:
        return ""
    member, body = row.member.slug, row.body.slug
    if clears_contributions(body=row.body, member=member) and row.cleared_at is None:
        return "clear" if may(user=user, action=CLEAR, member=member, body=body) else ""
    return "send" if may(user=user, action=SEND, member=member, body=body) else ""


for _provider in (questions_that_wait, replies_that_wait):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
