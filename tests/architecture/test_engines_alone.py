"""``pip install comity`` without the server: no Django, and the engines' and file commands' own tests pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CERTIFICATES = ["--system-certs"] if Path("/etc/ssl/certs/ca-certificates.crt").is_file() else []
TESTS = ("tests/engines", "tests/adapters", "tests/cli/files")
pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel of comity, its own requirements, pytest and hypothesis; nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    uv = ROOT / ".tools" / "bin" / "uv"
    run = lambda *c: subprocess.run([str(x) for x in c], check=True, cwd=ROOT, capture_output=True, text=True)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist")
    run(uv, "venv", "-q", "--no-python-downloads", "--python", sys.executable, folder / "venv")
    python = folder / "venv" / "bin" / "python"
    run(uv, "pip", "sync", "-q", *CERTIFICATES, "--python", python, "--require-hashes", "requirements/core.txt")
    (wheel,) = (folder / "dist").glob("*.whl")
    run(uv, "pip", "install", "-q", "--python", python, "--no-deps", "--no-index", wheel)
    pinned = (ROOT / "requirements" / "development.txt").read_text(encoding="utf-8")
    wanted = (
        "pytest",
        "hypothesis",
        "inequality",
        "iniconfig",
        "pluggy",
        "pygments",
        "packaging",
        "sortedcontainers",
        "bm25s",
        "cobalt",
        "iso8601",
        "jsonschema-rs",
        "krippendorff",
        "cloudpickle",
        "dask",
        "distributed",
        "faiss-cpu",
        "fsspec",
        "importlib-metadata",
        "lazy-importer",
        "locket",
        "msgpack",
        "partd",
        "psutil",
        "pyyaml",
        "tblib",
        "toolz",
        "tornado",
        "urllib3",
        "zict",
        "zipp",
        "pymerkle",
        "cachetools",
        *("arabic-reshaper", "fonttools", "fpdf2", "matplotlib", "pillow", "python-bidi", "uharfbuzz"),
        "pytest-socket",
        "pytest-randomly",
        "pytest-xdist",
        "execnet",
        "faiss-cpu",
        *(
            "cloudpickle",
            "dask",
            "distributed",
            "fsspec",
            "importlib-metadata",
            "lazy-importer",
            "locket",
            "msgpack",
            "partd",
            "psutil",
        ),
        *("pyyaml", "tblib", "toolz", "tornado", "urllib3", "zict", "zipp"),
        *("ortools", "absl-py", "immutabledict", "protobuf"),
    )
    blocks, keep = [], False
    for line in pinned.splitlines():
        if not line.startswith(" "):
            keep = line.split("==")[0].split("[")[0] in wanted
        if keep:
            blocks.append(line)
    tests = folder / "tests.txt"
    tests.write_text("\n".join(blocks) + "\n", encoding="utf-8")
    run(uv, "pip", "install", "-q", *CERTIFICATES, "--python", python, "--no-deps", "--require-hashes", "-r", tests)
    return python


def test_no_server_is_installed(alone: Path) -> None:
    done = subprocess.run([alone, "-c", "import django"], capture_output=True, text=True, check=False, cwd="/")
    assert "No module named 'django'" in done.stderr


def test_the_tests_of_engines_and_file_commands_pass(alone: Path) -> None:
    folders = [t for t in TESTS if (ROOT / t).exists()]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY_", "DJANGO_", "PYTEST_"))}
    environment.pop("CORE_RUNS_ALONE", None)  # here is where they run
    if os.environ.get("COMITY_NO_SKIP"):
        environment["COMITY_NO_SKIP"] = os.environ["COMITY_NO_SKIP"]
    done = subprocess.run(
        [
            alone,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "-n",
            "2",
            "-m",
            "not browser",
            *folders,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_a_server_command_says_what_is_missing(alone: Path) -> None:
    done = subprocess.run([alone, "-m", "comity", "doctor"], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 1
    assert "pip install 'comity[platform]'" in done.stderr
