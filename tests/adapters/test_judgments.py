"""Gold sets: each kind of bad row is named by file and number; a run appears whole or not at all."""

from __future__ import annotations

import pytest

from comity.adapters.judgments import read_gold, read_passages, write_run
from comity.engines.alignment.evaluation import Passage, Ranking
from comity.errors import BadRow, EmptyFile, FileTooLarge, PathNotFound

GOOD = '{"id": "q1", "text": "human oversight", "language": "en"}\n\n{"id": "q2", "text": "x", "language": "zh", "instrument": "a"}\n'


def passages(*names):
    return tuple(Passage(id=n, text="x", language="en") for n in names)


def test_passages_are_read_in_order_and_empty_lines_passed_over(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert [(p.id, p.language, p.instrument) for p in read_passages(path=path)] == [
        ("q1", "en", None),
        ("q2", "zh", "a"),
    ]


@pytest.mark.parametrize(
    "line, problem",
    [
        ("{", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ('{"text": "x", "language": "en"}', '"id"'),
        ('{"id": 3, "text": "x", "language": "en"}', '"id"'),
        ('{"id": "a", "text": " ", "language": "en"}', '"text"'),
        ('{"id": "a", "text": "x"}', '"language"'),
        ('{"id": "a", "text": "x", "language": "en", "instrument": 7}', '"instrument"'),
        ('{"id": "q1", "text": "x", "language": "en"}', "stands twice"),
        ('{"id": "a", "text": "%s", "language": "en"}' % ("x" * 100_001), "100001 characters"),
        ('{"id": "a\\ud800", "text": "x", "language": "en"}', '"id" holds half of a character'),
        ('{"id": "a", "text": "x\\udfff", "language": "en"}', '"text" holds half of a character'),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path, line, problem):
    path = tmp_path / "q.jsonl"
    path.write_text(GOOD + line + "\n", encoding="utf-8")
    with pytest.raises(BadRow) as refused:
        read_passages(path=path)
    assert (refused.value.data["file"], refused.value.data["row"]) == ("q.jsonl", 4)
    assert problem in refused.value.data["problem"]


def test_only_a_line_feed_ends_a_line(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_bytes('{"id": "a", "text": "x\u2028y\u0085z", "language": "en"}\r\n'.encode())
    assert [p.text for p in read_passages(path=path)] == ["x\u2028y\u0085z"]


def test_bytes_that_are_not_utf_8_are_named_by_their_row(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_bytes(GOOD.encode() + b'{"id": "\xff"}\n')
    with pytest.raises(BadRow) as refused:
        read_passages(path=path)
    assert refused.value.data["row"] == 4


def test_a_file_that_is_empty_missing_or_too_large_is_refused(tmp_path):
    path = tmp_path / "q.jsonl"
    with pytest.raises(PathNotFound):
        read_passages(path=path)
    path.write_text("\n\n", encoding="utf-8")
    with pytest.raises(EmptyFile):
        read_passages(path=path)
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(FileTooLarge):
        read_passages(path=path)
    with pytest.raises(PathNotFound):
        read_passages(path=tmp_path)


def test_gold_is_read(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text("query_id,candidate_id,grade\r\nq1,c1,2\r\nq1,c2,0\r\n", encoding="utf-8")
    assert read_gold(path=path, queries=passages("q1"), candidates=passages("c1", "c2")) == {
        ("q1", "c1"): 2,
        ("q1", "c2"): 0,
    }


@pytest.mark.parametrize(
    "text, row, problem",
    [
        ("query,candidate,grade\nq1,c1,2\n", 1, "the columns are"),
        ("query_id,candidate_id,grade\nq9,c1,2\n", 2, 'no query has the id "q9"'),
        ("query_id,candidate_id,grade\nq1,c9,2\n", 2, 'no candidate has the id "c9"'),
        ("query_id,candidate_id,grade\nq1,c1,3\n", 2, 'the grade is "3"'),
        ("query_id,candidate_id,grade\nq1,c1,２\n", 2, "the grade is"),
        ("query_id,candidate_id,grade\nq1,c1\n", 2, "2 columns"),
        ("query_id,candidate_id,grade\nq1,c1,2\nq1,c1,1\n", 3, "stands twice"),
    ],
)
def test_a_bad_judgment_is_named_by_its_row(tmp_path, text, row, problem):
    path = tmp_path / "gold.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRow) as refused:
        read_gold(path=path, queries=passages("q1"), candidates=passages("c1"))
    assert refused.value.data["row"] == row
    assert problem in refused.value.data["problem"]


@pytest.mark.parametrize("text", ["", "\n\n", "query_id,candidate_id,grade\n"])
def test_gold_without_a_judgment_is_refused(tmp_path, text):
    path = tmp_path / "gold.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EmptyFile):
        read_gold(path=path, queries=passages("q1"), candidates=passages("c1"))


def test_a_run_is_written_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "run.csv"
    write_run(path=path, rankings=[Ranking("q,1", ("a", "b", "c"), (2.0, 1.0, 0.5))], most=2)
    assert path.read_bytes() == b'query_id,candidate_id,score\r\n"q,1",a,2.000000000\r\n"q,1",b,1.000000000\r\n'
    assert [p.name for p in tmp_path.iterdir()] == ["run.csv"]
    with pytest.raises(OSError, match="No such file"):
        write_run(path=tmp_path / "no" / "run.csv", rankings=[], most=2)
