"""Bytes drawn by chance, the same for the same seed, without anything of the platform."""

from __future__ import annotations

import random


def bytes_of(seed: int, size: int) -> bytes:
    """The same bytes for the same seed."""
    block = random.Random(seed).randbytes(min(size, 64_000_000))
    return (block * (size // max(1, len(block)) + 1))[:size]
