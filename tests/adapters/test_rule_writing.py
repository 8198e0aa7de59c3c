"""A rule that is written as TOML is read as the very same rule."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.rule_files import built_in_names, built_in_rule, built_in_text, parse_rule, read_toml
from comity.adapters.rule_writing import write_rule
from comity.errors import UnknownRule


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_rule_is_the_same_after_it_is_written_and_read(name):
    data = read_toml(text=built_in_text(name), file=name)
    assert parse_rule(text=write_rule(data=data), file=name) == built_in_rule(name)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_a_text_or_a_name_holds_comes_back(text, name):
    data = {"title": text, "positions": {name: {"counts": text, "also": [text, "x"]}}, "after": {"within_hours": 3}}
    assert tomllib.loads(write_rule(data=data)) == data


def test_what_is_no_plain_data_is_refused():
    with pytest.raises(TypeError):
        write_rule(data={"version": 0.5})


def test_the_text_of_a_rule_that_does_not_come_with_comity_is_refused():
    with pytest.raises(UnknownRule):
        built_in_text("../errors")
