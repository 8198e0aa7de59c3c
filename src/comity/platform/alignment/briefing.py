"""Gather what a briefing note on a topic, or on two texts, rests on; never more than an account may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.platform.alignment import selectors
from comity.platform.alignment.models import CrosswalkLink, LinkReading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.platform.alignment.models import Instrument, Provision, Topic

MOST_CENTRAL = 6
MOST_WAITING = 10
STATES = CrosswalkLink.State


@dataclass(frozen=True, slots=True)
class TopicBrief:
    """What a note on a topic rests on.

    ``central`` are the provisions that most other texts have a counterpart to, at most one of each party, with the number of
    texts. ``confirmed``, ``stale`` (confirmed on a text that has changed) and ``waiting`` are links of two provisions on the
    topic; stale ones count for nothing. ``by_strength`` maps a strength that people
    named to the parties whose texts hold it.
    """

    topic: Topic
    instruments: tuple[Instrument, ...]
    central: tuple[tuple[Provision, int], ...]
    confirmed: tuple[CrosswalkLink, ...]
    stale: tuple[CrosswalkLink, ...]
    waiting: tuple[CrosswalkLink, ...]
    waiting_in_all: int
    by_strength: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PairBrief:
    """What a note on two texts rests on: their links from a to b, and how many provisions of each have none."""

    a: Instrument
    b: Instrument
    confirmed: tuple[CrosswalkLink, ...]
    stale: tuple[CrosswalkLink, ...]
    waiting: tuple[CrosswalkLink, ...]
    waiting_in_all: int
    alone_in_a: tuple[Provision, ...]
    alone_in_b: tuple[Provision, ...]


def brief_topic(*, topic: str, user: Any) -> TopicBrief:
    """Return what a note on a topic rests on. Raises NotFound."""
    found = selectors.topic_of(topic=topic)
    provisions = list(selectors.provisions_on(topic=topic, user=user))
    keys = {p.pk: p for p in provisions}
    links = [link for link in selectors.links_on(topic=topic, user=user) if link.a_id in keys and link.b_id in keys]
    texts: dict[int, set[int]] = defaultdict(set)
    for link in (held for held in links if held.state != STATES.STALE):
        texts[link.a_id].add(link.b.instrument_id)
        texts[link.b_id].add(link.a.instrument_id)
    waiting = _those_read_first([link for link in links if link.is_open])
    strengths: dict[str, set[str]] = defaultdict(set)
    for p in provisions:
        if p.modality and not p.modality_by and p.instrument.party not in {"", "MULTI"}:
            strengths[p.modality].add(p.instrument.party)
    return TopicBrief(
        topic=found,
        instruments=tuple({p.instrument_id: p.instrument for p in provisions}.values()),
        central=_central([(keys[key], len(held)) for key, held in texts.items()]),
        confirmed=tuple(link for link in links if link.state == STATES.CONFIRMED),
        stale=tuple(link for link in links if link.state == STATES.STALE),
        waiting=tuple(waiting[:MOST_WAITING]),
        waiting_in_all=len(waiting),
        by_strength={s: tuple(sorted(parties)) for s, parties in strengths.items()},
    )


def brief_pair(*, a: str, b: str, user: Any) -> PairBrief:
    """Return what a note on two texts rests on. Raises NotFound."""
    left, right = selectors.instrument_of(slug=a, user=user), selectors.instrument_of(slug=b, user=user)
    links = selectors.links_between(a=left, b=right, user=user)
    linked = {key for link in links for key in (link.a_id, link.b_id)}
    waiting = _those_read_first([link for link in links if link.is_open])
    return PairBrief(
        a=left,
        b=right,
        confirmed=tuple(link for link in links if link.state == STATES.CONFIRMED),
        stale=tuple(link for link in links if link.state == STATES.STALE),
        waiting=tuple(waiting[:MOST_WAITING]),
        waiting_in_all=len(waiting),
        alone_in_a=tuple(p for p in selectors.provisions_of(instrument=left) if p.pk not in linked),
        alone_in_b=tuple(p for p in selectors.provisions_of(instrument=right) if p.pk not in linked),
    )


def _those_read_first(links: list[CrosswalkLink]) -> list[CrosswalkLink]:
    """Put what a member has spoken of before the rest, which stays in its order: a note never leaves it out for room."""
    read = set(LinkReading.objects.filter(link__in=[link.pk for link in links]).values_list("link_id", flat=True))
    return sorted(links, key=lambda link: link.pk not in read)


def _central(counted: list[tuple[Provision, int]]) -> tuple[tuple[Provision, int], ...]:
    ordered = sorted(counted, key=lambda pair: (-pair[1], pair[0].instrument.slug, pair[0].position))
    taken: dict[str, tuple[Provision, int]] = {}
    for provision, n in ordered:
        taken.setdefault(provision.instrument.party or provision.instrument.slug, (provision, n))
    # Chosen by how many texts meet in it, shown by the text's name: it is no order of merit.
    return tuple(
        sorted(list(taken.values())[:MOST_CENTRAL], key=lambda pair: pair[0].instrument.short_title.casefold())
    )
