"""The measure of segmentation: which of the units that a careful reader wrote down were found exactly.

A unit is found where a segment, or the first of the segments within it, bears the reader's name and begins with the
reader's words. Where a point repeats the opening of its list, its own words come after that opening. A unit that has a
title and no number is named ``title:...`` by the reader, and is found under that title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPENING = 900
HEAD = 40
_SIGNS = re.compile(r"[\s\uf000-\uf0ff•➢*_-]+")


@dataclass(frozen=True)
class Counted:
    """A unit as the reader wrote it down: its name, the first words of its text, and its title ("" where none)."""

    ref: str
    beginning: str
    title: str = ""


def read_counted(*, path):
    """Return the reader's list of a document: a line for each unit, its name and its first words parted by a tab."""
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines())
    return [Counted(ref, beginning) for ref, beginning in rows]


def find_missed(*, segments, units):
    """Return the units that were not found exactly, each as (name, the words expected, the words found or "")."""
    first = _first_of_each(segments=segments)
    missed = []
    for unit in units:
        segment = first.get(unit.ref)
        if unit.ref.startswith("title:"):
            title = unit.ref.removeprefix("title:")
            segment = next((s for s in segments if f": {s.heading}".endswith(f": {title}")), None)
        said = _fold(segment.text[: OPENING + 2 * HEAD]) if segment else ""
        wanted = _fold(unit.beginning)[:HEAD]
        opened = segment is not None and "__point_" in segment.ref
        if not wanted or not (said.startswith(wanted) or (opened and wanted in said)):
            missed.append((unit.ref, unit.beginning[:HEAD], segment.text[:HEAD] if segment else ""))
    return missed


def find_wrong_titles(*, segments, units):
    """Return the units whose title differs from the reader's, as (name, title expected, title found)."""
    first = _first_of_each(segments=segments)
    return [
        (u.ref, u.title, first[u.ref].heading)
        for u in units
        if u.title and u.ref in first and first[u.ref].heading.rstrip(" .") != u.title.rstrip(" .")
    ]


def _first_of_each(*, segments):
    first = {}
    for segment in segments:
        names = segment.ref.split("__")
        for depth in range(1, len(names) + 1):
            first.setdefault("__".join(names[:depth]), segment)
    return first


def _fold(text):
    return _SIGNS.sub("", text).casefold()
