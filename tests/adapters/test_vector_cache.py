"""The cache of vectors: embeds only what is missing, goes on where it stopped, and is made anew where it is damaged."""

from __future__ import annotations

import sqlite3
import threading

import numpy as np
import pytest

from comity.adapters.vector_cache import BATCH, VectorCache, digest_of, embed_cached


class Counting:
    """A model of three dimensions that counts what it is asked."""

    name, languages, dimensions = "counting", frozenset({"en"}), 3

    def __init__(self, version="1"):
        self.version, self.asked = version, []

    def embed(self, texts):
        self.asked += list(texts)
        return np.array([[len(t), 1, 0] for t in texts], dtype=np.float32)


def embed(texts, model, path, progress=None):
    return embed_cached(texts=texts, embedder=model, cache=VectorCache(path), progress=progress)


def test_a_text_is_embedded_once_and_rows_stand_in_the_order_asked(tmp_path):
    model = Counting()
    found = embed(["bb", "a", "bb"], model, tmp_path / "v")
    assert found.tolist() == [[2, 1, 0], [1, 1, 0], [2, 1, 0]]
    assert sorted(model.asked) == ["a", "bb"]
    again = Counting()
    assert embed(["a", "ccc"], again, tmp_path / "v").tolist() == [[1, 1, 0], [3, 1, 0]]
    assert again.asked == ["ccc"]


def test_another_version_of_the_model_embeds_anew(tmp_path):
    embed(["a"], Counting("1"), tmp_path / "v")
    newer = Counting("2")
    embed(["a"], newer, tmp_path / "v")
    assert newer.asked == ["a"]


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path):
    texts = [f"text {i:04}" for i in range(3 * BATCH)]

    def stop(done, total):
        if done >= BATCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(texts, Counting(), tmp_path / "v", progress=stop)
    rest = Counting()
    assert len(embed(texts, rest, tmp_path / "v")) == len(texts)
    assert len(rest.asked) == 2 * BATCH


def test_progress_rises_to_the_total(tmp_path):
    seen = []
    embed([str(i) for i in range(BATCH + 5)], Counting(), tmp_path / "v", progress=lambda d, t: seen.append((d, t)))
    assert seen == [(0, BATCH + 5), (BATCH, BATCH + 5), (BATCH + 5, BATCH + 5)]


def test_nothing_asked_is_nothing_made(tmp_path):
    assert embed([], Counting(), tmp_path / "v").shape == (0, 3)


@pytest.mark.parametrize(
    "content",
    [b"this is not a database at all, but it is long enough to be looked at", b"SQLite format 3\x00" + b"\xff" * 200],
)
def test_a_damaged_cache_is_put_aside_and_made_anew(tmp_path, content):
    path = tmp_path / "v"
    path.write_bytes(content)
    assert embed(["a"], Counting(), path).tolist() == [[1, 1, 0]]
    assert (tmp_path / "v.damaged").read_bytes() == content
    quick = Counting()
    embed(["a"], quick, path)
    assert quick.asked == []


def test_a_vector_of_another_size_or_not_finite_is_made_anew(tmp_path):
    path = tmp_path / "v"
    embed(["a", "bb"], Counting(), path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE vectors SET vector = ? WHERE text = ?", (b"\0" * 8, digest_of("a")))
        bad = np.array([np.nan, 0, 0], dtype="<f4").tobytes()
        database.execute("UPDATE vectors SET vector = ? WHERE text = ?", (bad, digest_of("bb")))
    model = Counting()
    assert embed(["a", "bb"], model, path).tolist() == [[1, 1, 0], [2, 1, 0]]
    assert sorted(model.asked) == ["a", "bb"]


def test_two_at_once_lose_nothing(tmp_path):
    path, failures = tmp_path / "v", []

    def work(offset):
        try:
            embed([f"{i}" for i in range(offset, offset + 300)], Counting(), path)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(o,)) for o in (0, 150)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failures == []
    model = Counting()
    embed([f"{i}" for i in range(450)], model, path)
    assert model.asked == []
