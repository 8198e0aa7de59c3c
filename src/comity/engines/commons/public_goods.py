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
from comity.engines.commons.reasons import Reason, because

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

    asks: Reason
    met: Met
    because: Reason

    @property
    def reason(self) -> str:
        """Why, in English."""
        return str(self.because)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the nine: its number and name, whether it is met, why, and the things it asks for by themselves."""

    number: int
    name: str
    met: Met
    becauses: tuple[Reason, ...]
    findings: tuple[Finding, ...]

    @property
    def reason(self) -> str:
        """Why, in English."""
        return "; ".join(str(because) for because in self.becauses)


def find_indicators(*, manifest: Manifest) -> tuple[Indicator, ...]:
    """Return the nine indicators in the order of the Standard. An indicator is met where all that it asks for is met.

    >>> from comity.engines.commons.manifests import make_manifest
    >>> silent = find_indicators(manifest=make_manifest(name="x", components=[]))
    >>> [i.number for i in silent], {i.met for i in silent}
    ([1, 2, 3, 4, 5, 6, 7, 8, 9], {'not stated'})
    """
    record = manifest.record
    goals = tuple(str(g) for g in sorted(set(record.goals)))
    relevant = (
        Finding(_ask("goals"), "met", because(code="names-goals", goals=goals))
        if goals
        else Finding(_ask("goals"), "not stated", because(code="no-goal"))
    )
    standards = _either(
        _ask("standards"),
        (record.standards, because(code="follows-standards")),
        (record.best_practices, because(code="follows-practices")),
    )
    return (
        _join(1, "Relevance to the Sustainable Development Goals", [relevant]),
        _join(
            2,
            "Open licence",
            [_licence_of(c) for c in manifest.components if c.presence != "absent" and c.kind != "licence-text"],
        ),
        _join(3, "Clear ownership", [_told(_ask("owner"), record.ownership)]),
        _join(4, "Platform independence", _independence(manifest)),
        _join(5, "Documentation", [_documentation(manifest)]),
        _join(6, "Extraction of data that name nobody", _extraction(manifest)),
        _join(7, "Privacy and applicable laws", [_told(_ask("privacy"), record.privacy_laws)]),
        _join(8, "Standards and best practices", [standards]),
        _join(9, "Do no harm", _no_harm(manifest)),
    )


def _ask(what: str, /) -> Reason:
    return because(code=f"ask-{what}")


def _join(number: int, name: str, findings: Iterable[Finding], /) -> Indicator:
    asked = tuple(findings) or (Finding(_ask("licence"), "not stated", because(code="no-part")),)
    met: Met = "met"
    for state in ("not met", "not stated"):
        if any(f.met == state for f in asked):
            met = state
            break
    decisive = [f for f in asked if f.met == met]
    return Indicator(number, name, met, tuple(dict.fromkeys(f.because for f in decisive)), asked)


def _told(asks: Reason, answer: Answer, /) -> Finding:
    if answer.value is None:
        return Finding(asks, "not stated", because(code="silent", asked=asks))
    met: Met = "met" if answer.value else "not met"
    code = "stated" if answer.value else "denied"
    if answer.text.strip():
        return Finding(asks, met, because(code=f"{code}-so", asked=asks, said=_short(answer.text)))
    return Finding(asks, met, because(code=code, asked=asks))


def _asked_only_if(asks: Reason, condition: Answer, matter: Reason, answer: Answer, /) -> Finding:
    """Return the finding on a question that is asked only where ``condition`` is yes."""
    if condition.value is False:
        return Finding(asks, "met", because(code="not-asked", matter=matter))
    if condition.value is None and answer.value is None:
        return Finding(asks, "not stated", because(code="silent-on", matter=matter))
    return _told(asks, answer)


def _either(asks: Reason, *answers: tuple[Answer, Reason]) -> Finding:
    said = [(answer, reason) for answer, reason in answers if answer.value is not None]
    for answer, reason in said:
        if answer.value:
            return Finding(asks, "met", reason)
    if len(said) == len(answers):
        return Finding(asks, "not met", because(code="denied", asked=asks))
    return Finding(asks, "not stated", because(code="silent", asked=asks))


def _independence(manifest: Manifest, /) -> list[Finding]:
    record = manifest.record
    return [
        _asked_only_if(
            _ask("independence"),
            record.restricting_dependencies,
            because(code="matter-dependencies"),
            record.independent,
        )
    ]


def _documentation(manifest: Manifest, /) -> Finding:
    there = sorted({c.kind for c in manifest.components if c.kind in DOCUMENTING and c.presence == "files"})
    if manifest.record.documentation.value is None and there:
        kinds = tuple(because(code=f"kind-{kind}") for kind in there)
        return Finding(_ask("documentation"), "met", because(code="files-of", kinds=kinds))
    return _told(_ask("documentation"), manifest.record.documentation)


def _extraction(manifest: Manifest, /) -> list[Finding]:
    record = manifest.record
    return [
        _asked_only_if(
            _ask("extraction"),
            record.other_data,
            because(code="matter-data"),
            record.extraction,
        )
    ]


def _no_harm(manifest: Manifest, /) -> list[Finding]:
    r = manifest.record
    personal, content = because(code="matter-personal"), because(code="matter-content")
    meeting = because(code="matter-meeting")
    return [
        _told(_ask("harm"), r.prevents_harm),
        _asked_only_if(_ask("personal"), r.personal_data, personal, r.personal_data_secured),
        _asked_only_if(_ask("content"), r.holds_content, content, r.content_moderated),
        _asked_only_if(_ask("harassment"), r.users_interact, meeting, r.harassment_protection),
        _asked_only_if(_ask("underage"), r.users_interact, meeting, r.underage_protection),
    ]


def _licence_of(component: Component, /) -> Finding:
    licence = class_licence(expression=component.licence)
    asks = because(code="ask-licence-of", part=component.id)
    kinds = COMPONENT_KINDS[component.kind]
    why = because(code="of-part", part=component.id, reason=licence.because)
    if licence.level == "unknown":
        if not (licence.read_as != "NOASSERTION" or licence.parts or component.licence.strip()):
            why = because(code="of-part", part=component.id, reason=because(code="no-licence"))
        return Finding(asks, "not stated", why)
    if _accepts(licence, kinds):
        if not licence.is_open:
            why = because(code="of-part-content", part=component.id, reason=licence.because)
        return Finding(asks, "met", why)
    return Finding(asks, "not met", why)


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
