"""``comity capacity pool`` and ``check-pool``: what they write and say, what they refuse, and that no changed result passes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from comity.adapters.pool_files import ALL_FILES
from comity.adapters.slurm_shares import read_dump
from comity.cli.main import main

POOL = """resource,units,slurm,slurm_factor,kueue,kueue_factor
gpu,100000,GrpTRESMins=gres/gpu,60,nvidia.com/gpu,1/720
cpu,900000,GrpTRESMins=cpu,60,cpu,1/720
storage,500,,,,
"""
DEMANDS = """member,resource,units,tasks
FJI,gpu,20000,
FJI,storage,10,
KEN,gpu,60000,1
KEN,cpu,300000,1
RWA,cpu,700000,
RWA,storage,100,
PER,gpu,8,any
PER,cpu,64,any
"""
USE = """member,resource,units,day
KEN,gpu,20000,2026-10-30
BEN,gpu,100,2026-11-01
"""
WEIGHTS = """member,weight,rule
RWA,1.5,"LDC first (decision 4, https://example.org/4)"
"""


@pytest.fixture
def tables(tmp_path):
    for name, text in (("pool", POOL), ("demands", DEMANDS), ("use", USE), ("weights", WEIGHTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(main, ["capacity", *map(str, args)])


def share(tables, *args, out="out"):
    return run("pool", "--demands", tables / "demands.csv", "--pool", tables / "pool.csv", "--out", tables / out, *args)


def share_all(tables, *args, out="out"):
    past = ("--use", tables / "use.csv", "--half-life", "30d", "--as-of", "2026-11-29")
    return share(
        tables, *past, "--weights", tables / "weights.csv", "--slurm", "pool1", "--kueue", "shared", *args, out=out
    )


def rows(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def told(done):
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_the_report_says_what_there_is_who_receives_what_and_what_holds_each_back(tables):
    text = told(share(tables))
    assert "gpu: 100,000; 3 members ask; all of it is shared out. It holds back KEN, PER." in text
    assert "storage: 500; 2 members ask for 110; 64.29 are shared out, 435.71 are left." in text
    assert "FJI: all that it asks (20,000 gpu, 10 storage). Its dominant share is 20%, of gpu." in text
    assert (
        "KEN: 66.7% of what it asks (200,000 cpu, 40,000 gpu). Its dominant share is 40%, of gpu. gpu holds it back."
        in text
    )
    assert "PER: 5,000 tasks (320,000 cpu, 40,000 gpu)." in text
    assert "a suggestion: who decides may differ from it, with reasons." in text


def test_past_use_weights_and_exports_are_told(tables):
    text = told(share_all(tables))
    assert "halved every 30 days up to 2026-11-29" in text
    assert "Past use of BEN, who asks for nothing now, changes nothing." in text
    assert "by this rule: LDC first (decision 4, https://example.org/4)." in text
    assert "Its dominant share is 25.8%, of gpu; 10% from before count beside it. cpu holds it back." in text
    assert "Its weight is 1.5." in text
    assert "slurm.cfg holds these shares for Slurm, as cluster pool1; whole numbers are rounded down." in text
    assert "It gives no cpu to FJI, so no job of theirs that takes any could start" in text


def test_the_tables_hold_every_amount_in_figures_and_exactly(tables):
    told(share_all(tables))
    ken = next(r for r in rows(tables / "out/shares.csv") if r["member"] == "KEN")
    assert ken == {
        "member": "KEN",
        "tasks": "0.43081761",
        "asked": "1",
        "dominant": "gpu",
        "share": "0.258490566038",
        "past": "0.1",
        "weight": "1",
        "level": "0.358490566038",
        "held_by": "cpu",
        "fair_share_factor": "0.044194174",
        "exact_tasks": "137/318",
    }
    assert rows(tables / "out/received.csv")[2] == {
        "member": "KEN",
        "resource": "cpu",
        "asked": "300000",
        "units": "129245.283018868",
    }


def test_exports_say_what_the_tables_say(tables):
    told(share_all(tables))
    dump = read_dump(text=(tables / "out/slurm.cfg").read_text(encoding="utf-8"))
    ken = next(a for a in dump.accounts if a.name == "ken")
    assert (dump.cluster, ken.options["GrpTRESMins"]) == ("pool1", "cpu=7754716,gres/gpu=1550943")
    objects = list(yaml.safe_load_all((tables / "out/kueue.yaml").read_text(encoding="utf-8")))
    quotas = next(o for o in objects if o["metadata"]["name"] == "shared-ken")["spec"]["resourceGroups"][0]["flavors"][
        0
    ]
    assert quotas["resources"] == [
        {"name": "cpu", "nominalQuota": "179507m", "borrowingLimit": "237159m"},
        {"name": "nvidia.com/gpu", "nominalQuota": "35", "borrowingLimit": "48"},
    ]


@pytest.mark.parametrize("args", [(), ("--whole",)], ids=["fractions", "whole"])
def test_a_result_is_proved_from_its_files_alone(tables, args):
    told(share_all(tables, *args))
    for name in ("pool", "demands", "use", "weights"):
        (tables / f"{name}.csv").unlink()
    assert told(run("check-pool", tables / "out")).startswith("It holds: 4 members, of which ")
    found = json.loads(run("check-pool", tables / "out", "--json").output)
    assert (found["holds"], found["resources"], found["not_part_of_it"]) == (True, 3, [])


def test_the_same_pool_gives_the_same_bytes_whatever_the_order_and_form_of_its_tables(tables):
    told(share_all(tables))
    head, *lines = DEMANDS.splitlines()
    mixed = "\n".join([head, *reversed(lines)]).replace(",", ";")
    (tables / "demands.csv").write_text("\ufeff" + mixed + "\r\n", encoding="utf-8")
    told(share_all(tables, out="again"))
    assert {p.name: p.read_bytes() for p in (tables / "out").iterdir()} == {
        p.name: p.read_bytes() for p in (tables / "again").iterdir()
    }


def test_what_was_written_can_be_shared_out_again_to_the_same_bytes(tables):
    told(share_all(tables))
    for name in ("pool", "demands", "use", "weights"):
        (tables / "out" / f"{name}.csv").replace(tables / f"{name}.csv")
    told(share_all(tables, out="again"))
    assert (tables / "out/pool.json").read_bytes() == (tables / "again/pool.json").read_bytes()


def test_whole_tasks_are_whole_and_the_report_says_by_what_rule(tables):
    text = told(share(tables, "--whole"))
    assert "Tasks are whole: they are given one by one" in text
    assert {r["member"]: r["tasks"] for r in rows(tables / "out/shares.csv")} == {
        "FJI": "1",
        "KEN": "0",
        "PER": "10000",
        "RWA": "0",
    }


def test_json_holds_the_reasons(tables):
    found = json.loads(share(tables, "--json").output)
    assert found == json.loads((tables / "out/pool.json").read_text(encoding="utf-8"))
    assert found["form"] == "comity-pool/1"
    assert found["resources"][1] == {
        "resource": "gpu",
        "units": "100000",
        "used": "100000",
        "holds_back": ["KEN", "PER"],
    }


def test_a_second_result_leaves_nothing_of_the_first(tables):
    told(share_all(tables))
    told(share(tables))
    assert {p.name for p in (tables / "out").iterdir()} == set(ALL_FILES) - {
        "use.csv",
        "weights.csv",
        "slurm.cfg",
        "kueue.yaml",
    }
    told(run("check-pool", tables / "out"))


CHANGES = [
    ("shares.csv", "KEN,0.43081761", "KEN,0.44"),
    ("shares.csv", "137/318", "138/318"),
    ("shares.csv", "137/318", "1.5"),
    ("shares.csv", ",cpu,0.044194174", ",gpu,0.044194174"),
    ("received.csv", "129245.283018868", "129245.283018869"),
    ("slurm.cfg", "GrpTRESMins=cpu=7754716", "GrpTRESMins=cpu=8754716"),
    ("kueue.yaml", "179507m", "179508m"),
    ("demands.csv", "KEN,cpu,300000", "KEN,cpu,300001"),
    ("pool.csv", "100000", "100001"),
    ("weights.csv", "1.5", "1.6"),
    ("weights.csv", "decision 4", "decision 5"),
    ("use.csv", "20000", "20001"),
    ("use.csv", "2026-10-30", "2026-10-29"),
    ("terms.csv", "half_life_days,30", "half_life_days,31"),
    ("terms.csv", "slurm,pool1", "slurm,pool2"),
    ("terms.csv", "slurm,pool1", "slurm,"),
    ("terms.csv", "whole,", "whole,maybe"),
    ("terms.csv", "whole,", "whole,yes"),
    ("pool.json", '"holds_back": [', '"holds_back": ["FJI",'),
    ("pool.json", '"files": {', '"files": {"x.csv": "",'),
]


@pytest.mark.parametrize("file,before,after", CHANGES, ids=[f"{n}-{f}" for n, (f, _, _) in enumerate(CHANGES)])
def test_no_changed_file_passes(tables, file, before, after):
    told(share_all(tables))
    path = tables / "out" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8", newline="")
    done = run("check-pool", tables / "out")
    assert (done.exit_code, done.output[:15]) == (1, "Does not hold. ")
    assert json.loads(run("check-pool", tables / "out", "--json").output)["holds"] is False


@pytest.mark.parametrize("file", sorted(set(ALL_FILES) - {"report.txt"}))
def test_no_result_passes_without_one_of_its_files(tables, file):
    told(share_all(tables))
    (tables / "out" / file).unlink()
    done = run("check-pool", tables / "out")
    assert done.exit_code in {1, 2}
    assert done.exit_code == 1 or file == "use.csv"


def test_a_changed_report_and_strange_files_are_named(tables):
    told(share_all(tables))
    (tables / "out/report.txt").write_text("All is for me.\n", encoding="utf-8")
    (tables / "out/notes.txt").write_text("", encoding="utf-8")
    text = told(run("check-pool", tables / "out"))
    assert "report.txt says something else than stands above" in text
    assert "Not part of the result: notes.txt" in text


@pytest.mark.parametrize("text", ["{", "[]", '{"form": "comity-allocation/1"}', "\xff"])
def test_a_pool_json_that_is_none_is_refused(tables, text):
    told(share_all(tables))
    (tables / "out/pool.json").write_bytes(text.encode("latin-1"))
    assert run("check-pool", tables / "out").exit_code == 2


def test_a_folder_that_is_not_there_is_refused(tables):
    done = run("check-pool", tables / "nowhere", "--json")
    assert (done.exit_code, json.loads(done.output)["error"]["code"]) == (2, "path-not-found")


BAD_ROWS = [
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,-1,1", 'row 4: units is "-1": it is below 0'),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,0,1", "leave the row out where nothing is asked for"),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,,1", 'units is "": it is empty'),
    ("demands", "KEN,gpu,60000,1", 'KEN,gpu,"60,000",1', "it can be read in two ways"),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,1e3,1", "it is no amount"),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,1/0,1", "it is no amount"),
    ("demands", "KEN,gpu,60000,1", "KEN,tpu,60000,1", 'the resource "tpu" is not in the pool'),
    ("demands", "KEN,gpu,60000,1", ",gpu,60000,1", "member is empty; every row needs one"),
    ("demands", "KEN,gpu,60000,1", "KEN,,60000,1", "resource is empty; every row needs one"),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,60000,2", "row 5: tasks of KEN is another number in row 4"),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,60000,0", 'tasks is "0": it must be above 0; leave it empty for one task'),
    ("demands", "KEN,gpu,60000,1", "KEN,gpu,60000,many", 'tasks is "many": it is no amount'),
    ("demands", "KEN,gpu,60000,1", "FJI,gpu,60000,", '"FJI and gpu" stands in row 2 already'),
    ("demands", "KEN,gpu,60000,1", '"KEN\x07",gpu,60000,1', "another character that cannot be printed"),
    ("demands", "member,resource", "who,resource", "member is missing"),
    ("demands", DEMANDS[24:], "", "there is no row below the header; give one for each member and resource"),
    ("pool", "storage,500,,,,", "storage,-5,,,,", 'units is "-5": it is below 0'),
    ("pool", "storage,500,,,,", "gpu,500,,,,", 'the resource "gpu" stands in row 2 already'),
    ("pool", "storage,500,,,,", "a;b,500,,,,", "has a semicolon in its name"),
    (
        "pool",
        "storage,500,,,,",
        "storage,500,GrpCPUs=cpu,,,",
        'slurm is "GrpCPUs=cpu"; write a limit and what it limits',
    ),
    ("pool", "storage,500,,,,", "storage,500,GrpTRES=gres/gpu:a100,,,", "in small letters after the sign"),
    ("pool", "storage,500,,,,", "storage,500,GrpTRESMins=cpu,,,", "GrpTRESMins=cpu is the name of cpu already"),
    ("pool", "storage,500,,,,", "storage,500,GrpTRES=fs/home,0,,", 'slurm_factor is "0": it must be above 0'),
    (
        "pool",
        "storage,500,,,,",
        "storage,500,,,Some Thing,",
        'kueue is "Some Thing"; write a resource name of Kubernetes',
    ),
    ("pool", "storage,500,,,,", "storage,500,,,cpu,", "cpu is the name of cpu already"),
    ("pool", "storage,500,,,,", "storage,500,,,storage,x", 'kueue_factor is "x": it is no amount'),
    ("pool", "resource,units", "resource,amount", "units is missing"),
    ("use", "KEN,gpu,20000", "KEN,tpu,20000", "add it there with 0 units, or take this row out"),
    ("use", "2026-10-30", "30/10/2026", 'day is "30/10/2026"; write one like 2026-11-29'),
    ("use", "2026-10-30", "2026-02-30", 'day is "2026-02-30"; write one like 2026-11-29'),
    ("use", "2026-10-30", "2026-11-30", "day is 2026-11-30, after 2026-11-29"),
    ("use", "KEN,gpu,20000", "KEN,gpu,-1", 'units is "-1": it is below 0'),
    ("use", "member,resource,units,day", "member,resource,units,date", "day is missing"),
    ("weights", "RWA,1.5", "RWA,0", "it must be above 0; leave the row out for a weight of 1"),
    ("weights", "RWA,1.5", "RWA,much", 'weight is "much": it is no amount'),
    ("weights", '"LDC first (decision 4, https://example.org/4)"', "", "a weight stands only by a published rule"),
    ("weights", "LDC first", "LDC first " + "x" * 500, "rule must be one line of at most 500 characters"),
    ("weights", "RWA,1.5", "RWA,2,a rule\nRWA,1.5", 'the member "RWA" stands in row 2 already'),
]


@pytest.mark.parametrize("table,before,after,says", BAD_ROWS, ids=[f"{n}-{row[0]}" for n, row in enumerate(BAD_ROWS)])
def test_each_bad_row_is_named_with_what_to_do_and_nothing_is_written(tables, table, before, after, says):
    path = tables / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    done = share_all(tables)
    assert (done.exit_code, path.name in done.output) == (2, True)
    assert says in " ".join(done.output.split())
    assert not (tables / "out").exists()


@pytest.mark.parametrize("table", ["pool", "demands", "use", "weights"])
@pytest.mark.parametrize(
    "content,code",
    [
        (None, "path-not-found"),
        (b"", "empty-file"),
        (b"PK\x03\x04", "broken-file"),
        (b"a\0b", "broken-file"),
        (b"member\xff,", "bad-row"),
    ],
    ids=["missing", "empty", "workbook", "zeros", "not-utf-8"],
)
def test_a_file_that_cannot_be_read_is_refused(tables, table, content, code):
    path = tables / f"{table}.csv"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    done = share_all(tables, "--json")
    assert (done.exit_code, json.loads(done.output)["error"]["code"]) == (2, code)
    assert not (tables / "out").exists()


OPTIONS = [
    (("--half-life", "30d"), "--as-of"),
    (("--as-of", "2026-11-29"), "--half-life"),
    (("--half-life", "30d", "--as-of", "2026-11-29"), "--use"),
    (("--use", "use.csv"), "--use"),
    (("--use", "use.csv", "--half-life", "0d", "--as-of", "2026-11-29"), "--half-life"),
    (("--use", "use.csv", "--half-life", "30", "--as-of", "2026-11-29"), "--half-life"),
    (("--use", "use.csv", "--half-life", "999999w", "--as-of", "2026-11-29"), "--half-life"),
    (("--use", "use.csv", "--half-life", "30d", "--as-of", "29.11.2026"), "--as-of"),
    (("--use", "use.csv", "--half-life", "30d", "--as-of", "2026-02-30"), "--as-of"),
    (("--slurm", "My Cluster"), "--slurm"),
    (("--kueue", "My Cohort"), "--kueue"),
]


@pytest.mark.parametrize("args,name", OPTIONS, ids=[f"{n}{name}" for n, (_, name) in enumerate(OPTIONS)])
def test_options_that_do_not_go_together_or_cannot_be_are_refused(tables, args, name):
    done = share(tables, *(tables / a if a == "use.csv" else a for a in args), "--json")
    assert done.exit_code == 2
    error = json.loads(done.output)["error"]
    assert (error["code"], error["name"]) == ("bad-parameter", name)
    assert not (tables / "out").exists()


@pytest.mark.parametrize(
    "table,before,after,says",
    [
        ("demands", "KEN", "Côte", "cannot be the name of an account in Slurm"),
        ("demands", "KEN", "fji", '"FJI" and "fji" would be one account in Slurm'),
        ("pool", "GrpTRESMins=gres/gpu,60", "GrpTRESMins=gres/gpu,1000000000000000000", "more than Slurm can hold"),
        ("weights", "1.5", "0.0000000001", "is not above 0.000000001, the least that Kueue knows"),
    ],
)
def test_what_an_export_cannot_hold_is_refused_and_nothing_is_written(tables, table, before, after, says):
    path = tables / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    done = share_all(tables)
    assert done.exit_code == 2
    assert says in done.output
    assert not (tables / "out").exists()


@pytest.mark.parametrize("option,column", [("--slurm", "slurm"), ("--kueue", "kueue")])
def test_an_export_of_a_pool_without_names_for_it_is_refused(tables, option, column):
    (tables / "pool.csv").write_text("resource,units\ngpu,100000\ncpu,900000\nstorage,500\n", encoding="utf-8")
    done = share(tables, option, "name")
    assert done.exit_code == 2
    assert f"No resource of the pool has a name in the column {column}" in done.output


def test_a_table_that_is_read_is_never_written_over(tables):
    done = share(tables, out=".")
    assert done.exit_code == 2
    assert "another folder than that of demands.csv, which is read" in done.output
    assert (tables / "demands.csv").read_text(encoding="utf-8") == DEMANDS


def test_a_folder_with_a_result_of_another_kind_is_left_as_it_is(tables):
    (tables / "out").mkdir()
    (tables / "out/explanation.json").write_text("{}", encoding="utf-8")
    done = share(tables)
    assert done.exit_code == 2
    assert "this one holds a result of comity capacity allocate" in " ".join(done.output.split())
    assert [p.name for p in (tables / "out").iterdir()] == ["explanation.json"]


def test_a_file_in_the_place_of_the_folder_is_refused(tables):
    (tables / "out").write_text("", encoding="utf-8")
    assert share(tables).exit_code == 2


def test_a_folder_that_cannot_be_written_is_refused_before_any_work(tables):
    done = share(tables, out="use.csv/out")
    assert done.exit_code == 2
    assert "a folder that is there and can be written" in " ".join(done.output.split())


def test_exact_fractions_of_any_length_are_written_and_proved(tables):
    units = [10**23 + 2 * n + 7 for n in range(200)]
    lines = [f"M{n:03},gpu,{size},any\nM{n:03},cpu,{n % 7 + 1},any" for n, size in enumerate(units)]
    lines += [f"N{n:03},cpu,1,any" for n in range(150)]
    (tables / "demands.csv").write_text("member,resource,units,tasks\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (tables / "pool.csv").write_text(f"resource,units\ngpu,1{'0' * 29}\ncpu,8000000\n", encoding="utf-8")
    told(share(tables))
    assert any(r["exact_tasks"].startswith("0x") for r in rows(tables / "out/shares.csv"))
    told(run("check-pool", tables / "out"))


def test_help_loads_neither_numpy_nor_django():
    code = (
        "import sys; from comity.cli.main import main\n"
        "try:\n    main(['capacity', 'pool', '--help'], prog_name='comity')\n"
        "except SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'scipy', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.splitlines()[-1] == "[]"
