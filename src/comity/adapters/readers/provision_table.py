"""Provision tables are spreadsheets saved as CSV, one provision a row, as a ministry keeps them: each mistake is named by its row."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from comity.adapters.readers.document import DEFAULT_LIMITS, Document
from comity.adapters.readers.files import read_regular_file, show_name
from comity.adapters.readers.instruments import MOST_PROVISIONS
from comity.adapters.readers.plain import decode_text
from comity.adapters.readers.reading import choose_language
from comity.adapters.readers.tables import REF
from comity.engines.alignment.texts import ADDRESSEES, CODER, MODALITIES, Block, Provision
from comity.errors import BadRow, EmptyFile

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from comity.adapters.readers.document import ReadingLimits
    from comity.engines.alignment.texts import Scheme

NEEDED = "text"
COLUMNS = ("ref", "label", "heading", NEEDED, "modality", "topics", "addressees")
MOST_TEXT = 20_000
MOST_HEADING = 300
MOST_TOPICS = 3
_FORMULA = ("'=", "'+", "'-", "'@")


def read_provision_table(
    *, path: Path, scheme: Scheme | None = None, limits: ReadingLimits = DEFAULT_LIMITS
) -> tuple[Document, tuple[Provision, ...]]:
    """Return a table as a document, and its provisions in their order, their instrument still unnamed.

    The first row names the columns: ``text`` is needed; ``ref``, ``label``, ``heading``, ``modality``, ``topics`` and
    ``addressees`` may stand beside it, the last two with several values parted by ``;`` or ``|``. Commas, semicolons or tabs part
    the columns. Where ``ref`` is left out, rows are numbered ``para_1`` and so on. Topics are checked where a ``scheme`` is given.
    Raises EmptyFile, BadRow naming the first row that cannot be used, and the errors of reading a file.
    """
    shown = show_name(path=path)
    data = read_regular_file(path=path, limits=limits)
    text = decode_text(data=data, shown=shown, declared="")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = _header([c.strip().lower() for c in next(rows, [])], file=shown)
        found: list[Provision] = []
        lines: dict[str, int] = {}
        for cells in rows:
            if not any(c.strip() for c in cells):
                continue
            number = rows.line_num
            provision = _provision(
                _row(header, cells, file=shown, number=number), number, len(found) + 1, scheme, shown
            )
            if provision.ref in lines:
                raise BadRow(
                    file=shown,
                    row=number,
                    problem=f'"{provision.ref}" is the ref of row {lines[provision.ref]} too; give each its own',
                )
            lines[provision.ref] = number
            found.append(provision)
            if len(found) > MOST_PROVISIONS:
                raise BadRow(file=shown, row=number, problem=f"at most {MOST_PROVISIONS} rows are read; split the file")
    except csv.Error as error:
        raise BadRow(file=shown, row=rows.line_num, problem=f"{error}; save the table as CSV again") from None
    if not found:
        raise EmptyFile(file=shown)
    blocks = tuple(Block(text=p.text) for p in found)
    language = choose_language(path=path, declared="", blocks=blocks)
    document = Document(
        path=path,
        format="csv",
        blocks=blocks,
        title="",
        language=language,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=0,
    )
    return document, tuple(replace(p, language=language) for p in found)


def _delimiter(text: str) -> str:
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def _header(names: list[str], *, file: str) -> list[str]:
    unknown = [n for n in names if n not in COLUMNS]
    problem = ""
    if NEEDED not in names:
        problem = f'there is no column "{NEEDED}"'
    elif unknown:
        problem = f'the column "{unknown[0][:40]}" is not known'
    elif len(set(names)) < len(names):
        problem = "a column stands twice"
    if problem:
        raise BadRow(
            file=file, row=1, problem=f"{problem}; the columns of a table of provisions are {', '.join(COLUMNS)}"
        )
    return names


def _row(header: list[str], cells: list[str], *, file: str, number: int) -> dict[str, str]:
    if len(cells) > len(header):
        problem = f"it has {len(cells)} cells and the first row names {len(header)}; put quotation marks around text"
        raise BadRow(file=file, row=number, problem=problem)
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return {
        name: " ".join((cell[1:] if cell.startswith(_FORMULA) else cell).split())
        for name, cell in zip(header, padded, strict=True)
    }


def _provision(row: Mapping[str, str], number: int, place: int, scheme: Scheme | None, file: str) -> Provision:
    def refuse(column: str, found: str, allowed: str) -> BadRow:
        return BadRow(file=file, row=number, problem=f'{column} is "{found[:60]}"; allowed is {allowed}')

    def several(column: str, allowed: Collection[str] | None) -> tuple[str, ...]:
        values = dict.fromkeys(v.strip() for v in row.get(column, "").replace("|", ";").split(";") if v.strip())
        for value in values:
            if allowed is not None and value not in allowed:
                raise refuse(column, value, ", ".join(sorted(allowed)[:20]))
        return tuple(values)

    text, heading, ref = row[NEEDED], row.get("heading", ""), row.get("ref", "") or f"para_{place}"
    if not 0 < len(text) <= MOST_TEXT:
        raise refuse(NEEDED, f"{len(text)} characters", f"1 to {MOST_TEXT} characters")
    if len(heading) > MOST_HEADING:
        raise refuse("heading", f"{len(heading)} characters", f"at most {MOST_HEADING} characters")
    if not REF.fullmatch(ref) or len(ref) > 120:  # noqa: PLR2004  (the width of the table)
        raise refuse("ref", ref, "a name such as art_14__para_2")
    modality = row.get("modality", "") or None
    if modality is not None and modality not in MODALITIES:
        raise refuse("modality", modality, ", ".join(MODALITIES))
    topics = several("topics", None if scheme is None else [t.id for t in scheme.topics])
    if len(topics) > MOST_TOPICS:
        raise refuse("topics", "; ".join(topics), f"at most {MOST_TOPICS}, the chief one first")
    return Provision(
        instrument="",
        ref=ref,
        label=(row.get("label", "") or str(place))[:120],
        heading=heading,
        text=text,
        language="und",
        modality=modality,
        addressees=several("addressees", ADDRESSEES),
        topics=topics,
        topics_by=CODER if topics else "",
    )
