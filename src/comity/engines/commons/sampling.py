"""Choose what of some files is looked at on a day, so that nobody foretells it and everything is looked at in time.

The files are cut into cells of one size. A keyed permutation puts the cells of all files into an order that whoever lacks the key
cannot tell from chance (a Feistel network with HMAC-SHA-256: M. Luby and C. Rackoff, *How to Construct Pseudorandom Permutations
from Pseudorandom Functions*, 1988; walked in a circle until it falls within the count: J. Black and P. Rogaway, 2002); each day takes
the next few of it. When all were taken, another order begins.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

CELL = 1 << 20
"""Bytes of a cell."""
TURNS = 6


def cells_of_day(
    *, sizes: Mapping[str, int], per_day: int, day: int, key: bytes, cell: int = CELL
) -> tuple[tuple[str, int], ...]:
    """Return (name, first byte) of the cells that are looked at on a day, in order; at most ``per_day``.

    ``sizes`` are the bytes of each file by its name; an empty file has no cell. ``day`` is any whole number that grows by one a day.
    While the files are the same, each cell comes once in ``days_for_all`` days. Raises BadParameter.

    >>> sizes = {"a": 5, "b": 12}
    >>> sorted(c for day in range(2) for c in cells_of_day(sizes=sizes, per_day=2, day=day, key=b"k", cell=5))
    [('a', 0), ('b', 0), ('b', 5), ('b', 10)]
    """
    _demand(per_day=per_day, cell=cell, day=day + 1)
    names = sorted(name for name, size in sizes.items() if size > 0)
    ends = list(accumulate(-(-sizes[name] // cell) for name in names))
    if not ends:
        return ()
    count = ends[-1]
    turns = -(-count // per_day)
    epoch, turn = divmod(day, turns)
    found = []
    for position in range(turn * per_day, min((turn + 1) * per_day, count)):
        place = _shuffle(position, count=count, key=key, epoch=epoch)
        file = bisect_right(ends, place)
        before = ends[file - 1] if file else 0
        found.append((names[file], (place - before) * cell))
    return tuple(sorted(found))


def days_for_all(*, sizes: Mapping[str, int], per_day: int, cell: int = CELL) -> int:
    """Return in how many days every cell comes once; 0 where there is nothing.

    >>> days_for_all(sizes={"a": 5, "b": 12}, per_day=2, cell=5)
    2
    """
    _demand(per_day=per_day, cell=cell, day=1)
    count = sum(-(-size // cell) for size in sizes.values() if size > 0)
    return -(-count // per_day)


def _demand(**given: int) -> None:
    for name, value in given.items():
        if value < 1:
            raise BadParameter(name=name, found=value, allowed="1 or more")


def _shuffle(position: int, /, *, count: int, key: bytes, epoch: int) -> int:
    """Return where a position of the order lies among ``count`` cells."""
    half = max(1, (count.bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = position >> half, position & mask
        for turn in range(TURNS):
            drawn = hmac.digest(key, b"%d/%d/%d/%d" % (epoch, count, turn, right), "sha256")
            left, right = right, left ^ (int.from_bytes(drawn[:8], "big") & mask)
        position = left << half | right
        if position < count:
            return position
