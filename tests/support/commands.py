"""Commands of an instance, each in a child of one process that has loaded its settings and rooms: what loads them is paid once.

A child is forked before any database is opened, and knows nothing of the children before it: between two commands stands what
lies in the folder and in the database, and nothing else. Run as a program it takes one request a line. Tests of starting itself
start a process for each command (``tests/site/test_settings.py``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Commands:
    """The commands of one environment; ``close`` ends the process that has loaded it."""

    def __init__(self, environment: dict[str, str], scratch: Path) -> None:
        self.environment = environment
        self.scratch = scratch
        self.process: subprocess.Popen[str] | None = None

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``comity`` with words, as a shell would."""
        return self._ask(words=list(words))

    def execute(self, program: str, *words: str) -> None:
        """Run a text of Python that finds its words in ``sys.argv``; raise where it fails."""
        self._ask(program=program, words=list(words)).check_returncode()

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(timeout=20)
            self.process.stdout.close()
            self.process = None

    def _ask(self, **request: object) -> subprocess.CompletedProcess[str]:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).resolve())],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
        heard = {name: str(self.scratch / f"{name}-{id(self)}") for name in ("output", "errors")}
        self.process.stdin.write(json.dumps({**request, **heard}) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        output, errors = (Path(path).read_text(encoding="utf-8") for path in heard.values())
        return subprocess.CompletedProcess(request["words"], code, output, errors)


def obey(request: dict[str, object]) -> None:
    """Do what one request asks, in a child: its end is the end of the child."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, name in ((1, "output"), (2, "errors")):
        file = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    if "program" in request:
        sys.argv = ["-c", *request["words"]]
        exec(compile(request["program"], "<test>", "exec"), {"__name__": "__main__"})  # noqa: S102  (a constant of a test)
        return
    from comity.cli.main import main

    sys.argv = ["comity", *request["words"]]
    main(prog_name="comity")


def serve() -> None:
    """Load what commands have in common, then fork a child for each request and tell the code that it ends with."""
    from comity.cli.server import open_instance

    open_instance()
    import comity.cli.main
    import comity.cli.server.record
    import comity.platform.record.backups
    import comity.platform.record.sequencer  # noqa: F401  (children find it loaded)

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                obey(json.loads(line))
            except SystemExit:
                raise
            except BaseException:
                traceback.print_exc()
                sys.exit(1)
            sys.exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
