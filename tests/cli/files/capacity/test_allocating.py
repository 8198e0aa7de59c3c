"""``comity capacity allocate``, ``check`` and ``what-if``: what they write, prove and say, and what they refuse."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from fractions import Fraction

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.adapters.allocation_files import terms_tables
from comity.adapters.capacity_tables import Rules
from comity.cli.main import main
from engines.capacity.drawn_rounds import in_whole_units, levels_in, make_terms, with_lots
from engines.capacity.leximin_by_programmes import leximin_levels

F = Fraction
NEEDS = """need,member,resource,units
n1,Arlen,gpu-hours,300
n2,Benti,gpu-hours,200
n3,Caldo,gpu-hours,40
n4,Caldo,expert-days,12.5
"""
OFFERS = """offer,resource,units
o1,gpu-hours,250
o2,gpu-hours,60
e1,expert-days,4
"""
PAIRS = """need,offer
n1,o1
n2,o1
n3,o2
n4,e1
"""


@pytest.fixture
def place(tmp_path):
    for name, text in (("N.csv", NEEDS), ("O.csv", OFFERS), ("P.csv", PAIRS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(main, ["capacity", *map(str, args)])


def allocated(place, *more, pairs=True):
    eligible = ["--eligible", place / "P.csv"] if pairs else []
    done = run(
        "allocate", "--needs", place / "N.csv", "--offers", place / "O.csv", *eligible, *more, "--out", place / "out"
    )
    assert done.exit_code == 0, done.output
    return done


def rows(path):
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def checked(place, *more):
    done = run("check", place / "out", *more)
    return done.exit_code, " ".join(done.output.split())


def test_a_result_is_written_proved_and_told(place):
    said = " ".join(allocated(place).output.split())
    assert "gpu-hours: 3 needs of 3 members ask for 540; 2 offers hold 310; 290 are shared out." in said
    assert (
        "These 2 needs for gpu-hours (n1, n2) can only draw on 1 offer, which totals 250. Together they ask for 500. "
        "Each receives half of what it asked." in said
    )
    assert (
        "This need for gpu-hours (n3) can draw on 1 offer, which totals 60, and receives all that it asks, 40." in said
    )
    assert sorted(p.name for p in (place / "out").iterdir()) == [
        "allocation.csv",
        "eligible.csv",
        "explanation.json",
        "needs.csv",
        "offers.csv",
        "report.txt",
        "shares.csv",
        "terms.csv",
    ]
    assert rows(place / "out/allocation.csv") == [
        {"need": "n1", "offer": "o1", "units": "150", "exact": "150"},
        {"need": "n2", "offer": "o1", "units": "100", "exact": "100"},
        {"need": "n3", "offer": "o2", "units": "40", "exact": "40"},
        {"need": "n4", "offer": "e1", "units": "4", "exact": "4"},
    ]
    assert rows(place / "out/shares.csv")[3] == {
        "need": "n4",
        "member": "Caldo",
        "resource": "expert-days",
        "priority": "1",
        "asked": "12.5",
        "received": "4",
        "share": "0.32",
        "exact": "8/25",
    }
    told = json.loads((place / "out/explanation.json").read_text(encoding="utf-8"))
    block = next(b for b in told["blocks"] if "n1" in b["needs"])
    assert {
        k: block[k] for k in ("needs", "members", "offers", "total", "asked", "received", "share", "exact", "binding")
    } == {
        "needs": ["n1", "n2"],
        "members": ["Arlen", "Benti"],
        "offers": ["o1"],
        "total": 250,
        "asked": 500,
        "received": 250,
        "share": 0.5,
        "exact": "1/2",
        "binding": True,
    }
    assert (told["by"], told["maker"], told["solver"][:6]) == ("need", "comity-leximin/1", "scipy/")
    code, found = checked(place)
    assert code == 0
    assert found.startswith("It holds: 4 needs, 3 offers, 3 different shares, each proved by its cut.")
    assert "Digest of the tables: " + told["inputs_sha256"] in found


def test_a_share_that_does_not_end_is_rounded_and_given_exactly(place):
    (place / "N.csv").write_text("need,member,resource,units\nn1,A,days,3360\nn2,B,days,20\nn3,C,days,3\n")
    (place / "O.csv").write_text("offer,resource,units\no1,days,23\n")
    allocated(place, pairs=False)
    assert rows(place / "out/allocation.csv")[0] == {
        "need": "n1",
        "offer": "o1",
        "units": "22.843629914",
        "exact": "77280/3383",
    }
    assert rows(place / "out/shares.csv")[0]["share"] == "0.006798699379"
    assert checked(place)[0] == 0


def test_by_member_there_is_one_share_for_each_resource(place):
    allocated(place, "--by", "member")
    assert [tuple(r.values()) for r in rows(place / "out/shares.csv")] == [
        ("Arlen", "gpu-hours", "1", "300", "150", "0.5", "1/2"),
        ("Benti", "gpu-hours", "1", "200", "100", "0.5", "1/2"),
        ("Caldo", "expert-days", "1", "12.5", "4", "0.32", "8/25"),
        ("Caldo", "gpu-hours", "1", "40", "40", "1", "1"),
    ]
    assert checked(place)[0] == 0


def test_json_is_what_stands_in_the_file(place):
    done = allocated(place, "--json")
    assert json.loads(done.output) == json.loads((place / "out/explanation.json").read_text(encoding="utf-8"))
    code, text = checked(place, "--json")
    found = json.loads(text)
    assert (code, found["holds"], found["blocks"], found["groups"]) == (0, True, 3, 4)


def test_digests_are_those_that_sha256sum_gives(place):
    allocated(place)
    told = json.loads((place / "out/explanation.json").read_text(encoding="utf-8"))
    for key, names in (
        ("inputs_sha256", ["eligible.csv", "needs.csv", "offers.csv", "terms.csv"]),
        ("result_sha256", ["allocation.csv", "shares.csv"]),
    ):
        lines = [f"{hashlib.sha256((place / 'out' / n).read_bytes()).hexdigest()}  {n}\n" for n in names]
        assert told[key] == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_order_of_rows_never_matters(place):
    allocated(place)
    first = {p.name: p.read_bytes() for p in (place / "out").iterdir()}
    for name in ("N.csv", "O.csv", "P.csv"):
        head, *below = (place / name).read_text(encoding="utf-8").splitlines()
        random.Random(3).shuffle(below)
        (place / name).write_text("\n".join([head, *below]) + "\n", encoding="utf-8")
    allocated(place)
    assert {p.name: p.read_bytes() for p in (place / "out").iterdir()} == first


def written(folder, terms):
    """Write the tables of a drawn round; return the options that name them."""
    folder.mkdir(exist_ok=True)
    rules = Rules(weights=dict.fromkeys(terms.weights, "Rule 1"), caps=dict.fromkeys(terms.caps, "Rule 2"))
    options = ["--by", terms.by]
    for name, text in terms_tables(terms=terms, rules=rules).items():
        (folder / f"in-{name}").write_text(text, encoding="utf-8")
        if name != "terms.csv":
            options += [f"--{name.removesuffix('.csv')}", folder / f"in-{name}"]
    return options


@pytest.mark.parametrize("seed", range(30))
def test_shares_in_the_file_equal_a_leximin_by_linear_programmes(tmp_path, seed):
    terms = make_terms(seed=seed, most_needs=25)
    done = run("allocate", *written(tmp_path, terms), "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = levels_in(terms, rows(tmp_path / "out/shares.csv"))
    assert found == pytest.approx(leximin_levels(terms=terms), abs=1e-6)
    assert checked(tmp_path)[0] == 0


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), kind=st.sampled_from(["fractions", "whole", "lots", "whole lots"]))
def test_every_kind_of_round_is_proved_from_its_files(tmp_path, seed, kind):
    terms = make_terms(seed=seed, most_needs=25)
    terms = with_lots(terms, seed=seed) if "lots" in kind else terms
    terms = in_whole_units(terms) if "whole" in kind else terms
    more = ["--whole"] if "whole" in kind else []
    done = run("allocate", *written(tmp_path, terms), *more, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    code, said = checked(tmp_path)
    assert (code, said.startswith("It holds")) == (0, True), said
    assert "report.txt says" not in said
    units = rows(tmp_path / "out/allocation.csv")
    assert "whole" not in kind or all("." not in r["units"] for r in units)
    told = json.loads((tmp_path / "out/explanation.json").read_text(encoding="utf-8"))
    for offer, need in told["lots"].items():
        given_to = [r for r in units if r["offer"] == offer and r["units"] != "0"]
        assert [r["need"] for r in given_to] in ([need], [])


def test_whole_units_are_told_beside_what_they_round(place):
    (place / "N.csv").write_text("need,member,resource,units\nn1,A,seats,10\nn2,B,seats,10\nn3,C,seats,10\n")
    (place / "O.csv").write_text("offer,resource,units\no1,seats,8\n")
    said = " ".join(allocated(place, "--whole", pairs=False).output.split())
    assert "each is its exact amount rounded down or up" in said
    assert [tuple(r.values()) for r in rows(place / "out/allocation.csv")] == [
        ("n1", "o1", "3", "8/3"),
        ("n2", "o1", "3", "8/3"),
        ("n3", "o1", "2", "8/3"),
    ]
    assert [r["share"] for r in rows(place / "out/shares.csv")] == ["0.3", "0.3", "0.2"]
    code, found = checked(place)
    assert (code, "Not proved: who was rounded up" in found) == (0, True)


def test_amounts_that_are_not_whole_are_refused_with_whole(place):
    done = run("allocate", "--needs", place / "N.csv", "--offers", place / "O.csv", "--whole", "--out", place / "out")
    assert (done.exit_code, (place / "out").exists()) == (2, False)
    assert 'The need "n4" asks for 25/2' in done.output


def test_weights_and_caps_stand_with_their_rule(place):
    (place / "W.csv").write_text("member,weight,rule\nArlen,2,Resolution 4\nZedia,3,Resolution 4\n")
    (place / "C.csv").write_text("member,resource,units,rule\nCaldo,gpu-hours,10,Resolution 5\n")
    options = ["--weights", place / "W.csv", "--caps", place / "C.csv", "--by", "member"]
    said = " ".join(allocated(place, *options).output.split())
    assert "A share is divided by the weight of its member, by this rule: Resolution 4. Members have caps, by" in said
    assert "(n3) can draw on 1 offer, which totals 60, and receives all that its cap lets it have, 10." in said
    assert {r["member"]: r["received"] for r in rows(place / "out/shares.csv") if r["resource"] == "gpu-hours"} == {
        "Arlen": "187.5",
        "Benti": "62.5",
        "Caldo": "10",
    }
    assert checked(place)[0] == 0
    (place / "out/weights.csv").write_text("member,weight,rule\nArlen,2,Resolution 9\nZedia,3,Resolution 4\n")
    assert checked(place)[0] == 1


@pytest.mark.parametrize("solver", ["scipy", "ortools"])
def test_either_solver_gives_the_same_shares(place, solver):
    allocated(place, "--solver", solver)
    assert [r["exact"] for r in rows(place / "out/shares.csv")] == ["1/2", "1/2", "1", "8/25"]
    assert json.loads((place / "out/explanation.json").read_text(encoding="utf-8"))["solver"].startswith(solver)


def test_many_blocks_are_cut_short_with_a_pointer_to_the_file(place):
    (place / "N.csv").write_text(
        "need,member,resource,units\n" + "".join(f"n{i},M{i},days,{i + 10}\n" for i in range(30))
    )
    (place / "O.csv").write_text("offer,resource,units\n" + "".join(f"o{i},days,{3 + i % 5}\n" for i in range(30)))
    (place / "P.csv").write_text("need,offer\n" + "".join(f"n{i},o{i}\n" for i in range(30)))
    said = " ".join(allocated(place).output.split())
    assert "more groups of needs with a share of their own: explanation.json has all of them" in said
    assert said.count("This need") == 12


def test_control_characters_do_not_reach_the_terminal(place):
    (place / "N.csv").write_text('need,member,resource,units\n"n\x1b[31m",A,days,3\n')
    done = run("allocate", "--needs", place / "N.csv", "--offers", place / "O.csv", "--out", place / "out")
    assert (done.exit_code, "\x1b" in done.output) == (2, False)


# What is refused, and leaves nothing.


@pytest.mark.parametrize(
    "name, text, words",
    [
        ("N.csv", "", "N.csv is empty"),
        ("N.csv", "need,member,units\nn1,A,3\n", "resource is missing"),
        ("N.csv", NEEDS + "n1,Arlen,gpu-hours,3\n", "N.csv, row 6: the need"),
        ("N.csv", NEEDS + "n5,Arlen,gpu-hours,-3\n", "N.csv, row 6: units"),
        ("N.csv", NEEDS + "n5,Arlen,gpu-hours,1e400\n", "N.csv, row 6: units"),
        ("N.csv", NEEDS + 'n5,Arlen,gpu-hours,"12,5"\n', "in two ways"),
        ("O.csv", OFFERS + "o3,gpu-hours,nan\n", "O.csv, row 5: units"),
        ("P.csv", PAIRS + "n9,o1\n", "P.csv, row 6: the need"),
        ("P.csv", PAIRS + "n4,o1\n", "a pair joins one resource"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_table_that_will_not_do_leaves_nothing(place, name, text, words, as_json):
    (place / name).write_text(text, encoding="utf-8")
    options = [
        "--needs",
        place / "N.csv",
        "--offers",
        place / "O.csv",
        "--eligible",
        place / "P.csv",
        "--out",
        place / "out",
    ]
    done = run("allocate", *options, *(["--json"] if as_json else []))
    assert (done.exit_code, (place / "out").exists()) == (2, False)
    said = json.loads(done.output)["error"]["message"] if as_json else done.output
    assert words in said


def test_caps_without_members_alike_are_refused(place):
    (place / "C.csv").write_text("member,resource,units,rule\nCaldo,gpu-hours,10,R\n")
    done = run(
        "allocate",
        "--needs",
        place / "N.csv",
        "--offers",
        place / "O.csv",
        "--caps",
        place / "C.csv",
        "--out",
        place / "out",
    )
    assert (done.exit_code, "--by" in done.output) == (2, True)


def test_a_folder_that_cannot_take_the_result_is_refused(place):
    inputs = ["--needs", place / "N.csv", "--offers", place / "O.csv"]
    for out, words in ((place / "N.csv", "this is a file"), (place / "N.csv" / "out", "can be written")):
        done = run("allocate", *inputs, "--out", out)
        assert (done.exit_code, words in done.output) == (2, True), done.output
    (place / "needs.csv").write_text(NEEDS, encoding="utf-8")
    done = run("allocate", "--needs", place / "needs.csv", "--offers", place / "O.csv", "--out", place)
    assert (done.exit_code, "another folder" in done.output) == (2, True)
    assert (place / "needs.csv").read_text(encoding="utf-8") == NEEDS


def test_a_folder_that_cannot_be_made_is_refused(place):
    done = run("allocate", "--needs", place / "N.csv", "--offers", place / "O.csv", "--out", "/proc/comity/out")
    assert (done.exit_code, "can be written" in done.output) == (2, True)


def test_a_result_that_cannot_be_finished_is_no_result(place):
    """The last file cannot take its place: what was there of an earlier result is no result any more, and says so."""
    allocated(place)
    (place / "out/report.txt").unlink()
    (place / "out/report.txt").mkdir()
    done = run("allocate", "--needs", place / "N.csv", "--offers", place / "O.csv", "--out", place / "out")
    assert done.exit_code == 2
    assert not [p.name for p in (place / "out").iterdir() if p.name.startswith(".")]
    code, said = checked(place)
    assert (code, "explanation.json is missing" in said) == (1, True)


def test_tables_of_an_earlier_result_do_not_stay(place):
    allocated(place)
    allocated(place, pairs=False)
    assert not (place / "out/eligible.csv").exists()
    assert checked(place)[0] == 0


# What does not hold.


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("allocation.csv", "n1,o1,150,150", "n1,o1,151,151"),
        ("allocation.csv", "n1,o1,150,150", "n1,o1,151,150"),
        ("allocation.csv", "n1,o1,150,150\n", ""),
        ("allocation.csv", "n1,o1,150,150\n", "n1,o1,150,150\nn1,o1,150,150\n"),
        ("allocation.csv", "n1,o1,150,150\nn2,o1,100,100", "n1,o1,100,100\nn2,o1,150,150"),
        ("allocation.csv", "150,150", "150,150/0"),
        ("allocation.csv", "n3,o2,40,40", "n3,o2,40,-40"),
        ("allocation.csv", "n3,o2,40,40", "n3,o2,nan,40"),
        ("allocation.csv", "n3,o2,40,40", "n3,o1,40,40"),
        ("allocation.csv", "n4,e1,4,4\n", "n4,e1,4,4\nn4,o2,0,0\n"),
        ("shares.csv", "0.32,8/25", "0.33,8/25"),
        ("shares.csv", "0.32,8/25", "0.32,9/25"),
        ("shares.csv", "n4,Caldo", "n4,Benti"),
        ("shares.csv", "n1,Arlen,gpu-hours,1,300,150,0.5,1/2\n", ""),
        ("needs.csv", "gpu-hours,300", "gpu-hours,301"),
        ("needs.csv", "n4,Caldo", "n4,Benti"),
        ("offers.csv", "o2,gpu-hours,60", "o2,gpu-hours,61"),
        ("eligible.csv", "n3,o2", "n3,o1"),
        ("eligible.csv", "n4,e1\n", "n4,e1\nn1,o2\n"),
        ("terms.csv", "by,need", "by,member"),
        ("terms.csv", "by,need", "by,country"),
        ("explanation.json", '"exact": "1/2"', '"exact": "1/3"'),
        ("explanation.json", '"total": 250', '"total": 251'),
        ("explanation.json", '"asked": 500', '"asked": 501'),
        ("explanation.json", '"share": 0.5', '"share": 0.6'),
        ("explanation.json", '"binding": true', '"binding": false'),
        ("explanation.json", '"binding": true', '"binding": 1'),
        ("explanation.json", '"Benti"', '"Caldo"'),
        ("explanation.json", '"by": "need"', '"by": "member"'),
        ("explanation.json", '"offered": 310', '"offered": 311'),
        ("explanation.json", '"unit": null', '"unit": "1"'),
        ("explanation.json", '"unit": null', '"unit": 1'),
        ("explanation.json", '"lots": {}', '"lots": {"o1": "n1"}'),
        ("explanation.json", '"lots": {}', '"lots": []'),
        ("explanation.json", '"lots_given_to_nobody": []', '"lots_given_to_nobody": ["o1"]'),
        ("explanation.json", '"o1"', '"o2"'),
        ("explanation.json", '"inputs_sha256": "', '"inputs_sha256": "0'),
        ("explanation.json", '"allocation.csv": "', '"allocation.csv": "0'),
        ("explanation.json", '"allocation.csv": "', '"../secret.csv": "0'),
    ],
)
def test_a_tampered_file_does_not_hold(place, name, old, new):
    allocated(place)
    path = place / "out" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, said = checked(place)
    assert (code, said.startswith("Does not hold. This allocation does not hold. In ")) == (1, True), said
    code, text = checked(place, "--json")
    assert (code, json.loads(text)["holds"], json.loads(text)["error"]["code"]) == (
        1,
        False,
        "allocation-does-not-hold",
    )


def test_a_missing_file_and_one_too_many_are_said(place):
    allocated(place)
    (place / "out/notes.txt").write_text("mine")
    assert "Not part of the result: notes.txt" in checked(place)[1]
    (place / "out/weights.csv").write_text("member,weight,rule\nArlen,1,R\n")
    code, said = checked(place)
    assert (code, "weights.csv is there, and explanation.json does not list it" in said) == (1, True)
    (place / "out/weights.csv").unlink()
    for name in ("needs.csv", "eligible.csv", "allocation.csv", "explanation.json"):
        kept = (place / "out" / name).read_bytes()
        (place / "out" / name).unlink()
        code, said = checked(place)
        assert (code, f"{name} is missing" in said) == (1, True)
        (place / "out" / name).write_bytes(kept)
    (place / "out/report.txt").unlink()
    assert checked(place)[0] == 0
    (place / "out/report.txt").write_text("Arlen receives all.")
    code, said = checked(place)
    assert (code, "report.txt says something else" in said) == (0, True)


def test_rounded_units_that_go_beyond_a_unit_do_not_hold(place):
    (place / "N.csv").write_text("need,member,resource,units\nn1,A,seats,10\nn2,B,seats,10\nn3,C,seats,10\n")
    (place / "O.csv").write_text("offer,resource,units\no1,seats,8\n")
    allocated(place, "--whole", pairs=False)
    for name, old, new in (
        ("allocation.csv", "n1,o1,3,8/3", "n1,o1,4,8/3"),
        ("shares.csv", "n1,A,seats,1,10,3,0.3,4/15", "n1,A,seats,1,10,4,0.4,4/15"),
        ("allocation.csv", "n3,o1,2,8/3", "n3,o1,1,8/3"),
        ("shares.csv", "n3,C,seats,1,10,2,0.2,4/15", "n3,C,seats,1,10,1,0.1,4/15"),
    ):
        path = place / "out" / name
        assert old in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    code, said = checked(place)
    assert (code, "rounded down or up" in said) == (1, True)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"form": "other/1"}', "\udcff", '{"form": "comity-allocation/1", "files": {}}', "[" * 100_000],
)
def test_what_is_no_explanation_cannot_be_read(place, text):
    allocated(place)
    (place / "out/explanation.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    code, said = checked(place)
    assert (code, "explanation.json" in said) == (2, True)
    code, said = checked(place, "--json")
    assert (code, json.loads(said)["error"]["code"]) == (2, "broken-file")


@pytest.mark.parametrize("blocks", [[1], [{}], [{"needs": []}], [{"needs": "n1"}], "none"])
def test_blocks_in_another_form_do_not_hold(place, blocks):
    allocated(place)
    path = place / "out/explanation.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "blocks": blocks}), encoding="utf-8")
    assert checked(place)[0] == (2 if blocks == "none" else 1)


def test_a_folder_that_is_not_there_cannot_be_checked(place):
    assert run("check", place / "nowhere").exit_code == 2
    assert run("check", place / "N.csv").exit_code == 2


# What if.


def test_what_if_says_whom_more_units_would_change(place):
    allocated(place)
    done = run("what-if", place / "out", "--resource", "gpu-hours", "--units", "100")
    said = " ".join(done.output.split())
    assert done.exit_code == 0
    assert "gpu-hours: in all 390 instead of 290 would be received, 100 more." in said
    assert "n1 (Arlen), gpu-hours: 210 instead of 150 of 300 (+60; 70% instead of 50%)." in said
    done = run("what-if", place / "out", "--offer", "o1", "--units", "-50", "--json")
    found = json.loads(done.output)
    assert [(c["needs"], c["gained"], c["after"]["exact"]) for c in found["changes"]] == [
        (["n1"], -30, "2/5"),
        (["n2"], -20, "2/5"),
    ]
    assert found["unchanged"] == 2
    done = run("what-if", place / "out", "--resource", "gpu-hours", "--units", "9", "--needs", "n3")
    assert "Nobody would receive another amount (4 needs)." in done.output


@pytest.mark.parametrize(
    "options",
    [
        ["--units", "9"],
        ["--units", "nine", "--resource", "gpu-hours"],
        ["--units", "1e3", "--resource", "gpu-hours"],
        ["--units", "1/0", "--resource", "gpu-hours"],
        ["--units", "9", "--resource", "ships"],
        ["--units", "9", "--offer", "o9"],
        ["--units", "-900", "--offer", "o1"],
        ["--units", "9", "--resource", "gpu-hours", "--needs", "n9"],
        ["--units", "9", "--resource", "gpu-hours", "--offer", "o1"],
    ],
)
def test_what_cannot_be_added_is_refused(place, options):
    allocated(place)
    done = run("what-if", place / "out", *options, "--json")
    assert (done.exit_code, "error" in json.loads(done.output)) == (2, True)


def test_what_if_of_a_tampered_result_is_refused(place):
    allocated(place)
    path = place / "out/shares.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0.32", "0.33"), encoding="utf-8")
    done = run("what-if", place / "out", "--resource", "gpu-hours", "--units", "1")
    assert (done.exit_code, "Does not hold" in done.output) == (1, True)


def test_a_folder_with_a_result_of_a_pool_is_left_as_it_is(place):
    (place / "out").mkdir()
    (place / "out/pool.json").write_text("{}", encoding="utf-8")
    done = run("allocate", "--needs", place / "N.csv", "--offers", place / "O.csv", "--out", place / "out")
    assert done.exit_code == 2
    assert "this one holds a result of comity capacity pool" in " ".join(done.output.split())
    assert [p.name for p in (place / "out").iterdir()] == ["pool.json"]
