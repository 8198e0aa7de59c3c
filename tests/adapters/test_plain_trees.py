"""JSON, YAML and TOML from outside: plain data, or a refusal that names the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.plain_trees import MOST_DEPTH, read_text, read_tree
from comity.errors import BadReleaseFile, ComityError, EmptyFile, FileTooLarge, PathNotFound

LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize("file", ["x.json", "x.toml", "x.yaml", "X.YML"])
def test_the_three_forms_give_the_same_data(file):
    texts = {"json": '{"a": {"b": [1, "c"]}}', "toml": '[a]\nb = [1, "c"]', "yaml": "a:\n  b: [1, c]"}
    text = texts.get(file.rsplit(".", 1)[1], texts["yaml"])
    assert read_tree(text=text, file=file) == {"a": {"b": [1, "c"]}}


@pytest.mark.parametrize(
    "file,text,problem",
    [
        ("x.json", "{", "not JSON"),
        ("x.json", "[1]", "holds no names"),
        ("x.json", '{"a": 1, "a": 2}', "stands twice"),
        ("x.json", '{"a": NaN}', "NaN is no number"),
        ("x.json", '{"a": ' + "9" * 30 + "}", "more than 18 digits"),
        ("x.json", '{"a": ' + "9" * 5000 + "}", "not JSON"),
        ("x.json", '{"a": ' + "[" * 100 + "]" * 100 + "}", "levels stand inside"),
        ("x.json", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "levels stand inside"),
        ("x.json", '{"a": 1e999}', "endless or no number"),
        ("x.yaml", "a: .nan", "endless or no number"),
        ("x.toml", "a = inf", "endless or no number"),
        ("x.toml", "a = ", "not TOML"),
        ("x.toml", "a = 1\na = 2", "not TOML"),
        ("x.yaml", LAUGHS, "anchor or alias"),
        ("x.yaml", "a: &x 1", "anchor or alias"),
        ("x.yaml", "a: 1\na: 2", "stands twice"),
        ("x.yaml", "a: " + "[" * 100 + "]" * 100, "levels stand inside"),
        ("x.yaml", "a: !!python/object/apply:os.system [echo]", "not YAML that is read here"),
        ("x.yaml", "a: [", "not YAML that is read here"),
        ("x.yaml", "a: 1\n---\nb: 2", "not YAML that is read here"),
        ("x.yaml", "? [a, b]\n: 1", "not YAML that is read here"),
        ("x.yaml", "- 1", "holds no names"),
        ("x.txt", "a: 1", "ends in none of"),
    ],
    ids=lambda v: v[:20] if isinstance(v, str) else None,
)
def test_what_will_not_do_is_refused_with_what_is_wrong(file, text, problem):
    with pytest.raises(BadReleaseFile, match=problem):
        read_tree(text=text, file=file)


def test_depth_up_to_the_limit_is_read():
    inside = MOST_DEPTH - 1
    assert read_tree(text='{"a": ' + "[" * (inside - 1) + "]" * (inside - 1) + "}", file="x.json")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(PathNotFound):
        read_text(path=tmp_path / "none.json")
    (tmp_path / "empty.json").write_text("  \n")
    with pytest.raises(EmptyFile):
        read_text(path=tmp_path / "empty.json")
    (tmp_path / "latin.json").write_bytes("é".encode("latin-1"))
    with pytest.raises(BadReleaseFile, match="UTF-8"):
        read_text(path=tmp_path / "latin.json")
    (tmp_path / "large.json").write_bytes(b" " * 2001)
    with pytest.raises(FileTooLarge):
        read_text(path=tmp_path / "large.json", most_megabytes=0.002)
    (tmp_path / "marked.json").write_bytes(b"\xef\xbb\xbf{}")
    assert read_text(path=tmp_path / "marked.json") == "{}"


@given(st.text(max_size=200), st.sampled_from(["x.json", "x.toml", "x.yaml"]))
def test_law_any_text_is_read_or_refused(text, file):
    try:
        found = read_tree(text=text, file=file)
    except ComityError as refused:
        found = refused.data
    assert isinstance(found, dict)
