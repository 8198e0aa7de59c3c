"""Keep vectors between runs, by the content of the text and the version of the model; made anew where it is damaged."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np

    from comity.engines.alignment.dense import Embedder

BATCH = 128
ASKED_AT_ONCE = 500
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (model TEXT, text TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID"


class VectorCache:
    """A file of vectors that several processes may use at once. A file that is no such thing is put aside, not read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, *, model: str, texts: Sequence[str], dimensions: int) -> dict[str, np.ndarray]:
        """Return the vectors of text digests that are kept, float32 (dimensions,); a vector of another size is left out."""
        import numpy as np

        found: dict[str, np.ndarray] = {}
        with closing(self._open()) as database:
            for start in range(0, len(texts), ASKED_AT_ONCE):
                asked = texts[start : start + ASKED_AT_ONCE]
                marks = ",".join("?" * len(asked))
                query = f"SELECT text, vector FROM vectors WHERE model = ? AND text IN ({marks})"  # noqa: S608  (marks alone)
                for text, blob in database.execute(query, (model, *asked)):
                    if len(blob) == 4 * dimensions:
                        vector = np.frombuffer(blob, dtype="<f4")
                        if np.isfinite(vector).all():
                            found[text] = vector
        return found

    def write(self, *, model: str, vectors: dict[str, np.ndarray]) -> None:
        """Keep vectors by the digest of their text, all or none."""
        rows = [(model, text, vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        with closing(self._open()) as database, database:
            database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "not a database" not in str(error):
                raise
            self.path.replace(self.path.with_suffix(".damaged"))
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=20, isolation_level="IMMEDIATE")
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute(_TABLE)
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database


def digest_of(text: str, /) -> str:
    """Return the digest by which a text is known."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def embed_cached(
    *,
    texts: Sequence[str],
    embedder: Embedder,
    cache: VectorCache,
    progress: Callable[[int, int], None] | None,
) -> np.ndarray:
    """Return one vector a text, float32 (texts, dimensions), embedding only what the cache does not hold.

    Each batch is kept as soon as it is made, so a run that was stopped goes on where it was. ``progress`` is told (done,
    total) after each batch, and may raise to stop.
    """
    import numpy as np

    model = f"{embedder.name}/{embedder.version}"
    digests = [digest_of(t) for t in texts]
    held = (
        cache.read(model=model, texts=sorted(set(digests)), dimensions=embedder.dimensions)
        if embedder.dimensions
        else {}
    )
    missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in held}
    # Texts of like length together: a batch is as slow as its longest text.
    waiting = sorted(missing, key=lambda d: (len(missing[d]), d))
    if progress is not None:
        progress(len(texts) - len(waiting), len(texts))
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        made = dict(zip(batch, embedder.embed([missing[d] for d in batch]), strict=True))
        cache.write(model=model, vectors=made)
        held |= made
        if progress is not None:
            progress(len(texts) - len(waiting) + start + len(batch), len(texts))
    if not texts:
        return np.zeros((0, embedder.dimensions), dtype=np.float32)
    return np.stack([held[d] for d in digests]).astype(np.float32)
