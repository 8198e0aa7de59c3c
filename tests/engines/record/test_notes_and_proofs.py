"""Notes, keys, checkpoints, cosignatures and receipts: their forms to the letter, and everything else refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.signing_keys import Ed25519Verifier, SigningKey
from comity.engines.record.checkpoints import Checkpoint, checkpoint_of, read_checkpoint
from comity.engines.record.cosignatures import LATEST_TIME, cosigned_by
from comity.engines.record.merkle import MerkleTree
from comity.engines.record.notes import (
    COSIGNATURE,
    ED25519,
    SignatureLine,
    SignedNote,
    VerifierKey,
    parse_key,
    parse_note,
    parse_signature,
    verify_note,
)
from comity.engines.record.proofs import Receipt, parse_receipt, verify_receipt
from comity.engines.record.tiles import entries_path, pack_entries, read_path, tile_path, unpack_entries
from comity.errors import ForgedCheckpoint, MalformedNote, TamperedTile, WrongInclusion

KEY = SigningKey(name="log.example/record", kind=ED25519, seed=bytes(range(32)))
WITNESS = SigningKey(name="witness.example/w1", kind=COSIGNATURE, seed=bytes(range(1, 33)))
OTHER = SigningKey(name="log.example/record", kind=ED25519, seed=bytes(32))


def signed(size: int = 5, root: bytes = bytes(32)) -> str:
    return KEY.sign(text=Checkpoint(origin=KEY.name, size=size, root=root).text)


def test_the_example_of_the_go_project_verifies():
    """The note and key that the documentation of golang.org/x/mod/sumdb/note shows."""
    key = parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = parse_note(
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    verify_note(note=note, by=Ed25519Verifier(key=key))
    changed = SignedNote(text=note.text.replace("answer", "Answer"), signatures=note.signatures)
    with pytest.raises(ForgedCheckpoint):
        verify_note(note=changed, by=Ed25519Verifier(key=key))


def test_a_key_goes_through_its_text_and_back():
    assert parse_key(KEY.verifier.key.text) == KEY.verifier.key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        "na me+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+CRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_malformed_key_is_refused(text):
    with pytest.raises(MalformedNote):
        parse_key(text)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAA\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n— na+me AAAAAAAA\n",
        "te\x00xt\n\n— name AAAAAAAA\n",
        "te\txt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n" + "— name AAAAAAAA\n" * 101,
        "x" * 1_000_001,
    ],
)
def test_a_malformed_note_is_refused(note):
    with pytest.raises(MalformedNote):
        parse_note(note)


def test_signatures_of_unknown_keys_are_passed_over():
    note = parse_note(signed() + "— stranger AAAAAAAA\n")
    verify_note(note=note, by=KEY.verifier)


def test_a_note_without_our_signature_is_refused():
    with pytest.raises(ForgedCheckpoint):
        verify_note(note=parse_note(signed()), by=OTHER.verifier)


def test_two_signatures_of_one_key_are_refused():
    note = parse_note(signed())
    doubled = SignedNote(text=note.text, signatures=note.signatures * 2)
    with pytest.raises(ForgedCheckpoint):
        verify_note(note=doubled, by=KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "log\n5\n",
        "log\n05\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "log\n-5\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "log\n٥\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "\n5\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "log\n5\n" + base64.b64encode(bytes(31)).decode() + "\n",
        "log\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "log\n5\nnot base64\n",
        "log\n5\n" + base64.b64encode(bytes(32)).decode(),
        "log\n5\n" + base64.b64encode(bytes(32)).decode() + "\n\nmore\n",
        "log\n99999999999999999999\n" + base64.b64encode(bytes(32)).decode() + "\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text):
    with pytest.raises(MalformedNote):
        read_checkpoint(text)


def test_extension_lines_are_passed_over():
    text = Checkpoint(origin="log", size=5, root=bytes(32)).text
    assert read_checkpoint(text + "extension\n") == read_checkpoint(text)


def test_a_cosignature_tells_who_and_when():
    note = parse_note(signed())
    line = WITNESS.cosign(text=note.text, time=1_700_000_000)
    found = cosigned_by(
        note=SignedNote(text=note.text, signatures=(*note.signatures, line)), witnesses=[WITNESS.verifier]
    )
    assert [(c.witness, c.time) for c in found] == [("witness.example/w1", 1_700_000_000)]


def test_a_cosignature_of_another_text_or_time_is_refused():
    note = parse_note(signed())
    line = WITNESS.cosign(text=note.text, time=1_700_000_000)
    later = SignatureLine(name=line.name, id=line.id, signature=(1_700_000_001).to_bytes(8, "big") + line.signature[8:])
    impossible = WITNESS.cosign(text=note.text, time=LATEST_TIME + 1)
    short = SignatureLine(name=line.name, id=line.id, signature=line.signature[:-1])
    moved = (SignedNote(text=note.text.replace("\n5\n", "\n6\n"), signatures=(line,)), ForgedCheckpoint)
    for bad, error in (
        (SignedNote(text=note.text, signatures=(later,)), ForgedCheckpoint),
        (SignedNote(text=note.text, signatures=(impossible,)), MalformedNote),
        (SignedNote(text=note.text, signatures=(short,)), MalformedNote),
        moved,
    ):
        with pytest.raises(error):
            cosigned_by(note=bad, witnesses=[WITNESS.verifier])


def test_a_second_kind_of_cosignature_is_known_by_name_and_not_believed():
    key = VerifierKey(name="witness.example/pq", kind=0x06, public=bytes(1312))
    assert parse_key(key.text) == key
    assert not Ed25519Verifier(key=key).verify(message=b"", signature=b"")


def receipt_for(entry: bytes = b'{"type":"adopt"}', extra: bool = True) -> Receipt:
    tree = MerkleTree()
    tree.extend([b"a", b"b", entry, b"d", b"e"])
    note = signed(size=5, root=tree.root())
    return Receipt(index=2, proof=tree.inclusion_proof(index=2), checkpoint=note, extra=entry if extra else None)


@pytest.mark.parametrize("extra", [True, False])
def test_a_receipt_goes_through_its_text_and_back(extra):
    receipt = receipt_for(extra=extra)
    assert parse_receipt(receipt.text) == receipt


def test_a_receipt_proves_its_entry():
    assert verify_receipt(receipt=parse_receipt(receipt_for().text), by=KEY.verifier) == checkpoint_of(
        receipt_for().checkpoint
    )


def test_a_receipt_proves_an_entry_that_is_given_beside_it():
    verify_receipt(receipt=receipt_for(extra=False), by=KEY.verifier, entry=b'{"type":"adopt"}')
    with pytest.raises(WrongInclusion):
        verify_receipt(receipt=receipt_for(), by=KEY.verifier, entry=b'{"type":"reject"}')
    with pytest.raises(MalformedNote):
        verify_receipt(receipt=receipt_for(extra=False), by=KEY.verifier)


def test_a_receipt_with_another_entry_in_it_is_refused():
    receipt = receipt_for()
    forged = Receipt(index=2, proof=receipt.proof, checkpoint=receipt.checkpoint, extra=b'{"type":"reject"}')
    with pytest.raises(WrongInclusion):
        verify_receipt(receipt=parse_receipt(forged.text), by=KEY.verifier)


def test_a_receipt_of_another_log_is_refused():
    tree = MerkleTree()
    tree.append(b"x")
    note = KEY.sign(text=Checkpoint(origin="elsewhere", size=1, root=tree.root()).text)
    with pytest.raises(ForgedCheckpoint):
        verify_receipt(receipt=Receipt(index=0, proof=(), checkpoint=note, extra=b"x"), by=KEY.verifier)


@given(st.data())
def test_a_receipt_with_any_character_changed_does_not_prove_the_same(data):
    text = receipt_for().text
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("Aa0 \n=+é"))
    changed = text[:at] + other + text[at + 1 :]
    if changed == text:
        return
    try:
        receipt = parse_receipt(changed)
        verify_receipt(receipt=receipt, by=KEY.verifier)
    except (MalformedNote, ForgedCheckpoint, WrongInclusion):
        return
    # What is left can only be a signature line that nobody asked for; the statement itself is the same.
    assert (receipt.index, receipt.extra, receipt.proof) == (2, b'{"type":"adopt"}', receipt_for().proof)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v2\nindex 0\n\n" + signed(),
        "c2sp.org/tlog-proof@v1\nindex 00\n\n" + signed(),
        "c2sp.org/tlog-proof@v1\nextra %%\nindex 0\n\n" + signed(),
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n" + signed(),
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "A" * 43 + "=\n" * 1 + "\nno checkpoint",
        "c2sp.org/tlog-proof@v1\nextra AAAA\n\n" + signed(),
        "c2sp.org/tlog-proof@v1\nindex 0\n" + ("A" * 43 + "=\n") * 64 + "\n" + signed(),
    ],
)
def test_a_malformed_receipt_is_refused(text):
    with pytest.raises(MalformedNote):
        parse_receipt(text)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_readers_in_another_way_than_a_refusal(raw):
    text = raw.decode("utf-8", "replace")
    for reader in (parse_note, parse_key, parse_signature, read_checkpoint, parse_receipt):
        try:
            reader(text)
        except MalformedNote:
            continue


@given(st.integers(0, 10**12), st.integers(0, 63), st.integers(1, 256))
def test_paths_of_tiles_go_there_and_back(index, level, width):
    assert read_path(tile_path(level=level, index=index, width=width)) == (level, index, width)
    assert read_path(entries_path(index=index, width=width)) == (None, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/05",
        "tile/0/../../record.key",
        "tile/entries/000.p/257",
        "checkpoint",
        "tile/0/٠٠١",
    ],
)
def test_no_other_path_is_a_tile(path):
    assert read_path(path) is None


def test_an_empty_tile_has_no_path():
    with pytest.raises(ValueError, match="does not exist"):
        tile_path(level=0, index=0, width=0)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_entries_go_through_a_bundle_and_back(entries):
    assert unpack_entries(pack_entries(entries), path="x") == entries


def test_an_entry_is_at_most_65535_bytes():
    assert len(pack_entries([bytes(65_535)])) == 65_537
    with pytest.raises(ValueError, match="65535"):
        pack_entries([bytes(65_536)])


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x05abc", b"\x00\x01a\x00"])
def test_a_bundle_that_is_cut_off_is_named(bundle):
    with pytest.raises(TamperedTile, match=r"tile/entries/000.*cut off"):
        unpack_entries(bundle, path="tile/entries/000")
