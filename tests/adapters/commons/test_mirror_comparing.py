"""Mirrors that are real servers, compared with what was released: honest, altered, behind, lying, dead."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from comity.adapters.commons_catalogues import write_catalogue
from comity.adapters.commons_sources import FolderCommons
from comity.adapters.mirror_comparing import (
    KINDS,
    MOST_DIFFERENCES,
    Difference,
    Released,
    Stretch,
    compare_listing,
    read_listing,
)
from comity.adapters.mirroring import update_mirror
from comity.adapters.outside_sites import OutsideSite
from comity.engines.commons.chunks import Chunk, list_chunks
from comity.errors import Unreachable
from support.commons_releases import Commons, flip_bit, random_bytes, served
from support.odd_sites import answering_site

WEIGHTS = random_bytes(1, 1_500_000)
WORDS, COURSE = "commons/releases/words/1.0", "commons/releases/course/2026"


@pytest.fixture
def commons(tmp_path):
    made = Commons(tmp_path / "commons")
    made.release("words", "1.0", {"model.bin": WEIGHTS, "README.md": b"# Words\n"})
    made.release("course", "2026", {"a.md": b"Lesson one"})
    return made


@pytest.fixture
def mirror(commons, tmp_path):
    held = commons.empty_mirror(tmp_path / "mirror")
    assert update_mirror(source=FolderCommons(commons.mirror), mirror=held).refused == []
    return held


def released(commons, **given):
    """What was released, all of it awaited and all of it looked at."""
    rows = {v.reference: v for versions in commons.versions.values() for v in versions}
    stretches = []
    for reference, version in rows.items():
        for file in version.row["files"]:
            content = b"".join(commons.mirror.read(file["sha256"]))
            pieces = list_chunks(blocks=[content]) if len(content) > 1 << 16 else (Chunk(file["size"], file["sha256"]),)
            stretches.append(Stretch((reference,), file["path"], file["sha256"], 0, pieces))
    asked = {
        "versions": {reference: v.manifest_sha256 for reference, v in rows.items()},
        "awaited": frozenset(rows),
        "manifests": tuple(sorted(rows)),
        "stretches": tuple(stretches),
    }
    return Released(**{**asked, **given})


def site_at(address, seconds=10.0):
    return OutsideSite(address=address, seconds=seconds, allow_private=True)


def compare(address, told, **given):
    site = site_at(address, **given)
    try:
        return compare_listing(listed=read_listing(site=site, most=1_000_000), released=told, site=site)
    finally:
        site.close()


def test_an_honest_mirror_is_the_same(commons, mirror):
    told = released(commons)
    manifests = sum(len(commons.mirror.evidence(v).manifest) for vs in commons.versions.values() for v in vs)
    with served(mirror) as address:
        found = compare(address, told)
    assert (found.result, found.versions, found.differences, found.problem) == ("same", 2, (), "")
    assert found.looked_at == manifests + len(WEIGHTS) + len(b"# Words\n") + len(b"Lesson one")


class Altering:
    """A mirror that gives altered content and says that it is sound."""

    def __init__(self, mirror, alter):
        self.mirror, self.alter = mirror, alter

    def __getattr__(self, name):
        return getattr(self.mirror, name)

    def read(self, sha256, start=0, length=None):
        whole = self.alter(sha256, b"".join(self.mirror.read(sha256)))
        yield whole[start:] if length is None else whole[start : start + length]


@contextmanager
def lying(mirror, alter):
    """Serve altered content: the server's own look at it is passed over, as whoever means ill would."""
    with served(Altering(mirror, alter)) as address:
        from comity.adapters.mirror_server import MirrorServer

        kept, MirrorServer.demand_sound = MirrorServer.demand_sound, lambda *_: None
        try:
            yield address
        finally:
            MirrorServer.demand_sound = kept


def test_one_altered_byte_is_found_and_its_piece_is_named(commons, mirror):
    digest, place = hashlib.sha256(WEIGHTS).hexdigest(), 1_000_000

    def alter(sha256, whole):
        return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] if sha256 == digest else whole

    with lying(mirror, alter) as address:
        found = compare(address, released(commons))
    (difference,) = found.differences
    assert (found.result, found.total) == ("different", 1)
    assert (difference.kind, difference.reference, difference.path) == ("piece", WORDS, "model.bin")
    assert difference.start <= place < difference.start + difference.length <= difference.start + 262_144


def test_a_mirror_that_found_its_own_file_altered_gives_it_no_more_and_that_is_a_difference(commons, mirror):
    flip_bit(mirror.file_path(hashlib.sha256(WEIGHTS).hexdigest()), 5)
    with served(mirror) as address:
        found = compare(address, released(commons))
    assert (found.result, [(d.kind, d.path) for d in found.differences]) == ("different", [("not-given", "model.bin")])


def test_a_version_that_is_not_there_yet_makes_a_mirror_behind(commons, mirror):
    commons.release("words", "1.1", {"README.md": b"# More\n"})
    with served(mirror) as address:
        found = compare(address, released(commons))
        patient = compare(address, released(commons, awaited=frozenset({WORDS, COURSE})))
    assert (found.result, found.versions) == ("behind", 2)
    assert found.differences == (Difference("missing", "commons/releases/words/1.1"),)
    assert (patient.result, patient.differences) == ("same", ())


def test_a_mirror_that_gives_what_was_taken_down_is_behind(commons, mirror):
    told = released(commons, taken_down=frozenset({"commons/releases/course"}))
    with served(mirror) as address:
        found = compare(address, told)
    assert (found.result, found.differences) == ("behind", (Difference("taken-down", "commons/releases/course"),))


def catalogue_with(mirror, change):
    rows = [replace(r, versions=tuple(change(v) for v in r.versions)) for r in mirror.releases()]
    return write_catalogue(releases=rows)


def test_a_catalogue_that_lists_another_manifest_or_an_invented_version_is_different(commons, mirror):
    def change(version):
        return (
            replace(version, row={**version.row, "manifest_sha256": "0" * 64}) if version.slug == "words" else version
        )

    with answering_site(lambda path: (200, {}, catalogue_with(mirror, change))) as (address, _):
        found = compare(address, released(commons, manifests=(), stretches=()))
    assert (found.result, found.differences) == ("different", (Difference("manifest", WORDS),))
    told = released(commons, manifests=(), stretches=())
    less = replace(told, versions={COURSE: told.versions[COURSE], "commons/releases/words/0.9": "1" * 64})
    with served(mirror) as address:
        found = compare(address, replace(less, awaited=frozenset()))
    assert (found.result, found.differences) == ("different", (Difference("unknown", WORDS),))


def test_releases_of_others_are_passed_over(commons, mirror):
    told = released(commons)
    ours = replace(told, versions={COURSE: told.versions[COURSE]}, awaited=frozenset({COURSE}))
    with served(mirror) as address:
        found = compare(address, ours)
    assert (found.result, found.versions, found.differences) == ("same", 1, ())


def test_a_manifest_that_was_altered_is_found(commons, mirror):
    listing = write_catalogue(releases=mirror.releases())

    def answer(path):
        return (200, {}, listing) if path.endswith("catalogue.json") else (200, {}, b'{"files": []}')

    with answering_site(answer) as (address, _):
        found = compare(address, released(commons, stretches=()))
    assert [(d.kind, d.reference) for d in found.differences] == [
        ("content-of-manifest", COURSE),
        ("content-of-manifest", WORDS),
    ]


def test_of_many_differences_the_gravest_twenty_are_kept_and_all_are_counted(commons, mirror):
    versions = {f"commons/releases/words/{n}": "1" * 64 for n in range(2, 40)}
    told = released(commons, awaited=frozenset(versions), manifests=(), stretches=())
    told = replace(told, versions={**versions, WORDS: "2" * 64})
    with served(mirror) as address:
        found = compare(address, told)
    assert (found.result, found.total, len(found.differences)) == ("different", 39, MOST_DIFFERENCES)
    assert found.differences[0] == Difference("manifest", WORDS)
    assert {d.kind for d in found.differences} <= set(KINDS)


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"[]", b'{"releases": [{}]}', json.dumps({"releases": "x"}).encode(), b"[" * 200_000],
)
def test_what_is_no_catalogue_is_no_mirror(content):
    with answering_site(lambda path: (200, {}, content)) as (address, _), pytest.raises(Unreachable) as found:
        read_listing(site=site_at(address), most=1_000_000)
    assert found.value.data["problem"] == "no-catalogue"


def test_a_catalogue_that_is_larger_than_is_sound_is_not_read(mirror):
    with served(mirror) as address, pytest.raises(Unreachable) as found:
        read_listing(site=site_at(address), most=100)
    assert found.value.data["problem"] == "too-large"


def test_a_mirror_that_stalls_on_its_files_is_not_called_the_same(commons, mirror):
    listing = write_catalogue(releases=mirror.releases())

    def answer(path):
        return (200, {}, listing) if path.endswith("catalogue.json") else (200, {"Content-Length": "100000000"}, b"")

    with answering_site(answer) as (address, _):
        found = compare(address, released(commons, manifests=()), seconds=1.0)
    assert (found.result, found.problem, found.differences) == ("unreachable", "too-slow", ())


def test_a_difference_that_was_seen_stands_though_the_mirror_then_fell_silent(commons, mirror):
    def change(version):
        return (
            replace(version, row={**version.row, "manifest_sha256": "0" * 64}) if version.slug == "words" else version
        )

    listing = catalogue_with(mirror, change)

    def answer(path):
        return (200, {}, listing) if path.endswith("catalogue.json") else (500, {}, b"")

    with answering_site(answer) as (address, _):
        found = compare(address, released(commons))
    assert (found.result, found.problem) == ("different", "status")
