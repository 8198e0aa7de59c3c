"""Read questions and replies for pages and programs: what waits first, then what is open by its day, never more than a reader may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.commons.answering import asked_of
from comity.platform.commons.asking import CIRCLES, fields_of
from comity.platform.commons.models import MemberQuestion, MemberReply, QuestionSubject
from comity.platform.commons.questions_seen import (
    asks_for_body,
    awaits_member,
    question_seen,
    questions_seen,
    replies_seen,
    reply_seen,
)
from comity.platform.commons.subjects_asked import is_seen_here
from comity.platform.parties.models import Body
from comity.platform.parties.preparing import (
    PREPARE,
    SEND,
    is_waiting,
    own_members,
    places_to_act,
    prepared_desk,
    token_of,
)
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may
from comity.platform.parties.standing import in_force
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.models import Act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from comity.platform.parties.preparing import PreparedDesk

State = MemberQuestion.State
UNANSWERED, MINE = "unanswered", "mine"


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question in the reader's language.

    ``member`` is empty where the secretariat asks in the body's name. ``language`` is the one in which it was written,
    ``title_language`` and ``text_language`` those in which it is given here. ``replies`` counts those that this reader sees. ``is_own``:
    the reader belongs to who asks. ``awaits`` are the reader's members that are asked and have neither replied nor declined.
    """

    slug: str
    reference: str
    body: str
    body_name: str
    member: str
    member_name: str
    language: str
    title: str
    title_language: str
    text: str
    text_language: str
    is_to_all: bool
    wanted_by: dt.date | None
    visibility: str
    state: str
    version: int
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    replies: int
    is_own: bool
    awaits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyCard:
    """A reply in the reader's language; ``texts`` are (language, text).

    ``changed_at`` is when its latest version was sent, None for a draft. ``answers_earlier``: the question has changed since.
    """

    slug: str
    reference: str
    question: str
    member: str
    member_name: str
    language: str
    text: str
    text_language: str
    texts: tuple[tuple[str, str], ...]
    shown_to: str
    state: str
    version: int
    changed_at: dt.datetime | None
    answers_earlier: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class OwnReply:
    """Where a member of the reader's stands that is asked: ``slug`` and ``state`` of its reply, empty where there is none."""

    member: str
    member_name: str
    slug: str
    state: str
    waits: bool
    may_prepare: bool
    may_decline: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question with all that this reader may see of it.

    ``texts`` are (language, title, text). ``asked`` are the members named, by (slug, name): told to who asks and to those asked.
    ``about`` are references of this room that the reader sees; ``about_elsewhere`` those of other rooms, of which the doors show only
    what the reader sees. ``desk`` is for the delegation that asks. ``next`` is what it will say once a change is sent.
    """

    card: QuestionCard
    texts: tuple[tuple[str, str, str], ...]
    asked: tuple[tuple[str, str], ...]
    about: tuple[str, ...]
    about_elsewhere: tuple[str, ...]
    replies: tuple[ReplyCard, ...]
    own: tuple[OwnReply, ...]
    desk: PreparedDesk | None
    seen: str
    may_change: bool
    may_end: bool
    next: dict[str, Any]
    act: str


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """A reply with its question; ``desk`` is for its own delegation, ``next`` what it will say once a change is sent.

    ``is_shut``: nothing of it can be sent any more; what was prepared can be put away, where ``may_drop``.
    """

    card: ReplyCard
    question: QuestionCard
    desk: PreparedDesk | None
    is_shut: bool
    may_drop: bool
    next: dict[str, Any]
    act: str


def questions_listed(*, user: Any, show: str = "", now: dt.datetime | None = None) -> QuerySet[MemberQuestion]:
    """Return questions that were sent and this account sees: open ones by the day on which replies are wanted, then ended ones.

    ``show``: unanswered (that wait for one of the reader's members), mine (that they asked), or nothing for all.
    """
    rows = questions_seen(user=user, now=now).exclude(state=State.DRAFT)
    own = own_members(user=user)
    if show == UNANSWERED:
        condition = Q(pk__in=())
        for member in own:
            condition |= awaits_member(member=member, now=now)
        rows = rows.filter(condition)
    elif show == MINE:
        of_body = Q(member__isnull=True) if asks_for_body(user=user) else Q(pk__in=())
        rows = rows.filter(Q(member__slug__in=own) | of_body)
    ended = Case(When(state=State.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(ended, F("wanted_by").asc(nulls_last=True), "-sent_at", "slug")


def questions_prepared(*, user: Any) -> list[MemberQuestion]:
    """Return what the reader's delegations prepared and did not send: drafts, and changes of what was sent, in order."""
    rows = MemberQuestion.objects.filter(member__slug__in=own_members(user=user), state__in=[State.DRAFT, State.OPEN])
    return [q for q in rows.select_related("body", "member").order_by("slug") if is_waiting(q)]


def questions_about(*, references: Collection[str], user: Any, language: str) -> list[QuestionCard]:
    """Return the questions about any of some things that this reader sees, as they are listed. It is asked for who sees the things."""
    named = QuestionSubject.objects.filter(reference__in=list(references)).values("question")
    rows = questions_listed(user=user).filter(pk__in=named)
    return question_cards(questions=rows, user=user, language=language)


def question_cards(*, questions: Iterable[MemberQuestion], user: Any, language: str) -> list[QuestionCard]:
    """Return questions that this account sees in its language, in their order; what it sees of replies is asked once for all."""
    rows = list(questions)
    keys, own = [q.pk for q in rows], own_members(user=user)
    sent = replies_seen(user=user).filter(question__in=keys, state=MemberReply.State.OPEN)
    counts = Counter(sent.order_by().values_list("question", flat=True))
    awaiting: dict[int, list[str]] = {}
    for member in own:
        found = MemberQuestion.objects.filter(awaits_member(member=member), pk__in=keys)
        for key in found.values_list("pk", flat=True):
            awaiting.setdefault(key, []).append(member)
    office = asks_for_body(user=user)
    return [
        QuestionCard(
            slug=q.slug,
            reference=q.reference,
            body=q.body.slug,
            body_name=name_in(q.body.names, language),
            member=q.member.slug if q.member else "",
            member_name=name_in(q.member.names, language) if q.member else "",
            language=q.language,
            title=text_in(q.titles, language),
            title_language=language_in(q.titles, language),
            text=text_in(q.texts, language),
            text_language=language_in(q.texts, language),
            is_to_all=q.is_to_all,
            wanted_by=q.wanted_by,
            visibility=q.visibility,
            state=q.state,
            version=q.version,
            sent_at=q.sent_at,
            ended_at=q.ended_at,
            replies=counts[q.pk],
            is_own=q.member.slug in own if q.member else office,
            awaits=tuple(awaiting.get(q.pk, ())),
        )
        for q in rows
    ]


def question_page(*, slug: str, user: Any, language: str) -> QuestionPage:
    """Return a question as this reader sees it. Raises NotFound where it sees none."""
    question = question_seen(slug=slug, user=user)
    card = question_cards(questions=[question], user=user, language=language)[0]
    desk = prepared_desk(row=question, user=user) if question.member else None
    for_body = question.member is None and card.is_own and question.state == State.OPEN
    told = fields_of(question)
    sent = replies_seen(user=user).filter(question=question, state=MemberReply.State.OPEN)
    rows = sorted(sent, key=lambda r: (name_in(r.member.names, language).casefold(), r.slug))
    own = own_members(user=user)
    asked = asked_of(question)
    told_whom = card.is_own or bool(set(asked) & set(own))
    return QuestionPage(
        card=card,
        texts=_texts(question.titles, question.texts),
        asked=_names(question, language) if told_whom and not question.is_to_all else (),
        about=tuple(r for r in told["about"] if is_seen_here(r, user=user)),
        about_elsewhere=tuple(r for r in told["about"] if not r.startswith("commons/")),
        replies=tuple(_reply_card(r, language=language, own=own) for r in rows),
        own=tuple(_own_reply(question, member, user=user, language=language) for member in own if member in asked),
        desk=desk,
        seen=token_of(question) if card.is_own else "",
        may_change=for_body or bool(desk and desk.may_prepare),
        may_end=for_body or bool(desk and desk.may_end),
        next=dict(question.pending) if desk else {},
        act=_act_seen(question.act, user=user),
    )


def reply_page(*, question: str, slug: str, user: Any, language: str) -> ReplyPage:
    """Return a reply as this reader sees it. Raises NotFound where it sees none."""
    reply = reply_seen(question=question, slug=slug, user=user)
    own = own_members(user=user)
    desk = prepared_desk(row=reply, user=user)
    shut = reply.question.state != State.OPEN or reply.member.slug not in asked_of(reply.question)
    prepares = may(user=user, action=PREPARE, member=reply.member.slug, body=reply.body.slug)
    drops = desk is not None and desk.waits and prepares
    if desk is not None and shut:
        desk = replace(desk, may_prepare=False, may_clear=False, may_send_back=False, may_send=False, may_end=False)
    return ReplyPage(
        card=_reply_card(reply, language=language, own=own),
        question=question_cards(questions=[reply.question], user=user, language=language)[0],
        desk=desk,
        is_shut=shut,
        may_drop=drops,
        next=dict(reply.pending) if desk else {},
        act=_act_seen(reply.act, user=user),
    )


def question_to_change(*, slug: str, user: Any) -> dict[str, Any]:
    """Return what a question says as a form holds it, or the change that waits. Raises NotFound for everyone but who asks."""
    question = question_seen(slug=slug, user=user)
    mine = question.member.slug in own_members(user=user) if question.member else asks_for_body(user=user)
    if not mine:
        raise NotFound(reference=question.reference)
    held: dict[str, Any] = fields_of(question) | question.pending
    return held | {
        "wanted_by": held["wanted_by"] or "",
        "note": question.note,
        "state": question.state,
        "body": question.body.slug,
        "member": question.member.slug if question.member else "",
        "seen": token_of(question),
        "now_shown_to": question.visibility,
    }


def reply_to_change(*, question: str, member: str, user: Any) -> dict[str, Any]:
    """Return what a member's reply says as a form holds it, or the change that waits; an empty form where there is none.

    Raises NotFound for everyone outside its delegation, and where the question is not seen.
    """
    asked = question_seen(slug=question, user=user)
    if member not in own_members(user=user):
        raise NotFound(reference=asked.reference)
    reply = asked.replies.filter(member__slug=member).first()
    if reply is None:
        return {"texts": {}, "language": "", "shown_to": "", "note": "", "state": "", "slug": "", "seen": ""}
    held: dict[str, Any] = {"texts": reply.texts, "language": reply.language, "shown_to": reply.shown_to}
    if reply.state == MemberReply.State.DECLINED:
        held["shown_to"] = ""
    found: dict[str, Any] = held | reply.pending
    return found | {"note": reply.note, "state": reply.state, "slug": reply.slug, "seen": token_of(reply)}


def places_to_ask(*, user: Any, language: str) -> list[tuple[str, str, str, str]]:
    """Return where an account may ask: (body, its name, member, its name), by name; no member where it asks as the secretariat."""
    found = places_to_act(user=user, action=PREPARE, language=language)
    if asks_for_body(user=user):
        standing = Body.objects.filter(in_force(on=timezone.now().date()))
        found += [(b.slug, name_in(b.names, language), "", "") for b in standing]
    return sorted(found, key=lambda f: (f[1].casefold(), f[3].casefold(), f[2]))


def _own_reply(question: MemberQuestion, member: str, /, *, user: Any, language: str) -> OwnReply:
    reply = question.replies.filter(member__slug=member).select_related("member").first()
    is_open, body = question.state == State.OPEN, question.body.slug
    state = reply.state if reply else ""
    names = question.body.memberships.filter(member__slug=member).values_list("member__names", flat=True)[0]
    ended = state == MemberReply.State.WITHDRAWN
    return OwnReply(
        member=member,
        member_name=name_in(names, language),
        slug=reply.slug if reply else "",
        state=state,
        waits=is_waiting(reply) if reply else False,
        may_prepare=is_open and not ended and may(user=user, action=PREPARE, member=member, body=body),
        may_decline=is_open and state in {"", "draft"} and may(user=user, action=SEND, member=member, body=body),
    )


def _reply_card(reply: MemberReply, /, *, language: str, own: Collection[str]) -> ReplyCard:
    return ReplyCard(
        slug=reply.slug,
        reference=reply.reference,
        question=reply.question.slug,
        member=reply.member.slug,
        member_name=name_in(reply.member.names, language),
        language=reply.language,
        text=text_in(reply.texts, language),
        text_language=language_in(reply.texts, language),
        texts=tuple(sorted(reply.texts.items())),
        shown_to=reply.shown_to,
        state=reply.state,
        version=reply.version,
        changed_at=reply.act.entered_at if reply.act else None,
        answers_earlier=reply.to_version != reply.question.version,
        is_own=reply.member.slug in own,
    )


def _texts(titles: dict[str, str], texts: dict[str, str], /) -> tuple[tuple[str, str, str], ...]:
    return tuple((tongue, titles.get(tongue, ""), texts.get(tongue, "")) for tongue in sorted({*titles, *texts}))


def _names(question: MemberQuestion, language: str, /) -> tuple[tuple[str, str], ...]:
    named = [(m.slug, name_in(m.names, language)) for m in question.asked.all()]
    return tuple(sorted(named, key=lambda n: (n[1].casefold(), n[0])))


def _act_seen(act: Act | None, /, *, user: Any) -> str:
    seen = act is not None and Act.objects.filter(seen_by(user=user), pk=act.pk).exists()
    return str(act.pk) if act is not None and seen else ""


def circles_to_ask(*, body: str, now_shown_to: str = "") -> tuple[str, ...]:
    """Return the circles in which a question can be asked in a body; of one that was sent, those that are no wider than it is shown."""
    kind = Body.objects.filter(slug=body).values_list("kind", flat=True).first()
    circles = CIRCLES if kind != Body.Kind.ASSEMBLY else CIRCLES[:2]
    return circles if now_shown_to in {"", "public"} else (now_shown_to,)
