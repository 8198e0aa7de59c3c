"""Write the card of a release as the hub of Hugging Face reads it: ``README.md`` with licence, languages and figures at its head.

A licence that the hub has no short name for stands as ``other`` with ``license_name``. Figures stand in ``model-index``; items and
interval stand in the ``args`` of a metric, where the hub lets a card say more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.adapters.licence_addresses import address_of_licence
from comity.adapters.model_cards import NO_MEASURE, NO_SOURCE
from comity.adapters.release_facts import stated

if TYPE_CHECKING:
    from comity.adapters.release_facts import ReleaseFacts
    from comity.engines.commons.manifests import LanguageQuality, Running

NAME = "README.md"
HUB_LICENCES = frozenset(
    re.findall(
        r"\S+",
        """
    apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m afl-3.0
    artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0
    cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0
    cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0
    epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc h-research
    intel-research lppl-1.3c ms-pl mpl-2.0 odc-by odbl openmdw-1.0 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl
    """,
    )
)
"""The short names of licences that the hub knows."""
_RENAMED = {"odc-by-1.0": "odc-by", "odbl-1.0": "odbl", "pddl-1.0": "pddl"}


def write_card(*, facts: ReleaseFacts, readme: str = "") -> bytes:
    """Return a card: the head in YAML, then the text of the release's own card, else what its description says."""
    import yaml

    head = stated(
        {
            **_licence(facts.licence),
            "language": list(facts.languages),
            "pretty_name": facts.title,
            "tags": ["comity", facts.kind],
            "model-index": _index(facts),
        }
    )
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{text}---\n{_without_head(readme) or _text(facts)}".encode()


def _licence(expression: str, /) -> dict[str, str]:
    if not expression:
        return {}
    name = expression.lower().removesuffix("-only").removesuffix("-or-later")
    name = _RENAMED.get(name, name)
    # The hub's short name of a GNU licence says neither "only" nor "or later", so that it would lose a word that binds.
    if name in HUB_LICENCES and expression.lower() in {name, *_RENAMED}:
        return {"license": name}
    return stated({"license": "other", "license_name": expression, "license_link": address_of_licence(expression)})


def _index(facts: ReleaseFacts, /) -> list[dict[str, Any]]:
    measured = [q for q in facts.manifest.languages if q.value is not None]
    if not measured:
        return []
    return [{"name": facts.title, "results": [_result(q) for q in measured]}]


def _result(quality: LanguageQuality, /) -> dict[str, Any]:
    measure = quality.measure or NO_MEASURE
    more = stated({"n": quality.n, "low": quality.low, "high": quality.high})
    source = quality.source or NO_SOURCE
    dataset = {"name": source, "type": source, "args": {"language": quality.language}}
    task = {"type": "other", "name": f"Quality in {quality.language}"}
    metric = stated({"type": measure, "name": measure, "value": quality.value, "args": more})
    return {"task": task, "dataset": dataset, "metrics": [metric]}


def _without_head(readme: str, /) -> str:
    lines = readme.split("\n")
    if lines and lines[0].strip() == "---":
        end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
        lines = lines if end is None else lines[end + 1 :]
    return "\n".join(lines).lstrip("\n")


def _text(facts: ReleaseFacts, /) -> str:
    manifest = facts.manifest
    parts = [f"# {facts.title}", facts.summary if facts.summary != facts.title else ""]
    for title, text in (
        ("Intended use", manifest.intended_use),
        ("Known limits", manifest.known_limits),
        ("What it needs", _running(manifest.running)),
        ("Provenance", facts.provenance),
        ("Authors", ", ".join(facts.authors)),
    ):
        if text:
            parts += [f"## {title}", text]
    parts.append(
        f"Version {facts.label}, released by {facts.publisher} on {facts.released_at:%Y-%m-%d}: {facts.address}"
    )
    return "\n\n".join(p for p in parts if p) + "\n"


def _running(running: Running, /) -> str:
    offline = {True: "It works offline.", False: "It does not work offline.", None: ""}[running.offline]
    memory = f"{running.memory_gb:g} GB of memory." if running.memory_gb is not None else ""
    graphics = f"{running.gpu_memory_gb:g} GB of graphics memory." if running.gpu_memory_gb is not None else ""
    hardware = f"{running.hardware}." if running.hardware else ""
    return " ".join(s for s in (offline, hardware, memory, graphics) if s)
