"""Nearest texts over the cores of a machine and over a cluster: one result; files that will not do are refused."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from click.testing import CliRunner

from comity.adapters import all_pairs
from comity.adapters.all_pairs import find_nearest, read_vectors, search_over
from comity.cli.files.nearest import nearest
from comity.errors import BadParameter, Unreachable


@pytest.fixture
def table():
    made = np.random.default_rng(3).standard_normal((2500, 24)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_a_cluster_of_two_processes_finds_what_one_process_finds(table):
    from distributed import LocalCluster

    alone = find_nearest(vectors=table, most=10)
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        together = find_nearest(vectors=table, most=10, dask=cluster.scheduler_address)
    assert (alone.places == together.places).all()
    # Single precision: the library of sums rounds the last bits of a block by its shape, which other processes cut otherwise.
    assert np.abs(alone.scores - together.scores).max() <= 1e-6


def test_one_thread_finds_what_many_find(table):
    one, three = (find_nearest(vectors=table, most=5, workers=n) for n in (1, 3))
    assert (one.places == three.places).all()
    assert find_nearest(vectors=table[:0], most=5).places.shape == (0, 5)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "tcp://", "tcp://a b:1", "inproc://1", "tcp://127.0.0.1:x"])
def test_an_address_that_is_none_is_refused(table, address):
    with pytest.raises(BadParameter, match="tcp://HOST:PORT"):
        find_nearest(vectors=table, most=5, dask=address)


def test_a_scheduler_that_does_not_answer_is_named(table, monkeypatch):
    monkeypatch.setattr("comity.adapters.all_pairs.CONNECT_WITHIN", 1)
    with pytest.raises(Unreachable, match="no Dask scheduler answers"):
        find_nearest(vectors=table, most=5, dask="tcp://127.0.0.1:1")


@pytest.mark.parametrize("most", [0, -1, 1001])
def test_a_number_of_neighbours_out_of_bounds_is_refused(table, most):
    with pytest.raises(BadParameter):
        find_nearest(vectors=table, most=most)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\x93NUMPY garbage"),
        lambda path: np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True),
        lambda path: np.save(path, np.zeros(4, dtype=np.float32)),
        lambda path: np.save(path, np.zeros((2, 2), dtype=np.float64)),
        lambda path: np.save(path, np.full((2, 2), np.nan, dtype=np.float32)),
        lambda path: path.with_suffix(".txt").write_text("x"),
    ],
)
def test_a_file_that_is_no_table_of_finite_numbers_is_refused_and_nothing_is_written(tmp_path, make):
    path = tmp_path / "v.npy"
    make(path)
    with pytest.raises(BadParameter, match="finite float32"):
        read_vectors(path=path)
    done = CliRunner().invoke(nearest, [str(path), "--out", str(tmp_path / "out.csv")])
    assert done.exit_code == 2
    assert not (tmp_path / "out.csv").exists()


def test_the_command_writes_the_nearest_rows(tmp_path):
    np.save(tmp_path / "v.npy", np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32))
    done = CliRunner().invoke(
        nearest, [str(tmp_path / "v.npy"), "--out", str(tmp_path / "out.csv"), "--most", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.csv").read_text().split() == [
        "row,neighbour,score",
        "0,1,0.800000",
        "1,0,0.800000",
        "2,1,0.600000",
    ]


def test_without_the_package_the_refusal_comes_before_any_work_and_says_what_to_install(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(all_pairs, "find_spec", lambda name: None if name == "distributed" else real(name))
    with pytest.raises(BadParameter, match=r"comity\[cluster\]"):
        search_over(dask="tcp://127.0.0.1:8786")


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://h:99999", "tcp://h:0"])
def test_an_alignment_refuses_an_address_that_is_none_before_any_work(address):
    with pytest.raises(BadParameter, match="tcp://HOST:PORT"):
        search_over(dask=address)
