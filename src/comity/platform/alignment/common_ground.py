"""Common ground: what texts of several parties say alike, gathered by each run and shown with what people say of its links now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.adapters.country_data import read_atlas
from comity.engines.alignment.common_ground import LEAST_PARTIES, Bond, gather_clusters, regions_reached
from comity.engines.alignment.convergence import reason_not_counted
from comity.engines.alignment.texts import MODALITIES
from comity.engines.parties.countries import groups_of
from comity.platform.alignment.collection import instrument_for_engine, public_instruments
from comity.platform.alignment.models import Cluster, ClusterHolding, CrosswalkLink
from comity.platform.alignment.selectors import instruments_seen, latest_run
from comity.platform.alignment.stale import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.platform.alignment.models import AlignmentRun, Instrument, Provision

REGIONS = "regional-group"
STATES = CrosswalkLink.State


@dataclass(frozen=True, slots=True)
class HolderView:
    """A provision of a cluster. ``relation`` reads from the central provision to it; ``link`` is None for the central one itself.

    ``counts`` tells that its text speaks for its party: one that is proposed, lapsed or of a part of a state does not.
    """

    provision: Provision
    link: CrosswalkLink | None
    relation: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster as an account may see it: the central provision, then the others by the name of their text.

    ``parties`` are those whose texts count. ``regions`` are the regional groups with a state among them, ``missing`` those
    present in the collection with none. ``strengths`` are what people named, the strongest first. ``topics`` are the central
    provision's. ``confirmed`` and ``waiting`` count its links.
    """

    central: HolderView
    others: tuple[HolderView, ...]
    parties: tuple[str, ...]
    regions: tuple[str, ...]
    missing: tuple[str, ...]
    strengths: tuple[str, ...]
    topics: tuple[str, ...]
    confirmed: int
    waiting: int

    @property
    def is_everywhere(self) -> bool:
        """Whether every regional group that is present has a state in it."""
        return not self.missing


def keep_clusters(*, run: AlignmentRun) -> None:
    """Gather the clusters of what is linked now, rejected links left out, and keep them under a run."""
    public = public_instruments()
    links = list(
        CrosswalkLink.objects.filter(a__instrument__in=public, b__instrument__in=public)
        .filter(a__repealed_in__isnull=True, b__repealed_in__isnull=True)
        .exclude(HIDDEN)
        .select_related("a__instrument", "b__instrument")
    )
    names = {p.pk: f"{p.instrument.slug}/{p.ref}" for link in links for p in (link.a, link.b)}
    parties = {names[p.pk]: p.instrument.party for link in links for p in (link.a, link.b) if p.instrument.party}
    keys = {name: key for key, name in names.items()}
    by_pair = {frozenset((link.a_id, link.b_id)): link for link in links}
    found = gather_clusters(
        bonds=[Bond(a=names[link.a_id], b=names[link.b_id], score=link.score) for link in links], parties=parties
    )
    with transaction.atomic():
        clusters = Cluster.objects.bulk_create(Cluster(run=run, central_id=keys[c.central]) for c in found)
        ClusterHolding.objects.bulk_create(
            ClusterHolding(cluster=cluster, link=by_pair[frozenset((keys[c.central], keys[holder]))])
            for cluster, c in zip(clusters, found, strict=True)
            for holder in c.holders
        )


def list_clusters(*, user: Any, topic: str = "") -> tuple[list[ClusterView], tuple[str, ...]]:
    """Return the clusters that an account may see, of one topic where it is named, and the regional groups that are present.

    Those in every regional group come first, then all in the order of the concept scheme and of their central texts. What people
    rejected since the run, or may not be seen any more, is left out, and a cluster of fewer than three parties whose texts count.
    """
    seen = set(instruments_seen(user=user).values_list("pk", flat=True))
    rows = Cluster.objects.filter(run=latest_run(), central__instrument__in=seen).select_related("central__instrument")
    if topic:
        rows = rows.filter(central__topic_marks__topic=topic)
    rows = rows.prefetch_related(
        "central__topic_marks__topic", "holdings__link__a__instrument", "holdings__link__b__instrument"
    )
    present = regions_present(user=user)
    views = [view for row in rows if (view := _view(row, seen, present)) is not None]
    views.sort(key=_place)
    return views, present


def regions_present(*, user: Any) -> tuple[str, ...]:
    """Return the regional groups of the United Nations with a state that has a text here which counts, sorted."""
    counted = [i for i in instruments_seen(user=user) if _counts(i)]
    return tuple(sorted({region for party in {i.party for i in counted} for region in _regions(party)}))


def _view(row: Cluster, seen: set[int], present: Sequence[str]) -> ClusterView | None:
    others = []
    for holding in row.holdings.all():
        link = holding.link
        turned = link.b_id == row.central_id
        other = link.a if turned else link.b
        if link.state == STATES.REJECTED or other.repealed_in or other.instrument_id not in seen:
            continue
        relation = link.relation or link.suggested
        mirrored = {"broader": "narrower", "narrower": "broader"}.get(relation, relation) if turned else relation
        others.append(HolderView(provision=other, link=link, relation=mirrored, counts=_counts(other.instrument)))
    central = HolderView(provision=row.central, link=None, relation="", counts=_counts(row.central.instrument))
    everyone = [central, *others]
    parties = tuple(sorted({h.provision.instrument.party for h in everyone if h.counts}))
    if len(parties) < LEAST_PARTIES:
        return None
    regions, missing = regions_reached(parties=parties, regions={p: _regions(p) for p in parties}, present=present)
    named = {h.provision.modality for h in everyone if h.provision.modality and not h.provision.modality_by}
    return ClusterView(
        central=central,
        others=tuple(sorted(others, key=lambda h: h.provision.instrument.short_title.casefold())),
        parties=parties,
        regions=regions,
        missing=missing,
        strengths=tuple(m for m in MODALITIES if m in named),
        topics=tuple(m.topic_id for m in row.central.topic_marks.all()),
        confirmed=sum(1 for h in others if h.link is not None and h.link.state == STATES.CONFIRMED),
        waiting=sum(1 for h in others if h.link is not None and h.link.state != STATES.CONFIRMED),
    )


def _place(view: ClusterView) -> tuple[bool, int, str, int]:
    marks = list(view.central.provision.topic_marks.all())
    provision = view.central.provision
    return (
        not view.is_everywhere,
        marks[0].topic.position if marks else 10_000,
        provision.instrument.slug,
        provision.position,
    )


def _counts(instrument: Instrument) -> bool:
    return bool(instrument.party) and not reason_not_counted(instrument_for_engine(instrument))


def _regions(party: str) -> tuple[str, ...]:
    atlas = read_atlas()
    return groups_of(atlas=atlas, state=party, kind=REGIONS) if party in atlas.states else ()
