"""Backup and restore, as an operator runs them, on the database that this run tests."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import uuid
from typing import TYPE_CHECKING

import pytest

from support.machines import Machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def machine(tmp_path, templates):
    with templates.new_database(f"machine_{uuid.uuid4().hex[:10]}", template="instance") as url:
        made = Machine(tmp_path / "data", url)
        templates.copy_instance(made.folder)
        yield made
        made.close()


@pytest.fixture
def witness(machine, tmp_path):
    """A witness of the machine's log, named in its policy."""
    key = machine.run(
        *["record", "keygen", "--witness", "--name", "witness.example", "--out"], str(tmp_path / "key")
    ).strip()
    log = machine.status()["key"]
    command = [sys.executable, "-m", "comity", "record", "witness", "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        [*command, "--state", str(tmp_path / "state"), "--key", str(tmp_path / "key"), "--log", log],
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    port = re.search(r":(\d+)/", process.stdout.readline()).group(1)
    (machine.folder / "witnesses.toml").write_text(
        f'at_least = 1\n[[witness]]\nkey = "{key}"\naddress = "http://127.0.0.1:{port}"\n'
    )
    yield key
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


def test_yesterdays_backup_beside_a_witness_does_not_sign_until_it_is_reconciled(machine, witness, tmp_path):
    machine.enter(5)
    machine.sequence()
    assert "witness.example: signed" in machine.run("record", "ask-witnesses")
    machine.run("backup", str(tmp_path / "yesterday"))
    machine.enter(4)
    machine.sequence()
    assert "witness.example: signed" in machine.run("record", "ask-witnesses")
    key = machine.status()["key"]
    machine.run("record", "mirror", str(machine.folder / "record"), str(tmp_path / "mirror"), "--key", key)
    published = (machine.folder / "record" / "checkpoint").read_text()

    assert "holds acts" in machine.run("restore", str(tmp_path / "yesterday"), "--yes", code=2)
    restored = machine.run("restore", str(tmp_path / "yesterday"), "--yes", "--replace")
    assert "signed at 5" in restored
    machine.enter(2)
    assert "The log signs nothing" in machine.run(*["record", "sequence", "--until-empty"], code=2)
    assert machine.status()["waiting"] == 2
    # Even where the memory beside the key is lost with the old machine, the witness knows.
    (machine.folder / "record.signed").unlink()
    assert "A tree of 9 entries was signed" in machine.run("record", "reconcile", code=2)

    told = machine.run("record", "reconcile", "--from", str(tmp_path / "mirror"))
    assert "4 entries recovered; the log holds 9" in told
    machine.sequence()
    assert "witness.example: signed" in machine.run("record", "ask-witnesses")
    after = (machine.folder / "record" / "checkpoint").read_text()
    assert after.split("\n")[1] == "11"
    (tmp_path / "before").write_text(published)
    words = ("record", "verify", str(machine.folder / "record"), "--key", key)
    assert "It continues the checkpoint of 9" in machine.run(*words, "--since-checkpoint", str(tmp_path / "before"))
    assert "Witnessed by 1" in machine.run(*words, "--witness-policy", str(machine.folder / "witnesses.toml"))


SET_BACK = """
import sys, django; django.setup()
from comity.platform.record.models import Act, Checkpoint, Cosignature, Link
size = int(sys.argv[1])
Link.objects.filter(act__sequence__gte=size).delete()
Cosignature.objects.filter(checkpoint__size__gt=size).delete()
Checkpoint.objects.filter(size__gt=size).delete()
Act.objects.filter(sequence__gte=size).delete()
"""


def test_a_machine_set_back_with_all_its_files_heeds_its_witness_before_it_signs(machine, witness, tmp_path):
    machine.enter(5)
    machine.sequence()
    assert "witness.example: signed" in machine.run("record", "ask-witnesses")
    shutil.copytree(machine.folder / "record", tmp_path / "image")
    shutil.copy(machine.folder / "record.signed", tmp_path / "signed")
    machine.enter(4)
    machine.sequence()
    assert "witness.example: signed" in machine.run("record", "ask-witnesses")

    shutil.rmtree(machine.folder / "record")
    shutil.copytree(tmp_path / "image", machine.folder / "record")
    shutil.copy(tmp_path / "signed", machine.folder / "record.signed")
    machine.commands.execute(SET_BACK, "5")
    machine.enter(4)
    refused = machine.run("record", "sequence", "--until-empty", code=2)
    assert "A witness has seen a tree of 9 entries; this log holds 5" in refused
    assert (machine.folder / "record" / "checkpoint").read_text().split("\n")[1] == "5"


def test_a_backup_brings_a_lost_machine_back_with_its_files_and_keys(machine, tmp_path):
    machine.enter(7)
    machine.sequence()
    (machine.folder / "uploads").mkdir()
    (machine.folder / "uploads" / "note.txt").write_text("kept")
    before = machine.status()
    machine.run("backup", str(tmp_path / "backup"))
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    with contextlib.closing(Machine(tmp_path / "other", machine.environment["COMITY_DATABASE_URL"])) as other:
        other.folder.mkdir(mode=0o700)
        other.run("restore", str(tmp_path / "backup"), "--yes", "--replace")
        assert (other.folder / "uploads" / "note.txt").read_text() == "kept"
        assert "0 entries recovered; the log holds 7" in other.run("record", "reconcile")
        other.enter(1)
        other.sequence()
        assert (other.status()["key"], other.status()["size"]) == (before["key"], 8)


def test_a_log_whose_entries_are_lost_for_good_goes_on_under_a_new_name(machine, tmp_path):
    machine.enter(3)
    machine.sequence()
    machine.run("backup", str(tmp_path / "backup"))
    machine.enter(3)
    machine.sequence()
    machine.run("restore", str(tmp_path / "backup"), "--yes", "--replace")
    assert "A tree of 6" in machine.run("record", "reconcile", code=2)
    assert "still signs as" in machine.run("record", "reconcile", "--new-origin", code=2)
    key = str(machine.folder / "record.key")
    machine.run("record", "keygen", "--rotate", "--out", key, "--name", "second.invalid/record")
    assert "goes on as second.invalid/record" in machine.run("record", "reconcile", "--new-origin")
    machine.enter(1)
    machine.sequence()
    assert (machine.status()["origin"], machine.status()["size"]) == ("second.invalid/record", 4)


def damage(source: Path, target: Path, kind: str) -> None:
    if kind == "cut":
        target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    elif kind == "nonsense":
        target.write_bytes(b"no archive at all")
    else:
        with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
            for entry in old:
                content = old.extractfile(entry).read()
                if kind == "altered" and entry.name == "database":
                    content = content[:-1] + bytes([content[-1] ^ 1])
                if kind == "missing" and entry.name == "files/record.key":
                    continue
                if kind == "escape" and entry.name == "files/record.key":
                    entry.name = "../escaped"
                new.addfile(entry, io.BytesIO(content))


def test_a_damaged_backup_replaces_nothing_however_it_is_damaged(machine, tmp_path):
    machine.enter(3)
    machine.sequence()
    machine.run("backup", str(tmp_path / "backup"))
    machine.enter(1)
    before = machine.status()
    for kind in ("cut", "nonsense", "altered", "missing", "escape"):
        damage(tmp_path / "backup", tmp_path / f"damaged-{kind}", kind)
        told = machine.run("restore", str(tmp_path / f"damaged-{kind}"), "--yes", "--replace", code=2)
        assert "Nothing was replaced" in told, kind
        assert machine.status() == before, kind
        assert not (tmp_path / "escaped").exists(), kind
        assert [p.name for p in machine.folder.iterdir() if p.name.startswith(".restore")] == [], kind


def test_a_backup_never_writes_over_a_file(machine, tmp_path):
    (tmp_path / "precious").write_text("precious")
    assert "exists" in machine.run("backup", str(tmp_path / "precious"), code=2)
    assert (tmp_path / "precious").read_text() == "precious"
