"""The shapes that the programming door sends."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads annotations at run time)

from ninja import Schema


class InstrumentOut(Schema):
    """An instrument."""

    reference: str
    slug: str
    title: str
    short_title: str
    party: str
    signatories: list[str]
    subdivision: str
    kind: str
    status: str
    binding: bool | None
    date: dt.date | None
    language: str
    basis: str
    is_summary: bool
    official_url: str
    provisions: int


class ProvisionOut(Schema):
    """A provision. ``topics_by`` says who named the topics; ``modality`` is null where nobody has judged it."""

    reference: str
    instrument: str
    ref: str
    label: str
    heading: str
    text: str
    is_summary: bool
    language: str
    modality: str | None
    addressees: list[str]
    topics: list[str]
    topics_by: str


class LinkOut(Schema):
    """A link between two provisions. ``relation`` is null while a suggestion waits for a person."""

    reference: str
    a: str
    b: str
    state: str
    suggested: str
    relation: str | None
    maker: str
    score: float
    cosine: float | None


class TopicOut(Schema):
    """A topic with the number of members at each level."""

    id: str
    facet: str
    labels: dict[str, str]
    definitions: dict[str, str]
    levels: dict[str, int]


class CellOut(Schema):
    """How a member stands on a topic."""

    member: str
    level: str
    own: str | None
    through: list[tuple[str, str]]


class ActOut(Schema):
    """A formal act. ``sequence`` is null while the log does not hold it yet."""

    id: str
    type: str
    office: str
    member: str
    authority: str
    subject: str
    entered_at: dt.datetime
    sequence: int | None
    body: str
    body_sha256: str


class InstrumentPage(Schema):
    """One page of instruments; ``count`` is how many there are in all."""

    count: int
    items: list[InstrumentOut]


class ProvisionPage(Schema):
    """One page of provisions."""

    count: int
    items: list[ProvisionOut]


class LinkPage(Schema):
    """One page of links."""

    count: int
    items: list[LinkOut]


class ActPage(Schema):
    """One page of acts."""

    count: int
    items: list[ActOut]
