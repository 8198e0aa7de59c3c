"""Tell people what waits of rounds: one that closes, to freeze, publish or confirm one, to answer a challenge, to challenge, to agree to a commitment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from comity.platform.capacity.challenges import unanswered
from comity.platform.capacity.commitments import PROVIDER, RECIPIENT
from comity.platform.capacity.commitments_seen import commitments_seen
from comity.platform.capacity.models import Commitment, Round
from comity.platform.capacity.round_lookups import AGREE, HOLD, rounds_seen
from comity.platform.capacity.round_views import challenging_members
from comity.platform.parties.preparing import SEND, own_members
from comity.platform.parties.rules import may
from comity.platform.parties.texts import text_in
from comity.platform.parties.today import PROVIDERS, Need

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.platform.parties.models import User


CLOSES_SOON = dt.timedelta(days=7)


def rounds_that_close(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield each round that closes within a week, for who sends needs and offers of a member of its body."""
    soon = rounds_seen(user=user, now=now).filter(
        closes_at__gt=now, closes_at__lte=now + CLOSES_SOON, cancelled_at__isnull=True
    )
    for held in soon.order_by("slug"):
        for member in own_members(user=user):
            if may(user=user, action=SEND, member=member, body=held.body.slug):
                yield Need(
                    kind="round-closes",
                    key=f"round-closes-{held.slug}-{member}",
                    member=member,
                    address=f"/{held.reference}",
                    title=text_in(held.titles, user.language),
                    due_at=held.closes_at,
                )


def rounds_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield what waits for each round that is not ended: for its officers the next step, for a member with a need in it a challenge."""
    running = rounds_seen(user=user, now=now).filter(confirmed_at__isnull=True, cancelled_at__isnull=True)
    own = own_members(user=user)
    for held in running.order_by("slug"):
        state = held.state_at(now)
        title = text_in(held.titles, user.language)
        if may(user=user, action=HOLD, body=held.body.slug):
            kind = _step_of_office(held, state=str(state))
            if kind:
                yield Need(
                    kind=kind,
                    key=f"{kind}-{held.slug}",
                    member="",
                    address=f"/{held.reference}/desk",
                    title=title,
                    due_at=held.challenge_until if kind == "answer-challenge" else None,
                )
        in_it = set(held.needs.filter(need__member__slug__in=own).values_list("need__member__slug", flat=True))
        for member in challenging_members(round=held, user=user, now=now):
            if member in in_it:
                yield Need(
                    kind="look-at-allocation",
                    key=f"look-at-allocation-{held.slug}-{member}",
                    member=member,
                    address=f"/{held.reference}/member?member={member}",
                    title=title,
                    due_at=held.challenge_until,
                )


def commitments_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield each proposed commitment on which a person's member, as provider or recipient, has not said anything."""
    own = set(own_members(user=user))
    if not own:
        return
    rows = commitments_seen(user=user, now=now).filter(state=Commitment.State.PROPOSED)
    for row in rows.order_by("slug"):
        sides = (
            (PROVIDER, row.offer.member.slug, row.provider_said_at, text_in(row.offer.titles, user.language)),
            (RECIPIENT, row.need.member.slug, row.recipient_said_at, text_in(row.need.titles, user.language)),
        )
        for side, member, said, title in sides:
            if member in own and said is None and may(user=user, action=AGREE, member=member, body=row.round.body.slug):
                yield Need(
                    kind="agree-to-commitment",
                    key=f"agree-to-commitment-{row.slug}-{side}",
                    member=member,
                    address=f"/{row.round.reference}/member?member={member}",
                    title=title,
                )


def _step_of_office(held: Round, /, *, state: str) -> str:
    if unanswered(round=held):
        return "answer-challenge"
    steps = {"closed": "freeze-round", "frozen": "publish-allocation", "deciding": "confirm-round"}
    return steps.get(state, "")


for _provider in (rounds_that_close, rounds_that_wait, commitments_that_wait):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
