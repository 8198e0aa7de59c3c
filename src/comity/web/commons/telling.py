"""What the page of a release says in the reader's language: whether one can use it, how open each part is and why, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from comity.engines.commons.reasons import risk_of
from comity.web.templatetags.comity import data_size, listed
from comity.web.words_of_commons import INDICATORS, LICENCE_CLASSES, RISKS, SCANS
from comity.web.words_of_components import FRAMEWORK_CLASSES, INDICATOR_NAMES, KINDS, PRESENCE
from comity.web.words_of_openness import Said, say, say_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.platform.commons.release_views import FileView, ReleaseView

IN_ONE_LINE = 3
"""Languages with a figure that are said in one line; more are a table."""
MOST_PARTS = 100
MOST_FIGURES = 200
MOST_LICENCES = 6


def tell_use(view: ReleaseView, /) -> dict[str, Any]:
    """Return what somebody asks first, as the version's description states it; what it does not state is empty."""
    told, stated = view.version.openness, view.version.openness.get("running", {})
    measured = [_figure(q) for q in told.get("languages", [])]
    read = {c["licence"].get("read_as", "") for c in told.get("components", []) if c.get("kind") != "licence-text"}
    names = sorted(n for n in read if n and n != "NOASSERTION")
    more = len(names) - MOST_LICENCES
    return {
        "offline": stated.get("offline"),
        "offline_note": stated.get("offline_note", ""),
        "size": data_size(view.card.size),
        "hardware": stated.get("hardware", ""),
        "memory": _memory(stated),
        "energy": stated.get("energy", ""),
        "compute": stated.get("training_compute", ""),
        "spoken": measured if len(measured) <= IN_ONE_LINE else [],
        "figures": measured[:MOST_FIGURES] if len(measured) > IN_ONE_LINE else [],
        "tongues": len({q["language"] for q in told.get("languages", [])}),
        "unmeasured": told.get("languages_not_measured", [])[:MOST_FIGURES],
        "meant_for": told.get("intended_use", ""),
        "limits": told.get("known_limits", ""),
        "licence": LICENCE_CLASSES[view.card.licence_class],
        "licence_names": listed([*names[:MOST_LICENCES], *(["…"] if more > 0 else [])]),
        "licence_why": _why(told.get("licence", {})),
    }


def tell_openness(told: Mapping[str, Any], /) -> dict[str, Any]:
    """Return how open each part is with its reason, and the classes and indicators that follow from them."""
    components = told.get("components", [])
    framework = told.get("model_openness_framework", {})
    return {
        "parts": [_part(c) for c in components[:MOST_PARTS]],
        "more": max(0, len(components) - MOST_PARTS),
        "framework": FRAMEWORK_CLASSES.get(framework.get("class")),
        "lacking": _lacking(framework.get("conditions", [])),
        "indicators": [
            (
                i["number"],
                INDICATOR_NAMES.get(i["number"], i["name"]),
                INDICATORS.get(i["met"], i["met"]),
                say_all(i.get("because"), english=i["reason"]),
            )
            for i in told.get("public_good_indicators", [])
        ],
    }


def tell_files(files: Iterable[FileView], /) -> list[tuple[FileView, str, Any, Said | None, Any]]:
    """Return files with their sizes and marks in words, and why loading one can run code where it can."""
    return [(f, data_size(f.size), RISKS[f.risk], _risk(f), SCANS[f.scan]) for f in files]


def _lacking(conditions: Iterable[Mapping[str, Any]], /) -> list[tuple[str, Said]]:
    """Return what is asked for and does not hold, those of one reason together."""
    found: dict[Said, list[str]] = {}
    for condition in conditions:
        if condition.get("state") not in {"met", "not-needed"} and condition.get("needed_for"):
            name = str(KINDS.get(condition["component"], condition["component"]))
            found.setdefault(_why(condition), []).append(name)
    return [(listed(names), why) for why, names in found.items()]


def _part(component: Mapping[str, Any], /) -> dict[str, Any]:
    kind = component.get("kind", "")
    notes = component.get("notes") or []
    remark = say_all(notes, english=component.get("note", "")) if component.get("note") else None
    return {
        "name": KINDS.get(kind, kind),
        "id": component["id"] if component["id"] != kind else "",
        "open": LICENCE_CLASSES[component["licence"]["class"]] if kind != "licence-text" else "",
        "why": _why(component["licence"]) if kind != "licence-text" else None,
        "remark": remark,
        "presence": PRESENCE.get(component.get("presence", "")),
    }


def _why(told: Mapping[str, Any], /) -> Said:
    return say(told.get("because"), english=told.get("reason", ""))


def _risk(file: FileView, /) -> Said | None:
    if not file.risk_reason or file.risk == "none":
        return None
    reason = risk_of(sentence=file.risk_reason)
    return say(reason.as_plain() if reason else None, english=file.risk_reason)


def _memory(stated: Mapping[str, Any], /) -> str:
    said = []
    if stated.get("memory_gb") is not None:
        said.append(_("{n} GB of memory").format(n=_number(stated["memory_gb"])))
    if stated.get("gpu_memory_gb"):
        said.append(_("{n} GB of memory on a graphics card").format(n=_number(stated["gpu_memory_gb"])))
    elif stated.get("gpu_memory_gb") == 0:
        said.append(_("no graphics card"))
    return listed(said)


def _figure(quality: Mapping[str, Any], /) -> dict[str, Any]:
    low, high = quality.get("low"), quality.get("high")
    return {
        "language": quality["language"],
        "measure": quality.get("measure", ""),
        "value": _number(quality["value"]),
        "n": "" if quality.get("n") is None else number_format(quality["n"], force_grouping=True),
        "interval": "" if low is None or high is None else f"{_number(low)} – {_number(high)}",
        "source": quality.get("source", ""),
    }


def _number(value: float, /) -> str:
    return str(number_format(f"{value:.6g}" if "e" not in f"{value:.6g}" else value))
