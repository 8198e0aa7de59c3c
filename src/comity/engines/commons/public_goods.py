"""The nine indicators of the Digital Public Goods Standard, each met, not met or not stated, from what a record says.

Follows the Digital Public Goods Standard 1.1 (Digital Public Goods Alliance, CC BY-SA 4.0) and its questions. An answer of
the owner is taken as said, never judged: *met* means that the record states what the indicator asks for. Whether it is true
is for people to see; where the record is silent the indicator is *not stated*, never *not met*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from comity.engines.commons import licence_table as table
from comity.engines.commons.licences import class_licence
from comity.engines.commons.manifests import COMPONENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.engines.commons.licences import LicenceClass
    from comity.engines.commons.manifests import Answer, Component, Manifest

Met: TypeAlias = Literal["met", "not met", "not stated"]

MOST_QUOTED = 120
DOCUMENTING = frozenset({"documentation", "model-card", "data-card", "technical-report", "research-paper"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an indicator asks for, whether the record states it, and why."""

    asks: str
    met: Met
    reason: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the nine: its number and name, whether it is met, why, and the things it asks for by themselves."""

    number: int
    name: str
    met: Met
    reason: str
    findings: tuple[Finding, ...]


def find_indicators(*, manifest: Manifest) -> tuple[Indicator, ...]:
    """Return the nine indicators in the order of the Standard. An indicator is met where all that it asks for is met.

    >>> from comity.engines.commons.manifests import make_manifest
    >>> silent = find_indicators(manifest=make_manifest(name="x", components=[]))
    >>> [i.number for i in silent], {i.met for i in silent}
    ([1, 2, 3, 4, 5, 6, 7, 8, 9], {'not stated'})
    """
    record = manifest.record
    goals = ", ".join(str(g) for g in sorted(set(record.goals)))
    relevant = (
        Finding("relevance to a Sustainable Development Goal", "met", f"it names goal {goals}")
        if goals
        else Finding("relevance to a Sustainable Development Goal", "not stated", "it names no goal")
    )
    standards = _either(
        "standards or best practices",
        (record.standards, "it follows standards"),
        (record.best_practices, "it follows best practices"),
    )
    return (
        _join(1, "Relevance to the Sustainable Development Goals", [relevant]),
        _join(
            2,
            "Open licence",
            [_licence_of(c) for c in manifest.components if c.presence != "absent" and c.kind != "licence-text"],
        ),
        _join(3, "Clear ownership", [_told("who owns it", record.ownership)]),
        _join(4, "Platform independence", _independence(manifest)),
        _join(5, "Documentation", [_documentation(manifest)]),
        _join(6, "Extraction of data that name nobody", _extraction(manifest)),
        _join(7, "Privacy and applicable laws", [_told("compliance with privacy laws", record.privacy_laws)]),
        _join(8, "Standards and best practices", [standards]),
        _join(9, "Do no harm", _no_harm(manifest)),
    )


def _join(number: int, name: str, findings: Iterable[Finding], /) -> Indicator:
    asked = tuple(findings) or (Finding("an open licence", "not stated", "the record names no part that is there"),)
    met: Met = "met"
    for state in ("not met", "not stated"):
        if any(f.met == state for f in asked):
            met = state
            break
    decisive = [f for f in asked if f.met == met]
    return Indicator(number, name, met, "; ".join(dict.fromkeys(f.reason for f in decisive)), asked)


def _told(asks: str, answer: Answer, /) -> Finding:
    if answer.value is None:
        return Finding(asks, "not stated", f"the record does not state {asks}")
    said = f" ({_short(answer.text)})" if answer.text.strip() else ""
    if answer.value:
        return Finding(asks, "met", f"the record states {asks}{said}")
    return Finding(asks, "not met", f"the record says no to {asks}{said}")


def _asked_only_if(asks: str, condition: Answer, matter: str, answer: Answer, /) -> Finding:
    """Return the finding on a question that is asked only where ``condition`` is yes."""
    if condition.value is False:
        return Finding(asks, "met", f"not asked: the record says that there are no {matter}")
    if condition.value is None and answer.value is None:
        return Finding(asks, "not stated", f"the record does not say whether there are {matter}")
    return _told(asks, answer)


def _either(asks: str, *answers: tuple[Answer, str]) -> Finding:
    said = [(answer, words) for answer, words in answers if answer.value is not None]
    for answer, words in said:
        if answer.value:
            return Finding(asks, "met", f"the record states that {words}")
    if len(said) == len(answers):
        return Finding(asks, "not met", f"the record says no to {asks}")
    return Finding(asks, "not stated", f"the record does not state {asks}")


def _independence(manifest: Manifest, /) -> list[Finding]:
    record = manifest.record
    return [
        _asked_only_if(
            "independence from its closed parts, or open ones in their place",
            record.restricting_dependencies,
            "parts that restrict more than its licence",
            record.independent,
        )
    ]


def _documentation(manifest: Manifest, /) -> Finding:
    there = sorted({c.kind for c in manifest.components if c.kind in DOCUMENTING and c.presence == "files"})
    if manifest.record.documentation.value is None and there:
        return Finding("documentation", "met", f"there are files of {', '.join(k.replace('-', ' ') for k in there)}")
    return _told("documentation", manifest.record.documentation)


def _extraction(manifest: Manifest, /) -> list[Finding]:
    record = manifest.record
    return [
        _asked_only_if(
            "a way to take its data out in an open format",
            record.other_data,
            "data that name nobody",
            record.extraction,
        )
    ]


def _no_harm(manifest: Manifest, /) -> list[Finding]:
    r = manifest.record
    content, meeting = "content that it collects, keeps or passes on", "people meeting through it"
    return [
        _told("steps that prevent harm", r.prevents_harm),
        _asked_only_if(
            "9a: privacy and security of personal data", r.personal_data, "personal data", r.personal_data_secured
        ),
        _asked_only_if("9b: finding unlawful content", r.holds_content, content, r.content_moderated),
        _asked_only_if("9c: protection from harassment", r.users_interact, meeting, r.harassment_protection),
        _asked_only_if("9c: safety of underage users", r.users_interact, meeting, r.underage_protection),
    ]


def _licence_of(component: Component, /) -> Finding:
    licence = class_licence(expression=component.licence)
    asks = f"an open licence for {component.id}"
    kinds = COMPONENT_KINDS[component.kind]
    if licence.level == "unknown":
        stated = licence.read_as != "NOASSERTION" or licence.parts or component.licence.strip()
        what = licence.reason if stated else "no licence is stated"
        return Finding(asks, "not stated", f"{component.id}: {what}")
    if _accepts(licence, kinds):
        extra = ", accepted for content though commercial use is not allowed" if not licence.is_open else ""
        return Finding(asks, "met", f"{component.id}: {licence.reason}{extra}")
    return Finding(asks, "not met", f"{component.id}: {licence.reason}")


def _accepts(licence: LicenceClass, kinds: tuple[str, ...], /) -> bool:
    """Say whether the Standard accepts a licence: open ones, and for content those of Creative Commons without commercial use."""
    if licence.is_open:
        return True
    named = {p.read_as for p in licence.parts}
    return (
        "document" in kinds
        and bool(named)
        and named <= table.NON_COMMERCIAL
        and all(n.startswith("CC-BY") for n in named)
    )


def _short(text: str, /) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MOST_QUOTED else words[: MOST_QUOTED - 1].rstrip() + "…"
