"""Write a manifest down in the form of ``comity-release.json``, which ``release_manifests`` reads."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from comity.adapters.release_manifests import VERSION
from comity.engines.commons.manifests import Answer

if TYPE_CHECKING:
    from comity.engines.commons.manifests import Component, Manifest


def write_description(*, manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as plain data in our form, with the size and SHA-256 of every file; what is not stated is left out."""
    record = manifest.record
    answers = {
        f.name: {"answer": said.value, "text": said.text}
        for f in fields(record)
        if isinstance(said := getattr(record, f.name), Answer) and said.value is not None
    }
    public_good = answers | _stated({"goals": list(record.goals), "goals_evidence": record.goals_evidence})
    return {
        "comity_release": VERSION,
        "name": manifest.name,
        "type": manifest.type,
        "components": [_component(c) for c in manifest.components],
        **_stated(
            {
                "version": manifest.version,
                "intended_use": manifest.intended_use,
                "known_limits": manifest.known_limits,
                "languages": [_stated(asdict(q)) for q in manifest.languages],
                "running": _stated(asdict(manifest.running)),
                "public_good": public_good,
            }
        ),
    }


def _component(component: Component, /) -> dict[str, Any]:
    files = [{"path": f.path, "size": f.size, "sha256": f.sha256} for f in component.files]
    told = {"id": component.id, "kind": component.kind, "licence": component.licence, "files": files}
    return told | _stated({"where": component.where})


def _stated(tree: dict[str, Any], /) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if value not in (None, "", [], {}, ())}
