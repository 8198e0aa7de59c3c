"""What the commands say and leave behind where a disk, a folder or a server means harm."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys

import pytest

from comity.adapters.signing_keys import write_key_file
from support.commons_releases import Commons, random_bytes, served
from support.hostile_servers import answering

MODEL = random_bytes(1, 600_000)
FILES = {"model.bin": MODEL, "README.md": b"# Words\n"}


def run(*words: object, code: int = 0, most: int | None = None) -> str:
    """Run a command; with ``most`` no file that it writes may become larger, as where a disk is full."""

    def bound() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = subprocess.run(
        [sys.executable, "-m", "comity", "commons", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        preexec_fn=bound,
        timeout=100,
    )
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def commons(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commons")
    made = Commons(folder)
    made.release("words", "1.0", FILES)
    write_key_file(path=folder / "maker.key", key=made.maker)
    (folder / "log.pub").write_text(made.key.verifier.key.text + "\n", encoding="utf-8")
    made.folder = folder
    return made


@pytest.fixture(scope="module")
def forger(tmp_path_factory):
    """Another log under the same name, and a mirror of what it "proves", as on a disk that somebody hands over."""
    folder = tmp_path_factory.mktemp("forger")
    made = Commons(folder)
    made.release("words", "1.0", {"model.bin": b"worse", "README.md": b"# Worse\n"})
    return made


def test_where_a_key_is_given_the_keys_in_a_folder_that_somebody_brought_count_for_nothing(commons, forger, tmp_path):
    disk, pub = forger.mirror.folder, commons.folder / "log.pub"
    said = run("fetch", "words", "--from", disk, "--to", tmp_path / "use", "--key", pub, code=4)
    assert "forged-checkpoint" in said
    assert not (tmp_path / "use").exists()
    assert "words/1.0" in run("verify", disk, "--key", pub, code=4)
    out = tmp_path / "b.tar"
    run(
        "bundle", "words", "--from", disk, "--out", out, "--key", commons.folder / "maker.key", "--log-key", pub, code=4
    )
    assert not out.exists()
    run("mirror", disk, "--to", tmp_path / "m", "--key", pub, code=4)
    # Without one, whose key was relied on is said.
    assert forger.key.verifier.key.text in run("fetch", "words", "--from", disk, "--to", tmp_path / "own")
    assert forger.key.verifier.key.text in run("verify", disk)


def test_a_disk_that_fills_is_one_sentence_and_the_next_run_goes_on(commons, tmp_path):
    pub, full = commons.folder / "log.pub", 300_000
    origin = commons.mirror.folder
    assert "cannot be written" in run("mirror", origin, "--to", tmp_path / "m", "--key", pub, code=2, most=full)
    assert "1 new" in run("mirror", origin, "--to", tmp_path / "m")
    bundle = ("bundle", "words", "--from", origin, "--out", tmp_path / "b.tar", "--key", commons.folder / "maker.key")
    assert "cannot be written" in run(*bundle, code=2, most=full)
    assert [p.name for p in tmp_path.iterdir()] == ["m"]
    run(*bundle)
    load = ("load", tmp_path / "b.tar", "--to", tmp_path / "n", "--key", pub)
    assert "cannot be written" in run(*load, code=2, most=full)
    run(*load)
    fetch = ("fetch", "words", "--from", tmp_path / "n", "--to", tmp_path / "use")
    assert "cannot be written" in run(*fetch, code=2, most=full)
    assert [p.name for p in (tmp_path / "use").iterdir()] == [".cache"]
    run(*fetch)
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL
    assert "All of it holds." in run("verify", tmp_path / "n")


def test_files_come_from_several_addresses_and_the_servers_mirrors_and_a_liar_is_named(commons, tmp_path):
    pub = commons.folder / "log.pub"
    shutil.copytree(commons.mirror.folder, tmp_path / "copy")

    def lie(line, head):
        length = int(head.split("bytes=")[1].split()[0].split("-")[1]) + 1
        line.sendall(
            b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-%d/%d\r\nContent-Length: %d\r\n\r\n"
            % (length - 1, length, length)
            + b"x" * length
        )

    with served(commons.mirror) as origin, answering(lie) as (liar, asked):
        words = (
            "fetch",
            "words",
            "--from",
            origin,
            "--from",
            liar,
            "--from",
            tmp_path / "copy",
            "--key",
            pub,
            "--json",
        )
        told = json.loads(run(*words, "--to", tmp_path / "use"))
        assert asked
        assert set(told["given_up"]) <= {liar}
        assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL
        said = run("mirror", origin, "--also", liar, "--nearest", "--to", tmp_path / "m", "--key", pub)
    assert "1 new" in said
    assert "All of it holds." in run("verify", tmp_path / "m")


def test_a_name_from_outside_puts_nothing_into_a_terminal(tmp_path):
    evil = Commons(tmp_path / "evil")
    evil.release("words", "1.0", {"a\u202egpj.exe": b"x"})
    path = next(p for p in (tmp_path / "evil" / "origin" / "files").rglob("*") if p.is_file())
    path.write_bytes(b"y")
    said = run("verify", tmp_path / "evil" / "origin", code=4)
    assert "a?gpj.exe" in said
