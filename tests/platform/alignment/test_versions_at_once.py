"""Four processes at one moment: no decision is lost while a version is taken in, and no version is lost among several."""

from __future__ import annotations

import pytest

from support.races import run_races


@pytest.fixture(scope="module")
def raced(templates, tmp_path_factory):
    whats = ("decide-and-replace", "replace")
    return run_races(whats, templates=templates, folder=tmp_path_factory.mktemp("raced"))


def test_answers_that_arrive_with_a_version_are_all_kept_and_none_stands_on_text_not_seen(raced):
    found, said = raced[0]["decide-and-replace"], raced[1]
    assert {k: found[k] for k in ("done", "broken", "answers", "marks", "lost_versions")} == {
        "done": 4,
        "broken": 0,
        "answers": 3,
        "marks": 3,
        "lost_versions": 0,
    }, said
    assert "confirmed" not in found["raced_states"]
    assert found["decisions"] == found["stale"]


def test_of_several_versions_at_one_moment_none_overwrites_another(raced):
    found, said = raced[0]["replace"], raced[1]
    assert (found["broken"], found["lost_versions"]) == (0, 0), said
    assert found["done"] >= 1
