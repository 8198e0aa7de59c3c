"""The page on rules of procedure names every rule that comes with Comity, every key of the file and every coded word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comity.adapters.rule_files import built_in_names, built_in_rule, parse_rule
from comity.engines.decisions.composing import _KEYS
from comity.engines.decisions.rules import AFTERS, COUNTS, RELATIONS, SETS, WAYS, Conduct
from comity.engines.decisions.saying import Speaker

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules-of-procedure.md"


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows() -> dict[str, list[str]]:
    lines = [line for line in text().splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_rule_has_its_row_with_title_tests_and_source(name):
    rule = built_in_rule(name)
    title, asks, source = rows()[name]
    assert (title, source) == (rule.title, rule.source)
    speaker = Speaker(rule)
    assert all(said in asks for said in (*speaker.part("adopted"), *speaker.part("valid")))


def test_no_row_names_a_rule_that_is_gone():
    first = text().partition("## The file")[0]
    assert set(re.findall(r"^\| `([a-z0-9-]+)`", first, flags=re.MULTILINE)) == set(built_in_names())


@pytest.mark.parametrize("kind", _KEYS)
def test_every_key_of_the_file_is_explained(kind):
    assert [key for key in _KEYS[kind].split() if f"`{key}`" not in text()] == []


def test_every_coded_word_is_explained():
    assert [w for w in (*RELATIONS, *COUNTS, *AFTERS, *SETS, *WAYS) if f"`{w}`" not in text()] == []


def test_the_example_is_a_rule_and_the_defaults_are_those_of_the_code():
    example = re.search(r"```toml\n(.*?)```", text(), flags=re.DOTALL)
    assert example
    assert parse_rule(text=example[1], file="the page").name == "two-thirds"
    usual = Conduct()
    for name in Conduct.__slots__:
        value = getattr(usual, name)
        shown = '`["recorded"]`' if name == "ways" else f"`{str(value).lower()}`"
        assert rows()[name][0] == shown, name
