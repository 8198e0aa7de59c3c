"""A file comes in by pieces, goes on where the line broke, and counts only when it is whole and right."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies

from comity.errors import BadParameter, BrokenFile, Conflict, NotFound, NotPermitted
from comity.platform.commons.models import Sending, StoredFile
from comity.platform.commons.sending import begin_sending, forget_stale_sendings, keep_upload, send_piece
from comity.platform.commons.stored import file_store
from support.commons import bytes_of, release
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body():
    make_body()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send(content: bytes, *, pieces, member="", by=SET_UP):
    name = digest_of(content)
    view = begin_sending(sha256=name, size=len(content), member=member, by=by)
    for length in pieces:
        piece = content[view.received : view.received + length]
        view = send_piece(sha256=name, first=view.received, content=[piece], member=member, by=by)
    return view


@given(content=strategies.binary(max_size=300), lengths=strategies.lists(strategies.integers(1, 90), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_pieces_of_any_length_make_the_file(content, lengths):
    view = send(content, pieces=[*lengths, 300])
    assert (view.is_whole, view.received) == (True, len(content))
    assert b"".join(file_store().read(sha256=view.sha256)) == content
    assert StoredFile.objects.get(sha256=view.sha256).size == len(content)


def test_what_a_broken_line_left_is_written_over(tmp_path):
    content = bytes_of(1, 1000)
    view = send(content, pieces=[400])
    part = tmp_path / "sending" / Sending.objects.get().token
    part.write_bytes(part.read_bytes() + b"half a piece, never told")
    view = send(content, pieces=[600])
    assert view.is_whole
    assert b"".join(file_store().read(sha256=view.sha256)) == content
    assert not part.exists()


def test_a_piece_from_another_place_is_refused():
    content = bytes_of(2, 100)
    send(content, pieces=[40])
    with pytest.raises(Conflict, match="40 bytes have come in; this piece begins at byte 60"):
        send_piece(sha256=digest_of(content), first=60, content=[content[60:]], member="", by=SET_UP)
    assert send(content, pieces=[60]).is_whole


def test_a_file_with_another_digest_is_not_kept_and_begins_anew(tmp_path):
    content = bytes_of(3, 100)
    name = digest_of(content)
    begin_sending(sha256=name, size=100, member="", by=SET_UP)
    with pytest.raises(BrokenFile, match="its SHA-256 is"):
        send_piece(sha256=name, first=0, content=[b"x" * 100], member="", by=SET_UP)
    assert not StoredFile.objects.exists()
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []
    assert begin_sending(sha256=name, size=100, member="", by=SET_UP).received == 0
    assert send(content, pieces=[100]).is_whole


def test_a_file_whose_last_piece_was_never_kept_is_sent_anew():
    content = bytes_of(11, 100)
    send(content, pieces=[50])
    Sending.objects.update(
        received=100
    )  # as it is where the machine stopped between writing it down and keeping the file
    view = begin_sending(sha256=digest_of(content), size=100, member="", by=SET_UP)
    assert (view.received, view.is_whole) == (0, False)
    assert send(content, pieces=[100]).is_whole


def test_limits_are_told(settings):
    settings.FILE_LIMIT, settings.MEMBER_QUOTA = 1000, 1500
    with pytest.raises(BadParameter, match="COMITY_FILE_LIMIT"):
        begin_sending(sha256="0" * 64, size=1001, member="", by=SET_UP)
    keep_upload(chunks=[bytes_of(4, 900)], member="m1", by=SET_UP)
    with pytest.raises(Conflict, match="COMITY_MEMBER_QUOTA"):
        begin_sending(sha256="0" * 64, size=700, member="m1", by=SET_UP)
    assert begin_sending(sha256="0" * 64, size=600, member="m1", by=SET_UP).received == 0
    with pytest.raises(BadParameter, match="600 bytes, as it was begun"):
        begin_sending(sha256="0" * 64, size=500, member="m1", by=SET_UP)
    with pytest.raises(BadParameter, match="64 hexadecimal"):
        begin_sending(sha256="../../etc/passwd", size=5, member="m1", by=SET_UP)
    with pytest.raises(BadParameter, match="within the file"):
        send_piece(sha256="0" * 64, first=0, content=[bytes(601)], member="m1", by=SET_UP)


def test_content_of_a_release_need_not_be_sent_again_but_that_of_a_restricted_one_must():
    public, hidden = bytes_of(5, 50), bytes_of(6, 60)
    release("open", contents={"README.md": public})
    release("closed", contents={"README.md": hidden}, visibility="delegation", audience="delegation:m1")
    head = account_with("head", member="m2")
    assert begin_sending(sha256=digest_of(public), size=50, member="m2", by=head).is_whole
    view = begin_sending(sha256=digest_of(hidden), size=60, member="m2", by=head)
    assert (view.is_whole, view.received) == (False, 0)


def test_others_neither_send_nor_learn():
    content = bytes_of(7, 10)
    send(content, pieces=[5], member="m1", by=account_with("head", member="m1"))
    other = account_with("head", member="m2")
    with pytest.raises(NotPermitted):
        begin_sending(sha256=digest_of(content), size=10, member="m1", by=other)
    with pytest.raises(NotFound):
        send_piece(sha256=digest_of(content), first=5, content=[b""], member="m2", by=other)


def test_what_nobody_finished_or_released_is_gone_after_three_days(files):
    whole, half, kept = bytes_of(8, 10), bytes_of(9, 20), bytes_of(10, 30)
    send(whole, pieces=[10])
    send(half, pieces=[5])
    release(contents={"README.md": kept})
    assert forget_stale_sendings() == 0
    assert forget_stale_sendings(now=timezone.now() + dt.timedelta(days=4)) == 3
    assert list(StoredFile.objects.values_list("sha256", flat=True)) == [digest_of(kept)]
    assert [p.name for p in files.rglob("*") if p.is_file()] == [digest_of(kept)]
    assert not any(p.is_file() and not p.name.startswith("upload") for p in (files.parent / "sending").iterdir())
