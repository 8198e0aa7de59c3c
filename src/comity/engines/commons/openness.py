"""How open a release is, each part by itself with its reason: licences, framework class, public-good indicators, what runs code.

What a ministry asks first comes first: does it work offline, how big is it, which hardware does it need, in which languages
was its quality measured. Everything is computed from the manifest; nothing that somebody claimed to be is taken over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.engines.commons.frameworks import FrameworkClass, class_model, note_licence
from comity.engines.commons.licences import LEVELS, Level, LicenceClass, class_licence, least_open
from comity.engines.commons.public_goods import Indicator, find_indicators
from comity.engines.commons.reasons import Reason, because

if TYPE_CHECKING:
    from comity.engines.commons.manifests import Component, LanguageQuality, Manifest, ReleaseFile, Running

MOST_NAMED = 5
"""Parts that are named at most: so many are read at a glance."""


@dataclass(frozen=True, slots=True)
class ComponentFinding:
    """What was found on one component: how it is known to be there, its size, the class of its licence, and a note on it."""

    component: Component
    presence: str
    size: int
    licence: LicenceClass
    remark: Reason | None = None

    @property
    def note(self) -> str:
        """The note in English; empty where there is none."""
        return "" if self.remark is None else str(self.remark)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is asked first. ``size`` is in bytes; ``measured`` and ``unmeasured`` are languages with and without a figure."""

    name: str
    version: str
    type: str
    size: int
    files: int
    intended_use: str
    known_limits: str
    running: Running
    measured: tuple[LanguageQuality, ...]
    unmeasured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Openness:
    """All findings on a release.

    ``licence`` is the class of the whole, which is the least open of its components that are there; ``framework`` the class of
    the Model Openness Framework; ``indicators`` the nine of the Digital Public Goods Standard; ``code_files`` those whose format
    can run code; ``unread`` what could not be looked at, which no finding covers.
    """

    summary: Summary
    components: tuple[ComponentFinding, ...]
    licence: Level
    licence_because: Reason
    framework: FrameworkClass
    indicators: tuple[Indicator, ...]
    code_files: tuple[ReleaseFile, ...]
    unread: tuple[tuple[str, str], ...]

    @property
    def licence_reason(self) -> str:
        """Why the whole is of its class, in English."""
        return str(self.licence_because)


def assess_openness(*, manifest: Manifest) -> Openness:
    """Return how open a release is. The order of its parts never matters.

    Adding a component never lowers the framework class; it may lower the licence class of the whole, which binds to all parts.

    >>> from comity.engines.commons.manifests import Component, ReleaseFile, make_manifest
    >>> weights = ReleaseFile("w.safetensors", 10, "0" * 64)
    >>> found = assess_openness(manifest=make_manifest(name="x", components=[Component("w", "model-parameters", "MIT", (weights,))]))
    >>> found.licence, found.framework.name, [c.kind for c in found.framework.missing[3]][:2]
    ('open', 'no class', ['model-architecture', 'technical-report'])
    """
    findings = tuple(_find(c) for c in manifest.components)
    there = [f for f in findings if f.presence != "absent" and f.component.kind != "licence-text"]
    level = least_open(levels=tuple(f.licence.level for f in there))
    return Openness(
        summary=_summarise(manifest),
        components=findings,
        licence=level,
        licence_because=_say_whole(there, level),
        framework=class_model(manifest=manifest),
        indicators=find_indicators(manifest=manifest),
        code_files=tuple(
            sorted((f for c in manifest.components for f in c.files if f.runs_code), key=lambda f: f.path)
        ),
        unread=manifest.unread,
    )


def _find(component: Component, /) -> ComponentFinding:
    licence = class_licence(expression=component.licence)
    return ComponentFinding(
        component=component,
        presence=component.presence,
        size=sum(f.size for f in component.files),
        licence=licence,
        remark=note_licence(kind=component.kind, licence=licence),
    )


def _say_whole(there: list[ComponentFinding], level: Level, /) -> Reason:
    if not there:
        return because(code="nothing-there")
    if level == "open":
        return because(code="all-open")
    names = tuple(f.component.id for f in there if f.licence.level == level)
    higher = sum(LEVELS.index(f.licence.level) > LEVELS.index(level) for f in there)
    if len(names) > MOST_NAMED:
        told, more = names[:MOST_NAMED], len(names) - MOST_NAMED
        return because(code="least-open-more", parts=told, more=more, higher=higher, all=len(there))
    code = "least-open-part" if len(names) == 1 else "least-open-parts"
    return because(code=code, parts=names, higher=higher, all=len(there))


def _summarise(manifest: Manifest, /) -> Summary:
    measured = tuple(q for q in manifest.languages if q.value is not None)
    told = {q.language for q in measured}
    unmeasured = tuple(sorted({q.language for q in manifest.languages} - told))
    return Summary(
        name=manifest.name,
        version=manifest.version,
        type=manifest.type,
        size=manifest.size,
        files=sum(len(c.files) for c in manifest.components),
        intended_use=manifest.intended_use,
        known_limits=manifest.known_limits,
        running=manifest.running,
        measured=measured,
        unmeasured=unmeasured,
    )
