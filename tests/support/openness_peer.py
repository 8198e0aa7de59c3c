"""The rule by which the Model Openness Tool publishes classes (May 2026), written down apart from the engine that it checks.

A component is open where its identifier, letter by letter, is one that SPDX marks as approved by OSI or free by FSF, or is on the
tool's list of open data licences. The marks come from the tool's own file of licences, as far as its model files need them.
"""

from __future__ import annotations

import json

import yaml

OPEN_DATA = frozenset(
    {
        *(
            "CC0-1.0",
            "CC-BY-1.0",
            "CC-BY-2.0",
            "CC-BY-2.5",
            "CC-BY-2.5-AU",
            "CC-BY-3.0",
            "CC-BY-3.0-AT",
            "CC-BY-3.0-AU",
        ),
        *("CC-BY-3.0-DE", "CC-BY-3.0-IGO", "CC-BY-3.0-NL", "CC-BY-3.0-US", "CC-BY-4.0", "CC-BY-SA-1.0", "CC-BY-SA-2.0"),
        *("CC-BY-SA-2.0-UK", "CC-BY-SA-2.1-JP", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-3.0-AT", "CC-BY-SA-4.0"),
        *("CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ODC-PDDL-1.0", "ODC-By-1.0", "ODbL-1.0"),
        *("GFDL-1.3", "OGL-Canada-2.0", "OGL-UK-2.0", "OGL-UK-3.0"),
    }
)
CONTENT = {
    "Model architecture": "code",
    "Data preprocessing code": "code",
    "Training code": "code",
    "Inference code": "code",
    "Evaluation code": "code",
    "Supporting libraries and tools": "code",
    "Model parameters (Final)": "data",
    "Model parameters (Intermediate)": "data",
    "Datasets": "any",
    "Evaluation data": "data",
    "Model metadata": "data",
    "Sample model outputs": "any",
    "Model card": "document",
    "Data card": "document",
    "Technical report": "document",
    "Research paper": "document",
    "Evaluation results": "document",
}
REQUIRED = {
    3: [
        *("Model architecture", "Model parameters (Final)", "Technical report"),
        *("Evaluation results", "Model card", "Data card"),
    ],
    2: ["Training code", "Inference code", "Evaluation code", "Evaluation data"],
    1: ["Research paper", "Datasets", "Data preprocessing code", "Model parameters (Intermediate)"],
}


def read_marked(folder):
    """The identifiers that the tool's file marks as approved by OSI or free by FSF."""
    listed = json.loads((folder / "mof-licenses.json").read_text(encoding="utf-8"))["licenses"]
    return {item["licenseId"] for item in listed if item.get("isOsiApproved") or item.get("isFsfLibre")}


def licences_of(path):
    """Each component of a model file with the licence that the tool takes for it."""
    release = yaml.safe_load(path.read_text(encoding="utf-8"))["release"]
    shared = release.get("license") or {}
    found = {}
    for item in release["components"]:
        if item.get("license") is not None:
            licence = item["license"] or "unlicensed"
        else:
            places = (shared.get(CONTENT[item["name"]]) or {}, shared.get("distribution") or {})
            licence = next((p["name"] for p in places if p.get("name")), "unlicensed")
        found[item["name"]] = licence
    return found


def published_class(licences, marked):
    """The class, 0 for none, and the names of the components that count as open."""
    is_open = {name for name, licence in licences.items() if licence in marked or licence in OPEN_DATA}
    counted = is_open | ({"Technical report"} if "Research paper" in is_open else set())
    reached, needed = 0, []
    for level in (3, 2, 1):
        needed += REQUIRED[level]
        if not set(needed) <= counted:
            break
        reached = level
    return reached, is_open
