"""Bundles: what goes in comes out, and one changed bit anywhere is found and named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.adapters.bundles import scan_bundle, write_bundle
from comity.adapters.bundling import check_bundle, load_bundle, make_bundle
from comity.adapters.commons_catalogues import find_versions
from comity.adapters.signing_keys import make_key
from comity.errors import BadInput, BrokenBundle, NotAsReleased, NotFound
from support.commons_releases import Commons, flip_bit, random_bytes

AT = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
LONG = "weights/" + "a-very-long-name-" * 9 + "é.bin"
FILES = {
    "README.md": b"# Words\n",
    "data/words.txt": b"one\ntwo\n",
    LONG: random_bytes(1, 1500),
    "again.txt": b"one\ntwo\n",
    "empty": b"",
}


@pytest.fixture(scope="module")
def commons(tmp_path_factory):
    made = Commons(tmp_path_factory.mktemp("commons"))
    made.release("words", "1.0", FILES)
    made.release("words", "1.1", {**FILES, "README.md": b"# More words\n"})
    made.release("course", "2026", {"course.md": b"Lesson one.\n"}, kind="course")
    return made


@pytest.fixture(scope="module")
def bundle(commons, tmp_path_factory):
    target = tmp_path_factory.mktemp("bundle") / "words.tar"
    make_bundle(mirror=commons.mirror, names=["words/1.0", "course"], target=target, key=commons.maker, made_at=AT)
    return target


def altered(bundle, tmp_path, place, bit=0):
    copy = tmp_path / "copy.tar"
    copy.write_bytes(bundle.read_bytes())
    flip_bit(copy, place, bit)
    return copy


def content_of(mirror, name):
    ((_, version),) = find_versions(releases=mirror.releases(), names=[name])
    return {f.path: b"".join(mirror.read(f.sha256)) for f in mirror.files_of(version)}


def test_a_bundle_loads_into_an_empty_mirror_without_a_network(commons, bundle, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    maker, proven = load_bundle(path=bundle, mirror=mirror)
    assert maker == commons.maker.verifier.key
    assert [one.version.reference for one in proven] == ["commons/releases/course/2026", "commons/releases/words/1.0"]
    assert content_of(mirror, "words") == FILES
    assert list(mirror.find_damage()) == []
    assert not (tmp_path / "here" / "part" / "bundle").exists()


def test_contents_that_stand_often_enter_once_and_proofs_among_the_contents_too(tmp_path):
    commons = Commons(tmp_path)
    first = commons.release("words", "1.0", {"a": b"one", "b": b"one", "empty": b"", "none": b""})
    evidence = commons.mirror.evidence(first)
    files = {
        "a": b"one",
        "manifest": evidence.manifest,
        "payload": evidence.payload,
        "receipt": evidence.receipt.encode(),
    }
    commons.release("words", "1.1", files)
    target = tmp_path / "b.tar"
    make_bundle(mirror=commons.mirror, names=["words/1.0", "words/1.1"], target=target, key=commons.maker, made_at=AT)
    mirror = commons.empty_mirror(tmp_path / "here")
    load_bundle(path=target, mirror=mirror)
    assert content_of(mirror, "words/1.0") == {"a": b"one", "b": b"one", "empty": b"", "none": b""}
    assert content_of(mirror, "words/1.1") == files
    with tarfile.open(target) as archive:
        assert sum(m.islnk() for m in archive.getmembers()) == 3


def test_any_tar_program_unpacks_a_bundle(bundle, tmp_path):
    with tarfile.open(bundle) as archive:
        archive.extractall(tmp_path, filter="data")
    assert {path: (tmp_path / "data/words/1.0" / path).read_bytes() for path in FILES} == FILES


def test_the_description_is_a_crate_that_lists_every_file(bundle, tmp_path):
    with tarfile.open(bundle) as archive:
        names = archive.getnames()
        crate = json.load(archive.extractfile("ro-crate-metadata.json"))
    files = [e for e in crate["@graph"] if e["@type"] == "File"]
    assert len(files) == len(names) - 2
    root = next(e for e in crate["@graph"] if e["@id"] == "./")
    assert {"@id": "data/words/1.0/"} in root["hasPart"]
    version = next(e for e in crate["@graph"] if e["@id"] == "data/words/1.0/")
    assert (version["name"], version["license"]) == ("The release words 1.0", "Apache-2.0")


def test_the_same_releases_at_the_same_moment_give_the_same_bytes(commons, bundle, tmp_path):
    again = tmp_path / "again.tar"
    make_bundle(mirror=commons.mirror, names=["course/2026", "words/1.0"], target=again, key=commons.maker, made_at=AT)
    assert again.read_bytes() == bundle.read_bytes()


def test_one_flipped_bit_in_every_29th_byte_is_found_and_named(bundle, tmp_path):
    size = bundle.stat().st_size
    places = range(0, size, 29)
    unfound = [p for p in places if not scan_bundle(path=altered(bundle, tmp_path, p, p % 8)).problems]
    assert unfound == []


@settings(max_examples=100)
@given(data=st.data())
def test_the_part_that_a_flipped_bit_is_in_is_the_one_that_is_named(bundle, tmp_path_factory, data):
    with tarfile.open(bundle) as archive:
        members = archive.getmembers()
    member = data.draw(st.sampled_from([m for m in members if m.size]))
    place = member.offset_data + data.draw(st.integers(0, member.size - 1))
    copy = altered(bundle, tmp_path_factory.mktemp("flip"), place, data.draw(st.integers(0, 7)))
    assert scan_bundle(path=copy).problems[0][0] == member.name


def test_every_damaged_part_is_named_not_the_first_alone(bundle, tmp_path):
    with tarfile.open(bundle) as archive:
        members = [archive.getmember(n) for n in ("data/course/2026/course.md", "data/words/1.0/README.md")]
    copy = altered(bundle, tmp_path, members[0].offset_data)
    flip_bit(copy, members[1].offset_data)
    assert [what for what, _ in scan_bundle(path=copy).problems] == [m.name for m in members]


@pytest.mark.parametrize("where", ["header", "padding", "end"])
def test_a_bit_outside_the_contents_is_named(bundle, tmp_path, where):
    with tarfile.open(bundle) as archive:
        member = archive.getmember("data/course/2026/course.md")
    place = {"header": member.offset + 329, "padding": member.offset_data + 100, "end": bundle.stat().st_size - 1}[
        where
    ]
    found = scan_bundle(path=altered(bundle, tmp_path, place)).problems
    name = "data/course/2026/course.md"
    assert [w for w, _ in found] == [
        {"header": f"the header of {name}", "padding": f"the padding after {name}", "end": "the end"}[where]
    ]


@pytest.mark.parametrize("cut", [0, 1, 511, 700, 5000, -1])
def test_a_bundle_that_was_cut_off_is_refused(bundle, tmp_path, commons, cut):
    copy = tmp_path / "cut.tar"
    copy.write_bytes(bundle.read_bytes()[:cut])
    with pytest.raises(BrokenBundle):
        load_bundle(path=copy, mirror=commons.empty_mirror(tmp_path / "here"))


def test_bytes_after_the_end_are_refused(bundle, tmp_path):
    copy = tmp_path / "more.tar"
    copy.write_bytes(bundle.read_bytes() + b"\0")
    assert scan_bundle(path=copy).problems == [("the end", "bytes follow after it")]


def test_an_altered_bundle_leaves_a_mirror_as_it_was(commons, bundle, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    before = sorted(p.relative_to(tmp_path / "here") for p in (tmp_path / "here").rglob("*") if p.is_file())
    copy = altered(bundle, tmp_path, bundle.stat().st_size - 2000)
    with pytest.raises(BrokenBundle) as refused:
        load_bundle(path=copy, mirror=mirror)
    assert refused.value.data["what"] == "the header of evidence/words/1.0/receipt.tlog-proof"
    after = sorted(p.relative_to(tmp_path / "here") for p in (tmp_path / "here").rglob("*") if p.is_file())
    assert after == before


def test_a_bundle_signed_by_another_than_was_named_is_refused(commons, bundle, tmp_path):
    mirror = commons.empty_mirror(tmp_path / "here")
    other = make_key(name="ministry.example/commons")
    with pytest.raises(BrokenBundle, match="none of the keys given"):
        load_bundle(path=bundle, mirror=mirror, signed_by=[other.verifier.key])
    assert load_bundle(path=bundle, mirror=mirror, signed_by=[other.verifier.key, commons.maker.verifier.key])


def test_a_bundle_of_another_log_is_refused(bundle, tmp_path, commons):
    other = Commons(tmp_path / "other")
    with pytest.raises(BrokenBundle, match="signature"):
        load_bundle(path=bundle, mirror=other.mirror)
    with pytest.raises(BadInput, match="whose public key was not given"):
        check_bundle(path=bundle, keys=[commons.maker.verifier.key])


def forge(commons, bundle, tmp_path, change):
    """Return a bundle of changed content that its forger signed: sound in itself, and not what the record proves."""
    from comity.adapters.bundle_crates import CrateFile, describe_bundle

    with tarfile.open(bundle) as archive:
        contents = {m.name: archive.extractfile(m).read() for m in archive.getmembers()[2:]}
    contents = change(contents)
    files = [CrateFile(p, len(c), hashlib.sha256(c).hexdigest()) for p, c in contents.items()]
    crate = describe_bundle(versions=[], files=files, maker="x", made_at=AT)
    target = tmp_path / "forged.tar"
    write_bundle(
        target=target, crate=crate, contents={p: lambda c=c: iter((c,)) for p, c in contents.items()}, key=commons.maker
    )
    assert scan_bundle(path=target).problems == []
    return target


@pytest.mark.parametrize(
    "what,change",
    [
        ("data/words/1.0/README.md", lambda c: {**c, "data/words/1.0/README.md": b"# Worse words\n"}),
        ("data/words/1.0/README.md", lambda c: {p: v for p, v in c.items() if p != "data/words/1.0/README.md"}),
        ("data/words/1.0/virus.exe", lambda c: {**c, "data/words/1.0/virus.exe": b"MZ"}),
        ("commons/releases/words/1.0", lambda c: {**c, "evidence/words/1.0/manifest.json": b"{}"}),
        ("commons/releases/words/1.0", lambda c: {**c, "evidence/words/1.0/payload.json": b"{}"}),
        (
            "commons/releases/words/1.0",
            lambda c: {**c, "evidence/words/1.0/receipt.tlog-proof": c["evidence/course/2026/receipt.tlog-proof"]},
        ),
        (
            "commons/releases/words/1.0",
            lambda c: {p: v for p, v in c.items() if p != "evidence/words/1.0/payload.json"},
        ),
        ("catalogue.json", lambda c: {p: v for p, v in c.items() if p != "catalogue.json"}),
    ],
    ids=["altered", "missing", "added", "manifest", "payload", "receipt", "no-payload", "no-catalogue"],
)
def test_what_the_record_does_not_prove_is_refused_though_it_is_signed(commons, bundle, tmp_path, what, change):
    mirror = commons.empty_mirror(tmp_path / "here")
    with pytest.raises(BrokenBundle) as refused:
        load_bundle(path=forge(commons, bundle, tmp_path, change), mirror=mirror)
    assert refused.value.data["what"] == what
    assert mirror.releases() == ()


def test_nothing_altered_leaves_a_mirror(tmp_path):
    commons = Commons(tmp_path)
    commons.release("words", "1.0", FILES)
    flip_bit(commons.mirror.file_path(hashlib.sha256(FILES[LONG]).hexdigest()), 700)
    target = tmp_path / "out.tar"
    with pytest.raises(NotAsReleased) as refused:
        make_bundle(mirror=commons.mirror, names=["words"], target=target, key=commons.maker, made_at=AT)
    assert refused.value.data["what"] == f"data/words/1.0/{LONG}"
    assert not target.exists()
    assert not list(tmp_path.glob(".*"))


def test_a_name_that_means_nothing_is_refused(commons, tmp_path):
    for name in ("nothing", "words/9", ""):
        with pytest.raises(NotFound):
            make_bundle(mirror=commons.mirror, names=[name], target=tmp_path / "o", key=commons.maker, made_at=AT)


def test_a_folder_and_a_stranger_file_are_no_bundles(tmp_path):
    (tmp_path / "x.tar").write_bytes(b"hello")
    with tarfile.open(tmp_path / "y.tar", "w") as archive:
        archive.add(tmp_path / "x.tar", "x")
    for name in ("x.tar", "y.tar", "missing.tar"):
        assert scan_bundle(path=tmp_path / name).problems != []
