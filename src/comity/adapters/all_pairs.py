"""Run the search for nearest texts over the cores of this machine, or over the workers of a Dask cluster.

Every worker computes with one BLAS thread: threads of BLAS and workers would otherwise fight for the same cores. A cluster's
workers run what they are sent, so its address must be one that the operator runs (Dask's own TLS guards the way).
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from comity.engines.alignment.nearest import Neighbours, join_tiles, nearest_texts, tiles_of
from comity.errors import BadParameter, Unreachable

if TYPE_CHECKING:
    from pathlib import Path

    from comity.engines.alignment.shortlist import Find

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}")
MOST_NEIGHBOURS = 1000
CONNECT_WITHIN = 10
LAST_PORT = 65535


def search_over(*, dask: str = "") -> Find:
    """Return what finds the nearest of each vector on this machine's cores, or on the workers of a Dask cluster.

    Raises BadParameter at once for an address that is none, or without the package ``distributed``.
    """
    if dask:
        check_address(address=dask)
    return lambda vectors, most: find_nearest(vectors=vectors, most=most, dask=dask)


def check_address(*, address: str) -> None:
    """Raise BadParameter where the address is none of a Dask scheduler, or the package that speaks to one is missing."""
    if not ADDRESS.fullmatch(address) or not 0 < int(address.rpartition(":")[2]) <= LAST_PORT:
        raise BadParameter(name="dask", found=address[:80], allowed="tcp://HOST:PORT or tls://HOST:PORT")
    if find_spec("distributed") is None:
        raise BadParameter(
            name="dask", found="no package distributed", allowed="a cluster after: pip install comity[cluster]"
        )


def find_nearest(*, vectors: np.ndarray, most: int, workers: int | None = None, dask: str = "") -> Neighbours:
    """Return the ``most`` nearest other rows of each row of ``vectors`` (n, d), exact.

    ``workers`` are threads of this process, default one a core; ``dask`` the address of a scheduler, whose workers then
    compute. The result is the same either way. Raises BadParameter (without the package ``distributed`` too), or Unreachable.
    """
    if not 1 <= most <= MOST_NEIGHBOURS:
        raise BadParameter(name="most", found=str(most), allowed=f"1 to {MOST_NEIGHBOURS}")
    held = np.ascontiguousarray(vectors, dtype=np.float32)
    if dask:
        return _on_cluster(vectors=held, most=most, address=dask)
    if not len(held):
        return _nothing(most)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers or os.cpu_count() or 1) as threads:
        tiles = threads.map(
            lambda rows: nearest_texts(queries=held[rows], texts=held, most=most, first=rows.start),
            tiles_of(queries=len(held)),
        )
        return join_tiles(tiles=list(tiles))


def _on_cluster(*, vectors: np.ndarray, most: int, address: str) -> Neighbours:
    check_address(address=address)
    from distributed import Client

    try:
        client: Any = Client(address, timeout=CONNECT_WITHIN, set_as_default=False)  # type: ignore[no-untyped-call]  # its package has no types
    except (OSError, TimeoutError):
        raise Unreachable(address=address, problem="no Dask scheduler answers there") from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise Unreachable(address=address, problem="the Dask scheduler has no workers")
        if not len(vectors):
            return _nothing(most)
        # Once to every worker, instead of once with every tile.
        texts = client.scatter(vectors, broadcast=True, hash=False)
        tiles = [
            client.submit(_tile, texts, rows.start, rows.stop, most, pure=False)
            for rows in tiles_of(queries=len(vectors))
        ]
        return join_tiles(tiles=client.gather(tiles))


def _tile(texts: np.ndarray, start: int, stop: int, most: int) -> Neighbours:
    with threadpool_limits(limits=1, user_api="blas"):
        return nearest_texts(queries=texts[start:stop], texts=texts, most=most, first=start)


def _nothing(most: int) -> Neighbours:
    return Neighbours(places=np.empty((0, most), dtype=np.int64), scores=np.empty((0, most), dtype=np.float32))


def read_vectors(*, path: Path) -> np.ndarray:
    """Return the vectors of a .npy file, float32 of shape (n, d), read from the disk as they are needed.

    Raises BadParameter for anything that is not a plain table of finite numbers: such a file can hold code, which is never run.
    """
    allowed = "a .npy file with one row of finite float32 numbers a text"
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        raise BadParameter(name="vectors", found=path.name, allowed=allowed) from None
    if not isinstance(found, np.ndarray) or found.ndim != 2 or found.dtype != np.float32:  # noqa: PLR2004  (a table)
        shape = getattr(found, "shape", "?")
        raise BadParameter(name="vectors", found=f"{getattr(found, 'dtype', '?')} of shape {shape}", allowed=allowed)
    for rows in tiles_of(queries=len(found)):
        if not np.isfinite(found[rows]).all():
            raise BadParameter(name="vectors", found="a number that is not finite", allowed=allowed)
    return found


def write_neighbours(*, path: Path, found: Neighbours) -> None:
    """Write ``row,neighbour,score``, best first, whole or not at all. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write("row,neighbour,score\n")
            for row, (places, scores) in enumerate(zip(found.places, found.scores, strict=True)):
                file.writelines(
                    f"{row},{place},{score:.6f}\n" for place, score in zip(places, scores, strict=True) if place >= 0
                )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
