"""A server to which one publishes and that answers as nobody should: every run ends, with a sentence."""

from __future__ import annotations

import hashlib

import pytest

from comity.adapters.publishing import Publisher
from comity.errors import Unreachable
from support.hostile_servers import answering

CONTENT = b"some words"
SHA = hashlib.sha256(CONTENT).hexdigest()


def saying(content: bytes, status: bytes = b"200 OK"):
    """A server that takes a whole request in and always says the same."""

    def answer(line, head):
        line.settimeout(0.05)
        try:
            while line.recv(65536):
                pass
        except TimeoutError:
            pass
        line.settimeout(30)
        line.sendall(
            b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(content)) + content
        )

    return answering(answer)


def publisher(address):
    return Publisher(address=address, token="t", pause=lambda _: None)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"{}",
        b'{"received": -5}',
        b'{"received": 99}',
        b'{"received": "0"}',
        b'{"received": null, "is_whole": "yes"}',
        b'{"received": 0}',
        b'{"received": 3}',
        b"[" * 1_000_000,
        b" " * 5_000_000,
    ],
    ids=["none", "list", "empty", "below", "above", "text", "word", "nothing", "stuck", "deep", "vast"],
)
def test_what_cannot_be_ends_the_sending(tmp_path, told):
    (tmp_path / "a").write_bytes(CONTENT)
    with saying(told) as (address, asked):
        with pytest.raises(Unreachable):
            publisher(address).send_file(path=tmp_path / "a", sha256=SHA, size=len(CONTENT))
        assert len(asked) <= 20


@pytest.mark.parametrize("told", [b"{}", b"[]", b'{"reference": "commons/releases/a/1"}'])
def test_an_answer_that_does_not_say_what_was_released_is_none(told):
    with saying(told) as (address, _), pytest.raises(Unreachable):
        publisher(address).release(slug="a", label="1", asked={})


def test_a_server_that_sends_away_is_not_followed():
    with saying(b"", b"307 Away\r\nLocation: http://127.0.0.1:9/") as (address, asked), pytest.raises(Unreachable):
        publisher(address).release(slug="a", label="1", asked={})
    assert len(asked) == 1
