"""Fetching: a version in a plain folder, ready for use."""

from __future__ import annotations

import pytest

from comity.adapters.commons_sources import FolderCommons
from comity.adapters.fetching import fetch_version
from comity.errors import BadInput
from support.commons_releases import Commons, random_bytes

OLD = random_bytes(1, 2_000_000)
NEW = OLD[:1_000_000] + random_bytes(2, 60_000) + OLD[1_060_000:]


@pytest.fixture
def commons(tmp_path):
    made = Commons(tmp_path / "commons")
    made.release("words", "1.0", {"model.bin": OLD, "README.md": b"# Words\n"})
    return made


def test_fetching_puts_the_files_of_a_version_where_they_are_used(commons, tmp_path):
    source, keys = FolderCommons(commons.mirror), commons.mirror.keys
    version, files, done = fetch_version(source=source, name="words", folder=tmp_path / "use", keys=keys)
    assert (version.label, len(files), done.fetched) == ("1.0", 2, len(OLD) + 8)
    assert {p.name: p.read_bytes() for p in (tmp_path / "use").rglob("*") if p.is_file()} == {
        "model.bin": OLD,
        "README.md": b"# Words\n",
    }
    again = fetch_version(source=source, name="words/1.0", folder=tmp_path / "use", keys=keys)[2]
    assert (again.held, again.fetched) == (2, 0)


def test_fetching_a_newer_version_replaces_only_when_that_is_said(commons, tmp_path):
    source, keys, use = FolderCommons(commons.mirror), commons.mirror.keys, tmp_path / "use"
    fetch_version(source=source, name="words", folder=use, keys=keys)
    commons.release("words", "1.1", {"model.bin": NEW, "again.bin": NEW})
    with pytest.raises(BadInput, match="--replace"):
        fetch_version(source=source, name="words", folder=use, keys=keys)
    assert (use / "model.bin").read_bytes() == OLD
    done = fetch_version(source=source, name="words", folder=use, keys=keys, replace=True)[2]
    assert done.fetched <= 60_000 + 4 * 262_144
    assert (use / "model.bin").read_bytes() == (use / "again.bin").read_bytes() == NEW
