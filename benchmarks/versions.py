"""Versions of an instrument: what a comparison tells, against a plain difflib and against the numbers of provisions alone.

The texts are real (the documents in ``shared``), the edits synthetic and seeded: provisions put in and taken out with or
without new numbers, words changed, typography changed, splits, mergers, swaps. A change counts as found where its kind and the
provisions on both sides are the true ones.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.country_data import read_atlas
from comity.adapters.folder import gather_folder
from comity.adapters.readers import read_scheme
from comity.engines.alignment.changes import KINDS
from comity.engines.alignment.tokens import pieces_of
from comity.engines.alignment.versions import compare_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.engines.alignment.texts import Provision

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT.parent / "shared" / "data" / "policy" / "documents"
SEEDS = range(5, 15)
SEEDS_OF_CHOICE = range(5)
EDITS = ("changed", "rewritten", "reworded", "added", "repealed", "split", "merged", "moved")
SENTENCE = re.compile(r"(?<=[.;。；])\s*")
LEAST_TO_SPLIT = 80
RATIO = 0.6

Told = set[tuple[str, tuple[int, ...], tuple[int, ...]]]


@dataclass
class Item:
    """A provision of the new version while it is being made: its text, and the old ones that it goes back to."""

    text: str
    old: tuple[int, ...]
    kind: str = ""


def read_documents() -> dict[str, list[Provision]]:
    """Return the provisions of each real document."""
    scheme = read_scheme(path=ROOT / "src" / "comity" / "example" / "topics.toml")
    gathered = gather_folder(paths=[DOCUMENTS], scheme=scheme, atlas=read_atlas())
    found: dict[str, list[Provision]] = defaultdict(list)
    for p in gathered.collection.provisions:
        found[p.instrument].append(p)
    return found


def edited(
    provisions: Sequence[Provision], foreign: Sequence[Provision], *, seed: int, is_renumbered: bool
) -> tuple[list[Provision], Told]:
    """Return a new version and what is true of it. About a quarter of the provisions are touched, each once."""
    draw = random.Random(f"{provisions[0].instrument} {seed} {is_renumbered}")  # noqa: S311  (seeded, no secret)
    rows: list[list[Item]] = [[Item(p.text, (i,))] for i, p in enumerate(provisions)]
    free = set(range(len(provisions)))
    for _ in range(max(4, len(provisions) // 4)):
        edit, i = draw.choice(EDITS), draw.randrange(len(provisions))
        if i in free:
            _edit(edit, i, rows=rows, free=free, draw=draw, provisions=provisions, foreign=foreign)
    items = [item for row in rows for item in row]
    refs = _refs(items, provisions, is_renumbered=is_renumbered)
    new, truth = [], set()
    for item, ref in zip(items, refs, strict=True):
        first = provisions[item.old[0]] if item.old else provisions[0]
        new.append(replace(first, ref=ref, heading=first.heading if item.old else "", text=item.text))
    parts: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for j, item in enumerate(items):
        if item.kind == "split":
            parts[item.old].append(j)
            continue
        kind = item.kind or ("unchanged" if new[j].ref == provisions[item.old[0]].ref else "renumbered")
        truth.add((kind, item.old, (j,)))
    truth |= {("split", old, tuple(group)) for old, group in parts.items()}
    kept = {i for item in items for i in item.old}
    truth |= {("repealed", (i,), ()) for i in range(len(provisions)) if i not in kept}
    return new, truth


def _edit(edit, i, *, rows, free, draw, provisions, foreign) -> None:  # noqa: ANN001, C901  (the parts of edited, above; a branch an edit)
    text = provisions[i].text
    if edit in {"changed", "rewritten"}:
        changed = _other_words(text, foreign, draw, share=0.1 if edit == "changed" else 0.35)
        rows[i] = [Item(changed, (i,), "changed")]
        free.discard(i)
    elif edit == "reworded":
        typeset = text.replace('"', "“").replace("-", "\u2011").replace(" ", "\u00a0", 1).replace(";", " ;") + " "
        if typeset.strip() != text:
            rows[i] = [Item(typeset, (i,), "reworded")]
            free.discard(i)
    elif edit == "added":
        rows[i].append(Item(draw.choice(foreign).text, (), "added"))
    elif edit == "repealed":
        rows[i] = []
        free.discard(i)
    elif edit == "split":
        pieces = [s for s in SENTENCE.split(text) if s]
        cut = len(pieces) // 2
        first, second = " ".join(pieces[:cut]), " ".join(pieces[cut:])
        if min(len(first), len(second)) * (3 if provisions[i].language in {"zh", "ko"} else 1) >= LEAST_TO_SPLIT:
            rows[i] = [Item(first, (i,), "split"), Item(second, (i,), "split")]
            free.discard(i)
    elif edit == "merged":
        if i + 1 in free and len(rows[i]) == 1 and len(text) * 10 > len(provisions[i + 1].text) > len(text) / 10:
            rows[i] = [Item(f"{text} {provisions[i + 1].text}", (i, i + 1), "merged")]
            rows[i + 1] = [item for item in rows[i + 1] if not item.old]
            free -= {i, i + 1}
    elif edit == "moved":
        far = [k for k in sorted(free) if abs(k - i) > 3 and len(rows[k]) == 1]
        if far and len(rows[i]) == 1 and text not in {p.text for n, p in enumerate(provisions) if n != i}:
            k = draw.choice(far)
            # Taken from i and put in behind k: the rest keeps its order.
            rows[i] = []
            rows[k].append(Item(text, (i,), "moved"))
            free -= {i, k}


def _other_words(text: str, foreign: Sequence[Provision], draw: random.Random, *, share: float) -> str:
    pieces = list(pieces_of(text=text))
    words = [n for n, piece in enumerate(pieces) if piece[0].isalnum()]
    others = [w for w in pieces_of(text=draw.choice(foreign).text) if w[0].isalnum()]
    for n in draw.sample(words, k=max(1, round(len(words) * share))):
        pieces[n] = draw.choice(["", draw.choice(others), pieces[n] + " " + draw.choice(others)])
    return "".join(pieces).strip() or "-"


def _refs(items: Sequence[Item], provisions: Sequence[Provision], *, is_renumbered: bool) -> list[str]:
    """Number anew from first to last, or keep the numbers and give what is new a letter."""
    refs = [p.ref for p in provisions]
    if is_renumbered:
        return [refs[j] if j < len(refs) else f"{refs[-1]}_{j}" for j in range(len(items))]
    found, used = [], set()
    for item in items:
        ref = refs[item.old[0]] if item.old else f"{found[-1]}a" if found else "art_0"
        while ref in used:
            ref += "a"
        used.add(ref)
        found.append(ref)
    return found


def by_comity(old: Sequence[Provision], new: Sequence[Provision]) -> Told:
    """What the engine tells."""
    return {(c.kind, c.old, c.new) for c in compare_versions(old=old, new=new)}


def by_difflib(old: Sequence[Provision], new: Sequence[Provision]) -> Told:
    """Plain difflib: equal runs of texts, and within a replaced run the likest pair by pair."""
    a, b = [p.text for p in old], [p.text for p in new]
    told: Told = set()
    for tag, i, j, k, n in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            told |= {
                ("unchanged" if old[x].ref == new[y].ref else "renumbered", (x,), (y,))
                for x, y in zip(range(i, j), range(k, n), strict=True)
            }
            continue
        left = set(range(k, n))
        for x in range(i, j):
            ratios = {y: SequenceMatcher(None, a[x].split(), b[y].split(), autojunk=False).ratio() for y in left}
            best = max(sorted(ratios), key=ratios.__getitem__, default=None)
            if best is None or ratios[best] < RATIO:
                told.add(("repealed", (x,), ()))
                continue
            left.discard(best)
            told.add(("changed", (x,), (best,)))
        told |= {("added", (), (y,)) for y in left}
    return told


def by_number(old: Sequence[Provision], new: Sequence[Provision]) -> Told:
    """The same number is the same provision."""
    at = {p.ref: j for j, p in enumerate(new)}
    told: Told = set()
    for i, p in enumerate(old):
        j = at.pop(p.ref, None)
        if j is None:
            told.add(("repealed", (i,), ()))
        else:
            told.add(("unchanged" if p.text == new[j].text else "changed", (i,), (j,)))
    return told | {("added", (), (j,)) for j in at.values()}


WAYS: dict[str, Callable[[Sequence[Provision], Sequence[Provision]], Told]] = {
    "Comity": by_comity,
    "difflib": by_difflib,
    "numbers alone": by_number,
}


def measure(seeds: Sequence[int], ways: Sequence[str]) -> None:
    """Print precision and recall of each kind for each way, by whether numbers were given anew."""
    documents = read_documents()
    for is_renumbered in (False, True):
        true, told, right, seconds = Counter(), Counter(), Counter(), Counter()
        for name, provisions in documents.items():
            foreign = [p for other, held in documents.items() if other != name for p in held]
            same = [p for p in foreign if p.language == provisions[0].language] or foreign
            for seed in seeds:
                new, truth = edited(provisions, same, seed=seed, is_renumbered=is_renumbered)
                true.update(kind for kind, _, _ in truth)
                for way in ways:
                    started = time.process_time()
                    found = WAYS[way](provisions, new)
                    seconds[way] += time.process_time() - started
                    told.update((way, kind) for kind, _, _ in found)
                    right.update((way, kind) for kind, _, _ in found & truth)
        print(f"\n{'numbers given anew' if is_renumbered else 'numbers kept'}\n")
        print("| kind | n |" + "".join(f" {way}: precision | recall |" for way in ways))
        print("|---|---|" + "---|---|" * len(ways))
        for kind in KINDS:
            if not true[kind]:
                continue
            cells = "".join(
                f" {_share(right[way, kind], told[way, kind])} | {_share(right[way, kind], true[kind])} |"
                for way in ways
            )
            print(f"| {kind} | {true[kind]} |{cells}")
        runs = len(documents) * len(seeds)
        print("| CPU ms a comparison | |" + "".join(f" {1000 * seconds[way] / runs:.0f} | |" for way in ways))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "none told"


if __name__ == "__main__":
    if not DOCUMENTS.is_dir():
        print(f"{DOCUMENTS.name} is missing beside the project: nothing was measured.")
        sys.exit(0)
    if sys.argv[1:] == ["--choose"]:
        measure(list(SEEDS_OF_CHOICE), ["Comity"])
    else:
        measure(list(SEEDS), list(WAYS))
