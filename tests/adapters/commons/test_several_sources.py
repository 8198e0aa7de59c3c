"""Several sources of one commons: the nearest gives the files, what it gives is compared, and where it fails another goes on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import time

import pytest

from comity.adapters.commons_sources import FolderCommons, HttpCommons
from comity.adapters.fetching import fetch_version
from comity.adapters.mirroring import update_mirror
from comity.adapters.several_commons import SeveralCommons, join_sources, list_mirrors
from comity.errors import NotAsReleased, Unreachable
from support.commons_releases import Commons, flip_bit, random_bytes, served
from support.hostile_servers import answering

MODEL = random_bytes(1, 3_000_000)
SHA = hashlib.sha256(MODEL).hexdigest()


@pytest.fixture
def commons(tmp_path):
    made = Commons(tmp_path / "commons")
    made.release("words", "1.0", {"model.bin": MODEL, "README.md": b"# Words\n"})
    return made


class Counting:
    """A source that counts what is asked of it, and waits before it gives content."""

    def __init__(self, mirror, *, name, wait=0.0):
        self.inner, self.name, self.wait, self.given = FolderCommons(mirror), name, wait, 0

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def read(self, sha256, start, length):
        time.sleep(self.wait)
        for block in self.inner.read(sha256, start, length):
            self.given += len(block)
            yield block


def http(address):
    return HttpCommons(address=address, pause=lambda _: None)


def served_by(mirror, *, wait=0.0, alter=None):
    """A server whose content comes late, or altered from a byte on; everything else is as the mirror has it."""

    def answer(line, head):
        path = head.split(" ")[1]
        files = re.fullmatch("/hub/comity/files/([0-9a-f]{64})", path)
        if files is None:
            line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        time.sleep(wait)
        content = b"".join(mirror.read(files[1]))
        if alter is not None and len(content) > alter:
            content = content[:alter] + bytes(len(content) - alter)
        first, last = map(int, re.search("bytes=([0-9]+)-([0-9]+)", head).groups())
        line.sendall(
            b"HTTP/1.1 206 Partial\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n"
            % (first, last, len(content), last + 1 - first)
            + content[first : last + 1]
        )

    return answering(answer)


def test_files_come_from_the_nearest_and_the_proof_from_the_first(commons, tmp_path):
    far, near = Counting(commons.mirror, name="far", wait=2.0), Counting(commons.mirror, name="near")
    source = SeveralCommons([far, near])
    fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL
    assert near.given >= len(MODEL) + 8
    assert far.given <= 1 << 17
    assert source.given_up == []


def test_a_mirror_that_lies_in_the_middle_of_a_file_is_left_and_the_origin_goes_on(commons, tmp_path):
    with served_by(commons.mirror, alter=1_500_000) as (liar, asked), served(commons.mirror) as origin:
        source = SeveralCommons([http(origin), http(liar)])
        source._nearest = [source.sources[1], source.sources[0]]
        _, _, done = fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL
    assert source.given_up == [liar]
    assert source.sources[0].received < len(MODEL), "what the liar gave rightly was not fetched again"
    assert done.fetched < 2 * len(MODEL)
    assert asked


def test_a_mirror_that_lies_from_the_first_byte_gives_nothing(commons, tmp_path):
    with served_by(commons.mirror, alter=0) as (liar, _), served(commons.mirror) as origin:
        source = SeveralCommons([http(origin), http(liar)])
        source._nearest = [source.sources[1], source.sources[0]]
        fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL
    assert (tmp_path / "use" / "README.md").read_bytes() == b"# Words\n"
    assert source.given_up == [liar]


def test_where_every_source_lies_nothing_is_taken_in(commons, tmp_path):
    shutil.copytree(commons.mirror.folder, tmp_path / "copy")
    flip_bit(commons.mirror.file_path(SHA), 2_000_000)
    with served_by(commons.mirror) as (one, _), served_by(commons.mirror, alter=5) as (two, _):
        source = SeveralCommons([FolderCommons(commons.mirror), http(one), http(two)])
        with pytest.raises(NotAsReleased, match="another SHA-256"):
            fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
    assert [p.name for p in (tmp_path / "use").iterdir()] == [".cache"]
    fetch_version(
        source=FolderCommons(commons.mirror.__class__(folder=tmp_path / "copy", keys=commons.mirror.keys)),
        name="words",
        folder=tmp_path / "use",
        keys=commons.mirror.keys,
    )
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL


def test_a_dead_mirror_and_a_slow_one_do_not_keep_anybody(commons, tmp_path):
    dead = "http://127.0.0.1:9"
    with served_by(commons.mirror, wait=4.0) as (slow, _), served(commons.mirror) as origin:
        source = SeveralCommons([http(dead), http(slow), http(origin)])
        fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
        assert [one.name for one in source.readers()] == [origin, slow, dead]
        assert source.sources[1].received == 0
        source.close()
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL


def test_a_mirror_that_dies_on_the_way_is_followed_by_another(commons, tmp_path):
    def answer(line, head):
        if SHA not in head:
            line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        line.sendall(
            b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-2999999/3000000\r\nContent-Length: 3000000\r\n\r\n"
            + MODEL[:1_000_000]
        )

    with answering(answer) as (dying, asked), served(commons.mirror) as origin:
        source = SeveralCommons([http(origin), http(dying)])
        source._nearest = [source.sources[1], source.sources[0]]
        fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
        source.close()
    assert (tmp_path / "use" / "model.bin").read_bytes() == MODEL
    assert source.given_up == [dying]
    assert source.sources[0].received < 2_400_000
    assert len(asked) <= 4


def test_where_the_origin_is_gone_a_mirror_gives_catalogue_proof_and_files(commons, tmp_path):
    with served(commons.mirror) as alive:
        source = SeveralCommons([http("http://127.0.0.1:9"), http(alive)])
        mirror = commons.empty_mirror(tmp_path / "m")
        assert update_mirror(source=source, mirror=mirror).added == ["commons/releases/words/1.0"]
        source.close()
    assert list(mirror.find_damage()) == []


def test_a_proof_that_does_not_hold_is_asked_of_the_next(commons, tmp_path):
    other = Commons(tmp_path / "other")
    other.release("words", "1.0", {"model.bin": MODEL, "README.md": b"# Words\n"})
    false = Counting(other.mirror, name="false")
    false.catalogue = FolderCommons(commons.mirror).catalogue
    source = SeveralCommons([false, Counting(commons.mirror, name="true")])
    version, _, _ = fetch_version(source=source, name="words", folder=tmp_path / "use", keys=commons.mirror.keys)
    assert version.reference == "commons/releases/words/1.0"


def test_where_nobody_answers_that_is_said(tmp_path):
    source = SeveralCommons([http("http://127.0.0.1:9"), http("http://127.0.0.1:9")])
    with pytest.raises(Unreachable):
        source.catalogue()


LIST = {
    "comity_mirrors": 1,
    "mirrors": [
        {"name": "North", "address": "https://north.example/hub", "result": "same"},
        {"name": "Again", "address": "https://north.example", "result": "same"},
        {"name": "Behind", "address": "https://behind.example", "result": "behind"},
        {"name": "File", "address": "file:///etc/passwd", "result": "same"},
        {"name": "None", "address": None, "result": "same"},
        {"name": "Query", "address": "http://169.254.169.254/latest?x=", "result": "same"},
        "no row",
    ],
}


def test_of_the_servers_mirrors_those_that_hold_the_same_are_taken():
    assert list_mirrors(content=json.dumps(LIST).encode()) == ["https://north.example"]
    assert list_mirrors(content=b'{"mirrors": 5}') == []
    with pytest.raises(NotAsReleased):
        list_mirrors(content=b"[]")


def listing(mirror, mirrors, *, alone=False):
    """A server that lists mirrors, and gives everything else as a mirror does."""

    def answer(line, head):
        content = json.dumps(mirrors).encode()
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)

    return answering(answer)


def test_the_servers_own_list_is_asked_for_and_at_most_sixteen_are_tried(commons):
    rows = [{"address": f"http://m{n}.invalid", "result": "same"} for n in range(40)]
    with listing(commons.mirror, {"mirrors": rows}) as (address, asked):
        source = join_sources(sources=[http(address)], nearest=True)
        assert asked == ["/hub/comity/mirrors"]
        assert [one.name for one in source.sources] == [address, *(f"http://m{n}.invalid" for n in range(16))]
        assert join_sources(sources=[http(address)]).name == address
        assert len(asked) == 1, "without being told to, nobody asks"
        source.close()


def test_a_server_without_a_list_serves_by_itself(commons):
    with served(commons.mirror) as address:
        assert join_sources(sources=[http(address)], nearest=True).name == address
    with contextlib.closing(join_sources(sources=[http("http://127.0.0.1:9")], nearest=True)) as alone:
        assert isinstance(alone, HttpCommons)
