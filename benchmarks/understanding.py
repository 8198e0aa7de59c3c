"""How well topics, strength and addressees are proposed: every instrument of the example left out in turn, and originals labelled by hand."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections import Counter
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from comity.adapters.embedders import open_embedder
from comity.adapters.readers import read_instrument_file, read_scheme
from comity.adapters.stemming import stem_words
from comity.engines.alignment.actor_words import first_actors
from comity.engines.alignment.addressees import propose_addressees
from comity.engines.alignment.ridge import folds_of
from comity.engines.alignment.strength import propose_strengths
from comity.engines.alignment.texts import ADDRESSEES, Provision, embedded_text
from comity.engines.alignment.topics import propose_topics
from comity.engines.alignment.topics_nearest import nearest_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.engines.alignment.texts import Scheme

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "policy"
LABELS = Path(__file__).resolve().parent / "strength_of_originals.csv"
EXAMPLE = Path(str(resources.files("comity.example")))
BANDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def row(*cells: object) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def head(*cells: str) -> None:
    """Print the head of a Markdown table."""
    row(*cells)
    row(*["---"] * len(cells))


def topics(provisions: Sequence[Provision], scheme: Scheme) -> None:
    """Print micro-F1 for each facet, beside the nearest neighbours, and how far the probabilities hold."""
    model = open_embedder(name="use-multilingual")
    assert model is not None
    vectors = model.embed([embedded_text(p) for p in provisions])
    labels = model.embed([f"{t.label}. {t.definition}" for t in scheme.topics])
    ridge: dict[str, tuple[str, ...]] = {}
    near: dict[str, tuple[str, ...]] = {}
    chances: list[tuple[float, bool]] = []
    people = {p.id: p.topics for p in provisions}
    started = time.perf_counter()
    for instrument in sorted({p.instrument for p in provisions}):
        asked = [replace(p, topics=()) if p.instrument == instrument else p for p in provisions]
        given = {"vectors": vectors, "topic_vectors": labels, "languages": model.languages}
        found = propose_topics(provisions=asked, scheme=scheme, stem=stem_words, **given)
        ridge |= {name: proposed.topics for name, proposed in found.items()}
        chances += [
            (c, t in people[name]) for name, f in found.items() for t, c in zip(f.topics, f.chances, strict=True)
        ]
        near |= nearest_topics(provisions=asked, scheme=scheme, **given)
    print(f"\n### Topics, each of 48 instruments left out ({time.perf_counter() - started:.0f} s)\n")
    head("facet", "Comity, micro-F1", "nearest neighbours", "topics that people named")
    facet = {t.id: t.facet for t in scheme.topics}
    for name in (*dict.fromkeys(facet.values()), "all"):
        of = {t for t in facet if name in {facet[t], "all"}}
        wanted = sum(len(of & set(t)) for t in people.values())
        row(name, f"{micro_f1(ridge, people, of):.3f}", f"{micro_f1(near, people, of):.3f}", wanted)
    chief = sum(bool(ridge.get(p.id)) and ridge[p.id][0] == p.topics[0] for p in provisions)
    print(f"\nThe chief topic is the one that people named for {chief / len(provisions):.3f} of {len(provisions)}.\n")
    reliability(chances)


def micro_f1(found: Mapping[str, tuple[str, ...]], people: Mapping[str, tuple[str, ...]], of: set[str]) -> float:
    """Return F1 over all pairs of a provision and a topic of ``of``."""
    hit = sum(len(set(found.get(name, ())) & set(wanted) & of) for name, wanted in people.items())
    given = sum(len(set(topics) & of) for topics in found.values())
    return 2 * hit / (given + sum(len(set(wanted) & of) for wanted in people.values()))


def reliability(chances: Iterable[tuple[float, bool]]) -> None:
    """Print, for bands of probability, what was said and what came true."""
    head("probability", "n", "said, mean", "came true")
    held = list(chances)
    for low, high in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
        inside = [(c, hit) for c, hit in held if low <= c < high]
        if inside:
            said, true = sum(c for c, _ in inside) / len(inside), sum(hit for _, hit in inside) / len(inside)
            row(f"{low:.1f} to {min(high, 1):.1f}", len(inside), f"{said:.2f}", f"{true:.2f}")


def strength(provisions: Sequence[Provision]) -> None:
    """Print accuracy of strength on instruments left out, how far its probabilities hold, and on originals."""
    judged: list[tuple[float, bool]] = []
    confused: Counter[tuple[str, str]] = Counter()
    for instrument in sorted({p.instrument for p in provisions}):
        asked = [replace(p, modality=None) if p.instrument == instrument else p for p in provisions]
        found = propose_strengths(provisions=asked)
        for p in provisions:
            if p.instrument == instrument and p.id in found:
                judged.append((found[p.id].chance or 0.0, found[p.id].modality == p.modality))
                if found[p.id].modality != p.modality:
                    confused[str(p.modality), found[p.id].modality] += 1
    right = sum(hit for _, hit in judged)
    print("\n### Strength, each of 48 instruments left out (English summaries)\n")
    head("judged", "of", "right among the judged", "right among all")
    row(len(judged), len(provisions), f"{right / len(judged):.3f}", f"{right / len(provisions):.3f}")
    print("\nMost often confused: " + "; ".join(f"{a} for {b}, {n}" for (a, b), n in confused.most_common(5)) + ".\n")
    reliability(judged)


def addressees(provisions: Sequence[Provision]) -> None:
    """Print micro-F1 of addressees on instruments left out, beside the commonest class and the first actor that a text names."""
    model = open_embedder(name="use-multilingual")
    assert model is not None
    vectors = model.embed([embedded_text(p) for p in provisions])
    people = {p.id: p.addressees for p in provisions}
    fold = folds_of([p.instrument for p in provisions])
    found: dict[str, tuple[str, ...]] = {}
    chances: list[tuple[float, bool]] = []
    for out in sorted(set(fold.tolist())):
        asked = [replace(p, addressees=()) if f == out else p for p, f in zip(provisions, fold, strict=True)]
        proposed = propose_addressees(provisions=asked, vectors=vectors)
        found |= {name: f.addressees for name, f in proposed.items()}
        chances += [
            (c, a in people[name]) for name, f in proposed.items() for a, c in zip(f.addressees, f.chances, strict=True)
        ]
    commonest = Counter(a for named in people.values() for a in named).most_common(1)[0][0]
    peers = {
        "Comity": found,
        f"always {commonest}": dict.fromkeys(people, (commonest,)),
        "first actor named": {p.id: first_actors(text=p.text, language="en")[:1] for p in provisions},
    }
    print(
        "\n### Addressees, an eighth of the 48 instruments left out at a time, each whole (English summaries): micro-F1\n"
    )
    head("addressee", *peers, "that people named")
    for who in ("all of them", *ADDRESSEES):
        of = set(ADDRESSEES) if who == "all of them" else {who}
        wanted = sum(len(of & set(named)) for named in people.values())
        row(who, *(f"{micro_f1(f, people, of):.3f}" for f in peers.values()), wanted)
    same = sum(set(found.get(name, ())) == set(named) for name, named in people.items())
    print(f"\nThe same set as people named for {same / len(people):.3f} of {len(people)}.\n")
    reliability(chances)


def originals(provisions: Sequence[Provision]) -> None:
    """Print how often strength is right on originals that were labelled by hand, by language."""
    texts = {r["id"]: r["text"] for r in map(json.loads, (SHARED / "provisions.jsonl").open(encoding="utf-8"))}
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    print("\n### Strength of originals labelled by hand\n")
    head("language", "by", "labelled", "judged", "right among the judged")
    for language in ("en", "ko", "pt", "zh"):
        mine = [r for r in labels if r["language"] == language]
        asked = [Provision("original", r["id"], "", "", texts[r["id"]], language) for r in mine]
        assert all(hashlib.sha256(texts[r["id"]].encode()).hexdigest() == r["text_sha256"] for r in mine)
        found = propose_strengths(provisions=[*provisions, *asked])
        right = sum(found[p.id].modality == r["strength"] for p, r in zip(asked, mine, strict=True) if p.id in found)
        judged = sum(p.id in found for p in asked)
        maker = next(found[p.id].maker for p in asked if p.id in found)
        row(language, maker, len(mine), judged, f"{right / judged:.3f}")


def main() -> None:
    """Print every table."""
    scheme = read_scheme(path=EXAMPLE / "topics.toml")
    files = [read_instrument_file(path=p, scheme=scheme) for p in sorted((EXAMPLE / "instruments").glob("*.toml"))]
    provisions = [p for _, parts, _ in files for p in parts]
    topics(provisions, scheme)
    strength(provisions)
    addressees(provisions)
    if SHARED.is_dir():
        originals(provisions)


if __name__ == "__main__":
    main()
