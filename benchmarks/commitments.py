"""How well goals, actions, dates, indicators and owners are read: sentences in nine languages, labelled by hand before any rule was written.

Sentences marked ``held out`` were labelled before any rule was written, and not looked at while the rules were mended; those marked ``after``
were written after the rules, to be hard for them, and not looked at either. The same hand wrote the sentences in languages
other than English, their labels and the rules, so their figures flatter; the English ones marked ``corpus`` are of the worked example.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

from comity.engines.alignment.commitments import Commitment, read_commitment
from comity.engines.alignment.texts import Provision

LABELS = Path(__file__).resolve().parent / "commitments.csv"
FIELDS = {"date": "dates", "indicator": "indicators", "owner": "owners"}


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |")


def judge(*, labels: list[dict[str, str]], exact: bool = False) -> dict[str, tuple[int, int, int]]:
    """Return (right, found, labelled) for the kinds and each field. Words are right that overlap the labelled ones, or equal them."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for label in labels:
        found = read_commitment(provision=Provision("i", "r", "", "", label["text"], label["language"]))
        for kind in ("goal", "action"):
            counts[kind][0] += found is not None and found.kind == kind == label["kind"]
            counts[kind][1] += found is not None and found.kind == kind
            counts[kind][2] += label["kind"] == kind
        for field, name in FIELDS.items():
            given = values(found, name)
            wanted = [w for w in label[field].split("|") if w]
            spans = [(label["text"].index(w), label["text"].index(w) + len(w)) for w in wanted]
            right = sum(any(fits(g, s, exact=exact) for s in spans) for g in given)
            counts[field][0] += min(right, len(spans))
            counts[field][1] += len(given)
            counts[field][2] += len(spans)
    return {k: (a, b, c) for k, (a, b, c) in counts.items()}


def values(found: Commitment | None, name: str) -> list[tuple[int, int]]:
    """Return where the values of a field stand."""
    return [] if found is None else [(q.start, q.end) for q in getattr(found, name)]


def fits(a: tuple[int, int], b: tuple[int, int], *, exact: bool) -> bool:
    """Tell whether two spans are equal, or overlap."""
    return a == b if exact else a[0] < b[1] and b[0] < a[1]


def main() -> None:
    """Print precision and recall for each field, language and half."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    names = ("goal", "action", *FIELDS)
    for half in ("after", "held out", "looked at"):
        print(f"\n### {half.capitalize()}: precision / recall (labelled)\n")
        row("language", "sentences", *names)
        row(*["---"] * (2 + len(names)))
        groups = [
            (x, [r for r in labels if r["language"] == x and r["source"].startswith("own")])
            for x in sorted({r["language"] for r in labels})
        ]
        groups.insert(0, ("en, worked example", [r for r in labels if r["source"].startswith("corpus")]))
        groups.append(("all", labels))
        for name, of in groups:
            mine = [r for r in of if r["half"] == half]
            counts = judge(labels=mine)
            row(name, len(mine), *(share(*counts[k]) for k in names))
        exact = judge(labels=[r for r in labels if r["half"] == half], exact=True)
        row("all, words equal", "", "", "", *(share(*exact[k]) for k in FIELDS))
    if "--misses" in sys.argv:
        show_misses([r for r in labels if r["half"] == "looked at"])


def share(right: int, found: int, labelled: int) -> str:
    """Return precision and recall as text, with the count they rest on."""
    precision = f"{right / found:.2f}" if found else "none found"
    return f"{precision} / {right / labelled:.2f} ({labelled})" if labelled else f"{precision} / - (0)"


def show_misses(labels: list[dict[str, str]]) -> None:
    """Print what was read otherwise than labelled, in the half that may be looked at."""
    for label in labels:
        found = read_commitment(provision=Provision("i", "r", "", "", label["text"], label["language"]))
        kind = found.kind if found else "neither"
        said = {f: "|".join(q.text for q in getattr(found, n)) if found else "" for f, n in FIELDS.items()}
        if kind != label["kind"] or any(said[f] != label[f] for f in FIELDS):
            print(
                label["language"],
                label["text"],
                "\n   ",
                label["kind"],
                [label[f] for f in FIELDS],
                "\n   ",
                kind,
                list(said.values()),
            )


if __name__ == "__main__":
    main()
