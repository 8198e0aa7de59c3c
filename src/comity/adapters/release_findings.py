"""The findings on a release as plain data, for machines: each with its reason in English, and as a code that any language can say."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from comity.engines.commons.reasons import risk_of

if TYPE_CHECKING:
    from comity.engines.commons.frameworks import Condition
    from comity.engines.commons.licences import LicenceClass
    from comity.engines.commons.manifests import ReleaseFile
    from comity.engines.commons.openness import ComponentFinding, Openness
    from comity.engines.commons.public_goods import Finding


def list_findings(*, found: Openness) -> dict[str, Any]:
    """Return all findings as JSON can carry them. None means *not stated*; sizes are in bytes."""
    summary, framework = found.summary, found.framework
    return {
        "name": summary.name,
        "version": summary.version,
        "type": summary.type,
        "size": summary.size,
        "files": summary.files,
        "intended_use": summary.intended_use,
        "known_limits": summary.known_limits,
        "running": asdict(summary.running),
        "languages": [asdict(q) for q in summary.measured],
        "languages_not_measured": list(summary.unmeasured),
        "licence": {
            "class": found.licence,
            "reason": found.licence_reason,
            "because": found.licence_because.as_plain(),
        },
        "components": [_component(c) for c in found.components],
        "model_openness_framework": {
            "class": framework.level,
            "name": framework.name,
            "conditions": [_condition(c) for c in framework.conditions],
            "missing": {str(level): [c.kind for c in missing] for level, missing in framework.missing.items()},
        },
        "public_good_indicators": [
            {
                "number": i.number,
                "name": i.name,
                "met": i.met,
                "reason": i.reason,
                "because": [b.as_plain() for b in i.becauses],
                "findings": [_finding(f) for f in i.findings],
            }
            for i in found.indicators
        ],
        "code_files": [_code_file(f) for f in found.code_files],
        "unread": [{"path": path, "reason": reason} for path, reason in found.unread],
    }


def _component(finding: ComponentFinding, /) -> dict[str, Any]:
    component = finding.component
    return {
        "id": component.id,
        "kind": component.kind,
        "presence": finding.presence,
        "size": finding.size,
        "where": component.where,
        "licence": _licence(finding.licence),
        "note": finding.note,
        "notes": [] if finding.remark is None else [finding.remark.as_plain()],
        "files": [{"path": f.path, "size": f.size, "sha256": f.sha256, "format": f.format} for f in component.files],
    }


def _licence(licence: LicenceClass, /) -> dict[str, Any]:
    return {
        "written": licence.expression,
        "read_as": licence.read_as,
        "class": licence.level,
        "reason": licence.reason,
        "because": licence.because.as_plain(),
        "alternative": licence.alternative,
        "parts": [
            {
                "written": p.written,
                "read_as": p.read_as,
                "level": p.level,
                "reason": p.reason,
                "because": p.because.as_plain(),
            }
            for p in licence.parts
        ],
    }


def _condition(condition: Condition, /) -> dict[str, Any]:
    return {
        "component": condition.kind,
        "needed_for": condition.needed_for,
        "state": condition.state,
        "reason": condition.reason,
        "because": condition.because.as_plain(),
        "note": condition.note,
        "notes": [note.as_plain() for note in condition.notes],
    }


def _finding(finding: Finding, /) -> dict[str, Any]:
    return {
        "asks": str(finding.asks),
        "met": finding.met,
        "reason": finding.reason,
        "because": finding.because.as_plain(),
    }


def _code_file(file: ReleaseFile, /) -> dict[str, Any]:
    reason = risk_of(sentence=file.runs_code)
    return {
        "path": file.path,
        "format": file.format,
        "reason": file.runs_code,
        "because": None if reason is None else reason.as_plain(),
    }
