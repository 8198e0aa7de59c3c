"""Rows and counts that several alignment pages show: topics with their bars, members by level, progress of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from comity.adapters.country_data import read_atlas
from comity.adapters.visual.marks import MARK_OF_LEVEL
from comity.engines.parties.countries import listed_in, name_of
from comity.platform.alignment.selectors import parties_present
from comity.platform.alignment.tasks import ALIGN
from comity.platform.work.selectors import Progress, latest_job
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.parties.countries import Atlas
    from comity.platform.alignment.convergence import CellView
    from comity.platform.alignment.models import Topic

LEVELS = tuple(MARK_OF_LEVEL)
LEVEL_MARKS = tuple(MARK_OF_LEVEL.values())
FORCES = ("binding", "voluntary", "unstated")
NONES = ("states-none", "searched-not-found", "not-in-collection")


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with its members by level: what the list of topics shows."""

    id: str
    label: str
    facet: str
    position: int
    counts: Mapping[str, int]
    binding: int
    voluntary: int
    states_none: int
    not_found: int
    not_here: int

    @property
    def own(self) -> int:
        """How many members' tile shows a text of their own."""
        return sum(n for level, n in self.counts.items() if level.endswith("-own"))


@dataclass(frozen=True, slots=True)
class LevelGroup:
    """The members at one level, in the reader's order."""

    level: str
    members: tuple[MemberLine, ...]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member under the map, with what speaks for it through organisations."""

    code: str
    name: str
    through: tuple[str, ...]


def members(atlas: Atlas) -> tuple[str, ...]:
    """Return the codes of the 193 members in the alphabetical order of the reader's language."""
    return tuple(s.iso3 for s in listed_in(atlas=atlas, language=interface_language()) if s.status == "member")


def label_of(topic: Topic) -> str:
    """Return a topic's label in the reader's language, else in English."""
    labels: Mapping[str, str] = topic.labels
    return labels.get(interface_language()) or labels["en"]


def topic_row(*, topic: Topic, counts: Mapping[str, int]) -> TopicRow:
    """Return the row of a topic."""
    binding, voluntary, states_none, not_found, not_here = columns_of(counts)
    return TopicRow(
        id=topic.pk,
        label=label_of(topic),
        facet=topic.facet,
        position=topic.position,
        counts=counts,
        binding=binding,
        voluntary=voluntary,
        states_none=states_none,
        not_found=not_found,
        not_here=not_here,
    )


def columns_of(counts: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    """Return what the five columns of a table show: binding, voluntary or unstated, and the three kinds of none apart."""
    spoken = {force: sum(counts.get(f"{force}-{way}", 0) for way in ("own", "through")) for force in FORCES}
    none, searched, absent = (counts.get(level, 0) for level in NONES)
    return spoken["binding"], spoken["voluntary"] + spoken["unstated"], none, searched, absent


def groups_by_level(*, cells: Mapping[str, CellView], atlas: Atlas) -> tuple[LevelGroup, ...]:
    """Return the members of every level that has one, levels in their fixed order, members in the reader's."""
    language = interface_language()
    found: dict[str, list[MemberLine]] = {}
    for code in members(atlas):
        cell = cells.get(code)
        through = (
            tuple(sorted({name_of(atlas=atlas, code=w, language=language) for w, _ in cell.through})) if cell else ()
        )
        line = MemberLine(code=code, name=name_of(atlas=atlas, code=code, language=language), through=through)
        found.setdefault(cell.level if cell else "not-in-collection", []).append(line)
    return tuple(LevelGroup(level=level, members=tuple(found[level])) for level in LEVELS if level in found)


def party_choices(*, user: Any) -> list[tuple[str, str]]:
    """Return the parties that have an instrument here, by name; several parties together come as one choice."""
    language = interface_language()
    names = {
        code: gettext("Several parties")
        if code == "MULTI"
        else name_of(atlas=read_atlas(), code=code, language=language)
        for code in parties_present(user=user)
    }
    return sorted(names.items(), key=lambda pair: pair[1])


def progress() -> Progress | None:
    """Return the alignment that waits, runs or has stopped; None where the last one ended well."""
    job = latest_job(kind=ALIGN)
    return None if job is None or job.state == "done" else job


def tiles_of(atlas: Atlas) -> Mapping[str, tuple[int, int]]:
    """Return the equal-tile grid: a member's code to its column and row."""
    return atlas.tiles


def atlas() -> Atlas:
    """Return the country facts."""
    return read_atlas()
