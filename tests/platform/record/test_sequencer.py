"""The sequencer: every act once and in order, one tree a size, and no signature that contradicts an earlier one."""

from __future__ import annotations

import fcntl

import pytest
from django.utils import timezone

from comity.adapters.signing_keys import Ed25519Verifier
from comity.engines.record.checkpoints import checkpoint_of
from comity.engines.record.merkle import MerkleTree
from comity.engines.record.notes import parse_note, verify_note
from comity.errors import CannotReconcile, LogStopped, SignedMemoryUnreadable
from comity.platform.record.log import open_log, prepare_key
from comity.platform.record.models import Act, Checkpoint, LogState
from comity.platform.record.reconciliation import RECOVERED, reconcile
from comity.platform.record.sequencer import sequence_acts, stop_log
from comity.platform.record.states import count_waiting, log_in_figures, why_stopped

pytestmark = pytest.mark.django_db


def bodies() -> list[bytes]:
    return [bytes(b) for b in Act.objects.order_by("sequence").values_list("body", flat=True)]


def test_acts_get_their_numbers_and_the_tree_is_signed(log, enter):
    enter(5)
    done = sequence_acts(log=log)
    assert (done.taken, done.size, done.busy) == (5, 5, False)
    assert sorted(Act.objects.values_list("sequence", flat=True)) == [0, 1, 2, 3, 4]
    note = parse_note(log.store.published())
    verify_note(note=note, by=Ed25519Verifier(key=log.public))
    tree = MerkleTree()
    tree.extend(bodies())
    assert (checkpoint_of(log.store.published()).size, checkpoint_of(log.store.published()).root) == (5, tree.root())
    assert list(log.store.entries(0, 5)) == bodies()


def test_an_act_that_commits_late_is_taken_though_it_is_older(log, enter):
    (late,) = enter()
    enter(3)
    Act.objects.filter(pk=late.pk).update(entered_at=timezone.now() - timezone.timedelta(hours=1), sequence=None)
    hidden = Act.objects.get(pk=late.pk)
    Act.objects.filter(pk=late.pk).delete()  # as a reader sees it while its transaction is open
    sequence_acts(log=log)
    hidden.save(force_insert=True)
    sequence_acts(log=log)
    assert Act.objects.get(pk=late.pk).sequence == 3
    assert count_waiting() == 0


def test_nothing_new_signs_nothing(log, enter):
    enter(2)
    sequence_acts(log=log)
    before = log.store.published()
    sequence_acts(log=log)
    assert log.store.published() == before
    assert Checkpoint.objects.count() == 1


def test_an_empty_log_signs_the_empty_tree(log):
    sequence_acts(log=log)
    assert checkpoint_of(log.store.published()).size == 0


def test_more_acts_than_a_batch_are_taken_in_one_run(log, enter, monkeypatch):
    monkeypatch.setattr("comity.platform.record.sequencer.BATCH", 3)
    enter(10)
    assert sequence_acts(log=log).size == 10
    assert list(log.store.entries(0, 10)) == bodies()


def test_a_second_sequencer_finds_the_place_taken(log, enter):
    enter()
    with log.lock_path.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert sequence_acts(log=log).busy
    assert count_waiting() == 1
    assert sequence_acts(log=log).taken == 1


def test_tiles_that_a_crash_lost_are_written_again_from_the_tables(log, enter):
    enter(300)
    sequence_acts(log=log)
    root = log.store.tree().root()
    log.store.clear()
    sequence_acts(log=log)
    assert (log.store.size, log.store.tree().root()) == (300, root)


def test_a_log_that_is_longer_than_the_tables_is_not_signed(log, enter):
    enter(3)
    sequence_acts(log=log)
    Act.objects.filter(sequence=2).delete()
    with pytest.raises(LogStopped, match="older"):
        sequence_acts(log=log)
    assert why_stopped() != ""


def test_tables_older_than_what_was_signed_are_not_signed_even_where_the_tiles_are_gone(log, enter):
    enter(3)
    sequence_acts(log=log)
    Act.objects.filter(sequence=2).delete()
    Checkpoint.objects.all().delete()
    log.store.clear()
    enter(4)
    with pytest.raises(LogStopped, match="A tree of 3"):
        sequence_acts(log=log)
    assert Checkpoint.objects.count() == 0


def test_a_changed_beginning_is_never_signed(log, enter):
    enter(3)
    sequence_acts(log=log)
    act = Act.objects.get(sequence=1)
    Act.objects.filter(pk=act.pk).update(body=bytes(act.body).replace(b"test-act", b"lies-act"))
    Checkpoint.objects.all().delete()
    log.store.clear()
    enter(1)
    with pytest.raises(LogStopped, match="not those that were signed"):
        sequence_acts(log=log)


def test_a_second_tree_of_a_signed_size_is_refused_without_the_memory_too(log, enter):
    enter(3)
    sequence_acts(log=log)
    act = Act.objects.get(sequence=1)
    Act.objects.filter(pk=act.pk).update(body=bytes(act.body).replace(b"test-act", b"lies-act"))
    log.memory.path.unlink()
    log.store.clear()
    with pytest.raises(LogStopped, match="another root"):
        sequence_acts(log=log)
    assert checkpoint_of(Checkpoint.objects.get().note).size == 3


def test_a_stopped_log_takes_nothing_and_keeps_the_first_reason(log, enter):
    enter(2)
    stop_log(reason="first")
    stop_log(reason="second")
    with pytest.raises(LogStopped, match="first"):
        sequence_acts(log=log)
    assert count_waiting() == 2


def test_a_key_that_was_changed_under_the_same_name_goes_on(data, log, enter):
    from comity.adapters.signing_keys import rotate_key, write_key_file

    enter(2)
    sequence_acts(log=log)
    write_key_file(path=data / "record.key", key=rotate_key(key=log.key), replace=True)
    enter(1)
    changed = open_log()
    sequence_acts(log=changed)
    assert changed.vkey != log.vkey
    verify_note(note=parse_note(changed.store.published()), by=Ed25519Verifier(key=changed.public))
    assert checkpoint_of(changed.store.published()).size == 3


@pytest.mark.parametrize("damage", ["", "{}", "[1]", '{"origin": "x", "size": "many", "root": ""}'])
def test_a_damaged_memory_of_what_was_signed_stops_the_log(data, log, enter, damage):
    enter(2)
    sequence_acts(log=log)
    (data / "record.signed").write_text(damage)
    enter(1)
    with pytest.raises(LogStopped, match=r"record\.signed, the memory of what was signed last, cannot be read"):
        sequence_acts(log=log)
    assert LogState.objects.get().stopped
    with pytest.raises(SignedMemoryUnreadable):
        reconcile(log=log, entries=None)
    (data / "record.signed").unlink()
    reconcile(log=log, entries=None)
    assert sequence_acts(log=log).size == 3


def test_the_state_of_the_log_in_figures(log, enter):
    enter(2)
    sequence_acts(log=log)
    enter(1)
    view = log_in_figures(origin=log.origin)
    assert (view.size, view.waiting, view.stopped, view.witnessed_at) == (2, 1, "", None)


def test_the_key_is_made_once(data, log):
    assert prepare_key(origin="other.invalid/record") is False
    assert open_log().origin == "test.invalid/record"


def lose_all_after(size: int, log) -> list[bytes]:
    """Do to the tables what restoring an older backup does; return the entries as a mirror holds them."""
    held = list(log.store.entries(0, log.store.size))
    Act.objects.filter(sequence__gte=size).delete()
    Checkpoint.objects.filter(size__gt=size).delete()
    log.store.clear()
    stop_log(reason="restored")
    return held


def test_a_restored_log_goes_on_with_the_entries_of_a_mirror(log, enter):
    enter(3)
    enter(2, visibility="members")
    sequence_acts(log=log)
    enter(2)
    sequence_acts(log=log)
    held = lose_all_after(3, log)
    with pytest.raises(CannotReconcile, match="7 entries was signed, and only 3"):
        reconcile(log=log, entries=None)
    done = reconcile(log=log, entries=held)
    assert (done.recovered, done.size) == (4, 7)
    enter(1)
    assert sequence_acts(log=log).size == 8
    assert bodies()[:7] == held
    assert Act.objects.filter(audience=RECOVERED).count() == 2
    assert Act.objects.get(sequence=6).subject == "tests/subject"


def test_acts_that_still_wait_in_the_backup_get_their_old_numbers(log, enter):
    enter(2)
    sequence_acts(log=log)
    (waiting,) = enter(1)
    sequence_acts(log=log)
    held = list(log.store.entries(0, 3))
    Act.objects.filter(pk=waiting.pk).update(sequence=None)
    Checkpoint.objects.filter(size=3).delete()
    log.store.clear()
    stop_log(reason="restored")
    assert reconcile(log=log, entries=held).size == 3
    assert Act.objects.get(pk=waiting.pk).sequence == 2
    assert Act.objects.count() == 3


def test_a_mirror_of_another_history_recovers_nothing(log, enter):
    enter(3)
    sequence_acts(log=log)
    held = lose_all_after(2, log)
    with pytest.raises(CannotReconcile, match="Entry 1 of the mirror is not ours"):
        reconcile(log=log, entries=[held[0], b'{"type":"lie"}', held[2]])
    assert LogState.objects.get().stopped == "restored"
    assert Act.objects.count() == 2


def test_what_a_witness_has_seen_counts_as_signed(log, enter):
    enter(3)
    sequence_acts(log=log)
    stop_log(reason="restored on another machine")
    log.memory.path.unlink()
    with pytest.raises(CannotReconcile, match="A tree of 9 entries was signed"):
        reconcile(log=log, entries=None, known_size=9)
    assert reconcile(log=log, entries=None, known_size=3).size == 3
