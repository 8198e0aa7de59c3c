"""The shapes of ballots and rules that the programming door sends."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads annotations at run time)
from typing import Any

from ninja import Schema


class RuleOfBallotOut(Schema):
    """The version of a rule under which a ballot is held; the digest is that of its text."""

    reference: str
    name: str
    version: int
    title: str
    text_sha256: str


class BallotOut(Schema):
    """A ballot. ``outcome`` is empty until an office states it; ``voted`` is null where it may not be told."""

    reference: str
    slug: str
    body: str
    kind: str
    question: str
    question_language: str
    state: str
    way: str
    sealed: bool
    visibility: str
    symbol: str
    document_title: str
    rule: RuleOfBallotOut
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    closed_at: dt.datetime | None
    stated_at: dt.datetime | None
    outcome: str
    parent: str
    moved_by: str
    order: int
    counting: int
    voted: int | None


class ElectorOut(Schema):
    """A member in a ballot. ``position`` is null where it said nothing, and where it may not be seen (``seen`` is then false).

    ``reason`` and ``rule`` say why one does not count; ``cast_by`` is who casts its vote; ``present`` is null where nobody noted it.
    """

    member: str
    name: str
    counts: bool
    reason: str
    rule: str
    cast_by: str
    groups: list[str]
    weights: dict[str, str]
    call_order: int | None
    present: bool | None
    position: str | None
    reasons: str
    voted: bool | None
    seen: bool
    act: str


class ExplanationOut(Schema):
    """An explanation of a vote, before or after it."""

    member: str
    when: str
    language: str
    text: str
    given_at: dt.datetime
    act: str


class DrawOut(Schema):
    """How the member that a roll call begins with was drawn: by SHA-256 from the root of a signed tree of the log."""

    origin: str
    size: int
    root: str
    reference: str
    of: int
    number: int
    first: str


class BallotWholeOut(BallotOut):
    """A ballot with its members. ``totals`` are null while it is sealed; ``result`` is the stated outcome with its steps.

    ``pending_result`` is what follows under the rule once it has closed and nobody has stated it yet: it is no outcome.
    """

    positions: list[str]
    offered: list[str]
    sealed_now: bool
    broken: bool
    waiver: str
    totals: dict[str, int] | None
    result: dict[str, Any] | None
    pending_result: dict[str, Any] | None
    rolls_sha256: str
    opening: str
    stating: str
    draw: DrawOut | None
    electors: list[ElectorOut]
    explanations: list[ExplanationOut]
    motions: list[str]


class BallotPage(Schema):
    """One page of ballots."""

    count: int
    items: list[BallotOut]


class RuleOut(Schema):
    """A rule of procedure in force in a body."""

    reference: str
    body: str
    name: str
    version: int
    title: str
    starts_at: dt.datetime


class RulePage(Schema):
    """One page of rules."""

    count: int
    items: list[RuleOut]
