"""The measure of segmentation: which of the units that a careful reader wrote down were found exactly.

A unit is found where a segment, or the first of the segments within it, bears the reader's name and begins with the
reader's words. Where a point repeats the opening of its list, its own words come after that opening.
"""

from __future__ import annotations

OPENING = 900
HEAD = 40


def _fold(text):
    return "".join(text.split()).casefold()


def find_missed(*, segments, units):
    """Return the units that were not found exactly, each as (ref, the words expected, the words found or "")."""
    first = {}
    for segment in segments:
        names = segment.ref.split("__")
        for depth in range(1, len(names) + 1):
            first.setdefault("__".join(names[:depth]), segment)
    missed = []
    for unit in units:
        segment = first.get(unit.ref)
        said = _fold(segment.text[: OPENING + 2 * HEAD]) if segment else ""
        wanted = _fold(unit.beginning)[:HEAD]
        opened = segment is not None and "__point_" in segment.ref
        if not (said.startswith(wanted) or (opened and wanted in said)):
            missed.append((unit.ref, unit.beginning[:HEAD], segment.text[:HEAD] if segment else ""))
    return missed


def find_wrong_titles(*, segments, units):
    """Return the units whose title differs from the reader's, as (ref, title expected, title found)."""
    first = {}
    for segment in segments:
        names = segment.ref.split("__")
        for depth in range(1, len(names) + 1):
            first.setdefault("__".join(names[:depth]), segment)
    return [
        (u.ref, u.title, first[u.ref].heading)
        for u in units
        if u.title and u.ref in first and first[u.ref].heading.rstrip(" .") != u.title.rstrip(" .")
    ]
