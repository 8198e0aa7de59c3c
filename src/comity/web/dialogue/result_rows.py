"""Results as a page says them: sentences, bars and marks made of the figures that were kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.adapters.visual.opinion import ShareRow, bounds_bar, member_tiles, opinion_map, share_dots
from comity.platform.parties.roster import member_names
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.platform.dialogue.selectors import ShownStatement

VALUES = {"agree": 1, "disagree": -1, "pass": 0}
MOST_PAIRS = 8
NARROW_NO_BREAK = "\u202f"


@dataclass(frozen=True, slots=True)
class StatesRow:
    """One statement in the states' track. ``answers`` are (answer, members with whether it is provisional), where attributed.

    ``regions`` are (regional group, members heard or None, share that agrees or empty), where shown by group.
    ``hides_provisional`` tells that some may be provisional, and how many is not said.
    """

    number: int
    words: ShownStatement | None
    lead: str
    share: str
    bounds: str
    bar: Any
    provisional: str
    hides_provisional: bool
    answers: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    regions: tuple[tuple[str, int | None, str], ...]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A regional group with how many of its members were heard; ``tiles`` is None where the numbers are not shown."""

    region: str
    members: int
    heard: int | None
    not_yet: int | None
    tiles: Any


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """One statement in the people's track. ``direction`` is that of the common ground, empty where it is none."""

    number: int
    words: ShownStatement | None
    direction: str
    chart: Any
    spoken: str
    weighted: str
    lower: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What tells one group from the others: statements, each with the answer, the share inside and outside in words."""

    group: int
    name: str
    statements: tuple[tuple[int, ShownStatement | None, str, str], ...]


@dataclass(frozen=True, slots=True)
class BothRow:
    """A statement with the share in each track, and its range; empty where a track shows none."""

    number: int
    words: ShownStatement | None
    states: str
    states_range: str
    people: str
    people_range: str


def percent(share: float, /) -> str:
    """Return a share in whole per cent, as the reader's language writes it."""
    return _("%(percent)s%%") % {"percent": _whole(share)}


def count(number: int, /) -> str:
    """Return a count, its thousands parted by a narrow space that does not break."""
    return f"{number:,}".replace(",", NARROW_NO_BREAK)


def group_name(group: int, /) -> str:
    """Return the name of a group: its number, and nothing else."""
    return _("Group %(number)s") % {"number": group + 1}


def states_rows(
    *, figures: Mapping[str, Any], numbers: Sequence[int], words: Mapping[int, ShownStatement]
) -> list[StatesRow]:
    """Return the rows of some statements, in the order of their numbers."""
    found = {row["statement"]: row for row in figures["statements"]}
    return [_states_row(found[n], figures["members"], words.get(n)) for n in numbers if n in found]


def _states_row(row: Mapping[str, Any], members: int, words: ShownStatement | None) -> StatesRow:
    said, heard = row["said"], row["heard"]
    lead = share = bounds = ""
    bar = None
    if heard is None:
        lead = _("Fewer than five members have been heard on it, so that no answers are shown.")
    elif heard == 0:
        lead = _("No member has been heard on it yet.")
    elif said == "hidden":
        lead = _("%(n)s members were heard. How they answered would say who answered how, so it is not shown.") % {
            "n": heard
        }
    else:
        if said == "exact":
            share = percent(row["share"])
            lead = ngettext("of the %(n)s heard agrees", "of the %(n)s heard agree", heard) % {"n": heard}
        elif said == "nearly-all":
            lead = _("All of the %(n)s heard agree, or all but fewer than five.") % {"n": heard}
        else:
            lead = _("Fewer than five of the %(n)s heard agree.") % {"n": heard}
        bounds = _bounds(row, members - heard)
        bar = bounds_bar(agree=row["agree_least"], heard=heard, members=members)
    told = row["provisional"]
    provisional = ""
    if told:
        provisional = ngettext(
            "%(n)s answer is provisional, without prejudice to the final position.",
            "%(n)s answers are provisional, without prejudice to the final position.",
            told,
        ) % {"n": told}
    return StatesRow(
        number=row["statement"],
        words=words,
        lead=lead,
        share=share,
        bounds=bounds,
        bar=bar,
        provisional=provisional,
        hides_provisional=told is None and bool(heard),
        answers=_attributed(row.get("answers")),
        regions=tuple(
            (r["region"], r["heard"], "" if r["share"] is None else percent(r["share"]))
            for r in row.get("by_region", ())
            if r["heard"] != 0
        ),
    )


def _bounds(row: Mapping[str, Any], unheard: int) -> str:
    if not unheard:
        return _("Every member has been heard.")
    data = {"n": unheard, "all": percent(row["if_all"]), "none": percent(row["if_none"])}
    if row["said"] == "exact":
        return (
            ngettext(
                "If the %(n)s unheard agreed: %(all)s; if not: %(none)s",
                "If all %(n)s unheard agreed: %(all)s; if none: %(none)s",
                unheard,
            )
            % data
        )
    if row["said"] == "nearly-all":
        return _("If all %(n)s unheard agreed: up to %(all)s; if none: at least %(none)s") % data
    return _("If all %(n)s unheard agreed: at most %(all)s; if none: fewer than five members") % data


def _attributed(answers: Mapping[str, Sequence[Any]] | None) -> tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]:
    """Return who gave which answer, by the members' names in the reader's language, in their alphabetical order."""
    if not answers:
        return ()
    found = []
    names = member_names(language=interface_language())
    for answer, value in VALUES.items():
        of_it = sorted((names.get(m, m), bool(p)) for m, (given, p) in answers.items() if given == value)
        if of_it:
            found.append((answer, tuple(of_it)))
    return tuple(found)


def region_rows(*, figures: Mapping[str, Any]) -> list[RegionRow]:
    """Return who was heard, by regional group."""
    return [
        RegionRow(
            region=r["region"],
            members=r["members"],
            heard=r["heard"],
            not_yet=r["not_yet"],
            tiles=None if r["heard"] is None else member_tiles(heard=r["heard"], unheard=r["not_yet"]),
        )
        for r in figures["regions"]
    ]


def people_rows(
    *, figures: Mapping[str, Any], numbers: Sequence[int], words: Mapping[int, ShownStatement]
) -> list[PeopleRow]:
    """Return the rows of some statements, in the order in which they are asked for."""
    found = {row["statement"]: row for row in figures["statements"]}
    common = {c["statement"]: c for c in figures["common_ground"]}
    return [_people_row(found[n], common.get(n), words.get(n)) for n in numbers if n in found]


def _people_row(row: Mapping[str, Any], common: Mapping[str, Any] | None, words: ShownStatement | None) -> PeopleRow:
    direction = common["direction"] if common else ""
    answer = "disagree" if direction == "disagree" else "agree"
    shares = [_share_row(group_name(g), g, cell[answer]) for g, cell in enumerate(row["by_group"]) if cell is not None]
    overall = row["overall"]
    if overall is not None:
        shares.append(_share_row(_("All people"), -1, overall[answer]))
    weighted = row.get("weighted")
    plain = overall["agree"][0] if overall else 0.0
    said = ""
    if weighted and _whole(weighted["share"]) != _whole(plain):
        said = _(
            "Weighed by how likely the statement was to be put to each person, %(share)s agree (between %(low)s and %(high)s)."
        ) % {k: percent(weighted[k]) for k in ("share", "low", "high")}
    return PeopleRow(
        number=row["statement"],
        words=words,
        direction=direction,
        chart=share_dots(rows=shares) if shares else None,
        spoken=" ".join(_spoken(s) for s in shares),
        weighted=said,
        lower=percent(common["lower"]) if common else "",
    )


def _share_row(name: str, group: int, bounds: Sequence[float]) -> ShareRow:
    share, low, high = bounds
    return ShareRow(
        name=name, group=group, share=share, low=min(low, share), high=max(high, share), text=percent(share)
    )


def _spoken(row: ShareRow) -> str:
    return _("%(who)s: %(share)s (between %(low)s and %(high)s).") % {
        "who": row.name,
        "share": percent(row.share),
        "low": percent(row.low),
        "high": percent(row.high),
    }


def tellings(*, figures: Mapping[str, Any], words: Mapping[int, ShownStatement], most: int) -> list[Telling]:
    """Return what tells each group from the others, the surest first, at most so many statements a group."""
    return [
        Telling(
            group=group,
            name=group_name(group),
            statements=tuple(
                (r["statement"], words.get(r["statement"]), r["direction"], _inside_and_out(r)) for r in rows[:most]
            ),
        )
        for group, rows in enumerate(figures["representative"])
    ]


def _inside_and_out(row: Mapping[str, Any]) -> str:
    if row["outside"] is None:
        told = {"inside": percent(row["inside"]["share"])}
        if row["direction"] == "agree":
            return _("%(inside)s of the group agree, and fewer of the others.") % told
        return _("%(inside)s of the group disagree, and fewer of the others.") % told
    data = {"inside": percent(row["inside"]["share"]), "outside": percent(row["outside"]["share"])}
    if row["direction"] == "agree":
        return _("%(inside)s of the group agree, and %(outside)s of the others.") % data
    return _("%(inside)s of the group disagree, and %(outside)s of the others.") % data


def both_rows(
    *,
    states: Mapping[str, Any],
    people: Mapping[str, Any],
    numbers: Sequence[int],
    words: Mapping[int, ShownStatement],
) -> list[BothRow]:
    """Return the two tracks side by side. They are never added together."""
    ours = {row["statement"]: row for row in states["statements"]}
    theirs = {row["statement"]: row for row in people["statements"]}
    rows = []
    for number in numbers:
        state, other = ours.get(number, {}), theirs.get(number, {}).get("overall")
        has_range = state.get("if_none") is not None
        share, low, high = other["agree"] if other else (0.0, 0.0, 0.0)
        rows.append(
            BothRow(
                number=number,
                words=words.get(number),
                states=_of_states(state),
                states_range=_range(state["if_none"], state["if_all"]) if has_range else "",
                people=percent(share) if other else "",
                people_range=_range(low, high) if other else "",
            )
        )
    return rows


def _of_states(row: Mapping[str, Any]) -> str:
    if row.get("said") == "exact" and row.get("share") is not None:
        return percent(row["share"])
    if row.get("said") == "nearly-all":
        return _("all, or all but fewer than five")
    return _("fewer than five") if row.get("said") == "few" else ""


def _range(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": _whole(low), "high": _whole(high)}


def draw_map(*, figures: Mapping[str, Any], title: str, of_members: bool = False) -> Any:
    """Return the opinion map, None where there is none: names of groups with their sizes, and the same in words."""
    found = figures["map"]
    if not found:
        return None
    sizes = figures["group_sizes"] if not of_members else [None] * (1 + max(int(g) for g, _x, _y in found["marks"]))
    names = [group_name(g) if n is None else f"{group_name(g)}, {count(n)}" for g, n in enumerate(sizes)]
    told = (
        _("Each mark stands for about %(n)s members who answered alike. Groups: %(groups)s.")
        if of_members
        else _("Each mark stands for about %(n)s people who answered alike. Groups: %(groups)s.")
    )
    return opinion_map(
        marks=[(int(g), x, y) for g, x, y in found["marks"]],
        labels=names,
        title=title,
        description=told % {"n": found["per_mark"], "groups": "; ".join(names)},
        anchor="members" if of_members else "opinion",
    )


def _whole(share: float) -> int:
    return int(share * 100 + 0.5)


def stability_sentence(*, figures: Mapping[str, Any]) -> str:
    """Return how many groups there are and how sure that is."""
    if figures["k"] == 0:
        return _("Too few people have answered enough statements to look for groups.")
    if figures["k"] == 1:
        return _("Nothing parts those who answered: they are one group.")
    found = figures["stability"]
    groups = ngettext("%(n)s group was found.", "%(n)s groups were found.", figures["k"]) % {"n": figures["k"]}
    if found is None:
        return groups
    again = _("Where participants are drawn anew, as many are found again in %(again)s of %(draws)s draws.") % {
        "again": found["found_again"],
        "draws": found["draws"],
    }
    return f"{groups} {again}"


def honesty_sentences(*, figures: Mapping[str, Any]) -> list[str]:
    """Return what may have bent the result, and what the common ground would be without it, in words."""
    found = figures["honesty"]
    told = [
        _("Statements %(a)s and %(b)s say nearly the same.") % {"a": d["kept"], "b": d["other"]}
        for d in found["duplicates"][:MOST_PAIRS]
    ]
    if (more := len(found["duplicates"]) - MOST_PAIRS) > 0:
        told.append(ngettext("%(n)s more pair does.", "%(n)s more pairs do.", more) % {"n": more})
    for row in found["coordinated"]:
        data = {"accounts": row["accounts"], "group": row["group"] + 1, "n": row["answered"]}
        if row["accounts"] is None:
            told.append(
                _(
                    "A few accounts of group %(group)s gave the same answers to %(n)s statements, more often than chance explains."
                )
                % data
            )
        else:
            told.append(
                _(
                    "%(accounts)s accounts of group %(group)s gave the same answers to %(n)s statements, more often than chance explains."
                )
                % data
            )
    if told:
        gained = ", ".join(str(n) for n, _direction in found["gained"])
        lost = ", ".join(str(n) for n, _direction in found["lost"])
        if gained:
            told.append(
                _("Without these, common ground would also hold statements: %(numbers)s.") % {"numbers": gained}
            )
        if lost:
            told.append(_("Without these, no common ground would be statements: %(numbers)s.") % {"numbers": lost})
        if not gained and not lost:
            told.append(_("Without these, the common ground would hold the same statements."))
    return told
