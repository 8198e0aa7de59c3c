"""Who sees a need, and whether they see whose it is: the one place that answers. A need can embarrass.

- Its delegation and the secretariat see all of it; a draft is seen by its delegation alone.
- ``secretariat``: nobody else learns that there is one.
- ``providers``: members with an open offer of the same resource see what is asked for and by when, never whose need it is, until a
  commitment between the two is agreed.
- ``public``: anyone.
- The chair of the body sees what the secretariat sees while a round that holds the need is being decided.
- A provider to whom a round gave the need sees it too, without the member's name until both have agreed; where the need is for the
  secretariat alone, only once its member has agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.capacity.lookups import offers_open
from comity.platform.capacity.models import Commitment, Need, Offer, RoundNeed
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import standing_now
from comity.platform.parties.texts import language_in, text_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

NOBODY = Q(pk__in=())
AGREED = ("agreed", "complete", "ended")
SEEN_BY_PROVIDERS = ("providers", "public")


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need in the reader's language, as far as this reader sees it.

    ``member`` and ``member_name`` are empty where the reader may not know whose need it is. ``title_language`` and
    ``purpose_language`` say in which language the texts are given. ``is_own``: the reader belongs to its delegation.
    """

    slug: str
    reference: str
    body: str
    body_name: str
    resource: str
    resource_name: str
    unit_name: str
    title: str
    title_language: str
    purpose: str
    purpose_language: str
    units: Decimal
    languages: tuple[str, ...]
    wanted_by: dt.date | None
    shown_to: str
    state: str
    version: int
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    member: str
    member_name: str
    is_own: bool


def needs_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which a need is seen by an account at a moment (default: now)."""
    moment = now or timezone.now()
    own = own_members(user=user)
    return Q(member__slug__in=own) | ~Q(state=Need.State.DRAFT) & (
        Q(shown_to=Need.Shown.PUBLIC)
        | _by_office(user)
        | Q(
            state=Need.State.OPEN,
            shown_to__in=SEEN_BY_PROVIDERS,
            resource__in=_offered_by(own, on=moment.date()).values("resource"),
        )
        | Q(pk__in=_given_to(own).values("need"))
    )


def needs_known_by(*, user: Any) -> Q:
    """Return the condition under which an account may know whose a need is."""
    own = own_members(user=user)
    return Q(member__slug__in=own) | ~Q(state=Need.State.DRAFT) & (
        Q(shown_to=Need.Shown.PUBLIC)
        | _by_office(user)
        | Q(pk__in=Commitment.objects.filter(offer__member__slug__in=own, state__in=AGREED).values("need"))
    )


def needs_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[Need]:
    """Return the needs that an account sees, with their body, member and resource."""
    return Need.objects.filter(needs_seen_by(user=user, now=now)).select_related("body", "member", "resource")


def need_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> Need:
    """Return one need. Raises NotFound for who does not see it, whether there is one or not.

    The row tells whose it is: what is shown of it comes from ``need_card``.
    """
    found = needs_seen(user=user, now=now).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/needs/{slug[:60]}")
    return found


def need_card(*, need: Need, user: Any, language: str) -> NeedCard:
    """Return a need that this account sees, as far as it sees it."""
    return need_cards(needs=[need], user=user, language=language)[0]


def need_cards(*, needs: Iterable[Need], user: Any, language: str) -> list[NeedCard]:
    """Return needs that this account sees, as far as it sees them, in their order; whose they are is asked once for all."""
    rows = list(needs)
    known = set(
        Need.objects.filter(needs_known_by(user=user), pk__in=[n.pk for n in rows]).values_list("pk", flat=True)
    )
    own = set(own_members(user=user))
    return [_card(n, language=language, knows=n.pk in known, own=own) for n in rows]


def knows_member(*, need: Need, user: Any) -> bool:
    """Tell whether an account may know whose a need is."""
    return Need.objects.filter(needs_known_by(user=user), pk=need.pk).exists()


def is_possible_provider(*, user: Any, need: Need, now: dt.datetime | None = None) -> bool:
    """Tell whether an account belongs to a member that has an open offer of what a need asks for, and is not the one that asks."""
    return bool(providing_members(user=user, need=need, now=now))


def providing_members(*, user: Any, need: Need, now: dt.datetime | None = None) -> tuple[str, ...]:
    """Return the members, by slug, by which an account is a possible provider of a need."""
    on = (now or timezone.now()).date()
    rows = _offered_by(own_members(user=user), on=on).filter(resource=need.resource_id).exclude(member=need.member_id)
    return tuple(sorted(set(rows.values_list("member__slug", flat=True))))


def sees_as_secretariat(*, need: Need, user: Any) -> bool:
    """Tell whether an account sees a sent need by its office: as the secretariat, or as a chair whose round decides on it."""
    return Need.objects.filter(~Q(state=Need.State.DRAFT) & _by_office(user), pk=need.pk).exists()


def circle_of(*, need: Need) -> dict[str, Any]:
    """Return the circle (``visibility`` and ``audience``) of the acts on a need: public, or its own delegation's.

    What only the secretariat or possible providers see enters the log as the delegation's: nothing of it can be read there.
    """
    if need.shown_to == Need.Shown.PUBLIC:
        return {"visibility": "public", "audience": ""}
    return {"visibility": "delegation", "audience": f"delegation:{need.member.slug}"}


def _by_office(user: Any) -> Q:
    """Return the condition that an account sees a sent need by an office that it holds."""
    condition = NOBODY
    for place in standing_now(user=user).places:
        if place.role == "secretariat":
            condition |= Q(body__slug=place.body) if place.body else Q(pk__isnull=False)
        elif place.role == "chair":
            undecided = RoundNeed.objects.filter(
                round__frozen_at__isnull=False, round__confirmed_at__isnull=True, round__cancelled_at__isnull=True
            )
            if place.body:
                undecided = undecided.filter(round__body__slug=place.body)
            condition |= Q(pk__in=undecided.values("need"))
    return condition


def _offered_by(members: Collection[str], *, on: dt.date) -> QuerySet[Offer]:
    return Offer.objects.filter(offers_open(on=on), member__slug__in=members)


def _given_to(members: Collection[str]) -> QuerySet[Commitment]:
    """Return the commitments that let their provider see the need."""
    rows = Commitment.objects.filter(offer__member__slug__in=members)
    proposed = Q(state=Commitment.State.PROPOSED) & (
        Q(need__shown_to__in=SEEN_BY_PROVIDERS) | Q(recipient_said_at__isnull=False)
    )
    return rows.filter(Q(state__in=AGREED) | proposed)


def _card(need: Need, /, *, language: str, knows: bool, own: Collection[str]) -> NeedCard:
    return NeedCard(
        slug=need.slug,
        reference=need.reference,
        body=need.body.slug,
        body_name=name_in(need.body.names, language),
        resource=need.resource.slug,
        resource_name=text_in(need.resource.names, language),
        unit_name=text_in(need.resource.unit_names, language),
        title=text_in(need.titles, language),
        title_language=language_in(need.titles, language),
        purpose=text_in(need.purposes, language),
        purpose_language=language_in(need.purposes, language),
        units=need.units,
        languages=tuple(need.languages),
        wanted_by=need.wanted_by,
        shown_to=need.shown_to,
        state=need.state,
        version=need.version,
        sent_at=need.sent_at,
        ended_at=need.ended_at,
        member=need.member.slug if knows else "",
        member_name=name_in(need.member.names, language) if knows else "",
        is_own=need.member.slug in own,
    )
