"""Read a model file of the Model Openness Tool (YAML) into a manifest: parts are declared there, and no file was seen.

A part without a licence of its own takes that of its sort of content, else that of the whole distribution, as the tool does.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters.plain_trees import read_text, read_tree
from comity.engines.commons.manifests import COMPONENT_KINDS, Component, Manifest, make_manifest
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "Model architecture": "model-architecture",
        "Data preprocessing code": "data-preprocessing-code",
        "Training code": "training-code",
        "Inference code": "inference-code",
        "Evaluation code": "evaluation-code",
        "Supporting libraries and tools": "supporting-tools",
        "Model parameters (Final)": "model-parameters",
        "Model parameters (Intermediate)": "intermediate-parameters",
        "Datasets": "datasets",
        "Evaluation data": "evaluation-data",
        "Model metadata": "model-metadata",
        "Sample model outputs": "sample-outputs",
        "Model card": "model-card",
        "Data card": "data-card",
        "Technical report": "technical-report",
        "Research paper": "research-paper",
        "Evaluation results": "evaluation-results",
    }
)
"""The tool's name of a component: our kind."""

NOT_INCLUDED = ("component not include", "component component not include")
MOST_MEGABYTES = 2


def read_mof(*, path: Path) -> Manifest:
    """Return the manifest of a model file. Raises what ``read_text`` and ``read_tree`` raise, and BadReleaseFile."""
    tree = read_tree(text=read_text(path=path, most_megabytes=MOST_MEGABYTES), file=path.name)
    return compose_mof(tree=tree, file=path.name)


def looks_like_mof(tree: Mapping[str, Any], /) -> bool:
    """Say whether plain data are a model file of the tool."""
    framework = tree.get("framework")
    return isinstance(framework, dict) and framework.get("name") == "Model Openness Framework" and "release" in tree


def compose_mof(*, tree: Mapping[str, Any], file: str) -> Manifest:
    """Return the manifest of the plain data of a model file. Raises BadReleaseFile."""
    release = tree.get("release")
    if not looks_like_mof(tree) or not isinstance(release, dict):
        raise BadReleaseFile(file=file, where="the file", problem="it is no model file of the Model Openness Framework")
    listed = release.get("components") or []
    if not isinstance(listed, list):
        raise BadReleaseFile(file=file, where="components", problem="they must be a list")
    licences = release.get("license") or {}
    if not isinstance(licences, dict):
        raise BadReleaseFile(file=file, where="license", problem="it must hold names with values")
    components: dict[str, Component] = {}
    for number, item in enumerate(listed, 1):
        where = f"components, number {number}"
        name = item.get("name") if isinstance(item, dict) else None
        kind = KINDS.get(str(name).strip())
        if kind is None:
            problem = f'"{str(name)[:80]}" is no component of the framework; there are {", ".join(KINDS)}'
            raise BadReleaseFile(file=file, where=where, problem=problem)
        if kind in components:
            raise BadReleaseFile(file=file, where=where, problem=f"{name} stands twice")
        licence = _licence_of(item, kind, licences)
        if not licence.casefold().startswith(NOT_INCLUDED):
            components[kind] = Component(
                kind, kind, licence, declared=True, where=str(item.get("component_path") or "")
            )
    name = release.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BadReleaseFile(file=file, where="release", problem="its name is missing")
    return make_manifest(name=name, version=str(release.get("version") or ""), components=components.values())


def _licence_of(item: Mapping[str, Any], kind: str, licences: Mapping[str, Any], /) -> str:
    own = item.get("license")
    if own is not None:
        return str(own).strip() or "NONE"
    contents = COMPONENT_KINDS[kind]
    for name in (contents[0] if len(contents) == 1 else "", "distribution"):
        given = licences.get(name)
        if isinstance(given, dict) and given.get("name"):
            return str(given["name"]).strip()
    return "NONE"
