"""Files are scanned by a scanner that speaks clamd's protocol on a socket, and cut into pieces, in the worker."""

from __future__ import annotations

import hashlib
import json
import socketserver
import struct
import threading
from contextlib import contextmanager

import pytest

from comity.adapters.virus_scanner import scan_content
from comity.errors import NotFound, Unreachable
from comity.platform.commons.looking_after import cut_waiting_files, scan_waiting_files
from comity.platform.commons.models import StoredFile
from comity.platform.commons.release_views import release_view
from comity.platform.commons.releases_seen import file_seen
from comity.platform.commons.stored import chunks_of
from support.commons import bytes_of, release
from support.parties import make_body

pytestmark = pytest.mark.django_db
BAD = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 100_000


class Scanner(socketserver.StreamRequestHandler):
    """What clamd does: reads pieces after INSTREAM, and answers with a verdict, or refuses what is longer than it takes."""

    def handle(self):
        word = b""
        while not word.endswith(b"\0"):
            word += self.rfile.read(1)
        if word == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.0.7/27000/Mon Nov  2 08:00:00 2026\0")
            return
        assert word == b"zINSTREAM\0"
        held = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            held += self.rfile.read(length)
            if len(held) > MOST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if BAD in held else b"stream: OK\0")


@contextmanager
def a_scanner(path):
    with socketserver.ThreadingUnixStreamServer(str(path), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"unix:{path}"
        server.shutdown()


@pytest.fixture
def scanner(tmp_path, settings):
    make_body()
    with a_scanner(tmp_path / "clamd.sock") as place:
        settings.CLAMD = place
        yield place


def test_each_file_is_scanned_once_and_what_is_infected_is_given_to_nobody(scanner):
    contents = {"README.md": b"fine", "w.bin": b"before" + BAD + b"after", "large.bin": bytes_of(1, 3 * MOST)}
    made = release(contents=contents)
    assert (scan_waiting_files(), scan_waiting_files()) == (3, 0)
    marks = {f.path: (f.scan, f.given) for f in release_view(slug="words", user=None).version.files}
    assert marks == {
        "README.md": ("clean", True),
        "large.bin": ("unscanned", True),
        "w.bin": ("infected", False),
    }
    digest = next(f["sha256"] for f in made.manifest["files"] if f["path"] == "w.bin")
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=None)
    assert StoredFile.objects.get(sha256=digest).risk_reason == "Eicar-Test-Signature"
    assert StoredFile.objects.get(size=4).scanner.startswith("ClamAV 1.0.7")
    assert "size limit" in StoredFile.objects.get(size=3 * MOST).scanner


def test_in_quarantine_a_file_waits_for_its_scan(scanner, settings):
    settings.QUARANTINE = True
    digest = release(contents={"README.md": b"x"}).manifest["files"][0]["sha256"]
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=None)
    scan_waiting_files()
    assert file_seen(sha256=digest, user=None).size == 1


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
