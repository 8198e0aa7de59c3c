"""Read what somebody sent in a process of its own: it may be stopped at any moment, and harms nothing but itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.adapters.readers import show_name
from comity.adapters.readers.document import DEFAULT_LIMITS, MB
from comity.engines.alignment.texts import Instrument, Provision
from comity.errors import BrokenFile, ExpandsTooFar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from comity.adapters.readers import ReadingLimits

_SOURCE = str(Path(__file__).resolve().parents[2])
_LOOK_EVERY = 0.5
_CLOCK_FACTOR = 4
_SPENT = {signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGXCPU, signal.SIGKILL}


@dataclass(frozen=True, slots=True)
class Found:
    """What one file held, or the sentence that says why nothing was taken from it; never both."""

    instrument: Instrument | None
    provisions: tuple[Provision, ...]
    refused: str = ""


def read_apart(
    *, path: Path, language: str = "", beat: Callable[[], None], limits: ReadingLimits = DEFAULT_LIMITS
) -> Found:
    """Read one file and split it into provisions. ``language`` is BCP 47, or empty for it to be found.

    ``beat`` is called twice a second and may raise to stop: the reading process is then killed with all that it started.
    What cannot be read comes back as ``refused``; nothing is raised for it.
    """
    shown = show_name(path=path)
    command = [sys.executable, "-P", "-m", "comity.adapters.reading_child", str(path), language]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("COMITY_")},
        "PYTHONPATH": os.pathsep.join([_SOURCE, *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PYTHONUTF8": "1",
    }
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        child = subprocess.Popen(  # noqa: S603  (our own program; the path is one that we made)
            [*command, str(limits.memory_bytes), str(limits.seconds)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
            env=environment,
            start_new_session=True,
        )
        try:
            ended = _watch(child, beat=beat, most=limits.seconds * _CLOCK_FACTOR)
        finally:
            _kill(child)
        said.seek(0)
        complained.seek(0)
        output, trouble = said.read(), complained.read()
    if not ended or -child.returncode in _SPENT or b"MemoryError" in trouble:
        return Found(None, (), str(ExpandsTooFar(file=shown, allowed=round(limits.text_characters / MB))))
    try:
        facts = json.loads(output)
    except ValueError:
        return Found(None, (), str(BrokenFile(file=shown, problem="its reader failed")))
    return found_of(facts)


def _watch(child: subprocess.Popen[bytes], *, beat: Callable[[], None], most: float) -> bool:
    """Wait until the process ends, asking ``beat`` meanwhile; return whether it ended within ``most`` seconds."""
    waited = 0.0
    while waited < most:
        beat()
        try:
            child.wait(timeout=_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            waited += _LOOK_EVERY
        else:
            return True
    return False


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the process and every one that it started; they share a session of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def found_of(facts: Mapping[str, Any], /) -> Found:
    """Return what a reading process wrote, as data."""
    if "refused" in facts:
        return Found(None, (), str(facts["refused"]))
    about = dict(facts["instrument"])
    about["date"] = dt.date.fromisoformat(about["date"]) if about["date"] else None
    about["signatories"] = tuple(about["signatories"])
    tuples = ("addressees", "topics", "topic_chances")
    return Found(
        instrument=Instrument(**about),
        provisions=tuple(Provision(**(row | {k: tuple(row[k]) for k in tuples})) for row in facts["provisions"]),
    )
