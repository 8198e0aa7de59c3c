"""What an alignment does: embed, propose, count convergence, propose pairs, gather common ground; all stored in short transactions.

It is imported by the worker when there is something to align: a page that only starts one has no need of what it takes.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity.adapters.all_pairs import search_over
from comity.adapters.country_data import read_atlas
from comity.adapters.embedders import open_embedder
from comity.adapters.members import converge_members, members_by_year
from comity.adapters.stemming import stem_words
from comity.adapters.vector_cache import VectorCache, embed_cached
from comity.engines.alignment.crosswalk import MAKER, propose_pairs
from comity.engines.alignment.dense import knows
from comity.engines.alignment.proposals import counted_collection
from comity.engines.alignment.texts import embedded_text
from comity.platform.alignment.collection import load_collection, load_scheme
from comity.platform.alignment.common_ground import keep_clusters
from comity.platform.alignment.models import (
    AlignmentRun,
    Cluster,
    ConvergenceCell,
    ConvergenceYear,
    CrosswalkLink,
)
from comity.platform.alignment.proposals import keep_proposals, propose, topic_texts
from comity.platform.alignment.retraining import weights_from_answers
from comity.platform.alignment.services import name_lastingly, name_of_pair
from comity.platform.work.services import report_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from comity.engines.alignment.convergence import Convergence
    from comity.engines.alignment.crosswalk import Pair
    from comity.engines.alignment.history import History
    from comity.platform.work.models import Job

CHUNK = 200
log = logging.getLogger("comity.alignment")


def align(job: Job, /, *, digest: str) -> None:
    """Align under a run of its own, which the pages show from the moment that it has ended; an unfinished one is swept."""
    collection, keys = load_collection()
    embedder = open_embedder(name=settings.EMBEDDER)
    _sweep(AlignmentRun.objects.filter(finished_at__isnull=True))
    run = AlignmentRun.objects.create(
        embedder=f"{embedder.name}/{embedder.version}" if embedder else "none",
        maker=MAKER,
        instruments=len(collection.instruments),
        provisions=len(collection.provisions),
        suggestions=0,
        input_sha256=digest,
        unsupported_languages=sorted(
            {
                p.language
                for p in collection.provisions
                if embedder and not knows(languages=embedder.languages, language=p.language)
            }
        ),
    )
    vectors = topic_vectors = None
    if embedder is not None:
        cache = VectorCache(settings.DATA / "vectors.sqlite3")

        def embedded(done: int, total: int) -> None:
            report_progress(job=job, step="vectors", done=done, total=total)

        vectors = embed_cached(
            texts=[embedded_text(p) for p in collection.provisions], embedder=embedder, cache=cache, progress=embedded
        )
        topic_vectors = embed_cached(texts=topic_texts(), embedder=embedder, cache=cache, progress=None)
        for warning in cache.warnings:
            log.warning(warning)
    languages = embedder.languages if embedder else frozenset()
    collection = propose(collection=collection, vectors=vectors, topic_vectors=topic_vectors, languages=languages)
    keep_proposals(
        proposed=collection.provisions,
        keys=keys,
        progress=lambda done, total: report_progress(job=job, step="proposals", done=done, total=total),
    )
    collection = counted_collection(collection)
    _store_convergence(
        job,
        run,
        converge_members(collection=collection, scheme=load_scheme(), atlas=read_atlas(), on=timezone.now().date()),
    )
    _store_years(
        run,
        members_by_year(collection=collection, scheme=load_scheme(), atlas=read_atlas(), today=timezone.now().date()),
    )
    report_progress(job=job, step="pairs", done=0, total=1)
    pairs = propose_pairs(
        collection=collection,
        vectors=vectors,
        languages=languages,
        stem=stem_words,
        find=search_over(),
        weights=weights_from_answers(
            run=run,
            collection=collection,
            keys=keys,
            vectors=vectors,
            languages=languages,
        ),
    )
    _store_pairs(job, pairs, keys)
    report_progress(job=job, step="clusters", done=0, total=1)
    keep_clusters(run=run)
    AlignmentRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), suggestions=len(pairs))
    _sweep(AlignmentRun.objects.exclude(pk=run.pk))


def _sweep(runs: QuerySet[AlignmentRun]) -> None:
    """Delete the cells of runs that no page shows, a few at a time, and the unfinished runs themselves."""
    stale = list(ConvergenceCell.objects.filter(run__in=runs).values_list("pk", flat=True))
    for start in range(0, len(stale), CHUNK):
        ConvergenceCell.objects.filter(pk__in=stale[start : start + CHUNK]).delete()
    Cluster.objects.filter(run__in=runs).delete()
    ConvergenceYear.objects.filter(run__in=runs).delete()
    runs.filter(finished_at__isnull=True).delete()


def _store_convergence(job: Job, run: AlignmentRun, result: Convergence) -> None:
    rows = [
        ConvergenceCell(
            run=run,
            topic_id=c.topic,
            member=c.member,
            level=c.level,
            own=c.own or "",
            through=[list(t) for t in c.through],
        )
        for c in result.cells
        if c.level != "not-in-collection"
    ]
    for start in range(0, len(rows), CHUNK):
        report_progress(job=job, step="convergence", done=start, total=len(rows))
        ConvergenceCell.objects.bulk_create(rows[start : start + CHUNK])
    report_progress(job=job, step="convergence", done=len(rows), total=len(rows))


def _store_years(run: AlignmentRun, history: History) -> None:
    ConvergenceYear.objects.bulk_create(
        ConvergenceYear(run=run, topic_id=y.topic, year=y.year, level=level, members=members)
        for y in history.years
        for level, members in y.levels.items()
    )
    AlignmentRun.objects.filter(pk=run.pk).update(
        first_year=min((y.year for y in history.years), default=None), undated=len(history.undated)
    )


def _store_pairs(job: Job, pairs: Sequence[Pair], keys: dict[str, int]) -> None:
    """Write what is new and refresh what still waits, in short transactions; what people decided is never touched.

    What an earlier run suggested and this one does not is removed where no person has looked at it.
    """
    kept: set[str] = set()
    for start in range(0, len(pairs), CHUNK):
        report_progress(job=job, step="store", done=start, total=len(pairs))
        rows = name_lastingly([_link(pair, keys) for pair in pairs[start : start + CHUNK]])
        kept.update(r.name for r in rows)
        decided = set(
            CrosswalkLink.objects.filter(name__in=[r.name for r in rows])
            .exclude(state=CrosswalkLink.State.WAITING)
            .values_list("name", flat=True)
        )
        CrosswalkLink.objects.bulk_create(
            [r for r in rows if r.name not in decided],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["suggested", "maker", "score", "cosine", "shared_topics", "shared_terms"],
        )
    stale = [
        pk
        for pk, name in CrosswalkLink.objects.filter(
            state=CrosswalkLink.State.WAITING, readings__isnull=True, answers__isnull=True
        ).values_list("pk", "name")
        if name not in kept
    ]
    for start in range(0, len(stale), CHUNK):
        CrosswalkLink.objects.filter(pk__in=stale[start : start + CHUNK], state=CrosswalkLink.State.WAITING).delete()
    report_progress(job=job, step="store", done=len(pairs), total=len(pairs))


def _link(pair: Pair, keys: dict[str, int]) -> CrosswalkLink:
    return CrosswalkLink(
        name=name_of_pair(a=pair.a, b=pair.b),
        a_id=keys[pair.a],
        b_id=keys[pair.b],
        suggested=pair.relation,
        maker=MAKER,
        score=pair.score,
        cosine=pair.cosine,
        shared_topics=list(pair.shared_topics),
        shared_terms=list(pair.shared_terms),
    )
