"""Learn from links that people decided how much words and meaning count, and whether that is any better than before.

A list holds one confirmed link and the rejected ones; weights put the confirmed one first by the listwise loss of ListNet
(see ``learning``), drawn towards the weights in use. Nested cross-validation leaves out whole pairs of instruments: the inner
folds choose the ridge, the outer ones say what was learned is worth. The measure is the share of rejected links of the same fold
that a confirmed link stands above (the area under the ROC curve, Hanley and McNeil, 1982).

Learned weights are used only where the whole interval of the difference lies above 0.

Its limit: people decide what the weights in use proposed, so links that other weights would have found are not among the answers.
What is learned orders the proposals better; it cannot tell what was never proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from comity.engines.alignment.learning import INNER, OUTER, RIDGES, compare_paired, fit_weights, part_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

DECIDED = 60
OF_EACH = 20
PAIRS_OF_TEXTS = 4
"""Fewer decided links, fewer of a kind, or fewer pairs of instruments teach nothing that could be held out."""
MOST_REJECTED = 200

Why = Literal["learned", "too-few", "one-kind", "one-pair", "no-better", "no-meaning"]
"""What became of the answers: weights were learned and are used, or why they are not."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What decided links taught. ``weights`` are those to use: learned where ``why`` is "learned", else those in use before.

    They add up to what the weights in use add up to, so that floors on the score keep their meaning. ``learned`` are those
    from all answers, empty where nothing was learned. ``held_out`` and ``before`` are the measure, 0 to 1, over ``measured``
    confirmed links under weights learned without their fold, and under those in use; ``difference`` is its mean and 95%
    interval (paired bootstrap). ``folds`` is how many outer folds were measured, ``ridges`` what each chose.
    """

    weights: tuple[float, ...]
    why: Why
    learned: tuple[float, ...] = ()
    measured: int = 0
    held_out: float | None = None
    before: float | None = None
    difference: tuple[float, float, float] | None = None
    folds: int = 0
    ridges: tuple[float, ...] = ()


def learn_from_decided(
    *,
    signals: np.ndarray,
    confirmed: np.ndarray,
    groups: Sequence[str],
    weights: Sequence[float],
    seed: int,
    decided: int = DECIDED,
    of_each: int = OF_EACH,
) -> Taught:
    """Return what decided links teach.

    ``signals`` (links, k) are standardised scores, ``confirmed`` (links,) bool, ``groups`` the pair of instruments of each,
    ``weights`` (k) those in use. Links come in the order of their names. Below ``decided`` links, or ``of_each`` kind, nothing
    is learned. Learned weights are used only where, on links held out, they do better than those in use, beyond chance.
    """
    held = tuple(float(w) for w in weights)
    yes = np.asarray(confirmed, dtype=bool)
    if len(yes) < decided:
        return Taught(held, "too-few")
    if min(int(yes.sum()), int((~yes).sum())) < of_each:
        return Taught(held, "one-kind")
    if len(set(groups)) < PAIRS_OF_TEXTS:
        return Taught(held, "one-pair")
    towards = np.asarray(held)
    ours, theirs, ridges = [], [], []
    for fold in part_groups(groups, parts=OUTER, seed=seed):
        if not _can_measure(yes[fold]) or not _can_measure(yes[~fold]):
            continue
        ridge = _choose_ridge(signals, yes, groups, towards, among=~fold, seed=seed)
        found = _fit(signals[~fold], yes[~fold], towards, ridge)
        ours.append(_shares_below(signals[fold] @ found, yes[fold]))
        theirs.append(_shares_below(signals[fold] @ towards, yes[fold]))
        ridges.append(ridge)
    if not ours:
        return Taught(held, "one-pair")
    a, b = np.concatenate(ours), np.concatenate(theirs)
    ridge = _choose_ridge(signals, yes, groups, towards, among=np.ones(len(yes), dtype=bool), seed=seed)
    learned = tuple(round(float(w), 6) for w in _fit(signals, yes, towards, ridge))
    difference = compare_paired(a=a, b=b, seed=seed)
    # Not the mean alone: weights that were no worse on average were worse elsewhere (docs/reference/performance.md).
    better = round(difference[1], 9) > 0
    return Taught(
        weights=learned if better else held,
        why="learned" if better else "no-better",
        learned=learned,
        measured=len(a),
        held_out=float(a.mean()),
        before=float(b.mean()),
        difference=difference,
        folds=len(ours),
        ridges=tuple(ridges),
    )


def _fit(signals: np.ndarray, yes: np.ndarray, towards: np.ndarray, ridge: float) -> np.ndarray:
    """Return weights that put each confirmed link above the rejected ones, brought to the sum of ``towards``."""
    no = signals[~yes]
    if len(no) > MOST_REJECTED:
        no = no[np.linspace(0, len(no) - 1, MOST_REJECTED).astype(int)]
    first = signals[yes][:, None, :]
    lists = np.concatenate([first, np.broadcast_to(no, (len(first), *no.shape))], axis=1)
    hits = np.zeros(lists.shape[:2])
    hits[:, 0] = 1
    found = fit_weights(signals=lists, hits=hits, ridge=ridge, towards=towards)
    total = float(found.sum())
    return found * (float(towards.sum()) / total) if total > 1e-9 else towards  # noqa: PLR2004  (nothing counts)


def _choose_ridge(
    signals: np.ndarray,
    yes: np.ndarray,
    groups: Sequence[str],
    towards: np.ndarray,
    *,
    among: np.ndarray,
    seed: int,
) -> float:
    figures = np.zeros(len(RIDGES))
    for fold in part_groups(groups, parts=INNER, seed=seed + 1):
        rest, asked = among & ~fold, among & fold
        if not _can_measure(yes[rest]) or not _can_measure(yes[asked]):
            continue
        for place, ridge in enumerate(RIDGES):
            found = _fit(signals[rest], yes[rest], towards, ridge)
            figures[place] += float(_shares_below(signals[asked] @ found, yes[asked]).sum())
    # Ties go to the strongest ridge, the one that claims least.
    return RIDGES[len(RIDGES) - 1 - int(np.argmax(np.round(figures[::-1], 9)))]


def _can_measure(yes: np.ndarray) -> bool:
    return bool(yes.any() and not yes.all())


def _shares_below(scores: np.ndarray, yes: np.ndarray) -> np.ndarray:
    """Return for each confirmed link the share of rejected ones below it; a tie counts half."""
    above = np.round(scores[yes][:, None] - scores[~yes][None, :], 9)
    return np.asarray(((above > 0) + 0.5 * (above == 0)).mean(axis=1), dtype=np.float64)
