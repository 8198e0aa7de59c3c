"""The cache of vectors: embeds only what is missing, goes on where it stopped, and is made anew where it is damaged."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import numpy as np
import pytest

from comity.adapters.vector_cache import BATCH, VectorCache, digest_of, embed_cached
from comity.errors import Conflict


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
    cache = VectorCache(path)
    assert embed_cached(texts=["a"], embedder=Counting(), cache=cache, progress=None).tolist() == [[1, 1, 0]]
    assert cache.warnings == ["The vectors kept in v were damaged and are made anew; the old file is v.damaged."]
    assert (tmp_path / "v.damaged").read_bytes() == content
    quick = Counting()
    embed(["a"], quick, path)
    assert quick.asked == []


def test_damage_deep_in_the_file_is_found_on_reading_and_the_file_made_anew(tmp_path):
    path, texts = tmp_path / "v", [str(i) for i in range(2000)]
    embed(texts, Counting(), path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    cache = VectorCache(path)
    assert embed_cached(texts=texts, embedder=Counting(), cache=cache, progress=None).shape == (2000, 3)
    assert len(cache.warnings) == 1
    again = Counting()
    embed(texts, again, path)
    assert again.asked == []


def test_a_database_of_something_else_is_put_aside(tmp_path):
    path = tmp_path / "v"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE vectors (other TEXT)")
    assert embed(["a"], Counting(), path).tolist() == [[1, 1, 0]]
    quick = Counting()
    embed(["a"], quick, path)
    assert quick.asked == []


def test_a_cache_that_cannot_be_used_is_done_without_and_said_so_once(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for path in (tmp_path, tmp_path / "file" / "v"):
        cache = VectorCache(path)
        for _ in range(2):
            found = embed_cached(texts=["a"], embedder=Counting(), cache=cache, progress=None)
            assert found.tolist() == [[1, 1, 0]]
        (warning,) = cache.warnings
        assert warning.startswith(f"The vectors kept in {path.name} cannot be used")
    assert tmp_path.is_dir()


class Wrong(Counting):
    """A model that does not keep to what it states."""

    def __init__(self, vectors):
        super().__init__()
        self.vectors = np.array(vectors, dtype=np.float32)

    def embed(self, texts):
        return self.vectors


@pytest.mark.parametrize("vectors", [[[1, 0]], [[1, 0, 0], [1, 0, 0]], [1, 0, 0], [[np.nan, 0, 0]]])
def test_a_model_that_gives_another_size_or_number_is_refused_and_nothing_kept(tmp_path, vectors):
    with pytest.raises(Conflict, match="counting gave vectors of shape"):
        embed(["a"], Wrong(vectors), tmp_path / "v")
    model = Counting()
    embed(["a"], model, tmp_path / "v")
    assert model.asked == ["a"]


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


KILLED = """
import sys, time, numpy as np
from pathlib import Path
from comity.adapters.vector_cache import VectorCache, embed_cached
class Slow:
    name, version, languages, dimensions = "counting", "1", frozenset({"en"}), 3
    def embed(self, texts):
        return np.array([[len(t), 1, 0] for t in texts], dtype=np.float32)
def progress(done, total):
    if done >= 256:
        print(done, flush=True)
        time.sleep(60)
embed_cached(texts=[f"text {i:04}" for i in range(640)], embedder=Slow(), cache=VectorCache(Path(sys.argv[1])), progress=progress)
"""


def test_a_run_whose_process_was_killed_goes_on_where_it_was(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "v")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "256\n"
        process.kill()
    rest = Counting()
    cache = VectorCache(tmp_path / "v")
    found = embed_cached(texts=[f"text {i:04}" for i in range(640)], embedder=rest, cache=cache, progress=None)
    assert len(found) == 640
    assert len(rest.asked) == 640 - 256
    assert cache.warnings == []
