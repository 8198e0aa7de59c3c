"""The stock client of Hugging Face's hub, unchanged, against a real server of ours on loopback."""

from __future__ import annotations

import hashlib
import random
import time
from pathlib import Path

import pytest
from huggingface_hub import HfApi, HfFileSystem, constants, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    DisabledRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import tqdm

from support.commons import bytes_of
from support.serving_commons import age_of, served_commons

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("default")]
SIZE = 24_000_000
KILLS = 5


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with served_commons(tmp_path_factory.mktemp("served"), size=SIZE, workers=2) as found:
        yield found


@pytest.fixture
def api(served, monkeypatch):
    for name in ("ENDPOINT", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setattr(constants, name, served.hub if name == "ENDPOINT" else True)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", served.hub + "/{repo_id}/resolve/{revision}/{filename}"
    )
    return HfApi(endpoint=served.hub, token=False)


def digest_of(path: str | Path) -> str:
    with Path(path).open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


LARGE = hashlib.sha256(bytes_of(7, SIZE)).hexdigest()


def test_it_lists_models_and_data_sets_in_alphabetical_order(api):
    assert [m.id for m in api.list_models()] == ["m1/words"]
    assert [d.id for d in api.list_datasets(author="assembly")] == ["assembly/lists"]
    assert [m.id for m in api.list_models(author="m2")] == []
    assert [m.id for m in api.list_models(search="WORD", limit=1)] == ["m1/words"]
    assert [m.id for m in api.list_models(filter="sw")] == ["m1/words"]


def test_a_token_shows_its_members_releases_too(served):
    mine = HfApi(endpoint=served.hub, token=served.token)
    assert [m.id for m in mine.list_models()] == ["m1/hidden", "m1/words"]
    assert mine.model_info("m1/hidden").private
    assert mine.whoami()["name"] == "m1"
    with pytest.raises(HfHubHTTPError, match="401"):
        list(HfApi(endpoint=served.hub, token="comity_wrong").list_models())


def test_it_tells_of_versions_files_and_digests(api):
    info = api.model_info("m1/words", files_metadata=True)
    assert {s.rfilename: s.size for s in info.siblings} == {"README.md": 6, "config.json": 8, "w.safetensors": SIZE}
    assert next(s.lfs.sha256 for s in info.siblings if s.rfilename == "w.safetensors") == LARGE
    refs = api.list_repo_refs("m1/words")
    assert {t.name for t in refs.tags} == {"1.0", "2.0"}
    assert refs.branches[0].target_commit == info.sha
    assert [c.title for c in api.list_repo_commits("m1/words")] == ["2.0", "1.0"]
    assert api.model_info("m1/words", revision="1.0").sha == next(t.target_commit for t in refs.tags if t.name == "1.0")


def test_it_walks_folders(api):
    given = {"repo_id": "assembly/lists", "repo_type": "dataset"}
    assert [e.path for e in api.list_repo_tree(**given)] == ["data"]
    assert [e.path for e in api.list_repo_tree(**given, path_in_repo="data")] == [f"data/{n}" for n in range(5)]
    assert api.list_repo_files(**given) == [f"data/{n}/part.csv" for n in range(5)]
    found = api.get_paths_info(paths=["data/1/part.csv", "data/2", "nothing"], **given)
    assert {e.path: type(e).__name__ for e in found} == {"data/1/part.csv": "RepoFile", "data/2": "RepoFolder"}
    assert api.file_exists("assembly/lists", "data/1/part.csv", repo_type="dataset")


def test_its_file_system_reads_here_and_there_in_a_file(api):
    files = HfFileSystem(endpoint=api.endpoint, token=False, skip_instance_cache=True)
    found = files.glob("datasets/assembly/lists/**/*.csv")
    assert sorted(found) == [f"datasets/assembly/lists/data/{n}/part.csv" for n in range(5)]
    with files.open("m1/words/w.safetensors", block_size=1 << 16) as opened:
        opened.seek(SIZE - 10)
        assert opened.read() == bytes_of(7, SIZE)[-10:]


def test_it_downloads_one_file_and_all_and_verifies(api, tmp_path):
    path = hf_hub_download("m1/words", "w.safetensors", cache_dir=tmp_path, endpoint=api.endpoint)
    assert digest_of(path) == LARGE
    assert Path(path).resolve().name == LARGE  # the client keeps it under our tag, which is its SHA-256
    folder = Path(snapshot_download("m1/words", cache_dir=tmp_path, endpoint=api.endpoint))
    assert sorted(p.name for p in folder.iterdir()) == ["README.md", "config.json", "w.safetensors"]
    old = Path(snapshot_download("m1/words", revision="1.0", cache_dir=tmp_path, endpoint=api.endpoint))
    assert [p.read_text() for p in old.iterdir()] == ["# One\n"]
    lists = Path(snapshot_download("assembly/lists", repo_type="dataset", cache_dir=tmp_path, endpoint=api.endpoint))
    assert (lists / "data" / "3" / "part.csv").read_text() == "a,b\n3,1\n"
    checked = api.verify_repo_checksums("m1/words", cache_dir=tmp_path)
    assert (checked.checked_count, checked.mismatches, checked.missing_paths) == (3, [], [])


def test_it_finds_a_flipped_bit(api, tmp_path):
    path = Path(snapshot_download("m1/words", local_dir=tmp_path / "here", endpoint=api.endpoint)) / "w.safetensors"
    content = bytearray(path.read_bytes())
    content[SIZE // 2] ^= 1
    path.write_bytes(content)
    checked = api.verify_repo_checksums("m1/words", local_dir=tmp_path / "here")
    assert [m["path"] if isinstance(m, dict) else m.path for m in checked.mismatches] == ["w.safetensors"]


def test_what_is_not_there_is_told_in_the_clients_words(api, tmp_path):
    given = {"cache_dir": tmp_path, "endpoint": api.endpoint}
    with pytest.raises(RepositoryNotFoundError):
        hf_hub_download("m1/nothing", "README.md", **given)
    with pytest.raises(RepositoryNotFoundError):
        hf_hub_download("m1/hidden", "README.md", token=False, **given)
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("assembly/lists")
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download("m1/words", "README.md", revision="9.9", **given)
    with pytest.raises(RemoteEntryNotFoundError):
        hf_hub_download("m1/words", "nothing.txt", **given)
    with pytest.raises(DisabledRepoError):
        api.model_info("assembly/gone")


class Killing(tqdm):
    """The client's own progress bar, which kills the process that gives the file when some bytes have come."""

    at = 0
    served = None
    counted = killed = 0

    def update(self, n=1):
        kind = type(self)
        kind.counted += max(0, n)
        if not kind.killed and kind.counted >= kind.at:
            kind.killed = kind.served.kill_worker_that_gives(LARGE, least_age=6.5)
        return super().update(n)


def test_a_download_goes_on_after_its_process_was_killed_at_random_bytes(served, api, tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 100_000)
    Killing.served, chance = served, random.Random(11)
    for turn in range(KILLS):
        # The server gives up where a process of its dies again at once, so that only one that has lived for a while is killed.
        while min(age_of(pid) for pid in served.workers()) < 6.5:
            time.sleep(0.2)
        Killing.at, Killing.counted, Killing.killed = chance.randrange(SIZE // 2), 0, 0
        path = hf_hub_download(
            "m1/words", "w.safetensors", cache_dir=tmp_path / str(turn), endpoint=api.endpoint, tqdm_class=Killing
        )
        assert (Killing.killed, digest_of(path)) == (1, LARGE)
        assert Killing.counted == SIZE  # what had come was not fetched again
