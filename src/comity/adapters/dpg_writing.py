"""Write a release as the two records of a digital public good: the nomination, and the answers to the screening.

The forms are those of the Alliance's public repository (state of August 2024), which ``dpg_files`` reads. What is not stated is ``Unknown``
where the form asks, and left out elsewhere: nobody answers for the owner.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters.release_facts import stated, write_json
from comity.engines.commons.licences import class_licence

if TYPE_CHECKING:
    from comity.adapters.release_facts import ReleaseFacts
    from comity.engines.commons.manifests import Answer

NOMINATION = "dpg-nomination.json"
SCREENING = "dpg-screening.json"
SORTS = MappingProxyType(
    {"model": "aimodel", "data": "data", "tool": "software", "course": "content", "paper": "content"}
)
_SAID = MappingProxyType({True: "Yes", False: "No", None: "Unknown"})


def write_nomination(*, facts: ReleaseFacts) -> bytes:
    """Return the nomination: licences, goals, owner. The Alliance asks for a goal at least; none is made up."""
    licences = sorted({name for c in facts.manifest.components for name in _names(c.licence)})
    record = facts.manifest.record
    goals: list[dict[str, Any]] = [{"SDGNumber": number} for number in record.goals]
    if goals and record.goals_evidence:
        goals[0]["evidenceText"] = record.goals_evidence
    tree = {
        "name": facts.title,
        "aliases": [facts.hub_name],
        "description": facts.summary,
        "website": facts.address,
        "license": [{"spdx": name, "licenseURL": facts.address} for name in licences],
        "SDGs": goals,
        "sectors": [],
        "type": [SORTS[facts.manifest.type]],
        "repositories": [{"name": "main", "url": facts.address}],
        "organizations": [{"name": facts.publisher, "website": facts.publisher_address, "org_type": "owner"}],
        "stage": "nominee",
    }
    return write_json(tree)


def write_screening(*, facts: ReleaseFacts) -> bytes:
    """Return the answers to the screening, as the owner gave them."""
    r = facts.manifest.record
    tree = {
        "name": facts.title,
        "clearOwnership": {"isOwnershipExplicit": _say(r.ownership), **_one("copyrightURL", r.ownership)},
        "platformIndependence": {
            "mandatoryDepsCreateMoreRestrictions": _say(r.restricting_dependencies),
            "isSoftwarePltIndependent": _maybe(r.independent),
            **_one("pltIndependenceDesc", r.independent),
        },
        "documentation": {
            "isDocumentationAvailable": _say(r.documentation),
            **_many("documentationURL", r.documentation),
        },
        "NonPII": {
            "collectsNonPII": _say(r.other_data),
            "checkNonPIIAccessMechanism": _maybe(r.extraction),
            **_one("nonPIIAccessMechanism", r.extraction),
        },
        "privacy": {"isPrivacyCompliant": _say(r.privacy_laws), **_many("privacyComplianceList", r.privacy_laws)},
        "standards": {
            "supportStandards": _say(r.standards),
            **_many("standardsList", r.standards),
            "implementBestPractices": _say(r.best_practices),
            **_many("bestPracticesList", r.best_practices),
        },
        "doNoHarm": {
            "preventHarm": {
                "stepsToPreventHarm": _say(r.prevents_harm),
                **_one("additionalInfoMechanismProcessesPolicies", r.prevents_harm),
            },
            "dataPrivacySecurity": {
                "collectsPII": _say(r.personal_data),
                **_many("typesOfDataCollected", r.personal_data),
                "ensurePrivacySecurity": _say(r.personal_data_secured),
                **_one("privacySecurityDescription", r.personal_data_secured),
            },
            "inappropriateIllegalContent": {
                "collectStoreDistribute": _say(r.holds_content),
                **_one("type", r.holds_content),
                "illegalContentDetection": _maybe(r.content_moderated),
                **_one("illegalContentDetectionMechanism", r.content_moderated),
            },
            "protectionFromHarassment": {
                "userInteraction": _say(r.users_interact),
                "addressSafetySecurityUnderageUsers": _maybe(r.underage_protection),
                **_many("stepsAddressRiskPreventSafetyUnderageUsers", r.underage_protection),
                "griefAbuseHarassmentProtection": _maybe(r.harassment_protection),
                **_many("harassmentProtectionSteps", r.harassment_protection),
            },
        },
        "locations": {"developmentCountries": [], "deploymentCountries": []},
    }
    return write_json(tree)


def _names(expression: str, /) -> list[str]:
    """Return the licences of an expression as the Alliance's list writes them: without "only" and "or later"."""
    read = class_licence(expression=expression)
    names = [p.read_as for p in read.parts] or ([expression.strip()] if expression.strip() else [])
    return [n.removesuffix("-only").removesuffix("-or-later") for n in names]


def _say(answer: Answer, /) -> str:
    return _SAID[answer.value]


def _maybe(answer: Answer, /) -> str:
    return "" if answer.value is None else _SAID[answer.value]


def _one(name: str, answer: Answer, /) -> dict[str, Any]:
    return stated({name: answer.text})


def _many(name: str, answer: Answer, /) -> dict[str, Any]:
    return stated({name: [answer.text] if answer.text else []})
