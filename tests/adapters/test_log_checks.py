"""Whoever alters a log is found out, and what was altered is named."""

from __future__ import annotations

import contextlib
import shutil

import pytest

from comity.adapters.log_checks import check_growth, check_note, check_tree, read_whole_log
from comity.adapters.log_mirror import update_mirror
from comity.adapters.log_source import FolderSource
from comity.adapters.signing_keys import make_key
from comity.adapters.tile_store import TileStore
from comity.engines.record.checkpoints import Checkpoint, checkpoint_of
from comity.engines.record.tiles import pack_entries, unpack_entries
from comity.errors import ForgedCheckpoint, ReorderedEntry, SplitView, TamperedTile

KEY = make_key(name="log.example/record")
KEYS = [KEY.verifier.key]


def entries(start: int, stop: int, word: str = "act") -> list[bytes]:
    return [f'{{"n":{index},"type":"{word}"}}'.encode() for index in range(start, stop)]


def publish(store: TileStore, *, key=KEY) -> str:
    note = key.sign(text=Checkpoint(origin=KEY.name, size=store.size, root=store.tree().root()).text)
    store.publish_checkpoint(note)
    return note


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    store = TileStore(folder)
    store.append(entries(0, 1000))
    publish(store)
    return folder


@pytest.fixture
def log(made, tmp_path):
    shutil.copytree(made, tmp_path / "log")
    return tmp_path / "log"


def check(folder):
    source = FolderSource(folder=folder)
    checked = check_note(text=source.read("checkpoint").decode(), keys=KEYS)
    return check_tree(source=source, checkpoint=checked.checkpoint)


def swap(path, one: int, other: int) -> None:
    found = unpack_entries(path.read_bytes(), path="x")
    found[one], found[other] = found[other], found[one]
    path.write_bytes(pack_entries(found))


def flip(path, at: int = 5) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(bytes(raw))


def test_a_sound_log_gives_its_root_and_its_entries(log):
    assert check(log).size == 1000
    assert read_whole_log(source=FolderSource(folder=log), keys=KEYS) == entries(0, 1000)


@pytest.mark.parametrize("tile", ["tile/0/001", "tile/0/003.p/232", "tile/1/000.p/3"])
def test_an_altered_tile_is_named(log, tile):
    flip(log / tile)
    with pytest.raises(TamperedTile) as found:
        check(log)
    assert found.value.data["path"] == tile


@pytest.mark.parametrize("bundle,index", [("tile/entries/001", 256), ("tile/entries/003.p/232", 768)])
def test_an_altered_entry_is_named(log, bundle, index):
    flip(log / bundle, at=6)
    with pytest.raises(TamperedTile, match=f"entry {index} ") as found:
        check(log)
    assert found.value.data["path"] == bundle


@pytest.mark.parametrize("bundle,first", [("tile/entries/000", 0), ("tile/entries/003.p/232", 768)])
def test_reordered_entries_are_named(log, bundle, first):
    swap(log / bundle, 3, 9)
    with pytest.raises(ReorderedEntry) as found:
        check(log)
    assert (found.value.data["path"], found.value.data["index"]) == (bundle, first + 3)


@pytest.mark.parametrize("path", ["tile/0/002", "tile/entries/002", "tile/1/000.p/3"])
def test_a_missing_file_is_named(log, path):
    (log / path).unlink()
    with pytest.raises(TamperedTile, match="missing"):
        check(log)


def test_a_checkpoint_of_another_key_is_forged(log):
    store = TileStore(log)
    publish(store, key=make_key(name=KEY.name))
    with pytest.raises(ForgedCheckpoint):
        check(log)


def test_a_checkpoint_whose_text_was_changed_is_forged(log):
    note = (log / "checkpoint").read_text()
    (log / "checkpoint").write_text(note.replace("\n1000\n", "\n1001\n"))
    with pytest.raises(ForgedCheckpoint):
        check(log)


def test_a_history_rewritten_from_end_to_end_is_a_split_view(log, tmp_path):
    other = TileStore(tmp_path / "other")
    other.append(entries(0, 1000, word="lie"))
    other.publish_checkpoint((log / "checkpoint").read_text())
    with pytest.raises(SplitView):
        check(tmp_path / "other")


def test_a_rewritten_history_that_is_signed_contradicts_a_checkpoint_kept_from_before(log, tmp_path):
    kept = checkpoint_of((log / "checkpoint").read_text())
    other = TileStore(tmp_path / "other")
    other.append(entries(0, 1200, word="lie"))
    new = checkpoint_of(publish(other))
    tree = check(tmp_path / "other")
    with pytest.raises(SplitView, match="1000"):
        check_growth(tree=tree, old=kept, new=new)
    with pytest.raises(SplitView, match="fewer"):
        check_growth(tree=tree, old=new, new=kept)


def test_a_log_that_grew_continues_a_checkpoint_kept_from_before(log):
    kept = checkpoint_of((log / "checkpoint").read_text())
    store = TileStore(log)
    store.append(entries(1000, 1300))
    new = checkpoint_of(publish(store))
    check_growth(tree=check(log), old=kept, new=new)


def test_a_mirror_follows_a_log_and_holds_the_same(log, tmp_path):
    mirror = tmp_path / "mirror"
    assert update_mirror(source=FolderSource(folder=log), folder=mirror, keys=KEYS).added == 1000
    store = TileStore(log)
    store.append(entries(1000, 1300))
    publish(store)
    assert update_mirror(source=FolderSource(folder=log), folder=mirror, keys=KEYS).added == 300
    assert check(mirror).root() == store.tree().root()
    assert len(list((mirror / "checkpoints").iterdir())) == 2


@pytest.mark.parametrize("path", ["tile/entries/002", "tile/entries/003.p/232", "tile/1/000.p/3", "tile/0/003.p/232"])
def test_a_mirror_takes_nothing_altered_and_keeps_what_it_had(log, tmp_path, path):
    mirror = tmp_path / "mirror"
    flip(log / path, at=6)
    with pytest.raises(TamperedTile):
        update_mirror(source=FolderSource(folder=log), folder=mirror, keys=KEYS)
    store = TileStore(mirror)
    assert list(store.entries(0, store.size)) == entries(0, store.size)
    assert store.published() is None


def test_a_mirror_refuses_a_log_that_forgot_and_keeps_both_checkpoints(log, tmp_path):
    mirror = tmp_path / "mirror"
    update_mirror(source=FolderSource(folder=log), folder=mirror, keys=KEYS)
    shorter = TileStore(tmp_path / "shorter")
    shorter.append(entries(0, 900))
    publish(shorter)
    with pytest.raises(SplitView, match="fewer"):
        update_mirror(source=FolderSource(folder=tmp_path / "shorter"), folder=mirror, keys=KEYS)
    assert sorted(p.name.split("-")[0] for p in (mirror / "checkpoints").iterdir()) == ["1000", "900"]
    assert TileStore(mirror).size == 1000


def test_a_mirror_refuses_a_second_history_and_keeps_both_checkpoints(log, tmp_path):
    mirror = tmp_path / "mirror"
    update_mirror(source=FolderSource(folder=log), folder=mirror, keys=KEYS)
    for size in (1000, 1400):
        other = TileStore(tmp_path / f"other{size}")
        other.append(entries(0, size, word="lie"))
        publish(other)
        with pytest.raises((SplitView, TamperedTile)):
            update_mirror(source=FolderSource(folder=other.folder), folder=mirror, keys=KEYS)
    assert checkpoint_of(TileStore(mirror).published()).root == TileStore(log).tree().root()


class BadLine:
    """A source that breaks off after some files, as a slow line does."""

    name = "a bad line"

    def __init__(self, folder, *, files: int) -> None:
        self.source, self.left, self.asked = FolderSource(folder=folder), files, []

    def read(self, path: str, /) -> bytes:
        if not self.left:
            raise ConnectionResetError
        self.left -= 1
        self.asked.append(path)
        return self.source.read(path)


def test_a_mirror_that_is_cut_off_goes_on_where_it_stopped(tmp_path):
    store = TileStore(tmp_path / "long")
    store.append(entries(0, 6000))
    publish(store)
    mirror = tmp_path / "mirror"
    tries, bundles = 0, []
    while TileStore(mirror).published() is None:
        line = BadLine(tmp_path / "long", files=16)
        tries += 1
        assert tries < 40
        with contextlib.suppress(ConnectionResetError):
            update_mirror(source=line, folder=mirror, keys=KEYS)
        bundles += [path for path in line.asked if path.startswith("tile/entries")]
    assert tries > 2
    assert list(TileStore(mirror).entries(0, 6000)) == entries(0, 6000)
    # What was kept is not fetched again: at most one batch of eight bundles is lost with each break.
    assert len(bundles) < len(set(bundles)) + 8 * tries
