"""A mirror: a copy of a log in which nothing stands that was not checked against a signed checkpoint.

The upper tiles are fetched first and checked against the root; then each bundle of entries is checked against them before it
is kept, so a mirror that is killed or cut off goes on where it stopped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.adapters.log_checks import check_note, top_of
from comity.adapters.log_source import read_bundle, read_tile
from comity.adapters.tile_store import TileStore
from comity.engines.record.merkle import HASH, leaf_hash
from comity.engines.record.tiles import WIDTH, TiledTree, entries_path, unpack_entries
from comity.errors import NotFound, SplitView, TamperedTile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.adapters.log_source import LogSource
    from comity.engines.record.checkpoints import Checkpoint
    from comity.engines.record.notes import VerifierKey

CHECKPOINTS = "checkpoints"
AT_ONCE = 8 * WIDTH


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What an update did: entries held, entries added, and payloads and openings fetched."""

    size: int
    added: int
    files: int


def update_mirror(*, source: LogSource, folder: Path, keys: Sequence[VerifierKey]) -> Mirrored:
    """Bring a mirror up to the log's latest checkpoint. Raises RecordBroken kinds, Unreachable; what was kept stays sound."""
    text = source.read("checkpoint").decode(errors="replace")
    checked = check_note(text=text, keys=keys)
    latest = checked.checkpoint
    store = TileStore(folder)
    _keep_checkpoint(folder=folder, text=text, checkpoint=latest)
    _demand_growth(store=store, keys=keys, latest=latest)
    before = store.size
    tree = TiledTree(
        read_tile=lambda level, index, width: read_tile(source, level=level, index=index, width=width), size=latest.size
    )
    _demand_root(tree=tree, latest=latest)
    while store.size < latest.size:
        entries: list[bytes] = []
        while len(entries) < AT_ONCE and store.size + len(entries) < latest.size:
            entries += _checked_entries(source=source, tree=tree, start=store.size + len(entries), size=latest.size)
        store.append(entries)
    if store.tree().root() != latest.root:
        raise SplitView(origin=latest.origin, size=latest.size, problem="what was kept before is no part of this log")
    store.publish_checkpoint(text)
    return Mirrored(size=store.size, added=store.size - before, files=_fetch_files(source=source, store=store))


def _demand_growth(*, store: TileStore, keys: Sequence[VerifierKey], latest: Checkpoint) -> None:
    published = store.published()
    if published is None:
        return
    old = check_note(text=published, keys=keys).checkpoint
    if latest.size < old.size:
        problem = f"it showed {old.size} entries before, and shows fewer now"
        raise SplitView(origin=latest.origin, size=latest.size, problem=problem)
    if latest.size == old.size and latest.root != old.root:
        raise SplitView(origin=latest.origin, size=latest.size, problem="it signed two trees of this size")


def _demand_root(*, tree: TiledTree, latest: Checkpoint) -> None:
    if tree.root() != latest.root:
        problem = "its tiles do not give the root that was signed"
        raise TamperedTile(path="tile", problem=problem)


def _checked_entries(*, source: LogSource, tree: TiledTree, start: int, size: int) -> list[bytes]:
    """Return the entries of one bundle from ``start`` on, checked against the tree."""
    index = start // WIDTH
    width = min(WIDTH, size - index * WIDTH)
    path = entries_path(index=index, width=width)
    entries = unpack_entries(read_bundle(source, index=index, width=width), path=path)[:width]
    row = b"".join(leaf_hash(entry) for entry in entries)
    if len(entries) != width:
        raise TamperedTile(path=path, problem=f"it holds {len(entries)} entries instead of {width}")
    if width == WIDTH:
        sound = top_of(row) == tree.complete(8, index)
    else:
        sound = row == b"".join(tree.complete(0, index * WIDTH + i) for i in range(width))
    if not sound:
        raise TamperedTile(path=path, problem="an entry is not the one that the tree holds")
    return entries[start - index * WIDTH :]


def _keep_checkpoint(*, folder: Path, text: str, checkpoint: Checkpoint) -> None:
    kept = folder / CHECKPOINTS
    kept.mkdir(parents=True, exist_ok=True)
    path = kept / f"{checkpoint.size}-{checkpoint.root.hex()[:16]}"
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _fetch_files(*, source: LogSource, store: TileStore) -> int:
    """Fetch payloads of public acts and openings of restricted ones that are not kept yet; return how many."""
    fetched = 0
    seen = store.folder / "payloads"
    seen.mkdir(exist_ok=True)
    for entry in store.entries(0, store.size):
        digest = _payload_of(entry)
        if digest and not (seen / f"{digest}.json").exists():
            fetched += _keep_file(source=source, store=store, path=f"payloads/{digest}.json")
    try:
        listing = source.read("openings.json")
    except NotFound:
        return fetched
    (store.folder / "openings").mkdir(exist_ok=True)
    (store.folder / "openings.json").write_bytes(listing)
    for index in json.loads(listing)["opened"]:
        if not (store.folder / f"openings/{int(index)}.json").exists():
            fetched += _keep_file(source=source, store=store, path=f"openings/{int(index)}.json")
    return fetched


def _keep_file(*, source: LogSource, store: TileStore, path: str) -> int:
    try:
        content = source.read(path)
    except NotFound:
        return 0
    target = store.folder / path
    part = target.with_name(f".{target.name}")
    part.write_bytes(content)
    part.replace(target)
    return 1


def _payload_of(entry: bytes) -> str:
    try:
        digest = json.loads(entry).get("payload_sha256", "")
    except (ValueError, AttributeError):
        return ""
    return digest if isinstance(digest, str) and len(digest) == 2 * HASH and digest.isalnum() else ""
