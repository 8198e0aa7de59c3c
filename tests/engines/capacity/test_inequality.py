"""Measures of inequality: equal to a peer and to the published formulas, in any order and any unit; what is missing is never 0."""

from __future__ import annotations

import csv
import dataclasses
import math
import random
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from comity.engines.capacity.inequality import MEASURES, REASONS, measure_spread
from comity.errors import BadParameter
from support.inequality_peer import peer

GINI, THEIL, ATKINSON = peer("gini"), peer("theil"), peer("atkinson")
NEAR = 1e-12
AMOUNTS = st.one_of(st.just(0.0), st.floats(1e-6, 1e9), st.integers(1, 9).map(float))
SOME = st.lists(AMOUNTS, min_size=1, max_size=60).filter(lambda x: sum(x) > 0)
WEIGHTS = st.integers(1, 12)
EPSILONS = st.sampled_from([0.0, 0.25, 0.5, 0.999_999, 1.0, 1.5, 2.0])
MANY = settings(max_examples=300)


def near(value):
    return pytest.approx(value, rel=0, abs=NEAR)


@st.composite
def grouped(draw):
    """Values, weights and groups of as many members."""
    x = draw(SOME)
    return (
        x,
        [draw(WEIGHTS) for _ in x],
        [draw(st.sampled_from(["Africa", "Asia", "Europe", None])) for _ in x],
    )


# The published formulas, each written as its paper has it, over all pairs or members, with exact sums.


def gini_of_pairs(x, w):
    mean = math.fsum(a * v for a, v in zip(w, x, strict=True)) / math.fsum(w)
    apart = math.fsum(a * b * abs(u - v) for a, u in zip(w, x, strict=True) for b, v in zip(w, x, strict=True))
    return apart / (2 * math.fsum(w) ** 2 * mean)


def theil_of_shares(x, w):
    weight, total = math.fsum(w), math.fsum(a * v for a, v in zip(w, x, strict=True))
    shares = [(a * v / total, a / weight) for a, v in zip(w, x, strict=True)]
    return math.fsum(s * math.log(s / p) for s, p in shares if s)


def mean_log_deviation(x, w):
    weight, total = math.fsum(w), math.fsum(a * v for a, v in zip(w, x, strict=True))
    return math.fsum(a * math.log(total / weight / v) for a, v in zip(w, x, strict=True)) / weight


def hoover_of_shares(x, w):
    weight, total = math.fsum(w), math.fsum(a * v for a, v in zip(w, x, strict=True))
    return math.fsum(abs(a * v / total - a / weight) for a, v in zip(w, x, strict=True)) / 2


def atkinson_of_welfare(x, w, epsilon):
    weight = math.fsum(w)
    mean = math.fsum(a * v for a, v in zip(w, x, strict=True)) / weight
    if epsilon == 1:
        return 1 - math.prod((v / mean) ** (a / weight) for a, v in zip(w, x, strict=True))
    return 1 - (math.fsum(a * (v / mean) ** (1 - epsilon) for a, v in zip(w, x, strict=True)) / weight) ** (
        1 / (1 - epsilon)
    )


def repeated(x, w):
    """Each member as many times as it weighs: whole weights are members who have the same."""
    return [v for v, a in zip(x, w, strict=True) for _ in range(a)]


@MANY
@given(SOME)
@example([5.0])
@example([0.0, 0.0, 3.0])
def test_gini_and_theil_are_those_of_the_peer(x):
    found = measure_spread(values=x)
    assert found.gini == near(GINI.Gini(np.array(x)).g)
    assert found.theil == near(float(THEIL.Theil(np.array(x)).T))


@MANY
@given(grouped())
def test_between_and_within_are_those_of_the_peer(members):
    x, _, groups = members
    found = measure_spread(values=x, groups=groups)
    theirs = THEIL.TheilD(np.array(x), np.array([g or "none" for g in groups]))
    # The peer adds the smallest number there is in place of 0, which moves nothing at this precision.
    assert (found.theil, found.between, found.within) == (near(theirs.T), near(theirs.bg.item()), near(theirs.wg))


@MANY
@given(st.lists(st.floats(0.01, 1e4), min_size=1, max_size=60), st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5, 2.0]))
def test_atkinson_is_that_of_the_peer(x, epsilon):
    # Beyond 1e-12 the peer's own rounding shows: powers of values that were not brought near 1.
    assert measure_spread(values=x, epsilon=epsilon).atkinson == near(ATKINSON.atkinson(np.array(x), epsilon))


@MANY
@given(grouped())
def test_weighted_measures_are_the_published_formulas(members):
    x, w, _ = members
    found = measure_spread(values=x, weights=w)
    assert found.gini == near(gini_of_pairs(x, w))
    assert found.theil == near(theil_of_shares(x, w))
    assert found.hoover == near(hoover_of_shares(x, w))
    assert found.mean == pytest.approx(math.fsum(a * v for a, v in zip(w, x, strict=True)) / sum(w), rel=1e-13)
    if min(x) > 0:
        assert found.theil_l == near(mean_log_deviation(x, w))


@given(st.lists(st.tuples(st.floats(0.1, 100), WEIGHTS), min_size=1, max_size=30), EPSILONS)
def test_weighted_atkinson_is_the_published_formula(members, epsilon):
    x, w = [v for v, _ in members], [a for _, a in members]
    # At 0.999999 the formula as written raises to the millionth power, and with it its rounding.
    allowed = 1e-9 if epsilon == 0.999_999 else NEAR
    found = measure_spread(values=x, weights=w, epsilon=epsilon).atkinson
    assert found == pytest.approx(atkinson_of_welfare(x, w, epsilon), rel=0, abs=allowed)


@given(grouped(), EPSILONS)
def test_a_whole_weight_is_so_many_members_who_have_the_same(members, epsilon):
    x, w, groups = members
    weighted = measure_spread(values=x, weights=w, groups=groups, epsilon=epsilon)
    plain = measure_spread(values=repeated(x, w), groups=repeated(groups, w), epsilon=epsilon)
    for name in MEASURES:
        ours, theirs = getattr(weighted, name), getattr(plain, name)
        assert (ours is None) == (theirs is None), name
        if ours is not None:
            assert ours == pytest.approx(theirs, rel=1e-10, abs=NEAR), name


@given(grouped(), st.randoms(use_true_random=False))
def test_the_order_of_members_changes_not_one_digit(members, chance):
    rows = list(zip(*members, strict=True))
    mixed = rows[:]
    chance.shuffle(mixed)
    one, other = (
        measure_spread(values=[r[0] for r in rs], weights=[r[1] for r in rs], groups=[r[2] for r in rs])
        for rs in (rows, mixed)
    )
    assert dataclasses.replace(one, influence=None) == dataclasses.replace(other, influence=None)


@given(SOME, st.sampled_from([1e-200, 0.001, 3.0, 1e200]), EPSILONS)
def test_the_unit_changes_no_measure(x, factor, epsilon):
    one = measure_spread(values=x, epsilon=epsilon)
    other = measure_spread(values=[v * factor for v in x], epsilon=epsilon)
    for name in ("gini", "theil", "theil_l", "atkinson", "hoover"):
        assert getattr(one, name) == (None if getattr(other, name) is None else near(getattr(other, name))), name


@given(SOME, st.integers(0, 59), st.integers(0, 59), st.floats(0, 0.5))
def test_giving_from_more_to_less_raises_no_measure(x, i, j, part):
    """The principle of Pigou and Dalton; Palma does not keep it in the middle, and Hoover only weakly."""
    assume(len(x) > 1)
    i, j = i % len(x), j % len(x)
    assume(x[i] > x[j])
    given_away = part * (x[i] - x[j])
    y = list(x)
    y[i], y[j] = x[i] - given_away, x[j] + given_away
    before, after = measure_spread(values=x), measure_spread(values=y)
    for name in ("gini", "theil", "atkinson", "hoover"):
        assert getattr(after, name) <= getattr(before, name) + NEAR, name


@given(grouped())
def test_between_and_within_add_up_and_so_do_shares(members):
    x, w, groups = members
    found = measure_spread(values=x, weights=w, groups=groups)
    assert found.between + found.within == near(found.theil)
    assert math.fsum(g.weight_share for g in found.groups) == near(1)
    assert math.fsum(g.value_share for g in found.groups) == near(1)
    assert [g.group for g in found.groups] == [
        *sorted(set(groups) - {None}),
        *([None] if None in groups else []),
    ]
    for g in found.groups:
        own = [(v, a) for v, a, of in zip(x, w, groups, strict=True) if of == g.group]
        alone = measure_spread(values=[v for v, _ in own], weights=[a for _, a in own])
        assert (g.n, g.theil is None) == (alone.n, alone.theil is None)
        assert g.theil is None or g.theil == near(alone.theil)


@pytest.mark.parametrize("n", [1, 2, 10, 40])
def test_all_the_same_is_zero_everywhere_and_a_quarter_for_palma(n):
    found = measure_spread(values=[7.5] * n, groups=["A"] * n, epsilon=2)
    assert [found.gini, found.theil, found.theil_l, found.atkinson, found.hoover] == [near(0)] * 5
    assert (found.palma, found.percentile_ratio, found.between, found.within) == (near(0.25), 1.0, near(0), near(0))


def test_one_who_has_all_of_ten_reaches_the_known_ends():
    found = measure_spread(values=[0] * 9 + [4])
    assert (found.gini, found.hoover) == (near(0.9), near(0.9))
    assert found.theil == near(math.log(10))
    assert (found.palma, found.undefined["palma"]) == (None, "bottom-zero")
    assert (found.theil_l, found.undefined["theil_l"]) == (None, "a-zero")
    assert (found.percentile_ratio, found.undefined["percentile_ratio"]) == (None, "low-zero")


def test_palma_is_the_top_tenth_over_the_bottom_four_tenths():
    # Ten members: the tenth has 19 of 100, the first four 1 + 3 + 5 + 7 = 16.
    assert measure_spread(values=range(1, 20, 2)).palma == near(19 / 16)
    # Five members of 1, 2, 3, 4, 10: half of the last one is the top tenth (5 of 20), the first two the bottom (3 of 20).
    assert measure_spread(values=[1, 2, 3, 4, 10]).palma == near(5 / 3)


def test_the_ratio_of_percentiles_is_of_values_that_members_have():
    assert measure_spread(values=range(1, 11)).percentile_ratio == 9.0
    assert measure_spread(values=[1, 8], weights=[1, 99]).percentile_ratio == 1.0


@given(SOME, st.integers(1, 5))
def test_what_is_missing_is_counted_and_changes_nothing_else(x, missing):
    whole = measure_spread(values=x)
    found = measure_spread(values=[*x, *[None] * missing])
    assert (found.n, found.missing) == (len(x), missing)
    assert dataclasses.replace(found, missing=0) == whole


def test_a_member_without_weight_is_missing_and_the_known_weight_is_told():
    found = measure_spread(values=[1, None, 3, 4], weights=[1, 2, None, 5])
    assert (found.n, found.missing, found.weight_known) == (2, 2, 6 / 8)


def test_a_member_who_weighs_nothing_has_a_figure_and_moves_nothing():
    found = measure_spread(values=[1, 2, 900], weights=[1, 1, 0], groups=["A", "A", "B"])
    plain = measure_spread(values=[1, 2])
    assert (found.n, found.most, found.gini) == (3, 900.0, plain.gini)
    assert (found.groups[1].n, found.groups[1].mean, found.groups[1].value_share) == (1, None, 0.0)


@pytest.mark.parametrize(
    "values, weights, reason",
    [
        ([], None, "nobody"),
        ([None, None], None, "nobody"),
        ([1, 2], [0, 0], "no-weight"),
        ([0, 0, None], None, "all-zero"),
        ([0, 5], [1, 0], "all-zero"),
    ],
)
def test_where_nothing_is_spread_every_measure_is_none_with_its_reason(values, weights, reason):
    found = measure_spread(values=values, weights=weights, groups=["A"] * len(values))
    assert [getattr(found, name) for name in MEASURES] == [None] * len(MEASURES)
    assert found.undefined == dict.fromkeys(MEASURES, reason)
    assert reason in REASONS
    assert found.influence is None


def test_zeros_are_taken_by_theil_t_and_end_atkinson_from_one_on():
    assert measure_spread(values=[0, 1, 1]).theil == near(math.log(1.5))
    assert measure_spread(values=[0, 1, 1], epsilon=1).atkinson == 1.0
    assert measure_spread(values=[0, 1, 1], epsilon=2.5).atkinson == 1.0
    assert measure_spread(values=[0, 1, 1], epsilon=0.5).atkinson == near(1 - (2 / 3) ** 2 * 1.5)
    assert measure_spread(values=[0, 1, 1]).zeros == 1


@pytest.mark.parametrize("x", [[5e-324, 1e-323], [1.7e308, 1.7e308, 1e308], [5e-324, 1.7e308]])
def test_the_smallest_and_the_largest_numbers_do_not_overflow(x):
    found = measure_spread(values=x, weights=x, groups=["A"] * len(x), epsilon=0.5)
    assert all(math.isfinite(getattr(found, n)) for n in ("gini", "theil", "theil_l", "atkinson", "hoover"))
    assert measure_spread(values=x, epsilon=40).atkinson <= 1


@pytest.mark.parametrize("wrong", [-1, -1e-300, math.nan, math.inf, -math.inf, "many", [1]])
@pytest.mark.parametrize("part", ["values", "weights"])
def test_what_is_no_amount_is_refused_with_its_place(wrong, part):
    held = {"values": [1, 2, 3], "weights": [1, 2, 3]}
    held[part][1] = wrong
    with pytest.raises(BadParameter) as refused:
        measure_spread(**held)
    assert refused.value.data["name"].startswith(part)
    if isinstance(wrong, (int, float)):
        assert refused.value.data["name"] == f"{part}[1]"


@pytest.mark.parametrize("epsilon", [-0.1, math.nan, math.inf])
def test_an_epsilon_that_will_not_do_is_refused(epsilon):
    with pytest.raises(BadParameter):
        measure_spread(values=[1], epsilon=epsilon)


@pytest.mark.parametrize("part", ["weights", "groups"])
def test_another_number_of_weights_or_groups_is_refused(part):
    with pytest.raises(BadParameter):
        measure_spread(values=[1, 2], **{part: [1]})


def test_arguments_are_left_as_they_were():
    x, w = np.array([3.0, 1.0, 2.0]), np.array([1.0, 5.0, 2.0])
    measure_spread(values=x, weights=w, groups=np.array(["b", "a", "b"]))
    assert (x.tolist(), w.tolist()) == ([3.0, 1.0, 2.0], [1.0, 5.0, 2.0])


@given(grouped())
def test_the_weightiest_member_is_the_one_whose_absence_changes_gini_most(members):
    x, w, _ = members
    found = measure_spread(values=x, weights=w)
    others = {}
    for i in range(len(x)):
        rest = measure_spread(values=x[:i] + x[i + 1 :], weights=w[:i] + w[i + 1 :]).gini
        # A rest that is next to nothing beside all has no Gini that rounding has not eaten.
        if rest is not None and sum(v * a for v, a in zip(x, w, strict=True)) * 1e-3 < sum(
            v * a for j, (v, a) in enumerate(zip(x, w, strict=True)) if j != i
        ):
            others[i] = rest
    assume(len(others) == len(x) and len(x) > 1)
    changes = {i: abs(g - found.gini) for i, g in others.items()}
    assert changes[found.influence.index] == pytest.approx(max(changes.values()), abs=1e-11)
    assert found.influence.gini == pytest.approx(others[found.influence.index], abs=1e-11)


@pytest.mark.parametrize("sigma", [0.3, 1.0, 1.5])
def test_a_log_normal_distribution_has_its_known_measures(sigma):
    """Aitchison & Brown, The Lognormal Distribution, 1957: known ends for 400,000 members who stand at its quantiles."""
    ranks = (np.arange(400_000) + 0.5) / 400_000
    found = measure_spread(values=np.exp(sigma * ndtri(ranks)), epsilon=0.5)
    tail = 2e-3 * sigma  # what stands beyond the last quantile
    assert found.gini == pytest.approx(math.erf(sigma / 2), abs=tail)
    assert (found.theil, found.theil_l) == (
        pytest.approx(sigma**2 / 2, abs=tail),
        pytest.approx(sigma**2 / 2, abs=tail),
    )
    assert found.atkinson == pytest.approx(-math.expm1(-(sigma**2) / 4), abs=tail)
    assert found.hoover == pytest.approx(2 * ndtr(sigma / 2) - 1, abs=tail)
    top, bottom = ndtr(sigma - ndtri(0.9)), ndtr(ndtri(0.4) - sigma)
    assert found.palma == pytest.approx(top / bottom, rel=5e-3)
    assert found.percentile_ratio == pytest.approx(math.exp(2 * sigma * ndtri(0.9)), rel=1e-4)


# Real figures.


@pytest.fixture(scope="module")
def diffusion(shared):
    """The share of people of each economy who use AI, in per cent; the file came in the letters of an old Macintosh."""
    path = shared / "data/capacity/ai_capacity/microsoft_ai_diffusion_2026Q1.csv"
    with path.open(encoding="mac_roman", newline="") as source:
        return [float(r["Q1 2026 AI Diffusion"].removesuffix("%")) for r in csv.DictReader(source)]


@pytest.fixture(scope="module")
def clusters(shared):
    """The computing power of existing clusters by country, in H100 equivalents."""
    found = defaultdict(float)
    path = shared / "data/capacity/ai_capacity/epoch_gpu_clusters.csv"
    with path.open(encoding="utf-8-sig", newline="") as source:
        for r in csv.DictReader(source):
            if r["Country"] and r["H100 equivalents"] and r["Status"] == "Existing":
                found[r["Country"]] += float(r["H100 equivalents"])
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("name", ["diffusion", "clusters"])
def test_figures_of_real_files_are_those_of_the_peer(name, request):
    x = request.getfixturevalue(name)
    groups = [random.Random(n).choice("ABCDE") for n in range(len(x))]
    found = measure_spread(values=x, groups=groups)
    theirs = THEIL.TheilD(np.array(x), np.array(groups))
    assert found.n == {"diffusion": 147, "clusters": 33}[name]
    assert found.gini == near(GINI.Gini(np.array(x)).g)
    assert (found.theil, found.between, found.within) == (near(theirs.T), near(theirs.bg.item()), near(theirs.wg))
    if min(x) > 0:
        assert found.atkinson == near(ATKINSON.atkinson(np.array(x), 0.5))
    assert found.palma > {"diffusion": 0.25, "clusters": 100}[name]
