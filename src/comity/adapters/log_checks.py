"""Check a whole log: signature, every entry, every tile, the root; and name what does not fit.

A tile or bundle that differs from the other is judged by what stands above it: the parent's hash tells which of the two was
altered. Source: C2SP tlog-tiles, RFC 9162.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.adapters.log_source import read_bundle, read_tile
from comity.adapters.signing_keys import Ed25519Verifier
from comity.engines.record.checkpoints import Checkpoint, read_checkpoint
from comity.engines.record.merkle import HASH, MerkleTree, leaf_hash, parents_of
from comity.engines.record.notes import parse_note, verify_note
from comity.engines.record.tiles import WIDTH, entries_path, tile_path, unpack_entries
from comity.errors import ForgedCheckpoint, ReorderedEntry, SplitView, TamperedTile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.adapters.log_source import LogSource
    from comity.engines.record.notes import SignedNote, VerifierKey


@dataclass(frozen=True, slots=True)
class CheckedNote:
    """A checkpoint whose signature fits a key."""

    note: SignedNote
    checkpoint: Checkpoint


def check_note(*, text: str, keys: Sequence[VerifierKey]) -> CheckedNote:
    """Check a signed checkpoint under one of some keys, each of which signs for the origin of its own name.

    Raises MalformedNote or ForgedCheckpoint.
    """
    note = parse_note(text)
    checkpoint = read_checkpoint(note.text)
    mine = [key for key in keys if key.name == checkpoint.origin]
    if not mine:
        raise ForgedCheckpoint(key=keys[0].name, problem=f"it is of the log {checkpoint.origin}")
    refused: ForgedCheckpoint | None = None
    for key in mine:
        try:
            verify_note(note=note, by=Ed25519Verifier(key=key))
        except ForgedCheckpoint as forged:
            refused = refused or forged
        else:
            return CheckedNote(note=note, checkpoint=checkpoint)
    raise refused or ForgedCheckpoint(key=mine[0].name, problem="it carries no signature of this key")


def check_tree(
    *,
    source: LogSource,
    checkpoint: Checkpoint,
    take: Callable[[int, list[bytes]], None] | None = None,
    say: Callable[[int, int], None] | None = None,
) -> MerkleTree:
    """Work out every hash of a log anew and compare it with its tiles and its checkpoint; return the tree.

    ``take(first, entries)`` gets the entries of each bundle, checked against their tile; ``say(done, total)`` is told how
    far it is. Raises TamperedTile or ReorderedEntry naming the file, SplitView where all files agree with each other and
    not with what was signed.
    """
    size = checkpoint.size
    tree = MerkleTree()
    above: list[bytes] = []
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        path = entries_path(index=index, width=width)
        entries = unpack_entries(read_bundle(source, index=index, width=width), path=path)[:width]
        if len(entries) != width:
            raise TamperedTile(path=path, problem=f"it holds {len(entries)} entries instead of {width}")
        leaves = [leaf_hash(entry) for entry in entries]
        row = b"".join(leaves)
        kept = read_tile(source, level=0, index=index, width=width)
        if row != kept:
            _name_the_altered(source=source, checkpoint=checkpoint, index=index, leaves=leaves, kept=kept, tree=tree)
        tree.append_hashes(leaves)
        if width == WIDTH:
            above.append(top_of(row))
        if take is not None:
            take(index * WIDTH, entries)
        if say is not None:
            say(index * WIDTH + width, size)
    _check_upper_tiles(source=source, hashes=above)
    if tree.root() != checkpoint.root:
        problem = "its entries and tiles agree with each other, and give another root than the one that was signed"
        raise SplitView(origin=checkpoint.origin, size=size, problem=problem)
    return tree


def check_growth(*, tree: MerkleTree, old: Checkpoint, new: Checkpoint) -> None:
    """Check that a checkpoint kept from before is the beginning of a log. Raises SplitView."""
    if old.origin != new.origin:
        raise SplitView(origin=new.origin, size=new.size, problem=f"the kept checkpoint is of {old.origin}")
    if old.size > new.size:
        problem = f"it showed {old.size} entries before, and shows fewer now"
        raise SplitView(origin=new.origin, size=new.size, problem=problem)
    if tree.root(old.size) != old.root:
        problem = "the checkpoint kept from before has another root"
        raise SplitView(origin=new.origin, size=old.size, problem=problem)


def top_of(row: bytes) -> bytes:
    """Return the hash over a full row of 256 hashes."""
    while len(row) > HASH:
        row = parents_of(row)
    return row


def _check_upper_tiles(*, source: LogSource, hashes: list[bytes]) -> None:
    level = 1
    while hashes:
        upper = []
        for index in range(-(-len(hashes) // WIDTH)):
            part = hashes[index * WIDTH : (index + 1) * WIDTH]
            row = b"".join(part)
            if read_tile(source, level=level, index=index, width=len(part)) != row:
                path = tile_path(level=level, index=index, width=len(part))
                raise TamperedTile(path=path, problem="its hashes are not those of the tiles below")
            if len(part) == WIDTH:
                upper.append(top_of(row))
        hashes = upper
        level += 1


def _name_the_altered(
    *,
    source: LogSource,
    checkpoint: Checkpoint,
    index: int,
    leaves: list[bytes],
    kept: bytes,
    tree: MerkleTree,
) -> None:
    """Raise for the file that was altered: the tile, or the bundle, which then may hold the same entries reordered."""
    width = len(leaves)
    tile, bundle = tile_path(level=0, index=index, width=width), entries_path(index=index, width=width)
    listed = [kept[i : i + HASH] for i in range(0, len(kept), HASH)]
    if _fits_above(source=source, checkpoint=checkpoint, index=index, row=b"".join(leaves), tree=tree):
        raise TamperedTile(path=tile, problem="its hashes are not those of its entries, which fit the tree")
    first = next(i for i in range(width) if leaves[i] != listed[i])
    if sorted(leaves) == sorted(listed):
        raise ReorderedEntry(path=bundle, index=index * WIDTH + first)
    raise TamperedTile(path=bundle, problem=f"entry {index * WIDTH + first} is not the one that the tree holds")


def _fits_above(*, source: LogSource, checkpoint: Checkpoint, index: int, row: bytes, tree: MerkleTree) -> bool:
    if len(row) == WIDTH * HASH:
        count = checkpoint.size // WIDTH
        width = min(WIDTH, count - index // WIDTH * WIDTH)
        parent = read_tile(source, level=1, index=index // WIDTH, width=width)
        at = index % WIDTH * HASH
        return parent[at : at + HASH] == top_of(row)
    trial = MerkleTree()
    trial.append_hashes([tree.complete(0, i) for i in range(tree.size)])
    trial.append_hashes([row[i : i + HASH] for i in range(0, len(row), HASH)])
    return trial.root() == checkpoint.root


def read_whole_log(*, source: LogSource, keys: Sequence[VerifierKey]) -> list[bytes]:
    """Return every entry of a log, after checking it whole under some keys."""
    checked = check_note(text=source.read("checkpoint").decode(), keys=keys)
    entries: list[bytes] = []
    check_tree(source=source, checkpoint=checked.checkpoint, take=lambda _, found: entries.extend(found))
    return entries
