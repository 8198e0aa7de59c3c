"""What a release consists of, as frozen data: its components with their files and licences, and what its record states.

A manifest tells what is there and what was said; it claims no class. Every class is computed from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ReleaseType: TypeAlias = Literal["model", "data", "tool", "course", "paper"]
Content: TypeAlias = Literal["code", "data", "document"]
"""What a component is made of, which says what sort of licence suits it."""

RELEASE_TYPES: tuple[ReleaseType, ...] = ("model", "data", "tool", "course", "paper")
COMPONENT_KINDS: Mapping[str, tuple[Content, ...]] = MappingProxyType(
    {
        "model-architecture": ("code",),
        "data-preprocessing-code": ("code",),
        "training-code": ("code",),
        "inference-code": ("code",),
        "evaluation-code": ("code",),
        "supporting-tools": ("code",),
        "model-parameters": ("data",),
        "intermediate-parameters": ("data",),
        "datasets": ("data", "code", "document"),
        "evaluation-data": ("data",),
        "model-metadata": ("data",),
        "sample-outputs": ("data", "code", "document"),
        "model-card": ("document",),
        "data-card": ("document",),
        "technical-report": ("document",),
        "research-paper": ("document",),
        "evaluation-results": ("document",),
        "source-code": ("code",),
        "documentation": ("document",),
        "course-material": ("document",),
        "licence-text": ("document",),
        "other": ("data", "code", "document"),
    }
)
"""Every kind of component: the 17 of the Model Openness Framework, then those that other releases need."""

MOST_PATH = 1000
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file: its path inside the release, its size in bytes, its SHA-256, and its format as far as it was recognised.

    ``runs_code`` says why opening the file in the usual way can run code, and is empty where it cannot.
    """

    path: str
    size: int
    sha256: str
    format: str = "unknown"
    runs_code: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a release. ``licence`` is an SPDX expression or whatever was written; empty: not stated.

    ``declared`` says that another's record states that the part exists, and that no file of it was seen.
    """

    id: str
    kind: str
    licence: str = ""
    files: tuple[ReleaseFile, ...] = ()
    declared: bool = False
    where: str = ""

    @property
    def presence(self) -> Literal["files", "declared", "absent"]:
        """How it is known that the part is there: by files that hold something, by a declaration, or not at all."""
        if any(f.size > 0 for f in self.files):
            return "files"
        return "declared" if self.declared else "absent"


@dataclass(frozen=True, slots=True)
class LanguageQuality:
    """A language that the release is for (BCP 47), and what was measured in it; ``value`` None means *not measured*.

    ``n`` is how many items were measured, ``low`` and ``high`` are the 95% interval; None where they are not stated.
    """

    language: str
    measure: str = ""
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a record answers to a question: yes, no, or None for not stated; and what it says or links to for it."""

    value: bool | None = None
    text: str = ""


NOT_STATED = Answer()


@dataclass(frozen=True, slots=True)
class PublicGoodRecord:
    """The answers of a record to the questions of the Digital Public Goods Standard, as its owner gives them.

    ``goals`` are the numbers of the Sustainable Development Goals; ``restricting_dependencies``: mandatory parts restrict
    more than the licence does; ``independent``: it works without them; ``other_data``: it holds data that name nobody.
    """

    goals: tuple[int, ...] = ()
    goals_evidence: str = ""
    ownership: Answer = NOT_STATED
    restricting_dependencies: Answer = NOT_STATED
    independent: Answer = NOT_STATED
    documentation: Answer = NOT_STATED
    other_data: Answer = NOT_STATED
    extraction: Answer = NOT_STATED
    privacy_laws: Answer = NOT_STATED
    standards: Answer = NOT_STATED
    best_practices: Answer = NOT_STATED
    prevents_harm: Answer = NOT_STATED
    personal_data: Answer = NOT_STATED
    personal_data_secured: Answer = NOT_STATED
    holds_content: Answer = NOT_STATED
    content_moderated: Answer = NOT_STATED
    users_interact: Answer = NOT_STATED
    harassment_protection: Answer = NOT_STATED
    underage_protection: Answer = NOT_STATED


NO_RECORD = PublicGoodRecord()


@dataclass(frozen=True, slots=True)
class Running:
    """What it takes to run a release: None or an empty text means *not stated*. Gigabytes are of 10^9 bytes."""

    offline: bool | None = None
    offline_note: str = ""
    hardware: str = ""
    memory_gb: float | None = None
    gpu_memory_gb: float | None = None
    energy: str = ""
    training_compute: str = ""


NOTHING_ON_RUNNING = Running()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release as it is. Components stand in the order of their ids: make it by ``make_manifest``.

    ``unread`` are paths that could not be read or were refused, each with the reason.
    """

    name: str
    version: str = ""
    type: ReleaseType = "model"
    components: tuple[Component, ...] = ()
    languages: tuple[LanguageQuality, ...] = ()
    running: Running = NOTHING_ON_RUNNING
    record: PublicGoodRecord = NO_RECORD
    intended_use: str = ""
    known_limits: str = ""
    unread: tuple[tuple[str, str], ...] = field(default=())

    @property
    def size(self) -> int:
        """The bytes of all files, each content counted once."""
        seen = {f.sha256: f.size for c in self.components for f in c.files}
        return sum(seen.values())


def make_manifest(
    *,
    name: str,
    components: Iterable[Component],
    version: str = "",
    type: ReleaseType = "model",  # noqa: A002  (the word of the form)
    languages: Iterable[LanguageQuality] = (),
    running: Running = NOTHING_ON_RUNNING,
    record: PublicGoodRecord = NO_RECORD,
    intended_use: str = "",
    known_limits: str = "",
    unread: Iterable[tuple[str, str]] = (),
) -> Manifest:
    """Return a manifest in one order, whatever the order its parts came in.

    Raises BadParameter where an id stands twice, a kind or type is unknown, a path leads out of the release or stands twice,
    a hash is no SHA-256, a size is below 0, a language is no BCP 47 tag, or a goal is not 1 to 17.

    >>> made = make_manifest(name="Kiswahili speech", components=[Component("w", "model-parameters"), Component("c", "model-card")])
    >>> [c.id for c in made.components]
    ['c', 'w']
    """
    if not name.strip():
        raise BadParameter(name="name", found=name, allowed="the name of the release")
    if type not in RELEASE_TYPES:
        raise BadParameter(name="type", found=type, allowed=", ".join(RELEASE_TYPES))
    kept = _order_components(components)
    spoken = tuple(sorted(languages, key=lambda q: (q.language.casefold(), q.measure, q.source, q.value or 0.0)))
    for quality in spoken:
        if not _LANGUAGE.fullmatch(quality.language):
            raise BadParameter(
                name="language", found=quality.language, allowed='a BCP 47 tag, such as "sw" or "zh-Hant"'
            )
    for goal in record.goals:
        if goal not in range(1, 18):
            raise BadParameter(name="goals", found=goal, allowed="numbers of the goals, 1 to 17")
    return Manifest(
        name=name.strip(),
        version=version.strip(),
        type=type,
        components=kept,
        languages=spoken,
        running=running,
        record=record,
        intended_use=intended_use.strip(),
        known_limits=known_limits.strip(),
        unread=tuple(sorted(unread)),
    )


def refuse_path(path: str, /) -> str:
    """Return why a path may not stand in a release, or an empty text: it is relative, of plain parts, with forward strokes.

    >>> refuse_path("weights/model.safetensors"), refuse_path("../keys")
    ('', 'it leads out of the release')
    """
    parts = path.split("/")
    reason = ""
    if not path or len(path) > MOST_PATH:
        reason = f"a path has 1 to {MOST_PATH} characters"
    elif _UNPRINTED.search(path):
        reason = "it holds a control character or a backslash"
    elif path.startswith("/") or re.match(r"[A-Za-z]:", path):
        reason = "it is not relative"
    elif ".." in parts:
        reason = "it leads out of the release"
    elif "" in parts or "." in parts:
        reason = "it has an empty part"
    return reason


def _order_components(components: Iterable[Component], /) -> tuple[Component, ...]:
    found: dict[str, Component] = {}
    paths: set[str] = set()
    for component in components:
        if component.id in found or not component.id:
            raise BadParameter(name="component", found=component.id, allowed="an id of its own for each")
        if component.kind not in COMPONENT_KINDS:
            raise BadParameter(
                name=f"kind of {component.id}", found=component.kind, allowed=f"one of {', '.join(COMPONENT_KINDS)}"
            )
        for file in component.files:
            _demand_file(file, component.id)
            if file.path in paths:
                raise BadParameter(name="path", found=file.path, allowed="each path once, in one component")
            paths.add(file.path)
        files = tuple(sorted(component.files, key=lambda f: f.path))
        found[component.id] = Component(
            component.id, component.kind, component.licence, files, component.declared, component.where
        )
    return tuple(found[i] for i in sorted(found))


def _demand_file(file: ReleaseFile, component: str, /) -> None:
    problem = refuse_path(file.path)
    if problem:
        raise BadParameter(
            name=f"path in {component}", found=file.path[:200], allowed=f"a path in the release; {problem}"
        )
    if not _SHA256.fullmatch(file.sha256):
        raise BadParameter(
            name=f"sha256 of {file.path}", found=file.sha256[:80], allowed="64 hexadecimal digits, in small letters"
        )
    if file.size < 0:
        raise BadParameter(name=f"size of {file.path}", found=file.size, allowed="0 or a greater number of bytes")
