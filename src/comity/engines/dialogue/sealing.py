"""Seal an analysis: one digest over inputs and results, so that whoever recomputes it can tell at a glance that it is the same.

SHA-256 (FIPS 180-4) over arrays in little-endian order and over JSON, real numbers written at nine decimals.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.dialogue.results import DialogueAnalysis
    from comity.engines.dialogue.votes import VoteMatrix

DECIMALS = 9
UNSEALED = frozenset({"digest", "participants", "statements", "places", "axes", "spare", "criterion"})
"""The digest itself, what stands among the inputs, and what linear algebra sums in an order of its own."""
_MINUS_ZERO = f"{-0.0:.{DECIMALS}f}"


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
    # Participants stand in order: lists beside theirs need no keys, of which there may be millions.
    inputs = (
        votes.participants,
        votes.statements,
        [regions.get(p) for p in votes.participants] if regions else None,
        [times.get(p) for p in votes.participants] if times else None,
        sorted(shown),
        sorted(texts.items()),
    )
    for part in (*inputs, _plain(analysis)):
        found.update(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())
    return replace(analysis, digest=found.hexdigest())


def write_number(*, value: float) -> str:
    """Return a real number at nine decimals, never as minus zero; a missing one as ``none``.

    >>> write_number(value=-0.0000000001), write_number(value=2 / 3), write_number(value=float("nan"))
    ('0.000000000', '0.666666667', 'none')
    """
    if math.isnan(value):
        return "none"
    written = f"{value:.{DECIMALS}f}"
    return written if written != _MINUS_ZERO else written[1:]


@cache
def _sealed_fields(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in UNSEALED)


def _plain(value: Any) -> Any:
    """Return what JSON can write: dataclasses as their fields by name, arrays as digests, real numbers as text."""
    kind: Any = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is float:
        return write_number(value=value)
    if kind is tuple or kind is list:
        return [_plain(v) for v in value]
    if kind is np.ndarray:
        return _digest_array(value)
    return {name: _plain(getattr(value, name)) for name in _sealed_fields(kind)}


def _digest_array(array: np.ndarray) -> str:
    """Return the digest of labels, or of shares in billionths, a missing one as -1."""
    whole = array if array.dtype.kind == "i" else np.rint(np.where(np.isnan(array), -1e-9, array) * 10**DECIMALS)
    return hashlib.sha256(whole.astype("<i8").tobytes()).hexdigest()
