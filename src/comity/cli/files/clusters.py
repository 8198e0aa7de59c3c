"""Common ground of a run on files: what texts of several parties say alike, as the report and its table show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.cli.files.line import is_one_party, stand_ins_of
from comity.engines.alignment.common_ground import LEAST_PARTIES, Bond, gather_clusters, regions_reached
from comity.engines.alignment.convergence import reason_not_counted
from comity.engines.parties.countries import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.cli.files.line import Aligned
    from comity.engines.alignment.texts import Provision

REGIONS = "regional-group"
COLUMNS = (
    "cluster", "topic", "place", "provision", "party", "counts", "label", "modality", "modality_by", "regions",
    "missing_regions", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """A cluster: its central provision, then the others by id. ``parties`` are those whose texts count, by code; ``regions`` the
    codes of regional groups with a state among them, ``missing`` of those present in the collection without one.
    """

    central: Provision
    others: tuple[Provision, ...]
    parties: tuple[str, ...]
    regions: tuple[str, ...]
    missing: tuple[str, ...]


def clusters_of(aligned: Aligned, /) -> tuple[ClusterLine, ...]:
    """Return the clusters of at least three parties whose texts count: those in every regional group first, then by topic.

    Every link of them is a suggestion.
    """
    instruments = {i.id: i for i in aligned.collection.instruments}
    provisions = {p.id: p for p in aligned.collection.provisions}
    left_out = stand_ins_of(aligned)
    parties = {
        p.id: instruments[p.instrument].party or ""
        for p in provisions.values()
        if instruments[p.instrument].party and p.instrument not in left_out
    }
    bonds = [
        Bond(a=pair.a, b=pair.b, score=pair.score)
        for pair in aligned.pairs
        if not is_one_party(instruments[provisions[pair.a].instrument], instruments[provisions[pair.b].instrument])
    ]
    counting = {i.id for i in instruments.values() if i.party and not reason_not_counted(i)}
    regions = {
        code: groups_of(atlas=aligned.atlas, state=code, kind=REGIONS)
        for code in {instruments[i].party or "" for i in counting}
        if code in aligned.atlas.states
    }
    present = {region for found in regions.values() for region in found}
    place = {t.id: n for n, t in enumerate(aligned.scheme.topics)}
    lines = []
    for cluster in gather_clusters(bonds=bonds, parties=parties):
        held = [provisions[p] for p in (cluster.central, *cluster.holders)]
        speaking = sorted({parties[p.id] for p in held if p.instrument in counting})
        if len(speaking) < LEAST_PARTIES:
            continue
        reached, missing = regions_reached(parties=speaking, regions=regions, present=present)
        lines.append(
            ClusterLine(
                central=held[0], others=tuple(held[1:]), parties=tuple(speaking), regions=reached, missing=missing
            )
        )
    return tuple(sorted(lines, key=lambda c: (bool(c.missing), _place(c.central, place), c.central.id)))


def _place(provision: Provision, places: dict[str, int]) -> int:
    return places.get(provision.topics[0], len(places)) if provision.topics else len(places)


def cluster_rows(*, clusters: Sequence[ClusterLine], aligned: Aligned) -> Iterator[Sequence[object]]:
    """Yield one row for each provision of each cluster, under ``COLUMNS``."""
    instruments = {i.id: i for i in aligned.collection.instruments}
    for number, cluster in enumerate(clusters, 1):
        for place, p in enumerate((cluster.central, *cluster.others)):
            instrument = instruments[p.instrument]
            yield (
                number,
                cluster.central.topics[0] if cluster.central.topics else "",
                "other" if place else "central",
                p.id,
                instrument.party or "",
                "no" if reason_not_counted(instrument) else "yes",
                p.label,
                p.modality or "",
                p.modality_by or ("coder" if p.modality else ""),
                " ".join(cluster.regions),
                " ".join(cluster.missing),
                p.text,
            )
