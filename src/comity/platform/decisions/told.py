"""Tell people what waits in ballots: votes to prepare, clear and cast, positions to explain, and for offices outcomes to state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.platform.decisions.delegations import members_with_desk, vote_desk
from comity.platform.decisions.lookups import STATE, explain_until, explanation_time
from comity.platform.decisions.models import Ballot, Elector, Explanation
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.selectors import ballots_seen
from comity.platform.decisions.stating import open_motions
from comity.platform.decisions.tallying import SILENT
from comity.platform.parties.rules import may, standing_now
from comity.platform.parties.today import PROVIDERS, Need

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.decisions.delegations import VoteDesk
    from comity.platform.parties.models import User


def votes_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield a need for each open ballot and member of which something waits for this person; it is due when the ballot closes."""
    opened = ballots_seen(user=user).filter(opens_at__isnull=False, withdrawn_at__isnull=True, outcome__isnull=True)
    for ballot in opened.filter(closed_at__isnull=True).order_by("slug"):
        if ballot.state_at(now) != Ballot.State.OPEN:
            continue
        for member in members_with_desk(ballot=ballot, user=user):
            desk = vote_desk(slug=ballot.slug, member=member, user=user, now=now)
            kind = _next_step(desk, silent=ballot.way in SILENT)
            if kind:
                yield Need(
                    kind=kind,
                    key=f"{kind}-{ballot.slug}-{member}",
                    member=member,
                    address=f"/{ballot.reference}/delegation?member={member}",
                    title=_title(ballot, user),
                    due_at=ballot.closes_at,
                )


def positions_to_explain(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield a need for each closed ballot that a member of this person may still explain, and has not."""
    own = standing_now(user=user).members
    closed = ballots_seen(user=user).filter(opens_at__isnull=False, withdrawn_at__isnull=True)
    asked = Elector.objects.filter(ballot__in=closed.values("pk"), member__slug__in=own, counts=True)
    done = set(Explanation.objects.filter(member__slug__in=own, when="after").values_list("ballot_id", "member__slug"))
    held = {b.pk: b for b in closed.filter(electors__in=asked).distinct()}
    for elector in asked.select_related("member", "vote").order_by("ballot__slug", "member__slug"):
        ballot, member = held[elector.ballot_id], elector.member.slug
        days = rule_of(ballot.rule).conduct.explanation_days
        when, _ = explanation_time(ballot=ballot, elector=elector, days=days, moment=now)
        if when != "after" or (ballot.pk, member) in done:
            continue
        if may(user=user, action="draft a text", member=member, body=ballot.body.slug):
            yield Need(
                kind="explain-vote",
                key=f"explain-vote-{ballot.slug}-{member}",
                member=member,
                address=f"/{ballot.reference}",
                title=_title(ballot, user),
                due_at=explain_until(ballot=ballot, days=days),
            )


def outcomes_to_state(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield a need for each ballot that has closed and whose outcome this person may state."""
    waiting = ballots_seen(user=user).filter(opens_at__isnull=False, withdrawn_at__isnull=True, outcome__isnull=True)
    for ballot in waiting.order_by("slug"):
        closed = ballot.state_at(now) == Ballot.State.CLOSED
        if closed and may(user=user, action=STATE, body=ballot.body.slug) and not open_motions(ballot=ballot):
            yield Need(
                kind="state-outcome",
                key=f"state-outcome-{ballot.slug}",
                member="",
                address=f"/{ballot.reference}",
                title=_title(ballot, user),
                due_at=ballot.closed_at or ballot.closes_at,
            )


def _next_step(desk: VoteDesk, /, *, silent: bool) -> str:
    """Return what waits for a person at a desk; a member that keeps silent has nothing to prepare."""
    waits = desk.position != "" and desk.cast_at is None
    if waits and desk.may_clear and desk.awaits_clearance:
        return "clear-vote"
    if waits and desk.may_cast:
        return "cast-vote"
    if desk.given or waits or silent:
        return ""
    if desk.may_cast:
        return "cast-vote"
    return "prepare-vote" if desk.may_prepare else ""


def _title(ballot: Ballot, user: User, /) -> str:
    question: dict[str, str] = ballot.question
    return question.get(user.language) or question.get("en") or next(iter(question.values()), "")


for _provider in (votes_that_wait, positions_to_explain, outcomes_to_state):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
