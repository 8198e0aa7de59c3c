"""The data of alignment: instruments, their provisions, and the concept scheme by which they are compared.

References follow the Akoma Ntoso naming convention (OASIS, 2019): ``art_14``, ``art_14__para_2``, ``sec_3``.
Facets, notations and labels of the scheme follow SKOS (W3C, 2009).
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass, field
from typing import Literal

Modality = Literal["must", "must-not", "should", "may", "declares"]
"""Strength of a provision: a duty, a ban, an expectation, a permission, or a statement that asks nothing."""

MODALITIES: tuple[Modality, ...] = ("must", "must-not", "should", "may", "declares")

ADDRESSEES = ("provider", "deployer", "developer", "state", "authority", "user", "organisation", "all")

KINDS = (
    "law",
    "bill",
    "regulation",
    "treaty",
    "resolution",
    "declaration",
    "strategy",
    "framework",
    "guideline",
    "standard",
)

STATUSES = ("in-force", "adopted", "proposed", "lapsed", "voluntary")

CODER = "coder"
"""Who named topics, where people did."""

BlockKind = Literal["heading", "paragraph", "item", "table"]


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph of a document, in reading order, white space folded, never empty.

    ``level`` is 1 to 6 for a heading the source marked as one, else 0. ``page`` counts from 1; 0 is unknown.
    """

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """An article or section whose bounds and name its document states, with its blocks in order, at least one.

    ``ref`` follows the Akoma Ntoso naming convention, ``label`` is its number as a reader cites it. ``is_whole`` says that the
    document states it as one provision, which is not parted further; its one block then has the text as it stands.
    """

    ref: str
    label: str
    heading: str
    blocks: tuple[Block, ...]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Provision:
    """The smallest part of an instrument that says one thing.

    ``modality`` is None where nobody has judged it; ``modality_by`` names the maker and version that proposed it, and is empty
    where a person did; ``addressees_by`` is the same of ``addressees``. ``topic_chances`` are the probabilities of proposed topics, in their order, empty where a person named
    them or none was worked out. ``topics`` are ids of the concept scheme, the chief one first;
    ``topics_by`` tells who named them: "coder" (a person), a maker and version such as "topics-lexical/1", or ""
    where nobody has.
    """

    instrument: str
    ref: str
    label: str
    heading: str
    text: str
    language: str
    modality: Modality | None = None
    addressees: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topics_by: str = ""
    page: int = 0
    topic_chances: tuple[float, ...] = ()
    modality_by: str = ""
    addressees_by: str = ""

    @property
    def id(self) -> str:
        """The permanent name within a collection: ``instrument/ref``."""
        return f"{self.instrument}/{self.ref}"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, strategy, framework or declaration, as a collection holds it.

    ``party`` is an ISO 3166-1 alpha-3 code, the code of an organisation, ``MULTI`` with ``signatories``, or None
    where nobody has said. ``binding`` and ``status`` are None where unknown. ``basis`` is what the provisions were
    taken from: the full text, a part of it, or "unknown". ``summary`` tells that the provisions' text is somebody's
    summary and not the law itself. ``stated_by`` tells who named party, kind and status: "collection", or "file name"
    where it was guessed from the name of a file.
    """

    id: str
    title: str
    short_title: str
    party: str | None
    kind: str | None = None
    status: str | None = None
    binding: bool | None = None
    date: dt.date | None = None
    language: str = "und"
    official_url: str = ""
    basis: Literal["full-text", "partial-text", "unknown"] = "unknown"
    subdivision: str | None = None
    signatories: tuple[str, ...] = ()
    summary: bool = False
    stated_by: str = "collection"


@dataclass(frozen=True, slots=True)
class Topic:
    """One concept of the scheme. ``facet`` is obligation, protection or cooperation."""

    id: str
    facet: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme: facets (id to label, in order) and topics in their order."""

    facets: tuple[tuple[str, str], ...]
    topics: tuple[Topic, ...]

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic of that id, or None."""
        return next((t for t in self.topics if t.id == topic_id), None)


@dataclass(frozen=True, slots=True)
class Collection:
    """Instruments with their provisions, both sorted by id. ``stated_none`` holds (member, topic) pairs for which
    the member itself has stated that it has no provision; only a member can say that.
    """

    instruments: tuple[Instrument, ...]
    provisions: tuple[Provision, ...]
    stated_none: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def instrument(self, instrument_id: str) -> Instrument | None:
        """Return the instrument of that id, or None."""
        return next((i for i in self.instruments if i.id == instrument_id), None)


def embedded_text(provision: Provision, /) -> str:
    """Return what stands for a provision in the space of meanings: its heading and its text."""
    return f"{provision.heading}. {provision.text}" if provision.heading else provision.text
