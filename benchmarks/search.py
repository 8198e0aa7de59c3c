"""Search of the worked example: what the names of topics find in six languages, and how long an answer takes.

A name of a topic is the query; right is a provision that people coded with that topic. The names in other languages than
English are machine translations. Seconds are those of a real server on SQLite, over loopback.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import tomllib
import urllib.request
from pathlib import Path
from urllib.parse import quote

import numpy as np

from comity.adapters.embedders import DEFAULT, open_embedder
from comity.adapters.readers import read_instrument_file, read_scheme
from comity.engines.alignment.dense import take_best
from comity.engines.alignment.lexical import index_texts, score_words
from comity.engines.alignment.ranks import fuse_ranks
from comity.engines.alignment.texts import embedded_text
from comity.engines.alignment.tokens import tokens_of

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "src" / "comity" / "example"
sys.path.insert(0, str(ROOT / "tests"))

from support.instance import Instance  # noqa: E402  (beside the tests)

LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
FIRST = 10
LEAST = 0.22
QUERIES = (
    "human oversight",
    "رقابة بشرية",
    "transparence des algorithmes",
    "ответственность за вред",
    "生成内容标识",
    "children online safety",
    "AI systems risk",
    "usimamizi wa binadamu",
)
REPEATS = 10


def names_of_topics() -> dict[str, dict[str, str]]:
    """Return the names of each topic by language."""
    translated = tomllib.loads((EXAMPLE / "topics_translations.toml").read_text(encoding="utf-8"))["topic"]
    return {
        t.id: {"en": t.label} | {language: text["label"] for language, text in translated[t.id].items()}
        for t in read_scheme(path=EXAMPLE / "topics.toml").topics
    }


def print_what_is_found() -> None:
    """Print the share of right ones among the first ten, by words, by meaning and by both."""
    scheme = read_scheme(path=EXAMPLE / "topics.toml")
    provisions = [
        p
        for path in sorted((EXAMPLE / "instruments").glob("*.toml"))
        for p in read_instrument_file(path=path, scheme=scheme)[1]
    ]
    index = index_texts(
        texts=[tokens_of(text=f"{p.label} {p.heading} {p.text}", language=p.language) for p in provisions]
    )
    embedder = open_embedder(name=DEFAULT)
    assert embedder is not None
    vectors = embedder.embed([embedded_text(p) for p in provisions])
    names = names_of_topics()
    print(f"{len(names)} names of topics, {len(provisions)} provisions; precision of the first {FIRST}.\n")
    print("| language | by words | by meaning | both | found by meaning nothing |\n| --- | --- | --- | --- | --- |")
    for language in LANGUAGES:
        shares: list[list[float]] = [[], [], []]
        nothing = 0
        for topic, by_language in names.items():
            query = by_language[language]
            right = np.asarray([topic in p.topics for p in provisions])
            words = score_words(index=index, queries=[tokens_of(text=query, language=language)])
            near = (vectors @ embedder.embed([query])[0])[None, :]
            by_words = [i for i in take_best(scores=words, most=1000)[0] if words[0, i] > 0]
            by_meaning = [i for i in take_best(scores=near, most=100)[0] if near[0, i] >= LEAST]
            nothing += not by_meaning
            for found, ranked in zip(
                shares, (by_words, by_meaning, fuse_ranks(lists=[by_words, by_meaning])), strict=True
            ):
                found.append(float(right[list(ranked[:FIRST])].sum()) / FIRST)
        print(f"| {language} | " + " | ".join(f"{np.mean(s):.2f}" for s in shares) + f" | {nothing} |")


def print_seconds() -> None:
    """Print how long answers take on a real server, and the first of each of its processes."""
    with tempfile.TemporaryDirectory() as scratch:
        one = Instance(Path(scratch) / "data")
        one.start()
        one.wait_until_aligned()
        print("\n| address | median ms | slowest, ms | slowest of the first ten, ms |\n| --- | --- | --- | --- |")
        for path in ("/alignment/search?q=", "/api/v1/search?q="):
            seconds = []
            for query in QUERIES * REPEATS:
                started = time.perf_counter()
                with urllib.request.urlopen(one.address + path + quote(query), timeout=30) as answer:
                    answer.read()
                seconds.append(1000 * (time.perf_counter() - started))
            later = seconds[10:]
            print(f"| `{path}` | {statistics.median(later):.0f} | {max(later):.0f} | {max(seconds[:10]):.0f} |")
        one.stop()


if __name__ == "__main__":
    print_what_is_found()
    print_seconds()
