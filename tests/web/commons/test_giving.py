"""A file is given whole or by a range, with its digest as the tag; nginx gives it where one stands in front."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from support.commons import bytes_of, release
from support.parties import make_body

pytestmark = pytest.mark.django_db
CONTENT = bytes_of(1, 5000)
TAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
ADDRESS = "/hub/assembly/words/resolve/main/w.safetensors"


@pytest.fixture(autouse=True)
def _released(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()
    release()


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_whole_file_is_a_download_that_no_browser_opens(client):
    answer = client.get(ADDRESS)
    assert (answer.status_code, body_of(answer)) == (200, CONTENT)
    kept = {"Content-Length": "5000", "ETag": TAG, "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
    assert {name: answer[name] for name in kept} == kept
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_head_tells_the_same_and_gives_nothing(client):
    answer = client.head(ADDRESS)
    assert (answer.status_code, answer["Content-Length"], answer["ETag"]) == (200, "5000", TAG)
    assert (answer["X-Linked-Size"], len(answer["X-Repo-Commit"])) == ("5000", 40)


def test_a_file_is_not_packed_for_a_reader_who_takes_gzip(client):
    answer = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer
    assert (answer["ETag"], body_of(answer)) == (TAG, CONTENT)


@given(first=strategies.integers(0, 6000), last=strategies.integers(0, 6000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_a_range_is_the_same_slice(client, first, last):
    answer = client.get(ADDRESS, headers={"Range": f"bytes={first}-{last}"})
    if last < first:
        assert (answer.status_code, body_of(answer)) == (200, CONTENT)
    elif first >= 5000:
        assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */5000")
    else:
        assert body_of(answer) == CONTENT[first : last + 1]
        end = min(last, 4999)
        if (first, end) != (0, 4999):
            assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{end}/5000")


@pytest.mark.parametrize(
    "asked, expected",
    [
        ({"Range": "bytes=4990-"}, (206, CONTENT[4990:])),
        ({"Range": "bytes=-10"}, (206, CONTENT[-10:])),
        ({"Range": "bytes=-0"}, (416, b"")),
        ({"Range": "bytes=0-1,5-6"}, (200, CONTENT)),
        ({"Range": "lines=0-1"}, (200, CONTENT)),
        ({"Range": "bytes=10-19", "If-Range": TAG}, (206, CONTENT[10:20])),
        ({"Range": "bytes=10-19", "If-Range": '"another"'}, (200, CONTENT)),
        ({"If-None-Match": TAG}, (304, b"")),
        ({"If-None-Match": '"another"'}, (200, CONTENT)),
    ],
)
def test_every_way_of_asking(client, asked, expected):
    answer = client.get(ADDRESS, headers=asked)
    assert (answer.status_code, body_of(answer)) == expected


def test_nginx_gives_the_file_where_it_stands_in_front(client, settings):
    settings.ACCEL = "/released-files/"
    answer = client.get(ADDRESS, headers={"Range": "bytes=5-9"})
    digest = TAG.strip('"')
    assert answer["X-Accel-Redirect"] == f"/released-files/{digest[:2]}/{digest[2:4]}/{digest}"
    assert (answer["ETag"], answer.content) == (TAG, b"")
    assert client.head(ADDRESS)["Content-Length"] == "5000"
