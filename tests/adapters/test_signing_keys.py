"""Keys: made, kept for their owner alone, changed, and never shown."""

from __future__ import annotations

import pytest

from comity.adapters.signing_keys import make_key, read_key_file, read_signing_key, rotate_key, write_key_file
from comity.engines.record.notes import parse_note, verify_note
from comity.errors import BadParameter, BadSetting


def test_a_key_file_is_its_owners_alone_and_gives_the_key_back(tmp_path):
    key = make_key(name="log.example/record")
    write_key_file(path=tmp_path / "key", key=key)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert read_key_file(path=tmp_path / "key") == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path, mode):
    write_key_file(path=tmp_path / "key", key=make_key(name="log.example/record"))
    (tmp_path / "key").chmod(mode)
    with pytest.raises(BadSetting, match="chmod 600"):
        read_key_file(path=tmp_path / "key")


def test_a_link_in_the_place_of_a_key_is_refused(tmp_path):
    write_key_file(path=tmp_path / "key", key=make_key(name="log.example/record"))
    (tmp_path / "link").symlink_to(tmp_path / "key")
    with pytest.raises(BadSetting, match="no plain file"):
        read_key_file(path=tmp_path / "link")


def test_a_missing_key_says_how_to_make_one(tmp_path):
    with pytest.raises(BadSetting, match="comity record keygen"):
        read_key_file(path=tmp_path / "key")


def test_a_key_file_is_never_written_over(tmp_path):
    first = make_key(name="log.example/record")
    write_key_file(path=tmp_path / "key", key=first)
    with pytest.raises(FileExistsError):
        write_key_file(path=tmp_path / "key", key=make_key(name="log.example/record"))
    assert read_key_file(path=tmp_path / "key") == first
    assert [p.name for p in tmp_path.iterdir()] == ["key"]


def test_a_changed_key_keeps_the_old_public_key_with_which_old_checkpoints_verify(tmp_path):
    old = make_key(name="log.example/record")
    note = old.sign(text="log.example/record\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
    new = rotate_key(key=old)
    write_key_file(path=tmp_path / "key", key=new)
    kept = read_key_file(path=tmp_path / "key")
    assert (kept.name, kept.retired) == (old.name, (old.verifier.key,))
    assert kept.verifier.key != old.verifier.key
    from comity.adapters.signing_keys import Ed25519Verifier

    verify_note(note=parse_note(note), by=Ed25519Verifier(key=kept.retired[0]))


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+", "PRIVATE+KEY+a+b+c", "hello"])
def test_what_is_no_key_is_refused_and_not_shown(text):
    with pytest.raises(BadSetting) as refused:
        read_signing_key(text=text + "SECRET", shown="COMITY_RECORD_KEY")
    assert "SECRET" not in str(refused.value)


def test_a_key_is_never_shown():
    key = make_key(name="log.example/record")
    assert key.seed.hex() not in repr(key)
    assert repr(key.seed) not in repr(key)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "x" * 201])
def test_a_name_that_cannot_stand_in_a_signature_line_is_refused(name):
    with pytest.raises(BadParameter):
        make_key(name=name)
