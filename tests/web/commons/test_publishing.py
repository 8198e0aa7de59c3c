"""The command publishes to a real server, goes on after a cut, and is refused with what to do."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time

import httpx
import pytest

from comity.adapters.publishing import open_publisher
from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from support.commons import bytes_of
from support.serving_commons import served_commons

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with served_commons(tmp_path_factory.mktemp("served"), size=1000, workers=2) as found:
        yield found


def run_publish(served, folder, *words, token=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")}
    environment["COMITY_TOKEN"] = served.token if token is None else token
    usual = ["--to", served.address, "--body", "assembly", "--authority", "Rule 9"]
    return subprocess.run(
        [sys.executable, "-m", "comity", "commons", "publish", str(folder), *usual, *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def a_folder(path, seed=3):
    path.mkdir()
    (path / "README.md").write_text(f"---\nlicense: mit\nlanguage: [sw]\n---\n# Speech {seed}\n")
    (path / "model.safetensors").write_bytes(bytes_of(seed, 40_000))
    return path


def test_a_folder_becomes_a_version_that_the_hub_gives(served, tmp_path):
    folder = a_folder(tmp_path / "speech")
    done = run_publish(served, folder, "--release", "speech", "--label", "1.0", "--title", "fr=Parole", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["reference"], told["bytes_sent"]) == (
        "commons/releases/speech/1.0",
        sum(p.stat().st_size for p in folder.iterdir()),
    )
    got = httpx.get(f"{served.hub}/m1/speech/resolve/1.0/model.safetensors")
    assert got.content == bytes_of(3, 40_000)
    manifest = httpx.get(f"{served.hub}/comity/manifests/{told['manifest_sha256']}")
    assert hashlib.sha256(manifest.content).hexdigest() == told["manifest_sha256"]
    assert manifest.json()["titles"] == {"fr": "Parole"}
    again = run_publish(served, folder, "--release", "speech", "--label", "1.0", "--json")
    assert (again.returncode, json.loads(again.stdout)["error"]["code"]) == (2, "conflict")


def test_a_second_version_sends_only_what_is_new(served, tmp_path):
    folder = a_folder(tmp_path / "steps", seed=4)
    assert run_publish(served, folder, "--release", "steps", "--label", "1").returncode == 0
    (folder / "notes.md").write_text("new\n")
    done = run_publish(served, folder, "--release", "steps", "--label", "2", "--json")
    assert json.loads(done.stdout)["bytes_sent"] == 4


@pytest.mark.parametrize(
    "token, code", [("", "bad-parameter"), ("comity_wrong", "not-permitted"), ("two\nlines", "bad-parameter")]
)
def test_without_a_token_that_serves_nothing_is_sent(served, tmp_path, token, code):
    done = run_publish(served, a_folder(tmp_path / "x"), "--release", "x", "--label", "1", "--json", token=token)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, code)
    assert "comity_wrong" not in done.stdout + done.stderr


def test_a_token_is_shown_to_no_machine_without_tls():
    for address in ("http://example.org", "ftp://127.0.0.1", "nothing"):
        with pytest.raises(BadParameter):
            open_publisher(address=address, token="comity_x")
    assert "comity_x" not in repr(open_publisher(address="https://example.org", token="comity_x"))


def test_sending_goes_on_where_the_server_was_killed(served, tmp_path, monkeypatch):
    from comity.adapters import publishing

    monkeypatch.setattr(publishing, "PIECE", 1 << 20)
    content = bytes_of(5, 60 << 20)
    path = tmp_path / "large.bin"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    publisher = open_publisher(address=served.hub, token=served.token)
    killed = threading.Event()

    def kill_one(received: int) -> None:
        if received > 20 << 20 and not killed.is_set():
            killed.set()
            os.kill(served.workers()[0], 9)

    sent = publisher.send_file(path=path, sha256=digest, size=len(content), tell=kill_one)
    assert (killed.is_set(), sent) == (True, len(content))
    assert publisher.send_file(path=path, sha256=digest, size=len(content)) == 0
    assert (served.folder / "files" / digest[:2] / digest[2:4] / digest).stat().st_size == len(content)
    time.sleep(6)  # the server gives up where a process dies again within five seconds of its start


def test_every_refusal_of_the_doors_says_what_to_do(served):
    publisher = open_publisher(address=served.address, token=served.token)
    with pytest.raises(BadParameter, match="in small letters"):
        publisher._ask("GET", "send/nothing?size=4")
    with pytest.raises(BadParameter, match="number of bytes"):
        publisher._ask("GET", f"send/{'0' * 64}?size=-4")
    with pytest.raises(BadParameter, match="FIRST-LAST/SIZE"):
        publisher._ask("PUT", f"send/{'0' * 64}", body=b"x")
    with pytest.raises(NotFound):
        publisher._ask("PUT", f"send/{'1' * 64}", body=b"x", headers={"Content-Range": "bytes 0-0/1"})
    for asked, says in (
        ({"strange": 1}, "authority"),
        ({"titles": []}, "names with their texts"),
        ({"authors": "me"}, "a list of names"),
        ({"kind": 4}, "a text"),
    ):
        with pytest.raises(BadParameter, match=says):
            publisher.release(slug="y", label="1", asked=asked)
    own = {"body": "assembly", "kind": "model", "titles": {"en": "x"}, "authority": "Rule 9", "files": {"a": "0" * 64}}
    with pytest.raises(BadParameter, match="sent whole"):
        publisher.release(slug="y", label="1", asked=own)
    with pytest.raises((Conflict, BadParameter)):
        publisher.release(slug="lists", label="2", asked=own)
    nobody = open_publisher(address=served.address, token="comity_no")
    with pytest.raises(NotPermitted):
        nobody.release(slug="y", label="1", asked=own)
    body = httpx.put(
        f"{served.hub}/comity/releases/y/1", content=b"{", headers={"Authorization": f"Bearer {served.token}"}
    )
    assert (body.status_code, body.json()["code"]) == (400, "bad-parameter")
    assert httpx.put(f"{served.hub}/comity/releases/y/1", content=b"{}").status_code == 401


def test_the_mirror_takes_in_what_the_record_proves_and_leaves_out_the_rest(served, tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")}
    words = ["commons", "mirror", served.address, "--to", str(tmp_path / "copy"), "--key", served.key]
    only = ["--only", "words", "--only", "lists", "--json"]
    run = [sys.executable, "-m", "comity", *words, *only]
    done = subprocess.run(run, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["ok"], told["refused"]) == (True, [])
    assert told["added"] == ["commons/releases/lists/1.0", "commons/releases/words/2.0"]
    held = b"".join(p.read_bytes() for p in (tmp_path / "copy").rglob("*") if p.is_file())
    assert (bytes_of(7, 1000) in held, b"hidden" in held) == (True, False)
