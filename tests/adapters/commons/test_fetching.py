"""Fetching: a version in a plain folder, ready for use."""

from __future__ import annotations

import json
import resource
import threading

import pytest

from comity.adapters.commons_sources import FolderCommons
from comity.adapters.fetching import fetch_version
from comity.adapters.release_folders import look_at_release
from comity.errors import BadInput, Conflict, NotAsReleased
from support.commons_releases import Commons, random_bytes

OLD = random_bytes(1, 2_000_000)
NEW = OLD[:1_000_000] + random_bytes(2, 60_000) + OLD[1_060_000:]
DESCRIBED = (
    b'{\n "comity_release": 1,\n "intended_use": "To test mirrors.",\n "licences": {\n'
    b'  "default": "Apache-2.0"\n },\n "name": "words"\n}\n'
)


@pytest.fixture
def commons(tmp_path):
    made = Commons(tmp_path / "commons")
    made.release("words", "1.0", {"model.bin": OLD, "README.md": b"# Words\n"})
    return made


def test_fetching_puts_the_files_of_a_version_where_they_are_used(commons, tmp_path):
    source, keys = FolderCommons(commons.mirror), commons.mirror.keys
    version, files, done = fetch_version(source=source, name="words", folder=tmp_path / "use", keys=keys)
    assert (version.label, len(files), done.fetched) == ("1.0", 2, len(OLD) + 8)
    assert {p.name: p.read_bytes() for p in (tmp_path / "use").rglob("*") if p.is_file()} == {
        "model.bin": OLD,
        "README.md": b"# Words\n",
        "comity-release.json": DESCRIBED,
    }
    assert not (tmp_path / "use" / ".cache").exists()
    again = fetch_version(source=source, name="words/1.0", folder=tmp_path / "use", keys=keys)[2]
    assert (again.held, again.fetched) == (2, 0)


def test_fetching_a_newer_version_replaces_only_when_that_is_said(commons, tmp_path):
    source, keys, use = FolderCommons(commons.mirror), commons.mirror.keys, tmp_path / "use"
    fetch_version(source=source, name="words", folder=use, keys=keys)
    commons.release("words", "1.1", {"model.bin": NEW, "again.bin": NEW})
    with pytest.raises(BadInput, match="--replace"):
        fetch_version(source=source, name="words", folder=use, keys=keys)
    assert (use / "model.bin").read_bytes() == OLD
    done = fetch_version(source=source, name="words", folder=use, keys=keys, replace=True)[2]
    assert done.fetched <= 60_000 + 4 * 262_144
    assert (use / "model.bin").read_bytes() == (use / "again.bin").read_bytes() == NEW


def test_what_is_fetched_carries_the_description_that_the_record_proves(commons, tmp_path):
    fetch_version(source=FolderCommons(commons.mirror), name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
    found = look_at_release(path=tmp_path / "use")
    assert (found.name, found.intended_use, found.unread) == ("words", "To test mirrors.", ())
    assert sorted(f.path for c in found.components for f in c.files) == ["README.md", "model.bin"]


@pytest.mark.parametrize("name", ["comity-release.json", "comity-release.toml", "Comity-Release.JSON"])
def test_a_description_that_is_a_file_of_the_release_stays_as_it_was_released(commons, tmp_path, name):
    commons.release("own", "1.0", {name: b"its own", "a.txt": b"a"})
    fetch_version(source=FolderCommons(commons.mirror), name="own", folder=tmp_path / "use", keys=commons.mirror.keys)
    assert {p.name: p.read_bytes() for p in (tmp_path / "use").iterdir()} == {name: b"its own", "a.txt": b"a"}


def test_a_description_of_ones_own_is_not_written_over(commons, tmp_path):
    source, keys, use = FolderCommons(commons.mirror), commons.mirror.keys, tmp_path / "use"
    use.mkdir()
    (use / "comity-release.json").write_text("mine")
    with pytest.raises(BadInput, match=r"comity-release\.json has another content"):
        fetch_version(source=source, name="words", folder=use, keys=keys)
    assert [p.name for p in use.iterdir()] == ["comity-release.json"]
    fetch_version(source=source, name="words", folder=use, keys=keys, replace=True)
    assert (use / "comity-release.json").read_bytes() == DESCRIBED
    (use / "comity-release.json").rename(use / "comity-release.toml")
    with pytest.raises(BadInput, match="would stand beside"):
        fetch_version(source=source, name="words", folder=use, keys=keys, replace=True)


@pytest.mark.parametrize("link", ["sub", ".cache", ".cache/comity"])
def test_nothing_is_written_through_a_link_that_leads_out_of_the_folder(commons, tmp_path, link):
    commons.release("deep", "1.0", {"sub/a.txt": b"a", "b.txt": b"b"})
    use, away = tmp_path / "use", tmp_path / "away"
    away.mkdir()
    (use / link).parent.mkdir(parents=True)
    (use / link).symlink_to(away)
    with pytest.raises(BadInput, match="is a link"):
        fetch_version(
            source=FolderCommons(commons.mirror), name="deep", folder=use, keys=commons.mirror.keys, replace=True
        )
    assert list(away.iterdir()) == []
    assert not (use / "b.txt").exists()


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_written_through(commons, tmp_path):
    use, other = tmp_path / "use", tmp_path / "other"
    use.mkdir()
    other.write_bytes(b"# Words\n")
    (use / "README.md").symlink_to(other)
    source, keys = FolderCommons(commons.mirror), commons.mirror.keys
    with pytest.raises(BadInput, match="--replace"):
        fetch_version(source=source, name="words", folder=use, keys=keys)
    fetch_version(source=source, name="words", folder=use, keys=keys, replace=True)
    assert not (use / "README.md").is_symlink()
    (use / "README.md").write_bytes(b"changed")
    assert other.read_bytes() == b"# Words\n"


def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_moves(commons, tmp_path):
    (tmp_path / "use" / "model.bin").mkdir(parents=True)
    with pytest.raises(BadInput, match="is a folder"):
        fetch_version(
            source=FolderCommons(commons.mirror),
            name="words",
            folder=tmp_path / "use",
            keys=commons.mirror.keys,
            replace=True,
        )
    assert [p.name for p in (tmp_path / "use").iterdir()] == ["model.bin"]


@pytest.mark.parametrize(
    "first,second",
    [("a.txt", "A.txt"), ("caf\u00e9.txt", "cafe\u0301.txt"), ("data", "data/a.txt"), ("ss/x", "\u00df")],
)
def test_paths_that_cannot_lie_in_one_folder_on_every_machine_are_refused(commons, tmp_path, first, second):
    commons.release("twins", "1.0", {first: b"1", second: b"2"})
    with pytest.raises(NotAsReleased, match="cannot lie in one folder"):
        fetch_version(
            source=FolderCommons(commons.mirror), name="twins", folder=tmp_path / "use", keys=commons.mirror.keys
        )
    assert not (tmp_path / "use").exists()


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(commons, tmp_path):
    commons.release("vast", "1.0", {"a.bin": b"a"}, sizes={"a.bin": 1 << 52})
    with pytest.raises(BadInput, match="has room for"):
        fetch_version(
            source=FolderCommons(commons.mirror), name="vast", folder=tmp_path / "use", keys=commons.mirror.keys
        )
    assert not (tmp_path / "use").exists()


def test_a_disk_that_fills_on_the_way_leaves_no_half_file_and_the_next_run_goes_on(commons, tmp_path):
    source, keys, use = FolderCommons(commons.mirror), commons.mirror.keys, tmp_path / "use"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            fetch_version(source=source, name="words", folder=use, keys=keys)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [p.name for p in use.iterdir()] == [".cache"]
    done = fetch_version(source=source, name="words", folder=use, keys=keys)[2]
    assert (use / "model.bin").read_bytes() == OLD
    assert 0 < done.fetched < len(OLD)


def test_runs_at_once_in_one_folder_end_whole_or_refused(commons, tmp_path):
    use, refused = tmp_path / "use", []

    def run():
        try:
            fetch_version(source=FolderCommons(commons.mirror), name="words", folder=use, keys=commons.mirror.keys)
        except Conflict as error:
            refused.append(error)

    for _ in range(5):
        runs = [threading.Thread(target=run) for _ in range(6)]
        for one in runs:
            one.start()
        for one in runs:
            one.join()
        run()
        assert sorted(p.name for p in use.rglob("*")) == ["README.md", "comity-release.json", "model.bin"]
        assert (use / "model.bin").read_bytes() == OLD
        for path in use.iterdir():
            path.unlink()


def test_a_copy_that_was_cut_off_leaves_nothing_among_the_files(commons, tmp_path):
    commons.release("twice", "1.0", {"a.bin": OLD, "b.bin": OLD})
    source, keys, use = FolderCommons(commons.mirror), commons.mirror.keys, tmp_path / "use"
    fetch_version(source=source, name="twice", folder=use, keys=keys)
    assert sorted(p.name for p in use.rglob("*")) == ["a.bin", "b.bin", "comity-release.json"]
    assert json.loads((use / "comity-release.json").read_bytes())["name"] == "twice"
