"""Make bundles from a mirror, check them against the record, and take them into a mirror: all of a bundle, or nothing of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.adapters.bundle_crates import CrateFile, CrateVersion, describe_bundle, licence_of
from comity.adapters.bundles import scan_bundle, write_bundle
from comity.adapters.commons_catalogues import (
    Evidence,
    check_version,
    find_versions,
    read_catalogue,
    read_json,
    write_catalogue,
)
from comity.adapters.mirror_folders import demand_room
from comity.errors import BrokenBundle, NotAsReleased, RecordBroken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from comity.adapters.bundles import ScannedBundle
    from comity.adapters.commons_catalogues import ListedRelease, ListedVersion, ReleasedFile
    from comity.adapters.mirror_folders import MirrorFolder
    from comity.adapters.signing_keys import SigningKey
    from comity.engines.record.notes import VerifierKey

CATALOGUE = "catalogue.json"
_MOST = 64_000_000
_EVIDENCE = {"manifest": "manifest.json", "payload": "payload.json", "receipt": "receipt.tlog-proof"}
_OPENING = "opening.json"


@dataclass(frozen=True, slots=True)
class Proven:
    """A version of a bundle that the record proves, with its files."""

    release: ListedRelease
    version: ListedVersion
    evidence: Evidence
    files: tuple[ReleasedFile, ...]


def make_bundle(
    *, mirror: MirrorFolder, names: Sequence[str], target: Path, key: SigningKey, made_at: dt.datetime
) -> tuple[tuple[str, ...], int]:
    """Write versions of a mirror into a signed bundle; return their references and the size of the bundle in bytes.

    Each version is checked against the record, and each content against its SHA-256 while it is written. Raises NotFound for a
    name that means nothing, NotAsReleased for what was altered or taken down; then there is no bundle.
    """
    import hashlib

    chosen = find_versions(releases=mirror.releases(), names=names)
    small: dict[str, bytes] = {}
    stored: dict[str, ReleasedFile] = {}
    told = []
    for release, version in chosen:
        evidence = mirror.evidence(version)
        files = check_version(version=version, evidence=evidence, keys=mirror.keys)
        place = f"{version.slug}/{version.label}"
        small |= {f"evidence/{place}/{name}": content for name, content in _split_evidence(evidence)}
        stored |= {f"data/{place}/{file.path}": file for file in files}
        told.append(_describe_version(release, version, evidence))
    small[CATALOGUE] = write_catalogue(releases=_only(chosen))
    listed = [CrateFile(p, len(c), hashlib.sha256(c).hexdigest()) for p, c in small.items()]
    listed += [CrateFile(p, f.size, f.sha256) for p, f in stored.items()]
    crate = describe_bundle(versions=told, files=listed, maker=key.name, made_at=made_at)
    contents = {p: _yield_whole(c) for p, c in small.items()}
    contents |= {p: _yield_kept(mirror, f.sha256) for p, f in stored.items()}
    size = write_bundle(target=target, crate=crate, contents=contents, key=key)
    return tuple(version.reference for _, version in chosen), size


def check_bundle(
    *, path: Path, keys: Sequence[VerifierKey], signed_by: Sequence[VerifierKey] = ()
) -> tuple[ScannedBundle, tuple[Proven, ...]]:
    """Read a bundle whole, and return what is in it with the versions that the record proves; none where no key of a log is given.

    Raises BrokenBundle for a version that is not as the record holds it. Damaged parts stand in the problems of the first.
    """
    scanned = scan_bundle(path=path, signed_by=signed_by, keep=_is_small)
    return scanned, _prove(scanned, keys) if keys and not scanned.problems else ()


def load_bundle(
    *, path: Path, mirror: MirrorFolder, signed_by: Sequence[VerifierKey] = ()
) -> tuple[VerifierKey, tuple[Proven, ...]]:
    """Take a bundle into a mirror, after all of it was checked; return its maker's key and its versions.

    Raises BrokenBundle naming the part that was altered, or NotAsReleased where the mirror holds another content for a version; then
    the mirror is as it was.
    """
    demand_room(mirror.folder, path.stat().st_size)
    staging = mirror.folder / "part" / "bundle"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)

    def open_for(listed: CrateFile) -> BinaryIO | None:
        return (staging / listed.sha256).open("wb")

    try:
        scanned = scan_bundle(path=path, signed_by=signed_by, keep=_is_small, open_for=open_for)
        scanned.demand_sound()
        proven = _prove(scanned, mirror.keys)
        _demand_same(mirror, proven)
        for one in proven:
            for file in one.files:
                part = staging / file.sha256
                if part.exists():
                    mirror.keep_content(part, file.sha256)
                elif not mirror.holds(file):
                    raise BrokenBundle(file=path.name, what=file.path, problem="its content is missing")
            mirror.keep_version(one.release, one.version, one.evidence)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    if scanned.maker is None:
        raise BrokenBundle(file=path.name, what="the note", problem="it names no maker")
    return scanned.maker, proven


def _prove(scanned: ScannedBundle, keys: Sequence[VerifierKey], /) -> tuple[Proven, ...]:
    """Return the versions of a sound bundle after comparing each with the record, and the files with what they list."""
    listed = {file.path: file for file in scanned.files}
    try:
        releases = read_catalogue(content=scanned.kept[CATALOGUE], where=scanned.name)
    except KeyError:
        raise BrokenBundle(file=scanned.name, what=CATALOGUE, problem="it is missing") from None
    expected = {CATALOGUE}
    proven = []
    for release in releases:
        for version in release.versions:
            place = f"{version.slug}/{version.label}"
            paths = {name: f"evidence/{place}/{file}" for name, file in _EVIDENCE.items()}
            try:
                evidence = Evidence(
                    manifest=scanned.kept[paths["manifest"]],
                    payload=scanned.kept[paths["payload"]],
                    receipt=scanned.kept[paths["receipt"]].decode(),
                    opening=scanned.kept.get(f"evidence/{place}/{_OPENING}", b""),
                )
                files = check_version(version=version, evidence=evidence, keys=keys)
            except (KeyError, UnicodeDecodeError):
                problem = "what proves it is missing"
                raise BrokenBundle(file=scanned.name, what=version.reference, problem=problem) from None
            except (NotAsReleased, RecordBroken) as error:
                raise BrokenBundle(file=scanned.name, what=version.reference, problem=str(error).rstrip(".")) from None
            for file in files:
                found = listed.get(f"data/{place}/{file.path}")
                if found is None or (found.size, found.sha256) != (file.size, file.sha256):
                    problem = "it is not the content that its manifest lists"
                    raise BrokenBundle(file=scanned.name, what=f"data/{place}/{file.path}", problem=problem)
            expected |= {f"evidence/{place}/{_OPENING}"} if evidence.opening else set()
            expected |= {*paths.values(), *(f"data/{place}/{file.path}" for file in files)}
            proven.append(Proven(release, version, evidence, files))
    strange = sorted(set(listed) - expected)
    if strange:
        raise BrokenBundle(file=scanned.name, what=strange[0], problem="no release of the record lists it")
    return tuple(proven)


def _demand_same(mirror: MirrorFolder, proven: Sequence[Proven], /) -> None:
    """Refuse a version that the mirror holds with another content: a version never changes."""
    held = {v.reference: v for r in mirror.releases() for v in r.versions}
    for one in proven:
        before = held.get(one.version.reference)
        if before is not None and before.manifest_sha256 != one.version.manifest_sha256:
            raise NotAsReleased(what=before.reference, problem="the mirror holds this version with another manifest")


def _only(chosen: Sequence[tuple[ListedRelease, ListedVersion]], /) -> list[ListedRelease]:
    found: dict[str, ListedRelease] = {}
    for release, version in chosen:
        before = found.get(release.reference, replace(release, versions=()))
        found[release.reference] = replace(before, versions=(*before.versions, version))
    return list(found.values())


def _split_evidence(evidence: Evidence, /) -> Iterator[tuple[str, bytes]]:
    yield _EVIDENCE["manifest"], evidence.manifest
    yield _EVIDENCE["payload"], evidence.payload
    yield _EVIDENCE["receipt"], evidence.receipt.encode()
    if evidence.opening:
        yield _OPENING, evidence.opening


def _describe_version(release: ListedRelease, version: ListedVersion, evidence: Evidence, /) -> CrateVersion:
    manifest = read_json(content=evidence.manifest, what=version.reference, most=_MOST)
    told = manifest.get("description")
    told = told if isinstance(told, dict) else {}
    titles = manifest.get("titles") or release.row.get("titles")
    titles = titles if isinstance(titles, dict) else {}
    title = titles.get("en") or next((titles[language] for language in sorted(titles)), "")
    return CrateVersion(
        reference=version.reference,
        name=f"{title or told.get('name') or version.slug} {version.label}",
        description=str(told.get("intended_use") or f"Version {version.label} of {version.slug}.")[:2000],
        licence=licence_of(manifest),
        released_at=str(version.row.get("released_at", "")),
        folder=f"data/{version.slug}/{version.label}",
    )


def _is_small(path: str, /) -> bool:
    return path == CATALOGUE or path.startswith("evidence/")


def _yield_whole(content: bytes, /) -> Callable[[], Iterator[bytes]]:
    return lambda: iter((content,))


def _yield_kept(mirror: MirrorFolder, sha256: str, /) -> Callable[[], Iterator[bytes]]:
    return lambda: mirror.read(sha256)
