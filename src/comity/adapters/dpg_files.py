"""Read the record of a digital public good: the nomination and the answers to the Alliance's screening, both JSON.

The form is that of the Digital Public Goods Alliance's public repository (state of August 2024). "Unknown" and an empty
answer are *not stated*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.adapters.plain_trees import read_text, read_tree
from comity.adapters.spdx import settle_licence
from comity.engines.commons.manifests import Answer, Component, Manifest, PublicGoodRecord, make_manifest
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from comity.engines.commons.manifests import ReleaseType

MOST_MEGABYTES = 2
_GOALS = 17


def read_public_good(*, screening: Path | None = None, nomination: Path | None = None) -> Manifest:
    """Return the manifest of a public good from one or both of its files.

    Raises what ``read_text`` and ``read_tree`` raise, and BadReleaseFile where neither is given or one is of another form.
    """
    trees = []
    for path in (screening, nomination):
        tree = (
            {} if path is None else read_tree(text=read_text(path=path, most_megabytes=MOST_MEGABYTES), file=path.name)
        )
        trees.append(tree)
    named = screening or nomination
    return compose_public_good(screening=trees[0], nomination=trees[1], file="no file" if named is None else named.name)


def looks_like_public_good(tree: Mapping[str, Any], /) -> bool:
    """Say whether plain data are a screening or a nomination."""
    return "clearOwnership" in tree or ("SDGs" in tree and "license" in tree)


def compose_public_good(*, screening: Mapping[str, Any], nomination: Mapping[str, Any], file: str) -> Manifest:
    """Return the manifest of plain data of a screening and a nomination; either may be empty. Raises BadReleaseFile."""
    name = nomination.get("name") or screening.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BadReleaseFile(
            file=file, where="name", problem="it is missing: this is no record of a digital public good"
        )
    types = [t for t in _list(nomination.get("type")) if isinstance(t, str)]
    return make_manifest(
        name=name,
        type=_type_of(types),
        components=_components(nomination, types, file),
        record=_record(screening, nomination),
    )


def _type_of(types: list[str], /) -> ReleaseType:
    if types == ["data"]:
        return "data"
    if types == ["aimodel"]:
        return "model"
    return "course" if types == ["content"] else "tool"


def _components(nomination: Mapping[str, Any], types: list[str], file: str, /) -> list[Component]:
    # A nomination gives licences for the whole good, so that each is a part of its own; content may be of any sort.
    kind = "source-code" if types == ["software"] else "other"
    found = []
    for number, item in enumerate(_list(nomination.get("license")), 1):
        spdx = item.get("spdx") if isinstance(item, dict) else None
        if not isinstance(spdx, str):
            raise BadReleaseFile(file=file, where=f"license, number {number}", problem="spdx is missing")
        where = str(item.get("licenseURL") or "")
        found.append(Component(f"licence-{number}", kind, settle_licence(spdx), declared=True, where=where))
    return found


def _record(screening: Mapping[str, Any], nomination: Mapping[str, Any], /) -> PublicGoodRecord:
    goals = [g for g in _list(nomination.get("SDGs")) if isinstance(g, dict)]
    said = [g.get("SDGNumber") for g in goals]
    numbers = {int(n) for n in said if isinstance(n, (int, float)) and not isinstance(n, bool) and n == int(n)}
    evidence = " ".join(str(g.get("evidenceText") or g.get("evidenceURL") or "") for g in goals)
    harm = ("doNoHarm",)
    read = _Answers(screening)
    return PublicGoodRecord(
        goals=tuple(sorted(n for n in numbers if 1 <= n <= _GOALS)),
        goals_evidence=" ".join(evidence.split()),
        ownership=read(("clearOwnership", "isOwnershipExplicit"), "copyrightURL"),
        restricting_dependencies=read(("platformIndependence", "mandatoryDepsCreateMoreRestrictions")),
        independent=read(("platformIndependence", "isSoftwarePltIndependent"), "pltIndependenceDesc"),
        documentation=read(("documentation", "isDocumentationAvailable"), "documentationURL"),
        other_data=read(("NonPII", "collectsNonPII")),
        extraction=read(("NonPII", "checkNonPIIAccessMechanism"), "nonPIIAccessMechanism"),
        privacy_laws=read(("privacy", "isPrivacyCompliant"), "privacyComplianceList"),
        standards=read(("standards", "supportStandards"), "standardsList"),
        best_practices=read(("standards", "implementBestPractices"), "bestPracticesList"),
        prevents_harm=read((*harm, "preventHarm", "stepsToPreventHarm"), "additionalInfoMechanismProcessesPolicies"),
        personal_data=read((*harm, "dataPrivacySecurity", "collectsPII"), "typesOfDataCollected"),
        personal_data_secured=read(
            (*harm, "dataPrivacySecurity", "ensurePrivacySecurity"), "privacySecurityDescription"
        ),
        holds_content=read((*harm, "inappropriateIllegalContent", "collectStoreDistribute"), "type"),
        content_moderated=read(
            (*harm, "inappropriateIllegalContent", "illegalContentDetection"), "illegalContentDetectionMechanism"
        ),
        users_interact=read((*harm, "protectionFromHarassment", "userInteraction")),
        harassment_protection=read(
            (*harm, "protectionFromHarassment", "griefAbuseHarassmentProtection"), "harassmentProtectionSteps"
        ),
        underage_protection=read(
            (*harm, "protectionFromHarassment", "addressSafetySecurityUnderageUsers"),
            "stepsAddressRiskPreventSafetyUnderageUsers",
        ),
    )


class _Answers:
    """Finds an answer in nested tables, with the text that stands beside it."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree

    def __call__(self, names: tuple[str, ...], beside: str = "") -> Answer:
        """Return the answer at a path of names, and what ``beside`` says in the same table."""
        table: Any = self.tree
        for name in names[:-1]:
            table = table.get(name) if isinstance(table, dict) else None
        if not isinstance(table, dict):
            return Answer()
        said = {"yes": True, "no": False}.get(str(table.get(names[-1]) or "").strip().casefold())
        text = " ".join(" ".join(str(t) for t in _list(table.get(beside))).split())
        return Answer(said, text if said is not None else "")


def _list(value: Any, /) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
