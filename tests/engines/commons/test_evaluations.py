"""Results are put together only where that is sound: same samples are no more samples, and each that is left out has its reason."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons.evaluations import REASONS, Result, bound_mean, bound_result, bound_share, pool_results
from comity.errors import BadParameter


def share(name: str, x: int, n: int, **more) -> Result:
    told = {
        "source": f"m-{name}",
        "task": "sums",
        "measure": "accuracy",
        "samples": f"s-{name}",
        "dataset": f"d-{name}",
    }
    return Result(**{"id": name, "value": x / n, "n": n, "successes": float(x), "run": f"r-{name}", **told, **more})


def mean(name: str, value: float, error: float | None, **more) -> Result:
    return dataclasses.replace(share(name, 1, 2, **more), value=value, successes=None, error=error, n=50)


# statsmodels.stats.proportion.proportion_confint(method="wilson")
@pytest.mark.parametrize(
    "x,n,low,high",
    [
        (0, 10, 0.0, 0.27753279986288926),
        (8, 10, 0.49016247153664183, 0.9433178485456247),
        (17, 24, 0.5083230633550336, 0.8508535180303914),
        (115, 250, 0.3992907495260961, 0.5219199144335394),
    ],
)
def test_intervals_of_shares_are_as_statsmodels_says(x, n, low, high):
    assert bound_share(successes=x, n=n) == pytest.approx((low, high), abs=1e-12)


def test_the_interval_of_a_mean_widens_with_few_samples():
    assert bound_mean(value=0.5, error=0.1, n=None) == pytest.approx((0.5 - 0.1959964, 0.5 + 0.1959964))
    assert bound_mean(value=0.5, error=0.1, n=5)[1] == pytest.approx(0.5 + 0.2776445)


def test_the_same_samples_twice_are_no_more_samples():
    one, two = share("a", 60, 100, samples="same", dataset="d"), share("b", 80, 100, samples="same", dataset="d")
    (pool,) = pool_results([one, two])
    assert pool.together is not None
    assert (pool.together.n, pool.together.value) == (100, 0.7)
    assert (pool.together.low, pool.together.high) == bound_share(successes=70, n=100)
    (held,) = pool.sets
    assert (held.sources, held.least, held.most) == (("m-a", "m-b"), 0.6, 0.8)
    assert pool.across is None


def test_different_samples_are_counted_together_and_compared():
    (pool,) = pool_results([share("a", 60, 100), share("b", 160, 200), share("c", 30, 50)])
    assert pool.together is not None
    assert pool.across is not None
    assert (pool.together.successes, pool.together.n) == (250, 350)
    assert pool.across.low < pool.across.mean < pool.across.high
    assert pool.across.expected_low is not None
    assert pool.across.expected_low < pool.across.low
    assert 0 < pool.across.expected_low < 1


def test_all_right_and_all_wrong_have_bounds_within_0_and_1():
    (pool,) = pool_results([share("a", 10, 10), share("b", 0, 10)])
    assert pool.across is not None
    assert 0 <= pool.across.low < pool.across.high <= 1
    assert bound_result(share("a", 10, 10))[1] == 1.0


@pytest.mark.parametrize("field", ["task", "task_version", "language", "measure", "scorer", "model"])
def test_what_differs_in_what_it_measures_never_meets(field):
    pools = pool_results([share("a", 1, 2), share("b", 1, 2, **{field: "another"})])
    assert [len(p.sets) for p in pools] == [1, 1]
    assert all(p.across is None for p in pools)


def test_a_share_and_a_mean_of_one_name_never_meet():
    assert len(pool_results([share("a", 1, 2), mean("b", 0.5, 0.1)])) == 2


LEFT = {
    "copy": [share("a", 60, 100, run="r"), share("b", 60, 100, run="r")],
    "incomplete": [share("a", 60, 100), share("b", 60, 100, complete=False)],
    "no-interval": [mean("a", 0.5, 0.1), mean("b", 0.5, None)],
    "no-spread": [mean("a", 0.5, 0.1), mean("b", 0.5, 1e-17)],
    "samples-unknown": [share("a", 60, 100), share("b", 60, 100, samples="")],
    "may-overlap": [share("a", 60, 100, dataset="d"), share("b", 30, 50, dataset="d")],
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_may_not_be_put_together_is_named_with_its_reason(reason):
    (pool,) = pool_results(LEFT[reason])
    assert pool.left_out == (("b", reason),)
    assert [s.results for s in pool.sets] == [("a",)]


def test_of_one_data_set_the_largest_set_stays_whatever_its_value():
    high, low = share("a", 30, 30, dataset="d"), share("b", 10, 100, dataset="d")
    (pool,) = pool_results([high, low])
    assert [s.results for s in pool.sets] == [("b",)]


def test_a_single_result_of_unknown_samples_stands_alone():
    (pool,) = pool_results([share("a", 60, 100, samples="", dataset="")])
    assert (pool.left_out, len(pool.sets)) == ((), 1)


def test_one_id_twice_is_refused():
    with pytest.raises(BadParameter):
        pool_results([share("a", 1, 2), share("a", 1, 2)])
    with pytest.raises(BadParameter):
        bound_share(successes=3, n=2)


results = st.lists(
    st.builds(
        lambda n, x, samples, dataset, error, language: (min(x, n), n, samples, dataset, error, language),
        st.integers(1, 300),
        st.integers(0, 300),
        st.sampled_from(["", "s1", "s2", "s3"]),
        st.sampled_from(["d1", "d2"]),
        st.sampled_from([None, 0.0, 0.1]),
        st.sampled_from(["ar", "en"]),
    ),
    max_size=8,
)


@given(results, st.randoms())
def test_each_result_stands_in_one_place_and_order_never_matters(held, chance):
    rows = [
        share(str(i), x, n, samples=s, dataset=d, language=lang)
        if error is None
        else mean(str(i), x / n, error, samples=s, dataset=d, language=lang)
        for i, (x, n, s, d, error, lang) in enumerate(held)
    ]
    pools = pool_results(rows)
    placed = [i for p in pools for s in p.sets for i in s.results] + [i for p in pools for i, _ in p.left_out]
    assert sorted(placed) == sorted(r.id for r in rows)
    chance.shuffle(rows)
    assert pool_results(rows) == pools
    for pool in pools:
        assert len({s.dataset for s in pool.sets}) == len(pool.sets)
        if pool.together is not None:
            assert pool.together.low <= pool.together.value <= pool.together.high
