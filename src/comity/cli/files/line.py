"""The line of an alignment on files: gather, embed, name topics, count convergence, propose pairs."""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.errors import NothingToAlign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    from comity.adapters.folder import Gathered
    from comity.engines.alignment.commitments import Commitment
    from comity.engines.alignment.convergence import Convergence
    from comity.engines.alignment.crosswalk import Pair
    from comity.engines.alignment.dense import Embedder
    from comity.engines.alignment.joint_actions import JointAction
    from comity.engines.alignment.texts import Collection, Instrument, Scheme
    from comity.engines.parties.countries import Atlas


WRITTEN = (
    *(
        "report.html",
        "crosswalk.csv",
        "convergence.csv",
        "common_ground.csv",
        "joint_actions.csv",
        "joint_actions.json",
    ),
    *("provisions.jsonl", "align.json", "oscal-mapping.json", "akoma-ntoso"),
)
"""Files and folders that a run writes, and that the next one into the same folder does not read."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Everything a run knows, for the files that it writes.

    ``collection`` holds every proposed topic; ``counted`` only those that may be counted. ``seconds`` holds how long each
    step took.
    """

    gathered: Gathered
    collection: Collection
    counted: Collection
    scheme: Scheme
    atlas: Atlas
    convergence: Convergence
    pairs: Sequence[Pair]
    embedder: Embedder | None
    as_of: dt.date
    commitments: tuple[Commitment, ...] = ()
    joint_actions: tuple[JointAction, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def words_only(self) -> frozenset[str]:
        """Languages of provisions that the model does not know, so that they were compared by words alone."""
        from comity.engines.alignment.dense import knows

        if self.embedder is None:
            return frozenset()
        known = self.embedder.languages
        return frozenset(
            p.language for p in self.collection.provisions if not knows(languages=known, language=p.language)
        )


def align_paths(
    *, paths: Sequence[Path], embedder_name: str, cache: Path, out: Path, say: Callable[[str], None], dask: str = ""
) -> Aligned:
    """Align every document under ``paths``. ``dask`` is the address of a cluster that helps with a large collection.

    Raises PathNotFound for a path that does not exist, BadParameter for an unknown embedder or a bad address, Unreachable for
    a cluster that does not answer, NothingToAlign where no file gave a provision.
    """
    from comity.adapters.all_pairs import search_over
    from comity.adapters.country_data import read_atlas
    from comity.adapters.embedders import open_embedder
    from comity.adapters.folder import gather_folder
    from comity.adapters.members import converge_members
    from comity.adapters.readers import read_scheme
    from comity.adapters.stemming import stem_words
    from comity.engines.alignment.crosswalk import propose_pairs
    from comity.engines.alignment.proposals import counted_collection, with_proposals

    find = search_over(dask=dask)
    seconds: dict[str, float] = {}
    today = dt.datetime.now(tz=dt.UTC).date()
    embedder = open_embedder(name=embedder_name)
    with _timed(seconds, "read"):
        scheme = read_scheme(path=scheme_path())
        atlas = read_atlas()
        gathered = gather_folder(
            paths=paths,
            scheme=scheme,
            atlas=atlas,
            progress=lambda name: say(f"reading {name}"),
            leave_out=frozenset((out / name).resolve() for name in WRITTEN),
        )
    if not gathered.collection.provisions:
        reasons = " ".join(str(r.error) for r in gathered.refused[:5])
        raise NothingToAlign(found=gathered.looked_at, refused=len(gathered.refused), reasons=reasons)
    with _timed(seconds, "embed"):
        vectors, topic_vectors, warnings = _embed(gathered.collection, scheme, embedder, cache, say)
    with _timed(seconds, "topics"):
        collection = with_proposals(
            collection=gathered.collection,
            scheme=scheme,
            vectors=vectors,
            topic_vectors=topic_vectors,
            languages=embedder.languages if embedder else frozenset(),
            stem=stem_words,
        )
    with _timed(seconds, "convergence"):
        counted = counted_collection(collection)
        convergence = converge_members(collection=counted, scheme=scheme, atlas=atlas, on=today)
    with _timed(seconds, "pairs"):
        say("looking for pairs that speak of the same matter")
        known = embedder.languages if embedder else frozenset()
        pairs = propose_pairs(collection=counted, vectors=vectors, languages=known, stem=stem_words, find=find)
    with _timed(seconds, "joint actions"):
        commitments, joint_actions = _joint_actions(counted, pairs, scheme, atlas)
    return Aligned(
        gathered=gathered,
        collection=collection,
        counted=counted,
        scheme=scheme,
        atlas=atlas,
        convergence=convergence,
        pairs=pairs,
        embedder=embedder,
        as_of=today,
        commitments=commitments,
        joint_actions=joint_actions,
        seconds=seconds,
        warnings=warnings,
    )


def is_one_party(a: Instrument, b: Instrument) -> bool:
    """Tell whether two instruments are of one party, and of one part of it."""
    return a.party is not None and a.party == b.party and a.subdivision == b.subdivision


def stand_ins_of(aligned: Aligned, /) -> frozenset[str]:
    """Return the summaries whose original is in the run: its own words are shown instead."""
    originals = {(i.party, i.title) for i in aligned.collection.instruments if not i.summary and i.party}
    return frozenset(i.id for i in aligned.collection.instruments if i.summary and (i.party, i.title) in originals)


def scheme_path() -> Path:
    """Return the path of the concept scheme that ships with Comity."""
    return Path(str(resources.files("comity.example") / "topics.toml"))


def default_cache() -> Path:
    """Return where vectors are kept between runs: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "comity" / "vectors.sqlite3"


def _embed(
    collection: Collection, scheme: Scheme, embedder: Embedder | None, cache: Path, say: Callable[[str], None]
) -> tuple[Any, Any, tuple[str, ...]]:
    if embedder is None:
        return None, None, ()
    from comity.adapters.vector_cache import VectorCache, embed_cached
    from comity.engines.alignment.texts import embedded_text

    texts = [embedded_text(p) for p in collection.provisions]
    labels = [f"{t.label}. {t.definition}" for t in scheme.topics]
    store = VectorCache(cache)
    vectors = embed_cached(
        texts=texts, embedder=embedder, cache=store, progress=lambda done, total: say(f"embedding {done} of {total}")
    )
    topics: np.ndarray = embed_cached(texts=labels, embedder=embedder, cache=store, progress=None)
    return vectors, topics, tuple(store.warnings)


def _joint_actions(
    collection: Collection, pairs: Sequence[Pair], scheme: Scheme, atlas: Atlas
) -> tuple[tuple[Commitment, ...], tuple[JointAction, ...]]:
    from comity.engines.alignment.commitments import read_commitments
    from comity.engines.alignment.joint_actions import propose_joint_actions

    commitments = read_commitments(collection=collection)
    groups = propose_joint_actions(
        collection=collection,
        commitments=commitments,
        likenesses=pairs,
        states=frozenset(code for code, s in atlas.states.items() if s.status == "member"),
        topics=[t.id for t in scheme.topics],
    )
    return commitments, groups


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[step] = round(time.monotonic() - started, 3)
