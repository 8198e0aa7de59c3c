"""Let decided links teach an alignment run how much words and meaning count, and write down on the run what came of it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.adapters.stemming import stem_words
from comity.engines.alignment.crosswalk import score_decided
from comity.engines.alignment.decided import DECIDED, OF_EACH, PAIRS_OF_TEXTS, Taught, learn_from_decided
from comity.engines.alignment.fusion import MEANING, WORDS
from comity.platform.alignment.models import CrosswalkLink, LearnedWeights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.alignment.texts import Collection
    from comity.platform.alignment.models import AlignmentRun

BUILT_IN = (WORDS, MEANING)
SEED = 7
DECISIONS = (CrosswalkLink.State.CONFIRMED, CrosswalkLink.State.REJECTED)


def weights_from_answers(
    *,
    run: AlignmentRun,
    collection: Collection,
    keys: Mapping[str, int],
    vectors: np.ndarray | None,
    languages: frozenset[str],
) -> tuple[float, float]:
    """Return the weights of words and of meaning for a run: learned from decided links where held-out links bear it out.

    ``keys`` maps the provisions of the run to their rows; links of others (not public) teach nothing. What was learned, how
    it was measured and the digest of the answers used are written down on the run, used or not.
    """
    names = {key: name for name, key in keys.items()}
    rows = CrosswalkLink.objects.filter(state__in=DECISIONS, a__in=names, b__in=names).order_by("name")
    links = [(names[a], names[b], state) for a, b, state in rows.values_list("a", "b", "state")]
    confirmed = np.asarray([state == CrosswalkLink.State.CONFIRMED for _, _, state in links], dtype=bool)
    if vectors is None:
        taught = Taught(BUILT_IN, "no-meaning")
    elif len(links) < DECIDED:
        taught = Taught(BUILT_IN, "too-few")
    else:
        taught, links, confirmed = _learn(collection, vectors, languages, links, confirmed)
    LearnedWeights.objects.create(
        run=run,
        confirmed=int(confirmed.sum()),
        rejected=int((~confirmed).sum()),
        answers_sha256=hashlib.sha256(json.dumps(sorted(links)).encode()).hexdigest(),
        used=taught.why == "learned",
        words=taught.weights[0],
        meaning=taught.weights[1],
        figures=_figures(taught),
    )
    return taught.weights[0], taught.weights[1]


def _learn(
    collection: Collection,
    vectors: np.ndarray,
    languages: frozenset[str],
    links: list[tuple[str, str, str]],
    confirmed: np.ndarray,
) -> tuple[Taught, list[tuple[str, str, str]], np.ndarray]:
    """Return what was taught, and the links that could teach: those whose languages the model knows."""
    signals = score_decided(
        collection=collection,
        vectors=vectors,
        languages=languages,
        pairs=[(a, b) for a, b, _ in links],
        stem=stem_words,
    )
    told = ~np.isnan(signals).any(axis=1)
    held = [link for link, known in zip(links, told, strict=True) if known]
    groups = [" ".join(sorted(name.split("/")[0] for name in (a, b))) for a, b, _ in held]
    taught = learn_from_decided(
        signals=signals[told], confirmed=confirmed[told], groups=groups, weights=BUILT_IN, seed=SEED
    )
    return taught, held, confirmed[told]


def _figures(taught: Taught) -> dict[str, Any]:
    return {
        "why": taught.why,
        "needed": {"decided": DECIDED, "of_each": OF_EACH, "pairs_of_texts": PAIRS_OF_TEXTS},
        "built_in": {"words": WORDS, "meaning": MEANING},
        "learned": dict(zip(("words", "meaning"), taught.learned, strict=False)),
        "measure": "share of rejected links of the same fold below a confirmed one",
        "measured": taught.measured,
        "held_out": taught.held_out,
        "before": taught.before,
        "difference": list(taught.difference) if taught.difference else None,
        "folds": taught.folds,
        "ridges": list(taught.ridges),
        "seed": SEED,
    }
