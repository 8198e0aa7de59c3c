"""The findings on a release in sentences: first what a ministry asks, then licences, classes, and what to be careful with."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from comity.engines.commons.frameworks import CLASS_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.engines.commons.manifests import LanguageQuality
    from comity.engines.commons.openness import Openness, Summary

MOST_SHOWN = 12
_STEP = 1000
_CLASS = {
    "open": "anyone may use, study, change and share it, for any purpose",
    "non-commercial": "commercial use is not allowed",
    "restricted": "uses, users or changes are limited",
    "unknown": "nobody may rely on a right to use it",
}
_PRESENCE = {"files": "", "declared": "declared, no file seen", "absent": "no file: does not count"}
# What a file name could put into a terminal is shown as a question mark.
UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def tell_openness(*, found: Openness) -> Iterator[str]:
    """Yield the lines of a report that a policy officer reads."""
    for line in _report(found):
        yield UNPRINTED.sub("?", line)


def show_size(size: int, /) -> str:
    """Return bytes in the unit that suits them, of powers of 1,000.

    >>> show_size(0), show_size(1_300_000_000)
    ('0 bytes', '1.3 GB')
    """
    if size < _STEP:
        return f"{size} byte{'' if size == 1 else 's'}"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= _STEP
        if round(amount, 1) < _STEP:
            return f"{amount:,.1f} {unit}"
    return f"{amount / _STEP:,.1f} PB"


def _report(found: Openness, /) -> Iterator[str]:
    summary = found.summary
    yield f"{summary.name}{f' {summary.version}' if summary.version else ''} ({summary.type})"
    yield ""
    yield from _first(summary)
    yield ""
    yield from _licences(found)
    yield ""
    yield from _framework(found)
    yield ""
    yield from _indicators(found)
    yield ""
    yield from _code(found)
    if found.unread:
        yield ""
        yield f"Not as described, or not looked at: {len(found.unread)}. No finding above covers these."
        yield from _some([f"  {path}: {reason}" for path, reason in found.unread])
    yield ""
    yield "Computed from the files and from what their record states. It is no legal advice and no judgement of quality."


def _first(summary: Summary, /) -> Iterator[str]:
    running = summary.running
    offline = {True: "yes", False: "no", None: "not stated"}[running.offline]
    note = f" ({running.offline_note})" if running.offline_note else ""
    hardware = [running.hardware] if running.hardware else []
    if running.memory_gb is not None:
        hardware.append(f"{running.memory_gb:g} GB of memory")
    if running.gpu_memory_gb is not None:
        hardware.append(f"{running.gpu_memory_gb:g} GB of graphics memory")
    seen = f"{show_size(summary.size)} in {summary.files} file{'' if summary.files == 1 else 's'}"
    yield f"Works offline: {offline}{note}"
    yield f"Size: {seen if summary.files else 'no file was seen'}"
    yield f"Hardware: {', '.join(hardware) or 'not stated'}"
    if summary.measured:
        yield "Quality measured in:"
        yield from _some([f"  {_language(q)}" for q in summary.measured])
    else:
        yield "Quality measured in: no language"
    if summary.unmeasured:
        yield f"Languages named, quality not measured: {', '.join(summary.unmeasured)}"
    yield f"Intended use: {summary.intended_use or 'not stated'}"
    yield f"Known limits: {summary.known_limits or 'not stated'}"
    yield f"Energy: {running.energy or 'not stated'}. Computing for training: {running.training_compute or 'not stated'}."


def _language(quality: LanguageQuality, /) -> str:
    said = [f"{quality.n} items"] if quality.n is not None else ["number of items not stated"]
    if quality.low is not None and quality.high is not None:
        said.append(f"95% interval {quality.low:g} to {quality.high:g}")
    else:
        said.append("no interval stated")
    said.append(quality.source or "source not stated")
    return f"{quality.language}: {quality.measure or 'measure not stated'} {quality.value:g} ({'; '.join(said)})"


def _licences(found: Openness, /) -> Iterator[str]:
    yield f"Licence of the whole: {found.licence} ({_CLASS[found.licence]})"
    yield f"  {found.licence_reason}."
    places = {f.component.where for f in found.components}
    only_place = places.pop() if len(places) == 1 else ""
    if only_place:
        yield f"  For all parts: {only_place}."
    if _all_declared(found):
        yield "  All parts are declared by a record; no file of them was seen."
    for finding in found.components:
        component = finding.component
        size = f", {show_size(finding.size)}" if component.files else ""
        begin = f"  {component.id} ({component.kind.replace('-', ' ')}{size})"
        if component.kind == "licence-text":
            yield begin
            continue
        yield f"{begin}: {finding.licence.level}. {finding.licence.reason}"
        if finding.licence.alternative:
            yield f"      taken under {finding.licence.alternative}, the most open of the alternatives"
        seen = "" if _all_declared(found) else _PRESENCE[finding.presence]
        where = f"from: {component.where}" if component.where and not only_place else ""
        yield from (f"      {note}" for note in (seen, finding.note, where) if note)


def _all_declared(found: Openness, /) -> bool:
    return bool(found.components) and all(f.presence == "declared" for f in found.components)


def _framework(found: Openness, /) -> Iterator[str]:
    framework = found.framework
    yield f"Model Openness Framework: {framework.name}"
    if framework.level is None:
        return
    has = [c.kind.replace("-", " ") for c in framework.conditions if c.needed_for and c.state == "met"]
    if has:
        yield f"  Has, under an open licence: {', '.join(has)}"
    above = framework.next_level
    if above is None:
        return
    yield f"  For {CLASS_NAMES[above]}, {len(framework.missing[above])} more:"
    for condition in framework.missing[above]:
        yield f"    {condition.kind.replace('-', ' ')}: {condition.reason}"


def _indicators(found: Openness, /) -> Iterator[str]:
    counts = Counter(i.met for i in found.indicators)
    told = f"{counts['met']} of 9 indicators met, {counts['not met']} not met, {counts['not stated']} not stated"
    yield f"Digital Public Goods Standard: {told}"
    for indicator in found.indicators:
        yield f"  {indicator.number} {indicator.name}: {indicator.met}. {indicator.reason}"


def _code(found: Openness, /) -> Iterator[str]:
    if not found.summary.files:
        yield "Formats that can run code: no file was seen, so that nothing can be said."
        return
    if not found.code_files:
        yield "Formats that can run code: none found. That is no promise that every file is harmless."
        return
    yield f"Formats that can run code: {len(found.code_files)} of {found.summary.files} files. Load them only from a source you trust."
    yield from _some([f"  {f.path}: {f.format}; {f.runs_code}" for f in found.code_files])


def _some(lines: list[str], /) -> Iterator[str]:
    yield from lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        yield f"  and {len(lines) - MOST_SHOWN} more; --json names all"
