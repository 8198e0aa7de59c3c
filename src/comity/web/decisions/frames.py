"""What every page of a ballot shows at its head, and how members are set out by what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.adapters.visual.ballots import ballot_tiles
from comity.platform.decisions.selectors import ballot_view
from comity.web.context import interface_language
from comity.web.decisions.saying import figure, mark_of, position_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from comity.platform.decisions.selectors import BallotView, ElectorView

SEEN = ("v-pub", "v-mem", "v-com", "v-del")
MARKS = (*SEEN, "t-full", "t-open", "t-yes", "t-no", "t-abs", "t-away", "t-await")


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position with its word, its mark, how many members gave it, and which of them this reader may see."""

    name: str
    word: str
    mark: str
    number: int
    members: tuple[ElectorView, ...]


def head_of(request: HttpRequest, *, slug: str) -> dict[str, Any]:
    """Return the view of a ballot and the context of the head of its pages. Raises NotFound."""
    view = ballot_view(slug=slug, user=request.user, language=interface_language())
    return {"view": view, "card": view.card, "slug": slug, "marks": MARKS, "counting": counting(view)}


def counting(view: BallotView, /) -> tuple[ElectorView, ...]:
    """Return the members that count, in the alphabetical order of the reader's language, as the view lists them."""
    return tuple(e for e in view.electors if e.counts)


def position_rows(view: BallotView, /) -> list[PositionRow]:
    """Return the positions of a ballot in the rule's order, those that nobody gave left out unless they are offered.

    Who has said nothing is away only once no vote is taken any more: until then it has not spoken. Empty while nothing may be told.
    """
    if view.totals is None:
        return []
    found: list[PositionRow] = []
    members: dict[str, list[ElectorView]] = {}
    for elector in counting(view):
        members.setdefault(counted_as(view, elector), []).append(elector)
    for position in view.rule.positions:
        number = view.totals.get(position.name, 0)
        waits = position.counts == "away" and view.card.state == "open" and view.card.way != "silence"
        if number or position.name in view.offered:
            found.append(
                PositionRow(
                    name=position.name,
                    word=_("No vote yet") if waits else position_word(position.name, way=view.card.way),
                    mark="t-open" if waits else mark_of(position.name, rule=view.rule),
                    number=number,
                    members=tuple(members.get(position.name, ())),
                )
            )
    return found


def counted_as(view: BallotView, e: ElectorView, /) -> str:
    """Return what a member counts as where the reader may see it: what it said, else present where that was noted, else away."""
    known = {p.name: p for p in view.rule.positions}
    if e.position is None:
        away = next(p.name for p in view.rule.positions if p.counts == "away")
        return "present" if e.present and "present" in known else away
    instead = known[e.position].unless_reasoned if e.position in known else ""
    return instead if instead and not e.reasons else e.position


def said_in_words(rows: Sequence[PositionRow], /) -> str:
    """Return the numbers of a ballot in a row of words."""
    parts = [_("%(position)s: %(number)s") % {"position": r.word, "number": figure(r.number)} for r in rows if r.number]
    return {"ar": "، ", "zh": "，"}.get(interface_language(), ", ").join(parts)


def draw_tiles(view: BallotView, /, *, rows: Sequence[PositionRow]) -> Any:
    """Return the figure of a ballot, with the line after the number needed where the rule asks for one in yes votes; or None."""
    members = sum(r.number for r in rows)
    if not members:
        return None
    needed = needed_of(view)
    title = ngettext("%(n)s tile of one weight: %(said)s.", "%(n)s tiles of equal weight: %(said)s.", members) % {
        "n": figure(members),
        "said": said_in_words(rows),
    }
    if needed is not None and rows and needed <= rows[0].number:
        title += " " + _("The line marks the number needed, %(needed)s.") % {"needed": figure(needed)}
    return ballot_tiles(
        said=[(r.mark, r.number) for r in rows],
        title=title,
        needed=needed,
        needed_text=_("%(needed)s needed") % {"needed": figure(needed)} if needed is not None else "",
    )


def needed_of(view: BallotView, /) -> int | None:
    """Return how many members have to give the first position; None where the rule asks for something else, or nothing follows yet."""
    result = view.result or view.pending_result
    test = view.rule.tests("adopted")[0]
    if result is None or not isinstance(result.get("required"), int):
        return None
    alone = test.count.positions == (view.rule.positions[0].name,) and not test.count.group and not test.count.weight
    return int(result["required"]) if alone else None
