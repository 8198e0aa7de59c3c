"""A disk and an S3-compatible server on loopback keep content alike: whole or not at all, by its digest."""

from __future__ import annotations

import gc
import hashlib
import random
import zipfile
from pathlib import Path

import pytest

from comity.adapters.content_copies import Content, bring_back, copy_content
from comity.adapters.file_stores import DiskStore
from comity.adapters.s3_store import S3Store
from comity.errors import BadParameter, BrokenFile, NotFound, Unreachable

CONTENT = random.Random(1).randbytes(3_000_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3_address():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["disk", "s3"])
def store(request, tmp_path, monkeypatch):
    if request.param == "disk":
        return DiskStore(tmp_path / "store")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    address = request.getfixturevalue("s3_address")
    made = S3Store(f"s3://released/files?endpoint={address}")
    made.client.create_bucket(Bucket="released")
    made.discard(sha256=DIGEST)
    return made


def a_file(folder, content=CONTENT):
    path = folder / "in.bin"
    path.write_bytes(content)
    return path


def test_what_is_kept_is_read_whole_and_in_parts(store, tmp_path):
    source = a_file(tmp_path)
    assert not store.holds(sha256=DIGEST)
    store.keep(source=source, sha256=DIGEST)
    assert (store.holds(sha256=DIGEST), source.exists()) == (True, False)
    assert b"".join(store.read(sha256=DIGEST)) == CONTENT
    for first, length in ((0, 1), (5, 1_500_000), (2_999_999, 1), (2_999_990, None), (0, 3_000_000), (4, 9_000_000)):
        end = None if length is None else first + length
        assert b"".join(store.read(sha256=DIGEST, first=first, length=length)) == CONTENT[first:end]
    assert all(len(piece) <= 1 << 20 for piece in store.read(sha256=DIGEST))
    store.keep(source=a_file(tmp_path), sha256=DIGEST)  # again: nothing changes
    store.discard(sha256=DIGEST)
    store.discard(sha256=DIGEST)
    with pytest.raises(NotFound):
        store.read(sha256=DIGEST)
    with pytest.raises(NotFound):
        store.opened(sha256=DIGEST)


def test_content_with_another_digest_is_never_kept(store, tmp_path):
    with pytest.raises(BrokenFile, match="its SHA-256 is"):
        store.keep(source=a_file(tmp_path, CONTENT[:-1]), sha256=DIGEST)
    assert not store.holds(sha256=DIGEST)


@pytest.mark.parametrize("name", ["", "../x", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_no_digest_opens_nothing(store, name):
    with pytest.raises(BadParameter):
        store.holds(sha256=name)


def test_an_archive_is_listed_where_it_lies(store, tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a" * 5000)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    store.keep(source=path, sha256=digest)
    with store.opened(sha256=digest) as opened, zipfile.ZipFile(opened) as archive:
        assert (archive.namelist(), archive.read("a.txt")) == (["a.txt"], b"a" * 5000)
    store.discard(sha256=digest)


def test_an_empty_file_is_kept(store, tmp_path):
    digest = hashlib.sha256(b"").hexdigest()
    store.keep(source=a_file(tmp_path, b""), sha256=digest)
    assert b"".join(store.read(sha256=digest)) == b""
    store.discard(sha256=digest)


def test_a_disk_leaves_nothing_half_kept(tmp_path):
    store = DiskStore(tmp_path / "store")
    with pytest.raises(BrokenFile):
        store.keep(source=a_file(tmp_path, b"other"), sha256=DIGEST)
    assert [p for p in (tmp_path / "store").rglob("*") if p.is_file()] == []
    store.keep(source=a_file(tmp_path), sha256=DIGEST)
    assert oct(store.path_of(sha256=DIGEST).stat().st_mode & 0o777) == "0o444"


def test_an_s3_store_that_is_away_is_told(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(Unreachable):
        S3Store("s3://released?endpoint=http://127.0.0.1:1").holds(sha256=DIGEST)


def test_a_reading_that_nobody_begins_keeps_no_file_open(tmp_path):
    store = DiskStore(tmp_path / "store")
    store.keep(source=a_file(tmp_path), sha256=DIGEST)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        store.read(sha256=DIGEST)
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_content_is_copied_from_either_store_and_comes_back_to_it(store, tmp_path):
    (tmp_path / "part").write_bytes(CONTENT)
    store.keep(source=tmp_path / "part", sha256=DIGEST)
    wanted, copy = [Content(DIGEST, len(CONTENT))], tmp_path / "copy"
    assert copy_content(store=store, folder=copy, contents=wanted).copied == 1
    assert copy_content(store=store, folder=copy, contents=wanted).held == 1
    assert DiskStore(copy).path_of(sha256=DIGEST).read_bytes() == CONTENT
    store.discard(sha256=DIGEST)
    assert bring_back(store=store, folder=None, contents=wanted, passing=tmp_path).problems == [(wanted[0], "missing")]
    assert bring_back(store=store, folder=copy, contents=wanted, passing=tmp_path).copied == 1
    assert b"".join(store.read(sha256=DIGEST)) == CONTENT
