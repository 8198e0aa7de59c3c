"""Several sources of one commons: content comes from the nearest that gives it, and what proves it is asked of them in their order.

How near a source is, is measured by the time of a small first request. One whose bytes are not what was released is asked no more.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from comity.adapters.commons_catalogues import check_version, read_json
from comity.adapters.commons_sources import HttpCommons, settle_address
from comity.errors import BadParameter, ComityError, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from comity.adapters.commons_catalogues import Evidence, ListedVersion, ReleasedFile
    from comity.adapters.commons_sources import CommonsSource
    from comity.engines.record.notes import VerifierKey

FIRST = 1 << 17
"""Bytes of the request by which nearness is measured, at most."""
WAIT = 5.0
"""Seconds after which a source that has not given them is as far as one that gives nothing."""
MOST_MIRRORS = 16
MOST_LIST = 1_000_000
ATTEMPTS = 3
ATTEMPTS_FIRST = 5
SLOWEST = 2048
"""Bytes a second below which another source is asked."""
SAME = "same"
Answer = TypeVar("Answer")


@dataclass(slots=True)
class SeveralCommons:
    """Sources in the order in which they were named; the first is the origin."""

    sources: list[CommonsSource]
    clock: Callable[[], float] = time.monotonic
    given_up: list[str] = field(default_factory=list)
    _nearest: list[CommonsSource] | None = None
    _silent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Have less patience with each where another can be asked."""
        for number, source in enumerate(self.sources):
            if isinstance(source, HttpCommons):
                source.attempts, source.slowest = (ATTEMPTS, SLOWEST) if number else (ATTEMPTS_FIRST, source.slowest)

    @property
    def name(self) -> str:
        """The first."""
        return self.sources[0].name

    def close(self) -> None:
        """Let go of all lines."""
        for source in self.sources:
            source.close()

    def catalogue(self) -> bytes:
        """Return the catalogue of the first that answers."""
        return self._ask(lambda source: source.catalogue())

    def evidence(self, version: ListedVersion, /) -> Evidence:
        """Return what the first that has it gives to prove a version."""
        return self._ask(lambda source: source.evidence(version))

    def chunk_rows(self, sha256: str, /) -> object:
        """Return the pieces that the first that has them states."""
        return self._ask(lambda source: source.chunk_rows(sha256))

    def read(self, sha256: str, start: int, length: int, /) -> Iterator[bytes]:
        """Yield bytes of content from the nearest."""
        return self.readers()[0].read(sha256, start, length)

    def readers(self) -> tuple[CommonsSource, ...]:
        """Return who may be asked for content, the nearest first."""
        return tuple(self._nearest if self._nearest is not None else self.sources)

    def measure(self, file: ReleasedFile) -> None:
        """Measure once how near each source is, by the first bytes of a file. Those that do not give them come last."""
        if self._nearest is not None or len(self.sources) == 1:
            return
        took = [float("inf")] * len(self.sources)

        def try_out(number: int) -> None:
            begun = self.clock()
            if _gives(self.sources[number], file):
                took[number] = self.clock() - begun

        runs = [threading.Thread(target=try_out, args=(n,), daemon=True) for n in range(len(self.sources))]
        for run in runs:
            run.start()
        until = time.monotonic() + WAIT
        for run in runs:
            run.join(max(0.0, until - time.monotonic()))
        order = sorted(range(len(self.sources)), key=list(took).__getitem__)
        self._nearest = [self.sources[n] for n in order]

    def give_up(self, source: CommonsSource) -> None:
        """Ask a source for content no more, unless it is the last."""
        self.given_up.append(source.name)
        rest = [one for one in self.readers() if one is not source]
        self._nearest = rest or [source]

    def _ask(self, question: Callable[[CommonsSource], Answer], /) -> Answer:
        first: ComityError | None = None
        for source in self.in_order():
            try:
                return question(source)
            except (NotFound, Unreachable) as error:
                first = first or error
                self.note_silence(source, error)
        raise first or Unreachable(address=self.name, problem="no source is named")

    def in_order(self) -> tuple[CommonsSource, ...]:
        """Return the sources as they were named, those that did not answer after the others."""
        return tuple(sorted(self.sources, key=lambda source: source.name in self._silent))

    def note_silence(self, source: CommonsSource, error: ComityError) -> None:
        """Ask a source that does not answer after the others from now on."""
        if isinstance(error, Unreachable):
            self._silent.add(source.name)


def sources_of(source: CommonsSource, /) -> tuple[CommonsSource, ...]:
    """Return the sources that one stands for, in the order in which they are asked."""
    return source.in_order() if isinstance(source, SeveralCommons) else (source,)


def readers_of(source: CommonsSource, file: ReleasedFile, /) -> tuple[CommonsSource, ...]:
    """Return the sources to be asked for a file, the nearest first."""
    if not isinstance(source, SeveralCommons):
        return (source,)
    source.measure(file)
    return source.readers()


def prove_version(
    *, source: CommonsSource, version: ListedVersion, keys: Sequence[VerifierKey]
) -> tuple[Evidence, tuple[ReleasedFile, ...]]:
    """Return what proves a version and the files that it lists, from the first source whose proof holds.

    Raises what the first of them raised where none does.
    """
    first: ComityError | None = None
    for one in sources_of(source):
        try:
            evidence = one.evidence(version)
            return evidence, check_version(version=version, evidence=evidence, keys=keys)
        except ComityError as error:
            first = first or error
            if isinstance(source, SeveralCommons):
                source.note_silence(one, error)
    raise first or NotFound(reference=version.reference)


def join_sources(*, sources: Sequence[CommonsSource], nearest: bool = False) -> CommonsSource:
    """Return sources as one; with ``nearest`` also the mirrors, if any, that the first lists as having what it has."""
    found = list(sources)
    if nearest and isinstance(found[0], HttpCommons):
        known = {source.name for source in found}
        try:
            listed = [address for address in list_mirrors(content=found[0].mirrors()) if address not in known]
        except (NotFound, Unreachable):
            listed = []
        found += [HttpCommons(address=address, pace=found[0].pace) for address in listed[:MOST_MIRRORS]]
    return found[0] if len(found) == 1 else SeveralCommons(found)


def list_mirrors(*, content: bytes) -> list[str]:
    """Return the addresses of mirrors that were found to hold what the server holds, each once. Raises NotAsReleased for no list.

    >>> list_mirrors(content=b'{"mirrors": [{"address": "https://a.example/hub", "result": "same"}, {"address": "file:///etc"}]}')
    ['https://a.example']
    """
    rows = read_json(content=content, what="the list of mirrors", most=MOST_LIST).get("mirrors")
    found: dict[str, None] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("result") == SAME:
            try:
                found[settle_address(str(row.get("address")))] = None
            except BadParameter:
                continue
    return list(found)


def _gives(source: CommonsSource, file: ReleasedFile, /) -> bool:
    """Tell whether a source gives the first bytes of a file, on a line of its own where it is another machine."""
    length = min(FIRST, file.size)
    if isinstance(source, HttpCommons):
        source = HttpCommons(address=source.address, attempts=1, patience=WAIT, pause=lambda _: None)
    try:
        return sum(len(block) for block in source.read(file.sha256, 0, length)) == length
    except ComityError:
        return False
    finally:
        source.close()
