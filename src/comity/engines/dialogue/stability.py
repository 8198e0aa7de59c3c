"""Stand-in."""

import numpy as np
from comity.engines.dialogue.results import Stability


def measure_stability(*, votes, groups, draws, seed):
    return Stability(0.94, 0.9, np.ones(len(votes.participants)), draws, seed)


def adjusted_rand(*a, **k):
    return 1.0
