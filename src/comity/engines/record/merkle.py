"""The Merkle tree of RFC 6962 (and RFC 9162): roots, proofs of inclusion and of consistency, and their verification.

A leaf is SHA-256(0x00 || data), a node SHA-256(0x01 || left || right), the root of the empty tree SHA-256(""). Every hash
is 32 bytes; indices and sizes count from zero and are limited by memory alone.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from comity.errors import WrongConsistency, WrongInclusion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of an entry.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours."""
    return sha256(b"\x01" + left + right).digest()


def parents_of(row: bytes | bytearray | memoryview) -> bytes:
    """Return the row above a row of an even number of hashes, both as their concatenation."""
    view = bytes(row)
    digest = sha256
    return b"".join([digest(b"\x01" + view[i : i + 64]).digest() for i in range(0, len(view), 64)])


class Proofs:
    """Roots and proofs of any tree that can tell the hash of a complete subtree.

    ``size`` is the number of leaves; ``complete(level, index)`` the hash of the subtree over the leaves from
    ``index * 2**level`` up to ``(index + 1) * 2**level``, which is asked for only where all of them exist.
    """

    size: int
    _edge: tuple[int, list[bytes]] | None = None

    def complete(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        raise NotImplementedError

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves (default: all). Raises ValueError beyond the tree.

        >>> MerkleTree().root() == EMPTY_ROOT
        True
        """
        wanted = self._checked(size)
        return self._right_edge(wanted)[-1] if wanted else EMPTY_ROOT

    def inclusion_proof(self, *, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that leaf ``index`` is in the tree of ``size`` leaves: the siblings from the leaf upwards.

        Source: RFC 9162, section 2.1.3.1. Raises ValueError for an index outside the tree.
        """
        wanted = self._checked(size)
        if not 0 <= index < wanted:
            raise ValueError(f"index {index} is outside a tree of {wanted}")
        proof: list[bytes] = []
        self._climb(at=index, last=wanted - 1, level=0, size=wanted, proof=proof)
        return tuple(proof)

    def consistency_proof(self, *, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the tree of ``old`` leaves is the beginning of that of ``new``; empty where either is trivial.

        Source: RFC 9162, section 2.1.4.1. Raises ValueError where ``old`` is larger than ``new``.
        """
        wanted = self._checked(new)
        if not 0 <= old <= wanted:
            raise ValueError(f"{old} leaves are no beginning of {wanted}")
        if old in {0, wanted}:
            return ()
        at, last, level = old - 1, wanted - 1, 0
        while at & 1:
            at >>= 1
            last >>= 1
            level += 1
        proof = [self.complete(level, at)] if at else []
        self._climb(at=at, last=last, level=level, size=wanted, proof=proof)
        return tuple(proof)

    def _climb(self, *, at: int, last: int, level: int, size: int, proof: list[bytes]) -> None:
        edge = self._right_edge(size)
        while last:
            if at & 1:
                proof.append(self.complete(level, at - 1))
            elif at < last:
                proof.append(edge[level] if at + 1 == last else self.complete(level, at + 1))
            at >>= 1
            last >>= 1
            level += 1

    def _checked(self, size: int | None) -> int:
        wanted = self.size if size is None else size
        if not 0 <= wanted <= self.size:
            raise ValueError(f"the tree has {self.size} leaves, not {wanted}")
        return wanted

    def _right_edge(self, size: int) -> list[bytes]:
        """Return the hash of the last node of every level, from the leaf to the root, of a tree of at least one leaf."""
        kept = self._edge
        if kept is not None and kept[0] == size:
            return kept[1]
        edge: list[bytes] = []
        last, level = size - 1, 0
        while True:
            if (last + 1) << level <= size:
                edge.append(self.complete(level, last))
            elif (2 * last + 1) << (level - 1) < size:
                edge.append(node_hash(self.complete(level - 1, 2 * last), edge[-1]))
            else:
                edge.append(edge[-1])
            if not last:
                break
            last >>= 1
            level += 1
        self._edge = (size, edge)
        return edge


class MerkleTree(Proofs):
    """A tree in memory: one row of hashes for each level, about 64 bytes a leaf.

    >>> tree = MerkleTree()
    >>> tree.extend([b"a", b"b", b"c"])
    >>> tree.size, tree.root() == node_hash(node_hash(leaf_hash(b"a"), leaf_hash(b"b")), leaf_hash(b"c"))
    (3, True)
    """

    def __init__(self) -> None:
        self._rows: list[bytearray] = [bytearray()]
        self.size = 0

    def append(self, data: bytes) -> int:
        """Add one entry and return its index."""
        rows = self._rows
        digest = sha256(b"\x00" + data).digest()
        rows[0] += digest
        index = self.size
        self.size = index + 1
        level, count = 0, self.size
        while not count & 1:
            digest = sha256(b"\x01" + rows[level][-64:]).digest()
            level += 1
            count >>= 1
            if level == len(rows):
                rows.append(bytearray())
            rows[level] += digest
        return index

    def extend(self, entries: Iterable[bytes]) -> None:
        """Add entries in their order."""
        digest = sha256
        self.append_hashes([digest(b"\x00" + data).digest() for data in entries])

    def append_hashes(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add leaves that are hashed already, in their order."""
        row: bytes = b"".join(leaf_hashes)
        self.size += len(leaf_hashes)
        level = 0
        while row:
            if level == len(self._rows):
                self._rows.append(bytearray())
            here = self._rows[level]
            lonely = len(here) % (2 * HASH)
            start = len(here) - lonely
            here += row
            whole = len(here) - len(here) % (2 * HASH)
            row = parents_of(here[start:whole])
            level += 1

    def complete(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return bytes(self._rows[level][index * HASH : index * HASH + HASH])


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf of hash ``leaf`` stands at ``index`` in the tree of that size and root.

    Source: RFC 9162, section 2.1.3.2. Raises WrongInclusion.
    """
    if not 0 <= index < size:
        raise WrongInclusion(index=index, size=size, problem="the index is outside the tree")
    at, last, found = index, size - 1, leaf
    for step in proof:
        if not last:
            raise WrongInclusion(index=index, size=size, problem="the proof is too long")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        at >>= 1
        last >>= 1
    if last:
        raise WrongInclusion(index=index, size=size, problem="the proof is too short")
    if found != root:
        raise WrongInclusion(index=index, size=size, problem="it leads to another root")


def verify_consistency(  # noqa: C901, PLR0912  (the steps of RFC 9162, section 2.1.4.2, kept together)
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of the old size and root is the beginning of the new one.

    Source: RFC 9162, section 2.1.4.2. From the empty tree only its own root and an empty proof are accepted. Raises
    WrongConsistency.
    """

    def refuse(problem: str) -> None:
        raise WrongConsistency(old=old_size, new=new_size, problem=problem)

    if not 0 <= old_size <= new_size:
        refuse("the old tree is larger than the new one")
    if old_size in {0, new_size}:
        if proof:
            refuse("the proof should be empty")
        if old_root != (EMPTY_ROOT if not old_size else new_root):
            refuse("two trees of one size have different roots" if old_size else "the empty tree has another root")
        return
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at >>= 1
        last >>= 1
    steps = list(proof)
    if at and not steps:
        refuse("the proof is too short")
    found_old = found_new = steps.pop(0) if at else old_root
    for step in steps:
        if not last:
            refuse("the proof is too long")
        if at & 1 or at == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found_new = node_hash(found_new, step)
        at >>= 1
        last >>= 1
    if last:
        refuse("the proof is too short")
    if found_old != old_root:
        refuse("it does not lead to the old root")
    if found_new != new_root:
        refuse("it does not lead to the new root")
