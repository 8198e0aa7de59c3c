"""Our own description of a release, ``comity-release.json`` or ``.toml``, read into a manifest.

The description names parts with their licences and files. What is really there is told by ``release_folders``, which looks
at the files themselves; a description alone is a declaration, and every finding on it says so.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from comity.adapters.plain_trees import read_text, read_tree
from comity.adapters.spdx import settle_licence
from comity.engines.commons.manifests import (
    COMPONENT_KINDS,
    RELEASE_TYPES,
    Answer,
    LanguageQuality,
    PublicGoodRecord,
    Running,
    refuse_path,
)
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from comity.engines.commons.manifests import ReleaseType

NAMES = ("comity-release.json", "comity-release.toml")
VERSION = 1
MOST_TEXT = 10_000
_TOP = {
    *("comity_release", "name", "version", "type", "intended_use", "known_limits"),
    *("licences", "components", "languages", "running", "public_good"),
}
_COMPONENT = {"id", "kind", "licence", "files", "where"}
_FILE = {"path", "size", "sha256"}
_HALF = re.compile("[\ud800-\udfff]")
_LICENCES = {"default", "code", "data", "document"}


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as a description lists it: a path or a pattern with ``*``; size and SHA-256 where it states them."""

    path: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ListedComponent:
    """A part as a description lists it, with the licence that holds for it and where that was written."""

    id: str
    kind: str
    licence: str
    files: tuple[ListedFile, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a description says, before anything was looked at."""

    name: str
    version: str
    type: ReleaseType
    intended_use: str
    known_limits: str
    components: tuple[ListedComponent, ...]
    languages: tuple[LanguageQuality, ...]
    running: Running
    record: PublicGoodRecord


def read_description(*, path: Path) -> Description:
    """Return what our form says in a file. Raises what ``read_text`` and ``read_tree`` raise, and BadReleaseFile."""
    return compose_description(tree=read_tree(text=read_text(path=path), file=path.name), file=path.name)


def compose_description(*, tree: Mapping[str, Any], file: str) -> Description:
    """Return what plain data in our form say. Raises BadReleaseFile with the place of what will not do.

    >>> told = compose_description(
    ...     tree={"comity_release": 1, "name": "x", "components": [{"id": "w", "kind": "model-card", "licence": "MIT"}]}, file="f"
    ... )
    >>> told.components[0].licence
    'MIT'
    """
    read = _Reading(file)
    read.demand_names(tree, _TOP, "the file")
    if tree.get("comity_release") != VERSION or isinstance(tree.get("comity_release"), bool):
        raise read.refusal("comity_release", f"it must be {VERSION}: the version of this form")
    licences = read.table(tree, "licences", "the file")
    read.demand_names(licences, _LICENCES, "licences")
    components = tuple(
        read.component(item, f"components, number {number}", licences)
        for number, item in enumerate(read.items(tree, "components", "the file"), 1)
    )
    languages = tuple(
        read.language(item, f"languages, number {number}")
        for number, item in enumerate(read.items(tree, "languages", "the file"), 1)
    )
    return Description(
        name=read.text(tree, "name", "the file", needed=True),
        version=read.text(tree, "version", "the file"),
        type=read.release_type(tree),
        intended_use=read.text(tree, "intended_use", "the file"),
        known_limits=read.text(tree, "known_limits", "the file"),
        components=components,
        languages=languages,
        running=read.running(read.table(tree, "running", "the file")),
        record=read.record(read.table(tree, "public_good", "the file")),
    )


class _Reading:
    """Reads values of one file, and refuses with the file and the place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def refusal(self, where: str, problem: str) -> BadReleaseFile:
        """Return the refusal of a place."""
        return BadReleaseFile(file=self.file, where=where, problem=problem)

    def demand_names(self, tree: Mapping[str, Any], known: set[str], where: str) -> None:
        """Refuse a name that the form does not have: a misspelt one would be lost in silence."""
        strange = sorted(str(n) for n in tree if n not in known)
        if strange:
            raise self.refusal(
                where, f'"{strange[0][:80]}" is no name of this form; there are {", ".join(sorted(known))}'
            )

    def text(self, tree: Mapping[str, Any], name: str, where: str, *, needed: bool = False) -> str:
        """Return a text; an empty one where it is missing and not needed."""
        value = tree.get(name, "")
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            raise self.refusal(where, f"{name} must be a text of at most {MOST_TEXT} characters")
        if _HALF.search(value):
            raise self.refusal(where, f"{name} holds half a character")
        if needed and not value.strip():
            raise self.refusal(where, f"{name} is missing")
        return value.strip()

    def release_type(self, tree: Mapping[str, Any]) -> ReleaseType:
        """Return what the release is; a model where that is missing."""
        said = self.text(tree, "type", "the file") or "model"
        for known in RELEASE_TYPES:
            if said == known:
                return known
        raise self.refusal("type", f'it is "{said[:80]}"; there are {", ".join(RELEASE_TYPES)}')

    def number(self, tree: Mapping[str, Any], name: str, where: str) -> float | None:
        """Return a number, or None where it is missing."""
        value = tree.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise self.refusal(where, f"{name} must be a number")
        return float(value)

    def count(self, tree: Mapping[str, Any], name: str, where: str) -> int | None:
        """Return a whole number of 0 or more, or None where it is missing."""
        value = tree.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise self.refusal(where, f"{name} must be a whole number of 0 or more")
        return value

    def table(self, tree: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
        """Return names with values; none where they are missing."""
        value = tree.get(name, {})
        if not isinstance(value, dict):
            raise self.refusal(where, f"{name} must hold names with values")
        return value

    def items(self, tree: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
        """Return a list of tables; an empty one where it is missing."""
        value = tree.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refusal(where, f"{name} must be a list, each item with names and values")
        return value

    def answer(self, tree: Mapping[str, Any], name: str, where: str) -> Answer:
        """Return an answer: true, false, or ``{answer = true, text = "…"}``; not stated where it is missing."""
        value = tree.get(name)
        if value is None:
            return Answer()
        if isinstance(value, bool):
            return Answer(value)
        if isinstance(value, dict):
            self.demand_names(value, {"answer", "text"}, f"{where}, {name}")
            if isinstance(value.get("answer"), bool):
                return Answer(value["answer"], self.text(value, "text", f"{where}, {name}"))
        raise self.refusal(where, f"{name} must be true or false, or hold answer (true or false) and text")

    def component(self, item: Mapping[str, Any], where: str, licences: Mapping[str, Any]) -> ListedComponent:
        """Return a part; its licence is its own, or that of its sort of content, or the default."""
        self.demand_names(item, _COMPONENT, where)
        kind = self.text(item, "kind", where, needed=True)
        if kind not in COMPONENT_KINDS:
            raise self.refusal(where, f'kind is "{kind[:80]}"; there are {", ".join(COMPONENT_KINDS)}')
        licence, told = self.text(item, "licence", where), self.text(item, "where", where)
        if not licence and "licence" not in item:
            contents = COMPONENT_KINDS[kind]
            named = contents[0] if len(contents) == 1 else "default"
            licence = self.text(licences, named, "licences") or self.text(licences, "default", "licences")
        listed = item.get("files", [])
        if not isinstance(listed, list):
            raise self.refusal(where, "files must be a list of paths, or of tables with path, size and sha256")
        files = tuple(self.file_of(f, f"{where}, files") for f in listed)
        return ListedComponent(self.text(item, "id", where, needed=True), kind, settle_licence(licence), files, told)

    def file_of(self, item: Any, where: str) -> ListedFile:
        """Return a listed file."""
        tree = {"path": item} if isinstance(item, str) else item
        if not isinstance(tree, dict):
            raise self.refusal(where, "each is a path, or a table with path, size and sha256")
        self.demand_names(tree, _FILE, where)
        path = self.text(tree, "path", where, needed=True)
        problem = refuse_path(path)
        if problem:
            raise self.refusal(where, f'the path "{path[:200]}" may not stand in a release: {problem}')
        digest = self.text(tree, "sha256", where).lower()
        if digest and (len(digest) != 64 or set(digest) - set("0123456789abcdef")):  # noqa: PLR2004  (SHA-256 in hexadecimal)
            raise self.refusal(where, f"sha256 of {path[:200]} must be 64 hexadecimal digits")
        return ListedFile(path, self.count(tree, "size", where), digest or None)

    def language(self, item: Mapping[str, Any], where: str) -> LanguageQuality:
        """Return a language with what was measured in it."""
        self.demand_names(item, {f.name for f in fields(LanguageQuality)}, where)
        return LanguageQuality(
            language=self.text(item, "language", where, needed=True),
            measure=self.text(item, "measure", where),
            value=self.number(item, "value", where),
            n=self.count(item, "n", where),
            low=self.number(item, "low", where),
            high=self.number(item, "high", where),
            source=self.text(item, "source", where),
        )

    def running(self, tree: Mapping[str, Any]) -> Running:
        """Return what it takes to run the release."""
        self.demand_names(tree, {f.name for f in fields(Running)}, "running")
        offline = tree.get("offline")
        if offline is not None and not isinstance(offline, bool):
            raise self.refusal("running", "offline must be true or false")
        return Running(
            offline=offline,
            offline_note=self.text(tree, "offline_note", "running"),
            hardware=self.text(tree, "hardware", "running"),
            memory_gb=self.number(tree, "memory_gb", "running"),
            gpu_memory_gb=self.number(tree, "gpu_memory_gb", "running"),
            energy=self.text(tree, "energy", "running"),
            training_compute=self.text(tree, "training_compute", "running"),
        )

    def record(self, tree: Mapping[str, Any]) -> PublicGoodRecord:
        """Return the answers to the questions of the Digital Public Goods Standard."""
        questions = [f.name for f in fields(PublicGoodRecord) if not f.name.startswith("goals")]
        self.demand_names(tree, {"goals", "goals_evidence", *questions}, "public_good")
        goals = tree.get("goals", [])
        if not isinstance(goals, list) or not all(type(g) is int and 1 <= g <= 17 for g in goals):  # noqa: PLR2004  (the goals)
            raise self.refusal("public_good", "goals must be a list of whole numbers, 1 to 17")
        answers = {name: self.answer(tree, name, "public_good") for name in questions}
        evidence = self.text(tree, "goals_evidence", "public_good")
        return PublicGoodRecord(goals=tuple(sorted(set(goals))), goals_evidence=evidence, **answers)
