"""Formats by name and first bytes, and which of them can run code when they are opened."""

from __future__ import annotations

import pickle
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.formats import LAMBDA, OBJECTS, guess_kind, recognise_format
from comity.engines.commons.manifests import COMPONENT_KINDS

HDF5 = b"\x89HDF\r\n\x1a\n"
ZIP = b"PK\x03\x04"


def array(values):
    kept = BytesIO()
    np.save(kept, values, allow_pickle=True)
    return kept.getvalue()


def runs(path, head=b"", members=(), words=()):
    return bool(recognise_format(path=path, head=head, members=members, words=words).runs_code)


class Caller:
    def __reduce__(self):
        return (print, ("never",))


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_calls_something_is_found_in_every_protocol(protocol):
    assert runs("notes.txt", pickle.dumps(Caller(), protocol=protocol))


@pytest.mark.parametrize(
    "text", [b"contents\nchapter\none\n", b"csv\ncolumn\n1\n", b"(see below)\n", b"\x80\x02" + bytes(6) + b"{}"]
)
def test_plain_text_and_lengths_are_not_taken_for_pickles(text):
    assert not runs("notes.txt", text)


@pytest.mark.parametrize("protocol", range(2, 6))
@pytest.mark.parametrize("name", ["a.pkl", "weights.safetensors", "notes.txt", "README", "x.json"])
def test_a_pickle_is_found_whatever_it_is_called(name, protocol):
    for thing in ({"a": 1}, [1], (1, 2), "text", {1, 2}, range):
        assert runs(name, pickle.dumps(thing, protocol=protocol))


@pytest.mark.parametrize(
    "name",
    [
        "m.pt",
        "m.pth",
        "m.bin",
        "m.ckpt",
        "m.joblib",
        "m.pickle",
        "a.ipynb",
        "a.py",
        "a.sh",
        "a.exe",
        "a.jar",
        "a.xlsm",
        "g.pb",
    ],
)
def test_names_of_formats_that_run_code_are_marked(name):
    assert runs(name, b"anything")


@pytest.mark.parametrize(
    "name", ["m.safetensors", "m.gguf", "m.onnx", "a.csv", "a.parquet", "a.md", "a.png", "no-ending", ".hidden"]
)
def test_names_of_other_formats_are_not(name):
    assert not runs(name, b"anything")


@pytest.mark.parametrize("head", [b"\x7fELF\x02", b"MZ\x90\x00", b"#!/bin/sh\n", b"\x00asm\x01", b"\xca\xfe\xba\xbe"])
def test_a_program_is_found_by_its_first_bytes(head):
    assert runs("picture", head)


def test_arrays_of_objects_are_marked_and_arrays_of_numbers_are_not():
    assert runs("a.npy", array(np.array([{"a": 1}, None], dtype=object)))
    assert not runs("a.npy", array(np.arange(3.0)))
    assert not runs("a.npy", array(np.zeros(2, dtype=[("O", "<f8")])))


def test_archives_are_judged_by_what_they_hold():
    assert runs("m.pt", ZIP, ["archive/data.pkl", "archive/data/0"])
    assert runs("m.zip", ZIP, ["weights.PKL"])
    assert runs("m.zip", ZIP, ["setup.py"])
    assert runs("book.xlsx", ZIP, ["xl/vbaProject.bin"])
    assert runs("a.npz", ZIP, ["x.npy"], [OBJECTS])
    assert runs("a.npz", ZIP, ["x.npy", "y.py"])
    assert not runs("a.npz", ZIP, ["x.npy"])
    assert not runs("book.xlsx", ZIP, ["xl/workbook.xml"])


def test_keras_is_marked_for_a_lambda_layer():
    assert runs("m.h5", HDF5, words=[LAMBDA])
    assert not runs("m.h5", HDF5)
    assert runs("m.keras", ZIP, ["config.json", "metadata.json"], [LAMBDA])
    assert not runs("m.keras", ZIP, ["config.json", "metadata.json"])
    assert runs("m.h5", b"not HDF5 at all")


@pytest.mark.parametrize(
    "path,kind",
    [
        ("LICENSE", "licence-text"),
        ("LICENCE.md", "licence-text"),
        ("README.md", "model-card"),
        ("data/README.md", "data-card"),
        ("DATA_CARD.md", "data-card"),
        ("model.safetensors", "model-parameters"),
        ("checkpoints/step-100/model.safetensors", "intermediate-parameters"),
        ("config.json", "model-metadata"),
        ("train.py", "training-code"),
        ("evaluate.py", "evaluation-code"),
        ("generate.py", "inference-code"),
        ("modeling_x.py", "model-architecture"),
        ("preprocess.py", "data-preprocessing-code"),
        ("data/train.csv", "datasets"),
        ("eval/questions.jsonl", "evaluation-data"),
        ("eval_results.json", "evaluation-results"),
        ("technical-report.pdf", "technical-report"),
        ("paper.pdf", "research-paper"),
        ("src/tools.py", "source-code"),
        ("picture.png", "other"),
    ],
)
def test_kinds_are_guessed_from_names(path, kind):
    assert guess_kind(path=path) == kind


@given(st.text(max_size=40), st.binary(max_size=64), st.lists(st.text(max_size=10), max_size=4))
def test_law_any_name_and_bytes_have_a_format_and_a_kind(path, head, members):
    assert recognise_format(path=path, head=head, members=members).name
    assert guess_kind(path=path) in COMPONENT_KINDS
