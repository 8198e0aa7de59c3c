"""The description of a bundle, ``ro-crate-metadata.json``: an RO-Crate 1.1 that lists every file with its size and SHA-256.

Source: RO-Crate Metadata Specification 1.1. Releases stand as datasets under ``data/SLUG/LABEL/``; what proves them stands under
``evidence/SLUG/LABEL/``. ``sha256`` is schema.org's, named in the context since that of RO-Crate 1.1 does not have it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from comity.engines.commons.manifests import refuse_path
from comity.errors import ComityError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

NAME = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
DESCRIPTOR: Mapping[str, Any] = MappingProxyType(
    {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": PROFILE}}
)
"""The entity that says which specification a crate follows."""
_SHA256 = re.compile("[0-9a-f]{64}")
_TYPES = {".json": "application/json", ".md": "text/markdown", ".txt": "text/plain", ".csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class CrateFile:
    """A file of a bundle: its path, its size in bytes and the SHA-256 of its content."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CrateVersion:
    """A version as the description names it. ``licence`` is what its manifest states, or empty."""

    reference: str
    name: str
    description: str
    licence: str
    released_at: str
    folder: str


def describe_bundle(
    *, versions: Sequence[CrateVersion], files: Sequence[CrateFile], maker: str, made_at: dt.datetime
) -> bytes:
    """Return the description of a bundle, in one order."""
    ordered = sorted(files, key=lambda f: f.path)
    parts = [{"@id": f"{_id(v.folder)}/"} for v in versions]
    loose = [{"@id": _id(f.path)} for f in ordered if not f.path.startswith("data/")]
    names = ", ".join(v.reference.removeprefix("commons/releases/") for v in versions)
    graph: list[dict[str, Any]] = [
        dict(DESCRIPTOR),
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Releases from the commons: {names}"[:400],
            "description": f"Releases with what proves them, to be loaded without a network. Made and signed by {maker}.",
            "datePublished": made_at.date().isoformat(),
            "license": "Each release has its own; see its manifest.",
            "hasPart": [*parts, *loose],
        },
    ]
    for version in versions:
        inside = [{"@id": _id(f.path)} for f in ordered if f.path.startswith(f"{version.folder}/")]
        told = {
            "@id": f"{_id(version.folder)}/",
            "@type": "Dataset",
            "identifier": version.reference,
            "name": version.name,
            "description": version.description,
            "license": version.licence,
            "datePublished": version.released_at,
            "hasPart": inside,
        }
        graph.append({name: value for name, value in told.items() if value})
    graph += [file_entity(file) for file in ordered]
    return write_graph(graph)


def write_graph(graph: Sequence[Mapping[str, Any]], /) -> bytes:
    """Return the entities of a crate as its description."""
    told = {"@context": [CONTEXT, {"sha256": "https://schema.org/sha256"}], "@graph": graph}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def list_crate_files(content: bytes, /) -> tuple[CrateFile, ...]:
    """Return the files that a description lists, by path. Raises ValueError with what is wrong, as a plain sentence."""
    try:
        graph = json.loads(content)["@graph"]
        rows = [row for row in graph if row["@type"] == "File"]
        files = [CrateFile(unquote(row["@id"]), int(row["contentSize"]), str(row["sha256"])) for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError, ComityError):
        raise ValueError("it is no description of a bundle") from None
    seen: set[str] = set()
    for file in files:
        problem = refuse_path(file.path) or ("it stands twice" if file.path in seen else "")
        problem = problem or ("its size is below 0" if file.size < 0 else "")
        problem = problem or ("" if _SHA256.fullmatch(file.sha256) else "its SHA-256 is not 64 digits")
        if problem:
            raise ValueError(f'it lists "{file.path[:200]}": {problem}')
        seen.add(file.path)
    return tuple(sorted(files, key=lambda f: f.path))


def licence_of(manifest: Mapping[str, Any], /) -> str:
    """Return the licence that a manifest states for the whole: its default, else those of its parts."""
    told = manifest.get("description")
    told = told if isinstance(told, dict) else manifest
    licences = told.get("licences")
    default = licences.get("default") if isinstance(licences, dict) else None
    if isinstance(default, str):
        return default
    parts = told.get("components")
    found = [p.get("licence") for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []
    return ", ".join(sorted({text for text in found if isinstance(text, str) and text}))


def file_entity(file: CrateFile, /) -> dict[str, Any]:
    """Return the entity of a file: name, size, media type and SHA-256."""
    ending = "." + file.path.rsplit(".", 1)[-1].lower()
    return {
        "@id": _id(file.path),
        "@type": "File",
        "name": file.path.rsplit("/", 1)[-1],
        "contentSize": str(file.size),
        "encodingFormat": _TYPES.get(ending, "application/octet-stream"),
        "sha256": file.sha256,
    }


def _id(path: str, /) -> str:
    return quote(path)
