"""Keep what a run proposes of provisions that nobody has coded: topics with their probability, strength and addressees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from comity.adapters.stemming import stem_words
from comity.engines.alignment.proposals import with_proposals
from comity.engines.alignment.texts import CODER
from comity.platform.alignment.collection import load_scheme
from comity.platform.alignment.models import Provision, ProvisionTopic, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    from comity.engines.alignment import texts

CHUNK = 200
BY_PEOPLE = Q(topics_by=CODER, modality_by="", addressees_by="") & ~Q(modality="") & ~Q(addressees=[])


def topic_texts() -> list[str]:
    """Return what stands for each topic in the space of meanings, in the scheme's order."""
    return [f"{t.label}. {t.definition}" for t in load_scheme().topics]


def propose(
    *,
    collection: texts.Collection,
    vectors: np.ndarray | None,
    topic_vectors: np.ndarray | None,
    languages: frozenset[str],
) -> texts.Collection:
    """Return the collection with topics, strength and addressees proposed where people named none."""
    return with_proposals(
        collection=collection,
        scheme=load_scheme(),
        vectors=vectors,
        topic_vectors=topic_vectors,
        languages=languages,
        stem=stem_words,
    )


def keep_proposals(
    *, proposed: Sequence[texts.Provision], keys: Mapping[str, int], progress: Callable[[int, int], None]
) -> None:
    """Write what is proposed in place of what an earlier run proposed, in short transactions. People's word is not touched.

    ``keys`` maps a provision's id to its row. A provision that a person coded meanwhile keeps what the person said.
    """
    known = set(Topic.objects.values_list("pk", flat=True))
    asked = [
        p
        for p in proposed
        if p.topics_by != CODER or p.modality is None or p.modality_by or not p.addressees or p.addressees_by
    ]
    for start in range(0, len(asked), CHUNK):
        progress(start, len(asked))
        some = {keys[p.id]: p for p in asked[start : start + CHUNK]}
        with transaction.atomic():
            rows = list(Provision.objects.select_for_update().filter(pk__in=some).exclude(BY_PEOPLE))
            marked = []
            for row in rows:
                said = some[row.pk]
                if row.topics_by != CODER:
                    row.topics_by = said.topics_by
                    marked.append(row.pk)
                if row.modality_by or not row.modality:
                    row.modality, row.modality_by = said.modality or "", said.modality_by
                if row.addressees_by or not row.addressees:
                    row.addressees, row.addressees_by = list(said.addressees), said.addressees_by
            ProvisionTopic.objects.filter(provision__in=marked).delete()
            ProvisionTopic.objects.bulk_create(
                ProvisionTopic(provision_id=pk, topic_id=topic, position=position, chance=chance)
                for pk in marked
                for position, (topic, chance) in enumerate(_chances(some[pk]))
                if topic in known
            )
            Provision.objects.bulk_update(rows, ["topics_by", "modality", "modality_by", "addressees", "addressees_by"])
    progress(len(asked), len(asked))


def _chances(provision: texts.Provision) -> list[tuple[str, float | None]]:
    chances: Sequence[float | None] = provision.topic_chances or [None] * len(provision.topics)
    return list(zip(provision.topics, chances, strict=True))
