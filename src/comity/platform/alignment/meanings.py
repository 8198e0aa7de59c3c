"""The vectors of public provisions, kept in memory for searches, and the model that reads the words of a search.

Vectors are those of the latest run, read from the file of vectors once a run and never made here. A search sends nothing
anywhere: a model at an address is not asked, since what a reader looks for is not public.
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from django.conf import settings

from comity.adapters.embedders import DEFAULT, ENDPOINT, open_embedder
from comity.adapters.vector_cache import VectorCache, digest_of
from comity.engines.alignment.texts import embedded_text
from comity.platform.alignment.collection import load_collection
from comity.platform.alignment.selectors import latest_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from comity.engines.alignment.dense import Embedder
    from comity.platform.alignment.models import AlignmentRun

Silence = Literal["", "no-model", "elsewhere", "not-aligned", "language"]
"""Why nothing was looked for by meaning; empty where it was."""

LEAST_COSINE = {DEFAULT: 0.22}
"""Below it a text answers nothing. Eight queries on other matters (football, cakes, the weather, in four languages) came no
nearer than 0.21 to any of 1,926 provisions. Of another model it is not known, and the nearest are taken as they come."""

MOST_BY_MEANING = 100
_reading = threading.Lock()
_asking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Meanings:
    """``keys`` int64 (n,) of provisions; ``vectors`` float32 (n, d), centred by language, of length 1 or 0."""

    run: tuple[object, ...]
    keys: np.ndarray
    vectors: np.ndarray


_kept: list[Meanings] = []


def find_by_meaning(*, query: str, language: str) -> tuple[list[int], Silence]:
    """Return keys of public provisions near in meaning to a query, nearest first, at most 100, and why there are none.

    The first search after a run reads the vectors, and the first of a process loads the model; both stay in memory (2 kB
    a provision, about 120 MB the model inside the package).
    """
    from comity.engines.alignment.dense import take_best  # noqa: PLC0415  (takes long to import, and few pages need it)

    kept, near, silence = _compare(query, language)
    order = take_best(scores=near[None, :], most=MOST_BY_MEANING)[0]
    least = LEAST_COSINE.get(settings.EMBEDDER, 0.0)
    return [int(kept[i]) for i in order if near[i] >= least and near[i] > 0], silence


def order_by_meaning(*, query: str, language: str, among: Sequence[int]) -> tuple[list[int], Silence]:
    """Return those of ``among`` (keys) that are public, nearest in meaning to a query first, and why there are none."""
    import numpy as np  # noqa: PLC0415  (takes long to import, and few pages need it)

    kept, near, silence = _compare(query, language)
    wanted = set(among)
    order = np.lexsort((kept, -np.round(near, 6)))
    return [int(kept[i]) for i in order if int(kept[i]) in wanted], silence


def _compare(query: str, language: str) -> tuple[np.ndarray, np.ndarray, Silence]:
    """Return the keys of public provisions (n,) and the cosine of each with a query (n,), or why there are none."""
    import numpy as np  # noqa: PLC0415  (takes long to import, and few pages need it)

    from comity.engines.alignment.dense import knows  # noqa: PLC0415  (takes long to import, and few pages need it)

    nothing = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    name = settings.EMBEDDER
    if name == "none":
        return *nothing, "no-model"
    if name.partition(":")[0] == ENDPOINT:
        return *nothing, "elsewhere"
    model = _model(name)
    if not knows(languages=model.languages, language=language):
        return *nothing, "language"
    run = latest_run()
    if run is None or run.embedder != f"{model.name}/{model.version}":
        return *nothing, "not-aligned"
    kept = _meanings_of(run, model)
    if not len(kept.keys):
        return *nothing, "not-aligned"
    with _asking:
        asked = model.embed([query])[0]
    return kept.keys, kept.vectors @ asked, ""


@functools.lru_cache(maxsize=1)
def _model(name: str) -> Embedder:
    # Only "none" opens nothing, and that was answered before.
    return cast("Embedder", open_embedder(name=name))


def _meanings_of(run: AlignmentRun, model: Embedder) -> Meanings:
    """Return the vectors of a run; where the file of vectors lacks some, those provisions are found by words alone."""
    import numpy as np  # noqa: PLC0415  (takes long to import, and few pages need it)

    from comity.engines.alignment.hubs import centre_by_language  # noqa: PLC0415  (takes long to import, and few pages need it)

    mark = (str(settings.DATA), run.pk, run.finished_at, run.input_sha256)
    with _reading:
        if _kept and _kept[0].run == mark:
            return _kept[0]
        collection, keys = load_collection()
        digests = [digest_of(embedded_text(p)) for p in collection.provisions]
        held = VectorCache(settings.DATA / "vectors.sqlite3").read(
            model=f"{model.name}/{model.version}", texts=sorted(set(digests)), dimensions=model.dimensions
        )
        rows = [(p, held[d]) for p, d in zip(collection.provisions, digests, strict=True) if d in held]
        vectors = np.stack([v for _, v in rows]) if rows else np.zeros((0, model.dimensions), dtype=np.float32)
        found = Meanings(
            run=mark,
            keys=np.asarray([keys[p.id] for p, _ in rows], dtype=np.int64),
            vectors=np.ascontiguousarray(
                centre_by_language(vectors=vectors, languages=[p.language for p, _ in rows]), dtype=np.float32
            ),
        )
        _kept[:] = [found]
        return found
