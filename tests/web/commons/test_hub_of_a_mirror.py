"""The stock client of Hugging Face's hub against a served mirror: no Comity server, no network beyond loopback."""

from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    LocalEntryNotFoundError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from support.commons_releases import Commons, flip_bit, random_bytes, served

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("default")]
FILES = {"README.md": b"# Words\n", "data/model.bin": random_bytes(1, 3_000_000), "empty": b""}


@pytest.fixture
def commons(tmp_path):
    made = Commons(tmp_path / "commons")
    made.release("words", "1.0", {"README.md": b"# One\n"})
    made.release("words", "1.1", FILES)
    made.release("lists", "1", {"a/b.csv": b"a,b\n"}, kind="dataset")
    return made


@pytest.fixture
def api(commons, monkeypatch):
    with served(commons.mirror) as address:
        hub = f"{address}/hub"
        monkeypatch.setattr(constants, "ENDPOINT", hub)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub + "/{repo_id}/resolve/{revision}/{filename}")
        yield HfApi(endpoint=hub, token=False)


def test_it_downloads_and_verifies_models_and_data_sets(api, tmp_path):
    path = hf_hub_download("body/words", "data/model.bin", cache_dir=tmp_path, endpoint=api.endpoint)
    assert Path(path).read_bytes() == FILES["data/model.bin"]
    folder = Path(snapshot_download("body/words", cache_dir=tmp_path, endpoint=api.endpoint))
    assert {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == FILES
    old = Path(snapshot_download("body/words", revision="1.0", cache_dir=tmp_path, endpoint=api.endpoint))
    assert [p.read_bytes() for p in old.iterdir()] == [b"# One\n"]
    lists = snapshot_download("body/lists", repo_type="dataset", cache_dir=tmp_path, endpoint=api.endpoint)
    assert (Path(lists) / "a" / "b.csv").read_bytes() == b"a,b\n"
    assert api.verify_repo_checksums("body/words", cache_dir=tmp_path).mismatches == []


def test_it_lists_files(api):
    assert sorted(api.list_repo_files("body/words")) == sorted(FILES)


def test_what_is_not_there_is_told_as_the_client_knows_it(api, tmp_path):
    given = {"cache_dir": tmp_path, "endpoint": api.endpoint}
    with pytest.raises(RepositoryNotFoundError):
        hf_hub_download("body/nothing", "README.md", **given)
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download("body/words", "README.md", revision="9", **given)
    with pytest.raises(RemoteEntryNotFoundError):
        hf_hub_download("body/words", "nothing", **given)


def test_content_that_was_altered_in_the_mirror_is_not_given(api, commons, tmp_path):
    file = next(f for f in commons.mirror.files_of(commons.versions["words"][-1]) if f.path == "data/model.bin")
    flip_bit(commons.mirror.file_path(file.sha256), 1_000_000)
    with pytest.raises(LocalEntryNotFoundError):
        hf_hub_download("body/words", "data/model.bin", cache_dir=tmp_path, endpoint=api.endpoint)
    assert [p for p in tmp_path.rglob("blobs/*") if p.is_file()] == []
