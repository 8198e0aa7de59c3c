"""Nearest texts over cores and over a Dask cluster of two processes on this machine."""

from __future__ import annotations

import importlib.util
import socket

import numpy as np
import pytest

from comity.adapters import all_pairs
from comity.adapters.all_pairs import find_nearest, search_over
from comity.errors import BadParameter, Unreachable

VECTORS = np.random.default_rng(1).standard_normal((4500, 16)).astype(np.float32)


def test_one_thread_and_two_find_the_same():
    one, two = (find_nearest(vectors=VECTORS, most=5, workers=n) for n in (1, 2))
    assert np.array_equal(one.places, two.places)
    assert np.array_equal(one.scores, two.scores)


def test_no_vectors_have_no_neighbours():
    assert find_nearest(vectors=VECTORS[:0], most=3).places.shape == (0, 3)


@pytest.mark.parametrize("most", [0, 1001])
def test_a_number_of_neighbours_out_of_bounds_is_refused(most):
    with pytest.raises(BadParameter, match="1 to 1000"):
        find_nearest(vectors=VECTORS, most=most)


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://host", "tcp://a b:1", "tcp://h:99999", "tcp://h:0"],
)
def test_an_address_that_is_no_schedulers_is_refused_at_once(address):
    with pytest.raises(BadParameter, match="tcp://HOST:PORT"):
        all_pairs.check_address(address=address)


def test_without_the_package_the_refusal_says_what_to_install(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(all_pairs, "find_spec", lambda name: None if name == "distributed" else real(name))
    with pytest.raises(BadParameter, match=r"comity\[cluster\]"):
        search_over(dask="tcp://127.0.0.1:8786")


def test_a_cluster_of_two_processes_finds_the_same_and_its_absence_is_told(monkeypatch):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        found = search_over(dask=cluster.scheduler_address)(VECTORS, 5)
    here = find_nearest(vectors=VECTORS, most=5)
    assert np.array_equal(found.places, here.places)
    assert np.array_equal(found.scores, here.scores)
    monkeypatch.setattr(all_pairs, "CONNECT_WITHIN", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="no Dask scheduler"):
        find_nearest(vectors=VECTORS, most=5, dask=address)
