"""Tiles on disk: the same bytes whenever they are written, durable before they count, and only what is whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.adapters.tile_store import TileStore
from comity.engines.record.merkle import MerkleTree
from comity.engines.record.tiles import tiles_for
from comity.errors import BadParameter, NotFound, TamperedTile


def entries(start: int, stop: int) -> list[bytes]:
    return [f"entry {index}".encode() for index in range(start, stop)]


def files(store: TileStore) -> dict[str, bytes]:
    return {
        str(path.relative_to(store.folder)): path.read_bytes()
        for path in store.folder.rglob("*")
        if path.is_file() and path.parent.name != "x"
    }


@settings(max_examples=25)
@given(parts=st.lists(st.integers(1, 700), min_size=1, max_size=5))
def test_however_entries_come_the_store_gives_the_tree_of_all(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("log")
    memory, at = MerkleTree(), 0
    for part in parts:
        store = TileStore(folder)
        store.append(entries(at, at + part))
        at += part
        memory.extend(entries(at - part, at))
        assert (store.size, store.tree().root()) == (at, memory.root())
    again = TileStore(folder)
    assert list(again.entries(0, at)) == entries(0, at)
    assert list(again.entries(at // 3, at // 2)) == entries(at // 3, at // 2)
    assert again.tree().inclusion_proof(index=at // 2) == memory.inclusion_proof(index=at // 2)


def test_every_tile_that_the_tree_has_can_be_read_and_no_other(tmp_path):
    store = TileStore(tmp_path)
    store.append(entries(0, 70_000))
    for level, index, width in tiles_for(70_000):
        assert len(store.read_tile(level, index, width)) == width * 32
    with pytest.raises(NotFound):
        store.read_tile(0, 274, 1)
    assert store.file(path="tile/0/273.p/113") is None
    assert len(store.file(path="tile/0/273.p/112")) == 112 * 32


def test_partial_tiles_stay_until_the_full_one_stands_for_them(tmp_path):
    store = TileStore(tmp_path)
    store.append(entries(0, 10))
    store.append(entries(10, 20))
    assert store.file(path="tile/0/000.p/10") == store.file(path="tile/0/000.p/20")[:320]
    store.append(entries(20, 300))
    assert store.file(path="tile/0/000.p/20") is None
    assert store.file(path="tile/0/000")[:640] == store.read_tile(0, 0, 20)


@pytest.mark.parametrize("path", ["../secret", "tile/../../secret", "size", "checkpoint", "tile/0/000.p/9/../../000"])
def test_no_path_leads_out_of_the_tiles(tmp_path, path):
    (tmp_path / "secret").write_text("secret")
    store = TileStore(tmp_path / "log")
    store.append(entries(0, 10))
    assert store.file(path=path) is None


def test_what_a_crash_left_beyond_the_durable_size_is_written_again(tmp_path):
    store = TileStore(tmp_path / "a")
    store.append(entries(0, 250))
    before = (tmp_path / "a" / "size").read_text()
    store.append(entries(250, 600))
    (tmp_path / "a" / "size").write_text(before)  # as if the machine had stopped before the size was written
    (tmp_path / "a" / "tile" / "0" / "002.p" / "88").write_bytes(b"torn")
    again = TileStore(tmp_path / "a")
    assert again.size == 250
    again.append(entries(250, 600))
    whole = TileStore(tmp_path / "b")
    whole.append(entries(0, 600))
    assert again.tree().root() == whole.tree().root()
    for level, index, width in tiles_for(600):
        assert again.read_tile(level, index, width) == whole.read_tile(level, index, width)


def test_what_is_not_durable_yet_is_not_published(tmp_path):
    store = TileStore(tmp_path)
    store.append(entries(0, 300))
    (tmp_path / "size").write_text("250\n")
    assert TileStore(tmp_path).file(path="tile/0/000") is None


def test_an_entry_that_is_too_long_changes_nothing(tmp_path):
    store = TileStore(tmp_path)
    store.append(entries(0, 3))
    with pytest.raises(BadParameter):
        store.append([b"fine", bytes(65_536)])
    assert TileStore(tmp_path).size == 3


def test_a_second_process_sees_what_the_first_has_made_durable(tmp_path):
    writer, reader = TileStore(tmp_path), TileStore(tmp_path)
    writer.append(entries(0, 300))
    assert reader.size == 0
    reader.reopen()
    assert (reader.size, reader.tree().root()) == (300, writer.tree().root())


@pytest.mark.parametrize("damage", ["cut", "size"])
def test_a_damaged_store_says_which_file(tmp_path, damage):
    TileStore(tmp_path).append(entries(0, 10))
    if damage == "cut":
        bundle = tmp_path / "tile" / "entries" / "000.p" / "10"
        bundle.write_bytes(bundle.read_bytes()[:-3])
    else:
        (tmp_path / "size").write_text("ten\n")
    with pytest.raises(TamperedTile, match=r"tile/entries/000\.p/10|size"):
        TileStore(tmp_path)


def test_a_checkpoint_is_replaced_whole(tmp_path):
    store = TileStore(tmp_path)
    assert store.published() is None
    store.publish_checkpoint("first\n")
    store.publish_checkpoint("second\n")
    assert store.published() == "second\n"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
