"""The commands of the record as a person runs them: what holds, what is named, and what cannot be looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from comity.adapters.signing_keys import make_key
from comity.adapters.tile_store import TileStore
from comity.engines.record.checkpoints import Checkpoint
from comity.engines.record.proofs import Receipt
from comity.engines.record.tiles import pack_entries, unpack_entries

if TYPE_CHECKING:
    from pathlib import Path

ACT = b'{"member":"","nonce":"%02d","office":"secretariat","payload_sha256":"%s","subject":"a/b","time":"2026-01-01T00:00:00Z","type":"test-act"}'


def run(*words: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "comity", "record", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


@pytest.fixture
def key():
    return make_key(name="log.example/record")


@pytest.fixture
def log(tmp_path, key) -> Path:
    import hashlib

    store = TileStore(tmp_path / "log")
    payloads = [b'{"n":%d}' % n for n in range(3)]
    digests = [hashlib.sha256(p).hexdigest().encode() for p in payloads]
    store.append([ACT % (n, digests[n % 3]) for n in range(10)])
    publish(store, key)
    (tmp_path / "log" / "payloads").mkdir()
    for payload, digest in zip(payloads, digests, strict=True):
        (tmp_path / "log" / "payloads" / f"{digest.decode()}.json").write_bytes(payload)
    return tmp_path / "log"


def publish(store: TileStore, key) -> None:
    note = key.sign(text=Checkpoint(origin=key.name, size=store.size, root=store.tree().root()).text)
    store.publish_checkpoint(note)


def test_a_sound_log_is_said_to_be_sound(log, key):
    told = run("verify", log, "--key", key.verifier.key.text, "--recompute")
    assert "10 entries" in told
    assert "10 payloads have the digests" in told
    assert told.rstrip().endswith("All of it holds.")


def test_json_for_machines(log, key):
    found = json.loads(run("verify", log, "--key", key.verifier.key.text, "--json"))
    assert (found["ok"], found["size"], found["origin"]) == (True, 10, "log.example/record")


def bundle(log: Path) -> Path:
    return log / "tile" / "entries" / "000.p" / "10"


def alter_tile(log: Path) -> None:
    path = log / "tile" / "0" / "000.p" / "10"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def alter_entry(log: Path) -> None:
    bundle(log).write_bytes(bundle(log).read_bytes().replace(b'"04"', b'"94"'))


def reorder(log: Path) -> None:
    entries = unpack_entries(bundle(log).read_bytes(), path="x")
    bundle(log).write_bytes(pack_entries([entries[1], entries[0], *entries[2:]]))


def forge_checkpoint(log: Path) -> None:
    publish(TileStore(log), make_key(name="log.example/record"))


def alter_payload(log: Path) -> None:
    next((log / "payloads").iterdir()).write_bytes(b'{"n":9}')


@pytest.mark.parametrize(
    "fraud,code",
    [
        (alter_tile, "tampered-tile"),
        (alter_entry, "tampered-tile"),
        (reorder, "reordered-entry"),
        (forge_checkpoint, "forged-checkpoint"),
        (alter_payload, "wrong-payload"),
    ],
)
def test_each_fraud_is_found_and_named(log, key, fraud, code):
    fraud(log)
    told = run("verify", log, "--key", key.verifier.key.text, "--recompute", code=4)
    assert f"NOT SOUND ({code})" in told
    found = json.loads(run("verify", log, "--key", key.verifier.key.text, "--recompute", "--json", code=4))
    assert (found["ok"], found["code"]) == (False, code)


def test_a_split_view_is_found_with_a_checkpoint_that_was_kept(log, key, tmp_path):
    (tmp_path / "kept").write_text((log / "checkpoint").read_text())
    other = TileStore(tmp_path / "other")
    other.append([ACT % (n, b"0" * 64) for n in range(50, 70)])
    publish(other, key)
    words = ("verify", tmp_path / "other", "--key", key.verifier.key.text)
    assert "All of it holds" in run(*words)
    assert "split-view" in run(*words, "--since-checkpoint", tmp_path / "kept", code=4)


def receipt(log: Path) -> str:
    store = TileStore(log)
    entry = next(iter(store.entries(4, 5)))
    proof = store.tree().inclusion_proof(index=4)
    return Receipt(index=4, proof=proof, checkpoint=store.published(), extra=entry).text


def test_a_receipt_is_checked_alone_and_beside_its_log(log, key, tmp_path):
    path = tmp_path / "act.tlog-proof"
    path.write_text(receipt(log))
    told = run("verify", path, "--key", key.verifier.key.text)
    assert "entry 4 is in the log log.example/record of 10 entries: test-act by the secretariat" in told
    assert "All of it holds" in run("verify", log, "--key", key.verifier.key.text, "--receipt", path)
    path.write_text(receipt(log).replace("index 4", "index 5"))
    assert "wrong-inclusion" in run("verify", path, "--key", key.verifier.key.text, code=4)


def test_a_policy_that_is_not_met_is_said_so(log, key, tmp_path):
    from comity.engines.record.notes import COSIGNATURE

    witness = make_key(name="w.example", kind=COSIGNATURE).verifier.key.text
    (tmp_path / "w.toml").write_text(f'[[witness]]\nkey = "{witness}"\naddress = "https://w.example"\n')
    told = run("verify", log, "--key", key.verifier.key.text, "--witness-policy", tmp_path / "w.toml", code=4)
    assert "not-witnessed" in told


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "/nowhere/at/all", "--key", "KEY"),
        ("verify", "ftp://host/record", "--key", "KEY"),
        ("verify", "http://127.0.0.1:9/record", "--key", "KEY"),
        ("verify", "LOG", "--key", "KEY", "--since-checkpoint", "/nowhere"),
        ("verify", "LOG", "--key", "KEY", "--witness-policy", "/nowhere"),
        ("mirror", "/nowhere", "COPY", "--key", "KEY"),
        ("witness", "--listen", "nonsense", "--state", "COPY", "--key", "/nowhere", "--log", "KEY"),
        ("witness", "--state", "COPY", "--key", "/nowhere", "--log", "KEY"),
        ("keygen", "--out", "/nowhere/at/all/key", "--name", "a.example"),
        ("keygen", "--out", "COPY", "--name", "a name"),
        ("keygen", "--rotate", "--out", "/nowhere", "--name", "a.example"),
    ],
)
def test_what_cannot_be_looked_at_is_said_in_one_sentence(words, log, key, tmp_path):
    given = [{"KEY": key.verifier.key.text, "LOG": log, "COPY": tmp_path / "copy"}.get(word, word) for word in words]
    told = run(*given, code=2)
    assert "Traceback" not in told
    assert told.strip().startswith("Error: ")


def test_a_key_that_is_none_is_refused(log):
    told = run("verify", log, "--key", "nonsense", code=4)
    assert "malformed-note" in told


def test_keygen_makes_changes_and_never_overwrites(tmp_path):
    path = tmp_path / "key"
    first = run("keygen", "--out", path, "--name", "log.example/record").strip()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "exists" in run("keygen", "--out", path, "--name", "log.example/record", code=2)
    second = run("keygen", "--rotate", "--out", path).strip()
    assert first != second
    assert first in path.read_text()


def test_mirror_copies_and_refuses_what_forgot(log, key, tmp_path):
    copy = tmp_path / "copy"
    assert "10 entries, 10 new, 3 payloads" in run("mirror", log, copy, "--key", key.verifier.key.text)
    assert "All of it holds" in run("verify", copy, "--key", key.verifier.key.text, "--recompute")
    shorter = TileStore(tmp_path / "shorter")
    shorter.append([ACT % (n, b"0" * 64) for n in range(3)])
    publish(shorter, key)
    assert "split-view" in run("mirror", shorter.folder, copy, "--key", key.verifier.key.text, code=4)


def test_help_is_quick_and_loads_neither_numbers_nor_server_nor_keys():
    program = (
        "import sys\nfrom comity.cli.main import main\ntry:\n    main(['record', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'django', 'cryptography', 'rfc8785'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
    assert "witness" in run("--help")
