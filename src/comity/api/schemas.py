"""The shapes that the programming door sends."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads annotations at run time)
from typing import Any

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
    version: int
    version_since: dt.datetime
    provisions: int


class ProvisionOut(Schema):
    """A provision. ``topics_by``, ``modality_by`` and ``addressees_by`` say who named these: "coder" for people, else a maker and its
    version, or nothing; ``modality`` is null where nobody has judged it. ``topic_chances`` are the probabilities of proposed
    topics, null where the maker gives none.
    """

    reference: str
    instrument: str
    ref: str
    label: str
    heading: str
    text: str
    is_summary: bool
    language: str
    modality: str | None
    modality_by: str
    addressees: list[str]
    addressees_by: str
    topics: list[str]
    topics_by: str
    topic_chances: list[float | None]


class ReadingOut(Schema):
    """How a member reads a link that rests on its law: it confirms it, or differs, with its own words and their language."""

    member: str
    reading: str
    text: str
    language: str
    given_at: dt.datetime
    act: str


class VersionOut(Schema):
    """A version of an instrument. ``ended_at`` is null for the present one; ``sha256`` is the digest of its payload on the record."""

    reference: str
    number: int
    title: str
    status: str
    date: dt.date | None
    is_summary: bool
    began_at: dt.datetime
    ended_at: dt.datetime | None
    sha256: str


class VersionProvisionOut(Schema):
    """A provision as it stood. ``became`` and ``went_to`` say what the next version made of it, and are empty in the present one."""

    ref: str
    label: str
    heading: str
    text: str
    language: str
    became: str
    went_to: list[str]


class VersionTextOut(VersionOut):
    """A version with its provisions."""

    provisions: list[VersionProvisionOut]


class LinkChangeOut(Schema):
    """What became of one text of a stale link since it was decided, in a version of its instrument."""

    provision: str
    kind: str
    version: int


class LinkOut(Schema):
    """A link between two provisions. ``relation`` is null while it awaits people.

    ``answers`` is how many reviewers answered on the present text; ``answers_by_kind`` is empty until the link is decided.
    ``readings`` leaves out members that were not asked. A stale link was confirmed under its ``relation`` on a text that has
    changed since; ``changes`` say how.
    """

    reference: str
    a: str
    b: str
    state: str
    suggested: str
    relation: str | None
    maker: str
    score: float
    cosine: float | None
    answers: int
    answers_by_kind: dict[str, int]
    readings: list[ReadingOut]
    changes: list[LinkChangeOut]


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


class BodyOut(Schema):
    """An assembly, a committee or a group. ``names`` by language."""

    slug: str
    kind: str
    names: dict[str, str]
    parent: str
    starts_on: dt.date
    ends_on: dt.date | None


class SuspendedOut(Schema):
    """A right that a member may not use, and the rule."""

    right: str
    rule: str


class SeatOut(Schema):
    """A member in a body on a day."""

    slug: str
    name: str
    region: str
    kind: str
    status: str
    since: dt.date
    until: dt.date | None
    suspended: list[SuspendedOut]


class SeatPage(Schema):
    """One page of members; ``count`` is how many there are in all."""

    count: int
    items: list[SeatOut]


class MembershipOut(Schema):
    """One stretch of a member's history. ``act`` is the id of the act that entered it."""

    body: str
    status: str
    starts_on: dt.date
    ends_on: dt.date | None
    rule: str
    act: str


class CredentialOut(Schema):
    """A credential. ``holder`` is empty for those who do not see what members see."""

    body: str
    role: str
    holder: str
    state: str
    awaited: str
    awaited_by: dt.date | None
    starts_on: dt.date
    ends_on: dt.date | None
    has_voice: bool


class MemberOut(Schema):
    """A member with its history and its delegation today."""

    slug: str
    name: str
    kind: str
    region: str
    is_fictional: bool
    memberships: list[MembershipOut]
    credentials: list[CredentialOut]


class StatementOut(Schema):
    """A statement of a member."""

    number: int
    member: str
    body: str
    title: str
    text: str
    language: str
    made_at: dt.datetime
    visibility: str
    act: str


class LogOut(Schema):
    """How the log stands."""

    origin: str
    key: str
    size: int
    waiting: int
    stopped: bool
    signed_at: dt.datetime | None
    witnessed_at: dt.datetime | None


class HeardOut(Schema):
    """How many voices of a track answered; ``number`` is null where they are one to four."""

    number: int | None


class DialogueOut(Schema):
    """A consultation. ``question`` by language; ``states_heard`` and ``people_heard`` are null where the track is not there."""

    reference: str
    slug: str
    body: str
    question: dict[str, str]
    state: str
    people: str
    has_states: bool
    attribution: str
    visibility: str
    opened_at: dt.datetime | None
    closes_at: dt.datetime | None
    closed_at: dt.datetime | None
    statements: int
    states_heard: HeardOut | None
    people_heard: HeardOut | None


class DialoguePage(Schema):
    """One page of consultations."""

    count: int
    items: list[DialogueOut]


class DialogueTrackOut(Schema):
    """What a track shows. While it is held back, ``missing`` answers are wanting or it awaits the close, and there are no figures.

    ``figures`` hold all but the statements, small counts protected; ``statements`` is one page of these, of ``count``.
    ``figures_sha256`` is the digest of all of it as canonical JSON, as in ``results.json``.
    """

    track: str
    missing: int
    awaits_close: bool
    is_final: bool
    made_at: dt.datetime | None
    act: str
    figures_sha256: str
    figures: dict[str, Any] | None
    count: int
    statements: list[dict[str, Any]]


class DialogueResultsOut(Schema):
    """The results of a consultation, states and people side by side; they are never added together."""

    reference: str
    state: str
    tracks: list[DialogueTrackOut]


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
