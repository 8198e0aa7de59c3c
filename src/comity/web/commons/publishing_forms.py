"""What the form of a release brings: as it was typed, so that it comes back filled in; then as a description that the service takes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from comity.engines.commons.formats import guess_kind
from comity.engines.commons.manifests import COMPONENT_KINDS
from comity.errors import BadParameter
from comity.platform.commons.releasing import DESCRIPTION, TYPES
from comity.platform.parties.bodies import LANGUAGES
from comity.web.parameters import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import QueryDict

    from comity.platform.commons.release_views import ReleaseView
    from comity.web.commons.held_files import HeldFile

MOST_TYPED = 5000
MOST_TONGUES = 60
LINES = (
    *("slug", "kind", "label", "licence", "languages", "offline", "hardware", "memory_gb", "gpu_memory_gb"),
    *("seen_by", "authority"),
)
AREAS = ("intended_use", "known_limits", "authors", "provenance")
BLANK: dict[str, Any] = {
    "titles": {},
    "summaries": {},
    "label": "1.0",
    **dict.fromkeys((n for n in (*LINES, *AREAS) if n != "label"), ""),
}
LICENCES = (
    *("Apache-2.0", "MIT", "BSD-3-Clause", "GPL-3.0-or-later", "EUPL-1.2", "MPL-2.0"),
    *("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "CC-BY-NC-4.0", "CDLA-Permissive-2.0", "ODbL-1.0"),
)
"""Licences that the form proposes; any other SPDX expression can be typed."""
DESCRIPTIONS = frozenset({DESCRIPTION, "comity-release.toml"})
DESCRIBED_ALREADY = "files that have no description of their own: what has one is released by comity commons publish"
_USUAL = {"dataset": "datasets", "course": "course-material", "paper": "research-paper"}
"""What a file of a release of some kind is where its name does not say."""
_CARDS = {"model": "model-card", "dataset": "data-card"}


def typed_in(values: QueryDict, /) -> dict[str, Any]:
    """Return a release as it was typed."""
    texts = {
        f"{name}s" if name == "title" else "summaries": {
            code: said for code in LANGUAGES if (said := values.get(f"{name}_{code}", "")[:MOST_TYPED].strip())
        }
        for name in ("title", "summary")
    }
    lines = {name: values.get(name, "")[:MOST_TYPED].strip() for name in LINES}
    return texts | lines | {name: values.get(name, "")[:MOST_TYPED].strip() for name in AREAS}


def typed_before(view: ReleaseView, /) -> dict[str, Any]:
    """Return the form of a further version, filled in with what the version before it said."""
    told = view.version.description
    running = told.get("running", {})
    tongues = dict.fromkeys(q.get("language", "") for q in told.get("languages", []))
    word = {True: "yes", False: "no", None: ""}
    return BLANK | {
        "titles": dict(view.titles),
        "summaries": dict(view.summaries),
        "slug": view.card.slug,
        "kind": view.card.kind,
        "label": "",
        "licence": _licence_before(told),
        "languages": ", ".join(tongues),
        "offline": word[running.get("offline")],
        "hardware": running.get("hardware", ""),
        "memory_gb": _plain(running.get("memory_gb")),
        "gpu_memory_gb": _plain(running.get("gpu_memory_gb")),
        "intended_use": told.get("intended_use", ""),
        "known_limits": told.get("known_limits", ""),
        "authors": "\n".join(view.version.manifest.get("authors", [])),
        "provenance": view.version.manifest.get("provenance", ""),
        "seen_by": view.card.visibility,
    }


def asked_of(
    typed: Mapping[str, Any], files: Sequence[HeldFile], /, *, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the service is asked for: kind, label, texts, files and their description. Raises BadParameter.

    ``before`` is the description of the version before: what the form does not ask for is carried over from it, but no measured
    quality, which was that of other files.
    """
    described = next((f.path for f in files if f.path in DESCRIPTIONS), "")
    if described:
        raise BadParameter(name="files", found=described, allowed=DESCRIBED_ALREADY)
    return {
        "kind": typed["kind"],
        "label": typed["label"],
        "titles": typed["titles"],
        "summaries": typed["summaries"],
        "files": {f.path: f.sha256 for f in files},
        "authors": [line.strip() for line in typed["authors"].splitlines() if line.strip()],
        "provenance": " ".join(typed["provenance"].split()),
        "authority": typed["authority"],
        "description": _description(typed, files, before or {}),
    }


def seal_of(typed: Mapping[str, Any], files: Iterable[HeldFile], place: tuple[str, str], /) -> str:
    """Return a mark of all that a form says: another one means that something was changed after it was looked at."""
    said = json.dumps([dict(typed), [f.as_row() for f in files], place], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def kind_of_file(path: str, /, *, release: str) -> str:
    """Return what a file of a release is taken for, until somebody says otherwise.

    >>> kind_of_file("README.md", release="dataset"), kind_of_file("words.csv", release="dataset")
    ('data-card', 'datasets')
    """
    guessed = guess_kind(path=path)
    if guessed == "model-card":
        return _CARDS.get(release, "documentation")
    return _USUAL.get(release, guessed) if guessed == "other" else guessed


def _description(typed: Mapping[str, Any], files: Sequence[HeldFile], before: Mapping[str, Any], /) -> dict[str, Any]:
    titles = typed["titles"]
    by_kind: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda f: f.path):
        by_kind.setdefault(file.kind, []).append(file.path)
    parts: list[dict[str, Any]] = [
        {"id": kind, "kind": kind, "licence": "" if kind == "licence-text" else typed["licence"], "files": paths}
        for kind, paths in sorted(by_kind.items())
    ]
    running: dict[str, Any] = {
        name: value
        for name, value in before.get("running", {}).items()
        if name in {"offline_note", "energy", "training_compute"}
    }
    if typed["offline"]:
        running["offline"] = _offline(typed)
    if typed["hardware"]:
        running["hardware"] = typed["hardware"]
    for name in ("memory_gb", "gpu_memory_gb"):
        if typed[name]:
            running[name] = _gigabytes(name, typed[name])
    made: dict[str, Any] = {
        "comity_release": 1,
        "name": titles.get("en") or next(iter(titles.values()), typed["slug"]) or typed["slug"] or "release",
        "version": typed["label"],
        "type": TYPES.get(typed["kind"], typed["kind"]),
        "intended_use": " ".join(typed["intended_use"].split()),
        "known_limits": " ".join(typed["known_limits"].split()),
        "components": parts,
        "languages": [{"language": code} for code in _tongues(typed["languages"])],
        "running": running,
    }
    if before.get("public_good"):
        made["public_good"] = before["public_good"]
    return made


def _offline(typed: Mapping[str, Any], /) -> bool:
    if typed["offline"] not in {"yes", "no"}:
        raise BadParameter(name="offline", found=typed["offline"][:20], allowed="yes or no")
    return bool(typed["offline"] == "yes")


def _tongues(text: str, /) -> list[str]:
    found = list(dict.fromkeys(t for t in re.split(r"[\s,;،、]+", text) if t))
    if len(found) > MOST_TONGUES:
        raise BadParameter(name="languages", found=len(found), allowed=f"at most {MOST_TONGUES}")
    return found


def _gigabytes(name: str, text: str, /) -> float:
    if not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,3})?", text):
        raise BadParameter(name=name, found=text[:20], allowed="a number of gigabytes such as 8 or 0.5")
    return float(text.replace(",", "."))


def _licence_before(told: Mapping[str, Any], /) -> str:
    default = told.get("licences", {}).get("default", "")
    stated = [c.get("licence", "") for c in told.get("components", []) if c.get("kind") != "licence-text"]
    return default or next((s for s in stated if s), "")


def _plain(value: float | None, /) -> str:
    return "" if value is None else f"{value:g}"


def kind_chosen(values: QueryDict, name: str, /, *, default: str) -> str:
    """Return the kind of a part that a form names for a file. Raises BadParameter."""
    return chosen(values, name, allowed=COMPONENT_KINDS, default=default)
