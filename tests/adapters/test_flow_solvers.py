"""Solvers of maximum flows: OR-Tools and scipy give the same totals and the same shares, whatever the size of amounts."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import pytest

from comity.adapters.flow_solvers import SOLVERS, find_solver
from comity.engines.capacity.allocating import allocate
from comity.engines.capacity.checking import check_allocation
from comity.engines.capacity.flows import Dinic, whole_numbers
from comity.engines.capacity.terms import Need, Offer, set_terms
from comity.engines.capacity.whole_units import round_to_whole
from comity.errors import BadParameter
from engines.capacity.drawn_rounds import claims_of, in_whole_units, make_terms, with_lots


def drawn_network(seed):
    dice = np.random.default_rng(seed)
    count, size = int(dice.integers(3, 25)), int(dice.choice([3, 10**6, 10**10, 10**17]))
    ends = {(int(a), int(b)) for a, b in dice.integers(0, count, (int(dice.integers(1, 80)), 2)) if a < b}
    tails, heads = (np.array([e[i] for e in sorted(ends)], dtype=np.int64) for i in range(2))
    most = whole_numbers([int(m) for m in dice.integers(0, size, len(ends))])
    return {"nodes": count, "tails": tails, "heads": heads, "most": most, "source": 0, "sink": count - 1}


def check_flow(network, flow):
    """Return the total, once the flow keeps to the bounds and nothing gets lost."""
    balance = [0] * network["nodes"]
    for tail, head, most, units in zip(network["tails"], network["heads"], network["most"], flow, strict=True):
        assert 0 <= units <= most
        balance[tail] -= int(units)
        balance[head] += int(units)
    assert not any(balance[1:-1])
    return balance[-1]


@pytest.mark.parametrize("seed", range(150))
def test_both_find_flows_of_the_same_total(seed):
    network = drawn_network(seed)
    assert check_flow(network, find_solver(name="ortools").solve(**network)) == check_flow(
        network, Dinic().solve(**network)
    )


@pytest.mark.parametrize("size", [2**31, 2**61, 2**62, 10**30])
def test_amounts_beyond_64_bits_go_to_the_other_solver(size):
    network = {"nodes": 3, "tails": np.array([0, 1]), "heads": np.array([1, 2]), "source": 0, "sink": 2}
    for most in (whole_numbers([size, size + 1]), np.array([size, size + 1], dtype=object)):
        flow = find_solver(name="ortools").solve(**network, most=most)
        assert [int(f) for f in flow] == [size, size]


def test_no_arc_and_a_sink_that_nothing_reaches_carry_nothing():
    solver = find_solver(name="ortools")
    none = np.array([], dtype=np.int64)
    assert len(solver.solve(nodes=2, tails=none, heads=none, most=none, source=0, sink=1)) == 0
    one = np.array([1])
    assert solver.solve(nodes=9, tails=np.array([3]), heads=np.array([4]), most=one, source=0, sink=8).tolist() == [0]


@pytest.mark.parametrize("seed", range(40))
def test_both_give_the_same_shares_and_reasons(seed):
    terms = make_terms(seed=seed) if seed % 2 else in_whole_units(make_terms(seed=seed))
    ours, theirs = (allocate(terms=terms, solver=find_solver(name=name)) for name in SOLVERS)
    assert theirs.shares == ours.shares
    assert [r.level for r in theirs.reasons] == [r.level for r in ours.reasons]
    assert theirs.reasons == ours.reasons
    check_allocation(terms=terms, units=theirs.units, claims=claims_of(theirs))
    assert theirs.solver.startswith("ortools/")
    if not seed % 2:
        whole = [
            round_to_whole(allocation=a, solver=find_solver(name=n))
            for a, n in zip((ours, theirs), SOLVERS, strict=True)
        ]
        assert whole[0].shares == whole[1].shares


@pytest.mark.parametrize("seed", range(10))
def test_lots_are_placed_with_either(seed):
    terms = with_lots(make_terms(seed=seed), seed=seed)
    found = allocate(terms=terms, solver=find_solver(name="ortools"))
    check_allocation(terms=terms, units=found.units, claims=claims_of(found), lots=found.lots)


def test_very_large_rounds_are_exact_with_either():
    size = Fraction(10**18) + Fraction(1, 10**9)
    terms = set_terms(
        needs=[Need("a", "FJI", "gpu-hours", 3 * size), Need("b", "TON", "gpu-hours", size)],
        offers=[Offer("o", "gpu-hours", size)],
    )
    assert {s.share for s in allocate(terms=terms, solver=find_solver(name="ortools")).shares} == {Fraction(1, 4)}


def test_a_solver_of_another_name_is_refused():
    with pytest.raises(BadParameter) as refused:
        find_solver(name="gurobi")
    assert refused.value.data["allowed"] == "scipy or ortools"


def test_where_it_is_not_installed_it_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(BadParameter) as refused:
        find_solver(name="ortools")
    assert "pip install comity[solvers]" in refused.value.data["allowed"]
    assert find_solver().name.startswith("scipy/")
