"""Read JSON-LD as plain data: a context is never fetched, and what a name means is taken from the form that it claims to have.

A value may stand alone, in a list, or as a table with ``@value``, ``@id`` or a language as its name; identifiers may be quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from comity.adapters.licence_addresses import join_licences, licence_at
from comity.engines.commons.formats import guess_kind
from comity.engines.commons.manifests import refuse_path
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_TEXT = 10_000
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_SIZE = re.compile(r"([0-9]{1,18})\s*(?:B|bytes?)?", re.IGNORECASE)


def listed(value: Any, /) -> list[Any]:
    """Return a value as a list: none for None, one for anything that is no list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def tables(value: Any, /) -> list[dict[str, Any]]:
    """Return the tables among a value or list."""
    return [item for item in listed(value) if isinstance(item, dict)]


def word(value: Any, /) -> str:
    """Return a value as one line of text: a text or number, the first of a list, ``@value``, or the text in English.

    >>> word({"fr": "Liste", "en": "List"}), word(["a", "b"]), word({"@value": "x"}), word(None)
    ('List', 'a', 'x', '')
    """
    if isinstance(value, list):
        return next((text for text in map(word, value) if text), "")
    if isinstance(value, dict):
        inner = value.get("@value", value.get("en"))
        if inner is None and all(isinstance(v, str) for v in value.values()) and not any(n[:1] == "@" for n in value):
            inner = next((value[name] for name in sorted(value)), "")
        return "" if isinstance(inner, (dict, list)) else word(inner)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(str(value).split())[:MOST_TEXT]


def words(value: Any, /) -> str:
    """Return all texts of a value or list, one after the other."""
    return " ".join(text for text in map(word, listed(value)) if text)[:MOST_TEXT]


def types_of(node: Mapping[str, Any], /) -> set[str]:
    """Return the types of a node without the prefix of their vocabulary."""
    return {re.split(r"[:/#]", t)[-1] for t in listed(node.get("@type")) if isinstance(t, str)}


def named(node: Mapping[str, Any], name: str, /) -> Any:
    """Return the value of a name, with or without the prefix of schema.org or of Croissant."""
    for full in (name, f"sc:{name}", f"schema:{name}", f"cr:{name}", f"https://schema.org/{name}"):
        if full in node:
            return node[full]
    return None


def licence_in(value: Any, nodes: Mapping[str, Mapping[str, Any]] | None = None, /) -> str:
    """Return the licence that a value gives: an address, a name, a work with either, or several, which all bind."""
    found = []
    for item in listed(value):
        node = item
        text = ""
        if isinstance(item, dict):
            at = item.get("@id")
            node = (nodes or {}).get(at, item) if isinstance(at, str) else item
            candidates = (node.get("@id"), word(named(node, "url")), word(named(node, "name")))
            texts = [t for t in candidates if isinstance(t, str) and t and not t.startswith(("#", "_:"))]
            known = [t for t in texts if licence_at(t) != t]
            text = (known or [word(named(node, "name")), *texts])[0] or (texts or [""])[0]
        elif isinstance(item, str):
            text = item
        if text.strip():
            found.append(licence_at(text))
    return join_licences(found) if found else ""


def languages_in(value: Any, /) -> list[str]:
    """Return the language tags of a value: texts, or tables with the tag as identifier or name. What is no tag is left out."""
    found = []
    for item in listed(value):
        texts = [item]
        if isinstance(item, dict):
            texts = [named(item, "alternateName"), item.get("@id"), named(item, "name"), item.get("@value")]
        tag = next((t for t in texts if isinstance(t, str) and LANGUAGE.fullmatch(t)), "")
        if tag and tag not in found:
            found.append(tag)
    return found


def size_in(value: Any, /) -> int | None:
    """Return a number of bytes that is written exactly, else None.

    >>> size_in("120 B"), size_in(7), size_in("1.2 MB")
    (120, 7, None)
    """
    found = _SIZE.fullmatch(word(value))
    return int(found[1]) if found else None


def file_in(node: Mapping[str, Any], path: str, file: str, /) -> dict[str, Any]:
    """Return a listed file in our form. Raises BadReleaseFile where its path may not stand in a release."""
    problem = refuse_path(path)
    if problem:
        raise BadReleaseFile(file=file, where=f'the file "{path[:200]}"', problem=f"its path will not do: {problem}")
    digest, size = word(named(node, "sha256")), size_in(named(node, "contentSize"))
    told: dict[str, Any] = {"path": path}
    if size is not None:
        told["size"] = size
    if _SHA256.fullmatch(digest):
        told["sha256"] = digest.lower()
    return told


def path_in(text: str, /) -> str:
    """Return the path that an identifier is, or an empty text where it leads to another place.

    >>> path_in("./data/a%20b.csv"), path_in("https://x.example/a.csv"), path_in("#part")
    ('data/a b.csv', '', '')
    """
    if not text or text.startswith(("#", "_:")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return ""
    return unquote(text).removeprefix("./")


def sort_files(files: Iterable[Mapping[str, Any]], /, *, licence: str, is_data: bool) -> list[dict[str, Any]]:
    """Return parts in our form for files of which nothing says what they are: by the names of the files."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    renamed = {"model-card": "data-card", "other": "datasets"} if is_data else {}
    for told in files:
        kind = guess_kind(path=told["path"])
        by_kind.setdefault(renamed.get(kind, kind), []).append(told)
    return [
        {"id": kind, "kind": kind, "licence": "" if kind == "licence-text" else licence, "files": found}
        for kind, found in sorted(by_kind.items())
    ]


def demand_once(files: Iterable[Mapping[str, Any]], file: str, /) -> None:
    """Refuse a path that stands twice. Raises BadReleaseFile."""
    seen: set[str] = set()
    for told in files:
        if told["path"] in seen:
            raise BadReleaseFile(file=file, where=f'the file "{told["path"][:200]}"', problem="it stands twice")
        seen.add(told["path"])
