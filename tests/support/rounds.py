"""Rounds of the committee with needs and offers as rows, walked through their steps by the services that make real ones."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from comity.platform.capacity.allocating import publish_allocation
from comity.platform.capacity.freezing import freeze_round
from comity.platform.capacity.models import Need, Offer, Resource, Round
from comity.platform.capacity.resources import define_resource
from comity.platform.capacity.round_tasks import suggest_allocation
from comity.platform.capacity.rounds import open_round
from comity.platform.parties.models import Body, Member
from comity.platform.record.services import enter_act
from support.parties import SET_UP, make_body

BODY = "assembly"
HOUR = dt.timedelta(hours=1)
_numbers = itertools.count(1)


def make_resource(slug="days", *, grain=1, body=BODY) -> Resource:
    make_body()
    held = Resource.objects.filter(slug=slug).first()
    return held or define_resource(
        slug=slug, body=body, names={"en": "Expert days"}, unit_names={"en": "days"}, grain=Decimal(grain), by=SET_UP
    )


def an_act(subject, **circle):
    with transaction.atomic():
        return enter_act(
            type="send-need", office="installation", authority="A rule", subject=subject, payload={}, **circle
        )


def make_need(
    member="m1", units=100, *, shown_to="public", resource="days", body=BODY, title="", sent=None, **fields
) -> Need:
    """An open need of a member, sent two days ago unless it is said otherwise."""
    make_resource(resource, body=body)
    number = next(_numbers)
    slug = f"n-{number:05}"
    circle = {} if shown_to == "public" else {"visibility": "delegation", "audience": f"delegation:{member}"}
    moment = sent or timezone.now() - dt.timedelta(days=2)
    return Need.objects.create(
        body=Body.objects.get(slug=body),
        member=Member.objects.get(slug=member),
        slug=slug,
        resource=Resource.objects.get(slug=resource),
        titles={"en": title or f"Need {number}"},
        units=Decimal(units),
        shown_to=shown_to,
        state="open",
        version=1,
        prepared_at=moment,
        sent_at=moment,
        act=an_act(f"capacity/needs/{slug}", **circle),
        **fields,
    )


def make_offer(
    member="m3", units=100, *, resource="days", body=BODY, title="", sent=None, visibility="public", **fields
) -> Offer:
    """An open offer of a member."""
    make_resource(resource, body=body)
    number = next(_numbers)
    slug = f"o-{number:05}"
    moment = sent or timezone.now() - dt.timedelta(days=2)
    per_member = fields.pop("per_member", None)
    return Offer.objects.create(
        body=Body.objects.get(slug=body),
        member=Member.objects.get(slug=member),
        slug=slug,
        resource=Resource.objects.get(slug=resource),
        titles={"en": title or f"Offer {number}"},
        units=Decimal(units),
        per_member=None if per_member is None else Decimal(per_member),
        visibility=visibility,
        state="open",
        version=1,
        prepared_at=moment,
        sent_at=moment,
        act=an_act(f"capacity/offers/{slug}", visibility=visibility),
        **fields,
    )


def make_round(slug="", *, resources=("days",), body=BODY, closed=False, by=SET_UP, **settings) -> Round:
    """A round of the assembly, open for a day, or closed a minute ago."""
    for resource in resources:
        make_resource(resource, body=body)
    made = open_round(
        slug=slug or f"r{next(_numbers)}",
        body=body,
        resources=resources,
        by=by,
        **{"titles": {"en": "A round"}, "closes_at": timezone.now() + 24 * HOUR, **settings},
    )
    if closed:
        close(made)
    return Round.objects.get(pk=made.pk)


def close(made: Round) -> None:
    """Let the time for needs and offers be over, as if the round had been opened a day ago."""
    now = timezone.now()
    Round.objects.filter(pk=made.pk).update(opened_at=now - 24 * HOUR, closes_at=now - dt.timedelta(minutes=1))


def end_challenges(made: Round) -> None:
    """Let the time for challenges be over."""
    Round.objects.filter(pk=made.pk).update(challenge_until=timezone.now() - dt.timedelta(minutes=1))


def frozen(**settings) -> Round:
    made = make_round(closed=True, **settings)
    return freeze_round(slug=made.slug, by=SET_UP)


def published(**settings) -> Round:
    made = frozen(**settings)
    suggest_allocation(slug=made.slug, by=SET_UP)
    return publish_allocation(slug=made.slug, challenge_until=timezone.now() + HOUR, by=SET_UP)


def deciding(**settings) -> Round:
    made = published(**settings)
    end_challenges(made)
    return Round.objects.get(pk=made.pk)


def code_of(made: Round, row: Need | Offer) -> str:
    """The code under which a need or an offer stands in the tables of a round."""
    rows = made.needs.filter(need=row) if isinstance(row, Need) else made.offers.filter(offer=row)
    return rows.get().code


def received(made: Round) -> dict[str, Decimal]:
    """What each need receives as it is suggested, by its slug."""
    slugs = {r.code: r.need.slug for r in made.needs.select_related("need")}
    found = dict.fromkeys(slugs.values(), Decimal(0))
    for need, _offer, units in made.allocation.units:
        found[slugs[need]] += Decimal(units)
    return found
