"""The facts of a released version, gathered once: every other form of metadata is written from them, and from nothing else."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import quote

from comity.adapters.licence_addresses import join_licences

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.engines.commons.manifests import Manifest

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".csv": "text/csv",
        ".json": "application/json",
        ".jsonl": "application/jsonlines",
        ".md": "text/markdown",
        ".ndjson": "application/jsonlines",
        ".parquet": "application/x-parquet",
        ".pdf": "application/pdf",
        ".tsv": "text/tab-separated-values",
        ".txt": "text/plain",
        ".zip": "application/zip",
    }
)
"""The media type of a file by its ending, the same on every machine; others are guessed."""

ColumnType: TypeAlias = Literal["text", "integer", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, or a name that the objects of a file of JSON lines have."""

    name: str
    type: ColumnType = "text"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that is given out: path, size in bytes, SHA-256, media type, address; columns where its first line was read."""

    path: str
    size: int
    sha256: str
    media_type: str = "application/octet-stream"
    address: str = ""
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """A version of a release as others are told of it.

    ``titles`` and ``summaries`` are texts by language; ``address`` is its page, ``publisher`` the member that shares it, else the
    body; ``authors`` are names as the publisher gives them. ``files`` are those that are given out.
    """

    reference: str
    address: str
    hub_name: str
    kind: str
    label: str
    titles: Mapping[str, str]
    publisher: str
    publisher_address: str
    released_at: dt.datetime
    manifest: Manifest
    files: tuple[GivenFile, ...] = ()
    summaries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    authors: tuple[str, ...] = ()
    provenance: str = ""
    is_public: bool = True

    @property
    def title(self) -> str:
        """The title in English, else in the first language that it has."""
        return plain_text(self.titles)

    @property
    def summary(self) -> str:
        """The summary likewise; the intended use where there is none, else the title: forms want some sentence."""
        return plain_text(self.summaries) or self.manifest.intended_use or self.title

    @property
    def licence(self) -> str:
        """The licences of the parts that have files, as one expression; empty where none is stated."""
        return join_licences(
            [c.licence for c in self.manifest.components if c.presence != "absent" and c.kind != "licence-text"]
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it names, each once."""
        return tuple(dict.fromkeys(q.language for q in self.manifest.languages))


def plain_text(texts: Mapping[str, str], /) -> str:
    """Return a text in English, else in the first of its languages; empty where there is none.

    >>> plain_text({"fr": "Liste", "en": "List"}), plain_text({"fr": "Liste"}), plain_text({})
    ('List', 'Liste', '')
    """
    return texts.get("en") or next((texts[name] for name in sorted(texts)), "")


def write_json(tree: Any, /) -> bytes:
    """Return plain data as JSON in UTF-8, indented, with a last line break."""
    return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"


def identify_path(path: str, /) -> str:
    """Return a path of a release as an identifier in linked data."""
    return quote(path)


def stated(tree: Mapping[str, Any], /) -> dict[str, Any]:
    """Return names with values without those that say nothing. ``False`` and 0 say something."""
    return {name: value for name, value in tree.items() if value is not None and value not in ("", [], {}, ())}


def media_type_of(path: str, /) -> str:
    """Return the media type of a file by its name.

    >>> media_type_of("topics.csv"), media_type_of("w.safetensors")
    ('text/csv', 'application/octet-stream')
    """
    known = MEDIA_TYPES.get("." + path.lower().rpartition(".")[2])
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"
