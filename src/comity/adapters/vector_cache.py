"""Keep vectors between runs, by the content of the text and the version of the model; made anew where it is damaged."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from comity.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from comity.engines.alignment.dense import Embedder

BATCH = 128
ASKED_AT_ONCE = 500
BUSY_SECONDS = 20.0
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (model TEXT, text TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID"


class VectorCache:
    """A file of vectors that several processes may use at once.

    A cache saves time and holds nothing that cannot be made anew, so it never stops the work: a damaged file is put aside
    under the ending ``.damaged``, and one that cannot be used at all is done without. ``warnings`` tells what happened, in
    whole sentences, each once.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []

    def read(self, *, model: str, texts: Sequence[str], dimensions: int) -> dict[str, np.ndarray]:
        """Return the vectors of text digests that are kept, float32 (dimensions,); a vector of another size is left out."""
        import numpy as np

        found: dict[str, np.ndarray] = {}

        def look_up(database: sqlite3.Connection) -> None:
            for start in range(0, len(texts), ASKED_AT_ONCE):
                asked = texts[start : start + ASKED_AT_ONCE]
                marks = ",".join("?" * len(asked))
                query = f"SELECT text, vector FROM vectors WHERE model = ? AND text IN ({marks})"  # noqa: S608  (marks alone)
                for text, blob in database.execute(query, (model, *asked)):
                    if isinstance(blob, bytes) and len(blob) == 4 * dimensions:
                        vector = np.frombuffer(blob, dtype="<f4")
                        if np.isfinite(vector).all():
                            found[text] = vector

        self._use(look_up)
        return found

    def write(self, *, model: str, vectors: Mapping[str, np.ndarray]) -> None:
        """Keep vectors by the digest of their text, all or none."""
        rows = [(model, text, vector.astype("<f4").tobytes()) for text, vector in vectors.items()]

        def keep(database: sqlite3.Connection) -> None:
            with database:
                database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

        self._use(keep)

    def _use(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the file; where it is damaged, put it aside and do it with a new one."""
        try:
            try:
                self._do(work)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._put_aside()
                self._do(work)
        except (sqlite3.Error, OSError) as error:
            self._warn(
                f"The vectors kept in {self.path.name} cannot be used ({error}); they are made anew for this run."
            )

    def _do(self, work: Callable[[sqlite3.Connection], None]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level="IMMEDIATE")) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute(_TABLE)
            work(database)

    def _put_aside(self) -> None:
        aside = self.path.with_suffix(".damaged")
        self.path.replace(aside)
        self._warn(
            f"The vectors kept in {self.path.name} were damaged and are made anew; the old file is {aside.name}."
        )

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    # A plain error of SQL says that the file is a database of something else.
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


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
    total) after each batch, and may raise to stop. What went wrong with the cache is in ``cache.warnings``. Raises Conflict
    where the model gives vectors of another number or size than it states.
    """
    import numpy as np

    model = f"{embedder.name}/{embedder.version}"
    digests = [digest_of(t) for t in texts]
    held = cache.read(model=model, texts=sorted(set(digests)), dimensions=embedder.dimensions) if texts else {}
    missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in held}
    # Texts of like length together: a batch is as slow as its longest text.
    waiting = sorted(missing, key=lambda d: (len(missing[d]), d))
    if progress is not None:
        progress(len(texts) - len(waiting), len(texts))
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        vectors = embedder.embed([missing[d] for d in batch])
        if vectors.shape != (len(batch), embedder.dimensions) or not np.isfinite(vectors).all():
            raise Conflict(
                problem=f"The model {embedder.name} gave vectors of shape {vectors.shape} where {len(batch)} of "
                f"{embedder.dimensions} finite numbers were asked for. Nothing of this batch was kept."
            )
        made = dict(zip(batch, vectors, strict=True))
        cache.write(model=model, vectors=made)
        held |= made
        if progress is not None:
            progress(len(texts) - len(waiting) + start + len(batch), len(texts))
    if not texts:
        return np.zeros((0, embedder.dimensions), dtype=np.float32)
    return np.stack([held[d] for d in digests]).astype(np.float32)
