"""The class of a release from its parts: what each class asks for, and the laws that hold whatever the parts are."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.frameworks import OPTIONAL, REQUIRED, class_model, note_licence
from comity.engines.commons.licences import LEVELS, class_licence
from comity.engines.commons.manifests import COMPONENT_KINDS, Component, ReleaseFile, make_manifest, refuse_path
from comity.engines.commons.openness import assess_openness
from comity.errors import BadParameter

OPEN_FOR = {"code": "MIT", "data": "CDLA-Permissive-2.0", "document": "CC-BY-4.0"}
LICENCES = st.sampled_from(["MIT", "CC-BY-4.0", "CC-BY-NC-4.0", "LicenseRef-Llama-3", "", "NONE"])
ORDER = {None: -1, 0: 0, 3: 1, 2: 2, 1: 3}


def file_of(name, size=1):
    return ReleaseFile(path=name, size=size, sha256=hashlib.sha256(name.encode()).hexdigest())


def part(kind, licence=None, *, name=None, size=1):
    name = name or kind
    return Component(
        name, kind, OPEN_FOR[COMPONENT_KINDS[kind][0]] if licence is None else licence, (file_of(name, size),)
    )


def release(parts, **more):
    return make_manifest(name="Kiswahili speech", components=parts, **more)


def level(parts):
    return class_model(manifest=release(parts)).level


def parts_of(*levels):
    return [part(kind) for lv in levels for kind in REQUIRED[lv]]


@st.composite
def releases(draw):
    kinds = draw(st.lists(st.sampled_from(sorted(COMPONENT_KINDS)), max_size=20))
    return [
        part(kind, draw(LICENCES), name=f"{n}-{kind}", size=draw(st.sampled_from([0, 1, 5])))
        for n, kind in enumerate(kinds)
    ]


def test_the_seventeen_components_of_the_framework():
    assert sum(map(len, REQUIRED.values())) + len(OPTIONAL) == 17


def test_each_class_needs_all_of_the_classes_below():
    assert level([]) == 0
    assert level(parts_of(3)) == 3
    assert level(parts_of(3, 2)) == 2
    assert level(parts_of(3, 2, 1)) == 1
    assert level(parts_of(2, 1)) == 0
    assert level(parts_of(3, 1)) == 3


@pytest.mark.parametrize("kind", [k for level in (3, 2, 1) for k in REQUIRED[level]])
def test_without_one_required_component_the_class_is_not_reached_and_the_component_is_named(kind):
    there = [p for p in parts_of(3, 2, 1) if p.kind != kind]
    found = class_model(manifest=release(there))
    if kind == "technical-report":
        assert (found.level, found.missing[1]) == (1, ())
        return
    assert [(c.kind, c.state, c.reason) for c in found.missing[1]] == [(kind, "missing", "it is not in the release")]
    assert found.level != 1


def test_a_research_paper_stands_in_for_the_technical_report_only_where_it_is_open():
    without = [p for p in parts_of(3) if p.kind != "technical-report"]
    assert level(without) == 0
    assert level([*without, part("research-paper")]) == 3
    assert level([*without, part("research-paper", "arXiv.org perpetual, non-exclusive license 1.0")]) == 0


def test_an_empty_file_is_no_component_and_neither_is_a_closed_licence():
    others = [p for p in parts_of(3) if p.kind != "data-card"]
    assert level([*others, part("data-card", size=0)]) == 0
    found = class_model(manifest=release([*others, part("data-card", "CC-BY-NC-4.0")]))
    assert [(c.kind, c.state, c.reason) for c in found.missing[3]] == [
        ("data-card", "licence", "its licence is not open: CC-BY-NC-4.0: commercial use is not allowed")
    ]


def test_a_declared_part_counts_and_says_that_no_file_was_seen():
    declared = [Component(k, k, "MIT", declared=True) for k in REQUIRED[3]]
    found = class_model(manifest=release(declared))
    assert found.level == 3
    notes = [c.note for c in found.conditions if c.state == "met"]
    assert [n for n in notes if not n.endswith("declared by a record; no file of it was seen")] == []
    assert len(notes) == 6


def test_the_framework_does_not_apply_to_what_is_no_model():
    found = class_model(manifest=release(parts_of(3), type="data"))
    assert (found.level, found.conditions, found.next_level) == (None, (), None)


def test_an_open_licence_for_other_content_is_noted_and_counts():
    def note(kind, licence):
        found = note_licence(kind=kind, licence=class_licence(expression=licence))
        return "" if found is None else str(found)

    assert note("training-code", "CC-BY-4.0") == (
        "CC-BY-4.0 is open, but was written for data and documents; a licence for code would be clearer"
    )
    assert note("training-code", "MIT") == note("datasets", "MIT") == note("model-card", "CC-BY-NC-4.0") == ""


def test_the_whole_is_as_open_as_its_least_open_part_and_the_text_of_a_licence_is_no_part():
    parts = [part("model-parameters", "MIT"), part("datasets", "CC-BY-NC-4.0"), part("licence-text", "")]
    found = assess_openness(manifest=release(parts))
    assert found.licence == "non-commercial"
    assert found.licence_reason == "the least open part is datasets; 1 of 2 parts are more open"
    assert assess_openness(manifest=release([])).licence == "unknown"


def test_files_that_can_run_code_are_listed_and_a_content_is_counted_once():
    weights = ReleaseFile("a.bin", 7, "a" * 64, "pickle", "loading a pickle runs whatever code it holds")
    copy = ReleaseFile("b.bin", 7, "a" * 64)
    found = assess_openness(manifest=release([Component("w", "model-parameters", "MIT", (copy, weights))]))
    assert [f.path for f in found.code_files] == ["a.bin"]
    assert (found.summary.size, found.summary.files) == (7, 2)


@given(releases(), st.sampled_from(sorted(COMPONENT_KINDS)), LICENCES)
def test_law_adding_a_component_never_lowers_the_class(parts, kind, licence):
    more = [*parts, part(kind, licence, name="added")]
    assert ORDER[level(more)] >= ORDER[level(parts)]


@given(releases(), st.data())
def test_law_a_more_open_licence_never_lowers_the_class_or_the_whole(parts, data):
    if not parts:
        return
    chosen = data.draw(st.integers(0, len(parts) - 1))
    other = data.draw(LICENCES)
    old = parts[chosen]
    if LEVELS.index(class_licence(expression=other).level) < LEVELS.index(class_licence(expression=old.licence).level):
        return
    changed = [*parts]
    changed[chosen] = Component(old.id, old.kind, other, old.files)
    before, after = (assess_openness(manifest=release(p)) for p in (parts, changed))
    assert ORDER[after.framework.level] >= ORDER[before.framework.level]
    assert LEVELS.index(after.licence) >= LEVELS.index(before.licence)


@given(releases(), st.randoms(use_true_random=False))
def test_law_the_order_of_components_never_matters(parts, chance):
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert assess_openness(manifest=release(parts)) == assess_openness(manifest=release(shuffled))


@pytest.mark.parametrize(
    "bad,problem",
    [
        ({"components": [part("datasets"), part("datasets")]}, "component"),
        ({"components": [Component("x", "weights")]}, "kind of x"),
        ({"components": [part("datasets", name="../x")]}, "path in ../x"),
        (
            {
                "components": [
                    Component("a", "other", files=(file_of("f"),)),
                    Component("b", "other", files=(file_of("f"),)),
                ]
            },
            "path",
        ),
        ({"components": [Component("a", "other", files=(ReleaseFile("f", 1, "ABC"),))]}, "sha256 of f"),
        ({"components": [Component("a", "other", files=(ReleaseFile("f", -1, "0" * 64),))]}, "size of f"),
        ({"components": [], "type": "video"}, "type"),
    ],
    ids=["twice", "kind", "path", "path-twice", "hash", "size", "type"],
)
def test_a_manifest_that_cannot_be_is_refused_by_name(bad, problem):
    with pytest.raises(BadParameter) as refused:
        make_manifest(name="x", **bad)
    assert refused.value.data["name"] == problem


@pytest.mark.parametrize("path", ["", "/etc/x", "a/../b", "..", "a//b", "./a", "C:/x", "a\\b", "a\nb", "x" * 1001])
def test_a_path_that_leads_elsewhere_is_refused(path):
    assert refuse_path(path)
