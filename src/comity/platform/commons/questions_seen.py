"""Who sees a question, who sees a reply, and whom a question asks: the one place that answers.

- A draft is seen by its delegation alone. A question that was sent is seen by its circle, closed or not; by the delegation that asked,
  for the body's own the secretariat; and by each member that replied. One that was withdrawn is seen by these two alone.
- A reply in the circle is seen by whoever sees the question; a reply to the asker by the delegation that asked. Its own delegation sees
  it always. Nothing else tells of it: neither a number, nor a day, nor a list of who has not replied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.commons.models import MemberQuestion, MemberReply
from comity.platform.parties.models import Membership
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import MEMBERS
from comity.platform.parties.rules import standing_now
from comity.platform.parties.standing import in_force
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

State = MemberQuestion.State
REPLIED = (MemberReply.State.OPEN, MemberReply.State.WITHDRAWN)
SETTLED = (*REPLIED, MemberReply.State.DECLINED)


def questions_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which a question is seen by an account at a moment (default: now)."""
    own = own_members(user=user)
    replied = MemberReply.objects.filter(member__slug__in=own, state__in=REPLIED)
    return (
        Q(member__slug__in=own)
        | _of_body(user)
        | Q(state__in=[State.OPEN, State.CLOSED]) & seen_by(user=user, now=now)
        | ~Q(state=State.DRAFT) & Q(pk__in=replied.values("question"))
    )


def questions_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[MemberQuestion]:
    """Return the questions that an account sees, with body and member."""
    return MemberQuestion.objects.filter(questions_seen_by(user=user, now=now)).select_related("body", "member")


def question_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> MemberQuestion:
    """Return one question. Raises NotFound for who does not see it, whether there is one or not."""
    found = questions_seen(user=user, now=now).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"commons/questions/{slug[:60]}")
    return found


def replies_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[MemberReply]:
    """Return the replies that an account sees; of its own delegations all, drafts and what was declined among them."""
    own = own_members(user=user)
    asked = MemberQuestion.objects.filter(Q(member__slug__in=own) | _of_body(user))
    circle = MemberQuestion.objects.filter(seen_by(user=user, now=now), state__in=[State.OPEN, State.CLOSED])
    sent = Q(state=MemberReply.State.OPEN)
    condition = (
        Q(member__slug__in=own)
        | sent & Q(question__in=asked.values("pk"))
        | sent & Q(shown_to=MemberReply.Shown.CIRCLE, question__in=circle.values("pk"))
    )
    return MemberReply.objects.filter(condition).select_related("member", "question__body", "question__member", "act")


def reply_seen(*, question: str, slug: str, user: Any) -> MemberReply:
    """Return a reply that was prepared or sent. Raises NotFound for who does not see it, whether there is one or not."""
    rows = replies_seen(user=user).exclude(state=MemberReply.State.DECLINED)
    found = rows.filter(slug=slug, question__slug=question).first()
    if found is None:
        raise NotFound(reference=f"commons/questions/{question[:60]}/{slug[:60]}")
    return found


def asks_member(*, member: str, on: dt.date) -> Q:
    """Return the condition that a question, if it is open, asks a member on a day."""
    seats = Membership.objects.filter(in_force(on=on), member__slug=member, status__in=MEMBERS).values("body")
    named = MemberQuestion.asked.through.objects.filter(member__slug=member).values("memberquestion")
    return Q(body__in=seats) & ~Q(member__slug=member) & (Q(is_to_all=True) | Q(pk__in=named))


def awaits_member(*, member: str, now: dt.datetime | None = None) -> Q:
    """Return the condition that an open question asks a member, which neither replied nor declined."""
    settled = MemberReply.objects.filter(member__slug=member, state__in=SETTLED).values("question")
    on = (now or timezone.now()).date()
    return Q(state=State.OPEN) & asks_member(member=member, on=on) & ~Q(pk__in=settled)


def asks_for_body(*, user: Any, body: str = "") -> bool:
    """Tell whether an account asks, closes and reads as the secretariat, in a body or anywhere."""
    places = standing_now(user=user).places
    return any(p.role == "secretariat" and (not body or p.body in {"", body}) for p in places)


def _of_body(user: Any, /) -> Q:
    return Q(member__isnull=True) if asks_for_body(user=user) else Q(pk__in=())
