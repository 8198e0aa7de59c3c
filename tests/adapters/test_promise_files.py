"""Promises from a spreadsheet or from TOML: read whole, or not at all, with what is wrong named by cell or by promise."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.adapters.promise_files import PromiseRow, read_promises
from comity.adapters.sheet_columns import Choice
from comity.errors import BadParameter, BadRow, FileTooLarge

MEMBERS = (Choice("m1", {"en": "Member 1", "fr": "Membre 1"}), Choice("m2", {"en": "Member 2"}))
TOML = """
[[promise]]
owner = "m1"
due_on = 2027-06-30
target = "150"
offers = ["trainers"]
texts.en = "Give 150 days"
texts.fr = "Donner 150 jours"
[[promise]]
owner = "m2"
texts.en = "Open a laboratory"
"""


def read(text: str, name="promises.csv", language="en"):
    return read_promises(name=name, content=text.encode(), members=MEMBERS, language=language)


def test_a_spreadsheet_in_one_language_is_read_in_another():
    found = read("Promesse,Responsable,Échéance\nDonner 150 jours,Membre 1,2027-06-30\n", language="fr")
    assert found.promises == (PromiseRow({"fr": "Donner 150 jours"}, "m1", dt.date(2027, 6, 30)),)
    assert found.problems == ()


def test_what_is_wrong_is_named_by_cell_and_nothing_is_read():
    found = read("Promise,Owner,Due date\nGive,Nobody,2027-06-30\n,Member 1,soon\n")
    assert found.promises == ()
    assert [p[:2] for p in found.problems] == ["B2", "A3", "C3"]


def test_toml_holds_texts_in_several_languages_and_what_serves_a_promise():
    one, two = read(TOML, "promises.toml").promises
    assert one.texts == {"en": "Give 150 days", "fr": "Donner 150 jours"}
    assert (one.due_on, one.target, one.offers, two.owner) == (dt.date(2027, 6, 30), "150", ("trainers",), "m2")


@pytest.mark.parametrize(
    "text, row",
    [
        ("not toml", 0),
        ("", 0),
        ("promise = 1", 0),
        ("other = 1\n" + TOML, 0),
        (TOML + 'colour = "red"', 2),
        (TOML + "due_on = 2027-06-30T10:00:00", 2),
        (TOML + "needs = [1]", 2),
        ("[[promise]]\nowner = 'm1'", 1),
        ("[[promise]]\ntexts.en = 'x'", 1),
    ],
)
def test_toml_that_will_not_do_is_named_by_promise(text, row):
    with pytest.raises(BadRow) as caught:
        read(text, "promises.toml")
    assert caught.value.data["row"] == row


def test_a_file_that_is_too_large_or_has_too_many_promises_is_refused():
    with pytest.raises(FileTooLarge):
        read("x" * 2_000_001)
    with pytest.raises(BadParameter):
        read("[[promise]]\nowner = 'm1'\ntexts.en = 'x'\n" * 201, "promises.toml")
