"""Records of digital public goods: what is answered, what is not, and files of another form."""

from __future__ import annotations

import pytest

from comity.adapters.dpg_files import compose_public_good, read_public_good
from comity.errors import BadReleaseFile

NOMINATION = {
    "name": "Sauti",
    "license": [{"spdx": "MIT", "licenseURL": "https://example.org/licence"}],
    "SDGs": [
        {"SDGNumber": 4, "evidenceText": "reading"},
        {"SDGNumber": 4.0},
        {"SDGNumber": 2.5},
        {"SDGNumber": True},
        {"SDGNumber": "9"},
    ],
    "type": ["software"],
}


def good(screening=None, **nomination):
    return compose_public_good(screening=screening or {}, nomination=NOMINATION | nomination, file="x.json")


def answer(said):
    return good(
        {"clearOwnership": {"isOwnershipExplicit": said, "copyrightURL": "https://example.org"}}
    ).record.ownership


def test_a_nomination_gives_goals_and_licences():
    found = good()
    assert (found.name, found.type, found.record.goals) == ("Sauti", "tool", (4,))
    assert [(c.kind, c.licence, c.presence) for c in found.components] == [("source-code", "MIT", "declared")]


@pytest.mark.parametrize(
    "said,value", [("Yes", True), ("yes", True), ("No", False), ("Unknown", None), ("", None), (None, None), (5, None)]
)
def test_an_answer_is_yes_no_or_not_stated(said, value):
    assert answer(said).value is value
    assert answer(said).text == ("" if value is None else "https://example.org")


@pytest.mark.parametrize(
    "types,kind",
    [
        (["software"], "source-code"),
        (["content"], "other"),
        (["software", "data"], "other"),
        ("software", "source-code"),
        (None, "other"),
    ],
)
def test_a_good_of_several_types_has_parts_of_any_sort(types, kind):
    assert [c.kind for c in good(type=types).components] == [kind]


@pytest.mark.parametrize("screening", [{"doNoHarm": []}, {"doNoHarm": {"preventHarm": "Yes"}}, {"privacy": 5}])
def test_a_table_of_another_form_answers_nothing(screening):
    record = good(screening).record
    assert (record.prevents_harm.value, record.privacy_laws.value) == (None, None)


def test_files_of_another_form_are_refused(tmp_path):
    with pytest.raises(BadReleaseFile, match="it is missing"):
        read_public_good()
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(BadReleaseFile, match="it is missing"):
        read_public_good(screening=tmp_path / "x.json")
    for licence in ("MIT", [{"licenseURL": "x"}], [5]):
        with pytest.raises(BadReleaseFile, match="spdx is missing"):
            good(license=licence)
