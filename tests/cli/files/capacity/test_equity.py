"""``comity capacity equity``: what it says of a table, in sentences and as JSON, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from comity.adapters.country_columns import CHOICES
from comity.cli.files.capacity.measuring import BY
from comity.cli.main import main
from comity.engines.capacity.inequality import measure_spread

TABLE = """country,gpus,people,region,income
Kenya,4,2,Africa,20
Benin,,1,Africa,10
Peru,6,3,Americas,70
Chile,0,2,Americas,150
Fiji,2,,Oceania,
"""


@pytest.fixture
def values(tmp_path):
    path = tmp_path / "values.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(*args):
    return CliRunner().invoke(main, ["capacity", "equity", *map(str, args)])


def told(*args):
    """What is printed, in one line, where the width of a page does not matter."""
    done = run(*args)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def figures(*args):
    done = run(*args, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_coverage_comes_first_with_the_missing_by_name(values):
    text = told(values, "--column", "gpus")
    assert text.startswith(
        "How evenly gpus of values.csv is spread: numbers; each member counts once. OF WHOM IT IS KNOWN"
    )
    assert "4 of 5 members in the file have what is needed. Without a figure, and not taken for 0: Benin." in text
    assert "Figures go from 0 to 6; the mean is 3. 1 member has 0." in text
    assert text.index("Benin") < text.index("Gini")


def test_each_measure_stands_with_its_sentence_or_why_it_has_no_value(values):
    text = told(values, "--column", "gpus")
    spread = measure_spread(values=[4, 6, 0, 2])
    assert f"Gini {spread.gini:.3f}. Two members taken at random differ by 83% of the mean, on average." in text
    assert "Theil L No value: somebody has 0, and its logarithm has no value." in text
    assert "they have no sampling interval. What the members without a figure would change is not known." in text


def test_the_json_holds_what_the_engine_finds(values):
    found = figures(values, "--column", "gpus", "--epsilon", "1.5")
    spread = measure_spread(values=[4, None, 6, 0, 2], epsilon=1.5)
    assert {k: found["figures"][k] for k in ("gini", "theil", "atkinson", "palma", "hoover", "theil_l")} == {
        k: getattr(spread, k) for k in ("gini", "theil", "atkinson", "palma", "hoover", "theil_l")
    }
    assert (found["n"], found["total_members"], found["missing"], found["zeros"]) == (4, 5, ["Benin"], 1)
    assert (found["intervals"], found["concentration"], found["groupings"]) == (None, None, [])


def test_members_come_in_the_order_of_the_alphabet_whatever_that_of_the_file(values, tmp_path):
    mixed = tmp_path / "mixed.csv"
    head, *rows = TABLE.splitlines()
    mixed.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    one, other = (figures(p, "--column", "gpus", "--groups", "region", "--by", "m49") for p in (values, mixed))
    assert [m["name"] for m in one["members"]] == ["Benin", "Chile", "Fiji", "Kenya", "Peru"]
    for found in (one, other):
        del found["file"], found["input_sha256"]
        for m in found["members"]:
            del m["row"]
    assert one == other


def test_totals_are_divided_by_their_weights(values):
    found = figures(values, "--column", "gpus", "--weights", "people", "--totals")
    spread = measure_spread(values=[2, 2, 0], weights=[2, 3, 2])
    assert found["figures"]["gini"] == spread.gini
    assert (found["missing"], found["without_weight"], found["weight_known"]) == (["Benin"], ["Fiji"], 7 / 8)
    text = told(values, "--column", "gpus", "--weights", "people", "--totals")
    assert "totals, each divided by its people" in text
    assert "Left out, with a figure but no people: Fiji." in text
    assert "They hold 88% of all people in the file." in text


def test_groups_of_a_column_are_told_with_bounds_and_theil_is_parted(values):
    found = figures(values, "--column", "gpus", "--groups", "region", "--threshold", "4")
    (grouping,) = found["groupings"]
    assert [(g["group"], g["known"], g["members"], g["at_least"], g["at_most"]) for g in grouping["groups"]] == [
        ("Africa", 1, 2, 0.5, 1.0),
        ("Americas", 2, 2, 0.5, 0.5),
        ("Oceania", 1, 1, 0.0, 0.0),
    ]
    assert grouping["between"] + grouping["within"] == pytest.approx(found["figures"]["theil"], abs=1e-12)
    text = told(values, "--column", "gpus", "--groups", "region", "--threshold", "4")
    assert "Africa: 1 of 2 known, mean 4, Theil T inside 0.000. 1 to 2 (50% to 100%) have 4 or more." in text


def test_members_in_several_groups_are_counted_in_each_and_theil_is_not_parted(tmp_path):
    path = tmp_path / "several.csv"
    path.write_text("m,x,g\nA,1,East;West\nB,2,East\nC,3,\n", encoding="utf-8")
    (grouping,) = figures(path, "--column", "x", "--groups", "g")["groupings"]
    assert [(g["group"], g["members"]) for g in grouping["groups"]] == [("East", 2), ("West", 1), (None, 1)]
    assert (grouping["between"], grouping["undefined"]) == (None, "some members are in several groups")
    assert "Theil T is not parted between and within" in told(path, "--column", "x", "--groups", "g")


def test_groups_of_the_country_data_say_who_is_not_in_the_file_and_where_they_come_from(values):
    found = figures(values, "--column", "gpus", "--by", "m49", "--by", "sids")
    assert len(found["not_in_the_file"]) == 193 - 5
    africa = found["groupings"][0]["groups"][0]
    assert (africa["group"], africa["members"], africa["known"], africa["no_figure"]) == ("Africa", 54, 1, ["Benin"])
    assert [g["title"] for g in found["groupings"]] == ["M49 region", "Small island developing States"]
    text = told(values, "--column", "gpus", "--by", "m49")
    assert "Groups as of 2026-01-01" in text
    assert "imply no opinion on the legal status" in text


def test_a_name_that_the_country_data_lacks_counts_in_no_group_and_is_told(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("economy,x\nKenya,1\nAtlantis,2\n", encoding="utf-8")
    found = figures(path, "--column", "x", "--by", "ldc")
    assert (found["not_recognised"], found["n"]) == (["Atlantis"], 2)
    assert found["groupings"][0]["groups"][-1]["group"] is None
    assert "because the country data has none of exactly this name: Atlantis." in told(
        path, "--column", "x", "--by", "ldc"
    )


def test_figures_along_another_thing(values):
    found = figures(values, "--column", "gpus", "--rank-by", "income")["concentration"]
    assert (found["n"], found["missing"]) == (3, ["Fiji"])
    assert found["index"] == pytest.approx(2 * (4 / 6 + 6 * 3 / 6) / 10 - 1, abs=1e-12)
    assert "ALONG INCOME Concentration -0.267." in told(values, "--column", "gpus", "--rank-by", "income")


def test_intervals_come_only_when_asked_for_and_from_their_seed(values):
    found = figures(values, "--column", "gpus", "--draws", "50", "--seed", "3")
    assert found["intervals"] == figures(values, "--column", "gpus", "--draws", "50", "--seed", "3")["intervals"]
    assert (
        found["intervals"]["of"]["gini"]["low"] <= found["figures"]["gini"] <= found["intervals"]["of"]["gini"]["high"]
    )
    assert "95% intervals from 50 samples (seed 3)" in told(values, "--column", "gpus", "--draws", "50", "--seed", "3")


def test_percentages_are_said_to_be_taken_as_they_are(tmp_path):
    path = tmp_path / "share.csv"
    path.write_text("economy,share\nA,59.40%\nB,20%\nC,n/a\n", encoding="utf-8")
    text = told(path, "--column", "share")
    assert "percentages, taken as they are written" in text
    assert "Figures go from 20% to 59.4%; the mean is 39.7%." in text
    assert "Without a figure (written 'n/a', or empty), and not taken for 0: C." in text


@pytest.mark.parametrize("rows", ["A,\n", "A,0\n"])
def test_where_nothing_is_spread_it_is_said(tmp_path, rows):
    path = tmp_path / "nothing.csv"
    path.write_text("m,x\n" + rows, encoding="utf-8")
    assert "Nothing can be measured:" in told(path, "--column", "x")


def test_a_name_cannot_command_the_terminal_and_rounding_is_not_told(tmp_path):
    path = tmp_path / "same.csv"
    path.write_text("m,x,g\n\x1b[2JA,0.1,États\nB,0.1,Zone\nC,0.1,Zone\nD,,Zone\n\x1b[31mE,,Zone\n", encoding="utf-8")
    done = run(path, "--column", "x", "--groups", "g")
    assert "\x1b" not in done.output
    assert "Theil T             0.000." in done.output
    assert done.output.index("États:") < done.output.index("Zone:")


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "text, more",
    [
        ("m,x\nA,-1\n", ()),
        ('m,x\nA,"1,234"\n', ()),
        ("m,x\nA,1\n", ("--weights", "w")),
        ("m,x\nA,1\n", ("--totals",)),
        ("m,x\nA,1\n", ("--epsilon", "-1")),
        ("m,x\nA,1\n", ("--epsilon", "nan")),
        ("m,x\nA,1\n", ("--threshold", "nan", "--groups", "m")),
        ("m,x\nA,1\n", ("--by", "m49")),
        ("m,x\nKenya,1\nKEN,2\n", ("--by", "m49")),
        ("m,x,w\nA,1,0\n", ("--weights", "w", "--totals")),
        ("", ()),
    ],
)
def test_what_cannot_be_used_is_refused_with_exit_code_two(tmp_path, text, more, as_json):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    done = run(path, "--column", "x", *more, *(["--json"] if as_json else []))
    assert done.exit_code == 2
    assert not as_json or set(json.loads(done.output)) == {"error"}
    assert as_json or done.output.startswith("comity: ")


def test_the_choices_of_groups_are_those_of_the_country_data():
    assert BY == CHOICES


def test_real_figures_are_read_and_told(shared, tmp_path):
    source = shared / "data/capacity/ai_capacity/microsoft_ai_diffusion_2026Q1.csv"
    refused = run(source, "--column", "Q1 2026 AI Diffusion")
    assert (refused.exit_code, "row 69: not UTF-8" in refused.output) == (2, True)
    path = tmp_path / "diffusion.csv"
    path.write_text(source.read_text(encoding="mac_roman"), encoding="utf-8")
    found = figures(path, "--column", "Q1 2026 AI Diffusion", "--by", "m49")
    assert (found["n"], found["missing"], found["is_percent"]) == (147, [], True)
    assert found["not_recognised"] == ["Congo (DRC)", "French Guiana", "Taiwan"]
    assert [(g["group"], g["known"], g["members"]) for g in found["groupings"][0]["groups"]] == [
        ("Africa", 45, 54),
        ("Americas", 25, 35),
        ("Asia", 39, 47),
        ("Europe", 32, 43),
        ("Oceania", 3, 14),
        (None, 3, 3),
    ]


def test_help_loads_nothing_heavy():
    script = """
import sys
from comity.cli.main import main
try:
    main(["capacity", "equity", "--help"], prog_name="comity")
except SystemExit as ended:
    assert ended.code == 0
print(sorted(m for m in ("numpy", "scipy", "django", "lxml", "babel") if m in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
