"""Offer, name and end mirrors: a member offers a site, the secretariat names it, and either ends it.

What a mirror gives is public; until it is named, members alone learn who offers which address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.adapters.outside_sites import checked_address
from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.models import Mirror
from comity.platform.commons.releases_seen import releases_seen
from comity.platform.parties.bodies import body_of, member_of, reference_of_member
from comity.platform.parties.origins import checked_origin, regions
from comity.platform.parties.preparing import demand_seat, draw_slug, is_of_delegation
from comity.platform.parties.rules import authorise, may
from comity.platform.parties.texts import checked_rule, checked_texts
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, seen_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from comity.platform.record.models import Act

OFFER = "offer a mirror"
NAME = "name a mirror"
END = "end a mirror"
COMPARE = "compare a mirror"
RULE_OF_OFFER = "The right of a member to offer a mirror"
RULE_OF_NAMING = "The secretariat names the mirrors that members offer"
RULE_OF_END = "A mirror ends when its member or the secretariat ends it"
MOST_NAME = 120
MOST_SERVED = 50
MOST_OF_MEMBER = 20
"""Mirrors of one member that stand at a time."""
State = Mirror.State


def offer_mirror(
    *,
    body: str,
    member: str,
    names: Mapping[str, str],
    address: str,
    place: str,
    by: Any,
    serves: Collection[str] = (),
    authority: str = RULE_OF_OFFER,
) -> Mirror:
    """Offer a site that gives public releases, all of them or those that ``serves`` names by their slugs. Members see the offer.

    ``place`` is where it stands: an ISO 3166-1 alpha-3 code or an M49 region. Without a ``member`` it is the body's own, which its
    secretariat offers. Nothing is fetched from the address before it is named.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where the member has no seat in the body, or the address is offered.
    """
    own = {"action": OFFER, "member": member, "body": body}
    office = authorise(by=by, **own) if member else authorise(by=by, action=NAME)
    here, party = body_of(slug=body), member_of(slug=member) if member else None
    rule = checked_rule(authority)
    called = checked_texts("names", names, most=MOST_NAME)
    site = checked_address(text=address, allow_private=settings.PRIVATE_MIRRORS)
    _demand_elsewhere(site)
    stands = _checked_place(place)
    named = _checked_served(serves)
    if party is not None:
        demand_seat(member=party, body=here)
    with transaction.atomic():
        if Mirror.objects.filter(body=here, member=party).exclude(state=State.ENDED).count() >= MOST_OF_MEMBER:
            raise Conflict(problem=f"There are {MOST_OF_MEMBER} mirrors of this member already. End one first.")
        mirror = Mirror(
            body=here,
            member=party,
            slug=_free_slug(),
            names=called,
            address=site,
            place=stands,
            serves=named,
            state=State.OFFERED,
            offered_at=timezone.now(),
            visibility=Visibility.MEMBERS,
        )
        mirror.act = _enter(mirror, "offer-mirror", office=office, authority=rule)
        try:
            with transaction.atomic():
                mirror.save()
        except IntegrityError:
            raise Conflict(problem="This address is offered as a mirror already; nothing was written.") from None
    return mirror


def name_mirror(*, slug: str, by: Any, authority: str = RULE_OF_NAMING) -> Act:
    """Name a mirror that was offered: it is public from now on, compared every day, and those who fetch are told of it.

    Raises NotFound where this reader sees none, NotPermitted, BadParameter, or Conflict where it is named already or has ended.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        mirror = locked_mirror(slug=slug, user=by)
        office = authorise(by=by, action=NAME)
        if mirror.state != State.OFFERED:
            raise Conflict(problem="This mirror does not wait to be named; nothing was changed.")
        if mirror.member is not None:
            demand_seat(member=mirror.member, body=mirror.body)
        now = timezone.now()
        mirror.state, mirror.visibility, mirror.named_at, mirror.next_at = State.NAMED, Visibility.PUBLIC, now, now
        mirror.act = _enter(mirror, "name-mirror", office=office, authority=rule)
        mirror.save()
        return mirror.act


def end_mirror(*, slug: str, by: Any, authority: str = RULE_OF_END) -> Act:
    """End a mirror, or an offer of one: nobody is sent to it any more. What was found of it stays for its time.

    Raises NotFound where this reader sees none, NotPermitted, BadParameter, or Conflict where it has ended already.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        mirror = locked_mirror(slug=slug, user=by)
        office = _authorise_end(mirror, by)
        if mirror.state == State.ENDED:
            raise Conflict(problem="This mirror has ended already; nothing was changed.")
        mirror.state, mirror.ended_at, mirror.next_at = State.ENDED, timezone.now(), None
        mirror.doubts, mirror.differs_since = [], None
        mirror.act = _enter(mirror, "end-mirror", office=office, authority=rule)
        mirror.save()
        return mirror.act


def ask_comparison(*, slug: str, by: Any) -> None:
    """Have a mirror compared as soon as the worker comes to it. Raises NotFound, NotPermitted, or Conflict where none is named."""
    with transaction.atomic():
        mirror = locked_mirror(slug=slug, user=by)
        authorise(by=by, action=COMPARE)
        if mirror.state != State.NAMED:
            raise Conflict(problem="Only a mirror that is named is compared; nothing was changed.")
        mirror.next_at = timezone.now()
        mirror.save(update_fields=["next_at"])


def may_end(mirror: Mirror, /, *, user: Any) -> bool:
    """Tell whether somebody may end a mirror: its member's head or focal point, or the secretariat."""
    if may(user=user, action=NAME):
        return True
    if mirror.member is None or not is_of_delegation(user=user, member=mirror.member.slug):
        return False
    return may(user=user, action=END, member=mirror.member.slug, body=mirror.body.slug)


def locked_mirror(*, slug: str, user: Any) -> Mirror:
    """Return a mirror that this reader sees, locked. Raises NotFound."""
    rows = Mirror.objects.select_for_update(of=("self",)).filter(slug=slug)
    mirror = rows.first()
    sees = mirror is not None and (
        not hasattr(user, "is_authenticated") or Mirror.objects.filter(seen_by(user=user), slug=slug).exists()
    )
    if mirror is None or not sees:
        raise NotFound(reference=f"commons/mirrors/{slug[:60]}")
    return mirror


def _authorise_end(mirror: Mirror, by: Any, /) -> str:
    if mirror.member is None or may_name(by):
        return authorise(by=by, action=NAME)
    return authorise(by=by, action=END, member=mirror.member.slug, body=mirror.body.slug)


def may_name(by: Any, /) -> bool:
    """Tell whether somebody names mirrors; the installation may do everything."""
    return not hasattr(by, "is_authenticated") or may(user=by, action=NAME)


def _demand_elsewhere(address: str, /) -> None:
    """Raise Conflict for the address of this server: a copy on the same machine is none."""
    ours = urlsplit(settings.BASE_URL)
    theirs = urlsplit(address)
    if (ours.hostname, ours.port) == (theirs.hostname, theirs.port):
        raise Conflict(
            problem="This is the address of this server, which cannot be its own mirror; nothing was written."
        )


def _checked_place(place: str, /) -> str:
    try:
        found = checked_origin(origin=place)
    except BadParameter as error:
        raise BadParameter(name="place", found=error.data["found"], allowed=error.data["allowed"]) from None
    if not found:
        allowed = f"the three-letter code of a country, or a region: {', '.join(regions())}"
        raise BadParameter(name="place", found="nothing", allowed=allowed)
    return found


def _checked_served(serves: Collection[str], /) -> list[str]:
    """Return slugs of releases that are public now, each once. Raises BadParameter, the same for what is not there and not public."""
    named = sorted(set(serves))
    if len(named) > MOST_SERVED:
        raise BadParameter(
            name="serves", found=f"{len(named)} releases", allowed=f"at most {MOST_SERVED}, or none for all"
        )
    known = set(
        releases_seen(user=AnonymousUser())
        .filter(slug__in=named, taken_down_at__isnull=True)
        .values_list("slug", flat=True)
    )
    strange = [slug for slug in named if slug not in known]
    if strange:
        raise BadParameter(name="serves", found=strange[0][:60], allowed="names of public releases, or none for all")
    return named


def _free_slug() -> str:
    for _turn in range(20):
        slug = draw_slug("mirror")
        if not Mirror.objects.filter(slug=slug).exists():
            return slug
    raise Conflict(problem="No free name was drawn. Try again.")


def _enter(mirror: Mirror, type_of_act: str, /, *, office: str, authority: str) -> Act:
    member = mirror.member.slug if mirror.member else ""
    return enter_act(
        type=type_of_act,
        office=office,
        member=member,
        authority=authority,
        subject=mirror.reference,
        payload={
            "mirror": mirror.reference,
            "body": mirror.body.slug,
            "member": member,
            "names": mirror.names,
            "address": mirror.address,
            "place": mirror.place,
            "serves": mirror.serves,
            "state": str(mirror.state),
        },
        links=[(mirror.reference, "wasAttributedTo", reference_of_member(member))] if member else [],
        visibility=mirror.visibility,
        audience=mirror.audience,
    )
