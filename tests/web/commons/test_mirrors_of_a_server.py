"""A mirror of a real server: what its doors give is what the commands of mirrors take in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib

import pytest
from django.db import connection

from comity.adapters.bundling import load_bundle, make_bundle
from comity.adapters.commons_catalogues import find_versions
from comity.adapters.commons_sources import FolderCommons, HttpCommons
from comity.adapters.fetching import fetch_version
from comity.adapters.mirror_folders import make_mirror
from comity.adapters.mirroring import update_mirror
from comity.adapters.release_findings import list_findings
from comity.adapters.signing_keys import make_key
from comity.cli.files.commons.checking import read_release
from comity.cli.files.commons.publishing import _prepare
from comity.engines.commons.chunks import list_chunks
from comity.engines.commons.openness import assess_openness
from comity.platform.commons.models import StoredFile
from comity.platform.record.log import open_log, prepare_key
from comity.platform.record.sequencer import sequence_acts
from support.commons import bytes_of, describe, release
from support.parties import make_body

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
OLD = bytes_of(1, 2_000_000)
NEW = OLD[:800_000] + bytes_of(2, 20_000) + OLD[820_000:]


PARTS = [
    {"id": "card", "kind": "model-card", "licence": "CC-BY-4.0", "files": ["README.md"]},
    {"id": "weights", "kind": "model-parameters", "licence": "Apache-2.0", "files": ["w.safetensors"]},
]


@pytest.fixture
def server(live_server, settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()
    prepare_key(origin="test.invalid/record")
    yield live_server.url
    if connection.vendor == "postgresql":
        # threads of the server that a client left open keep their sessions, and with them the database
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def cut_files() -> None:
    """Work out the pieces of content, as the worker does."""
    for kept in StoredFile.objects.filter(size__gt=100_000):
        content = OLD if kept.sha256 == hashlib.sha256(OLD).hexdigest() else NEW
        rows = [[c.length, c.sha256] for c in list_chunks(blocks=[content])]
        kept.chunks = zlib.compress(json.dumps(rows).encode())
        kept.save()


def test_what_a_server_releases_is_mirrored_and_its_next_version_costs_what_changed(server, tmp_path):
    release(contents={"README.md": b"# Words\n", "w.safetensors": OLD}, description=describe(components=PARTS))
    log = open_log()
    key = log.key.verifier.key
    mirror = make_mirror(folder=tmp_path / "mirror", keys=[key], comes_from=server)
    waiting = update_mirror(source=HttpCommons(address=server), mirror=mirror)
    assert ([r for r, _ in waiting.waiting], waiting.added) == (["commons/releases/words/1.0"], [])
    sequence_acts(log=log)
    done = update_mirror(source=HttpCommons(address=server), mirror=mirror)
    assert (done.added, done.refused, done.waiting) == (["commons/releases/words/1.0"], [], [])
    contents = {"README.md": b"# More words\n", "w.safetensors": NEW}
    release(label="1.1", contents=contents, description=describe(components=PARTS))
    cut_files()
    sequence_acts(log=log)
    done = update_mirror(source=HttpCommons(address=server), mirror=mirror)
    assert (done.added, done.refused) == (["commons/releases/words/1.1"], [])
    assert done.fetched <= 20_000 + 4 * 262_144
    assert list(mirror.find_damage()) == []
    ((_, latest),) = find_versions(releases=mirror.releases(), names=["words"])
    assert {f.path: b"".join(mirror.read(f.sha256)) for f in mirror.files_of(latest)} == {
        "README.md": b"# More words\n",
        "w.safetensors": NEW,
    }
    fetch_version(source=HttpCommons(address=server), name="words/1.0", folder=tmp_path / "use", keys=[key])
    assert (tmp_path / "use" / "w.safetensors").read_bytes() == OLD
    other = make_mirror(folder=tmp_path / "other", keys=[make_key(name=key.name).verifier.key], comes_from=server)
    refused = update_mirror(source=HttpCommons(address=server), mirror=other).refused
    assert [error.code for _, error in refused] == ["forged-checkpoint", "forged-checkpoint"]
    assert other.releases() == ()


def findings(folder):
    return json.loads(json.dumps(list_findings(found=assess_openness(manifest=read_release(path=folder)))))


def test_what_is_fetched_or_loaded_is_found_as_open_as_the_server_found_it_and_is_published_again_as_it_was(
    server, tmp_path
):
    more = {
        "intended_use": "Lists of words.",
        "known_limits": "Short.",
        "languages": [{"language": "sw", "value": 0.50}],
    }
    contents = {"README.md": b"# Words\n", "w.safetensors": OLD[:200_000], "LICENSE": b"Apache License, Version 2.0"}
    first = release(contents=contents, description=describe(components=PARTS, **more))
    log = open_log()
    sequence_acts(log=log)
    key = log.key.verifier.key
    use = tmp_path / "use"
    fetch_version(source=HttpCommons(address=server), name="words/1.0", folder=use, keys=[key])
    assert findings(use) == first.openness
    assert findings(use)["licence"]["class"] == "open"

    prepared, asked = _prepare(use)
    second = release(
        slug="again", contents={p: (use / p).read_bytes() for p in prepared}, description=asked["description"]
    )
    assert second.manifest["files"] == first.manifest["files"]
    sequence_acts(log=log)
    mirror = make_mirror(folder=tmp_path / "mirror", keys=[key], comes_from=server)
    update_mirror(source=HttpCommons(address=server), mirror=mirror)
    at = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
    maker = make_key(name="ministry.example/commons")
    make_bundle(mirror=mirror, names=["again"], target=tmp_path / "b.tar", key=maker, made_at=at)
    there = make_mirror(folder=tmp_path / "there", keys=[key], comes_from="")
    load_bundle(path=tmp_path / "b.tar", mirror=there)
    fetch_version(source=FolderCommons(there), name="again", folder=tmp_path / "loaded", keys=[key])
    assert findings(tmp_path / "loaded") == second.openness
    assert _prepare(tmp_path / "loaded") == (prepared, asked)
    assert asked["description"] == second.manifest["description"]
