"""Segmentation against careful readers: of the units that a reader counts in each document, how many are found exactly.

A unit is found where the segment that bears its name begins with its words. Beside the share stands how many segments lie in no
unit that the reader counted: what segmentation takes for a provision and the reader does not; guidelines have text of that kind
between what was counted. Real documents and the invented gazettes, whose author knew what to expect, stand apart.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.readers import read_document
from comity.engines.alignment.segmentation import Segment, list_divisions, segment_articles, segment_blocks

if TYPE_CHECKING:
    from comity.adapters.readers import Document

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT.parent / "shared" / "data" / "policy" / "documents"
READER = ROOT / "tests" / "engines" / "alignment" / "careful_reader"
sys.path.insert(0, str(ROOT / "tests"))

from support.careful_reader import find_missed, read_counted  # noqa: E402  (beside the tests)
from support.gazettes import LANGUAGES, list_counted, read_gazette, write_docx, write_html, write_text  # noqa: E402  (beside the tests)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    language: str
    counted: int
    found: int
    beside: int
    chapters: str


def segments_of(*, document: Document) -> tuple[Segment, ...]:
    """Return the segments of a document, within the articles that it states where it does."""
    if document.articles:
        return segment_articles(articles=document.articles, language=document.language)
    return segment_blocks(blocks=document.blocks, language=document.language)


def count_beside(*, segments: tuple[Segment, ...], names: set[str]) -> int:
    """Count the segments that lie in no unit of these names."""
    titles = {n.removeprefix("title:") for n in names if n.startswith("title:")}
    beside = 0
    for segment in segments:
        steps = segment.ref.split("__")
        within = any("__".join(steps[:depth]) in names for depth in range(1, len(steps) + 1))
        beside += not within and not any(f": {segment.heading}".endswith(f": {t}") for t in titles)
    return beside


def measure_documents() -> list[Row]:
    """Measure the real documents."""
    rows = []
    for counts in tomllib.loads((READER / "counts.toml").read_text(encoding="utf-8"))["document"]:
        document = read_document(path=DOCUMENTS / counts["name"])
        units = read_counted(path=READER / f"{counts['name']}.tsv")
        segments = segments_of(document=document)
        missed = find_missed(segments=segments, units=units)
        chapters = "none"
        if "chapters" in counts:
            divisions = list_divisions(blocks=document.blocks, language=document.language)
            there = [[d.ref, d.first.partition("__")[0]] for d in divisions]
            chapters = f"{sum(c in there for c in counts['chapters'])} of {len(counts['chapters'])}"
        beside = count_beside(segments=segments, names={u.ref for u in units})
        rows.append(Row(counts["name"], document.language, len(units), len(units) - len(missed), beside, chapters))
    return rows


def measure_gazettes() -> list[Row]:
    """Measure the invented gazettes, in three formats each, together for each language."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, language in LANGUAGES.items():
            lines = read_gazette(name=name)
            units, chapters = list_counted(lines=lines)
            found = beside = titled = 0
            for form, data in (
                ("txt", write_text(lines=lines).encode()),
                ("html", write_html(lines=lines, language=language).encode()),
                ("docx", write_docx(lines=lines)),
            ):
                path = Path(folder) / f"{name}.{form}"
                path.write_bytes(data)
                document = read_document(path=path)
                segments = segments_of(document=document)
                found += len(units) - len(find_missed(segments=segments, units=units))
                beside += count_beside(segments=segments, names={u.ref for u in units})
                divisions = list_divisions(blocks=document.blocks, language=document.language)
                titled += sum((d.ref, d.title, d.first) in chapters for d in divisions)
            said = f"{titled} of {3 * len(chapters)}" if chapters else "none"
            rows.append(Row(f"{name}, text, HTML and DOCX", language, 3 * len(units), found, beside, said))
    return rows


def print_table(*, title: str, rows: list[Row]) -> None:
    """Print one table in Markdown."""
    print(f"\n{title}\n")
    print("| document | language | units counted | found exactly | share | segments beside | chapters |")
    print("|---|---|---|---|---|---|---|")
    for row in sorted(rows, key=lambda r: (r.language, r.name)):
        share = f"{row.found / row.counted:.1%}"
        print(
            f"| {row.name} | {row.language} | {row.counted} | {row.found} | {share} | {row.beside} | {row.chapters} |"
        )


def main() -> None:
    """Print the tables."""
    if DOCUMENTS.is_dir():
        print_table(title="Real documents", rows=measure_documents())
    else:
        print("The folder shared with the real documents is missing: they are left out.")
    print_table(title="Invented gazettes", rows=measure_gazettes())


if __name__ == "__main__":
    main()
