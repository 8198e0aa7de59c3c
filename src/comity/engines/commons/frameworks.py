"""The class of the Model Openness Framework, each condition by itself: which component is there, and under which licence.

Follows White et al., "The Model Openness Framework" (arXiv 2403.13784) and the rule by which the Model Openness Tool of
LF AI & Data publishes classes (state of May 2026): a required component counts where it is there under an open licence;
each class requires all that the class below does; the technical report may be missing where there is a research paper.
An open licence that is meant for another sort of content counts, and is noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from comity.engines.commons import licence_table as table
from comity.engines.commons.licences import LEVELS, LicenceClass, class_licence
from comity.engines.commons.manifests import COMPONENT_KINDS
from comity.engines.commons.reasons import Reason, because

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.engines.commons.manifests import Component, Content, Manifest

State: TypeAlias = Literal["met", "licence", "missing", "not-needed"]
"""A condition is met, fails for its licence, fails for a missing component, or is not needed because of another."""

REQUIRED: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        3: (
            "model-architecture",
            "model-parameters",
            "technical-report",
            "evaluation-results",
            "model-card",
            "data-card",
        ),
        2: ("training-code", "inference-code", "evaluation-code", "evaluation-data"),
        1: ("research-paper", "datasets", "data-preprocessing-code", "intermediate-parameters"),
    }
)
"""What each class requires beyond the class below it: III first, then II, then I."""

OPTIONAL: tuple[str, ...] = ("sample-outputs", "supporting-tools", "model-metadata")
CLASS_NAMES: Mapping[int, str] = MappingProxyType(
    {0: "no class", 3: "Class III, Open Model", 2: "Class II, Open Tooling", 1: "Class I, Open Science"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One component that a class requires: whether it is met, and why. ``needed_for`` is 3, 2 or 1; ``optional`` ones are 0.

    ``notes`` say where a met condition rests on a declaration alone, or on a licence meant for other content.
    """

    kind: str
    needed_for: int
    state: State
    because: Reason
    notes: tuple[Reason, ...] = ()

    @property
    def reason(self) -> str:
        """Why, in English."""
        return str(self.because)

    @property
    def note(self) -> str:
        """The notes, in English; empty where there is none."""
        return "; ".join(str(note) for note in self.notes)

    @property
    def holds(self) -> bool:
        """Whether nothing more is asked for."""
        return self.state in {"met", "not-needed"}


@dataclass(frozen=True, slots=True)
class FrameworkClass:
    """The class (3, 2, 1, or 0 for none; None where the framework does not apply) and what stands in the way of the next."""

    level: int | None
    name: str
    conditions: tuple[Condition, ...]
    missing: Mapping[int, tuple[Condition, ...]]

    @property
    def next_level(self) -> int | None:
        """The class above, or None where there is none."""
        return None if self.level in {None, 1} else {0: 3, 3: 2, 2: 1}[self.level or 0]


def class_model(*, manifest: Manifest) -> FrameworkClass:
    """Return the class of a model by the Model Openness Framework. For other releases the class is None.

    A component counts where it has a file that is not empty, or where a record declares it: the note then says so. Of several
    components of one kind the most openly licensed counts, so that adding one never lowers the class.
    """
    if manifest.type != "model":
        return FrameworkClass(None, "does not apply: this is no model", (), MappingProxyType({}))
    by_kind: dict[str, list[Component]] = {}
    for component in manifest.components:
        if component.presence != "absent":
            by_kind.setdefault(component.kind, []).append(component)
    conditions = [_judge(kind, level, by_kind) for level, kinds in REQUIRED.items() for kind in kinds]
    paper_met = any(c.kind == "research-paper" and c.state == "met" for c in conditions)
    conditions = [_spare_report(c) if c.kind == "technical-report" and paper_met else c for c in conditions]
    missing: dict[int, tuple[Condition, ...]] = {}
    reached = 0
    for level in (3, 2, 1):
        missing[level] = tuple(c for c in conditions if c.needed_for >= level and not c.holds)
        if not missing[level]:
            reached = level
    optional = [_judge(kind, 0, by_kind) for kind in OPTIONAL if kind in by_kind]
    return FrameworkClass(reached, CLASS_NAMES[reached], (*conditions, *optional), MappingProxyType(missing))


def note_licence(*, kind: str, licence: LicenceClass) -> Reason | None:
    """Return a note where an open licence was written for content of another sort, or None.

    >>> str(note_licence(kind="model-parameters", licence=class_licence(expression="Apache-2.0")))
    'Apache-2.0 is open, but was written for code; a licence for data would be clearer'
    """
    contents = COMPONENT_KINDS[kind]
    if not licence.is_open or len(contents) > 1 or len(licence.parts) != 1:
        return None
    (part,) = licence.parts
    meant = _meant_for(part.read_as.split(" WITH ")[0])
    if not meant or contents[0] in meant:
        return None
    written = tuple(because(code=f"sort-{sort}") for sort in meant)
    better = because(code=f"sort-{contents[0]}")
    return because(code="written-for", licence=part.read_as, written=written, better=better)


def _meant_for(identifier: str, /) -> tuple[Content, ...]:
    if identifier in {"OpenMDW-1.0", "MirOS"}:
        return ()
    if identifier.startswith(("CC-BY", "CC0", "OGL-", "DL-DE", "LAL-")):
        return ("data", "document")
    if identifier.startswith("GFDL"):
        return ("document",)
    if identifier in table.MOF_DATA | {"PDDL-1.0", "ODC-By-1.0", "ODbL-1.0"}:
        return ("data",)
    return ("code",) if identifier in table.OSI | table.FSF else ()


def _judge(kind: str, level: int, by_kind: Mapping[str, list[Component]], /) -> Condition:
    found = [(c, class_licence(expression=c.licence)) for c in by_kind.get(kind, [])]
    if not found:
        return Condition(kind, level, "missing", because(code="not-there"))
    component, licence = max(found, key=lambda p: (LEVELS.index(p[1].level), p[0].presence == "files"))
    if not licence.is_open:
        return Condition(kind, level, "licence", because(code="not-open", reason=licence.because))
    notes = [note_licence(kind=kind, licence=licence)]
    if component.presence == "declared":
        notes.append(because(code="declared-only"))
    closed = sum(not other.is_open for _, other in found)
    if closed:
        notes.append(because(code="some-closed", closed=closed, all=len(found)))
    return Condition(kind, level, "met", licence.because, tuple(n for n in notes if n is not None))


def _spare_report(condition: Condition, /) -> Condition:
    if condition.state == "met":
        return condition
    return Condition(condition.kind, condition.needed_for, "not-needed", because(code="paper-instead"))
