"""What the report of an alignment says: plain frozen data, in the order in which it is to be shown.

Whoever fills it puts parties in the alphabetical order of the reader's language and topics in the order of the concept
scheme; the report keeps both. Words that are empty are unknown, and the report says so.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time)
from collections.abc import Mapping  # noqa: TC003  (dataclass fields are read at run time)
from dataclasses import dataclass, field
from typing import Literal

PartyKind = Literal["member", "organisation"]


@dataclass(frozen=True, slots=True)
class Party:
    """A member or an organisation that an instrument here belongs to, or that a level here speaks of.

    ``code`` is an ISO 3166-1 alpha-3 code or the code of an organisation; ``name`` is in the reader's language.
    """

    code: str
    name: str
    kind: PartyKind = "member"


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """One instrument as it was read.

    ``party`` is the code of a :class:`Party`, or "" where nobody has said. ``binding`` is None where it is not stated.
    ``stated_by`` is "collection", or "file name" where party, kind and status were guessed from the name of the file.
    ``title_language`` and ``language`` are BCP 47 tags; "und" and "" are unknown. ``lexical_only`` says that the model
    does not know the language, so that its provisions were compared by words alone. ``signatories`` are codes. ``uncounted`` says in words why it speaks for
    nobody here (proposed, lapsed, not yet in force, a law of a state or province); empty where it speaks for its party. ``searched`` says that its provisions could be
    searched for topics; of others it is never said that a topic was not found.
    """

    id: str
    title: str
    provisions: int
    party: str = ""
    short_title: str = ""
    title_language: str = ""
    kind: str = ""
    status: str = ""
    binding: bool | None = None
    date: dt.date | None = None
    language: str = "und"
    lexical_only: bool = False
    file: str = ""
    official_url: str = ""
    basis: Literal["full-text", "partial-text", "unknown"] = "unknown"
    subdivision: str = ""
    signatories: tuple[str, ...] = ()
    summary: bool = False
    stated_by: str = "collection"
    uncounted: str = ""
    searched: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be read. ``message`` is the refusal's own: what was found, what is allowed, what to do.

    ``first_seen`` is the first thing that could be read of it, if anything was.
    """

    file: str
    code: str
    message: str
    first_seen: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one instrument says on a topic: how many provisions, and its strongest wording ("" where not judged)."""

    instrument: str
    provisions: int
    strongest: Literal["must", "must-not", "should", "may", "declares", ""] = ""


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic of the concept scheme.

    ``levels`` is member code to one of the nine levels of :mod:`comity.adapters.visual.marks`; a member that is missing
    is not in this collection. It is empty where no instrument names a member.
    """

    id: str
    facet: str
    label: str
    definition: str = ""
    voices: tuple[Voice, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cited:
    """One provision, its text exactly as it stands in the instrument. ``language`` is a BCP 47 tag.

    ``is_suggested`` tells that a machine proposes its strength, ``addressees_suggested`` that it proposes whom it addresses.
    """

    instrument: str
    ref: str
    label: str
    text: str
    heading: str = ""
    language: str = "und"
    modality: Literal["must", "must-not", "should", "may", "declares", ""] = ""
    page: int = 0
    is_suggested: bool = False
    addressees: tuple[str, ...] = ()
    addressees_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two provisions of different parties that a machine suggests reading together.

    ``relation`` is same, broader, narrower, related, or "" where the machine proposes none. ``why`` is a whole sentence
    in the reader's language. ``closeness`` is the maker's own figure, or None. ``state`` stays "suggested" until a
    person has decided.
    """

    left: Cited
    right: Cited
    why: str
    relation: Literal["same", "broader", "narrower", "related", ""] = ""
    closeness: float | None = None
    state: Literal["suggested", "confirmed"] = "suggested"


@dataclass(frozen=True, slots=True)
class CommonGround:
    """What texts of three parties or more say alike, around the provision that most of them meet in.

    ``topic`` is a label, ``parties`` are names of those whose texts count, ``missing`` names of regional groups that have a
    text here and none in it, all in the reader's language. ``others`` are the other provisions, as their texts cite them.
    """

    topic: str
    central: Cited
    parties: tuple[str, ...]
    missing: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action of a strategy, with the exact words that state its dates, indicators and owners; empty where it states none."""

    cited: Cited
    dates: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JointAction:
    """Actions of different members that a machine suggests considering together. ``topics`` are labels in the reader's language."""

    topics: tuple[str, ...]
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured quality with what it rests on: ``value`` as shown, ``interval`` as shown or "", n, and its source."""

    what: str
    value: str
    n: int
    source: str
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """How the comparison was made. ``sent_to`` is "" where no text left the machine, else whom it was sent to.

    ``steps`` and ``not_measured`` are whole sentences in the reader's language.
    """

    made_by: str
    embedder: str
    embedder_version: str
    lexical: str
    fusion: str
    topics_by: str = ""
    modality_by: str = ""
    addressees_by: str = ""
    sent_to: str = ""
    steps: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    not_measured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputFile:
    """Another file of the same run: its name relative to the report, and how to read it, in a whole sentence."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Report:
    """One alignment, ready to be shown.

    ``facets`` is id to label, in order. ``tiles`` is the grid of the map, code to (column, row), and may be empty.
    ``lead_topic`` is the id of the topic on the map; "" takes the one on which most parties speak. ``pairs`` are the
    closest first; ``pairs_total`` is how many the run suggested in all, of which ``pairs_file`` lists every one.
    ``actions_read`` and ``goals_read`` count what was read in strategies; of the actions so many state a date, an indicator, an owner.
    ``unjudged`` and ``untopiced`` count provisions whose strength, and whose topic, nobody and nothing has named.
    """

    title: str
    as_of: dt.date
    parties: tuple[Party, ...]
    instruments: tuple[InstrumentLine, ...]
    topics: tuple[TopicLine, ...]
    method: Method
    refusals: tuple[Refusal, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    pairs: tuple[Pair, ...] = ()
    pairs_total: int = 0
    pairs_file: str = "crosswalk.csv"
    tiles: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    lead_topic: str = ""
    unjudged: int = 0
    common_ground: tuple[CommonGround, ...] = ()
    regions_present: tuple[str, ...] = ()
    joint_actions: tuple[JointAction, ...] = ()
    goals_read: int = 0
    actions_read: int = 0
    actions_dated: int = 0
    actions_measured: int = 0
    actions_owned: int = 0
    untopiced: int = 0
    files: tuple[OutputFile, ...] = ()
