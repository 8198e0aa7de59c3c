"""What ``comity dialogue analyse`` prints: one page in sentences, for somebody who has to decide and not to compute."""

from __future__ import annotations

import statistics
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH = 96
MOST_COMMON = 10
MOST_APART = 5
MOST_OTHERS = 5
MOST_TEXT = 300
FIRM, FAIRLY_FIRM = 0.9, 0.7
"""From which share of draws groups are called firm, or fairly firm; both the number of groups and the people in them count."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def tell_analysis(*, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the page; groups are counted from 1 here, and from 0 in the file."""
    yield from _who_took_part(found)
    yield from _groups(found)
    yield from _ground_shared(found)
    yield from _apart(found)
    yield from _not_yet_heard(found)
    yield from _checks(found)
    yield ""
    yield from _filled(
        "Figures in brackets are 95% intervals: where the share would lie if others like those who answered had answered. "
        "Those who took part were not drawn at random; of everybody else this says nothing."
    )


def _who_took_part(found: Mapping[str, Any]) -> Iterator[str]:
    people, statements = found["participants"], found["statements"]
    yield f"{_count(people, 'person', 'people')} gave {_count(found['votes'], 'vote')} on {_count(statements, 'statement')}."
    away = found["left_out"]
    if away["statements"]:
        number = len(away["statements"])
        yield from _filled(
            f"Left out, as the moderators decided: {_count(number, 'statement')} with {_count(away['votes'], 'vote')}."
        )


def _groups(found: Mapping[str, Any]) -> Iterator[str]:
    k, alone = found["k"], found["not_grouped"]
    yield from _head("Groups of opinion")
    if k == 0:
        yield "Too few people answered enough to tell any groups."
        return
    if k == 1:
        yield from _filled("Nothing parts those who answered into groups: they are taken as one.")
    else:
        yield f"{_word(k).capitalize()} groups of people who vote alike, found from votes alone:"
    for number, size in enumerate(found["group_sizes"], 1):
        yield f"  Group {number}: {_count(size, 'person', 'people')}{_firmness_of(found, number - 1)}"
    if alone:
        yield from _filled(f"{_count(alone, 'person answers', 'people answer')} too little to stand in a group.")
    yield from _filled(_firmness(found))
    other = found["other_groups"]
    if other is not None:
        yield from _filled(
            f"The file has {_word(other['k'])} groups of its own. Over the {other['people_in_both']:,} people in both, "
            f"ours agree with them to {other['adjusted_rand']:.2f} (adjusted Rand index: 1 is the same, 0 is chance)."
        )


def _firmness_of(found: Mapping[str, Any], group: int) -> str:
    """Return how often, in the middle, a person of the group stayed in it."""
    if found["stability"] is None or not found["stability"]["draws"]:
        return ""
    shares = [s for p, s in found["stability"]["membership"].items() if found["groups"].get(p) == group]
    if not shares or found["k"] == 1:
        return ""
    loose = sum(s < FAIRLY_FIRM for s in shares)
    told = f"; a typical one stays in it in {_percent(statistics.median(shares))} of draws"
    return told + (f", {_count(loose, 'stands', 'stand')} between groups" if loose else "")


def _firmness(found: Mapping[str, Any]) -> str:
    held = found["stability"]
    k = found["k"]
    if k <= 1:
        return ""
    if held is None or not held["draws"]:
        return "How firm the groups are was not measured (--draws 0)."
    share = held["k_share"]
    again = round(share * held["draws"])
    told = (
        f"People were drawn anew {held['draws']} times: {_word(k)} groups came out {again} times, and they agreed with these "
        f"to {held['agreement']:.2f} (1 is the same, 0 is chance). "
    )
    least = min(share, held["agreement"])
    if least >= FIRM:
        return told + "The groups are firm."
    if least >= FAIRLY_FIRM:
        return told + "The groups are fairly firm; some people stand between them."
    return told + "The groups are not firm: take them as one way to read the votes, not as camps."


def _ground_shared(found: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("Common ground")
    held: Sequence[Mapping[str, Any]] = found["common_ground"]
    if not held:
        yield from _filled(
            "No statement has, on enough answers, a majority that is beyond doubt in every group and region. That can change "
            "as more people answer."
        )
        return
    where = "every group and region" if held[0]["by_region"] else "every group" if found["k"] > 1 else "everybody"
    yield from _filled(
        f"On {_count(len(held), 'statement')} {where} stands on the same side. First what is most certain:"
    )
    for number, c in enumerate(held[:MOST_COMMON], 1):
        yield ""
        parts = [f"group {g} {_percent(i['share'])}" for g, i in enumerate(c["by_group"], 1)] if found["k"] > 1 else []
        parts += [f"{region} {_percent(i['share'])}" for region, i in c["by_region"].items()]
        by = f" In {', '.join(parts)}." if parts else ""
        yield from _filled(_text(c), first=f"{number:3}. ", rest="     ")
        yield from _filled(
            f"{_percent(c['overall']['share'])} {c['direction']} ({_bounds(c['overall'])}).{by}",
            first="     ",
            rest="     ",
        )
    if len(held) > MOST_COMMON:
        yield from _filled(f"\n{len(held) - MOST_COMMON} more are in the file.")


def _apart(found: Mapping[str, Any]) -> Iterator[str]:
    k = found["k"]
    if k <= 1:
        return
    yield from _head("What tells the groups apart")
    for group in range(k):
        held = found["representative"][str(group)]
        size = found["group_sizes"][group]
        if not held:
            yield from _filled(f"Group {group + 1} ({size:,}): nothing that is beyond chance.")
            continue
        yield f"Group {group + 1} ({size:,})"
        for r in held[:MOST_APART]:
            inside, outside = r["inside"], r["outside"]
            yield from _filled(
                f"{_percent(inside['share'])} {r['direction']} ({_bounds(inside)}), of the others "
                f"{_percent(outside['share'])}. {_text(r)}",
                first="   - ",
                rest="     ",
            )
        if len(held) > MOST_APART:
            yield f"     {len(held) - MOST_APART} more are in the file."


def _not_yet_heard(found: Mapping[str, Any]) -> Iterator[str]:
    waiting, regions = found["not_yet_heard"], found["unheard_regions"]
    if not waiting and not regions:
        return
    yield from _head("Not yet heard")
    if regions:
        yield from _filled(f"Too few took part to say anything of: {', '.join(regions)}.")
    if waiting:
        yield from _filled(
            f"{_count(len(waiting), 'statement is', 'statements are')} supported where enough people answered, but too few did in a "
            "group or region. They may yet become common ground:"
        )
    for u in waiting[:MOST_OTHERS]:
        missing = [f"group {g + 1}" for g in u["groups"]] + list(u["regions"])
        yield from _filled(
            f"{_text(u)} ({u['direction']}; too few in {', '.join(missing)})", first="   - ", rest="     "
        )
    if len(waiting) > MOST_OTHERS:
        yield f"     {len(waiting) - MOST_OTHERS} more are in the file."


def _checks(found: Mapping[str, Any]) -> Iterator[str]:
    held = found["honesty"]
    pairs, together, without = held["near_duplicates"], held["coordinated"], held["without_them"]
    yield from _head("What may have bent this")
    if not pairs and not together:
        yield from _filled("No statements that nearly repeat another, and no accounts that vote as one, were found.")
        return
    if pairs:
        yield from _filled(
            f"{_count(len(pairs), 'statement has', 'statements have')} nearly the words of another. Read whether they say the same:"
        )
        for d in pairs[:MOST_OTHERS]:
            yield from _filled(f"{d['other']}: {d['other_text']}", first="   - ", rest="     ")
            yield from _filled(f"{d['kept']}: {d['kept_text']}", first="     beside ", rest="     ")
        if len(pairs) > MOST_OTHERS:
            yield f"     {len(pairs) - MOST_OTHERS} more are in the file."
    for c in together:
        yield from _filled(
            f"{_count(len(c['participants']), 'account')} in group {c['group'] + 1} gave the same answers to the same "
            f"{c['answered']} statements, which chance does not explain. That can be people of one mind, or one hand."
        )
    gained, lost, moved = (without[key] for key in ("gained", "lost", "moved"))
    if not gained and not lost and not moved:
        yield from _filled("Nothing of them was removed. Without them the common ground would be the same.")
    else:
        changes = [
            f"{len(items)} {word}"
            for items, word in (
                (gained, "would be added"),
                (lost, "would go"),
                (moved, "would have another lower bound"),
            )
            if items
        ]
        yield from _filled(f"Nothing of them was removed. Without them, of the common ground {', '.join(changes)}.")


def _head(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()


def _filled(text: str, *, first: str = "", rest: str = "") -> Iterator[str]:
    for n, part in enumerate(text.split("\n")):
        if not part:
            yield ""
            continue
        yield from textwrap.wrap(
            part, WIDTH, initial_indent=rest if n else first, subsequent_indent=rest, break_on_hyphens=False
        )


def _text(row: Mapping[str, Any]) -> str:
    """Return the words of a statement on one line with its number, or its number alone."""
    words = " ".join(row["text"].split())
    short = words if len(words) <= MOST_TEXT else words[:MOST_TEXT].rstrip() + " …"
    return f"[{row['statement']}] {short}" if short else f"Statement {row['statement']}"


def _bounds(interval: Mapping[str, Any]) -> str:
    """Return the interval in whole percent, and how many answered."""
    low, high = (_percent(interval[bound]).removesuffix("%") for bound in ("low", "high"))
    return f"{low} to {high}, {interval['n']:,} answered"


def _percent(share: float) -> str:
    """Return a share in whole percent; what is not all is never shown as 100%, nor what is not nothing as 0%."""
    whole = round(100 * share)
    if whole == 100 and share < 1:  # noqa: PLR2004  (percent)
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole}%"


def _word(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
