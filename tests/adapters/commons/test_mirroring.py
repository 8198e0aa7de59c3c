"""Mirrors: what is taken in, what is not, what moves, and what is left after a run was killed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from comity.adapters.bundling import load_bundle, make_bundle
from comity.adapters.commons_catalogues import find_versions, read_catalogue, write_catalogue
from comity.adapters.commons_sources import FolderCommons, HttpCommons, Pace, open_commons, read_rate
from comity.adapters.mirror_folders import hold_folder, make_mirror, open_mirror
from comity.adapters.mirroring import update_mirror
from comity.errors import BadInput, BadParameter, Conflict, NotAsReleased, NotFound, Unreachable
from support.commons_releases import Commons, flip_bit, random_bytes, served

OLD = random_bytes(1, 6_000_000)
NEW = OLD[:2_000_000] + random_bytes(2, 60_000) + OLD[2_060_000:]


@pytest.fixture
def commons(tmp_path):
    made = Commons(tmp_path / "commons")
    made.release("words", "1.0", {"model.bin": OLD, "README.md": b"# Words\n"})
    return made


def sha(content):
    return hashlib.sha256(content).hexdigest()


def content_of(mirror, name):
    ((_, version),) = find_versions(releases=mirror.releases(), names=[name])
    return {f.path: b"".join(mirror.read(f.sha256)) for f in mirror.files_of(version)}


def test_a_mirror_over_http_holds_what_was_released(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    with served(commons.mirror) as address:
        source = HttpCommons(address=address)
        done = update_mirror(source=source, mirror=mirror)
        assert (done.added, done.held, done.refused) == (["commons/releases/words/1.0"], 0, [])
        assert content_of(mirror, "words/1.0") == {"model.bin": OLD, "README.md": b"# Words\n"}
        again = update_mirror(source=source, mirror=mirror)
    assert (again.added, again.held, again.fetched) == ([], 1, 0)
    assert list(mirror.find_damage()) == []
    assert mirror.releases() == commons.mirror.releases()


def test_of_a_new_version_the_changed_pieces_alone_move(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    with served(commons.mirror) as address:
        source = HttpCommons(address=address)
        update_mirror(source=source, mirror=mirror)
        commons.release("words", "1.1", {"model.bin": NEW, "README.md": b"# More\n"})
        done = update_mirror(source=source, mirror=mirror)
    assert done.added == ["commons/releases/words/1.1"]
    assert 60_000 <= done.fetched <= 60_000 + 4 * 262_144
    assert done.fetched + done.reused == len(NEW) + len(b"# More\n")
    assert content_of(mirror, "words/1.1")["model.bin"] == NEW
    assert content_of(mirror, "words/1.0")["model.bin"] == OLD


def test_a_mirror_of_a_mirror_needs_no_server(commons, tmp_path):
    first, second = commons.empty_mirror(tmp_path / "a"), commons.empty_mirror(tmp_path / "b")
    update_mirror(source=FolderCommons(commons.mirror), mirror=first)
    update_mirror(source=open_commons(text=str(tmp_path / "a")), mirror=second)
    assert content_of(second, "words")["model.bin"] == OLD


def test_only_takes_what_was_named(commons, tmp_path):
    commons.release("course", "2026", {"a.md": b"a"})
    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=FolderCommons(commons.mirror), mirror=mirror, only=["course"])
    assert done.added == ["commons/releases/course/2026"]
    with pytest.raises(NotFound):
        update_mirror(source=FolderCommons(commons.mirror), mirror=mirror, only=["course/2027"])


class Lying:
    """A source that gives what the origin gives, but for one answer."""

    def __init__(self, origin, **instead):
        self.origin, self.instead, self.name = FolderCommons(origin), instead, "liar"

    def __getattr__(self, name):
        if name in self.instead:
            return lambda *words: self.instead[name](getattr(self.origin, name), *words)
        return getattr(self.origin, name)


@pytest.mark.parametrize("part", ["manifest", "payload", "receipt"])
def test_a_version_that_the_record_does_not_prove_is_left_out_and_named(commons, tmp_path, part):
    commons.release("course", "2026", {"a.md": b"a"})
    ((_, other),) = find_versions(releases=commons.mirror.releases(), names=["course"])

    def swap(tell, version):
        if version.slug == "words":
            return replace(tell(version), **{part: getattr(tell(other), part)})
        return tell(version)

    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=Lying(commons.mirror, evidence=swap), mirror=mirror)
    assert done.added == ["commons/releases/course/2026"]
    assert [(reference, error.code) for reference, error in done.refused] == [
        ("commons/releases/words/1.0", "not-as-released")
    ]
    assert not mirror.file_path(sha(OLD)).exists()


def test_content_that_was_altered_on_the_way_is_not_kept(commons, tmp_path):
    def alter(tell, sha256, start, length):
        for block in tell(sha256, start, length):
            yield block[:-1] + bytes([block[-1] ^ 1])

    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=Lying(commons.mirror, read=alter), mirror=mirror)
    ((reference, error),) = done.refused
    assert (reference, error.data["what"]) in {
        ("commons/releases/words/1.0", "README.md"),
        ("commons/releases/words/1.0", "model.bin"),
    }
    assert mirror.releases() == ()
    assert not list((tmp_path / "here" / "files").rglob("*")) or not mirror.file_path(sha(OLD)).exists()


@pytest.mark.parametrize("rows", ["x", [[6_000_000, "0" * 64]], [[1, "0" * 64]]])
def test_a_wrong_list_of_pieces_costs_bytes_and_no_more(commons, tmp_path, rows):
    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=Lying(commons.mirror, chunk_rows=lambda *_: rows), mirror=mirror)
    assert done.refused == []
    assert content_of(mirror, "words")["model.bin"] == OLD


def test_without_lists_of_pieces_files_are_fetched_whole(commons, tmp_path):
    def none(tell, sha256):
        raise NotFound(reference=sha256)

    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=Lying(commons.mirror, chunk_rows=none), mirror=mirror)
    assert done.fetched == len(OLD) + len(b"# Words\n")
    assert content_of(mirror, "words")["model.bin"] == OLD


def test_an_older_file_that_was_altered_here_gives_no_piece(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    flip_bit(mirror.file_path(sha(OLD)), 5_000_000)
    commons.release("words", "1.1", {"model.bin": NEW})
    done = update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    assert done.refused == []
    assert content_of(mirror, "words/1.1")["model.bin"] == NEW
    assert [what for what, _ in mirror.find_damage()] == ["commons/releases/words/1.0/model.bin"]


def test_a_version_that_changed_after_its_release_is_refused(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    other = Commons(tmp_path / "other")
    other.release("words", "1.0", {"model.bin": NEW})
    done = update_mirror(source=FolderCommons(other.mirror), mirror=mirror)
    assert [error.code for _, error in done.refused] == ["not-as-released"]
    assert content_of(mirror, "words/1.0")["model.bin"] == OLD


def test_a_release_that_became_public_on_its_date_is_proved_by_its_opening(tmp_path):
    commons = Commons(tmp_path / "commons")
    commons.release("words", "1.0", {"a.md": b"a"}, salt=b"s" * 32)
    mirror = commons.empty_mirror(tmp_path / "here")
    with served(commons.mirror) as address:
        done = update_mirror(source=HttpCommons(address=address), mirror=mirror)
    assert (done.added, done.refused) == (["commons/releases/words/1.0"], [])
    assert list(mirror.find_damage()) == []
    target = tmp_path / "b.tar"
    make_bundle(
        mirror=mirror,
        names=["words"],
        target=target,
        key=commons.maker,
        made_at=dt.datetime(2026, 11, 29, tzinfo=dt.UTC),
    )
    assert len(load_bundle(path=target, mirror=commons.empty_mirror(tmp_path / "there"))[1]) == 1

    def alter(tell, version):
        evidence = tell(version)
        return replace(evidence, opening=evidence.opening.replace(b"secretariat", b"secretariaT"))

    done = update_mirror(source=Lying(commons.mirror, evidence=alter), mirror=commons.empty_mirror(tmp_path / "third"))
    assert [error.code for _, error in done.refused] == ["not-as-released"]


def test_a_version_of_another_log_is_refused(commons, tmp_path):
    mirror = Commons(tmp_path / "other").empty_mirror(tmp_path / "here")
    done = update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    assert [error.code for _, error in done.refused] == ["forged-checkpoint"]


def test_a_version_whose_act_is_not_in_the_log_yet_waits(commons, tmp_path):
    def not_yet(tell, version):
        raise NotFound(reference=version.act)

    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=Lying(commons.mirror, evidence=not_yet), mirror=mirror)
    assert ([reference for reference, _ in done.waiting], done.added) == (["commons/releases/words/1.0"], [])


def test_a_version_with_a_file_that_is_held_back_waits(commons, tmp_path):
    def held_back(tell, sha256, start, length):
        raise NotFound(reference=f"files/{sha256}")

    mirror = commons.empty_mirror(tmp_path / "here")
    done = update_mirror(source=Lying(commons.mirror, read=held_back), mirror=mirror)
    assert (len(done.waiting), done.added, done.refused) == (1, [], [])


def test_what_was_taken_down_is_kept_and_given_to_nobody(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    (release,) = commons.mirror.releases()
    down = replace(release, row={**release.row, "taken_down": {"rule": "Rule 9"}}, is_taken_down=True)
    commons.mirror.keep_releases([down])
    done = update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    assert done.taken_down == ["commons/releases/words"]
    assert mirror.file_path(sha(OLD)).exists()
    with pytest.raises(NotAsReleased, match="taken down"):
        find_versions(releases=mirror.releases(), names=["words"])
    with served(mirror) as address:
        source = HttpCommons(address=address, pause=lambda _: None)
        assert read_catalogue(content=source.catalogue(), where="x") == ()
        with pytest.raises(NotFound):
            list(source.read(sha(OLD), 0, 10))
    commons.mirror.keep_releases([release])
    assert update_mirror(source=FolderCommons(commons.mirror), mirror=mirror).taken_down == []


def test_what_a_source_lists_no_longer_stays_and_is_named(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    commons.mirror.keep_releases([])
    done = update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    assert done.gone == ["commons/releases/words/1.0"]
    assert content_of(mirror, "words")["model.bin"] == OLD


def test_a_part_of_an_earlier_run_is_gone_through_and_gone_on_from(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    part = mirror.part_path(sha(OLD))
    part.parent.mkdir(parents=True)
    part.write_bytes(OLD[:3_000_000] + b"\0" * 4_000_000)
    done = update_mirror(source=FolderCommons(commons.mirror), mirror=mirror)
    assert 3_000_000 <= done.fetched <= 3_000_000 + 262_144 + 8
    assert content_of(mirror, "words")["model.bin"] == OLD


PROGRAM = """
import sys
from pathlib import Path
from comity.adapters.commons_sources import open_commons
from comity.adapters.mirror_folders import open_mirror
from comity.adapters.mirroring import update_mirror
update_mirror(source=open_commons(text=sys.argv[1], rate="4MB/s"), mirror=open_mirror(folder=Path(sys.argv[2])))
"""


def test_a_run_that_was_killed_goes_on_where_it_stopped(commons, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    part = mirror.part_path(sha(OLD))
    with served(commons.mirror) as address:
        running = subprocess.Popen([sys.executable, "-c", PROGRAM, address, str(tmp_path / "here")])
        while not (part.exists() and part.stat().st_size > 1_000_000):
            assert running.poll() is None
            time.sleep(0.02)
        running.kill()
        running.wait()
        there = part.stat().st_size
        assert mirror.releases() == ()
        done = update_mirror(source=HttpCommons(address=address), mirror=mirror)
    assert 0 < there < len(OLD)
    assert done.fetched <= len(OLD) - there + 262_144 + 8
    assert content_of(mirror, "words")["model.bin"] == OLD


def test_a_cap_on_the_speed_is_kept():
    now = [0.0]
    pace = Pace(1000.0, clock=lambda: now[0], pause=lambda s: now.__setitem__(0, now[0] + s))
    for _ in range(50):
        pace.let_through(100)
    assert now[0] == pytest.approx(5.0)


@pytest.mark.parametrize(
    "text,speed", [("2MB/s", 2e6), ("500kB/s", 5e5), ("16Mbit/s", 2e6), ("1.5 GB/s", 1.5e9), ("", None)]
)
def test_speeds_are_read(text, speed):
    assert read_rate(text=text) == speed


@pytest.mark.parametrize("text", ["fast", "2", "-1MB/s", "0MB/s", "2MiB/s", "1bit/s"])
def test_what_is_no_speed_is_refused(text):
    with pytest.raises(BadParameter):
        read_rate(text=text)


@pytest.mark.parametrize("text", ["ftp://x.example", "https://", "file:///etc"])
def test_what_is_no_source_is_refused(text):
    with pytest.raises(BadParameter):
        open_commons(text=text)


def test_a_folder_that_is_no_mirror_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no mirror"):
        open_commons(text=str(tmp_path))


def test_nobody_at_an_address_is_said():
    source = HttpCommons(address="http://127.0.0.1:9", pause=lambda _: None)
    with pytest.raises(Unreachable):
        source.catalogue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"releases": {}}',
        b'{"releases": [{"reference": "commons/releases/../x", "versions": []}]}',
        b'{"releases": [{"reference": "commons/releases/x"}]}',
        b'{"releases": [{"reference": "commons/releases/x", "versions": []}, {"reference": "commons/releases/x", "versions": []}]}',
        b'{"releases": [{"reference": "commons/releases/x", "versions": [{"reference": "commons/releases/x/.."}]}]}',
        b'{"releases": [{"reference": "commons/releases/x", "versions": [{"reference": "commons/releases/y/1", "number": 1}]}]}',
        b"[" * 100_000,
        b'{"releases": [{"reference": "commons/releases/x", "versions": [], "titles": {"en": "\\ud800"}}]}',
    ],
)
def test_a_catalogue_that_is_none_is_refused(content):
    with pytest.raises(NotAsReleased):
        read_catalogue(content=content, where="x")


def test_a_catalogue_is_written_as_it_was_read(commons):
    releases = commons.mirror.releases()
    assert read_catalogue(content=write_catalogue(releases=releases), where="x") == releases


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", ""])
def test_a_manifest_whose_path_leads_out_is_refused(commons, path):
    from comity.adapters.commons_catalogues import check_manifest

    content = json.dumps({"files": [{"path": path, "size": 1, "sha256": "0" * 64}]}).encode()
    version = replace(commons.versions["words"][0], manifest_sha256=sha(content))
    with pytest.raises(NotAsReleased):
        check_manifest(version=version, content=content)


def test_a_new_mirror_needs_a_key_and_a_folder_of_its_own(commons, tmp_path):
    with pytest.raises(BadInput, match="--key"):
        make_mirror(folder=tmp_path / "new", keys=[], comes_from="https://a.example")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_bytes(b"")
    with pytest.raises(BadInput, match="other things"):
        make_mirror(folder=tmp_path / "full", keys=[commons.key.verifier.key], comes_from="")
    commons.empty_mirror(tmp_path / "here", comes_from="https://a.example")
    commons.empty_mirror(tmp_path / "here", comes_from="https://b.example")
    assert open_mirror(folder=tmp_path / "here").comes_from == "https://b.example"
    assert open_mirror(folder=tmp_path / "here").keys == (commons.key.verifier.key,)


def test_two_runs_do_not_work_in_one_folder(tmp_path):
    with hold_folder(tmp_path), pytest.raises(Conflict):
        hold_folder(tmp_path)


def test_one_flipped_bit_anywhere_in_the_catalogue_of_a_mirror_is_found(commons):
    path = Path(commons.mirror.folder) / "catalogue.json"
    for place in range(0, path.stat().st_size, 7):
        flip_bit(path, place, place % 8)
        with pytest.raises(NotAsReleased, match="the catalogue of"):
            commons.mirror.releases()
        flip_bit(path, place, place % 8)
    assert len(commons.mirror.releases()) == 1


def test_a_mirror_that_lost_its_evidence_names_the_version(commons):
    (Path(commons.mirror.folder) / "versions/words/1.0/payload.json").unlink()
    assert [what for what, _ in commons.mirror.find_damage()] == ["commons/releases/words/1.0"]
