"""The shapes of needs, offers, rounds, deliveries, agreements and series that the programming door sends. Amounts are exact decimals, as text."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads annotations at run time)

from ninja import Schema


class NeedOut(Schema):
    """A need. ``member`` and ``member_name`` are empty where it may not be told whose it is."""

    reference: str
    slug: str
    body: str
    resource: str
    resource_name: str
    unit_name: str
    title: str
    title_language: str
    purpose: str
    purpose_language: str
    units: str
    languages: list[str]
    wanted_by: dt.date | None
    shown_to: str
    state: str
    version: int
    sent_at: dt.datetime | None
    member: str
    member_name: str


class NeedPage(Schema):
    """Needs, and how many there are in all."""

    count: int
    items: list[NeedOut]


class OfferOut(Schema):
    """An offer. ``to_groups`` are codes of groupings, none for all members; ``per_member`` is null where there is no such bound."""

    reference: str
    slug: str
    body: str
    resource: str
    resource_name: str
    unit_name: str
    title: str
    title_language: str
    conditions: str
    conditions_language: str
    units: str
    per_member: str | None
    indivisible: bool
    to_groups: list[str]
    languages: list[str]
    begins_on: dt.date | None
    ends_on: dt.date | None
    licence: str
    visibility: str
    state: str
    member: str
    member_name: str


class OfferPage(Schema):
    """Offers, and how many there are in all."""

    count: int
    items: list[OfferOut]


class RoundOut(Schema):
    """A round and where it stands. ``alike`` says what is treated alike: need or member."""

    reference: str
    slug: str
    title: str
    title_language: str
    body: str
    state: str
    alike: str
    resources: list[str]
    opened_at: dt.datetime
    closes_at: dt.datetime
    frozen_at: dt.datetime | None
    challenge_until: dt.datetime | None
    confirmed_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    visibility: str


class RoundPage(Schema):
    """Rounds, and how many there are in all."""

    count: int
    items: list[RoundOut]


class TotalsOut(Schema):
    """What was asked, offered and received of one resource; ``received`` is null while nothing is told."""

    resource: str
    needs: int
    offers: int
    asked: str
    offered: str
    received: str | None


class RoundWholeOut(RoundOut):
    """A round with its sums, the digests of what went in and came out, and the files to check it with.

    ``closed`` tables are given to those who may see every need alone; their digest is public.
    """

    closed: bool
    digest: str
    result_digest: str
    maker: str
    solver: str
    totals: list[TotalsOut]
    files: list[str]


class DeliveryOut(Schema):
    """A commitment and how far it has come: promised, reported by the provider, confirmed by the recipient."""

    reference: str
    slug: str
    round: str
    state: str
    statuses: list[str]
    resource_name: str
    unit_name: str
    promised: str
    reported: str
    confirmed: str
    provider: str
    provider_name: str
    recipient: str
    recipient_name: str
    due_on: dt.date | None


class DeliveryPage(Schema):
    """Commitments, and how many there are in all."""

    count: int
    items: list[DeliveryOut]


class AgreementOut(Schema):
    """An agreement or plan of action; ``counts`` says how many of its promises are kept, running, late or dropped."""

    reference: str
    slug: str
    body: str
    kind: str
    title: str
    language: str
    parties: list[str]
    signed_on: dt.date | None
    begins_on: dt.date | None
    ends_on: dt.date | None
    visibility: str
    counts: dict[str, int]
    total: int


class AgreementPage(Schema):
    """Agreements, and how many there are in all."""

    count: int
    items: list[AgreementOut]


class SeriesOut(Schema):
    """A public series with its source; ``known`` countries have a figure."""

    slug: str
    name: str
    unit: str
    source: str
    licence: str
    as_of: dt.date
    known: int


class FigureOut(Schema):
    """One country of a series; ``value`` is null where there is no figure, which is not 0."""

    country: str
    value: float | None


class SeriesWholeOut(SeriesOut):
    """A series with every member State, and how unevenly it is spread; a measure is null where it has no value."""

    gini: float | None
    theil: float | None
    between: float | None
    within: float | None
    members: int
    figures: list[FigureOut]
