"""Courses and fellowships: members propose who applies for their seats, providers choose by the published criteria.

Applications are personal: nothing of them is an act or a line of the log. A member proposes within the seats that were agreed for it,
at most three persons a seat. The provider gives points by the criteria that its offer has published and by nothing else, and chooses;
it tells who completed. What somebody did next is told by the member that proposed them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.capacity.models import Application, Commitment, Offer
from comity.platform.capacity.offers_seen import offer_seen
from comity.platform.parties.bodies import member_of
from comity.platform.parties.preparing import is_of_delegation
from comity.platform.parties.rules import Installation, authorise, standing_now
from comity.platform.parties.texts import checked_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PROPOSE = "propose an applicant"
CHOOSE = "choose applicants"
A_SEAT = 3
"""How many persons a member may propose for each of its seats."""
MOST_NAME = 120
MOST_GROUNDS = 4000
MOST_NEXT = 500
KEPT = dt.timedelta(days=730)
State = Application.State
TOOK_PART = (State.CHOSEN, State.COMPLETED, State.NOT_COMPLETED)
OUT = (State.WITHDRAWN, State.NOT_CHOSEN)


def propose_applicant(*, offer: str, member: str, name: str, grounds: str, by: Any) -> Application:
    """Propose a person for a seat that was agreed for a member, with the grounds on which the criteria are judged.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where the time is over or the member has proposed as many as it may.
    """
    held = _training(offer=offer, by=by)
    authorise(by=by, action=PROPOSE, member=member, body=held.body.slug)
    party = member_of(slug=member)
    who = checked_text("name", name, most=MOST_NAME, least=2)
    why = checked_text("grounds", grounds, most=MOST_GROUNDS, least=1, lines=True)
    with transaction.atomic():
        Offer.objects.select_for_update().get(pk=held.pk)
        moment = timezone.now()
        _demand_time(held, moment=moment)
        seats = seats_of(offer=held, member=member)
        if not seats:
            raise Conflict(
                problem="No seat of this offer was agreed for your member, so that nobody can be proposed for one."
            )
        waiting = held.applications.filter(member=party).exclude(state=State.WITHDRAWN).count()
        if waiting >= seats * A_SEAT:
            raise Conflict(
                problem=f"{waiting} persons are proposed for {seats} seats. That is as many as may be: withdraw one first."
            )
        return Application.objects.create(
            offer=held, member=party, name=who, grounds=why, proposed_at=moment, changed_at=moment
        )


def withdraw_applicant(*, number: int, by: Any) -> Application:
    """Take an application back for the member that made it, until the provider has chosen. Raises NotFound, NotPermitted or Conflict."""
    with transaction.atomic():
        row = _locked(number=number, by=by)
        authorise(by=by, action=PROPOSE, member=row.member.slug, body=row.offer.body.slug)
        _demand_state(row, allowed=(State.PROPOSED, State.CHOSEN))
        return _change(row, state=State.WITHDRAWN)


def give_points(*, number: int, points: Mapping[str, int], by: Any) -> Application:
    """Give an applicant points by the published criteria: a whole number for each, from 0 to the most that it gives.

    Raises NotFound, NotPermitted, Conflict, or BadParameter for a criterion that is not published, and for one that is left out.
    """
    with transaction.atomic():
        row = _locked(number=number, by=by)
        authorise(by=by, action=CHOOSE, member=row.offer.member.slug, body=row.offer.body.slug)
        _demand_state(row, allowed=(State.PROPOSED,))
        most = {str(c["code"]): int(c["most"]) for c in row.offer.criteria}
        if set(points) != set(most):
            wrong = sorted(set(points) ^ set(most))
            raise BadParameter(name="points", found=wrong[0][:60], allowed=f"all of {', '.join(sorted(most))}")
        for code, given in points.items():
            if not 0 <= given <= most[code]:
                raise BadParameter(
                    name="points", found=f"{given} for {code}"[:60], allowed=f"a whole number from 0 to {most[code]}"
                )
        row.points = dict(sorted(points.items()))
        return _change(row)


def choose_applicants(*, offer: str, chosen: Collection[int], by: Any) -> None:
    """Choose, for the provider, who takes a seat; all others that were proposed are not chosen.

    Each member is given as many seats as were agreed for it, or fewer. Everyone that is proposed has points by the criteria first.
    Raises NotFound, NotPermitted, BadParameter, or Conflict while applications are still taken or points lack.
    """
    held = _training(offer=offer, by=by)
    authorise(by=by, action=CHOOSE, member=held.member.slug, body=held.body.slug)
    with transaction.atomic():
        Offer.objects.select_for_update().get(pk=held.pk)
        moment = timezone.now()
        if held.apply_until is not None and moment < held.apply_until:
            raise Conflict(problem="Applications are still taken. Choose once the time for them is over.")
        rows = {a.pk: a for a in held.applications.filter(state=State.PROPOSED).select_related("member")}
        unknown = sorted(set(chosen) - set(rows))
        if unknown:
            raise BadParameter(name="chosen", found=str(unknown[0]), allowed="applications that wait to be chosen")
        if not rows:
            raise Conflict(problem="No application waits to be chosen.")
        if any(not a.points for a in rows.values()):
            raise Conflict(problem="Give everyone points by the published criteria first.")
        taken = _taken(held)
        for number in sorted(set(chosen)):
            slug = rows[number].member.slug
            taken[slug] = taken.get(slug, 0) + 1
        for slug, count in sorted(taken.items()):
            seats = seats_of(offer=held, member=slug)
            if count > seats:
                raise BadParameter(name="chosen", found=f"{count} of {slug}", allowed=f"at most {seats}")
        for row in rows.values():
            _change(row, state=State.CHOSEN if row.pk in set(chosen) else State.NOT_CHOSEN)


def tell_completion(*, number: int, completed: bool, by: Any) -> Application:
    """Tell, for the provider, whether somebody completed the course. Raises NotFound, NotPermitted or Conflict."""
    with transaction.atomic():
        row = _locked(number=number, by=by)
        authorise(by=by, action=CHOOSE, member=row.offer.member.slug, body=row.offer.body.slug)
        _demand_state(row, allowed=TOOK_PART)
        return _change(row, state=State.COMPLETED if completed else State.NOT_COMPLETED)


def tell_what_followed(*, number: int, did_next: str, by: Any) -> Application:
    """Tell, for the member, what somebody did after the course. Raises NotFound, NotPermitted, BadParameter or Conflict."""
    said = checked_text("did_next", did_next, most=MOST_NEXT, least=1)
    with transaction.atomic():
        row = _locked(number=number, by=by)
        authorise(by=by, action=PROPOSE, member=row.member.slug, body=row.offer.body.slug)
        _demand_state(row, allowed=(State.COMPLETED, State.NOT_COMPLETED))
        row.did_next = said
        return _change(row)


def erase_applicant(*, number: int, by: Any) -> Application:
    """Erase a person from an application: name, grounds, points and what followed. The figure stays.

    For the member that proposed them, and the secretariat. Raises NotFound or NotPermitted.
    """
    with transaction.atomic():
        row = _locked(number=number, by=by)
        if not _serves(by):
            authorise(by=by, action=PROPOSE, member=row.member.slug, body=row.offer.body.slug)
        row.name, row.grounds, row.points, row.did_next = "", "", {}, ""
        return _change(row)


def forget_applicants(*, now: dt.datetime | None = None) -> int:
    """Erase who applied for what ended more than two years ago; figures stay. Returns how many rows were emptied."""
    before = (now or timezone.now()) - KEPT
    over = Q(offer__ends_on__lte=before.date()) | Q(offer__ends_on__isnull=True, changed_at__lte=before)
    held = ~Q(name="") | ~Q(grounds="") | ~Q(did_next="") | ~Q(points={})
    rows = Application.objects.filter(over & held)
    return Application.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        name="", grounds="", points={}, did_next=""
    )


def seats_of(*, offer: Offer, member: str) -> int:
    """Return how many whole seats of an offer were agreed for a member."""
    rows = Commitment.objects.filter(offer=offer, need__member__slug=member, state__in=["agreed", "complete"])
    total = rows.aggregate(total=Sum(F("units")))["total"] or Decimal(0)
    return int(total)


def applications_seen(*, user: Any) -> Q:
    """Return the condition under which an application is seen: by the delegation that made it, the provider and the secretariat."""
    if isinstance(user, Installation) or _serves(user):
        return Q(pk__isnull=False)
    own = [a.removeprefix("delegation:") for a in standing_now(user=user).audiences if a.startswith("delegation:")]
    return Q(member__slug__in=own) | Q(offer__member__slug__in=own)


def takes_part(*, offer: Offer, user: Any) -> bool:
    """Tell whether an account sees applications for an offer: it is of the provider, of a member with a seat, or of the secretariat."""
    if _serves(user) or is_of_delegation(user=user, member=offer.member.slug):
        return True
    return any(seats_of(offer=offer, member=slug) for slug in standing_now(user=user).members)


def _serves(user: Any) -> bool:
    return isinstance(user, Installation) or "secretariat" in standing_now(user=user).roles


def _training(*, offer: str, by: Any) -> Offer:
    """Return an offer that people apply for. Raises NotFound, or Conflict where nobody does."""
    if isinstance(by, Installation):
        held = Offer.objects.select_related("body", "member", "resource").filter(slug=offer).first()
    else:
        held = offer_seen(slug=offer, user=by)
    if held is None or held.state == Offer.State.DRAFT:
        raise NotFound(reference=f"capacity/offers/{offer[:60]}")
    if not held.criteria:
        raise Conflict(problem="Nobody applies for this offer: it has published no criteria.")
    return held


def _locked(*, number: int, by: Any) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("offer__body", "offer__member", "member")
    found = rows.filter(applications_seen(user=by), pk=number).first()
    if found is None:
        raise NotFound(reference=f"capacity/applications/{number}")
    return found


def _demand_time(held: Offer, /, *, moment: dt.datetime) -> None:
    if held.state != Offer.State.OPEN:
        raise Conflict(problem="This offer was withdrawn. Nobody applies for it any more.")
    if held.apply_until is not None and moment >= held.apply_until:
        raise Conflict(problem="The time for applications is over.")


def _demand_state(row: Application, /, *, allowed: Collection[str]) -> None:
    if row.state not in allowed:
        raise Conflict(problem=f"This application is {row.state}. Nothing was changed.")


def _change(row: Application, /, *, state: str = "") -> Application:
    row.state = state or row.state
    row.changed_at = timezone.now()
    row.save()
    return row


def _taken(held: Offer, /) -> dict[str, int]:
    """Return how many seats of each member are taken already."""
    found: dict[str, int] = {}
    for slug in held.applications.filter(state__in=TOOK_PART).values_list("member__slug", flat=True):
        found[slug] = found.get(slug, 0) + 1
    return found
