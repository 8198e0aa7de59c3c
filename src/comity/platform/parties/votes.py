"""Who may vote, with how many votes and through whom: proxies, and organisations that vote in place of their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict
from comity.platform.parties.bodies import body_of, member_of, reference_of_body, reference_of_member
from comity.platform.parties.models import Body, Member, Membership, OrganisationSeat, Proxy, Suspension, VoteInPlace
from comity.platform.parties.rules import authorise
from comity.platform.parties.standing import in_force
from comity.platform.record.services import REFERENCE, enter_act

if TYPE_CHECKING:
    import datetime as dt

VOTE = (Suspension.Right.VOTE, Suspension.Right.SPEAK_AND_VOTE)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one member may do at a vote: ``votes`` of 0 with the ``reason`` and the ``rule``, or through whom it votes.

    ``cast_by`` is the member that casts them: itself, the holder of its proxy, or an organisation.
    """

    member: str
    votes: int
    cast_by: str
    reason: str = ""
    rule: str = ""


def seat_in_organisation(*, organisation: str, state: str, starts_on: dt.date, by: Any) -> OrganisationSeat:
    """Write down that a state belongs to a regional organisation from a day on. Raises BadParameter or Conflict."""
    authorise(by=by, action="enter or change a membership")
    whole, part = member_of(slug=organisation), member_of(slug=state)
    if whole.kind != Member.Kind.ORGANISATION or part.kind != Member.Kind.STATE:
        raise BadParameter(
            name="organisation", found=organisation, allowed="an organisation, and a state that belongs to it"
        )
    try:
        with transaction.atomic():
            return OrganisationSeat.objects.create(organisation=whole, state=part, starts_on=starts_on)
    except IntegrityError:
        raise Conflict(problem=f"{part} belongs to {whole} already; nothing was changed.") from None


def vote_in_place(*, organisation: str, body: str, matter: str, by: Any) -> VoteInPlace:
    """Let an organisation vote on one matter in place of its members, where a rule of the body allows it.

    ``matter`` is a reference. Raises NotPermitted, NotFound, BadParameter, or Conflict naming the body that has no such rule.
    """
    here, whole = body_of(slug=body), member_of(slug=organisation)
    office = authorise(by=by, action="vote in place of its members", member=organisation)
    if not REFERENCE.fullmatch(matter):
        raise BadParameter(name="matter", found=matter[:80], allowed="a reference such as decisions/ballots/7")
    if not here.organisation_rule:
        raise Conflict(
            problem=f"The rules of {here} let no organisation vote in place of its members; nothing was changed."
        )
    if whole.kind != Member.Kind.ORGANISATION:
        raise BadParameter(name="organisation", found=organisation, allowed="a regional organisation")
    try:
        with transaction.atomic():
            act = enter_act(
                type="vote-in-place",
                office=office,
                member=organisation,
                authority=here.organisation_rule[:200],
                subject=reference_of_member(organisation),
                payload={"body": body, "organisation": organisation, "matter": matter},
                links=[(reference_of_member(organisation), "wasInfluencedBy", matter)],
            )
            return VoteInPlace.objects.create(
                body=here,
                organisation=whole,
                matter=matter,
                rule=here.organisation_rule,
                starts_at=timezone.now(),
                act=act,
            )
    except IntegrityError:
        raise Conflict(problem=f"{whole} votes in place of its members there already; nothing was changed.") from None


def give_proxy(*, giver: str, holder: str, body: str, by: Any, matter: str = "") -> Proxy:
    """Let another member vote in a member's place, where a rule of the body allows it.

    Raises NotPermitted, NotFound, BadParameter, or Conflict naming the body that allows no proxies.
    """
    here, one, other = body_of(slug=body), member_of(slug=giver), member_of(slug=holder)
    office = authorise(by=by, action="give a proxy", member=giver)
    if not here.proxy_rule:
        raise Conflict(
            problem=f"The rules of {here} allow no proxies: each member votes for itself. Nothing was changed."
        )
    if one.pk == other.pk or (matter and not REFERENCE.fullmatch(matter)):
        raise BadParameter(
            name="proxy", found=f"{holder} {matter}"[:80], allowed="another member, and a reference or nothing"
        )
    today = timezone.now().date()
    for party in (one, other):
        if (
            not party.memberships.filter(in_force(on=today), body=here)
            .exclude(status=Membership.Status.OBSERVER)
            .exists()
        ):
            raise Conflict(problem=f"{party} is no member of {here} today; nothing was changed.")
    try:
        with transaction.atomic():
            act = enter_act(
                type="give-proxy",
                office=office,
                member=giver,
                authority=here.proxy_rule[:200],
                subject=reference_of_member(giver),
                payload={"body": body, "giver": giver, "holder": holder, "matter": matter},
                links=[(reference_of_member(giver), "wasInfluencedBy", reference_of_body(body))],
            )
            return Proxy.objects.create(
                body=here,
                giver=one,
                holder=other,
                matter=matter,
                rule=here.proxy_rule,
                starts_at=timezone.now(),
                act=act,
            )
    except IntegrityError:
        raise Conflict(problem=f"{one} has given a proxy for this already. End that one first.") from None


def end_proxy(*, giver: str, body: str, by: Any, matter: str = "") -> None:
    """Take a proxy back from now on; votes that were cast under it stand. Raises NotPermitted or Conflict."""
    office = authorise(by=by, action="give a proxy", member=giver)
    here = body_of(slug=body)
    with transaction.atomic():
        found = Proxy.objects.filter(body=here, giver__slug=giver, matter=matter, ends_at__isnull=True)
        if not found.update(ends_at=timezone.now()):
            raise Conflict(problem=f"{member_of(slug=giver)} has given no such proxy; nothing was changed.")
        enter_act(
            type="end-proxy",
            office=office,
            member=giver,
            authority="A member votes for itself unless it says otherwise",
            subject=reference_of_member(giver),
            payload={"body": body, "giver": giver, "matter": matter},
        )


def entitlements(*, body: str, moment: dt.datetime, matter: str = "") -> tuple[Entitlement, ...]:
    """Return what each member of a body may do at a vote at a moment, by slug.

    Observers have no vote and are not listed; a provisional member speaks and has none either, until it is full. A regional organisation is listed with the number of its members here that may
    vote, where it votes in their place on this matter; then each of those has none of its own.
    """
    here, day = body_of(slug=body), moment.date()
    seats = (
        here.memberships.filter(in_force(on=day)).exclude(status=Membership.Status.OBSERVER).select_related("member")
    )
    members = {seat.member_id: seat.member for seat in seats}
    provisional = {seat.member_id: seat.rule for seat in seats if seat.status == Membership.Status.PROVISIONAL}
    suspended = {
        s.member_id: s for s in here.suspensions.filter(in_force(on=day), right__in=VOTE, member_id__in=members)
    }
    replaced = _replaced(here, moment=moment, matter=matter)
    proxies = _proxies(here, moment=moment, matter=matter)
    found: list[Entitlement] = []
    for number, party in members.items():
        stop = suspended.get(number)
        if stop is not None:
            found.append(Entitlement(party.slug, 0, party.slug, "suspended", stop.rule))
        elif number in provisional:
            found.append(Entitlement(party.slug, 0, party.slug, "provisional", provisional[number]))
        elif party.kind == Member.Kind.ORGANISATION:
            votes = sum(
                1
                for state in members
                if replaced.get(state) == party.slug and state not in suspended and state not in provisional
            )
            reason = "" if votes else "its members vote themselves"
            found.append(Entitlement(party.slug, votes, party.slug, reason, here.organisation_rule))
        elif number in replaced:
            found.append(
                Entitlement(
                    party.slug, 0, replaced[number], "an organisation votes in its place", here.organisation_rule
                )
            )
        elif number in proxies:
            found.append(Entitlement(party.slug, 1, proxies[number].holder.slug, "by proxy", proxies[number].rule))
        else:
            found.append(Entitlement(party.slug, 1, party.slug))
    return tuple(sorted(found, key=lambda e: e.member))


def _replaced(here: Body, *, moment: dt.datetime, matter: str) -> dict[int, str]:
    """Return the organisation that votes in place of each state on this matter."""
    if not matter:
        return {}
    standing = VoteInPlace.objects.filter(body=here, matter=matter, starts_at__lte=moment)
    standing = standing.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment)).select_related("organisation")
    return {
        seat.state_id: vote.organisation.slug
        for vote in standing
        for seat in vote.organisation.states.filter(in_force(on=moment.date()))
    }


def _proxies(here: Body, *, moment: dt.datetime, matter: str) -> dict[int, Proxy]:
    """Return the proxy in force for each giver; one for this matter stands before one for all."""
    found = here.proxies.filter(Q(matter="") | Q(matter=matter), starts_at__lte=moment)
    found = found.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment)).select_related("holder").order_by("matter")
    return {proxy.giver_id: proxy for proxy in found}
