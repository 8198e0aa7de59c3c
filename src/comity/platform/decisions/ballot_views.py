"""What pages and programs are told of ballots: the shapes that the selectors fill, as far as a reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.engines.decisions.rules import Rule


@dataclass(frozen=True, slots=True)
class RuleReference:
    """The version of a rule under which a ballot is held."""

    reference: str
    name: str
    version: int
    title: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class ElectorView:
    """A member in a ballot, as this reader may see it.

    ``cast_by`` is the slug of who casts its vote: itself, the holder of its proxy, or an organisation. ``position`` is None where it
    said nothing, and where the reader may not see it: ``seen`` tells these two apart. ``voted`` is None where that may not be told.
    ``present`` is what the office noted, None while nobody has. ``own`` says that the reader is of its delegation, or of that which
    casts for it.
    """

    member: str
    name: str
    region: str
    counts: bool
    reason: str
    rule: str
    cast_by: str
    cast_by_name: str
    groups: tuple[str, ...]
    weights: Mapping[str, str]
    call_order: int | None
    present: bool | None
    position: str | None
    reasons: str
    voted: bool | None
    seen: bool
    own: bool
    act: str
    cast_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """An explanation of a vote or position, in the words and the language of the member. ``when`` is before or after."""

    member: str
    name: str
    when: str
    language: str
    text: str
    given_at: dt.datetime
    act: str


@dataclass(frozen=True, slots=True)
class BallotCard:
    """A ballot in a list. ``outcome`` is empty until it is stated; ``voted`` is None where it may not be told."""

    slug: str
    reference: str
    body: str
    body_name: str
    kind: str
    question: str
    question_language: str
    state: str
    way: str
    sealed: bool
    visibility: str
    audience: str
    symbol: str
    document_title: str
    document_slug: str
    document_number: int
    rule: RuleReference
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    closed_at: dt.datetime | None
    stated_at: dt.datetime | None
    outcome: str
    parent: str
    moved_by: str
    moved_by_name: str
    order: int
    counting: int
    voted: int | None


@dataclass(frozen=True, slots=True)
class DrawView:
    """How the member that is called first was drawn: the public root and the reference that anyone can draw from again."""

    origin: str
    size: int
    root: str
    reference: str
    of: int
    number: int
    first: str
    first_name: str


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot as its pages show it, with what this reader may see and do.

    ``totals`` maps a position to how many members gave it, those away among them, and is None while nothing may be told (sealed, or
    not opened). ``result`` is the stated outcome as ``engines.decisions.carrying`` carries it; ``pending_result`` is what follows under
    the rule once no vote is taken any more and nobody has stated it (None while sealed). ``broken`` says that a silence is broken.
    ``offered`` are the positions that may be cast here. ``hidden_from_all`` says that it is sealed and not yet stated.
    ``explains`` maps each of the reader's own members to "before" or "after" where it may explain now. ``open_motions`` are the
    slugs of motions that must be decided before its own outcome is stated.
    """

    card: BallotCard
    rule: Rule
    electors: tuple[ElectorView, ...]
    totals: Mapping[str, int] | None
    result: Mapping[str, Any] | None
    pending_result: Mapping[str, Any] | None
    hidden_from_all: bool
    broken: bool
    offered: tuple[str, ...]
    may_change: bool
    waiver: str
    missing_languages: tuple[str, ...]
    opening: str
    stating: str
    rolls_sha256: str
    draw: DrawView | None
    explanations: tuple[ExplanationView, ...]
    explain_until: dt.datetime | None
    explains: Mapping[str, str]
    motions: tuple[BallotCard, ...]
    open_motions: tuple[str, ...]
    earliest_statement: dt.datetime | None
    may_open: bool
    may_withdraw: bool
    may_close: bool
    may_state: bool
    may_note: bool
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What one member said in one ballot, where the rule lets the answers of a member be shown together."""

    ballot: BallotCard
    position: str
    cast_by: str
    reasons: str
