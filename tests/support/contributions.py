"""Needs and offers of the small body, prepared, cleared and sent by the services that make real ones."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comity.platform.capacity.models import Commitment, Need, Offer, Resource, Round, RoundNeed, RoundOffer
from comity.platform.capacity.needs import prepare_need, send_need
from comity.platform.capacity.offers import make_offer, prepare_offer
from comity.platform.capacity.resources import define_resource
from comity.platform.parties.models import User
from comity.platform.record.services import enter_act
from support.parties import SET_UP, account_with, make_body

if TYPE_CHECKING:
    from comity.platform.record.models import Act

DAYS = "expert-days"
_numbers = itertools.count(1)


def make_resource(slug=DAYS, *, body="assembly", name="Expert time", unit="day", grain=1) -> Resource:
    """Something that the body counts, defined once."""
    make_body()
    held = Resource.objects.filter(slug=slug).first()
    return held or define_resource(
        slug=slug, body=body, names={"en": name}, unit_names={"en": unit}, grain=grain, by=SET_UP
    )


def a_person(member="m1", role="head"):
    """Somebody of a delegation, the same one each time."""
    make_body()
    held = User.objects.filter(credentials__member__slug=member, credentials__role=role, credentials__may_clear=False)
    return held.first() or account_with(role, member=member)


def need_given(**changed):
    """What a need is prepared with, but where it is said otherwise."""
    make_resource()
    return {
        "resource": DAYS,
        "titles": {"en": "Advice on a data law"},
        "purposes": {"en": "To draft a law on public data."},
        "units": 20,
        "shown_to": "providers",
        **changed,
    }


def offer_given(**changed):
    """What an offer is prepared with, but where it is said otherwise."""
    make_resource()
    return {"resource": DAYS, "titles": {"en": "Experts of a ministry"}, "units": 60, "visibility": "public", **changed}


def draft_need(member="m1", *, body="assembly", by=None, **changed) -> Need:
    """A need that its delegation prepared."""
    return prepare_need(body=body, member=member, by=by or a_person(member), **need_given(**changed))


def open_need(member="m1", **changed) -> Need:
    """A need that was sent."""
    made = draft_need(member, by=SET_UP, **changed)
    send_need(slug=made.slug, by=SET_UP)
    return Need.objects.get(pk=made.pk)


def draft_offer(member="m2", *, body="assembly", by=None, **changed) -> Offer:
    """An offer that its delegation prepared."""
    return prepare_offer(body=body, member=member, by=by or a_person(member), **offer_given(**changed))


def open_offer(member="m2", **changed) -> Offer:
    """An offer that was made."""
    made = draft_offer(member, by=SET_UP, **changed)
    make_offer(slug=made.slug, by=SET_UP)
    return Offer.objects.get(pk=made.pk)


def any_act() -> Act:
    """An act of its own, for rows that need one and whose act is not what is tested."""
    with transaction.atomic():
        return enter_act(
            type="open-round", office="secretariat", authority="Rule 1", subject="capacity/rounds/any", payload={}
        )


def round_with(*, needs=(), offers=(), frozen=True, **state) -> Round:
    """A round that holds needs and offers, frozen unless it is said otherwise: as far as the rules of needs ask."""
    make_resource()
    now = timezone.now()
    made = Round.objects.create(
        body=make_resource().body,
        slug=f"r{next(_numbers)}",
        titles={"en": "Round"},
        opened_at=now - dt.timedelta(days=2),
        closes_at=now - dt.timedelta(days=1),
        opening=any_act(),
        **({"frozen_at": now, "freezing": any_act(), "input_sha256": "0" * 64} if frozen else {}),
        **state,
    )
    for place, need in enumerate(needs, 1):
        RoundNeed.objects.create(round=made, need=need, code=f"n-{place}", units=need.units)
    for place, offer in enumerate(offers, 1):
        RoundOffer.objects.create(round=made, offer=offer, code=f"o-{place}", units=offer.units)
    return made


def commitment_between(need: Need, offer: Offer, *, state="proposed", **said) -> Commitment:
    """So many units of an offer for a need, proposed or agreed."""
    now = timezone.now()
    held = Round.objects.filter(needs__need=need).first() or round_with(needs=[need], offers=[offer])
    agreed = {} if state == "proposed" else {"provider_act": any_act(), "recipient_act": any_act()}
    return Commitment.objects.create(
        slug=f"c{next(_numbers)}",
        round=held,
        need=need,
        offer=offer,
        units=1,
        state=state,
        made_at=now,
        **agreed,
        **said,
    )
