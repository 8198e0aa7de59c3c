"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from support.clamd import a_clamd, clamd_program

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--force-color-profile=srgb",
]
STRICT = os.environ.get("COMITY_NO_SKIP") == "1"

os.environ.setdefault("COMITY_SECRET_KEY", "a key for tests alone, which signs nothing that anyone keeps")
os.environ.setdefault("COMITY_DATA", str(ROOT / ".comity-test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
# The browser keeps an event loop in the process; tests of tables that run after it in the same process are not async.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

try:
    import django
except ModuleNotFoundError:  # the engines are tested without the server, too
    pass
else:
    django.setup()

(Path(os.environ["COMITY_DATA"]) / "static").mkdir(parents=True, exist_ok=True)

settings.register_profile("comity", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("comity")


def skip_or_fail(reason: str) -> None:
    """Skip visibly; fail where COMITY_NO_SKIP=1 allows no skip."""
    if STRICT:
        pytest.fail(f"{reason} (COMITY_NO_SKIP=1 allows no skip)")
    pytest.skip(reason)


CORE = ("tests/engines/", "tests/adapters/", "tests/cli/files/")
TABLES = frozenset({"db", "transactional_db", "django_db_setup", "templates"})
LONG = (
    *("test_engines_alone", "web/test_canaries", "tests/browser", "record/test_backups"),
    *("site/test_settings", "record/test_killed", "parties/test_table"),
)


def asks_for_tables(item) -> bool:
    """Tell whether a test, or anything that it asks for, uses a database."""
    return item.get_closest_marker("django_db") is not None or not TABLES.isdisjoint(item.fixturenames)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Begin with the files that take longest, longest first, so that none is left to run alone at the end.

    In a run of everything, tests of engines and file commands run once: in the environment that holds nothing else. And on
    PostgreSQL a test of a page that has many cases runs with one: the others are of words and forms, not of tables. A test
    that asks for no database runs on SQLite alone.
    """
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if part in item.nodeid), len(LONG)))
    if os.environ.get("CORE_RUNS_ALONE"):
        twice = [i for i in items if i.nodeid.startswith(CORE) and i.get_closest_marker("browser") is None]
        items[:] = [i for i in items if i not in set(twice)]
        config.hook.pytest_deselected(items=twice)
    if os.environ.get("ONE_CASE_OF_PAGES"):
        seen: set[str] = set()
        later = []
        for item in items:
            name = item.nodeid.partition("[")[0]
            if (name.startswith("tests/web/") and name in seen) or not asks_for_tables(item):
                later.append(item)
            seen.add(name)
        items[:] = [i for i in items if i not in set(later)]
        config.hook.pytest_deselected(items=later)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn every skip, whoever asked for it, into a failure where COMITY_NO_SKIP=1 allows none."""
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and COMITY_NO_SKIP=1 allows no skip: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the project, with files from outside that are not part of it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        skip_or_fail("the folder `shared` is not beside the project; tests on real files need it")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium."""
    found = shutil.which("chromium")
    if found is None:
        skip_or_fail("no Chromium here; install: apt-get install chromium fonts-noto-core fonts-noto-cjk")
    return str(found)


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """The place of a virus scanner of this machine that knows one signature. Its socket's path has to be short."""
    if not clamd_program():
        skip_or_fail("no clamd here; install: apt-get install clamav-daemon")
    with TemporaryDirectory(prefix="clamd") as folder, a_clamd(Path(folder)) as place:
        yield place


@pytest.fixture(scope="session")
def browser(chromium: str):
    """One browser a process: two would share its event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def folder_of_run(tmp_path_factory, request) -> Path:
    """The temporary folder that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if hasattr(request.config, "workerinput") else folder


@pytest.fixture(scope="session")
def templates(folder_of_run):
    """The databases made once in this run, of the kind that it tests, of which its processes take copies."""
    from django.conf import settings

    from support.templates import Templates

    database = settings.DATABASES["default"]
    server = dict(database) if database["ENGINE"].endswith("postgresql") else None
    with Templates(folder_of_run / "templates", server).in_use() as found:
        yield found


@pytest.fixture(scope="session")
def file_templates(folder_of_run):
    """The same in files, for instances that have no other database whatever the run tests."""
    from support.templates import Templates

    with Templates(folder_of_run / "file-templates").in_use() as found:
        yield found


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, templates):
    """Begin the database of the tests as a copy of the one that this run has made."""
    from django.db import connection

    templates.tables()
    if templates.server is not None:
        connection.settings_dict["TEST"]["TEMPLATE"] = f"tables_{templates.mark}"
        yield
        return
    kept = templates.fill_memory(connection.creation._get_test_db_name())
    yield
    kept.close()
