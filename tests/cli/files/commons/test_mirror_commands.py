"""The commands of mirrors and bundles as a person runs them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import urllib.request

import pytest

from comity.adapters.signing_keys import write_key_file
from support.commons_releases import Commons, flip_bit, random_bytes, served

MODEL = random_bytes(1, 300_000)
FILES = {"model.bin": MODEL, "README.md": b"# Words\n"}


def run(*words: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "comity", "commons", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def commons(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commons")
    made = Commons(folder)
    made.release("words", "1.0", FILES)
    write_key_file(path=folder / "maker.key", key=made.maker)
    (folder / "log.pub").write_text(made.key.verifier.key.text + "\n", encoding="utf-8")
    made.folder = folder
    return made


@pytest.fixture(scope="module")
def bundle(commons):
    target = commons.folder / "words.tar"
    said = run(
        "bundle", "words", "--from", commons.mirror.folder, "--out", target, "--key", commons.folder / "maker.key"
    )
    assert "commons/releases/words/1.0: in the bundle, proved by the record." in said
    assert commons.maker.verifier.key.text in said
    return target


def test_a_mirror_a_bundle_and_a_disk_end_in_a_folder_that_is_used(commons, tmp_path):
    pub = commons.folder / "log.pub"
    with served(commons.mirror) as address:
        assert "1 new, 0 there before" in run(
            "mirror", address, "--to", tmp_path / "m", "--key", pub, "--rate", "50MB/s"
        )
        told = json.loads(run("mirror", address, "--to", tmp_path / "m", "--json"))
        assert (told["ok"], told["held"], told["bytes_fetched"]) == (True, 1, 0)
        run("fetch", "words", "--from", address, "--to", tmp_path / "direct", "--key", pub)
        said = run(
            "bundle",
            "words/1.0",
            "--from",
            address,
            "--log-key",
            pub,
            "--out",
            tmp_path / "b.tar",
            "--key",
            commons.folder / "maker.key",
        )
        assert "signed by ministry.example/commons" in said
    assert "All of it holds." in run("verify", tmp_path / "m")
    assert "Not compared with the record" in run("verify", tmp_path / "b.tar")
    said = run("load", tmp_path / "b.tar", "--to", tmp_path / "there", "--key", pub)
    assert "commons/releases/words/1.0: taken in, proved by the record." in said
    assert "Compare it with the key that ministry.example/commons publishes" in said
    run("fetch", "words", "--from", tmp_path / "there", "--to", tmp_path / "use")
    for folder in ("direct", "use"):
        found = {p.name: p.read_bytes() for p in (tmp_path / folder).rglob("*") if p.is_file()}
        assert json.loads(found.pop("comity-release.json"))["intended_use"] == "To test mirrors."
        assert found == FILES
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_one_flipped_bit_in_a_bundle_is_named_and_nothing_enters(commons, bundle, tmp_path):
    copy = tmp_path / "copy.tar"
    copy.write_bytes(bundle.read_bytes())
    flip_bit(copy, copy.read_bytes().index(MODEL[:100]) + 12_345, 3)
    said = run("verify", copy, code=4)
    assert said.startswith("NOT SOUND: data/words/1.0/model.bin: its content was altered")
    told = json.loads(run("verify", copy, "--json", code=4))
    assert [p["what"] for p in told["problems"]] == ["data/words/1.0/model.bin"]
    said = run("load", copy, "--to", tmp_path / "m", "--key", commons.folder / "log.pub", code=4)
    assert "data/words/1.0/model.bin" in said
    assert "0 versions" in run("verify", tmp_path / "m")


def test_one_flipped_bit_in_a_mirror_is_named_and_does_not_leave(commons, tmp_path):
    with served(commons.mirror) as address:
        run("mirror", address, "--to", tmp_path / "m", "--key", commons.folder / "log.pub")
    sha256 = hashlib.sha256(MODEL).hexdigest()
    path = tmp_path / "m" / "files" / sha256[:2] / sha256[2:4] / sha256
    flip_bit(path, 200_000)
    assert f"NOT SOUND: commons/releases/words/1.0/model.bin: its content was altered ({path})" in run(
        "verify", tmp_path / "m", code=4
    )
    words = ("words", "--from", tmp_path / "m", "--out", tmp_path / "b.tar", "--key", commons.folder / "maker.key")
    assert "data/words/1.0/model.bin" in run("bundle", *words, code=4)
    assert not (tmp_path / "b.tar").exists()
    assert "model.bin" in run("fetch", "words", "--from", tmp_path / "m", "--to", tmp_path / "use", code=4)
    assert [path.name for path in (tmp_path / "use").iterdir()] == [".cache"]
    path.unlink()
    with served(commons.mirror) as address:
        assert "1 new, 0 there before" in run("mirror", address, "--to", tmp_path / "m")
    assert "All of it holds." in run("verify", tmp_path / "m")


def test_the_key_of_another_log_is_refused(commons, bundle, tmp_path):
    other = Commons(tmp_path / "other")
    said = run("verify", bundle, "--key", other.key.verifier.key.text, code=4)
    assert "signature" in said
    assert "proved by the record" in run(
        "verify", bundle, "--key", commons.folder / "log.pub", "--signed-by", commons.maker.verifier.key.text
    )
    assert "none of the keys given" in run("verify", bundle, "--signed-by", other.maker.verifier.key.text, code=4)


@pytest.mark.parametrize(
    "words,sentence",
    [
        (["mirror", "https://a.example", "--to", "{tmp}/m"], "--key"),
        (["mirror", "{tmp}", "--to", "{tmp}/m"], "no mirror"),
        (["mirror", "http://127.0.0.1:9", "--to", "{tmp}/m", "--key", "x+1+y"], "NAME+ID+KEY"),
        (["mirror", "http://127.0.0.1:9", "--to", "{tmp}/m", "--rate", "fast"], "2MB/s"),
        (["fetch", "words", "--from", "https://a.example", "--to", "{tmp}/m"], "--key"),
        (["load", "{tmp}/none.tar", "--to", "{tmp}/m"], "does not exist"),
        (["verify", "{tmp}/none.tar"], "does not exist"),
        (["verify", "{tmp}"], "no mirror"),
        (["bundle", "x", "--from", "{tmp}", "--out", "{tmp}/o", "--key", "{tmp}/k"], "Make one"),
        (["serve", "{tmp}"], "no mirror"),
        (["serve", "{tmp}", "--listen", "nowhere"], "HOST:PORT"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_two(tmp_path, words, sentence):
    assert sentence in run(*[word.format(tmp=tmp_path) for word in words], code=2)


def test_serving_a_mirror_answers_until_it_is_stopped(commons):
    running = subprocess.Popen(
        [sys.executable, "-m", "comity", "commons", "serve", str(commons.mirror.folder), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = running.stdout.readline().split(" at ")[1].strip()
        with urllib.request.urlopen(f"{address}/comity/catalogue.json") as answer:
            assert [r["reference"] for r in json.load(answer)["releases"]] == ["commons/releases/words"]
    finally:
        running.terminate()
        running.wait()
        running.stdout.close()


@pytest.mark.parametrize("name", ["mirror", "verify", "bundle", "load", "fetch", "serve"])
def test_help_loads_nothing_heavy(name):
    script = (
        "import sys\nfrom comity.cli.main import main\n"
        f"try:\n    main(['commons', {name!r}, '--help'], prog_name='comity')\nexcept SystemExit:\n    pass\n"
        "print(sorted(m for m in ('numpy', 'django', 'scipy', 'cryptography', 'lxml') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
