"""``./comity test``: lint, types, walls, catalogs, then every test, on SQLite, on PostgreSQL and in a browser.

A stage whose tool this machine lacks is skipped visibly, with the line that installs it; COMITY_NO_SKIP=1 turns each skip
into a failure. ``./comity test PATH ...`` runs pytest alone on those paths.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
sys.path.insert(0, str(ROOT / "tests"))

from support.postgres_cluster import PostgresMissing, running_cluster  # noqa: E402  (beside this file)

STRICT = os.environ.get("COMITY_NO_SKIP") == "1"
# Hundreds of processes start in a run. Without bytecode each compiles Django, numpy and the rest anew, which is most of its start.
BYTECODE = ROOT / ".venv" / "bytecode"
DATABASE_TESTS = ("tests/platform", "tests/web", "tests/example", "tests/api")


def stage(title: str, *command: str | Path, env: dict[str, str] | None = None, last: bool = False) -> None:
    """Run one stage; end everything where it fails."""
    print(f"\n=== {title}", flush=True)
    started = time.monotonic()
    done = subprocess.run([str(c) for c in command], cwd=ROOT, env={**os.environ, **(env or {})}, check=False)
    if done.returncode:
        sys.exit(f"comity test: {title} failed.")
    if not last:  # the runner's own closing line stays the last one
        print(f"    {time.monotonic() - started:.1f} s", flush=True)


def check_texts() -> None:
    """Run the stages that only read the tree, two at a time and the longest first; end everything where one fails."""
    built = Path(os.environ["COMITY_DATA"]) / "docs"
    stages: dict[str, tuple[str | Path, ...]] = {
        "types": (BIN / "mypy",),
        "docs": (BIN / "sphinx-build", "-q", "-W", "-b", "html", "docs", built),
        "docstrings": (BIN / "interrogate", "-q", "src/comity"),
        "format of templates": (BIN / "djlint", "--quiet", "--lint", "src/comity/web/templates"),
        "catalogs": (BIN / "python", "-m", "comity.site.catalogs", "check"),
        "walls": (BIN / "lint-imports", "--no-cache"),
        "lint": (BIN / "ruff", "check", "--quiet", "."),
    }

    def run(command: tuple[str | Path, ...]) -> tuple[int, str, float]:
        started = time.monotonic()
        done = subprocess.run(
            [str(c) for c in command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, time.monotonic() - started

    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {pool.submit(run, command): title for title, command in stages.items()}
        for one in as_completed(running):
            code, said, seconds = one.result()
            print(f"\n=== {running[one]}\n{said}    {seconds:.1f} s", flush=True)
            if code:
                pool.shutdown(wait=False, cancel_futures=True)
                sys.exit(f"comity test: {running[one]} failed.")


def skip(title: str, install: str) -> None:
    """Skip a stage visibly, or fail where nothing may be skipped."""
    message = f"{title} SKIPPED: not on this machine. Install: {install}"
    if STRICT:
        sys.exit(f"comity test: {message} (COMITY_NO_SKIP=1 allows no skip)")
    print(f"\n=== {message}", flush=True)


def main(words: list[str]) -> None:
    """Run the stages in order; the last one is pytest, whose closing line ends the run."""
    scratch = tempfile.mkdtemp(prefix="comity-test-")
    os.environ.update(
        COMITY_DATA=scratch,
        COMITY_SECRET_KEY="a key for tests alone, which signs nothing that anyone keeps",
        DJANGO_SETTINGS_MODULE="comity.site.settings",
        PYTHONWARNINGS="default",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        PYTHONPYCACHEPREFIX=str(BYTECODE),
    )
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.pop("COMITY_DATABASE_URL", None)
    try:
        run_stages(words)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def run_stages(words: list[str]) -> None:
    """Run everything, or pytest alone on the paths given."""
    pytest = (BIN / "python", "-m", "pytest", "-q", "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder")
    if words:
        stage("tests", *pytest, *words, last=True)
        return
    check_texts()
    try:
        with running_cluster() as url:
            stage(
                "tests on PostgreSQL",
                *pytest,
                *(p for p in DATABASE_TESTS if (ROOT / p).exists()),
                env={"COMITY_DATABASE_URL": url, "ONE_CASE_OF_PAGES": "1"},
            )
    except PostgresMissing:
        skip("tests on PostgreSQL", "apt-get install postgresql")
    if not shutil.which("chromium"):
        skip("tests in a browser", "apt-get install chromium fonts-noto-core fonts-noto-cjk")
    once = {"CORE_RUNS_ALONE": "1"}
    stage("tests on SQLite, engines alone, servers and browser", *pytest, "tests", env=once, last=True)


if __name__ == "__main__":
    main(sys.argv[1:])
