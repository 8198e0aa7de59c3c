"""Read a catalogue of the commons and what proves a version: its manifest, its act, and the act's receipt in the record.

A catalogue comes from outside and proves nothing. A version is taken in when its manifest has the digest that the payload of its act
states, the payload the digest that the act states, and the act a receipt under the log's key; its files then by their SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.signing_keys import Ed25519Verifier
from comity.engines.commons.manifests import refuse_path
from comity.engines.record.checkpoints import read_checkpoint
from comity.engines.record.notes import parse_note
from comity.engines.record.proofs import parse_receipt, verify_receipt
from comity.errors import BadInput, ForgedCheckpoint, NotAsReleased, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.engines.record.notes import VerifierKey

FORM = 1
ACT = "release-version"
RESTRICTED = "restricted"
MOST_CATALOGUE = 128_000_000
MOST_MANIFEST = 64_000_000
_REFERENCE = re.compile(r"commons/releases/([a-z0-9][a-z0-9_-]{0,59})(?:/([A-Za-z0-9][A-Za-z0-9._~-]{0,39}))?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ACT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file of a version: its path in it, its size in bytes, the SHA-256 of its content."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version as a catalogue lists it. ``row`` is the whole entry, as it came."""

    reference: str
    number: int
    manifest_sha256: str
    act: str
    row: Mapping[str, Any]

    @property
    def slug(self) -> str:
        """The name of its release."""
        return self.reference.split("/")[2]

    @property
    def label(self) -> str:
        """Its own name in the release."""
        return self.reference.split("/")[3]


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release as a catalogue lists it, its versions from the oldest on. ``row`` is the entry without its versions."""

    reference: str
    is_taken_down: bool
    versions: tuple[ListedVersion, ...]
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a version: the bytes of its manifest, the payload of its act, and the receipt.

    ``opening`` opens the act where the log holds a commitment to it, since the release was public from a later date on; else empty.
    """

    manifest: bytes
    payload: bytes
    receipt: str
    opening: bytes = b""


def read_catalogue(*, content: bytes, where: str, sealed: bool = False) -> tuple[ListedRelease, ...]:
    """Return the releases of a catalogue in the order of their references. Raises NotAsReleased where it is no catalogue.

    ``sealed`` demands the digest that ``write_catalogue`` puts into it, so that a damaged disk is noticed.
    """
    tree = read_json(content=content, what=f"the catalogue of {where}", most=MOST_CATALOGUE)
    if sealed and content != _seal(tree.get("releases")):
        raise _no_catalogue(where, "it was altered since it was written")
    found: dict[str, ListedRelease] = {}
    for row in _rows(tree, "releases", where):
        reference = str(row.get("reference", ""))
        matched = _REFERENCE.fullmatch(reference)
        if matched is None or matched[2] or reference in found:
            raise _no_catalogue(where, f'"{reference[:80]}" is no reference of a release, or stands twice')
        versions = [_read_version(version, reference, where) for version in _rows(row, "versions", where)]
        if len({v.reference for v in versions}) < len(versions) or len({v.number for v in versions}) < len(versions):
            raise _no_catalogue(where, f"a version of {reference} stands twice")
        found[reference] = ListedRelease(
            reference=reference,
            is_taken_down=bool(row.get("taken_down")),
            versions=tuple(sorted(versions, key=lambda v: v.number)),
            row={name: value for name, value in row.items() if name != "versions"},
        )
    return tuple(found[name] for name in sorted(found))


def write_catalogue(*, releases: Iterable[ListedRelease]) -> bytes:
    """Return a catalogue as a file, in one order, from what was read of another."""
    rows = [
        {**r.row, "versions": [dict(v.row) for v in r.versions]} for r in sorted(releases, key=lambda r: r.reference)
    ]
    return _seal(rows)


def check_version(
    *, version: ListedVersion, evidence: Evidence, keys: Sequence[VerifierKey]
) -> tuple[ReleasedFile, ...]:
    """Check that the record proves a version and its manifest, and return the files that the manifest lists, by path.

    Raises NotAsReleased naming the version and what does not fit, and RecordBroken kinds for a receipt that does not hold.
    """
    act = _act_of(evidence.receipt, keys)
    if act.get("type") == RESTRICTED:
        act = open_act(act=act, opening=evidence.opening, what=version.reference)
    digest = hashlib.sha256(evidence.payload).hexdigest()
    name = version.reference
    if act.get("type") != ACT or act.get("subject") != name:
        said = f"{act.get('type')} on {act.get('subject')}"[:160]
        raise NotAsReleased(what=name, problem=f'its receipt is of another act, "{said}"')
    if act.get("payload_sha256") != digest:
        raise NotAsReleased(what=name, problem="what its act decided has another digest than the record holds")
    payload = read_json(content=evidence.payload, what=name, most=MOST_MANIFEST)
    if payload.get("manifest_sha256") != version.manifest_sha256:
        raise NotAsReleased(what=name, problem="the record holds another manifest for it than the catalogue lists")
    return check_manifest(version=version, content=evidence.manifest)


def open_act(*, act: Mapping[str, Any], opening: bytes, what: str) -> Mapping[str, Any]:
    """Return the act to which the log holds a commitment. Raises NotAsReleased where the opening does not fit it."""
    import rfc8785

    told = read_json(content=opening, what=f"the opening of {what}", most=MOST_MANIFEST)
    content = told.get("content")
    try:
        salted = bytes.fromhex(str(told.get("salt"))) + rfc8785.dumps(content)
    except (ValueError, rfc8785.CanonicalizationError):
        salted = b""
    if hashlib.sha256(salted).hexdigest() != act.get("commitment") or not isinstance(content, dict):
        raise NotAsReleased(what=what, problem="the opening of its act does not fit the commitment that the log holds")
    return content


def check_manifest(*, version: ListedVersion, content: bytes) -> tuple[ReleasedFile, ...]:
    """Return the files that a manifest lists, after comparing it with its digest. Raises NotAsReleased."""
    what = f"the manifest of {version.reference}"
    if hashlib.sha256(content).hexdigest() != version.manifest_sha256:
        raise NotAsReleased(what=what, problem="its SHA-256 is another than its act states")
    rows = read_json(content=content, what=what, most=MOST_MANIFEST).get("files")
    files: dict[str, ReleasedFile] = {}
    for row in rows if isinstance(rows, list) else [None]:
        fits = (
            isinstance(row, dict)
            and isinstance(row.get("path"), str)
            and type(row.get("size")) is int
            and row["size"] >= 0
            and isinstance(row.get("sha256"), str)
            and _SHA256.fullmatch(row["sha256"])
        )
        if not fits or not isinstance(row, dict):
            raise NotAsReleased(what=what, problem="it does not list its files with path, size and SHA-256")
        problem = refuse_path(row["path"]) or ("it stands twice" if row["path"] in files else "")
        if problem:
            raise NotAsReleased(what=what, problem=f'the path "{row["path"][:200]}": {problem}')
        files[row["path"]] = ReleasedFile(row["path"], row["size"], row["sha256"])
    return tuple(files[path] for path in sorted(files))


def find_versions(
    *, releases: Sequence[ListedRelease], names: Sequence[str]
) -> tuple[tuple[ListedRelease, ListedVersion], ...]:
    """Return the versions that names mean: ``SLUG/LABEL``, or ``SLUG`` for the latest; each may be a whole reference.

    Raises NotFound where there is none, and NotAsReleased where its release was taken down.
    """
    found: dict[str, tuple[ListedRelease, ListedVersion]] = {}
    for name in names:
        slug, _, label = name.strip("/").removeprefix("commons/releases/").partition("/")
        release = next((r for r in releases if r.reference == f"commons/releases/{slug}"), None)
        if release is not None and release.is_taken_down:
            raise NotAsReleased(
                what=release.reference, problem="it was taken down, so that its files are given to nobody"
            )
        versions = () if release is None else release.versions
        fitting = [v for v in versions if v.label == label] if label else list(versions[-1:])
        if release is None or not fitting:
            raise NotFound(reference=name[:200])
        found[fitting[0].reference] = (release, fitting[0])
    return tuple(found[reference] for reference in sorted(found))


def read_json(*, content: bytes, what: str, most: int) -> dict[str, Any]:
    """Return names with values. Raises NotAsReleased where the bytes are no such thing, or too many."""
    if len(content) > most:
        raise NotAsReleased(what=what, problem=f"it has more than {most} bytes")
    try:
        tree = json.loads(content)
        json.dumps(tree, ensure_ascii=False).encode()  # half a character could not be written again
    except (ValueError, RecursionError):
        raise NotAsReleased(what=what, problem="it is no JSON") from None
    if not isinstance(tree, dict):
        raise NotAsReleased(what=what, problem="it does not hold names with values")
    return tree


def _seal(rows: Any, /) -> bytes:
    """Return a catalogue of rows with their digest: every byte of it follows from them."""
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    told = {"comity_catalogue": FORM, "releases": rows, "releases_sha256": digest}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _act_of(text: str, keys: Sequence[VerifierKey], /) -> Mapping[str, Any]:
    """Return the act that a receipt proves to be in the log of one of the keys."""
    receipt = parse_receipt(text)
    origin = read_checkpoint(parse_note(receipt.checkpoint).text).origin
    mine = [key for key in keys if key.name == origin]
    if not mine:
        raise BadInput(
            problem=f"The record is the log {origin[:120]}, whose public key was not given. Ask the body for it, and give it with --key."
        )
    refused: ForgedCheckpoint | None = None
    for key in mine:
        try:
            verify_receipt(receipt=receipt, by=Ed25519Verifier(key=key))
        except ForgedCheckpoint as forged:
            refused = forged
        else:
            return read_json(content=receipt.extra or b"", what="an act of the record", most=MOST_MANIFEST)
    raise refused or ForgedCheckpoint(key=origin, problem="it carries no signature of this key")


def _read_version(row: Mapping[str, Any], release: str, where: str, /) -> ListedVersion:
    reference, number = str(row.get("reference", "")), row.get("number")
    matched = _REFERENCE.fullmatch(reference)
    if matched is None or not matched[2] or not reference.startswith(f"{release}/"):
        raise _no_catalogue(where, f'"{reference[:80]}" is no reference of a version of {release}')
    if type(number) is not int or number < 0:
        raise _no_catalogue(where, f"{reference} has no number")
    digest, act = str(row.get("manifest_sha256", "")), str(row.get("act", ""))
    if not _SHA256.fullmatch(digest) or not _ACT.fullmatch(act):
        raise _no_catalogue(where, f"{reference} states no digest of its manifest, or no act")
    return ListedVersion(reference=reference, number=number, manifest_sha256=digest, act=act, row=row)


def _rows(tree: Mapping[str, Any], name: str, where: str, /) -> list[Mapping[str, Any]]:
    rows = tree.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _no_catalogue(where, f"it holds no list of {name}")
    return rows


def _no_catalogue(where: str, problem: str, /) -> NotAsReleased:
    return NotAsReleased(what=f"the catalogue of {where}", problem=problem)
