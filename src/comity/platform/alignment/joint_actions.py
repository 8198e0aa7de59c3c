"""Read possible joint actions: actions of members' own strategies that the crosswalk links and that share a topic.

They rest on the links of the latest run that no person has rejected, and are worked out on every read: nothing of them is kept, so a
decision on a link shows at once. A reader sees only what rests on strategies that the reader may see.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.country_data import read_atlas
from comity.adapters.joint_action_files import joint_action_records, joint_action_rows
from comity.engines.alignment import texts
from comity.engines.alignment.commitments import Commitment, is_strategy, read_commitment
from comity.engines.alignment.convergence import reason_not_counted
from comity.engines.alignment.joint_actions import JointAction, propose_joint_actions
from comity.platform.alignment.collection import instrument_for_engine
from comity.platform.alignment.models import CrosswalkLink, Provision, Topic
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.stale import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.engines.alignment.commitments import Quoted

MOST_KEPT = 20_000
"""Readings of provisions that stay in memory, about a kilobyte each; the rules are pure, so one is never out of date."""


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action with the exact words that state when, how much and who; empty where the text states none."""

    provision: Provision
    dates: tuple[Quoted, ...]
    indicators: tuple[Quoted, ...]
    owners: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Actions of different members that could be one; ``topics`` are the ids that all share, the chief one first."""

    name: str
    topics: tuple[str, ...]
    actions: tuple[ActionView, ...]


@dataclass(frozen=True, slots=True)
class StrategiesRead:
    """What was read in the strategies of members: how many, their goals and actions, and of the actions how many state what."""

    strategies: int
    goals: int
    actions: int
    dated: int
    measured: int
    owned: int


@dataclass(frozen=True, slots=True)
class _Found:
    groups: tuple[JointAction, ...]
    commitments: tuple[Commitment, ...]
    instruments: Mapping[str, texts.Instrument]
    provisions: Mapping[str, texts.Provision]
    rows: Mapping[str, Provision]


@dataclass(frozen=True, slots=True)
class _Link:
    a: str
    b: str
    score: float


STATED = ("dates", "indicators", "owners")


def joint_actions(*, user: Any, topic: str = "", stated: str = "") -> tuple[list[GroupView], StrategiesRead]:
    """Return the groups that an account may see, in the order of the topics, and what was read to find them.

    ``topic`` leaves the groups that share it, ``stated`` (one of ``STATED``) those in which an action states such a thing; the counts
    stay those of all strategies.
    """
    found = _find(user=user)
    groups = [
        GroupView(
            name=g.name,
            topics=g.topics,
            actions=tuple(
                ActionView(provision=found.rows[a.provision], dates=a.dates, indicators=a.indicators, owners=a.owners)
                for a in g.actions
            ),
        )
        for g in found.groups
        if (not topic or topic in g.topics) and (stated not in STATED or any(getattr(a, stated) for a in g.actions))
    ]
    actions = [c for c in found.commitments if c.kind == "action"]
    return groups, StrategiesRead(
        strategies=len(found.instruments),
        goals=len(found.commitments) - len(actions),
        actions=len(actions),
        dated=sum(bool(c.dates) for c in actions),
        measured=sum(bool(c.indicators) for c in actions),
        owned=sum(bool(c.owners) for c in actions),
    )


def commitment_of(*, provision: Provision) -> Commitment | None:
    """Return the goal or action that a provision of a strategy states, or None; its instrument must be loaded."""
    if not is_strategy(instrument_for_engine(provision.instrument)):
        return None
    return _read(provision.instrument.slug, provision.ref, provision.text, provision.language)


def joint_action_table(*, user: Any) -> Iterator[Sequence[str]]:
    """Yield the rows of the table of possible joint actions, for a download."""
    found = _find(user=user)
    yield from joint_action_rows(groups=found.groups, provisions=found.provisions, instruments=found.instruments)


def joint_action_list(*, user: Any) -> list[dict[str, Any]]:
    """Return the possible joint actions as records, for a download."""
    found = _find(user=user)
    return joint_action_records(groups=found.groups, provisions=found.provisions, instruments=found.instruments)


def _find(*, user: Any) -> _Found:
    members = frozenset(code for code, s in read_atlas().states.items() if s.status == "member")
    seen = (
        instruments_seen(user=user)
        .filter(kind__in=["", "strategy"], party__in=members, subdivision="")
        .order_by("slug")
    )
    own = [instrument_for_engine(row) for row in seen]
    instruments = {i.id: i for i in own if is_strategy(i) and not reason_not_counted(i)}
    rows = {
        f"{row.instrument.slug}/{row.ref}": row
        for row in Provision.objects.filter(instrument__slug__in=list(instruments))
        .select_related("instrument")
        .prefetch_related("topic_marks")
        .order_by("instrument__slug", "position")
    }
    provisions = {name: _for_engine(row) for name, row in rows.items()}
    read = (_read(p.instrument, p.ref, p.text, p.language) for p in provisions.values())
    commitments = tuple(c for c in read if c is not None)
    names = {row.pk: name for name, row in rows.items()}
    links = (
        CrosswalkLink.objects.filter(a__in=list(names), b__in=list(names))
        .exclude(HIDDEN)
        .values_list("a_id", "b_id", "score")
    )
    groups = propose_joint_actions(
        collection=texts.Collection(instruments=tuple(instruments.values()), provisions=tuple(provisions.values())),
        commitments=commitments,
        likenesses=[_Link(a=names[a], b=names[b], score=score) for a, b, score in links],
        states=members,
        topics=list(Topic.objects.order_by("position").values_list("pk", flat=True)),
    )
    return _Found(groups=groups, commitments=commitments, instruments=instruments, provisions=provisions, rows=rows)


def _for_engine(row: Provision) -> texts.Provision:
    found = texts.Provision(
        instrument=row.instrument.slug,
        ref=row.ref,
        label=row.label,
        heading=row.heading,
        text=row.text,
        language=row.language,
        topics=tuple(mark.topic_id for mark in row.topic_marks.all()),
        topics_by=row.topics_by,
    )
    from comity.engines.alignment.topics import counted_topics  # noqa: PLC0415  (takes long to import, and few pages need it)

    return dataclasses.replace(found, topics=counted_topics(found))


@functools.lru_cache(maxsize=MOST_KEPT)
def _read(instrument: str, ref: str, text: str, language: str) -> Commitment | None:
    return read_commitment(
        provision=texts.Provision(instrument=instrument, ref=ref, label="", heading="", text=text, language=language)
    )
