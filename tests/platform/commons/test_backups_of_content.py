"""A backup carries the content of released files, brings it back byte for byte, and names what is missing or altered."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import uuid

import pytest

from comity.adapters.content_copies import Content, bring_back, copy_content, find_problem, read_list, write_list
from comity.adapters.file_stores import DiskStore
from comity.errors import BrokenBackup, Conflict
from support.drawn_bytes import bytes_of
from support.machines import Machine

RELEASE = """
import sys, django; sys.path.insert(0, "tests"); django.setup()
from support.commons import bytes_of, release
from support.parties import make_body
make_body()
release(slug=sys.argv[1], contents={"README.md": b"# W", "w.safetensors": bytes_of(int(sys.argv[2]), 300_000)})
"""
README, OLD, NEW = b"# W", bytes_of(1, 300_000), bytes_of(2, 300_000)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def place(folder, content):
    digest = sha(content)
    return folder / digest[:2] / digest[2:4] / digest


@pytest.fixture
def machine(tmp_path, templates):
    with templates.new_database(f"machine_{uuid.uuid4().hex[:10]}", template="instance") as url:
        made = Machine(tmp_path / "data", url)
        templates.copy_instance(made.folder)
        yield made
        made.close()


def flip(path):
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:1000] + bytes([content[1000] ^ 1]) + content[1001:])


def test_what_was_released_comes_back_from_a_backup_byte_for_byte_and_the_next_costs_what_is_new(machine, tmp_path):
    machine.commands.execute(RELEASE, "words", "1")
    machine.sequence()
    (machine.folder / "sending").mkdir(exist_ok=True)
    (machine.folder / "sending" / "part").write_bytes(b"half")
    said = machine.run("backup", str(tmp_path / "b" / "one"), code=2)
    assert "is no folder" in said
    assert not (tmp_path / "b").exists()
    copies = tmp_path / "comity-files"
    assert "2 contents of files, 2 of them new" in machine.run("backup", str(tmp_path / "one"))
    machine.commands.execute(RELEASE, "more", "2")
    machine.sequence()
    assert "3 contents of files, 1 of them new" in machine.run("backup", str(tmp_path / "two"))
    assert sorted(p.name for p in copies.rglob("*") if p.is_file()) == sorted(["lock", *map(sha, (README, OLD, NEW))])
    with tarfile.open(tmp_path / "two") as archive:
        names = archive.getnames()
        assert "contents.txt" in names
        assert [name for name in names if name.startswith(("files/files/", "files/sending/"))] == []

    shutil.rmtree(machine.folder / "files")
    said = machine.run("doctor", "--files", code=1)
    assert "A released file is lost: commons/releases/more/1.0/w.safetensors: missing" in said
    told = machine.run("restore", str(tmp_path / "two"), "--yes", "--replace")
    assert "3 contents of files came back" in told
    assert place(machine.folder / "files", OLD).read_bytes() == OLD
    assert place(machine.folder / "files", NEW).read_bytes() == NEW
    assert "3 contents of released files were read" in machine.run("record", "reconcile")
    assert "A released file" not in machine.run("doctor", "--files", code=None)


def test_an_altered_or_missing_file_is_named_and_a_restore_replaces_nothing(machine, tmp_path):
    machine.commands.execute(RELEASE, "words", "1")
    machine.sequence()
    machine.run("backup", str(tmp_path / "one"))
    flip(place(tmp_path / "comity-files", OLD))
    place(tmp_path / "comity-files", README).unlink()
    shutil.rmtree(machine.folder / "files")
    before = machine.status()
    said = machine.run("restore", str(tmp_path / "one"), "--yes", "--replace", code=2)
    assert f"NOT SOUND: altered: SHA-256 {sha(OLD)}" in said
    assert f"NOT SOUND: missing: SHA-256 {sha(README)}" in said
    assert "2 contents of released files are missing or altered" in said
    assert machine.status() == before

    machine.run("restore", str(tmp_path / "one"), "--yes", "--replace", "--without-files")
    said = machine.run("record", "reconcile", "--files", str(tmp_path / "comity-files"), code=1)
    assert "signs again" in said
    assert f"NOT SOUND: commons/releases/words/1.0/w.safetensors: altered (SHA-256 {sha(OLD)}, 300000 bytes)" in said
    assert "NOT SOUND: commons/releases/words/1.0/README.md: missing" in said
    # A mirror of the commons holds the same under the same names, and gives it back.
    for content in (README, OLD):
        path = place(tmp_path / "mirror" / "files", content)
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    found = json.loads(machine.run("doctor", "--json", "--files", "--from", str(tmp_path / "mirror"), code=None))
    assert [f for f in found["findings"] if f["id"] == "comity.E015"] == []
    assert place(machine.folder / "files", OLD).read_bytes() == OLD


def test_content_that_is_damaged_where_it_is_kept_is_named_by_the_backup(machine, tmp_path):
    machine.commands.execute(RELEASE, "words", "1")
    machine.sequence()
    flip(place(machine.folder / "files", OLD))
    said = machine.run("backup", str(tmp_path / "one"), code=1)
    assert "NOT SOUND: commons/releases/words/1.0/w.safetensors: altered" in said
    assert not place(tmp_path / "comity-files", OLD).exists()
    assert (tmp_path / "one").exists()
    machine.run("backup", str(tmp_path / "two"), "--without-files")
    said = machine.run("backup", str(tmp_path / "three"), "--files", str(machine.folder / "files" / "x"), code=2)
    assert "holds the content itself" in said


@pytest.fixture
def store(tmp_path):
    made = DiskStore(tmp_path / "store")
    for content in (README, OLD):
        (tmp_path / "part").write_bytes(content)
        made.keep(source=tmp_path / "part", sha256=sha(content))
    return made


WANTED = [Content(sha(README), len(README)), Content(sha(OLD), len(OLD))]


def test_a_copy_that_rotted_is_found_and_replaced_when_it_is_read_again(store, tmp_path):
    copy_content(store=store, folder=tmp_path / "copy", contents=WANTED)
    flip(place(tmp_path / "copy", OLD))
    assert copy_content(store=store, folder=tmp_path / "copy", contents=WANTED).copied == 0
    done = copy_content(store=store, folder=tmp_path / "copy", contents=WANTED, again=True)
    assert (done.copied, done.held, done.problems) == (1, 1, [])
    assert place(tmp_path / "copy", OLD).read_bytes() == OLD


def test_what_a_killed_run_left_is_no_content_and_goes(store, tmp_path):
    copy = tmp_path / "copy"
    (copy / ".passing-x").mkdir(parents=True)
    (copy / ".passing-x" / sha(OLD)).write_bytes(OLD[:9])
    place(copy, OLD).parent.mkdir(parents=True)
    place(copy, OLD).with_name(f".{sha(OLD)}.ab").write_bytes(OLD[:9])
    assert copy_content(store=store, folder=copy, contents=WANTED).copied == 2
    assert sorted(p.name for p in copy.rglob("*") if p.is_file()) == sorted(["lock", sha(README), sha(OLD)])


def test_links_pipes_and_longer_files_in_a_copy_are_not_content(store, tmp_path):
    import os

    copy = tmp_path / "copy"
    copy_content(store=store, folder=copy, contents=WANTED)
    place(copy, OLD).unlink()
    os.mkfifo(place(copy, OLD))
    place(copy, README).chmod(0o600)
    with place(copy, README).open("r+b") as file:
        file.truncate(1 << 40)
    other = DiskStore(tmp_path / "other")
    other.folder.mkdir()
    done = bring_back(store=other, folder=copy, contents=WANTED, passing=other.folder)
    assert sorted(problem for _, problem in done.problems) == ["altered", "missing"]
    assert [p for p in other.folder.rglob("*") if p.is_file()] == []


def test_altered_content_is_replaced_only_by_what_is_right(store, tmp_path):
    copy_content(store=store, folder=tmp_path / "copy", contents=WANTED)
    flip(place(store.folder, OLD))
    assert find_problem(store=store, content=WANTED[1]) == "altered"
    flip(place(tmp_path / "copy", OLD))
    before = place(store.folder, OLD).read_bytes()
    done = bring_back(store=store, folder=tmp_path / "copy", contents=WANTED, passing=store.folder)
    assert done.problems == [(WANTED[1], "altered")]
    assert place(store.folder, OLD).read_bytes() == before
    flip(place(tmp_path / "copy", OLD))
    assert bring_back(store=store, folder=tmp_path / "copy", contents=WANTED, passing=store.folder).copied == 1
    assert place(store.folder, OLD).read_bytes() == OLD


def test_two_runs_do_not_copy_into_one_folder_at_once(store, tmp_path):
    from comity.adapters.mirror_folders import hold_folder

    with hold_folder(tmp_path / "copy"), pytest.raises(Conflict, match="Another command"):
        copy_content(store=store, folder=tmp_path / "copy", contents=WANTED)


def test_a_list_of_contents_is_read_as_it_was_written_and_refused_otherwise(tmp_path):
    path = tmp_path / "contents.txt"
    assert read_list(path=path) == ()
    path.write_bytes(write_list(contents=WANTED))
    assert read_list(path=path) == tuple(sorted(WANTED))
    for wrong in (b"../../etc/passwd 5\n", b"\xff", sha(OLD).encode() + b" -1\n", sha(OLD).upper().encode() + b" 1\n"):
        path.write_bytes(wrong)
        with pytest.raises(BrokenBackup):
            read_list(path=path)
