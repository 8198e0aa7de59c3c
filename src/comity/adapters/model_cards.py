"""Read what a model card of the Hugging Face hub says at its head: licence, languages, and figures measured per language.

The head is the YAML between two lines of three hyphens. Its licence field is the author's word; the name ``other`` points to
``license_name``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.plain_trees import read_text, read_tree
from comity.adapters.spdx import settle_licence
from comity.engines.commons.manifests import LanguageQuality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from comity.engines.commons.manifests import ReleaseType

MOST_MEGABYTES = 5
MOST_TEXT = 10_000
NO_MEASURE, NO_SOURCE = "measure not stated", "source not stated"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Card:
    """What the head of a card says; empty where it does not."""

    name: str = ""
    licence: str = ""
    languages: tuple[LanguageQuality, ...] = ()
    type: ReleaseType = "model"
    intended_use: str = ""
    known_limits: str = ""


def read_card(*, path: Path) -> Card:
    """Return what a card says. A file without such a head says nothing. Raises what reading its text or YAML raises."""
    return parse_card(text=read_text(path=path, most_megabytes=MOST_MEGABYTES), file=path.name)


def parse_card(*, text: str, file: str) -> Card:
    r"""Return what the text of a card says.

    >>> card = parse_card(text="---\nlicense: apache-2.0\nlanguage: [sw, fr]\n---\n# Kiswahili", file="README.md")
    >>> card.licence, [q.language for q in card.languages]
    ('apache-2.0', ['fr', 'sw'])
    """
    lines = text.split("\n")
    if not lines or lines[0].strip() != "---":
        return Card()
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None or not "".join(lines[1:end]).strip():
        return Card()
    tree = read_tree(text="\n".join(lines[1:end]), file=f"{file}.yaml")
    licences = [_word(item) for item in _listed(tree.get("license"))]
    if "other" in licences:
        licences[licences.index("other")] = _word(tree.get("license_name")) or "other"
    named = [w for w in licences if w]
    results = tuple(_measured(tree.get("model-index")))
    told = {q.language for q in results}
    spoken = [w for w in map(_word, _listed(tree.get("language"))) if _LANGUAGE.fullmatch(w)]
    languages = (*results, *(LanguageQuality(language=w) for w in sorted(set(spoken) - told)))
    return Card(
        name=_word(tree.get("pretty_name")) or _index_name(tree.get("model-index")),
        # Several licences without a word on how they go together bind together.
        licence=settle_licence(named[0] if len(named) == 1 else " AND ".join(named)),
        languages=languages,
        type="data" if "dataset_info" in tree or "task_categories" in tree or "dataset" in _tags(tree) else "model",
        intended_use=_under("intended use", lines[end + 1 :]),
        known_limits=_under("known limits", lines[end + 1 :]),
    )


def _tags(tree: Mapping[str, Any], /) -> list[Any]:
    return _listed(tree.get("tags"))


def _under(title: str, lines: Sequence[str], /) -> str:
    """Return the text under a heading of the second level, as cards of ours have it; empty where there is none."""
    heads = [n for n, line in enumerate(lines) if line.startswith("## ")]
    begin = next((n for n in heads if lines[n][3:].strip().casefold() == title), None)
    if begin is None:
        return ""
    end = next((n for n in heads if n > begin), len(lines))
    return "\n".join(lines[begin + 1 : end]).strip()[:MOST_TEXT]


def _word(value: Any, /) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _listed(value: Any, /) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _index_name(index: Any, /) -> str:
    return next((_word(m.get("name")) for m in _tables(index)), "")


def _tables(value: Any, /) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _measured(index: Any, /) -> list[LanguageQuality]:
    found = []
    for result in (r for model in _tables(index) for r in _tables(model.get("results"))):
        dataset = result.get("dataset")
        if not isinstance(dataset, dict):
            continue
        about = dataset.get("args")
        language = _word(about.get("language")) if isinstance(about, dict) else ""
        language = language or _word(dataset.get("language")) or _word(dataset.get("config"))
        if not _LANGUAGE.fullmatch(language):
            continue
        for metric in _tables(result.get("metrics")):
            value = metric.get("value")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                continue
            found.append(_quality(language, metric, float(value), _word(dataset.get("name"))))
    return found


def _quality(language: str, metric: Mapping[str, Any], value: float, source: str, /) -> LanguageQuality:
    """Return a figure with its items and interval, where the arguments of the metric state them as cards of ours do."""
    about = metric.get("args")
    told = about if isinstance(about, dict) else {}
    n, low, high = told.get("n"), told.get("low"), told.get("high")
    measure = _word(metric.get("name")) or _word(metric.get("type"))
    return LanguageQuality(
        language=language,
        measure="" if measure == NO_MEASURE else measure,
        value=value,
        n=n if type(n) is int and n >= 0 else None,
        low=_number(low),
        high=_number(high),
        source="" if source == NO_SOURCE else source,
    )


def _number(value: Any, /) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else None
