"""A mirror of a real server: what its doors give is what the commands of mirrors take in."""

from __future__ import annotations

import hashlib
import json
import zlib

import pytest
from django.db import connection

from comity.adapters.commons_catalogues import find_versions
from comity.adapters.commons_sources import HttpCommons
from comity.adapters.fetching import fetch_version
from comity.adapters.mirror_folders import make_mirror
from comity.adapters.mirroring import update_mirror
from comity.adapters.signing_keys import make_key
from comity.engines.commons.chunks import list_chunks
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
