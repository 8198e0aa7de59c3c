"""Laws of cutting a file by its content."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.chunks import (
    GEAR,
    USUAL_SIZES,
    Chunk,
    Sizes,
    cut_chunks,
    hash_windows,
    list_chunks,
    plan_fetching,
    read_chunk_list,
)
from comity.errors import BadParameter

SMALL = Sizes(least=32, usual=64, most=256)


def make_bytes(seed: int, size: int) -> bytes:
    return np.random.default_rng(seed).bytes(size)


CONTENT = st.one_of(
    st.binary(max_size=1500),
    st.builds(make_bytes, st.integers(0, 1000), st.integers(0, 6000)),
    st.builds(lambda n, part: part * n, st.integers(0, 400), st.binary(max_size=12)),
)


def cut(data: bytes, sizes: Sizes = SMALL) -> list[bytes]:
    return list(cut_chunks(blocks=[data], sizes=sizes))


def cut_one_byte_at_a_time(data: bytes, sizes: Sizes) -> list[bytes]:
    """The same rule written as the paper writes it: a loop over bytes that begins anew after each cut."""
    rare, easy = sizes.limits
    found, start = [], 0
    while start < len(data):
        value, end = 0, min(len(data), start + sizes.most)
        for at in range(start, end):
            value = ((value << 1) + int(GEAR[data[at]])) & 0xFFFFFFFF
            length = at - start + 1
            if length >= sizes.least and value < (rare if length < sizes.usual else easy):
                end = at + 1
                break
        found.append(data[start:end])
        start = end
    return found


@given(CONTENT)
def test_joined_pieces_are_the_file(data):
    assert b"".join(cut(data)) == data


@given(CONTENT)
def test_pieces_are_those_of_a_loop_over_bytes(data):
    assert cut(data) == cut_one_byte_at_a_time(data, SMALL)


def test_pieces_of_the_usual_sizes_are_those_of_a_loop_over_bytes():
    data = make_bytes(5, 700_000)
    assert cut(data, USUAL_SIZES) == cut_one_byte_at_a_time(data, USUAL_SIZES)


@given(CONTENT, st.lists(st.integers(1, 700), max_size=20))
def test_blocks_in_which_a_file_comes_do_not_matter(data, lengths):
    blocks, at = [], 0
    for length in lengths:
        blocks.append(data[at : at + length])
        at += length
    assert list(cut_chunks(blocks=[*blocks, b"", data[at:]], sizes=SMALL)) == cut(data)


@given(CONTENT)
def test_every_piece_but_the_last_has_an_allowed_length(data):
    pieces = cut(data)
    assert all(SMALL.least <= len(piece) <= SMALL.most for piece in pieces[:-1])
    assert all(1 <= len(piece) <= SMALL.most for piece in pieces)


@given(CONTENT, CONTENT, st.integers(0, 6000))
def test_pieces_that_ended_before_a_change_stay(data, other, place):
    place = min(place, len(data))
    before, after = cut(data), cut(data[:place] + other)
    at, kept = 0, []
    for piece in before:
        at += len(piece)
        if at <= place and at < len(data):
            kept.append(piece)
    if other or place == len(data):
        assert after[: len(kept)] == kept


@given(CONTENT, CONTENT)
def test_after_a_common_cut_pieces_are_the_same(begin, end):
    pieces = cut(begin)
    if pieces:
        pieces.pop()
    assert cut(b"".join(pieces) + end) == pieces + cut(end)


def test_one_changed_run_of_a_file_changes_the_pieces_near_it_alone():
    old = make_bytes(1, 12_000_000)
    new = old[:5_000_000] + make_bytes(2, 1_000_000) + old[6_000_000:]
    held = {chunk.sha256 for chunk in list_chunks(blocks=[old])}
    stretches, moved = plan_fetching(wanted=list_chunks(blocks=[new]), held=held)
    assert len(stretches) == 1
    first, length = stretches[0]
    assert 5_000_000 - USUAL_SIZES.most <= first <= 5_000_000
    assert 6_000_000 <= first + length <= 6_000_000 + 3 * USUAL_SIZES.most
    assert moved == length


def test_bytes_put_in_move_only_the_pieces_near_them():
    old = make_bytes(3, 8_000_000)
    new = old[:3_000_000] + b"one sentence more" + old[3_000_000:]
    held = {chunk.sha256 for chunk in list_chunks(blocks=[old])}
    _, moved = plan_fetching(wanted=list_chunks(blocks=[new]), held=held)
    assert moved <= 4 * USUAL_SIZES.most


def test_pieces_of_random_bytes_are_near_the_usual_length():
    chunks = list_chunks(blocks=[make_bytes(4, 32_000_000)])
    assert 50_000 < 32_000_000 / len(chunks) < 90_000


def test_the_digests_are_of_the_pieces():
    data = make_bytes(6, 300_000)
    assert list_chunks(blocks=[data]) == tuple(Chunk(len(p), sha256(p).hexdigest()) for p in cut(data, USUAL_SIZES))


@given(st.binary(min_size=33, max_size=200))
def test_the_hash_knows_the_last_32_bytes_alone(data):
    whole, tail = (hash_windows(np.frombuffer(part, dtype=np.uint8)) for part in (data, data[-32:]))
    assert whole[-1] == tail[-1]


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abcdef")), max_size=30), st.sets(st.sampled_from("abcdef"))
)
def test_stretches_to_fetch_hold_exactly_the_pieces_that_are_not_held(rows, held):
    stretches, moved = plan_fetching(wanted=[Chunk(*row) for row in rows], held=held)
    missing, at = set(), 0
    for length, name in rows:
        if name not in held:
            missing |= set(range(at, at + length))
        at += length
    covered = [byte for first, length in stretches for byte in range(first, first + length)]
    assert covered == sorted(missing)
    assert moved == len(missing)
    assert all(a + n < b for (a, n), (b, _) in pairwise(stretches))


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        [[1]],
        [["1", "a" * 64]],
        [[True, "a" * 64]],
        [[0, "a" * 64]],
        [[1, "A" * 64]],
        [[1, "a" * 63]],
        [[9, "a" * 64]],
    ],
)
def test_a_chunk_list_that_cannot_be_is_refused(rows):
    with pytest.raises(BadParameter):
        read_chunk_list(rows=rows, size=1)


def test_a_list_of_pieces_too_long_to_hold_is_refused():
    assert read_chunk_list(rows=[[1 << 24, "a" * 64]], size=1 << 24)
    with pytest.raises(BadParameter):
        read_chunk_list(rows=[[(1 << 24) + 1, "a" * 64]], size=(1 << 24) + 1)


def test_a_chunk_list_of_a_file_is_read():
    assert read_chunk_list(rows=[[2, "a" * 64], [3, "b" * 64]], size=5) == (Chunk(2, "a" * 64), Chunk(3, "b" * 64))
    assert read_chunk_list(rows=[], size=0) == ()


@pytest.mark.parametrize(
    "least,usual,most", [(31, 64, 128), (64, 64, 128), (32, 96, 128), (32, 64, 64), (32, 1 << 25, 1 << 26)]
)
def test_sizes_that_do_not_follow_each_other_are_refused(least, usual, most):
    with pytest.raises(BadParameter):
        Sizes(least=least, usual=usual, most=most)
