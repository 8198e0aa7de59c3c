"""The nine indicators: met by what a record states, not met by a no, not stated by silence, and never by a guess."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.manifests import Answer, Component, PublicGoodRecord, ReleaseFile, make_manifest
from comity.engines.commons.public_goods import find_indicators

YES, NO = Answer(True), Answer(False)
FULL = PublicGoodRecord(
    goals=(4,),
    **{f.name: YES for f in dataclasses.fields(PublicGoodRecord) if f.name not in {"goals", "goals_evidence"}},
)
PART = Component("app", "source-code", "MIT", declared=True)
QUESTIONS = [f.name for f in dataclasses.fields(PublicGoodRecord) if not f.name.startswith("goals")]
ANSWERS = st.sampled_from([YES, NO, Answer()])


def met(record=FULL, components=(PART,)):
    return {
        i.number: i.met
        for i in find_indicators(manifest=make_manifest(name="x", type="tool", components=components, record=record))
    }


def with_answers(**answers):
    return dataclasses.replace(FULL, **answers)


def test_a_full_record_meets_all_nine():
    assert set(met().values()) == {"met"}


@pytest.mark.parametrize(
    "question,number",
    [
        ("ownership", 3),
        ("independent", 4),
        ("documentation", 5),
        ("extraction", 6),
        ("privacy_laws", 7),
        ("prevents_harm", 9),
        ("personal_data_secured", 9),
        ("content_moderated", 9),
        ("harassment_protection", 9),
        ("underage_protection", 9),
    ],
)
def test_a_no_is_not_met_and_silence_is_not_stated(question, number):
    assert met(with_answers(**{question: NO})) == {**met(), number: "not met"}
    assert met(with_answers(**{question: Answer()})) == {**met(), number: "not stated"}


@pytest.mark.parametrize(
    "condition,question,number",
    [
        ("restricting_dependencies", "independent", 4),
        ("other_data", "extraction", 6),
        ("personal_data", "personal_data_secured", 9),
        ("holds_content", "content_moderated", 9),
        ("users_interact", "harassment_protection", 9),
    ],
)
def test_what_does_not_arise_is_not_asked(condition, question, number):
    assert met(with_answers(**{condition: NO, question: NO}))[number] == "met"


def test_standards_or_best_practices_are_enough():
    assert met(with_answers(standards=NO))[8] == "met"
    assert met(with_answers(standards=NO, best_practices=Answer()))[8] == "not stated"
    assert met(with_answers(standards=NO, best_practices=NO))[8] == "not met"


@pytest.mark.parametrize(
    "kind,licence,found",
    [
        ("source-code", "MIT", "met"),
        ("source-code", "CC-BY-NC-4.0", "not met"),
        ("course-material", "CC-BY-NC-SA-3.0", "met"),
        ("course-material", "CC-BY-ND-4.0", "not met"),
        ("course-material", "MIT AND CC-BY-NC-4.0", "not met"),
        ("datasets", "LicenseRef-Gemma", "not met"),
        ("datasets", "LicenseRef-own", "not stated"),
        ("datasets", "", "not stated"),
    ],
)
def test_the_licences_that_the_standard_accepts(kind, licence, found):
    assert met(components=[Component("part", kind, licence, declared=True)])[2] == found


def test_every_part_needs_its_licence():
    assert met(components=[PART, Component("data", "datasets", "CC-BY-NC-ND-4.0", declared=True)])[2] == "not met"
    assert met(components=[])[2] == "not stated"


def test_documentation_is_met_by_files_where_the_record_is_silent():
    card = Component("card", "model-card", "MIT", (ReleaseFile("README.md", 5, "0" * 64),))
    assert met(with_answers(documentation=Answer()), [card])[5] == "met"
    assert met(with_answers(documentation=NO), [card])[5] == "not met"


@given(st.dictionaries(st.sampled_from(QUESTIONS), ANSWERS))
def test_law_an_indicator_is_met_exactly_where_all_it_asks_for_is(answers):
    record = with_answers(**answers)
    for indicator in find_indicators(manifest=make_manifest(name="x", components=[PART], record=record)):
        states = {f.met for f in indicator.findings}
        expected = "not met" if "not met" in states else "not stated" if "not stated" in states else "met"
        assert indicator.met == expected
        assert indicator.reason


@given(st.sampled_from(QUESTIONS))
def test_law_a_silent_record_says_no_to_nothing(question):
    answers = met(dataclasses.replace(PublicGoodRecord(), **{question: Answer()}))
    assert "not met" not in answers.values()
