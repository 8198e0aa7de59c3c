"""Freeze who decides in a ballot at the moment it opens: who counts and why not, in which groups, with which weights, through whom."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from comity.adapters.ballot_files import read_rolls_text
from comity.adapters.ballot_rolls import Roll, write_rolls
from comity.engines.decisions.lots import call_from, draw_lot
from comity.errors import BadBallot, BadParameter, BadRow, Conflict, NothingToDrawFrom
from comity.platform.decisions.models import Ballot, Elector
from comity.platform.parties.models import Member, Proxy
from comity.platform.parties.votes import entitlements
from comity.platform.record.models import Checkpoint

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.engines.decisions.rules import Rule
    from comity.engines.decisions.tally import Member as Counted
    from comity.platform.parties.votes import Entitlement

IN_PLACE = "an organisation votes in its place"
BY_PROXY = "by proxy"
ITS_MEMBERS = "its members count"
MOST_SUM = 2**53 - 1
"""The greatest sum of weights: a greater whole number has no exact form in JSON."""


def find_electors(
    *,
    ballot: Ballot,
    rule: Rule,
    moment: dt.datetime,
    groups: Mapping[str, Sequence[str]] | None,
    weights: Mapping[str, Mapping[str, Any]] | None,
) -> list[Elector]:
    """Return who is asked at a moment, by slug, not yet written; observers are not asked.

    An organisation that votes in place of its members casts the vote of each, and does not count itself. A proxy holds where the
    rule lets one member vote for so many others, the earliest given first; else the member votes for itself. ``groups`` and
    ``weights`` are by member; what they lack is what the rule says itself. Raises Conflict where nobody counts, BadBallot for a
    member, BadParameter for a group or weight that will not do.
    """
    named = entitlements(body=ballot.body.slug, moment=moment, matter=ballot.reference)
    members = {m.slug: m for m in Member.objects.filter(slug__in=[e.member for e in named])}
    proxies = _proxies_that_hold(ballot, rule=rule, moment=moment, named=named)
    found = [_elector(ballot, entitlement=e, members=members, proxies=proxies) for e in named]
    counting = [e for e in found if e.counts]
    if not counting:
        raise Conflict(problem=f"No member of {ballot.body} may vote at present; nothing was opened.")
    stray = sorted(({*(groups or {})} | {*(weights or {})}) - set(members))
    if stray:
        raise BadBallot(member=stray[0][:60], problem="it has no seat that votes in this body")
    for elector, counted in zip(counting, _weigh(rule, counting, groups=groups, weights=weights), strict=True):
        elector.groups = [g.name for g in rule.groups if g.name in counted.groups]
        elector.weights = {name: str(Fraction(value)) for name, value in counted.weights.items()}
    return found


def draw_call(*, ballot: Ballot, electors: Sequence[Elector]) -> dict[str, Any]:
    """Draw with which member a roll call begins, number those that count from there, and return how it was drawn.

    Names stand in the alphabetical order of English. The root is that of the latest signed tree of the log. Raises
    NothingToDrawFrom where no tree is signed.
    """
    tree = Checkpoint.objects.filter(size__gt=0).order_by("-size", "-signed_at").first()
    if tree is None:
        raise NothingToDrawFrom
    in_order = sorted((e for e in electors if e.counts), key=lambda e: (e.member.names["en"].casefold(), e.member.slug))
    number = draw_lot(root=tree.root, reference=ballot.reference, of=len(in_order))
    for place, elector in enumerate(call_from(order=in_order, first=number), 1):
        elector.call_order = place
    return {
        "origin": tree.origin,
        "size": tree.size,
        "root": tree.root,
        "reference": ballot.reference,
        "of": len(in_order),
        "number": number,
        "first": in_order[number].member.slug,
    }


def _elector(
    ballot: Ballot, /, *, entitlement: Entitlement, members: Mapping[str, Member], proxies: Mapping[str, str]
) -> Elector:
    party = members[entitlement.member]
    caster, reason, counts = party, entitlement.reason, entitlement.votes == 1
    if party.kind == Member.Kind.ORGANISATION:
        counts, reason = False, reason or ITS_MEMBERS
    elif reason == IN_PLACE:
        counts, caster = True, members[entitlement.cast_by]
    elif reason == BY_PROXY:
        caster = members[proxies.get(party.slug, party.slug)]
    return Elector(
        ballot=ballot,
        member=party,
        counts=counts,
        reason="" if counts else reason,
        rule=entitlement.rule if not counts or caster != party else "",
        cast_by=caster,
    )


def _proxies_that_hold(
    ballot: Ballot, /, *, rule: Rule, moment: dt.datetime, named: Sequence[Entitlement]
) -> dict[str, str]:
    """Return the holder by giver of the proxies that the rule of a ballot lets hold."""
    asked = {e.member: e.cast_by for e in named if e.reason == BY_PROXY}
    voting = {e.member for e in named if e.votes == 1}
    held: dict[str, str] = {}
    taken: dict[str, int] = {}
    for giver, holder in sorted(asked.items(), key=lambda pair: (given_at(ballot, pair[0], moment=moment), pair[0])):
        if holder in voting and taken.get(holder, 0) < rule.conduct.proxies:
            held[giver] = holder
            taken[holder] = taken.get(holder, 0) + 1
    return held


def given_at(ballot: Ballot, giver: str, /, *, moment: dt.datetime) -> dt.datetime:
    """Return when the proxy of a member that stands at a moment was given; the moment itself where there is none."""
    found = proxy_at(ballot=ballot, giver=giver, moment=moment)
    return found.starts_at if found is not None else moment


def proxy_at(*, ballot: Ballot, giver: str, moment: dt.datetime) -> Proxy | None:
    """Return the proxy that a member had given at a moment for a ballot; one for this matter stands before one for all."""
    rows = ballot.body.proxies.filter(
        Q(matter="") | Q(matter=ballot.reference), giver__slug=giver, starts_at__lte=moment
    )
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment)).select_related("holder")
    return rows.order_by("-matter").first()


def _weigh(
    rule: Rule,
    counting: Sequence[Elector],
    /,
    *,
    groups: Mapping[str, Sequence[str]] | None,
    weights: Mapping[str, Mapping[str, Any]] | None,
) -> list[Counted]:
    """Return what the rule makes of the groups and weights that were given, as it reads them from a file, by slug."""
    away = next(p.name for p in rule.positions if p.counts == "away")
    rows = [
        Roll(
            member=e.member.slug,
            position=away,
            groups=tuple(" ".join(str(g).split()) for g in (groups or {}).get(e.member.slug, ())),
            weights={str(k): " ".join(str(v).split()) for k, v in (weights or {}).get(e.member.slug, {}).items()},
        )
        for e in counting
    ]
    try:
        read = read_rolls_text(rule=rule, text=write_rolls(rule=rule, rolls=rows), file="members")
    except BadRow as error:
        row = int(error.data["row"])
        if row > 1:
            raise BadBallot(member=rows[row - 2].member, problem=str(error.data["problem"])) from None
        raise BadParameter(name="groups", found="nothing", allowed=str(error.data["problem"])) from None
    for weight in rule.weights:
        total = sum(m.weights[weight.name] for m in read.members)
        # Fractions that share no denominator add up to one of thousands of digits, which nothing can carry.
        if total > MOST_SUM or Fraction(total).denominator > MOST_SUM:
            raise BadParameter(
                name=weight.name,
                found=f"{total} together"[:80],
                allowed=f"at most {MOST_SUM} together, and exactly written",
            )
    return list(read.members)
