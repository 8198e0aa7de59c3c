"""The field's own libraries load what is shared by its name: ``datasets`` and ``transformers``, unchanged, against a real server of ours."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import mlcroissant
import pytest
from click.testing import CliRunner
from etils import epath

from comity.cli.files.commons.describing import describe
from comity.cli.files.commons.publishing import publish
from support.serving_commons import served_commons

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("default")]
PROGRAM = Path(__file__).parents[2] / "support" / "loading_by_name.py"
WORDS = ["[UNK]", "habari", "ya", "dunia"]
CARD = "---\nlicense: apache-2.0\nlanguage: sw\npretty_name: Tiny\n---\n# Tiny\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with served_commons(tmp_path_factory.mktemp("served"), size=1000, example=True) as found:
        yield found


def make_model(folder: Path) -> None:
    """A model of a few bytes that is a real one: configuration, tokenizer, card and our description, which its card gives."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, PreTrainedTokenizerFast

    folder.mkdir()
    BertConfig(vocab_size=len(WORDS), hidden_size=8, num_attention_heads=1, num_hidden_layers=1).save_pretrained(folder)
    made = Tokenizer(models.WordLevel({w: n for n, w in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=made, unk_token="[UNK]").save_pretrained(folder)
    (folder / "README.md").write_text(CARD)
    told = CliRunner().invoke(describe, [str(folder), "--out", str(folder / "comity-release.json")])
    assert told.exit_code == 0, told.output


def topics_of(served) -> str:
    """The table as it was released; it begins with the mark by which spreadsheets know UTF-8."""
    found = httpx.get(f"{served.hub}/datasets/assembly/topics-in-six-languages/resolve/main/topics.csv")
    return found.raise_for_status().content.decode("utf-8-sig")


def test_a_data_set_and_a_model_load_by_their_names(served, tmp_path):
    make_model(tmp_path / "tiny")
    where = [
        "--to",
        served.address,
        "--release",
        "tiny",
        "--label",
        "1.0",
        "--body",
        "assembly",
        "--authority",
        "Rule 9",
    ]
    sent = CliRunner().invoke(publish, [str(tmp_path / "tiny"), *where], env={"COMITY_TOKEN": served.token})
    assert sent.exit_code == 0, sent.output

    plain = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "COMITY_", "DJANGO_"))}
    quiet = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_UPDATE_DOWNLOAD_COUNTS": "0"}
    given = quiet | {"HF_ENDPOINT": served.hub, "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env=plain | given, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)

    rows = list(csv.DictReader(io.StringIO(topics_of(served))))
    assert (told["rows"], told["columns"]) == (len(rows), list(rows[0]))
    assert told["languages"] == ["ar", "en", "es", "fr", "ru", "zh"]
    assert told["first"] == told["streamed"] == rows[0]
    assert told["folder"] == {"a": 3, "b": 1}
    assert told["model"] == ["BertConfig", 8]
    assert (told["tokens"], told["words"]) == ([1, 2, 3], "habari ya dunia")
    # The one other host that it asks for is named after the endpoint; where there is none it reads the files themselves.
    assert told["left"] == ["datasets-server.127.0.0.1"]


def test_the_croissant_of_the_example_gives_its_records(served, tmp_path, monkeypatch):
    monkeypatch.setattr("mlcroissant._src.core.constants.DOWNLOAD_PATH", epath.Path(tmp_path))
    address = f"{served.address}/commons/releases/topics-in-six-languages/1.0/metadata/croissant.json"
    found = mlcroissant.Dataset(jsonld=httpx.get(address).raise_for_status().json())
    assert (found.metadata.issues.errors, found.metadata.issues.warnings) == (set(), set())
    records = found.records(record_set="topics.csv/records")
    first = {str(k).rpartition("/")[2]: v.decode() for k, v in next(iter(records)).items()}
    assert list(first.values()) == list(csv.reader(io.StringIO(topics_of(served))))[1]
