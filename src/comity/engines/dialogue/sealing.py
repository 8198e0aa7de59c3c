"""Seal an analysis: one digest over inputs and results, so that whoever recomputes it can tell at a glance that it is the same.

SHA-256 (FIPS 180-4) over arrays in little-endian order and over JSON with sorted keys, real numbers written at nine decimals.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.dialogue.results import DialogueAnalysis
    from comity.engines.dialogue.votes import VoteMatrix

DECIMALS = 9
UNSEALED = frozenset({"digest", "places", "axes", "criterion"})
"""What linear algebra sums in an order of its own, and the digest itself."""


def seal_analysis(
    *,
    analysis: DialogueAnalysis,
    votes: VoteMatrix,
    regions: Mapping[str, str],
    shown: Sequence[str],
    texts: Mapping[str, str],
    times: Mapping[str, int],
) -> DialogueAnalysis:
    """Return the analysis with its digest; the order in which mappings were filled does not matter."""
    found = hashlib.sha256()
    for array, kind in ((votes.starts, "<i8"), (votes.columns, "<i4"), (votes.values, "<i1")):
        found.update(np.ascontiguousarray(array, dtype=kind).tobytes())
    taking_part = set(votes.participants)
    inputs = {
        "participants": votes.participants,
        "statements": votes.statements,
        "regions": {p: r for p, r in regions.items() if p in taking_part},
        "shown": sorted(shown),
        "texts": dict(texts),
        "times": {p: t for p, t in times.items() if p in taking_part},
    }
    for part in (inputs, _plain(analysis)):
        found.update(json.dumps(part, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())
    return replace(analysis, digest=found.hexdigest())


def write_number(*, value: float) -> str:
    """Return a real number at nine decimals, never as minus zero; a missing one as ``none``.

    >>> write_number(value=-0.0000000001), write_number(value=2 / 3), write_number(value=float("nan"))
    ('0.000000000', '0.666666667', 'none')
    """
    if math.isnan(value):
        return "none"
    # Adding zero turns minus zero into zero.
    return f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}"


def _plain(value: Any) -> Any:
    """Return what JSON can write: dataclasses as mappings, arrays as lists, real numbers as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in UNSEALED}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return write_number(value=value) if isinstance(value, float) else value
