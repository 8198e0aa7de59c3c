"""Settings: each read and checked, secrets never shown, a file of keys that others can read refused."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from comity.errors import BadSetting
from comity.site.environment import SETTINGS, read_env_file, read_settings

KEY = "k" * 50
BAD = {
    "COMITY_SECRET_KEY": ("", "short"),
    "COMITY_EXAMPLE": ("maybe", "2"),
    "COMITY_HOSTS": ("", "*", "*.example.org", "http://example.org/", "a b"),
    "COMITY_ORIGINS": ("example.org", "ftp://example.org", "https://example.org/path"),
    "COMITY_HTTPS": ("on", ""),
    "COMITY_TRUSTED_PROXIES": ("proxy", "10.0.0.0/99", "10.0.0.1/8"),
    "COMITY_DATABASE_URL": ("mysql://x/y", "nonsense"),
    "COMITY_LOG_LEVEL": ("LOUD", "info"),
    "COMITY_EMBEDDER": ("oracle", "openai:http://models.example.org/v1#m"),
    "COMITY_PORT": ("0", "65536", "-1", "eighty", "٨٠", "1e3"),
    "COMITY_SIGN_IN_ATTEMPTS": ("0", "1000"),
}


def test_the_defaults_are_allowed_and_complete():
    values = read_settings({"COMITY_SECRET_KEY": KEY})
    assert sorted(values) == sorted(s.name for s in SETTINGS)
    assert (values["COMITY_EXAMPLE"], values["COMITY_PORT"], values["COMITY_HOSTS"]) == (
        False,
        8000,
        ("127.0.0.1", "localhost"),
    )


@pytest.mark.parametrize("name, text", [(n, t) for n, texts in BAD.items() for t in texts])
def test_a_value_that_is_not_allowed_is_refused_by_name_with_a_remedy(name, text):
    with pytest.raises(BadSetting) as refused:
        read_settings({"COMITY_SECRET_KEY": KEY, name: text})
    assert refused.value.data["name"] == name
    assert refused.value.data["remedy"]


def test_a_missing_key_says_how_to_get_one():
    with pytest.raises(BadSetting) as refused:
        read_settings({})
    assert "comity init" in str(refused.value)


def test_a_misspelt_setting_is_refused_rather_than_ignored():
    with pytest.raises(BadSetting) as refused:
        read_settings({"COMITY_SECRET_KEY": KEY, "COMITY_HOST": "example.org"})
    assert refused.value.data["name"] == "COMITY_HOST"


def test_the_value_of_a_secret_is_never_shown():
    with pytest.raises(BadSetting) as refused:
        read_settings({"COMITY_SECRET_KEY": KEY, "COMITY_DATABASE_URL": "mysql://user:canary@host/x"})
    assert "canary" not in str(refused.value)


def test_a_file_of_keys_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "env"
    path.write_text(f"# a comment\nCOMITY_SECRET_KEY={KEY}\n")
    path.chmod(0o644)
    with pytest.raises(BadSetting) as refused:
        read_env_file(path)
    assert "chmod 600" in str(refused.value)
    path.chmod(0o600)
    assert read_env_file(path) == {"COMITY_SECRET_KEY": KEY}


def run(*words, folder, **environment):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "comity", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, "COMITY_DATA": str(folder), **environment},
    )


def test_a_bad_setting_stops_the_start_with_one_sentence(tmp_path):
    done = run("doctor", folder=tmp_path, COMITY_SECRET_KEY=KEY, COMITY_PORT="eighty")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        'comity: COMITY_PORT is "eighty"; allowed is a whole number from 1 to 65535. Choose a free port.'
    ]


def test_doctor_finds_nothing_to_mend_in_a_new_instance_and_names_what_is(tmp_path):
    folder = tmp_path / "data"
    assert run("init", folder=folder).returncode == 0
    well = run("doctor", "--json", folder=folder)
    assert (well.returncode, json.loads(well.stdout)["ok"]) == (0, True), well.stdout
    exposed = run("doctor", "--json", folder=folder, COMITY_HOSTS="comity.example.org")
    assert exposed.returncode == 1
    assert [f["id"] for f in json.loads(exposed.stdout)["findings"] if f["level"] == "mend"] == ["comity.E011"]
    folder.chmod(0o755)
    assert "comity.W003" in run("doctor", "--json", folder=folder).stdout


def test_an_account_is_opened_exported_and_erased_by_command(tmp_path, file_templates):
    folder = tmp_path / "data"
    file_templates.copy_instance(folder)
    words = ("account", "open", "ada@example.org", "--role", "reviewer", "--password")
    assert run(*words, "short", folder=folder).returncode == 2
    opened = run(*words, "a long enough word 9", folder=folder)
    assert (opened.returncode, opened.stdout.strip()) == (0, "ada@example.org can sign in as reviewer.")
    assert run(*words, "a long enough word 9", folder=folder).returncode == 2
    assert json.loads(run("account", "export", "ada@example.org", folder=folder).stdout)["roles"] == ["reviewer"]
    assert run("account", "erase", "ada@example.org", "--yes", folder=folder).returncode == 0
    assert run("account", "export", "ada@example.org", folder=folder).returncode == 2


def test_a_log_line_is_one_json_object_with_the_request_it_belongs_to():
    from comity.site.logs import JsonFormatter
    from comity.web.request_id import request_id

    record = logging.LogRecord("comity", logging.INFO, "x.py", 1, "read %s\nnext", ("a",), None)
    token = request_id.set("abc")
    try:
        line = JsonFormatter().format(record)
    finally:
        request_id.reset(token)
    assert "\n" not in line
    found = json.loads(line)
    assert (found["message"], found["level"], found["request"]) == ("read a\nnext", "INFO", "abc")
    assert found["time"].endswith("+00:00")


def test_documents_are_taken_into_a_bodys_own_instance_by_the_secretariat_alone(tmp_path, file_templates):
    folder, texts = tmp_path / "data", tmp_path / "texts"
    texts.mkdir()
    (texts / "kenya-trust-law.en.md").write_text(
        "# Law\n\n## Article 1 Purpose\n\nThis law protects people.\n", encoding="utf-8"
    )
    (texts / "empty.txt").write_bytes(b"")
    file_templates.copy_instance(folder)
    for role in ("secretariat", "reviewer"):
        words = ("account", "open", f"{role}@example.org", "--role", role, "--password", "a long enough word 9")
        assert run(*words, folder=folder).returncode == 0
    refused = run("load", str(texts), "--as", "reviewer@example.org", folder=folder)
    assert refused.returncode == 3
    assert "0 instruments taken in" in refused.stdout
    assert "secretariat" in refused.stderr
    done = run("load", str(texts), "--as", "secretariat@example.org", folder=folder)
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        3,
        "1 instruments taken in. The worker will align the collection.",
    )
    assert "empty.txt" in done.stderr
    assert run("worker", "--until-empty", folder=folder, COMITY_EMBEDDER="none").returncode == 0
    again = run(
        "load",
        str(texts / "kenya-trust-law.en.md"),
        "--as",
        "secretariat@example.org",
        folder=folder,
        COMITY_EMBEDDER="none",
    )
    assert (again.returncode, again.stdout.strip()) == (0, "0 instruments taken in.")
    (texts / "kenya-trust-law.en.md").write_text(
        "# Law\n\n## Article 1 Purpose\n\nThis law protects people and animals.\n", encoding="utf-8"
    )
    words = ("load", str(texts / "kenya-trust-law.en.md"), "--as", "secretariat@example.org")
    changed = run(*words, folder=folder)
    assert (changed.returncode, changed.stdout.strip()) == (
        0,
        "0 instruments taken in. 1 new versions taken in. The worker will align the collection.",
    )


def test_a_database_without_tables_is_said_in_one_sentence(tmp_path):
    done = run("account", "export", "a@example.org", folder=tmp_path, COMITY_SECRET_KEY=KEY)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database cannot be used")


def test_doctor_says_that_the_database_does_not_answer(tmp_path, file_templates):
    folder = tmp_path / "data"
    file_templates.copy_instance(folder)
    done = run("doctor", "--json", folder=folder, COMITY_DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder/x.db")
    assert done.returncode == 1
    assert "comity.E006" in {f["id"] for f in json.loads(done.stdout)["findings"]}


def test_a_misspelt_secret_is_not_printed():
    with pytest.raises(BadSetting) as refused:
        read_settings({"COMITY_SECRET_KEY": KEY, "COMITY_SECRETKEY": "canary-canary-canary"})
    assert "canary" not in str(refused.value)
