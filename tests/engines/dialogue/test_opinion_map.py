"""The opinion map: axes as a full decomposition gives them, and places of those who answered little."""

from __future__ import annotations

import numpy as np
import pytest

from comity.engines.dialogue import axes as engine
from comity.engines.dialogue.axes import fit_axes
from comity.engines.dialogue.opinion_map import (
    measure_heard,
    place_carefully,
    place_evenly,
    project,
    select_statements,
)
from comity.engines.dialogue.votes import gather_votes


def cast(*, people, statements, seed, missing=0.5):
    """Return votes of two camps, and the dense matrix of them, NaN where not answered."""
    chance = np.random.default_rng(seed)
    held = chance.choice([-1, 1], (3, statements))
    dense = held[chance.integers(0, 3, people)] * np.where(chance.random((people, statements)) < 0.2, -1.0, 1.0)
    dense[chance.random(dense.shape) < missing] = np.nan
    who, what = np.nonzero(~np.isnan(dense))
    ids = np.asarray([f"{number:05d}" for number in range(max(people, statements))])
    return gather_votes(participants=ids[who], statements=ids[what], values=dense[who, what]), dense


def decompose(dense):
    mean = np.nanmean(dense, axis=0)
    _, _, right = np.linalg.svd(np.where(np.isnan(dense), 0, dense - mean), full_matrices=False)
    return right.T


@pytest.mark.parametrize("statements", [40, 200], ids=["solved at once", "by iteration"])
def test_axes_are_those_of_the_full_decomposition(statements):
    votes, dense = cast(people=300, statements=statements, seed=1)
    assert (statements > engine.FEW_STATEMENTS) == (statements == 200)
    found = fit_axes(votes=votes, most=8).vectors
    wanted = decompose(dense)[:, :2]
    assert np.allclose(np.abs(np.sum(found[:, :2] * wanted, axis=0)), 1, rtol=0, atol=1e-12)
    assert np.allclose(found.T @ found, np.eye(found.shape[1]), rtol=0, atol=1e-9)
    assert ((found[:, :2] ** 3).sum(axis=0) >= 0).all()


def test_a_start_from_axes_found_before_leads_to_the_same_axes():
    votes, _ = cast(people=300, statements=200, seed=2)
    earlier, _ = cast(people=300, statements=200, seed=2, missing=0.5001)
    near = fit_axes(votes=earlier, most=8).vectors[:, :2].T
    cold, warm = (fit_axes(votes=votes, most=8, near=start).vectors[:, :2] for start in (None, near))
    assert np.allclose(cold, warm, rtol=0, atol=1e-9)


@pytest.mark.parametrize("carried, share", [(2, 3 / 4), (8, 1 / 2)], ids=["those of the map", "all followed"])
def test_a_start_from_axes_found_before_reads_fewer_columns_than_one_from_anywhere(monkeypatch, carried, share):
    votes, _ = cast(people=1500, statements=200, seed=2)
    earlier, _ = cast(people=1500, statements=200, seed=2, missing=0.5001)
    near = fit_axes(votes=earlier, most=8).vectors[:, :carried].T
    apply, columns = engine._apply, []

    def count(votes, mean, vectors):
        columns.append(vectors.shape[1])
        return apply(votes, mean, vectors)

    monkeypatch.setattr(engine, "_apply", count)
    read = []
    for start in (None, near):
        columns.clear()
        fit_axes(votes=votes, most=8, near=start)
        read.append(sum(columns))
    assert read[1] < read[0] * share


def test_an_axis_that_a_start_does_not_know_is_found_all_the_same():
    votes, dense = cast(people=400, statements=160, seed=5)
    chance = np.random.default_rng(5)
    near, _ = np.linalg.qr(chance.normal(size=(160, 8)))
    found = fit_axes(votes=votes, most=8, near=near.T).vectors[:, :2]
    assert np.allclose(np.abs(np.sum(found * decompose(dense)[:, :2], axis=0)), 1, rtol=0, atol=1e-12)


def test_places_of_those_who_answered_everything_are_their_projections():
    votes, dense = cast(people=200, statements=30, seed=3, missing=0.0)
    axes = fit_axes(votes=votes, most=4)
    projection = project(votes=votes, axes=axes)
    plain = (dense - dense.mean(axis=0)) @ axes.vectors
    assert np.allclose(projection.sums, plain)
    assert np.allclose(place_evenly(projection=projection, statements=30), plain)
    assert np.allclose(place_carefully(votes=votes, axes=axes), plain[:, :2])
    assert np.allclose(measure_heard(votes=votes, axes=axes.first(3)), np.eye(3))


def test_whoever_answered_little_stands_nearer_the_middle_and_who_answered_nothing_nowhere():
    votes, _ = cast(people=200, statements=30, seed=4)
    axes = fit_axes(votes=votes, most=4)
    asked = {name: place for place, name in enumerate(votes.statements)}
    chosen = sorted(asked, key=lambda name: -abs(axes.vectors[asked[name], 0]))
    sign = {name: int(np.sign(axes.vectors[asked[name], 0])) for name in chosen}
    rows = [("few", name, sign[name]) for name in chosen[:3]] + [("many", name, sign[name]) for name in chosen]
    rows += [("none", "elsewhere", 1)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    extra = gather_votes(participants=columns[0], statements=columns[1], values=columns[2])
    extra = select_statements(votes=extra, shown=votes.statements)
    few, many, none = place_carefully(votes=extra, axes=axes)[:, 0]
    assert 0 < few < many
    assert np.isnan(none)


def test_statements_not_shown_are_left_out_and_their_voters_stay():
    votes = gather_votes(participants=["a", "a", "b"], statements=["x", "y", "y"], values=[1, -1, 1])
    kept = select_statements(votes=votes, shown={"x", "never answered"})
    assert (kept.participants, kept.statements, kept.starts.tolist(), kept.values.tolist()) == (
        ("a", "b"),
        ("x",),
        [0, 1, 1],
        [1],
    )
    assert select_statements(votes=votes, shown=None) is votes
