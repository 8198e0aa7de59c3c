"""A log at an address: one connection, patience for a bad line, limits, and no patience for a wrong address."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from comity.adapters.log_source import HttpSource, open_source
from comity.errors import BadParameter, NotFound, PathNotFound, TamperedTile, Unreachable


@pytest.fixture
def server():
    """Answers each path by a script of moods: ok, 500, 404, cut (breaks off half way), large."""

    class Moody(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        moods: list[str] = []
        asked: list[str] = []

        def do_GET(self):
            self.asked.append(self.path)
            mood = self.moods.pop(0) if self.moods else "ok"
            if mood in {"500", "503", "404", "403"}:
                self.send_response(int(mood))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = b"x" * (17_000_000 if mood == "large" else 100)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if mood == "cut":
                self.wfile.write(content[:40])
                self.wfile.flush()
                self.connection.close()
                self.close_connection = True
                return
            self.wfile.write(content)

        def log_message(self, *args):
            """Say nothing."""

    Moody.moods, Moody.asked = [], []
    made = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield Moody, f"http://127.0.0.1:{made.server_address[1]}/record"
    made.shutdown()
    made.server_close()


def source(address: str) -> tuple[HttpSource, list[float]]:
    pauses: list[float] = []
    return HttpSource(address=address, pause=pauses.append), pauses


def test_files_are_read_below_the_address(server):
    moody, address = server
    log, _ = source(address)
    assert log.read("checkpoint") == b"x" * 100
    assert moody.asked == ["/record/checkpoint"]


def test_a_line_that_breaks_off_is_tried_again_after_longer_and_longer_pauses(server):
    moody, address = server
    moody.moods += ["cut", "500", "503"]
    log, pauses = source(address)
    assert log.read("tile/0/000") == b"x" * 100
    assert pauses == [0.5, 1.0, 2.0]


def test_what_is_not_there_is_not_asked_for_again(server):
    moody, address = server
    moody.moods += ["404"]
    log, pauses = source(address)
    with pytest.raises(NotFound):
        log.read("tile/0/000")
    assert pauses == []


def test_a_refusal_is_no_bad_line(server):
    moody, address = server
    moody.moods += ["403"]
    log, pauses = source(address)
    with pytest.raises(Unreachable, match="403"):
        log.read("checkpoint")
    assert pauses == []


def test_patience_ends(server):
    moody, address = server
    moody.moods += ["500"] * 10
    log, pauses = source(address)
    with pytest.raises(Unreachable, match="500"):
        log.read("checkpoint")
    assert len(pauses) == 5


def test_a_file_larger_than_any_of_a_log_is_not_taken(server):
    moody, address = server
    moody.moods += ["large"]
    log, _ = source(address)
    with pytest.raises(TamperedTile, match="larger"):
        log.read("tile/entries/000")


def test_an_address_where_nobody_listens_is_said_at_once():
    log, pauses = source("http://127.0.0.1:9/record")
    with pytest.raises(Unreachable):
        log.read("checkpoint")
    assert pauses == []


@pytest.mark.parametrize(
    "text,error", [("ftp://h/x", BadParameter), ("http://", BadParameter), ("/nowhere", PathNotFound)]
)
def test_what_is_no_log_is_refused(text, error):
    with pytest.raises(error):
        open_source(text)
