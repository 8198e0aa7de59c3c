"""``comity align``: a folder goes in, files come out; bad files are refused by name and the rest is done."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from html.parser import HTMLParser
from importlib import resources

import pytest

from support import akoma_schema, oscal_schema

EXAMPLE = resources.files("comity.example") / "instruments"
FILES = [
    "align.json",
    "common_ground.csv",
    "convergence.csv",
    "crosswalk.csv",
    "joint_actions.csv",
    "joint_actions.json",
    "oscal-mapping.json",
    "provisions.jsonl",
    "report.html",
]
LAW = """# Law on trustworthy systems of Kenya

## Article 1 Purpose

This law protects people whose lives are touched by artificial intelligence.

## Article 2 Human oversight

The deployer of a high-risk system must assign a competent person who can stop the system at any time.

## Article 3 Incident reporting

A provider must report a serious incident to the authority within fifteen days.
"""


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "comity", "align", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two coded instruments, one plain law, and three files that cannot be read."""
    where = tmp_path_factory.mktemp("policies")
    for name in ("eu-ai-act", "korea-ai-basic-act"):
        (where / f"{name}.toml").write_text((EXAMPLE / f"{name}.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (where / "kenya-trust-law.en.md").write_text(LAW, encoding="utf-8")
    (where / "empty.txt").write_bytes(b"")
    (where / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (where / "letter.docx").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    return where


@pytest.fixture(scope="module")
def aligned(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    done = run(folder, "--out", out, "--cache", out / "vectors", cwd=out)
    return done, out


def test_the_rest_of_the_folder_is_done_and_the_exit_code_tells(aligned):
    done, out = aligned
    assert done.returncode == 3, done.stderr
    assert sorted(p.name for p in out.iterdir() if p.name in FILES) == FILES
    summary = json.loads((out / "align.json").read_text(encoding="utf-8"))
    assert sorted(r["file"] for r in summary["refused"]) == ["broken.pdf", "empty.txt", "letter.docx"]
    assert {r["file"]: r["code"] for r in summary["refused"]}["empty.txt"] == "empty-file"
    assert sorted(i["id"] for i in summary["instruments"]) == ["eu-ai-act", "kenya-trust-law-en", "korea-ai-basic-act"]
    for name in ("broken.pdf", "empty.txt", "letter.docx"):
        assert name in done.stderr
    assert not [p.name for p in out.rglob("*") if p.name.startswith(".")]


def test_each_instrument_comes_as_akoma_ntoso_that_is_valid_and_reads_back_equal(aligned, tmp_path):
    _done, out = aligned
    summary = json.loads((out / "align.json").read_text(encoding="utf-8"))
    names = [i["akoma_ntoso"] for i in summary["instruments"]]
    assert sorted(p.relative_to(out).as_posix() for p in (out / "akoma-ntoso").iterdir()) == sorted(names)
    for name in names:
        akoma_schema.validated((out / name).read_text(encoding="utf-8"))
    kenya = akoma_schema.validated((out / "akoma-ntoso" / "kenya-trust-law-en.xml").read_text(encoding="utf-8"))
    told = kenya.xpath("//c:provision[@href='#art_2']", namespaces=akoma_schema.NAMES)
    assert {p.get("state") for p in told} == {"suggested"}
    assert kenya.xpath("//a:FRBRcountry/@value", namespaces=akoma_schema.NAMES) == ["ke"]
    assert run(out / "akoma-ntoso", "--out", tmp_path, "--embedder", "none", cwd=tmp_path).returncode == 0

    def texts(folder):
        records = map(json.loads, (folder / "provisions.jsonl").read_text(encoding="utf-8").splitlines())
        return [(r["id"], r["label"], r["heading"], r["text"]) for r in records]

    assert texts(tmp_path) == texts(out)


def test_the_crosswalk_comes_as_an_oscal_mapping_of_suggestions(aligned):
    _done, out = aligned
    collection = oscal_schema.validated(json.loads((out / "oscal-mapping.json").read_text(encoding="utf-8")))
    at = {f"#{r['uuid']}": r["rlinks"][0]["href"] for r in collection["back-matter"]["resources"]}
    found = [
        tuple(
            f"{at[m[f'{end}-resource']['href']].removeprefix('akoma-ntoso/').removesuffix('.xml')}/{e[f'{end}s'][0]['id-ref']}"
            for end in ("source", "target")
        )
        for m in collection["mappings"]
        for e in m["maps"]
    ]
    assert sorted(found) == sorted((r["a"], r["b"]) for r in rows(out / "crosswalk.csv"))
    assert {m["status"] for m in collection["mappings"]} == {"draft"}
    assert all((out / href).is_file() for href in at.values())


def test_what_a_run_wrote_into_its_folder_is_not_read_by_the_next_and_no_pair_leaves_no_mapping(tmp_path):
    (tmp_path / "one.en.md").write_text(LAW, encoding="utf-8")
    (tmp_path / "oscal-mapping.json").write_text("{}", encoding="utf-8")
    for _ in range(2):
        done = run(tmp_path, "--out", tmp_path, "--embedder", "none", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["counts"]["files"] == 1
    written = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {*FILES, "akoma-ntoso/one-en.xml", "one.en.md"} - {"oscal-mapping.json"}


def test_the_plain_law_is_split_named_and_matched(aligned):
    _done, out = aligned
    records = [json.loads(line) for line in (out / "provisions.jsonl").read_text(encoding="utf-8").splitlines()]
    kenya = {r["ref"]: r for r in records if r["instrument"] == "kenya-trust-law-en"}
    assert sorted(kenya) == ["art_1", "art_2", "art_3"]
    assert kenya["art_2"]["topics"][0] == "human-oversight"
    assert kenya["art_2"]["topics_by"] not in {"", "coder"}
    assert (kenya["art_2"]["modality"], kenya["art_2"]["modality_by"].split("/")[0]) == ("must", "strength-words")
    assert kenya["art_2"]["topic_chances"] == []  # too few provisions are coded here to learn from
    summary = json.loads((out / "align.json").read_text(encoding="utf-8"))
    (about,) = [i for i in summary["instruments"] if i["id"] == "kenya-trust-law-en"]
    assert (about["party"], about["stated_by"], about["binding"]) == ("KEN", "file name", None)
    pairs = {frozenset((r["a"], r["b"])) for r in rows(out / "crosswalk.csv")}
    assert any("kenya-trust-law-en/art_3" in pair for pair in pairs)


def test_a_pair_is_a_suggestion_and_cites_both_texts_exactly(aligned):
    _done, out = aligned
    records = [json.loads(line) for line in (out / "provisions.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {r["id"]: r["text"] for r in records}
    found = rows(out / "crosswalk.csv")
    assert found
    assert {r["state"] for r in found} == {"suggested"}
    for row in found:
        assert (row["text_a"].lstrip("'"), row["text_b"].lstrip("'")) == (texts[row["a"]], texts[row["b"]])
        assert row["a"].split("/")[0] != row["b"].split("/")[0]
    scores = [float(r["score"]) for r in found]
    assert scores == sorted(scores, reverse=True)


def test_convergence_keeps_own_and_through_apart_and_never_guesses(aligned):
    _done, out = aligned
    level = {(r["topic"], r["member"]): r for r in rows(out / "convergence.csv")}
    assert len(level) == 47 * 193
    assert level["human-oversight", "KOR"]["level"] == "binding-own"
    assert level["human-oversight", "FRA"]["level"] == "binding-through"
    assert level["human-oversight", "FRA"]["own"] == ""
    assert level["human-oversight", "KEN"]["level"] == "unstated-own"
    assert level["human-oversight", "NRU"]["level"] == "not-in-collection"


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [v for k, v in attrs if k in {"src", "srcset", "poster"} or (tag == "link" and k == "href")]
        assert tag != "script"


def test_the_report_stands_alone_and_names_what_was_refused(aligned):
    _done, out = aligned
    text = (out / "report.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(text)
    assert links.found == []
    for name in ("broken.pdf", "empty.txt", "letter.docx", "Human oversight", "imply no opinion on the legal status"):
        assert name in text


def test_a_second_run_gives_the_same_files(aligned, folder, tmp_path):
    _done, out = aligned
    again = run(folder, "--out", tmp_path, "--cache", out / "vectors", cwd=tmp_path)
    assert again.returncode == 3
    for name in FILES:
        if name == "align.json":
            a, b = (json.loads((d / name).read_text(encoding="utf-8")) for d in (out, tmp_path))
            assert {**a, "seconds": 0} == {**b, "seconds": 0}
        else:
            assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_order_of_paths_never_matters(folder, tmp_path):
    names = sorted(p for p in folder.iterdir() if p.suffix in {".toml", ".md"})
    outs = []
    for number, order in enumerate((names, names[::-1])):
        out = tmp_path / str(number)
        assert run(*order, "--out", out, "--embedder", "none", cwd=tmp_path).returncode == 0
        outs.append(out)
    for name in ("crosswalk.csv", "convergence.csv", "provisions.jsonl"):
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()


def test_a_sidecar_states_what_a_document_does_not(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "trust.en.md").write_text(LAW, encoding="utf-8")
    (tmp_path / "in" / "instruments.toml").write_text(
        '[instruments."trust.en.md"]\ntitle = "Trust Law"\nparty = "KEN"\nkind = "law"\nstatus = "in-force"\nbinding = true\n'
        '[[states_none]]\nmember = "TUV"\ntopic = "privacy"\n',
        encoding="utf-8",
    )
    (tmp_path / "in" / "eu-ai-act.toml").write_text(
        (EXAMPLE / "eu-ai-act.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    done = run(tmp_path / "in", "--out", tmp_path / "out", "--embedder", "none", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    level = {(r["topic"], r["member"]): r["level"] for r in rows(tmp_path / "out" / "convergence.csv")}
    assert level["human-oversight", "KEN"] == "binding-own"
    assert level["privacy", "TUV"] == "states-none"
    assert level["privacy", "NRU"] == "not-in-collection"


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["nowhere", "--out", "out"], "nowhere does not exist"),
        ([".", "--out", "out"], "No provisions were found"),
        ([".", "--out", "out", "--embedder", "oracle"], "oracle"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_writes_nothing(words, sentence, tmp_path):
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_refusal_is_json_where_json_is_asked_for(tmp_path):
    done = run("nowhere", "--out", "out", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "path-not-found"


def test_an_out_that_is_a_file_is_refused_and_left_as_it_was(folder, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = run(folder, "--out", tmp_path / "out", "--embedder", "none", cwd=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_json_prints_what_align_json_holds(folder, tmp_path):
    done = run(
        folder / "kenya-trust-law.en.md",
        folder / "eu-ai-act.toml",
        "--out",
        tmp_path / "out",
        "--embedder",
        "none",
        "--json",
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "align.json").read_text(encoding="utf-8"))
