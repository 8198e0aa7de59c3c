"""What a machine proposes of a collection, put beside what people said of it and never over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from comity.engines.alignment.addressees import propose_addressees
from comity.engines.alignment.strength import propose_strengths
from comity.engines.alignment.topics import counted_topics, propose_topics

if TYPE_CHECKING:
    import numpy as np

    from comity.engines.alignment.addressees import ProposedAddressees
    from comity.engines.alignment.strength import ProposedStrength
    from comity.engines.alignment.texts import Collection, Provision, Scheme
    from comity.engines.alignment.tokens import Stem
    from comity.engines.alignment.topics import Proposed


def with_proposals(
    *,
    collection: Collection,
    scheme: Scheme,
    vectors: np.ndarray | None,
    topic_vectors: np.ndarray | None,
    languages: frozenset[str] = frozenset(),
    stem: Stem | None = None,
) -> Collection:
    """Return the collection with topics, strength and addressees proposed for each provision that nobody has coded.

    ``vectors`` (provisions, d) and ``topic_vectors`` (topics, d) are in the orders of the collection and the scheme, rows of
    length 1; ``languages`` are those that their model knows. What people said stays as it is.
    """
    topics = propose_topics(
        provisions=collection.provisions,
        scheme=scheme,
        vectors=vectors,
        topic_vectors=topic_vectors,
        languages=languages,
        stem=stem,
    )
    strengths = propose_strengths(provisions=collection.provisions)
    addressees = propose_addressees(provisions=collection.provisions, vectors=vectors)
    return replace(
        collection,
        provisions=tuple(
            proposed_of(
                provision=p, topics=topics.get(p.id), strength=strengths.get(p.id), addressees=addressees.get(p.id)
            )
            for p in collection.provisions
        ),
    )


def proposed_of(
    *,
    provision: Provision,
    topics: Proposed | None,
    strength: ProposedStrength | None,
    addressees: ProposedAddressees | None = None,
) -> Provision:
    """Return a provision with what a machine proposes of it, each with its maker; what people said stays."""
    if topics is not None and not provision.topics:
        provision = replace(provision, topics=topics.topics, topics_by=topics.maker, topic_chances=topics.chances)
    if strength is not None and provision.modality is None:
        provision = replace(provision, modality=strength.modality, modality_by=strength.maker)
    if addressees is not None and not provision.addressees:
        provision = replace(provision, addressees=addressees.addressees, addressees_by=addressees.maker)
    return provision


def counted_collection(collection: Collection, /) -> Collection:
    """Return the collection without the topics that were proposed where proposing them has not been measured."""
    return replace(collection, provisions=tuple(replace(p, topics=counted_topics(p)) for p in collection.provisions))
