"""Read a plain table of votes, all of numbers, many rows at once: two million in a fraction of a second.

It takes only what is beyond doubt and leaves everything else, whatever it be, to the reader that goes row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIECE = 1_000_000
MOST_DIGITS_IN_ID = 7
MOST_DIGITS_IN_TIME = 15
NOT_ASCII = 128
NINE, LONGEST_VOTE = 9, len("-1")
COMMA, LINE, RETURN, QUOTE, MINUS, ZERO = (ord(c) for c in ',\n\r"-0')


def read_number_columns(
    *, source: BinaryIO, columns: int, ids: tuple[int, int], vote: int, time: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], NDArray[np.int64] | None] | None:
    """Return the two columns of ids, the votes and the times; None where the file is not such a plain table.

    ``columns`` is how many the header names; ``ids``, ``vote`` and ``time`` are places among them. Plain are lines with exactly
    that many cells in ASCII, no quotation marks, ids of 1 to 7 digits without a leading zero, votes 1, 0 or -1.
    """
    found: list[tuple[NDArray[np.int64], ...]] = []
    rest = b""
    first = True
    while True:
        piece = source.read(PIECE)
        data = rest + piece
        if not piece:
            if not data:
                break
            data += b"\n"
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        if not end:
            if len(rest) > PIECE:
                return None
            continue
        lines = np.frombuffer(data[:end], dtype=np.uint8)
        parsed = _parse(lines, columns=columns, ids=ids, vote=vote, time=time, first=first)
        if parsed is None:
            return None
        found.append(parsed)
        first = False
        if not piece:
            break
    # A last line without its end stands in ``rest`` and was completed above.
    joined = [np.concatenate(parts) for parts in zip(*found, strict=True)] if found else []
    if not joined:
        return None
    return joined[0], joined[1], joined[2].astype(np.int8), joined[3] if time is not None else None


def _parse(
    data: NDArray[np.uint8], *, columns: int, ids: tuple[int, int], vote: int, time: int | None, first: bool
) -> tuple[NDArray[np.int64], ...] | None:
    """Return the columns of whole lines, or None. The first of all lines is the header and is passed over."""
    if (data == QUOTE).any() or ((data >= NOT_ASCII).any() and not first):
        return None
    ends = np.flatnonzero(data == LINE)
    commas = np.flatnonzero(data == COMMA)
    if len(commas) != len(ends) * (columns - 1):
        return None
    begins = np.concatenate([[0], ends[:-1] + 1])
    cuts = commas.reshape(len(ends), columns - 1)
    if len(ends) and ((cuts[:, 0] < begins) | (cuts[:, -1] > ends)).any():
        return None
    ends = ends - ((ends > 0) & (data[ends - 1] == RETURN))
    rows = slice(1 if first else 0, None)

    def bounds(column: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        starts = begins if column == 0 else cuts[:, column - 1] + 1
        return starts[rows], (ends if column == columns - 1 else cuts[:, column])[rows]

    parsed = [_whole_numbers(data, *bounds(i), most=MOST_DIGITS_IN_ID, is_id=True) for i in ids]
    parsed.append(_votes(data, *bounds(vote)))
    if time is not None:
        parsed.append(_whole_numbers(data, *bounds(time), most=MOST_DIGITS_IN_TIME, is_id=False))
    return None if any(p is None for p in parsed) else tuple(p for p in parsed if p is not None)


def _whole_numbers(
    data: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64], *, most: int, is_id: bool
) -> NDArray[np.int64] | None:
    widths = stops - starts
    if not len(widths):
        return np.zeros(0, dtype=np.int64)
    if widths.min() < 1 or widths.max() > most:
        return None
    if is_id and ((data[starts] == ZERO) & (widths > 1)).any():
        return None  # "07" and "7" are two ids
    numbers = np.zeros(len(starts), dtype=np.int64)
    for k in range(int(widths.max())):
        # Cells longer than k digits alone; where all are, as in times, no choice is made row by row.
        inside = slice(None) if k < widths.min() else np.flatnonzero(widths > k)
        digits = data[starts[inside] + k] - np.uint8(ZERO)
        if digits.max() > NINE:
            return None
        numbers[inside] = numbers[inside] * 10 + digits
    return numbers


def _votes(data: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.int64] | None:
    widths = stops - starts
    if ((widths < 1) | (widths > LONGEST_VOTE)).any():
        return None
    last = data[stops - 1].astype(np.int64) - ZERO
    is_negative = widths == LONGEST_VOTE
    if (is_negative & ((data[starts] != MINUS) | (last != 1))).any() or ((last < 0) | (last > 1)).any():
        return None
    return np.where(is_negative, -last, last)
