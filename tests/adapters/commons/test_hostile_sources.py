"""Servers and disks that mean harm: every run ends, within bounds, and nothing enters."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time

import pytest

from comity.adapters.bundle_crates import CrateFile, describe_bundle
from comity.adapters.bundles import scan_bundle, write_bundle
from comity.adapters.bundling import load_bundle
from comity.adapters.commons_sources import FolderCommons, HttpCommons, open_commons
from comity.adapters.mirroring import update_mirror
from comity.errors import BadInput, BadParameter, BrokenBundle, NotAsReleased, NotFound, Unreachable
from support.commons_releases import Commons, random_bytes, served
from support.hostile_servers import answering

OK = b"HTTP/1.1 200 OK\r\n"
SHA = "ab" * 32


def source_at(address: str, **more) -> HttpCommons:
    return HttpCommons(address=address, pause=lambda _: None, **more)


def drip(line, head=b"", block=b"x", pause=0.02):
    line.sendall(head)
    while True:
        line.sendall(block)
        time.sleep(pause)


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:9/stolen", "file:///etc/passwd", "//127.0.0.1:9/", "/hub/comity/catalogue.json"]
)
def test_nobody_is_sent_to_another_place(place):
    with answering(lambda line, _: line.sendall(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\n\r\n".encode())) as (
        address,
        asked,
    ):
        with pytest.raises(Unreachable, match="HTTP 302"):
            source_at(address).catalogue()
        assert asked == ["/hub/comity/catalogue.json"]


@pytest.mark.parametrize(
    "status", ["416 Range Not Satisfiable", "400 Bad Request", "418 Teapot", "206 Partial Content"]
)
def test_an_answer_that_no_patience_mends_is_not_asked_for_again_and_again(status):
    told = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()
    with answering(lambda line, _: line.sendall(told)) as (address, asked):
        with pytest.raises(Unreachable):
            list(source_at(address).read(SHA, 0, 100))
        assert len(asked) <= 8


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 10\r\n\r\n",
        b"Content-Length: 99999999999999999999999999\r\n\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"Content-Length: \xb2\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzzzz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffffff\r\n",
        b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        b"".join(b"X%d: y\r\n" % n for n in range(500)) + b"\r\n",
    ],
    ids=["short", "long", "digits", "square", "negative", "no-hex", "vast-chunk", "long-header", "many-headers"],
)
def test_lengths_and_headers_that_lie_end_in_a_refusal(head):
    with answering(lambda line, _: line.sendall(OK + head + b"{}")) as (address, asked):
        source = source_at(address)
        with pytest.raises((Unreachable, NotAsReleased)):
            update_mirror(source=source, mirror=None)
        assert len(asked) <= 8


def test_a_length_that_is_longer_than_what_comes_is_a_broken_line_and_no_file():
    def answer(line, head):
        line.sendall(b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-99/100\r\nContent-Length: 100\r\n\r\nabc")

    with answering(answer) as (address, asked):
        with pytest.raises(Unreachable):
            list(source_at(address).read(SHA, 0, 100))
        assert len(asked) <= 8


def test_another_part_than_was_asked_for_is_not_taken():
    def answer(line, head):
        line.sendall(
            b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 50-149/200\r\nContent-Length: 100\r\n\r\n" + b"x" * 100
        )

    with answering(answer) as (address, _), pytest.raises(Unreachable, match="another part"):
        list(source_at(address).read(SHA, 0, 100))


def test_a_listing_without_end_is_cut_off():
    def answer(line, head):
        line.sendall(OK + b"\r\n")
        while True:
            line.sendall(b'{"a":' * 200_000)

    with answering(answer) as (address, _), pytest.raises(NotAsReleased, match="more than"):
        source_at(address).evidence(_listed())


def _listed():
    from comity.adapters.commons_catalogues import ListedVersion

    return ListedVersion("commons/releases/a/1", 1, SHA, "0" * 8 + "-0000-0000-0000-" + "0" * 12, {})


def test_what_is_packed_is_not_unpacked():
    packed = gzip.compress(b'{"comity_catalogue": 1, "releases": []}' + b" " * 10_000_000)

    def answer(line, head):
        assert "identity" in head
        line.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)

    with answering(answer) as (address, _), pytest.raises(NotAsReleased, match="no JSON"):
        update_mirror(source=source_at(address), mirror=None)


@pytest.mark.parametrize(
    "content", [b"[" * 1_000_000, b'{"releases": ' + b"[" * 900_000, b'{"releases": [1e999999, ' + b"9" * 6000 + b"]}"]
)
def test_a_listing_that_is_deep_or_vast_in_its_numbers_is_no_catalogue(content):
    def answer(line, head):
        line.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(content) + content)

    with answering(answer) as (address, _):
        with pytest.raises(NotAsReleased):
            update_mirror(source=source_at(address), mirror=None)
        with pytest.raises((NotFound, BadParameter)):
            _pieces(source_at(address))


def _pieces(source):
    from comity.engines.commons.chunks import read_chunk_list

    return read_chunk_list(rows=source.chunk_rows(SHA), size=100)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 ",
        OK + b"X-Slow: ",
        OK + b"\r\n",
        OK + b"Content-Length: 1000000\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 206 P\r\nContent-Range: bytes 0-99999/100000\r\nContent-Length: 100000\r\n\r\n",
    ],
    ids=["status", "header", "body", "length", "chunk", "range"],
)
def test_what_drips_holds_nobody_for_ever(head):
    with answering(lambda line, _: drip(line, head, b"1", pause=0.05)) as (address, asked):
        source = source_at(address, patience=1.0, attempts=2)
        with pytest.raises(Unreachable):
            list(source.read(SHA, 0, 100_000))
        assert len(asked) == 2
        with pytest.raises(Unreachable):
            source.catalogue()
        source.close()


def test_heads_that_go_on_for_ever_hold_nobody():
    with answering(lambda line, _: drip(line, b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.001)) as (address, asked):
        with pytest.raises(Unreachable):
            source_at(address, patience=1.0, attempts=2).catalogue()
        assert len(asked) == 2


def test_a_slow_line_that_brings_something_is_waited_for():
    content = random_bytes(1, 3000)

    def answer(line, head):
        line.sendall(OK + b"Content-Length: 3000\r\n\r\n")
        for at in range(0, 3000, 20):
            line.sendall(content[at : at + 20])
            time.sleep(0.05)

    with answering(answer) as (address, asked):
        found = b"".join(source_at(address, patience=10.0).read(SHA, 0, 3000))
    assert (found, len(asked)) == (content, 1)


@pytest.mark.parametrize(
    "address",
    [
        "http://h:99999999",
        "http://[::1",
        "http://" + "a" * 70 + ".example",
        "http://a.example/?x=1",
        "http://a.example/\n",
        "http://b\u00fccher.example\u2028",
        "file:///etc/passwd",
        "gopher://a.example",
        "http://",
        "https:///hub",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(BadParameter):
        open_commons(text=address)


CLIMB = "../" * 10
AIMS = [f"{CLIMB}{'tmp/x':a>34}", "/" + "a" * 63, "A" * 64, "." * 64, "\u0661" * 64]


@pytest.mark.parametrize("digest", AIMS, ids=["climbs", "root", "capitals", "dots", "digits"])
def test_a_bundle_whose_digest_is_a_path_writes_nothing(tmp_path, digest):
    """The name under which content is put aside is the digest that the bundle states, before anything was compared."""
    assert len(digest) == 64
    commons = Commons(tmp_path / "commons")
    good = CrateFile("data/x/1/a", 1, hashlib.sha256(b"a").hexdigest())
    crate = describe_bundle(versions=[], files=[good], maker="x", made_at=__import__("datetime").datetime(2026, 1, 1))
    crate = crate.replace(good.sha256.encode(), json.dumps(digest).strip('"').encode())
    target = tmp_path / "x.tar"
    _write_unchecked(target, crate, commons.maker)
    before = {p for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(BrokenBundle, match="64 digits"):
        load_bundle(path=target, mirror=commons.empty_mirror(tmp_path / "m"))
    assert {p for p in tmp_path.rglob("*") if p.is_file()} - before == {tmp_path / "m" / "mirror.json"}


def _write_unchecked(target, crate, key):
    """Write a bundle as its format demands, whatever its list says."""
    from comity.adapters import bundles

    note = key.sign(text=bundles._note_text(crate=crate, key=key.verifier.key)).encode()
    content = b""
    for name, part in ((bundles.NOTE, note), (bundles.NAME, crate), ("data/x/1/a", b"a")):
        content += bundles._header(name, len(part)) + part + bundles._padding(len(part))
    target.write_bytes(content + bundles.END)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "data/../../x", "data//x", "data/x\n", "C:/x", "data\\x"])
def test_a_bundle_whose_paths_lead_out_is_refused(tmp_path, path):
    commons = Commons(tmp_path / "commons")
    files = [CrateFile(path, 1, hashlib.sha256(b"a").hexdigest())]
    crate = describe_bundle(versions=[], files=files, maker="x", made_at=__import__("datetime").datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="it lists"):
        write_bundle(target=tmp_path / "x.tar", crate=crate, contents={}, key=commons.maker)
    _write_unchecked(tmp_path / "x.tar", crate, commons.maker)
    with pytest.raises(BrokenBundle):
        load_bundle(path=tmp_path / "x.tar", mirror=commons.empty_mirror(tmp_path / "m"))
    assert scan_bundle(path=tmp_path / "x.tar").problems


@pytest.fixture
def disk(tmp_path):
    """A mirror on a disk that somebody brought, with an empty file in a release."""
    commons = Commons(tmp_path / "commons")
    commons.release("words", "1.0", {"empty": b"", "a": b"a"})
    return commons


def test_a_pipe_in_the_place_of_content_is_named_and_waits_for_nobody(disk, tmp_path):
    path = disk.mirror.file_path(hashlib.sha256(b"").hexdigest())
    path.unlink()
    os.mkfifo(path)
    assert [problem.split(" (")[0] for _, problem in disk.mirror.find_damage()] == ["it is no file"]
    with pytest.raises(NotFound):
        list(disk.mirror.read(path.name))
    mirror = disk.empty_mirror(tmp_path / "m")
    done = update_mirror(source=FolderCommons(disk.mirror), mirror=mirror)
    assert (done.added, mirror.file_path(path.name).read_bytes()) == (["commons/releases/words/1.0"], b"")
    assert mirror.file_path(path.name).is_file()
    with served(disk.mirror) as address, pytest.raises(NotFound):
        list(source_at(address).read(path.name, 0, 1))


@pytest.mark.parametrize("name", ["catalogue.json", "mirror.json", "versions/words/1.0/manifest.json"])
@pytest.mark.parametrize("kind", ["vast", "pipe", "folder"])
def test_a_disk_with_something_else_in_the_place_of_a_small_file_is_refused(disk, tmp_path, name, kind):
    path = disk.mirror.folder / name
    path.unlink()
    if kind == "vast":
        with path.open("wb") as file:
            file.truncate(1 << 40)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises((BadInput, NotAsReleased)):
        _take_all(disk.mirror.folder, disk.empty_mirror(tmp_path / "m"))


def _take_all(folder, mirror):
    done = update_mirror(source=open_commons(text=str(folder)), mirror=mirror)
    for _, error in done.refused:
        raise error


def test_content_that_became_shorter_while_it_is_served_closes_the_line(tmp_path):
    commons = Commons(tmp_path / "commons")
    content = random_bytes(3, 50_000)
    commons.release("words", "1.0", {"a": content})
    with served(commons.mirror) as address:
        source = source_at(address, attempts=2)
        sha256 = hashlib.sha256(content).hexdigest()
        assert b"".join(source.read(sha256, 0, 100)) == content[:100]
        os.truncate(commons.mirror.file_path(sha256), 20_000)
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            list(source.read(sha256, 0, 50_000))
        assert time.monotonic() - begun < 20, "it waited for bytes that never come"
        source.close()


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /hub/comity/files/%s HTTP/1.1\r\nHost: x\r\nRange: bytes=" + b"9" * 5000 + b"-\r\n\r\n",
        b"GET //[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hub/comity/files/%%00%%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hub/comity/catalogue.json HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"
        b"GET /hub/comity/files/x HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["digits", "brackets", "bytes", "smuggled"],
)
def test_a_mirror_answers_an_odd_request_once_and_lives_on(tmp_path, request_line):
    import socket

    commons = Commons(tmp_path / "commons")
    commons.release("words", "1.0", {"a": b"a"})
    with served(commons.mirror) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(request_line.replace(b"%s", hashlib.sha256(b"a").hexdigest().encode()))
            line.shutdown(socket.SHUT_WR)
            found = b""
            while block := line.recv(65536):
                found += block
        assert found.count(b"HTTP/1.1 ") == 1
        assert b" 500 " not in found
        assert source_at(address).catalogue()


def test_who_forgets_to_close_a_source_leaves_no_watch_behind():
    import gc
    import threading

    def watches():
        return [one for one in threading.enumerate() if "_look" in one.name]

    before = len(watches())
    with answering(lambda line, _: drip(line, OK + b"Content-Length: 5\r\n\r\n", b"{", pause=0.001)) as (address, _):
        for _ in range(5):
            with pytest.raises(NotAsReleased):
                update_mirror(source=source_at(address), mirror=None)
        gc.collect()
        until = time.monotonic() + 30
        while len(watches()) > before and time.monotonic() < until:
            time.sleep(0.1)
    assert len(watches()) <= before
