"""Reads a report's data as a policy officer would: who speaks on what, how many of them, and how strongly.

A speaker is a party, or an instrument that no party is known for. Everything here only counts and sorts what the data
already says; ties keep the order of the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping  # noqa: TC003  (dataclass fields are read at run time)
from dataclasses import dataclass

from comity.adapters.visual.charts import UNKNOWN_LEVEL
from comity.adapters.visual.marks import MARK_OF_LEVEL
from comity.adapters.visual.report.model import InstrumentLine, Report, TopicLine  # noqa: TC001  (dataclass fields are read at run time)

STRENGTHS = ("must", "must-not", "should", "may", "declares")
"""Wordings from the strongest to the weakest; a duty and a ban are equally strong."""

_BAR_LEVEL = {True: "binding-own", False: "voluntary-own", None: "unstated-own"}
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone that can agree or differ: a party, or an instrument whose party is unknown (kind "unnamed")."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class TopicReading:
    """A topic with its speakers.

    ``by_level`` groups those that speak by how their own instruments bind. Of the others, ``not_found`` are those whose
    instruments here were all read in full and searched, ``unread`` the rest. ``strengths`` groups those whose wording was judged by their strongest wording. ``provisions`` counts all of them together.
    """

    topic: TopicLine
    speaking: tuple[Speaker, ...]
    not_found: tuple[Speaker, ...]
    unread: tuple[Speaker, ...]
    by_level: Mapping[str, tuple[Speaker, ...]]
    strengths: Mapping[str, tuple[Speaker, ...]]
    provisions: int

    @property
    def silent(self) -> tuple[Speaker, ...]:
        """Those that do not speak of it here, whyever."""
        return (*self.not_found, *self.unread)

    @property
    def bar(self) -> dict[str, int]:
        """How many speakers at each level, as a bar takes it."""
        return {level: len(speakers) for level, speakers in self.by_level.items()}

    @property
    def divided(self) -> int:
        """How many speakers are on the smaller side, of those that require it and those that expect or permit it.

        0 says that the strength of the wording does not differ, as far as it was judged.
        """
        require, expect = (
            sum(len(self.strengths.get(s, ())) for s in side) for side in (("must", "must-not"), ("should", "may"))
        )
        return min(require, expect)


def speaker_of(*, report: Report, instrument: InstrumentLine) -> Speaker:
    """Return whom an instrument speaks for."""
    party = next((p for p in report.parties if p.code == instrument.party), None)
    if party is None:
        return Speaker(key=f"/{instrument.id}", name=instrument.short_title or instrument.title, kind="unnamed")
    return Speaker(key=party.code, name=party.name, kind=party.kind)


def list_speakers(*, report: Report) -> tuple[Speaker, ...]:
    """Return every speaker once: the parties that an instrument here speaks for, in their order, then unnamed ones."""
    counted = (i for i in report.instruments if not i.uncounted)
    found = {s.key: s for s in (speaker_of(report=report, instrument=i) for i in counted)}
    named = [found.pop(p.code) for p in report.parties if p.code in found]
    return (*named, *found.values())


def list_owners(*, report: Report) -> tuple[Speaker, ...]:
    """Return everyone who has an instrument here, whether or not it speaks for them yet, each once."""
    found = {s.key: s for s in (speaker_of(report=report, instrument=i) for i in report.instruments)}
    return tuple(found.values())


def sort_instruments(*, report: Report) -> tuple[InstrumentLine, ...]:
    """Return the instruments in the order of their parties, then by title; those of no known party come last."""
    parties = {p.code: n for n, p in enumerate(report.parties)}
    last = len(parties)
    return tuple(sorted(report.instruments, key=lambda i: (parties.get(i.party, last), i.title.casefold(), i.id)))


def read_topics(*, report: Report) -> tuple[TopicReading, ...]:
    """Return every topic with its speakers, in the order of the data."""
    speakers = list_speakers(report=report)
    lines = {i.id: i for i in report.instruments if not i.uncounted}
    speaks_for = {i.id: speaker_of(report=report, instrument=i).key for i in lines.values()}
    in_full = dict.fromkeys(speaks_for.values(), True)
    for i in lines.values():
        in_full[speaks_for[i.id]] &= i.basis == "full-text" and i.searched
    return tuple(
        _read_topic(t, speakers=speakers, lines=lines, speaks_for=speaks_for, in_full=in_full) for t in report.topics
    )


def _read_topic(
    topic: TopicLine,
    *,
    speakers: tuple[Speaker, ...],
    lines: Mapping[str, InstrumentLine],
    speaks_for: Mapping[str, str],
    in_full: Mapping[str, bool],
) -> TopicReading:
    levels: dict[str, str] = {}
    strengths: dict[str, str] = {}
    voices = [v for v in topic.voices if v.instrument in lines and v.provisions > 0]
    for voice in voices:
        key = speaks_for[voice.instrument]
        level = _BAR_LEVEL[lines[voice.instrument].binding]
        levels[key] = _stronger(levels.get(key), level, order=tuple(MARK_OF_LEVEL))
        if voice.strongest:
            strengths[key] = _stronger(strengths.get(key), voice.strongest, order=STRENGTHS)
    return TopicReading(
        topic=topic,
        speaking=tuple(s for s in speakers if s.key in levels),
        not_found=tuple(s for s in speakers if s.key not in levels and in_full[s.key]),
        unread=tuple(s for s in speakers if s.key not in levels and not in_full[s.key]),
        by_level=_group(speakers, levels, order=tuple(MARK_OF_LEVEL)),
        strengths=_group(speakers, strengths, order=STRENGTHS),
        provisions=sum(v.provisions for v in voices),
    )


def _stronger(held: str | None, new: str, *, order: tuple[str, ...]) -> str:
    return new if held is None or order.index(new) < order.index(held) else held


def _group(
    speakers: tuple[Speaker, ...], values: Mapping[str, str], *, order: tuple[str, ...]
) -> dict[str, tuple[Speaker, ...]]:
    grouped = {value: tuple(s for s in speakers if values.get(s.key) == value) for value in order}
    return {value: found for value, found in grouped.items() if found}


def find_agreement(*, readings: tuple[TopicReading, ...]) -> tuple[TopicReading, ...]:
    """Return the topics on which at least two speakers, and more than half of all, have a provision: most shared first."""
    shared = [r for r in readings if len(r.speaking) >= 2 and len(r.speaking) > len(r.silent)]  # noqa: PLR2004  (two)
    return tuple(sorted(shared, key=lambda r: -len(r.speaking)))


def find_partial(*, readings: tuple[TopicReading, ...]) -> tuple[TopicReading, ...]:
    """Return the topics on which at least two speakers, but no more than half, have a provision: most shared first."""
    partial = [r for r in readings if 2 <= len(r.speaking) <= len(r.silent)]  # noqa: PLR2004  (two)
    return tuple(sorted(partial, key=lambda r: -len(r.speaking)))


def find_strength_differences(*, readings: tuple[TopicReading, ...]) -> tuple[TopicReading, ...]:
    """Return the topics on which one speaker requires what another expects or permits: the most divided first."""
    return tuple(sorted((r for r in readings if r.divided), key=lambda r: -r.divided))


def find_single(*, readings: tuple[TopicReading, ...]) -> tuple[TopicReading, ...]:
    """Return the topics on which exactly one of several speakers has a provision."""
    return tuple(r for r in readings if len(r.speaking) == 1 and r.silent)


def list_members(*, report: Report) -> tuple[str, ...]:
    """Return the codes of the members that any topic says something about, parties first in their order."""
    spoken = {code for t in report.topics for code, level in t.levels.items() if level != UNKNOWN_LEVEL}
    named = [p.code for p in report.parties if p.kind == "member" and p.code in spoken]
    return (*named, *sorted(spoken - set(named)))


def count_levels(*, topic: TopicLine, members: tuple[str, ...]) -> dict[str, int]:
    """Return how many of ``members`` stand at each of the nine levels on a topic, noughts included."""
    counts = Counter(topic.levels.get(code, UNKNOWN_LEVEL) for code in members)
    return {level: counts[level] for level in MARK_OF_LEVEL}


def choose_lead(*, report: Report, readings: tuple[TopicReading, ...]) -> TopicReading | None:
    """Return the topic for the map: the one asked for, else the one on which most speak; None where there is none."""
    asked = next((r for r in readings if r.topic.id == report.lead_topic), None)
    return asked or max(readings, key=lambda r: len(r.speaking), default=None)


def direction_of(language: str) -> str:
    """Return the direction of a text in a language: "rtl", "ltr", or "auto" where the language is unknown."""
    tag = language.lower().split("-", maxsplit=1)[0]
    if tag in {"", "und", "mul", "zxx"}:
        return "auto"
    return "rtl" if tag in _RIGHT_TO_LEFT else "ltr"
