"""Resources, needs, offers, a confirmed round and a commitment, written as rows: for tests of what follows a commitment."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from comity.adapters.iati_writing import write_activities
from comity.platform.capacity.models import Commitment, Need, Offer, Resource, Round
from comity.platform.parties.memberships import admit_member
from comity.platform.parties.models import Body, Member, User
from comity.platform.record.services import enter_act
from support.iati import MADE, plain_activity
from support.parties import BEGUN, SET_UP, account_with, make_body

_numbers = itertools.count(1)
DAY = dt.timedelta(days=1)


def an_act(kind: str, subject: str, **about):
    with transaction.atomic():
        return enter_act(type=kind, office="secretariat", authority="Rule 1", subject=subject, payload={}, **about)


def a_resource(slug="expert-days") -> Resource:
    make_body()
    held = Resource.objects.filter(slug=slug).first()
    return held or Resource.objects.create(
        body=Body.objects.get(slug="oversight"),
        slug=slug,
        names={"en": "Expert visits", "fr": "Visites d'experts"},
        unit_names={"en": "days", "fr": "jours"},
        act=an_act("define-resource", f"capacity/resources/{slug}"),
    )


def a_need(member="m1", *, slug="", shown_to="public", title="Train 40 regulators", units=150, **about) -> Need:
    resource, slug, now = a_resource(), slug or f"n-{next(_numbers)}", timezone.now()
    return Need.objects.create(
        body=resource.body,
        member=Member.objects.get(slug=member),
        slug=slug,
        resource=resource,
        titles={"en": title},
        units=units,
        shown_to=shown_to,
        state="open",
        version=1,
        prepared_at=now,
        sent_at=now - 40 * DAY,
        act=an_act("send-need", f"capacity/needs/{slug}"),
        **about,
    )


def an_offer(member="m2", *, slug="", title="Trainers in French", units=250, **about) -> Offer:
    resource, slug, now = a_resource(), slug or f"o-{next(_numbers)}", timezone.now()
    return Offer.objects.create(
        body=resource.body,
        member=Member.objects.get(slug=member),
        slug=slug,
        resource=resource,
        titles={"en": title},
        units=units,
        state="open",
        version=1,
        prepared_at=now,
        sent_at=now - 40 * DAY,
        act=an_act("make-offer", f"capacity/offers/{slug}"),
        **about,
    )


def a_round() -> Round:
    """A round that was confirmed ten days ago."""
    resource, slug, now = a_resource(), f"r-{next(_numbers)}", timezone.now()
    reference = f"capacity/rounds/{slug}"
    made = Round.objects.create(
        body=resource.body,
        slug=slug,
        titles={"en": "Allocation of June"},
        opened_at=now - 60 * DAY,
        closes_at=now - 30 * DAY,
        frozen_at=now - 29 * DAY,
        confirmed_at=now - 10 * DAY,
        input_sha256="0" * 64,
        opening=an_act("open-round", reference),
        freezing=an_act("freeze-round", reference),
        confirming=an_act("confirm-round", reference),
    )
    made.resources.add(resource)
    return made


def a_commitment(*, slug="", need=None, offer=None, units=150, state="agreed", round=None, **about) -> Commitment:  # noqa: A002  (the room's word)
    """So many units from m2 for m1, agreed by both nine days ago unless another state is named."""
    slug, now = slug or f"c-{next(_numbers)}", timezone.now()
    reference = f"capacity/commitments/{slug}"
    agreed = state in {"agreed", "complete", "ended"}
    said = {
        "provider_said_at": now - 9 * DAY,
        "recipient_said_at": now - 9 * DAY,
        "provider_act": an_act("agree-to-commitment", reference) if agreed else None,
        "recipient_act": an_act("agree-to-commitment", reference) if agreed else None,
    }
    return Commitment.objects.create(
        slug=slug,
        round=round or a_round(),
        need=need or a_need(),
        offer=offer or an_offer(),
        units=Decimal(units),
        state=state,
        made_at=now - 10 * DAY,
        **({**said, **about} if agreed else about),
    )


def speaker(member="m1", role="head") -> User:
    """Somebody of a delegation, the same one each time."""
    make_body()
    held = User.objects.filter(credentials__member__slug=member, credentials__role=role).first()
    return held or account_with(role, member=member)


def seat(member: str) -> None:
    """Seat a member of the assembly in the committee, too."""
    make_body()
    given = {"body": "oversight", "status": "full", "starts_on": BEGUN, "rule": "Rule 20"}
    admit_member(member=member, by=SET_UP, **given)


def an_iati_file() -> bytes:
    """A file with one activity of somebody else."""
    return b"".join(write_activities(activities=[plain_activity()], generated_at=MADE))
