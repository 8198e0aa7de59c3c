"""Rules from TOML: what they may say, and each kind of thing that is refused with its place."""

from __future__ import annotations

import tomllib

import pytest

from comity.adapters.rule_files import FOLDER, built_in_names, built_in_rule, find_rule, parse_rule, read_rule
from comity.errors import BadRule, FileTooLarge, PathNotFound, UnknownRule

GOOD = """
name = "two-thirds"
version = 1
title = "Two thirds"
source = "Rule 83"
words = "Two thirds of those voting."

[groups.small]
title = "Small states"

[weights.people]
title = "people"

[[adopted_when]]
count = "yes"
relation = "at least"
share = "2/3"
of = "voting"
"""


def problem(text):
    with pytest.raises(BadRule) as caught:
        parse_rule(text=text, file="r.toml")
    return str(caught.value)


def test_a_rule_of_ones_own_is_read_by_its_path(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")
    rule = find_rule(str(path))
    assert (rule.name, rule.adopted[0].share.denominator, rule.groups[0].title) == ("two-thirds", 3, "Small states")


@pytest.mark.parametrize("name", built_in_names())
def test_every_rule_that_comes_with_comity_has_the_name_of_its_file(name):
    assert built_in_rule(name).name == name
    assert tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["name"] == name


def test_an_unknown_name_is_answered_with_those_that_there_are():
    with pytest.raises(UnknownRule, match="unga-two-thirds"):
        find_rule("unga")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PathNotFound):
        read_rule(path=tmp_path / "none.toml")


def test_a_file_that_is_no_rule_by_its_size_is_not_read(tmp_path):
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * 300_000)
    with pytest.raises(FileTooLarge):
        read_rule(path=path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(GOOD.replace("Two thirds", "Deux tiers é").encode("latin-1"))
    with pytest.raises(BadRule, match="not UTF-8"):
        read_rule(path=path)


@pytest.mark.parametrize(
    "old, new, place, said",
    [
        ('share = "2/3"', "share = 0.6667", "adopted_when, test 1", "not exact"),
        ('share = "2/3"', 'share = "0.6667"', "adopted_when, test 1", "no share"),
        ('share = "2/3"', 'share = "3/2"', "adopted_when, test 1", "at most 1"),
        ('share = "2/3"', 'share = "2/0"', "adopted_when, test 1", "no share"),
        ('share = "2/3"', 'share = "-1/3"', "adopted_when, test 1", "no share"),
        ('share = "2/3"', "share = true", "adopted_when, test 1", "not exact"),
        ('share = "2/3"', 'number = "2"', "adopted_when, test 1", "a number has no of"),
        ('share = "2/3"', "", "adopted_when, test 1", "either a share"),
        ('of = "voting"', "", "adopted_when, test 1", "say of what"),
        ('of = "voting"', 'of = "everybody"', "adopted_when, test 1", "cannot be counted"),
        ('count = "yes"', 'count = "aye"', "adopted_when, test 1", "cannot be counted"),
        ('count = "yes"', 'count = ["yes", "yes"]', "adopted_when, test 1", "each once"),
        ('count = "yes"', "count = 3", "adopted_when, test 1", "a name or a list"),
        ('relation = "at least"', 'relation = ">="', "adopted_when, test 1, relation", "known are at least"),
        (
            'relation = "at least"',
            'relation = "at least"\ngroup = "large"',
            "adopted_when, test 1",
            "no group of this rule",
        ),
        (
            'relation = "at least"',
            'relation = "at least"\nweight = "gdp"',
            "adopted_when, test 1",
            "no weight of this rule",
        ),
        (
            'relation = "at least"',
            'relation = "at least"\nweight = "people"\nof_weight = ""',
            "adopted_when, test 1",
            "must weigh alike",
        ),
        ('name = "two-thirds"', 'name = "Two thirds"', "name", "small letters"),
        ('name = "two-thirds"', "", "name", "small letters"),
        ("version = 1", "version = 0", "version", "from 1"),
        ("version = 1", 'version = "1"', "version", "whole number"),
        ('title = "Two thirds"', 'title = "  "', "the rule, title", "must be text"),
        ('source = "Rule 83"', "", "the rule, source", "must be text"),
        ('words = "Two thirds of those voting."', "words = 1", "the rule, words", "must be text"),
        ("[groups.small]", '[groups.small]\neveryone_but = "large"', "group small", "no other group"),
        ("[groups.small]", '[groups.small]\nmembers = ["a"]\neveryone = true', "group small", "cannot stand together"),
        ("[groups.small]", "[groups.Small]", "group Small", "small letters"),
        ("[groups.small]", '[groups."small; few"]', "group small; few", "could not be read"),
        ("[groups.small]", '[groups."small  few"]', "group small  few", "single spaces"),
        ("[groups.small]", '[groups."small\\u202e"]', "group small\u202e", "can be seen"),
        ("[groups.small]", '[groups.few]\ntitle = "Few"\nalso = ["small"]\n[groups.small]', "groups", "two of them"),
        *(
            (
                "[weights.people]",
                f'[weights.{column}]\ntitle = "W"\n[weights.people]',
                f"weight {column}",
                "table of ballots",
            )
            for column in ("member", "vote", "cast_by", "group", "reason", "comments")
        ),
        ('title = "Two thirds"', f"title = {'9' * 5000}", "the file", "not TOML"),
        ('title = "Two thirds"', f"title = 0x{'f' * 5000}", "the file", "beyond"),
        ("[groups.small]", "[groups.small]\ncolour = 1", "group small", "is not known"),
        ("[weights.people]", '[after]\ntie = "a coin"\n[weights.people]', "after, tie", "known are nothing"),
        ("[weights.people]", "[after]\nwithin_hours = -1\n[weights.people]", "after, within_hours", "from 0"),
        ("[weights.people]", '[conduct]\nways = ["shouting"]\n[weights.people]', "conduct, ways", "known are recorded"),
        ("[weights.people]", "[conduct]\nways = []\n[weights.people]", "conduct, ways", "at least one way"),
        ("[weights.people]", '[conduct]\nways = "recorded"\n[weights.people]', "conduct, ways", "a list"),
        ("[weights.people]", "[conduct]\nproxies = 99\n[weights.people]", "conduct, proxies", "from 0 to 10"),
        ("[weights.people]", '[conduct]\nsealed = "yes"\n[weights.people]', "conduct, sealed", "true or false"),
        ("[weights.people]", '[positions.yes]\ncounts = "half"\n[weights.people]', "position yes, counts", "known are"),
        (
            "[weights.people]",
            '[positions.yes]\ncounts = "voting"\nalso = ["y"]\n[positions.no]\ncounts = "away"\nalso = ["y"]\n[weights.people]',
            "positions",
            "written for two",
        ),
        ("[weights.people]", '[positions.yes]\ncounts = "voting"\n[weights.people]', "positions", 'counts as "away"'),
        ("[[adopted_when]]", "[[adopted_if]]", "the rule", "is not known"),
        ('title = "Two thirds"', "title = ", "the file", "not TOML"),
    ],
)
def test_each_thing_that_no_rule_may_say_is_named_by_its_place(old, new, place, said):
    assert old in GOOD
    message = problem(GOOD.replace(old, new, 1))
    assert message.startswith(f"r.toml, {place}: ")
    assert said in message


def test_a_rule_that_asks_for_nothing_is_refused():
    text = GOOD.split("[groups.small]", maxsplit=1)[0] + "adopted_when = []\n"
    assert "says nothing" in problem(text)


def test_one_of_several_tests_needs_two_of_them():
    text = GOOD + '\n[[adopted_when]]\n[[adopted_when.any]]\ncount = "no"\nrelation = "at most"\nnumber = 1\n'
    assert "2 to 20 tests" in problem(text)
