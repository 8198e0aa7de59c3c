"""Tell people what waits of needs and offers: to clear, to send, and questions to answer; it is due when a round that takes them closes."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from comity.platform.capacity.models import Need, Offer, Question, Round
from comity.platform.parties.preparing import CLEAR, SEND, clears_contributions, own_members
from comity.platform.parties.rules import may
from comity.platform.parties.texts import text_in
from comity.platform.parties.today import PROVIDERS
from comity.platform.parties.today import Need as ToDo

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from comity.platform.capacity.models import Resource
    from comity.platform.parties.models import Body, User

MOST_TOLD = 20
"""Of one kind for one member; the lists of needs and offers show all."""


def contributions_that_wait(*, user: User, now: dt.datetime) -> Iterable[ToDo]:
    """Yield what waits for each need and offer of a person's delegations that is prepared and not yet sent."""
    own = own_members(user=user)
    if not own:
        return
    # Who clears, and when a round closes, is asked once for all that a spreadsheet brought at once.
    clears, closes = cache(_clears), cache(lambda body, resource: _closes_at(body, resource, now=now))
    for model, word in ((Need, "need"), (Offer, "offer")):
        rows = model.objects.filter(member__slug__in=own, state__in=["draft", "open"])
        told: Counter[tuple[str, str]] = Counter()
        for row in rows.select_related("body", "member", "resource").order_by("slug"):
            kind = _next_step(row, user=user, clears=clears)
            told[row.member.slug, kind] += 1
            if kind and told[row.member.slug, kind] <= MOST_TOLD:
                yield ToDo(
                    kind=f"{kind}-{word}",
                    key=f"{kind}-{word}-{row.slug}",
                    member=row.member.slug,
                    address=f"/{row.reference}",
                    title=text_in(row.titles, user.language),
                    due_at=closes(row.body, row.resource),
                )


def questions_that_wait(*, user: User, now: dt.datetime) -> Iterable[ToDo]:
    """Yield what waits for each open need of a person's delegations about which somebody asked."""
    own = own_members(user=user)
    if not own:
        return
    waiting = Question.objects.filter(answered_at__isnull=True, need__member__slug__in=own, need__state=Need.State.OPEN)
    rows = Need.objects.filter(pk__in=waiting.values("need")).select_related("body", "member", "resource")
    for need in rows.order_by("slug"):
        if may(user=user, action=SEND, member=need.member.slug, body=need.body.slug):
            yield ToDo(
                kind="answer-about-need",
                key=f"answer-about-need-{need.slug}",
                member=need.member.slug,
                address=f"/{need.reference}",
                title=text_in(need.titles, user.language),
                due_at=_closes_at(need.body, need.resource, now=now),
            )


def _clears(body: Body, member: str, /) -> bool:
    return clears_contributions(body=body, member=member)


def _next_step(row: Need | Offer, /, *, user: User, clears: Callable[[Body, str], bool]) -> str:
    """Return what waits for a person; what is not cleared waits for nobody but who clears it."""
    if row.state == Need.State.OPEN and not row.pending:
        return ""
    member, body = row.member.slug, row.body.slug
    if clears(row.body, member) and row.cleared_at is None:
        return "clear" if may(user=user, action=CLEAR, member=member, body=body) else ""
    return "send" if may(user=user, action=SEND, member=member, body=body) else ""


def _closes_at(body: Body, resource: Resource, /, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the next round that takes what is prepared closes; None where there is none."""
    rounds = Round.objects.filter(
        body=body, resources=resource, closes_at__gt=now, frozen_at__isnull=True, cancelled_at__isnull=True
    )
    return rounds.order_by("closes_at").values_list("closes_at", flat=True).first()


for _provider in (contributions_that_wait, questions_that_wait):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
