"""Files are scanned by clamd, and cut into pieces, in the worker."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from comity.adapters.virus_scanner import read_answer, scan_content
from comity.errors import NotFound, Unreachable
from comity.platform.commons import looking_after
from comity.platform.commons.looking_after import cut_waiting_files, scan_waiting_files
from comity.platform.commons.models import StoredFile
from comity.platform.commons.release_views import release_view
from comity.platform.commons.releases_seen import file_seen
from comity.platform.commons.stored import chunks_of, file_store
from support.clamd import BAD, LOOKED_AT, MOST
from support.commons import bytes_of, release
from support.parties import make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(clamd, settings):
    make_body()
    settings.CLAMD = clamd
    return clamd


def test_each_file_is_scanned_once_and_what_is_infected_is_given_to_nobody(scanner):
    contents = {
        "README.md": b"fine",
        "w.bin": b"before" + BAD + b"after",
        "large.bin": bytes_of(1, 3 * MOST),
        "long.bin": bytes_of(4, LOOKED_AT + 1),
    }
    made = release(contents=contents)
    assert (scan_waiting_files(), scan_waiting_files()) == (4, 0)
    marks = {f.path: (f.scan, f.given) for f in release_view(slug="words", user=None).version.files}
    assert marks == {
        "README.md": ("clean", True),
        "large.bin": ("unscanned", True),
        "long.bin": ("unscanned", True),
        "w.bin": ("infected", False),
    }
    digest = next(f["sha256"] for f in made.manifest["files"] if f["path"] == "w.bin")
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=None)
    assert StoredFile.objects.get(sha256=digest).risk_reason == "Test.EICAR.UNOFFICIAL"
    assert StoredFile.objects.get(size=4).scanner.startswith("ClamAV ")
    assert "size limit" in StoredFile.objects.get(size=3 * MOST).scanner
    assert "Limits.Exceeded" in StoredFile.objects.get(size=LOOKED_AT + 1).scanner


def test_what_the_scanner_could_not_look_into_is_neither_clean_nor_infected(clamd):
    locked = io.BytesIO()
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("a.txt", "x" * 100)
    content = bytearray(locked.getvalue())
    for header, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + place] |= 1  # says of the entry that it is encrypted
    found = scan_content(scanner=clamd, content=[bytes(content)])
    assert (found.verdict, "Encrypted" in found.words) == ("unscanned", True)
    assert read_answer("stream: Win.Trojan.Encrypted-1 FOUND").verdict == "infected"


def test_in_quarantine_a_file_waits_for_its_scan(scanner, settings):
    settings.QUARANTINE = True
    digest = release(contents={"README.md": b"x"}).manifest["files"][0]["sha256"]
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=None)
    scan_waiting_files()
    assert file_seen(sha256=digest, user=None).size == 1


def test_content_that_is_missing_keeps_no_other_file_waiting(scanner, monkeypatch):
    monkeypatch.setattr(looking_after, "AT_ONCE", 1)
    made = release(contents={"README.md": b"first", "w.bin": b"second"})
    lost, held = (file_store().path_of(sha256=f["sha256"]) for f in made.manifest["files"])
    content = lost.read_bytes()
    lost.unlink()
    assert (scan_waiting_files(), scan_waiting_files(), cut_waiting_files(), cut_waiting_files()) == (1, 0, 1, 0)
    lost.write_bytes(content)
    assert (scan_waiting_files(), cut_waiting_files()) == (1, 1)
    assert held.exists()


def test_a_scanner_that_is_away_leaves_files_unscanned(settings, tmp_path):
    make_body()
    release()
    settings.CLAMD = f"unix:{tmp_path / 'nothing.sock'}"
    with pytest.raises(Unreachable):
        scan_waiting_files()
    with pytest.raises(Unreachable):
        scan_content(scanner="tcp:127.0.0.1:1", content=[b"x"])
    assert set(StoredFile.objects.values_list("scan", flat=True)) == {"unscanned"}
    settings.CLAMD = ""
    assert scan_waiting_files() == 0


def test_pieces_make_up_the_file_and_are_told_by_the_door(client):
    make_body()
    content = bytes_of(2, 300_000)
    release(contents={"README.md": b"x", "w.bin": content})
    digest = hashlib.sha256(content).hexdigest()
    assert client.get(f"/hub/comity/chunks/{digest}").status_code == 404
    with pytest.raises(NotFound):
        chunks_of(sha256=digest)
    assert (cut_waiting_files(), cut_waiting_files()) == (2, 0)
    rows = json.loads(client.get(f"/hub/comity/chunks/{digest}").content)
    at = 0
    for length, piece in rows:
        assert hashlib.sha256(content[at : at + length]).hexdigest() == piece
        at += length
    assert (at, len(rows) > 1) == (len(content), True)
