"""What ``comity capacity equity`` prints: whose figures they are, then each measure in a sentence, then groups; and no verdict."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH = 96
LABEL = 20
WHOLE_FROM = 1000
ROUNDING = 1e-12
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
NAMES = {
    "gini": "Gini",
    "hoover": "Hoover",
    "palma": "Palma",
    "percentile_ratio": "90th to 10th",
    "theil": "Theil T",
    "theil_l": "Theil L",
    "atkinson": "Atkinson",
}


def tell_equity(*, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from _what_was_measured(found)
    yield from _of_whom(found)
    yield from _how_evenly(found)
    yield from _along(found)
    for grouping in found["groupings"]:
        yield from _by_group(grouping, found=found)
    if found["groupings"] and found["not_recognised"] is not None:
        yield ""
        yield from _filled(
            "Names and groups are those of the country data. They imply no opinion on the legal status of any country, territory "
            "or boundary."
        )


def _what_was_measured(found: Mapping[str, Any]) -> Iterator[str]:
    unit = "percentages, taken as they are written" if found["is_percent"] else "numbers"
    if found["totals"]:
        unit = f"totals, each divided by its {found['weights']}"
    counts = (
        f"each member counts as many times as its {found['weights']} says"
        if found["weights"]
        else "each member counts once"
    )
    yield from _filled(f"How evenly {found['column']} of {found['file']} is spread: {unit}; {counts}.")


def _of_whom(found: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("Of whom it is known")
    missing, unweighed = found["missing"], found["without_weight"]
    everybody = "" if missing or unweighed else "; nobody in the file is missing"
    yield from _filled(
        f"{found['n']:,} of {_count(found['total_members'], 'member')} in the file have what is needed{everybody}."
    )
    if missing:
        said = f" (written {_listed([repr(t) for t in found['no_figure']])}, or empty)" if found["no_figure"] else ""
        yield from _filled(f"Without a figure{said}, and not taken for 0: {_listed(missing)}.")
    if unweighed:
        yield from _filled(f"Left out, with a figure but no {found['weights']}: {_listed(unweighed)}.")
    if found["weight_known"] is not None:
        yield from _filled(f"They hold {_percent(found['weight_known'])} of all {found['weights']} in the file.")
    if found["not_in_the_file"] is not None:
        absent = found["not_in_the_file"]
        text = (
            f"Member states of the United Nations that were not found in the file ({len(absent)}): {_listed(absent)}."
        )
        yield from _filled(text if absent else "All member states of the United Nations are in the file.")
    if found["not_recognised"]:
        yield from _filled(
            f"Counted, but in no group, because the country data has none of exactly this name: {_listed(found['not_recognised'])}. "
            "If one is there under another name, write its ISO 3166-1 code."
        )
    if found["mean"] is not None:
        unit = "%" if found["is_percent"] and not found["totals"] else ""
        zeros = f" {_count(found['zeros'], 'member has', 'members have')} 0." if found["zeros"] else ""
        yield from _filled(
            f"Figures go from {_number(found['least'])}{unit} to {_number(found['most'])}{unit}; the mean is {_number(found['mean'])}{unit}.{zeros}"
        )


def _how_evenly(found: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("How evenly it is spread")
    figures, undefined = found["figures"], found["undefined"]
    if len(undefined) == len(figures):
        yield from _filled(f"Nothing can be measured: {next(iter(undefined.values()))}.")
        return
    for name, plain in NAMES.items():
        title = f"{plain} ({_number(found['epsilon'])})" if name == "atkinson" else plain
        value = figures[name]
        if value is None:
            yield from _measure(title, "none", f"No value: {undefined[name]}.")
        else:
            yield from _measure(title, _figure(value) + _interval(found, name), _meaning(name, value, found=found))
    influence = found["influence"]
    if influence is not None:
        yield ""
        yield from _filled(
            f"Without {influence['member']}, the member whose absence changes it most, Gini would be "
            f"{_figure(influence['gini_without'])}."
        )
    yield ""
    held = found["intervals"]
    if held is None:
        yield from _filled(
            "These are figures of a full count of those members, not of a sample: they have no sampling interval."
            + (
                " What the members without a figure would change is not known."
                if found["n"] < found["total_members"]
                else ""
            )
        )
    else:
        yield from _filled(
            f"In brackets are 95% intervals from {held['draws']:,} samples (seed {held['seed']}), for members who were drawn at random "
            "from many more. If they were not, the intervals mean nothing."
        )


def _meaning(name: str, value: float, *, found: Mapping[str, Any]) -> str:
    """Return one sentence on what a value of a measure means."""
    whom = f"units of {found['weights']}" if found["weights"] else "members"
    return {
        "gini": f"Two {whom} taken at random differ by {_percent(2 * value)} of the mean, on average. 0: all have the same; "
        "towards 1: one has all.",
        "hoover": f"{_percent(value)} of all there is would have to change hands for all to have the same.",
        "palma": f"The tenth of {whom} with most has {_figure(value)} times what the four tenths with least have together. "
        "0.25: all have the same.",
        "percentile_ratio": f"The figure that nine tenths of {whom} do not pass is {_figure(value)} times the one that a tenth do "
        "not pass.",
        "theil": "0: all have the same. It minds the top more, and adds up from groups.",
        "theil_l": "0: all have the same. It minds the bottom more.",
        "atkinson": f"To whoever minds the low end to the degree {_number(found['epsilon'])}, an even spread would be worth as much "
        f"with {_percent(value)} less in all.",
    }[name]


def _along(found: Mapping[str, Any]) -> Iterator[str]:
    held = found["concentration"]
    if held is None:
        return
    yield from _head(f"Along {held['ranked_by']}")
    if held["index"] is None:
        yield from _measure("Concentration", "none", f"No value: {held['undefined']}.")
    else:
        yield from _measure(
            "Concentration",
            _figure(held["index"]),
            f"Above 0 more of it is where there is more {held['ranked_by']}, below 0 where there is less; 0: neither. "
            f"Of {_count(held['n'], 'member')}.",
        )
    if held["missing"]:
        yield from _filled(f"Left out, without {held['ranked_by']}: {_listed(held['missing'])}.")


def _by_group(grouping: Mapping[str, Any], *, found: Mapping[str, Any]) -> Iterator[str]:
    yield from _head(f"By {grouping['title']}")
    unit = "%" if found["is_percent"] and not found["totals"] else ""
    reaches = "have more than 0" if found["threshold"] is None else f"have {_number(found['threshold'])}{unit} or more"
    for g in grouping["groups"]:
        yield from _filled(
            f"{g['group'] or 'In no group'}: {g['known']} of {g['members']} known"
            + (f", mean {_number(g['mean'])}{unit}" if g["mean"] is not None else "")
            + (f", Theil T inside {_figure(g['theil'])}" if g["theil"] is not None else "")
            + f". {_reach(g, reaches=reaches)}",
            first="  ",
            rest="      ",
        )
    yield ""
    if grouping["undefined"]:
        yield from _filled(f"Theil T is not parted between and within: {grouping['undefined']}.")
    else:
        theil, between, within = (grouping[k] for k in ("theil", "between", "within"))
        parts = f"{_figure(between)} lies between groups and {_figure(within)} within them"
        share = f": {_percent(between / theil)} and {_percent(within / theil)}" if theil > ROUNDING else ""
        yield from _filled(f"Of Theil T, {_figure(theil)}, {parts}{share}.")
    if grouping["source"]:
        yield from _filled(f"Groups as of {grouping['as_of']}: {grouping['source']}.")


def _reach(g: Mapping[str, Any], *, reaches: str) -> str:
    """Return how many of a group have the thing: bounds where some are not known."""
    if not g["members"]:
        return "It has no members."
    low, most = g["reached"], g["reached"] + g["members"] - g["known"]
    count = (
        f"{low} ({_percent(g['at_least'])})"
        if low == most
        else f"{low} to {most} ({_percent(g['at_least'])} to {_percent(g['at_most'])})"
    )
    weight = ""
    if g["weight_at_least"] is not None:
        least, top = _percent(g["weight_at_least"]), _percent(g["weight_at_most"])
        weight = f", with {least if least == top else f'{least} to {top}'} of the weight"
    return f"{count} {reaches}{weight}."


def _interval(found: Mapping[str, Any], name: str) -> str:
    held = found["intervals"] and found["intervals"]["of"].get(name)
    return f" [{_figure(held['low'])} to {_figure(held['high'])}]" if held else ""


def _measure(title: str, value: str, meaning: str) -> Iterator[str]:
    yield from _filled(
        f"{value}. {meaning}" if value != "none" else meaning, first=f"  {title:<{LABEL}}", rest=" " * (LABEL + 2)
    )


def _head(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()


def _filled(text: str, *, first: str = "", rest: str = "") -> Iterator[str]:
    # A terminal would obey control characters that stand in a table.
    plain = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    yield from textwrap.wrap(plain, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _number(value: float) -> str:
    """Return a number in its unit with four digits that count, or whole from a thousand on."""
    return f"{value:,.0f}" if WHOLE_FROM <= abs(value) < 1e15 else f"{value:.4g}"  # noqa: PLR2004  (beyond it, digits say nothing)


def _figure(value: float) -> str:
    """Return a measure with three decimals; what is more than rounding is never shown as 0."""
    shown = f"{value:,.3f}"
    if float(shown.replace(",", "")):
        return shown
    return f"{value:.1g}" if abs(value) > ROUNDING else "0.000"


def _percent(share: float) -> str:
    """Return a share in whole percent; what is not all is never shown as 100%, nor what is not nothing as 0%."""
    whole = round(100 * share)
    if whole == 100 and share < 1:  # noqa: PLR2004  (percent)
        return "over 99%"
    return "under 1%" if whole == 0 and share > 0 else f"{whole}%"
