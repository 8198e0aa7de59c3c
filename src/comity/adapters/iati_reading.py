"""Read activities from a file of IATI 2.01 to 2.03, whoever made it, without trusting any of it.

A file may be hostile, so one that declares a document type is refused before it is parsed, nothing is fetched, and a file is walked
activity by activity: only one stands in memory at a time. An activity that cannot be understood is named by its identifier and
line, and the others are kept. What Comity has no place for is passed over and counted by its path.

Reading is milder than writing, since published files break the rules of the standard: shares that do not sum to 100, or
texts that are missing, are kept as they stand. Codes of embedded lists, days and numbers must be what they say they are.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError, ParserCreate

from comity.adapters.iati_parts import Unclear, read_activity
from comity.errors import BadRow, BrokenFile, EmptyFile, ExternalEntity, FileTooLarge, PathNotFound, UnknownFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from comity.adapters.iati_activities import Activity

VERSIONS = ("2.01", "2.02", "2.03")
MOST_MEGABYTES = 200
MOST_ELEMENTS = 200_000
MOST_REFUSALS = 100
MB = 1_000_000
_PROLOG = 1_000_000
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class ReadActivities:
    """What a file held: its activities in their order, a refusal for each of the others, and what was passed over.

    ``refused`` counts all activities that were refused; ``refusals`` holds the first 100. ``passed_over`` is how often each element
    was met that has no place here, by its path in the activity.
    """

    version: str
    activities: tuple[Activity, ...]
    refusals: tuple[BadRow, ...] = ()
    refused: int = 0
    passed_over: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def read_activities(*, source: Path | bytes, name: str = "") -> ReadActivities:
    """Return the activities of a file; ``name`` is what to call it in refusals, where it is not a path.

    Raises PathNotFound, EmptyFile, FileTooLarge, ExternalEntity, BrokenFile, and UnknownFormat for what is no file of activities or is of
    IATI 1, whose elements mean other things. Each activity that is refused is a BadRow whose row is its line.
    """
    shown = name or (source.name if isinstance(source, Path) else "the file")
    counts: Counter[str] = Counter()
    activities: list[Activity] = []
    refusals: list[BadRow] = []
    refused = 0
    with _open(source, shown) as file:
        _demand_harmless(file, shown)
        walk = _walk(file, shown)
        version = str(next(walk))
        for element in walk:
            try:
                activities.append(read_activity(element=element, counts=counts))
            except Unclear as problem:
                refused += 1
                if len(refusals) < MOST_REFUSALS:
                    refusals.append(BadRow(file=shown, row=problem.line, problem=f"{problem.identifier}: {problem}"))
    return ReadActivities(
        version=version,
        activities=tuple(activities),
        refusals=tuple(refusals),
        refused=refused,
        passed_over=MappingProxyType(dict(sorted(counts.items()))),
    )


def _open(source: Path | bytes, shown: str) -> BinaryIO:
    if isinstance(source, bytes):
        size, file = len(source), io.BytesIO(source)
    else:
        if not source.is_file():
            raise PathNotFound(file=str(source))
        size = source.stat().st_size
    if size > MOST_MEGABYTES * MB:
        raise FileTooLarge(file=shown, found=f"{size / MB:.0f}", allowed=MOST_MEGABYTES)
    if not size:
        raise EmptyFile(file=shown)
    if isinstance(source, bytes):
        return file
    try:
        return source.open("rb")
    except OSError as error:
        raise BrokenFile(file=shown, problem=error.strerror or type(error).__name__) from None


class _Begun(Exception):
    """The prolog is over."""


def _demand_harmless(file: BinaryIO, shown: str) -> None:
    """Read to the first element with a parser that follows nothing, and refuse a document type on the way."""

    def refuse(*_: object) -> None:
        raise ExternalEntity(file=shown)

    def stop(*_: object) -> None:
        raise _Begun

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = stop
    taken = 0
    try:
        while taken < _PROLOG:
            piece = file.read(_PIECE)
            taken += len(piece)
            parser.Parse(piece, not piece)
            if not piece:
                break
    except _Begun:
        file.seek(0)
        return
    except (ExpatError, LookupError, ValueError) as error:
        where = f" at line {error.lineno}" if isinstance(error, ExpatError) else ""
        raise BrokenFile(file=shown, problem=f"it is no XML, or breaks off{where}") from None
    raise BrokenFile(file=shown, problem="no element begins in its first megabyte")


def _walk(file: BinaryIO, shown: str) -> Iterator[Any]:
    """Yield the version first, then the elements of the activities; each is cleared when the next is asked for."""
    from lxml import etree

    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        _, root = next(events)
        if root.getroottree().docinfo.internalDTD is not None:
            raise ExternalEntity(file=shown)
        yield _version_of(root, shown)
        elements = 0
        for event, element in events:
            elements += 1
            if elements > 2 * MOST_ELEMENTS:  # a start and an end for each
                problem = f"one activity holds more than {MOST_ELEMENTS:,} elements, at line {element.sourceline}"
                raise BrokenFile(file=shown, problem=problem)
            if event == "end" and element.getparent() is root:
                elements = 0
                if element.tag == "iati-activity":
                    yield element
                element.clear()
                while element.getprevious() is not None:
                    del root[0]
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise BrokenFile(file=shown, problem=f"its XML breaks off at line {line}, column {column}") from None


def _version_of(root: Any, shown: str) -> str:
    allowed = f"activities of IATI {', '.join(VERSIONS)}"
    if root.tag != "iati-activities":
        name = str(root.tag).rpartition("}")[2]
        raise UnknownFormat(file=shown, kind=f"XML of another kind (root element {name[:60]})", allowed=allowed)
    version = str(root.get("version", "")).strip()
    if version not in VERSIONS:
        kind = f"IATI {version[:20]}" if version else "IATI of no stated version"
        raise UnknownFormat(file=shown, kind=kind, allowed=f"{allowed} (ask the publisher for a file of version 2)")
    return version
