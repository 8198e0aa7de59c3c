"""Is it fair over time: what share of what they asked each group of members received in rounds, and what one member rests on.

Only needs that are public are counted, so that no figure of a small group tells of a need that is not. What a member rests on is for its
own delegation alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.models import Commitment, Need, Resource, Round, RoundNeed
from comity.platform.parties.groupings import DEVELOPMENT, REGIONAL, grouping_names, groups_of_member
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import standing_now
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.engines.capacity.dependence import Dependence

OVER = 0.5
"""The share of one provider from which a member is told that its access rests on it."""

GROUPS = (*sorted(REGIONAL.values()), *DEVELOPMENT)


@dataclass(frozen=True, slots=True)
class RoundShare:
    """What a group asked and received in one round; ``share`` is None where it asked for nothing."""

    slug: str
    confirmed_at: dt.datetime
    asked: Decimal
    received: Decimal
    members: int

    @property
    def share(self) -> float | None:
        """Return received ÷ asked."""
        return float(self.received / self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class GroupShares:
    """A group over the rounds, oldest first. ``code`` is empty for all members together."""

    code: str
    name: str
    rounds: tuple[RoundShare, ...]

    @property
    def last(self) -> float | None:
        """Return the share of the last round in which it asked for anything."""
        return next((r.share for r in reversed(self.rounds) if r.share is not None), None)


@dataclass(frozen=True, slots=True)
class EquityView:
    """Shares of one resource by group over the confirmed rounds that a reader sees; no group that never asked is listed."""

    resource: str
    resource_name: str
    unit: str
    everyone: GroupShares
    groups: tuple[GroupShares, ...]


@dataclass(frozen=True, slots=True)
class Reliance:
    """How far a member rests on one provider for a resource: seen by its delegation alone. Names are in the reader's language."""

    resource: str
    resource_name: str
    unit: str
    told: Dependence
    names: tuple[tuple[str, float], ...]


def resources_shared(*, user: Any, language: str = "en") -> tuple[tuple[str, str], ...]:
    """Return the resources of which a confirmed round that a reader sees gave something, by name: (slug, name)."""
    rounds = Round.objects.filter(seen_by(user=user), confirmed_at__isnull=False)
    rows = Resource.objects.filter(rounds__in=rounds).distinct()
    return tuple(sorted(((r.slug, name_in(r.names, language)) for r in rows), key=lambda pair: pair[1].casefold()))


def equity_view(*, resource: str, user: Any, language: str = "en") -> EquityView:
    """Return the shares of groups in one resource. Raises NotFound for an unknown resource."""
    found = Resource.objects.filter(slug=resource).first()
    if found is None:
        raise NotFound(reference=f"capacity/resources/{resource[:60]}")
    rounds = list(
        Round.objects.filter(seen_by(user=user), confirmed_at__isnull=False, resources=found).order_by("confirmed_at")
    )
    asked = RoundNeed.objects.filter(
        round__in=rounds, need__resource=found, need__shown_to=Need.Shown.PUBLIC
    ).select_related("need__member", "round")
    given: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    confirmed = Commitment.objects.filter(round__in=rounds, need__resource=found, need__shown_to=Need.Shown.PUBLIC)
    for made in confirmed.exclude(state=Commitment.State.DECLINED):
        given[made.round_id, made.need_id] += made.units
    rows = [
        (row, given[row.round_id, row.need_id], groups_of_member(member=row.need.member, on=_day(row.round)))
        for row in asked
    ]
    names = grouping_names(language=language)
    groups = [
        GroupShares(code=code, name=names[code], rounds=_sum(rounds, ((r, g) for r, g, of in rows if code in of)))
        for code in GROUPS
    ]
    return EquityView(
        resource=found.slug,
        resource_name=name_in(found.names, language),
        unit=name_in(found.unit_names, language),
        everyone=GroupShares(code="", name="", rounds=_sum(rounds, ((r, g) for r, g, _ in rows))),
        groups=tuple(sorted((g for g in groups if g.last is not None), key=lambda g: g.name.casefold())),
    )


def reliance_of(*, member: str, user: Any, language: str = "en") -> tuple[Reliance, ...]:
    """Return on whom a member rests, by resource; for its own delegation alone. Raises NotFound for anyone else."""
    from comity.engines.capacity.dependence import rest_on  # noqa: PLC0415  (loaded where a delegation asks)

    if member not in standing_now(user=user).members:
        raise NotFound(reference=f"capacity/members/{member[:60]}")
    held = Commitment.objects.filter(
        need__member__slug=member, state__in=[Commitment.State.AGREED, Commitment.State.COMPLETE]
    ).select_related("offer__member", "need__resource")
    sources: dict[str, list[tuple[str, float]]] = defaultdict(list)
    resources: dict[str, Resource] = {}
    providers: dict[str, str] = {}
    for made in held:
        provider, resource = made.offer.member, made.need.resource
        sources[resource.slug].append((provider.slug, float(made.units)))
        resources[resource.slug], providers[provider.slug] = resource, name_in(provider.names, language)
    rows = []
    for slug, pairs in sources.items():
        told = rest_on(sources=pairs, over=OVER)
        named = sorted(((providers[p], share) for p, share in told.shares), key=lambda pair: pair[0].casefold())
        resource = resources[slug]
        rows.append(
            Reliance(
                slug, name_in(resource.names, language), name_in(resource.unit_names, language), told, tuple(named)
            )
        )
    return tuple(sorted(rows, key=lambda r: r.resource_name.casefold()))


def _day(held: Round, /) -> dt.date:
    return (held.frozen_at or held.opened_at).date()


def _sum(rounds: Iterable[Round], rows: Iterable[tuple[RoundNeed, Decimal]], /) -> tuple[RoundShare, ...]:
    totals: dict[int, list[Any]] = {}
    for row, given in rows:
        total = totals.setdefault(row.round_id, [Decimal(0), Decimal(0), set()])
        total[0] += row.units
        total[1] += given
        total[2].add(row.need.member_id)
    return tuple(
        RoundShare(
            slug=held.slug,
            confirmed_at=held.confirmed_at or timezone.now(),
            asked=totals.get(held.pk, [Decimal(0)])[0],
            received=totals[held.pk][1] if held.pk in totals else Decimal(0),
            members=len(totals[held.pk][2]) if held.pk in totals else 0,
        )
        for held in rounds
    )
