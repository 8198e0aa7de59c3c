"""Records of others that are broken, huge or hostile: each is refused with its place, nothing is fetched, and nothing is made up."""

from __future__ import annotations

import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.croissant_files import describe_croissant
from comity.adapters.foreign_descriptions import describe_record
from comity.adapters.release_crates import describe_crate
from comity.adapters.release_manifests import compose_description
from comity.errors import BadReleaseFile, ComityError

CROISSANT = {"@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "name": "x"}
ABOUT = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}}
ROOT = {"@id": "./", "@type": "Dataset", "name": "x"}
DIGEST = "0" * 64


def file_object(**more):
    return {"@type": "cr:FileObject", "@id": "a", "name": "a.csv", "contentUrl": "https://x.example/a.csv"} | more


def croissant(*files, **more):
    return CROISSANT | {"distribution": list(files)} | more


def crate(*nodes, root=None):
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [ABOUT, root or ROOT, *nodes]}


def problem_of(tmp_path, name, content) -> str:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(ComityError) as refused:
        describe_record(path=path)
    assert isinstance(refused.value, BadReleaseFile), refused.value
    assert refused.value.as_dict()["file"].removesuffix(".yaml") == name
    assert refused.value.as_dict()["where"]
    return str(refused.value)


@pytest.mark.parametrize("path", ["../keys", "/etc/passwd", "a/../../b", "a\\b", "a\x00b", "a//b", "x" * 1001])
def test_a_path_that_leads_out_is_refused_in_both_forms(tmp_path, path):
    assert "its path will not do" in problem_of(tmp_path, "c.json", croissant(file_object(contentUrl=path)))
    assert "its path will not do" in problem_of(tmp_path, "r.json", crate({"@id": path, "@type": "File"}))


def test_a_quoted_path_is_judged_by_what_it_means(tmp_path):
    assert "leads out" in problem_of(tmp_path, "r.json", crate({"@id": "%2e%2e/keys", "@type": "File"}))
    assert "leads out" in problem_of(tmp_path, "c.json", croissant(file_object(name="", contentUrl="%2e%2e/keys")))


def test_a_path_that_stands_twice_is_refused(tmp_path):
    twice = [file_object(), file_object(**{"@id": "b"})]
    assert "it stands twice" in problem_of(tmp_path, "c.json", croissant(*twice))
    for other in ("a.csv", "./a.csv"):
        nodes = [{"@id": "a.csv", "@type": "File"}, {"@id": other, "@type": "File"}]
        assert "it stands twice" in problem_of(tmp_path, "r.json", crate(*nodes))


@pytest.mark.parametrize(
    "tree",
    [
        {"conformsTo": "http://mlcommons.org/croissant/1.0", "@type": "sc:Person", "name": "x"},
        CROISSANT | {"name": ""},
        CROISSANT | {"name": ["", {}]},
        {"@graph": [ABOUT]},
        {"@graph": [ABOUT | {"about": {"@id": "other"}}, ROOT]},
        {"@graph": [ABOUT, {"@id": "./", "@type": "Dataset"}]},
        {"hello": "world"},
        {"@context": "https://evil.example/context", "name": "x"},
    ],
)  # fmt: skip
def test_what_is_no_record_or_names_nothing_is_refused(tmp_path, tree):
    problem_of(tmp_path, "x.json", tree)


def test_bombs_are_refused_before_they_go_off(tmp_path):
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
    assert "anchor or alias" in problem_of(tmp_path, "bomb.yml", laughs.encode())
    assert "anchor or alias" in problem_of(tmp_path, "README.md", f"---\n{laughs}---\n# x\n".encode())
    assert "levels stand inside each other" in problem_of(
        tmp_path, "deep.json", b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}"
    )
    assert "more than 500000 values" in problem_of(tmp_path, "wide.json", b'{"a":[' + b"1," * 600_000 + b"1]}")
    assert "stands twice" in problem_of(tmp_path, "twice.json", b'{"name": "a", "name": "b"}')
    assert "no number of JSON" in problem_of(tmp_path, "nan.json", b'{"name": NaN}')
    assert "not YAML that is read here" in problem_of(tmp_path, "tag.yml", b"a: !!python/object/apply:os.system [ls]\n")


def test_entities_that_point_at_each_other_end(tmp_path):
    ring = [
        {"@id": "#a", "@type": "Collection", "additionalType": "datasets", "hasPart": {"@id": "#b"}, "license": {"@id": "#a"}},
        {"@id": "#b", "@type": "Collection", "additionalType": "datasets", "hasPart": {"@id": "#a"}, "license": {"@id": "#b"}},
        {"@id": "a.csv", "@type": "File", "license": {"@id": "#a"}},
    ]  # fmt: skip
    root = ROOT | {
        "mentions": [{"@id": "#a"}, {"@id": "#b"}, {"@id": "./"}],
        "hasPart": {"@id": "./"},
        "license": {"@id": "./"},
    }
    found = describe_crate(tree=crate(*ring, root=root), file="r.json")
    assert [f["path"] for c in found["components"] for f in c["files"]] == ["a.csv"]


def test_no_context_and_no_address_is_ever_fetched(tmp_path, monkeypatch):
    def never(*_args, **_given):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    tree = croissant(file_object()) | {
        "@context": "https://evil.example/context.jsonld",
        "license": "https://evil.example/licence",
    }
    path = tmp_path / "c.json"
    path.write_text(json.dumps(tree))
    assert describe_record(path=path)["components"][0]["licence"] == "https://evil.example/licence"
    path.write_text(
        json.dumps(
            crate({"@id": "https://evil.example/big.bin", "@type": "File"}) | {"@context": ["file:///etc/passwd"]}
        )
    )
    assert describe_record(path=path)["components"] == []


def test_what_was_measured_is_taken_over_only_where_it_is_a_number(tmp_path):
    value = {
        "@id": "#v",
        "@type": "PropertyValue",
        "propertyID": "comity-release/languages/1",
        "name": "accuracy",
        "inLanguage": "sw",
    }
    root = ROOT | {"additionalProperty": {"@id": "#v"}}
    assert "value must be a number" in problem_of(tmp_path, "r.json", crate(value | {"value": "much"}, root=root))
    offline = {
        "@id": "#v",
        "@type": "PropertyValue",
        "propertyID": "comity-release/running/offline",
        "value": "perhaps",
    }
    assert "offline must be true or false" in problem_of(tmp_path, "r.json", crate(offline, root=root))
    goals = {"@id": "#v", "@type": "PropertyValue", "propertyID": "comity-release/public_good/goals", "value": [99]}
    assert "goals must be" in problem_of(tmp_path, "r.json", crate(goals, root=root))


def test_real_habits_are_read(tmp_path):
    """A repository as a file, sets of files in it, sizes in words, a licence as an address, a language by its name."""
    tree = {
        "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "news",
        "license": "https://choosealicense.com/licenses/cc-by-4.0/",
        "inLanguage": ["English", {"@type": "Language", "name": "French", "alternateName": "fr"}],
        "distribution": [
            {"@type": "cr:FileObject", "@id": "repo", "name": "repo", "contentUrl": "https://hub.example/x", "encodingFormat": "git+https"},
            {"@type": "cr:FileSet", "@id": "parquet", "containedIn": {"@id": "repo"}, "includes": "data/*.parquet"},
            {"@type": "cr:FileObject", "@id": "zip", "name": "all.zip", "contentUrl": "all.zip", "contentSize": "1.2 GB", "sha256": DIGEST},
            {"@type": "cr:FileObject", "@id": "in", "name": "in.csv", "containedIn": {"@id": "zip"}, "contentUrl": "in.csv"},
        ],
    }  # fmt: skip
    found = describe_croissant(tree=tree, file="c.json")
    assert found["languages"] == [{"language": "fr"}]
    files = [f for c in found["components"] for f in c["files"]]
    assert files == [{"path": "data/*.parquet"}, {"path": "all.zip", "sha256": DIGEST}]
    assert {c["licence"] for c in found["components"]} == {"CC-BY-4.0"}


_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
_NAMES = st.sampled_from(
    [
        *("@id", "@type", "name", "license", "distribution", "hasPart", "mentions", "about", "additionalType"),
        *("additionalProperty", "propertyID", "value", "inLanguage", "includes", "containedIn", "contentUrl", "sha256"),
    ]
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=6)),
    max_leaves=25,
)


@given(_TREES, _TREES, st.dictionaries(_NAMES, _TREES, max_size=6))
def test_whatever_stands_where_it_is_a_description_or_a_refusal(one, other, more):
    for tree, read in (
        (CROISSANT | more | {"distribution": one, "license": other}, describe_croissant),
        (
            {"@graph": [ABOUT, ROOT | more | {"license": other}, {"@id": "a", "@type": "File"} | more, one, other]},
            describe_crate,
        ),
    ):
        try:
            found = read(tree={**CROISSANT, **tree} if read is describe_croissant else tree, file="x.json")
        except BadReleaseFile:
            continue
        try:
            compose_description(tree=found, file="x.json")
        except BadReleaseFile:
            continue
