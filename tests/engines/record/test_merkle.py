"""Roots and proofs: published vectors, another implementation, and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.record.merkle import (
    EMPTY_ROOT,
    MerkleTree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from comity.engines.record.tiles import TiledTree, tiles_for
from comity.errors import WrongConsistency, WrongInclusion

# The eight leaves and roots that the Certificate Transparency project publishes for RFC 6962.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def grown(count: int) -> MerkleTree:
    tree = MerkleTree()
    tree.extend([index.to_bytes(3, "big") for index in range(count)])
    return tree


def root_by_definition(leaves: list[bytes]) -> bytes:
    """The recursion that RFC 9162 section 2.1.1 writes down."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))


def test_the_empty_tree_has_the_hash_of_nothing():
    assert MerkleTree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_published_roots_come_out_one_leaf_after_another():
    tree = MerkleTree()
    found = []
    for leaf in LEAVES:
        tree.append(leaf)
        found.append(tree.root().hex())
    assert found == ROOTS
    assert [tree.root(size).hex() for size in range(1, 9)] == ROOTS


def test_a_published_inclusion_proof_comes_out():
    tree = MerkleTree()
    tree.extend(LEAVES)
    assert [step.hex() for step in tree.inclusion_proof(index=5, size=8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_published_consistency_proof_comes_out():
    tree = MerkleTree()
    tree.extend(LEAVES)
    assert [step.hex() for step in tree.consistency_proof(old=6, new=8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 64, 100])
def test_pymerkle_gives_the_same_roots_and_proofs(size):
    from pymerkle import InmemoryTree

    theirs, ours = InmemoryTree(algorithm="sha256"), grown(size)
    for index in range(size):
        theirs.append_entry(index.to_bytes(3, "big"))
    assert ours.root() == theirs.get_root()
    for index in range(size):
        path = theirs.prove_inclusion(index + 1, size).serialize()["path"]
        assert [step.hex() for step in ours.inclusion_proof(index=index)] == path[1:]
    for old in range(1, size):
        path = theirs.prove_consistency(old, size).serialize()["path"]
        assert ours.root(old) == theirs.get_root(old)
        # Their order is from left to right, ours from below, as the RFC has it. Where the end of the old tree is a complete
        # subtree that the new one goes on from, they cut it up and the RFC takes it whole: then only the roots compare.
        mine = [step.hex() for step in ours.consistency_proof(old=old)]
        if old & 1:
            assert sorted(mine) == sorted(path) if old > 1 else set(mine) <= set(path)


def test_every_proof_of_every_tree_up_to_seventy_leaves_verifies():
    tree = grown(70)
    for size in range(1, 71):
        root = tree.root(size)
        assert root == root_by_definition([i.to_bytes(3, "big") for i in range(size)])
        for index in range(size):
            proof = tree.inclusion_proof(index=index, size=size)
            verify_inclusion(leaf=leaf_hash(index.to_bytes(3, "big")), index=index, size=size, proof=proof, root=root)
        for old in range(size + 1):
            proof = tree.consistency_proof(old=old, new=size)
            verify_consistency(old_size=old, old_root=tree.root(old), new_size=size, new_root=root, proof=proof)


@given(st.integers(1, 2000), st.data())
def test_an_inclusion_proof_with_anything_changed_is_refused(size, data):
    tree = grown(size)
    index = data.draw(st.integers(0, size - 1))
    proof = list(tree.inclusion_proof(index=index))
    good = {
        "leaf": leaf_hash(index.to_bytes(3, "big")),
        "index": index,
        "size": size,
        "proof": proof,
        "root": tree.root(),
    }
    verify_inclusion(**good)
    changed = dict(good)
    kind = data.draw(st.sampled_from(["leaf", "root", "step", "longer", "shorter", "index"]))
    if kind in {"leaf", "root"}:
        changed[kind] = flipped(good[kind], data)
    elif kind == "longer":
        changed["proof"] = [*proof, bytes(32)]
    elif kind == "index":
        changed["index"] = size
    elif not proof:
        return
    elif kind == "shorter":
        changed["proof"] = proof[:-1]
    else:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed["proof"] = [*proof[:at], flipped(proof[at], data), *proof[at + 1 :]]
    with pytest.raises(WrongInclusion):
        verify_inclusion(**changed)


@given(st.integers(2, 2000), st.data())
def test_a_consistency_proof_with_anything_changed_is_refused(size, data):
    tree = grown(size)
    old = data.draw(st.integers(1, size - 1))
    proof = list(tree.consistency_proof(old=old))
    good = {"old_size": old, "old_root": tree.root(old), "new_size": size, "new_root": tree.root(), "proof": proof}
    verify_consistency(**good)
    changed = dict(good)
    kind = data.draw(st.sampled_from(["old_root", "new_root", "step", "longer", "shorter"]))
    if kind in {"old_root", "new_root"}:
        changed[kind] = flipped(good[kind], data)
    elif kind == "longer":
        changed["proof"] = [*proof, bytes(32)]
    elif kind == "shorter":
        changed["proof"] = proof[:-1]
    else:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed["proof"] = [*proof[:at], flipped(proof[at], data), *proof[at + 1 :]]
    with pytest.raises(WrongConsistency):
        verify_consistency(**changed)


def test_from_the_empty_tree_only_its_own_root_and_no_proof_are_accepted():
    tree = grown(3)
    verify_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=3, new_root=tree.root(), proof=())
    for wrong in ({"old_root": bytes(32)}, {"proof": [bytes(32)]}):
        with pytest.raises(WrongConsistency):
            verify_consistency(
                **{"old_size": 0, "old_root": EMPTY_ROOT, "new_size": 3, "new_root": tree.root(), "proof": (), **wrong}
            )


def test_two_roots_of_one_size_are_refused():
    with pytest.raises(WrongConsistency):
        verify_consistency(old_size=3, old_root=bytes(32), new_size=3, new_root=grown(3).root(), proof=())


def test_a_shrinking_log_is_refused():
    with pytest.raises(WrongConsistency):
        verify_consistency(old_size=4, old_root=grown(4).root(), new_size=3, new_root=grown(3).root(), proof=())


@given(st.lists(st.integers(0, 600), max_size=6))
def test_however_leaves_are_added_the_tree_is_the_same(parts):
    together, apart, one_by_one = grown(sum(parts)), MerkleTree(), MerkleTree()
    at = 0
    for part in parts:
        apart.extend([index.to_bytes(3, "big") for index in range(at, at + part)])
        at += part
    for index in range(at):
        one_by_one.append(index.to_bytes(3, "big"))
    assert apart.root() == one_by_one.root() == together.root()
    assert apart.size == one_by_one.size == at


@given(st.integers(1, 70_000), st.data())
def test_a_tree_read_from_tiles_gives_the_same_roots_and_proofs(size, data):
    memory = BIG
    tiled = TiledTree(read_tile=read_from(memory), size=size, kept=4)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    assert tiled.root() == memory.root(size)
    assert tiled.root(old) == memory.root(old)
    assert tiled.inclusion_proof(index=index) == memory.inclusion_proof(index=index, size=size)
    assert tiled.consistency_proof(old=old) == memory.consistency_proof(old=old, new=size)


def test_the_tiles_of_seventy_thousand_leaves_are_those_that_the_specification_counts():
    found = tiles_for(70_000)
    assert len([t for t in found if t[0] == 0 and t[2] == 256]) == 273
    assert [t for t in found if t[2] != 256 or t[0]] == [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert tiles_for(256) == [(0, 0, 256), (1, 0, 1)]


@pytest.mark.parametrize("asked", [{"index": 3}, {"index": -1}, {"index": 0, "size": 4}])
def test_a_proof_outside_the_tree_is_refused(asked):
    with pytest.raises(ValueError, match=r"outside|leaves"):
        grown(3).inclusion_proof(**asked)


def test_a_consistency_proof_outside_the_tree_is_refused():
    with pytest.raises(ValueError, match="leaves"):
        grown(3).consistency_proof(old=4)


BIG = grown(70_000)


def flipped(value: bytes, data) -> bytes:
    at = data.draw(st.integers(0, len(value) - 1))
    return value[:at] + bytes([value[at] ^ (1 << data.draw(st.integers(0, 7)))]) + value[at + 1 :]


def read_from(memory: MerkleTree):
    def read(level: int, index: int, width: int) -> bytes:
        return b"".join(memory.complete(8 * level, index * 256 + i) for i in range(width))

    return read
