"""A witness over HTTP: the answers of the specification, and nothing answered that is not kept."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from comity.adapters.signing_keys import make_key, write_key_file
from comity.adapters.witness_files import ask_witness, read_policy
from comity.adapters.witness_server import WitnessServer
from comity.engines.record.checkpoints import Checkpoint
from comity.engines.record.merkle import MerkleTree
from comity.engines.record.notes import COSIGNATURE, parse_note, parse_signature
from comity.engines.record.witnessing import Request
from comity.errors import BadSetting, Conflict, ForgedCheckpoint, Unreachable, WitnessKnowsMore

LOG = make_key(name="log.example/record")
WITNESS = make_key(name="witness.example", kind=COSIGNATURE)
TREE = MerkleTree()
TREE.extend([bytes([i]) for i in range(200)])


def request(old: int, size: int, *, key=LOG, root: bytes | None = None) -> Request:
    text = Checkpoint(origin=key.name, size=size, root=root or TREE.root(size)).text
    return Request(old=old, proof=TREE.consistency_proof(old=old, new=size), note=key.sign(text=text))


@pytest.fixture
def server(tmp_path):
    made = WitnessServer(address=("127.0.0.1", 0), key=WITNESS, state=tmp_path / "state", logs=[LOG.verifier.key])
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def ask(server, asked: Request):
    return ask_witness(address=f"http://127.0.0.1:{server.port}", by=WITNESS.verifier, request=asked)


def send(server, body: bytes, *, path: str = "/add-checkpoint", method: str = "POST", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    found = (response.status, response.headers.get("Content-Type"), response.read())
    connection.close()
    return found


def test_a_log_that_grows_is_cosigned_step_by_step(server):
    for old, size in ((0, 10), (10, 10), (10, 150), (150, 200)):
        before = int(time.time())
        line, cosigned = ask(server, request(old, size))
        assert (line.name, cosigned.witness, before <= cosigned.time <= before + 5) == (
            "witness.example",
            "witness.example",
            True,
        )


def test_the_answer_to_a_wrong_size_is_the_size_that_was_seen(server):
    ask(server, request(0, 150))
    with pytest.raises(WitnessKnowsMore) as known:
        ask(server, request(10, 200))
    assert known.value.data["size"] == 150
    assert send(server, request(10, 200).body.encode()) == (409, "text/x.tlog.size", b"150\n")


def test_a_log_that_shows_two_histories_is_not_cosigned(server):
    ask(server, request(0, 150))
    lie = Request(old=150, proof=(), note=request(0, 150, root=bytes(32)).note)
    assert send(server, lie.body.encode())[0] == 409
    other = Request(old=150, proof=(bytes(32),), note=request(0, 200).note)
    assert send(server, other.body.encode())[0] == 422
    assert server.state.seen(LOG.name).size == 150


@pytest.mark.parametrize(
    "body,status",
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"old 0\n\nnonsense", 400),
        (request(0, 10, key=make_key(name="log.example/record")).body.encode(), 403),
        (request(0, 10, key=make_key(name="elsewhere")).body.encode(), 404),
    ],
)
def test_bad_requests_are_refused_and_nothing_is_kept(server, body, status):
    assert send(server, body)[0] == status
    assert server.state.seen(LOG.name) is None


def test_a_body_that_is_too_large_is_not_read(server):
    status, _, text = send(server, b"", headers={"Content-Length": "70000"})
    assert (status, b"65536" in text) == (400, True)


def test_there_is_nothing_else_to_ask(server):
    assert send(server, b"", path="/", method="GET")[2].decode().strip() == WITNESS.verifier.key.text
    assert send(server, b"", path="/state", method="GET")[0] == 404
    assert send(server, b"x", path="/other")[0] == 404


def test_requests_at_one_time_never_set_the_witness_back(server):
    sizes = [20, 40, 60, 80, 100, 120, 140, 160, 180, 200]

    def push(size: int) -> None:
        for _ in range(60):
            seen = server.state.seen(LOG.name)
            old = seen.size if seen else 0
            if old >= size:
                return
            try:
                ask(server, request(old, size))
            except WitnessKnowsMore:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(push, sizes))
    assert server.state.seen(LOG.name).size == 200


def test_two_witnesses_cannot_share_a_folder(server, tmp_path):
    with pytest.raises(Conflict):
        WitnessServer(address=("127.0.0.1", 0), key=WITNESS, state=tmp_path / "state", logs=[])


def test_a_witness_that_is_not_there_is_unreachable():
    with pytest.raises(Unreachable):
        ask_witness(address="http://127.0.0.1:9", by=WITNESS.verifier, request=request(0, 10))


def test_an_answer_of_another_key_is_not_believed(server):
    stranger = make_key(name="witness.example", kind=COSIGNATURE)
    with pytest.raises(Unreachable, match="no signature of its key"):
        ask_witness(address=f"http://127.0.0.1:{server.port}", by=stranger.verifier, request=request(0, 10))


def test_what_was_answered_survives_a_kill_at_any_moment(tmp_path):
    """Kill the command again and again while it is asked; whatever it answered, it still knows afterwards."""
    write_key_file(path=tmp_path / "key", key=WITNESS)
    command = [
        *(sys.executable, "-m", "comity", "record", "witness", "--listen", "127.0.0.1:0"),
        *("--state", str(tmp_path / "state"), "--key", str(tmp_path / "key"), "--log", LOG.verifier.key.text),
    ]
    answered = 0
    for turn in range(4):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        port = int(re.search(r":(\d+)/", process.stdout.readline()).group(1))
        threading.Timer(0.02 + turn * 0.015, os.kill, (process.pid, signal.SIGKILL)).start()
        size, kept_more = answered, 0
        try:
            while size < 200:
                size += 1
                ask_witness(address=f"http://127.0.0.1:{port}", by=WITNESS.verifier, request=request(answered, size))
                answered = size
        except WitnessKnowsMore as more:
            # It had kept what it could not answer any more: a witness may know more than it said, never less.
            kept_more = int(more.data["size"]) - answered
            answered += 1
        except Unreachable:
            pass
        process.wait(timeout=10)
        process.stdout.close()
        assert kept_more in {0, 1}
    from comity.adapters.witness_server import WitnessState

    state = WitnessState(tmp_path / "state")
    assert state.seen(LOG.name).size in {answered, answered + 1}
    state.close()


GOOD = f"""
at_least = 1
[[witness]]
key = "{WITNESS.verifier.key.text}"
address = "https://witness.example/"
region = "Africa"
"""


def test_a_policy_file_is_read(tmp_path):
    (tmp_path / "w.toml").write_text(GOOD)
    (witness,) = read_policy(path=tmp_path / "w.toml").witnesses
    assert (witness.name, witness.address, witness.region) == ("witness.example", "https://witness.example", "Africa")


@pytest.mark.parametrize(
    "change",
    [
        ("at_least = 1", "at_least = 2"),
        ("at_least = 1", "at_least = 'one'"),
        ("at_least = 1", "at_leats = 1"),
        ("at_least = 1", "at_least = "),
        ("https://", "ftp://"),
        ("https://", "file:///etc/"),
        ("region", "regoin"),
        ("[[witness]]", "[witness]"),
        (WITNESS.verifier.key.text, "nonsense"),
        (f'key = "{WITNESS.verifier.key.text}"', f'key = "{WITNESS.verifier.key.text}"\nname = "another"'),
        (GOOD, "at_least = 1"),
    ],
)
def test_a_policy_file_that_breaks_its_rules_is_refused_by_name(tmp_path, change):
    (tmp_path / "w.toml").write_text(GOOD.replace(*change))
    with pytest.raises(BadSetting, match=r"w\.toml"):
        read_policy(path=tmp_path / "w.toml")


def test_a_forged_cosignature_is_refused(server):
    line, _ = ask(server, request(0, 10))
    from comity.engines.record.cosignatures import read_cosignature

    other = parse_note(request(0, 20).note).text
    with pytest.raises(ForgedCheckpoint):
        read_cosignature(text=other, line=parse_signature(line.text), by=WITNESS.verifier)
