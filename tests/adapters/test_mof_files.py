"""Model files of the Model Openness Tool: nine of its own test files with the class it publishes for them, and bad ones."""

from __future__ import annotations

import pytest

from comity.adapters.mof_files import KINDS, compose_mof
from comity.engines.commons.frameworks import class_model
from comity.errors import BadReleaseFile

SHORT = {k.replace("(", "").replace(")", "").lower(): k for k in KINDS}
# Test_Data/expected_results.json of lfai/model_openness_tool (MIT): the class, licences of the whole, of the parts.
PUBLISHED = {
    "only global licences, three parts": (
        0,
        {"distribution": "CC-BY-SA-4.0", "data": "CC0-1.0"},
        {"datasets": None, "data card": None, "research paper": None},
    ),
    "only global licences, all but results": (
        0,
        {"distribution": "AFL-3.0", "code": "Apache-1.0", "document": "CC-BY-SA-4.0"},
        dict.fromkeys(set(SHORT) - {"evaluation results", "research paper"}),
    ),
    "class II by the research paper": (
        2,
        {"document": "CC0-1.0"},
        {
            "model architecture": "MIT",
            "training code": "AFL-3.0",
            "inference code": "NCSA",
            "evaluation code": "ECL-1.0",
            "supporting libraries and tools": "Apache-2.0",
            "model parameters final": "CC-BY-3.0-NL",
            "evaluation data": "CC-BY-3.0-US",
            "model card": "CC-BY-SA-3.0",
            "data card": "CC-BY-4.0",
            "research paper": "CC-BY-SA-3.0",
            "evaluation results": "CC-BY-4.0",
        },
    ),
    "a licence that nobody approved": (
        0,
        {"distribution": "CDLA-Permissive-2.0", "code": "ECL-2.0", "data": "CC-BY-2.5-AU", "document": "CC-BY-4.0"},
        {
            "model architecture": "zlib-acknowledgement",
            "data preprocessing code": "AFL-3.0",
            "training code": "ECL-2.0",
            "evaluation code": "UPL-1.0",
            "supporting libraries and tools": "AFL-1.1",
            "model parameters final": "ODbL-1.0",
            "model parameters intermediate": "Xfig",
            "datasets": "CC-BY-2.0",
            "evaluation data": "CC-BY-SA-4.0",
            "model metadata": "BSD-2-Clause",
            "sample model outputs": "CC-BY-4.0",
            "model card": "CC-BY-SA-3.0",
            "data card": "SMLNJ",
            "technical report": "CC0-1.0",
            "evaluation results": "CC-BY-SA-4.0",
        },
    ),
    "class II by the technical report": (
        2,
        {"data": "CDLA-Permissive-2.0"},
        {
            "model architecture": "Apache-2.0",
            "training code": "ECL-1.0",
            "inference code": "AFL-1.1",
            "evaluation code": "MIT-0",
            "supporting libraries and tools": "UPL-1.0",
            "model parameters final": "CC-BY-3.0-DE",
            "evaluation data": "ODC-By-1.0",
            "model card": "CC0-1.0",
            "data card": "CC-BY-SA-4.0",
            "technical report": "CC0-1.0",
            "evaluation results": "CC-BY-SA-4.0",
        },
    ),
    "only licences of parts": (
        0,
        {},
        {
            "data preprocessing code": "HPND-sell-MIT-disclaimer-xserver",
            "training code": "YPL-1.0",
            "inference code": "AGPL-1.0-or-later",
            "supporting libraries and tools": "0BSD",
            "evaluation data": "OGL-UK-1.0",
            "sample model outputs": "TTYP0",
            "data card": "CC-BY-SA-4.0",
            "research paper": "CC-BY-4.0",
            "evaluation results": "CC-BY-SA-4.0",
        },
    ),
    "three parts": (
        0,
        {"distribution": "CC-BY-SA-3.0", "code": "AFL-1.1"},
        {"evaluation code": "Motosoto", "model metadata": "xinetd", "research paper": "IPL-1.0"},
    ),
    "six parts": (
        0,
        {"distribution": "MIT", "document": "CC-BY-4.0"},
        {
            "data preprocessing code": "OGDL-Taiwan-1.0",
            "training code": "Sun-PPP-2000",
            "supporting libraries and tools": "GFDL-1.3-invariants-or-later",
            "evaluation data": "CC-BY-SA-3.0",
            "model metadata": "HPND-UC",
            "research paper": "TORQUE-1.1",
        },
    ),
    "class III": (
        3,
        {"data": "CC-BY-SA-2.0-UK"},
        {
            "model architecture": "MIT-0",
            "model parameters final": "CC-BY-2.0",
            "model card": "CC-BY-4.0",
            "data card": "CC-BY-SA-4.0",
            "technical report": "CC-BY-4.0",
            "evaluation results": "CC0-1.0",
        },
    ),
}


def model_file(components, licences=None, **more):
    return {
        "framework": {"name": "Model Openness Framework", "version": "1.0"},
        "release": {
            "name": "x",
            "license": {n: {"name": v, "path": ""} for n, v in (licences or {}).items()},
            "components": components,
            **more,
        },
    }


@pytest.mark.parametrize("case", list(PUBLISHED))
def test_the_class_is_the_one_that_the_tool_publishes_for_its_own_test_file(case):
    published, licences, parts = PUBLISHED[case]
    listed = [
        {"name": SHORT[n], **({} if licence is None else {"license": licence})} for n, licence in sorted(parts.items())
    ]
    manifest = compose_mof(tree=model_file(listed, licences), file="x.yml")
    assert len(manifest.components) == len(parts)
    assert class_model(manifest=manifest).level == published


def test_a_part_takes_its_own_licence_then_that_of_its_content_then_that_of_the_whole():
    listed = [
        {"name": "Model card", "license": "MIT"},
        {"name": "Data card"},
        {"name": "Datasets"},
        {"name": "Training code", "license": ""},
    ]
    licences = {"distribution": "Apache-2.0", "document": "CC-BY-4.0", "data": "CC0-1.0"}
    found = {c.kind: c.licence for c in compose_mof(tree=model_file(listed, licences), file="x").components}
    assert found == {"model-card": "MIT", "data-card": "CC-BY-4.0", "datasets": "Apache-2.0", "training-code": "NONE"}


def test_a_part_that_is_said_to_be_missing_is_left_out():
    listed = [{"name": "Model card", "license": "Component not included"}, {"name": "Data card", "license": "MIT"}]
    assert [c.kind for c in compose_mof(tree=model_file(listed), file="x").components] == ["data-card"]


@pytest.mark.parametrize(
    "tree,problem",
    [
        ({}, "no model file"),
        ({"framework": {"name": "Another"}, "release": {}}, "no model file"),
        (model_file([{"name": "Weights"}]), '"Weights" is no component'),
        (model_file(["Model card"]), "is no component"),
        (model_file([{"name": "Model card"}] * 2), "stands twice"),
        (model_file("all"), "must be a list"),
        (model_file([], name=""), "name is missing"),
        (model_file([], license=[1]), "must hold names"),
    ],
    ids=["empty", "other", "kind", "text", "twice", "list", "name", "licences"],
)
def test_a_file_of_another_form_is_refused(tree, problem):
    with pytest.raises(BadReleaseFile, match=problem):
        compose_mof(tree=tree, file="x.yml")
