"""Compare what a mirror gives with what was released: its catalogue whole, and some manifests and stretches of files by their digests.

What was released is told by whoever asks; a mirror is asked nothing that it could answer with a promise. Bytes and time are bounded by
the site.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.adapters.commons_catalogues import MOST_MANIFEST, read_catalogue
from comity.errors import NotAsReleased, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.adapters.commons_catalogues import ListedRelease
    from comity.adapters.outside_sites import OutsideSite
    from comity.engines.commons.chunks import Chunk

SAME, BEHIND, DIFFERENT, UNREACHABLE = "same", "behind", "different", "unreachable"
RESULTS = (SAME, BEHIND, DIFFERENT, UNREACHABLE)
MOST_DIFFERENCES = 20
LIGHT = frozenset({"missing", "taken-down"})
"""Differences by which a mirror is only behind."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces of a file that follow each other, from byte ``start`` on; ``versions`` are those that hold the file."""

    versions: tuple[str, ...]
    path: str
    sha256: str
    start: int
    pieces: tuple[Chunk, ...]

    @property
    def length(self) -> int:
        """Its bytes."""
        return sum(piece.length for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Released:
    """What was released, by reference: the digest of each manifest; which versions a mirror is to hold by now, which releases are down.

    ``manifests`` and ``stretches`` are what is looked at this time.
    """

    versions: Mapping[str, str]
    awaited: frozenset[str] = frozenset()
    taken_down: frozenset[str] = frozenset()
    manifests: Sequence[str] = ()
    stretches: Sequence[Stretch] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was released. ``kind`` is a word of ``KINDS``; ``start`` and ``length`` are of a stretch of a file."""

    kind: str
    reference: str
    path: str = ""
    sha256: str = ""
    start: int = 0
    length: int = 0


KINDS: dict[str, str] = {
    "manifest": "its catalogue lists another manifest",
    "unknown": "it lists a version that was never released",
    "content-of-manifest": "the manifest that it gives has another digest",
    "piece": "bytes of a file are others than were released",
    "not-given": "it lists the version and does not give what belongs to it",
    "taken-down": "it gives a release that was taken down",
    "missing": "the version is not there yet",
}
"""Kinds of differences, the gravest first, with what each means."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: one of ``RESULTS``, versions compared, bytes looked at, at most twenty differences and how many in all.

    ``problem`` is the word of what was in the way of an unreachable mirror.
    """

    result: str
    versions: int = 0
    looked_at: int = 0
    differences: tuple[Difference, ...] = ()
    total: int = 0
    problem: str = ""


def read_listing(*, site: OutsideSite, most: int) -> tuple[ListedRelease, ...]:
    """Return what a mirror lists. Raises Unreachable, also where what it answers is no catalogue or is larger than ``most``."""
    try:
        return read_catalogue(content=site.read("hub/comity/catalogue.json", most=most), where=site.address)
    except (NotAsReleased, NotFound):
        raise Unreachable(address=site.address, problem="no-catalogue") from None


def compare_listing(*, listed: Sequence[ListedRelease], released: Released, site: OutsideSite) -> Compared:
    """Compare what a mirror lists, and what it gives of it, with what was released.

    Of what was released nothing is missing that was released after ``listed`` was read, if ``released`` was told after it. Releases
    that are none of ours are passed over: a mirror may hold those of others.
    """
    given = {v.reference: v.manifest_sha256 for r in listed if not r.is_taken_down for v in r.versions}
    there = frozenset(reference for reference in given if reference in released.versions)
    found = _Found()
    for reference in sorted(there):
        if given[reference] != released.versions[reference]:
            found.enter(Difference("manifest", reference))
    ours = {_release_of(reference) for reference in released.versions}
    for reference in sorted(given):
        if reference not in there and _release_of(reference) in ours:
            found.enter(Difference("unknown", reference))
    for release in listed:
        if release.reference in released.taken_down and not release.is_taken_down and release.versions:
            found.enter(Difference("taken-down", release.reference))
    for reference in sorted(released.awaited - there):
        found.enter(Difference("missing", reference))
    problem = ""
    try:
        _look(found, released, there, site)
    except Unreachable as unreachable:
        problem = str(unreachable.data["problem"])
    return found.closed(versions=len(there), problem=problem)


def _release_of(version: str, /) -> str:
    return version.rpartition("/")[0]


@dataclass(slots=True)
class _Found:
    differences: list[Difference] = field(default_factory=list)
    looked_at: int = 0

    def enter(self, difference: Difference) -> None:
        """Note a difference."""
        self.differences.append(difference)

    def closed(self, *, versions: int, problem: str) -> Compared:
        """Return what it all comes to. A difference that was seen stands, whatever was in the way afterwards."""
        order = list(KINDS)
        ordered = sorted(self.differences, key=lambda d: (order.index(d.kind), d.reference, d.path, d.start))
        grave = [d for d in ordered if d.kind not in LIGHT]
        result = DIFFERENT if grave else UNREACHABLE if problem else BEHIND if ordered else SAME
        return Compared(
            result=result,
            versions=versions,
            looked_at=self.looked_at,
            differences=tuple(ordered[:MOST_DIFFERENCES]),
            total=len(ordered),
            problem=problem,
        )


def _look(found: _Found, released: Released, there: frozenset[str], site: OutsideSite, /) -> None:
    """Look at manifests and stretches of files of the versions that a mirror lists. Raises Unreachable."""
    for reference in released.manifests:
        if reference not in there:
            continue
        digest = released.versions[reference]
        try:
            content = site.read(f"hub/comity/manifests/{digest}", most=MOST_MANIFEST)
        except NotFound:
            found.enter(Difference("not-given", reference))
            continue
        found.looked_at += len(content)
        if hashlib.sha256(content).hexdigest() != digest:
            found.enter(Difference("content-of-manifest", reference))
    for stretch in released.stretches:
        version = next((v for v in stretch.versions if v in there), "")
        if version:
            _look_at_stretch(found, stretch, version, site)


def _look_at_stretch(found: _Found, stretch: Stretch, version: str, site: OutsideSite, /) -> None:
    span = (stretch.start, stretch.start + stretch.length - 1)
    place = {"reference": version, "path": stretch.path, "sha256": stretch.sha256}
    try:
        content = site.read(f"hub/comity/files/{stretch.sha256}", most=stretch.length, span=span)
    except NotFound:
        found.enter(Difference("not-given", **place, start=stretch.start, length=stretch.length))
        return
    found.looked_at += len(content)
    at = 0
    for piece in stretch.pieces:
        if hashlib.sha256(content[at : at + piece.length]).hexdigest() != piece.sha256:
            found.enter(Difference("piece", **place, start=stretch.start + at, length=piece.length))
        at += piece.length
