"""Rounds as their pages show them: what a reader sees of each, what stands in it, and what this reader may do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.models import Allocation, Challenge, Round
from comity.platform.capacity.round_lookups import (
    BEING_DECIDED,
    CHALLENGE,
    CONFIRM,
    HOLD,
    round_seen,
    rounds_seen,
    sees_all,
)
from comity.platform.capacity.round_rows import rows_of_round
from comity.platform.capacity.round_rules import RoundRules, rules_kept
from comity.platform.capacity.round_tasks import ALLOCATE
from comity.platform.parties.preparing import is_of_delegation, own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may, standing_now
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.models import Act
from comity.platform.record.visibility import Visibility, seen_by
from comity.platform.work.selectors import Progress, jobs_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.capacity.round_rows import Rows

INPUTS = ("needs.csv", "offers.csv", "eligible.csv", "weights.csv", "caps.csv", "terms.csv")
OUTPUTS = ("allocation.csv", "shares.csv", "explanation.json")
SALT = "salt.txt"
ACTS = ("open-round", "freeze-round", "publish-allocation", "confirm-round")


@dataclass(frozen=True, slots=True)
class Shared:
    """A resource of a round, in the reader's language."""

    slug: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in a list, in the reader's language."""

    slug: str
    reference: str
    title: str
    title_language: str
    body: str
    body_name: str
    state: str
    alike: str
    resources: tuple[Shared, ...]
    opened_at: dt.datetime
    closes_at: dt.datetime
    frozen_at: dt.datetime | None
    challenge_until: dt.datetime | None
    confirmed_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    visibility: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What was asked, offered and shared out of a resource. ``members`` counts those who may be known."""

    resource: Shared
    needs: int
    offers: int
    asked: Decimal
    offered: Decimal
    received: Decimal | None


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """A challenge as it was made, with its answer; ``act`` and ``answer_act`` are empty where the reader does not see them."""

    member: str
    member_name: str
    text: str
    language: str
    made_at: dt.datetime
    visibility: str
    act: str
    answer: str
    answer_language: str
    answered_at: dt.datetime | None
    answer_act: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as one reader sees it. ``rows`` is None before it is frozen.

    ``closed``: its tables are for the secretariat and the chair. ``sees_tables``: this reader sees them. ``told``: the allocation is
    published, or the reader may see it before. ``fits`` are the needs and offers, by code, that may be joined, where the tables are seen.
    ``totals`` are empty where the reader does not see the tables. ``files`` are the
    names of what the reader may download. ``receipts`` are ids of acts by type.
    """

    card: RoundCard
    rules: RoundRules
    rows: Rows | None
    totals: tuple[Totals, ...]
    closed: bool
    sees_tables: bool
    told: bool
    fits: frozenset[tuple[str, str]]
    digest: str
    result_digest: str
    maker: str
    solver: str
    challenges: tuple[ChallengeView, ...]
    receipts: dict[str, str]
    files: tuple[str, ...]
    own: tuple[str, ...]
    job: Progress | None
    has_suggestion: bool
    may_hold: bool
    may_confirm: bool


def list_rounds(*, user: Any, language: str, body: str = "", now: dt.datetime | None = None) -> list[RoundCard]:
    """Return the rounds that a reader sees, those that are not ended first, then the latest."""
    moment = now or timezone.now()
    rows = rounds_seen(user=user, now=moment).prefetch_related("resources")
    if body:
        rows = rows.filter(body__slug=body)
    cards = [card_of(round=r, language=language, now=moment) for r in rows]
    ended = {Round.State.CONFIRMED.value, Round.State.CANCELLED.value}
    return sorted(cards, key=lambda c: (c.state in ended, -c.opened_at.timestamp(), c.slug))


def card_of(*, round: Round, language: str, now: dt.datetime) -> RoundCard:  # noqa: A002  (the thing's own name)
    """Return a round in a language."""
    return RoundCard(
        slug=round.slug,
        reference=round.reference,
        title=text_in(round.titles, language),
        title_language=language_in(round.titles, language),
        body=round.body.slug,
        body_name=name_in(round.body.names, language),
        state=str(round.state_at(now)),
        alike=round.by,
        resources=tuple(
            Shared(r.slug, text_in(r.names, language), text_in(r.unit_names, language))
            for r in sorted(round.resources.all(), key=lambda r: r.slug)
        ),
        opened_at=round.opened_at,
        closes_at=round.closes_at,
        frozen_at=round.frozen_at,
        challenge_until=round.challenge_until,
        confirmed_at=round.confirmed_at,
        cancelled_at=round.cancelled_at,
        visibility=round.visibility,
    )


def round_view(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> RoundView:
    """Return a round as a reader sees it. Raises NotFound."""
    moment = now or timezone.now()
    held = round_seen(slug=slug, user=user, now=moment)
    card = card_of(round=held, language=language, now=moment)
    may_hold = may(user=user, action=HOLD, body=held.body.slug)
    allocation = Allocation.objects.filter(round=held).first()
    tables = sees_tables(round=held, user=user, now=moment)
    told = allocation is not None and (held.challenge_until is not None or (may_hold and tables))
    rows = None
    if held.frozen_at is not None:
        rows = rows_of_round(
            round=held,
            allocation=allocation if told else None,
            user=user,
            language=language,
            open_tables=tables,
        )
    return RoundView(
        card=card,
        rules=rules_kept(held.rules),
        rows=rows,
        totals=_totals(card, rows) if rows is not None and tables else (),
        closed=bool(held.tables.get("closed")),
        sees_tables=tables,
        told=told,
        fits=_fits(held) if tables else frozenset(),
        digest=held.input_sha256,
        result_digest=allocation.result_sha256 if allocation is not None and told else "",
        maker=allocation.maker if allocation is not None and told else "",
        solver=allocation.solver if allocation is not None and told else "",
        challenges=challenges_seen(round=held, user=user, language=language, now=moment),
        receipts=_receipts(held, user=user),
        files=_files(held, tables=tables, told=told),
        own=tuple(m for m in own_members(user=user)),
        job=jobs_of(kind=ALLOCATE, subjects=[slug]).get(slug) if may_hold else None,
        has_suggestion=allocation is not None and may_hold,
        may_hold=may_hold,
        may_confirm=may(user=user, action=CONFIRM, body=held.body.slug),
    )


def sees_tables(*, round: Round, user: Any, now: dt.datetime) -> bool:  # noqa: A002  (the thing's own name)
    """Tell whether a reader sees the frozen tables of a round: all of its circle, or the secretariat and the chair where closed."""
    if round.frozen_at is None:
        return False
    if sees_all(round=round, user=user, now=now):
        return True
    if round.tables["closed"]:
        return False
    visibility, audience = round.tables["circle"]
    if visibility == Visibility.PUBLIC:
        return True
    audiences = standing_now(user=user).audiences
    return (audience or "members") in audiences


def challenges_seen(
    *,
    round: Round,  # noqa: A002  (the thing's own name)
    user: Any,
    language: str,
    now: dt.datetime,
) -> tuple[ChallengeView, ...]:
    """Return the challenges that a reader sees, by the name of the member: those whose act it sees, and all for who decides."""
    rows = Challenge.objects.filter(round=round).select_related("member", "making", "answering")
    acts = Act.objects.filter(seen_by(user=user, now=now))
    seen = set(acts.filter(pk__in=rows.values("making")).values_list("pk", flat=True))
    every = sees_all(round=round, user=user, now=now)
    found = [
        ChallengeView(
            member=row.member.slug,
            member_name=name_in(row.member.names, language),
            text=row.text,
            language=row.language,
            made_at=row.made_at,
            visibility=row.making.visibility,
            act=str(row.making_id) if row.making_id in seen else "",
            answer=row.answer,
            answer_language=row.answer_language,
            answered_at=row.answered_at,
            answer_act=str(row.answering_id) if row.answering_id and row.making_id in seen else "",
        )
        for row in rows
        if every or row.making_id in seen
    ]
    return tuple(sorted(found, key=lambda c: (c.member_name.casefold(), c.member)))


def round_file(*, slug: str, name: str, user: Any, now: dt.datetime | None = None) -> str:
    """Return the text of one file of a round. Raises NotFound for who does not see it, whether there is one or not."""
    moment = now or timezone.now()
    held = round_seen(slug=slug, user=user, now=moment)
    tables = sees_tables(round=held, user=user, now=moment)
    allocation = Allocation.objects.filter(round=held).first()
    office = may(user=user, action=HOLD, body=held.body.slug)
    told = allocation is not None and (held.challenge_until is not None or office)
    if name not in _files(held, tables=tables, told=told):
        raise NotFound(reference=f"{held.reference}/{name[:40]}")
    if name == SALT:
        return str(held.tables["salt"])
    if name in INPUTS:
        return str(held.tables["files"][name])
    return str(allocation.explanation["files"][name]) if allocation else ""


def challenging_members(*, round: Round, user: Any, now: dt.datetime) -> tuple[str, ...]:  # noqa: A002  (the thing's own name)
    """Return the members, by slug, for which an account may challenge a round now and has not."""
    if round.state_at(now) != Round.State.CHALLENGE:
        return ()
    done = set(Challenge.objects.filter(round=round).values_list("member__slug", flat=True))
    own = [m for m in own_members(user=user) if m not in done and is_of_delegation(user=user, member=m)]
    return tuple(m for m in own if may(user=user, action=CHALLENGE, member=m, body=round.body.slug))


def is_being_decided(card: RoundCard, /) -> bool:
    """Tell whether a round is frozen and neither confirmed nor cancelled."""
    return card.state in {s.value for s in BEING_DECIDED}


def _files(held: Round, /, *, tables: bool, told: bool) -> tuple[str, ...]:
    if not tables:
        return ()
    names = [n for n in INPUTS if n in held.tables["files"]]
    if held.tables["salt"]:
        names.append(SALT)
    return (*names, *(OUTPUTS if told else ()))


def _fits(held: Round, /) -> frozenset[tuple[str, str]]:
    lines = held.tables["files"]["eligible.csv"].splitlines()[1:]
    pairs = (line.partition(",") for line in lines)
    return frozenset((need, offer) for need, _, offer in pairs)


def _totals(card: RoundCard, rows: Rows, /) -> tuple[Totals, ...]:
    needs: dict[str, list[Any]] = defaultdict(list)
    offers: dict[str, list[Any]] = defaultdict(list)
    for need in rows.needs:
        needs[need.resource].append(need)
    for offer in rows.offers:
        offers[offer.resource].append(offer)
    return tuple(
        Totals(
            resource=r,
            needs=len(needs[r.slug]),
            offers=len(offers[r.slug]),
            asked=_sum(n.asked for n in needs[r.slug]),
            offered=_sum(o.units for o in offers[r.slug]),
            received=_sum(n.received for n in needs[r.slug])
            if all(n.received is not None for n in needs[r.slug])
            else None,
        )
        for r in card.resources
    )


def _sum(amounts: Iterable[Decimal], /) -> Decimal:
    return sum(amounts, Decimal(0))


def _receipts(held: Round, /, *, user: Any) -> dict[str, str]:
    acts = Act.objects.filter(seen_by(user=user), subject=held.reference, type__in=ACTS)
    return {a.type: str(a.pk) for a in acts.order_by("entered_at")}
