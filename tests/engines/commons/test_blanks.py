"""Blanks of templates: what is declared must stand in each text, and what fills it must fit."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.blanks import Blank, Template, check_blanks, check_values, fill_text, find_marks
from comity.errors import BadParameter

PARTY = Blank("giver", "party", {"en": "Giver"})
NOTE = Blank("note", "text", {"en": "Note"}, required=False)
CHOICE = Blank("law", "choice", {"en": "Law"}, options=(("here", {"en": "Of here"}), ("there", {"en": "Of there"})))


def template(text, *blanks, **texts):
    return Template(
        slug="t",
        kind="data-transfer",
        titles={"en": "T"},
        texts={"en": text, **texts},
        authentic=("en",),
        blanks=blanks,
    )


@pytest.mark.parametrize(
    "text, name, found",
    [
        ("One\n{{giver}} and {{taker}}", "text (en), line 2", "{{taker}}"),
        ("Nobody gives.", "text (en)", "without {{giver}}"),
        ("{{giver}}\nand {{ not closed", "text (en), line 2", "and {{ not closed"),
        ("{{giver}} and\n{{giv\ner}}", "text (en), line 2", "{{giv"),
        ("{{giver}} {{}}", "text (en), line 1", "{{}}"),
    ],
)
def test_a_blank_that_does_not_fit_its_text_is_refused_with_its_place(text, name, found):
    with pytest.raises(BadParameter) as refused:
        check_blanks(template(text, PARTY))
    assert (refused.value.data["name"], refused.value.data["found"]) == (name, found)


def test_a_translation_that_leaves_a_blank_out_is_refused():
    with pytest.raises(BadParameter) as refused:
        check_blanks(template("{{giver}}", PARTY, fr="Personne"))
    assert refused.value.data["name"] == "text (fr)"


@pytest.mark.parametrize(
    "blank",
    [
        Blank("Giver", "party", {"en": "G"}),
        Blank("giver", "person", {"en": "G"}),
        Blank("giver", "party", {"fr": "G"}),
        Blank("giver", "party", {"en": " "}),
        Blank("giver", "choice", {"en": "G"}),
        Blank("giver", "text", {"en": "G"}, options=(("a", {"en": "A"}),)),
        Blank("giver", "choice", {"en": "G"}, options=(("a", {"en": "A"}), ("a", {"en": "B"}))),
        Blank("giver", "choice", {"en": "G"}, options=(("a", {"fr": "A"}),)),
        Blank("giver", "text", {"en": "G" * 301}),
    ],
)
def test_a_blank_that_cannot_be_what_it_says_is_refused(blank):
    with pytest.raises(BadParameter):
        check_blanks(template("{{giver}}{{Giver}}", blank))


def test_two_blanks_of_one_name_are_refused():
    with pytest.raises(BadParameter):
        check_blanks(template("{{giver}}", PARTY, PARTY))


@pytest.mark.parametrize(
    "kind, good, bad",
    [
        ("party", "m1", "m2"),
        ("release", "commons/releases/words", "commons/releases/other"),
        ("date", "2027-02-28", "2027-02-30"),
        ("date", "2027-02-28", "20270228"),
        ("amount", "0 XAF", "1,200 EUR"),
        ("amount", "1200.5 EUR", "12 eur"),
        ("amount", "999999999999999 EUR", "-1 EUR"),
        ("text", "w" * 300, "w" * 301),
    ],
)
def test_a_value_fits_the_kind_of_its_blank(kind, good, bad):
    known = {"parties": {"m1"}, "releases": {"commons/releases/words"}}
    blank = Blank("b", kind, {"en": "B"})
    assert check_values(blanks=[blank], values={"b": f" {good} "}, **known) == {"b": good}
    with pytest.raises(BadParameter):
        check_values(blanks=[blank], values={"b": bad}, **known)


def test_a_choice_takes_one_of_its_codes_and_says_its_words():
    values = check_values(blanks=[CHOICE], values={"law": "there"}, parties=(), releases=())
    parts = fill_text(text="{{law}}.", blanks=[CHOICE], values=values, names={}, language="en")
    assert "".join(part.text for part in parts) == "Of there."
    with pytest.raises(BadParameter):
        check_values(blanks=[CHOICE], values={"law": "elsewhere"}, parties=(), releases=())


def test_what_is_required_may_be_missing_only_while_one_looks():
    assert check_values(blanks=[PARTY, NOTE], values={}, parties=(), releases=(), whole=False) == {}
    with pytest.raises(BadParameter):
        check_values(blanks=[PARTY, NOTE], values={"giver": " "}, parties={"m1"}, releases=())


def test_a_value_for_no_blank_is_refused():
    with pytest.raises(BadParameter):
        check_values(blanks=[NOTE], values={"other": "x"}, parties=(), releases=())


@given(st.text(alphabet=string.ascii_letters + "{} \n", max_size=60))
def test_what_a_value_says_is_never_taken_for_a_blank(value):
    parts = fill_text(text="a {{note}} b", blanks=[NOTE], values={"note": value}, names={}, language="en")
    assert "".join(part.text for part in parts) == f"a {value or chr(0x2014)} b"


@given(st.lists(st.sampled_from(["{{giver}}", "{{note}}", "words ", "\n", "{", "}"]), max_size=12))
def test_filling_changes_nothing_but_the_blanks(pieces):
    text = "".join(pieces)
    parts = fill_text(text=text, blanks=[PARTY, NOTE], values={}, names={}, language="en")
    assert [p.blank for p in parts if p.blank] == [m.name for m in find_marks(text)]
    again = "".join(f"{{{{{p.blank}}}}}" if p.blank else p.text for p in parts)
    assert again == text
