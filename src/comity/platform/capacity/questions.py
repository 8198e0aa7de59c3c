"""Ask about a need, and answer: the secretariat in its own name, a possible provider without either learning who the other is.

Where the provider may not know whose the need is, the member that asks for it may not know who asks: it reads "a possible provider", and
the act that enters the question is for the delegation that asked. Once the two have agreed on a commitment, each knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import Conflict, NotFound, NotPermitted
from comity.platform.capacity.lookups import ASK, locked_need
from comity.platform.capacity.models import Commitment, Need, Question
from comity.platform.capacity.needs_seen import AGREED, circle_of, need_seen, providing_members
from comity.platform.parties.bodies import member_of
from comity.platform.parties.preparing import SEND, authorise_own, own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import MAY, standing_now
from comity.platform.parties.texts import checked_language, checked_text
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import Member

MOST_QUESTION = 2000
MOST_ANSWER = 4000
MOST_WAITING = 10
"""Questions of one asker about one need that wait for an answer."""
SECRETARIAT = "secretariat"
PROVIDER = "provider"
RULE = "Questions about a need are asked and answered before it is shared out"


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question about a need as a reader sees it.

    ``by`` is secretariat or provider; ``asker`` and ``asker_name`` are empty where the reader may not know which provider. ``is_mine``:
    the reader's delegation asked it. ``may_answer``: the reader may answer it now.
    """

    number: int
    by: str
    asker: str
    asker_name: str
    language: str
    text: str
    asked_at: dt.datetime
    answer: str
    answer_language: str
    answered_at: dt.datetime | None
    is_mine: bool
    may_answer: bool


def ask_about(*, slug: str, text: str, language: str, by: Any, member: str = "") -> Question:
    """Ask about a need that is open: as a member that is a possible provider, or where none is named as the secretariat.

    Raises NotFound where the reader sees no such need, NotPermitted, BadParameter, or Conflict where the need is not open or ten
    questions of this asker wait.
    """
    need = need_seen(slug=slug, user=by)
    office, asker = _asking(need, member=member, by=by)
    said = checked_text("question", text, most=MOST_QUESTION, least=3, lines=True)
    tongue = checked_language(language)
    with transaction.atomic():
        held = locked_need(slug=slug)
        if held.state != Need.State.OPEN:
            raise Conflict(problem=f"This is {held.state}, so that nothing can be asked about it; nothing was sent.")
        if held.questions.filter(asker=asker, answer="").count() >= MOST_WAITING:
            raise Conflict(
                problem=f"{MOST_WAITING} questions of yours about it wait for an answer already; nothing was sent."
            )
        number = held.questions.count() + 1
        act = enter_act(
            type="ask-about-need",
            office=office,
            member=asker.slug if asker else "",
            authority=RULE,
            subject=held.reference,
            payload={
                "need": held.reference,
                "number": number,
                "asker": asker.slug if asker else SECRETARIAT,
                "language": tongue,
                "text": said,
            },
            **_circle_of_question(held, asker=asker),
        )
        return Question.objects.create(
            need=held, asker=asker, language=tongue, text=said, asked_at=timezone.now(), asking=act
        )


def answer_about(*, slug: str, number: int, text: str, language: str, by: Any) -> Question:
    """Answer a question about a need, in its member's name. Whoever sees the need reads it.

    Raises NotFound for everyone outside its delegation, NotPermitted, BadParameter, or Conflict where it was answered before.
    """
    said = checked_text("answer", text, most=MOST_ANSWER, least=1, lines=True)
    tongue = checked_language(language)
    with transaction.atomic():
        need = locked_need(slug=slug)
        office = authorise_own(row=need, by=by, action=SEND)
        question = _numbered(need, number=number)
        if question.answered_at is not None:
            raise Conflict(problem="This question was answered before; nothing was changed.")
        question.answer, question.answer_language, question.answered_at = said, tongue, timezone.now()
        question.answering = enter_act(
            type="answer-about-need",
            office=office,
            member=need.member.slug,
            authority=RULE,
            subject=need.reference,
            payload={"need": need.reference, "number": number, "language": tongue, "text": said},
            **circle_of(need=need),
        )
        question.save()
        return question


def questions_seen(*, need: Need, user: Any, language: str) -> tuple[QuestionView, ...]:
    """Return the questions about a need that this account sees, in their order, each asker named to who may know it."""
    own, roles = set(own_members(user=user)), standing_now(user=user).roles
    is_own = need.member.slug in own
    agreed = set(
        Commitment.objects.filter(need=need, state__in=AGREED).values_list("offer__member__slug", flat=True)
        if is_own
        else ()
    )
    answers = is_own and need.state == Need.State.OPEN and _may_answer(need, by=user)
    return tuple(
        _view(q, number=number, language=language, own=own, agreed=agreed, office=SECRETARIAT in roles, answers=answers)
        for number, q in enumerate(need.questions.select_related("asker", "asking").order_by("pk"), 1)
    )


def may_ask(*, need: Need, user: Any) -> tuple[str, ...]:
    """Return as whom an account may ask about a need now: members by slug, and "" for the secretariat."""
    if need.state != Need.State.OPEN:
        return ()
    places = [p for p in standing_now(user=user).places if p.role in MAY[ASK]]
    providing = set(providing_members(user=user, need=need))
    members = {p.member for p in places if p.member in providing and p.body in {"", need.body.slug}}
    office = any(p.role == SECRETARIAT and p.body in {"", need.body.slug} for p in places)
    return (*([""] if office else []), *sorted(members))


def _asking(need: Need, /, *, member: str, by: Any) -> tuple[str, Member | None]:
    if member not in may_ask(need=need, user=by):
        raise NotPermitted(action=ASK, needed=" or ".join(sorted(MAY[ASK])))
    if not member:
        return SECRETARIAT, None
    held = {p.role for p in standing_now(user=by).places if p.member == member and p.role in MAY[ASK]}
    return next(role for role in ("head", "delegate", "focal-point") if role in held), member_of(slug=member)


def _circle_of_question(need: Need, /, *, asker: Member | None) -> dict[str, Any]:
    """Return the circle of the act of asking: that of the need, but its asker's own where the member may not know who asks."""
    circle = circle_of(need=need)
    if asker is not None and circle["visibility"] != "public":
        return {"visibility": "delegation", "audience": f"delegation:{asker.slug}"}
    return circle


def _numbered(need: Need, /, *, number: int) -> Question:
    rows = list(need.questions.select_for_update(of=("self",)).order_by("pk"))
    if not 1 <= number <= len(rows):
        raise NotFound(reference=f"{need.reference}/questions/{number}")
    return rows[number - 1]


def _may_answer(need: Need, /, *, by: Any) -> bool:
    places = standing_now(user=by).places
    return any(p.role in MAY[SEND] and p.member == need.member.slug and p.body in {"", need.body.slug} for p in places)


def _view(
    q: Question, /, *, number: int, language: str, own: set[str], agreed: set[str], office: bool, answers: bool
) -> QuestionView:
    asker = q.asker
    mine = asker is not None and asker.slug in own
    known = asker is not None and (mine or office or asker.slug in agreed or q.asking.visibility == "public")
    return QuestionView(
        number=number,
        by=PROVIDER if asker else SECRETARIAT,
        asker=asker.slug if asker and known else "",
        asker_name=name_in(asker.names, language) if asker and known else "",
        language=q.language,
        text=q.text,
        asked_at=q.asked_at,
        answer=q.answer,
        answer_language=q.answer_language,
        answered_at=q.answered_at,
        is_mine=mine,
        may_answer=answers and q.answered_at is None,
    )
