"""Write a model release as a model file of the Model Openness Tool, which ``mof_files`` reads.

The tool knows each of its 17 components once: parts of one kind are written as one, under all their licences. Other kinds have no place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.adapters.licence_addresses import join_licences
from comity.adapters.mof_files import KINDS
from comity.adapters.release_facts import stated

if TYPE_CHECKING:
    from comity.adapters.release_facts import ReleaseFacts

NAME = "mof.yml"
FRAMEWORK = {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"}


def write_mof(*, facts: ReleaseFacts) -> bytes:
    """Return a model file in YAML. Only parts with files that hold something are in it: the tool takes a line for a component."""
    import yaml

    components = []
    given = {f.path: f for f in facts.files}
    for name, kind in KINDS.items():
        parts = [c for c in facts.manifest.components if c.kind == kind and c.presence == "files"]
        if not parts:
            continue
        # A component without a licence line would take that of the whole; "unlicensed" is the tool's word for none.
        told: dict[str, Any] = {"name": name, "description": ", ".join(c.id for c in parts)}
        told["license"] = join_licences([c.licence for c in parts]) or "unlicensed"
        paths = [f.path for c in parts for f in c.files if f.path in given]
        told["component_path"] = given[paths[0]].address or paths[0] if len(paths) == 1 else facts.address
        components.append(told)
    whole = facts.licence or None
    release = {
        "name": facts.title,
        "version": facts.label,
        "date": facts.released_at.date().isoformat(),
        "license": {"distribution": stated({"name": whole})} if whole else {},
        "type": "",
        "architecture": "",
        "origin": facts.address,
        "producer": facts.publisher,
        "contact": "",
        "components": components,
    }
    tree = {"framework": FRAMEWORK, "release": release}
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000).encode()
