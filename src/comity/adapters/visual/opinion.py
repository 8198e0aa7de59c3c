"""The figures of a dialogue: the opinion map, shares with their intervals, the bounds of a census, and who was heard.

They follow the notes on design: a group has a number, a shape and a dash as well as a colour; one mark stands for several people and
never for one; a sample has intervals, a census has bounds; direction is left to right inside a chart and bars flip with the page.
The hull is Andrew's monotone chain (Information Processing Letters 9, 1979) around the marks, each widened to an octagon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.adapters.visual.charts import clean_text
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

WIDE, HIGH, MARGIN = 660, 420, 46
"""The size of the map in its own units, and what stays free around the marks for hulls and their names."""
MOST_GROUPS: Final = 5
PER_ROW: Final = 27
"""Tiles of members in one row."""
_AROUND: Final = 15.0

# Colour class of each group, and the dash of its hull where the class brings none of its own.
_HUES: Final = ("g1", "g2", "g3", "g1", "g0")
_DASHES: Final = ("", "", "", "12 3 2 3", "2 3")

_LEFT, _RIGHT, _STEP = 96.0, 332.0, 24
"""Where a share of nought and of all stand, and from one row to the next."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One line of a figure of shares: its name, its group from 0 (-1: everybody), the share with its bounds, and the text shown."""

    name: str
    group: int
    share: float
    low: float
    high: float
    text: str


def group_shape(*, group: int, x: float, y: float, size: float = 4.0) -> str:
    """Return the mark of a group around a point: circle, square, triangle, triangle downwards, upright cross; -1 is a diamond.

    Raises :class:`~comity.errors.BadParameter` for a group below -1.
    """
    if group < -1:
        raise BadParameter(name="group", found=str(group), allowed="-1 or more")
    if group == -1:
        return f'<path class="g0" d="M{_n(x)} {_n(y - size * 1.5)}l{_n(size * 1.5)} {_n(size * 1.5)}-{_n(size * 1.5)} {_n(size * 1.5)}-{_n(size * 1.5)}-{_n(size * 1.5)}z"/>'
    kind, s = group % MOST_GROUPS, size
    hue = _HUES[kind]
    if kind == 0:
        return f'<circle class="{hue}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(s)}"/>'
    outline = (
        f"M{_n(x - s)} {_n(y - s)}h{_n(2 * s)}v{_n(2 * s)}h-{_n(2 * s)}z",
        f"M{_n(x)} {_n(y - 1.2 * s)}l{_n(1.2 * s)} {_n(2.1 * s)}h-{_n(2.4 * s)}z",
        f"M{_n(x)} {_n(y + 1.2 * s)}l{_n(1.2 * s)}-{_n(2.1 * s)}h-{_n(2.4 * s)}z",
        f"M{_n(x - s)} {_n(y)}h{_n(2 * s)}M{_n(x)} {_n(y - s)}v{_n(2 * s)}",
    )[kind - 1]
    return f'<path class="{hue}" d="{outline}"/>'


def opinion_map(
    *,
    marks: Sequence[tuple[int, float, float]],
    labels: Sequence[str],
    title: str,
    description: str,
    anchor: str = "opinion",
) -> Markup:
    """Return the map: for each group its hull, its marks and its name.

    ``marks`` are (group from 0, x, y) in any unit, each standing for several people; ``labels`` the name of each group, shown beside
    its hull. Both axes have one scale, so that distances can be compared. The figure reads out ``title``, then ``description``.
    Raises :class:`~comity.errors.BadParameter` where a mark belongs to no labelled group or has no place.
    """
    from markupsafe import Markup, escape

    for group, x, y in marks:
        if not 0 <= group < len(labels) or not (math.isfinite(x) and math.isfinite(y)):
            raise BadParameter(
                name="mark", found=f"{group}: {x}, {y}", allowed=f"a place in one of {len(labels)} groups"
            )
    placed = _fit(marks)
    parts = [f'<path class="c-line" d="M{WIDE // 2} 6V{HIGH - 6}M6 {HIGH // 2}H{WIDE - 6}"/>']
    names = []
    for group, label in enumerate(labels):
        mine = [(x, y) for g, x, y in placed if g == group]
        if not mine:
            continue
        hull = _hull(mine)
        dash = _DASHES[group % MOST_GROUPS]
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        outline = "L".join(f"{_n(x)} {_n(y)}" for x, y in hull)
        parts.append(f'<path class="hull {_HUES[group % MOST_GROUPS]}"{dashed} d="M{outline}z"/>')
        parts += [group_shape(group=group, x=x, y=y) for x, y in mine]
        names.append(_name(clean_text(label), hull))
    drawn = "".join(f'<text x="{x}" y="{y}" text-anchor="{end}">{escape(t)}</text>' for t, x, y, end in names)
    about = escape(clean_text(anchor))
    return Markup(  # noqa: S704  (every foreign word above and below is escaped)
        f'<svg class="chart opinion" direction="ltr" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-labelledby="{about}-t {about}-d"><title id="{about}-t">{escape(clean_text(title))}</title>'
        f'<desc id="{about}-d">{escape(clean_text(description))}</desc>{"".join(parts)}{drawn}</svg>'
    )


def share_dots(*, rows: Sequence[ShareRow]) -> Markup:
    """Return shares on one scale from 0 to 100%: a mark at each share, a line over its interval, the share in words at the side.

    Hidden from readers of screens: the same figures have to stand beside it as text. Raises
    :class:`~comity.errors.BadParameter` where bounds do not hold their share.
    """
    from markupsafe import Markup, escape

    high = _STEP * len(rows) + 4
    parts = []
    for share, text in ((0.0, "0%"), (0.5, "50%"), (1.0, "100%")):
        x = _n(_at(share))
        parts.append(f'<path class="c-line" d="M{x} 4V{high}"/>')
        parts.append(f'<text class="soft" font-size="11" text-anchor="middle" x="{x}" y="{high + 14}">{text}</text>')
    for index, row in enumerate(rows):
        if not 0 <= row.low <= row.share <= row.high <= 1:
            found = f"{row.low:.4g}, {row.share:.4g}, {row.high:.4g}"
            raise BadParameter(name="share", found=found, allowed="0 <= low <= share <= high <= 1")
        y = 16 + _STEP * index
        hue = "g0" if row.group < 0 else _HUES[row.group % MOST_GROUPS]
        parts.append(f'<text font-size="12.5" x="0" y="{y + 4}">{escape(clean_text(row.name))}</text>')
        span = f"M{_n(_at(row.low))} {y}H{_n(_at(row.high))}"
        parts.append(f'<path class="{hue}" fill="none" stroke-width="2.5" d="{span}"/>')
        parts.append(group_shape(group=max(row.group, -1), x=_at(row.share), y=y))
        words = escape(clean_text(row.text))
        parts.append(f'<text font-size="12.5" x="400" text-anchor="end" y="{y + 4}">{words}</text>')
    return Markup(  # noqa: S704  (escaped above)
        f'<svg class="chart dots" direction="ltr" viewBox="0 0 400 {high + 18}" aria-hidden="true">{"".join(parts)}</svg>'
    )


def bounds_bar(*, agree: int, heard: int, members: int) -> Markup:
    """Return the bar of a census: those who agree solid, those not yet heard open beside them, the line for the rest.

    It flips with the page, and is hidden from readers of screens. Raises :class:`~comity.errors.BadParameter` for counts that do not fit.
    """
    from markupsafe import Markup

    if not 0 <= agree <= heard <= members or members == 0:
        raise BadParameter(
            name="counts", found=f"{agree}, {heard}, {members}", allowed="0 <= agree <= heard <= members"
        )
    unheard = members - heard
    solid = f'<path class="c-full" d="M0 0h{agree}v12H0z"/>' if agree else ""
    end = agree + unheard
    still = f'<path class="c-org" d="M{agree} .6h{unheard}M{agree} 11.4h{unheard}M{end} 0v12"/>' if unheard else ""
    return Markup(  # noqa: S704  (numbers and constants only)
        f'<svg class="split bounds" viewBox="0 0 {members} 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="c-axis" vector-effect="non-scaling-stroke" d="M0 11.5h{members}"/>{solid}{still}</svg>'
    )


def member_tiles(*, heard: int, unheard: int) -> Markup:
    """Return one tile for each member of a group, those heard solid, those not yet heard with four corners.

    It flips with the page, and is hidden from readers of screens. Raises :class:`~comity.errors.BadParameter` for a count below 0.
    """
    from markupsafe import Markup

    if heard < 0 or unheard < 0:
        raise BadParameter(name="counts", found=f"{heard}, {unheard}", allowed="0 or more")
    places = [((i % PER_ROW) * 9, (i // PER_ROW) * 9) for i in range(heard + unheard)]
    solid = "".join(f"M{x} {y}h7v7h-7z" for x, y in places[:heard])
    frames = "".join(f"M{x}.4 {y}.4h6.2v6.2h-6.2z" for x, y in places[heard:])
    # Four corners of one tile in two strokes: dashes draw what would be four squares.
    corners = "".join(
        f"M{x}.2 {_n(y + 2.1)}h4.6M{x}.2 {_n(y + 4.9)}h4.6" for x, y in ((x + 1, y) for x, y in places[heard:])
    )
    rows = max(1, -(-len(places) // PER_ROW))
    parts = [f'<path class="c-full" d="{solid}"/>'] if solid else []
    if frames:
        parts.append(f'<path class="c-frame" stroke-width=".8" d="{frames}"/>')
        parts.append(f'<path class="c-acc" stroke-width="1.8" stroke-dasharray="1.8 1" d="{corners}"/>')
    return Markup(  # noqa: S704  (numbers and constants only)
        f'<svg class="chart flip" viewBox="0 0 {PER_ROW * 9} {rows * 9}" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _n(value: float) -> str:
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _at(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share


def _fit(marks: Sequence[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """Return the marks in units of the map, the middle of all in its middle; upwards is up."""
    if not marks:
        return []
    xs, ys = [x for _, x, _ in marks], [y for _, _, y in marks]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDE - 2 * MARGIN) / (wide or math.inf), (HIGH - 2 * MARGIN) / (high or math.inf))
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    if not wide and not high:
        scale = 0.0
    return [(g, WIDE / 2 + (x - middle[0]) * scale, HIGH / 2 - (y - middle[1]) * scale) for g, x, y in marks]


def _hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the convex hull of points, each widened to an octagon: a single mark has one too."""
    ring = [(_AROUND * math.cos(math.pi * i / 4), _AROUND * math.sin(math.pi * i / 4)) for i in range(8)]
    every = sorted({(round(x + dx, 1), round(y + dy, 1)) for x, y in points for dx, dy in ring})
    lower = _half(every)
    upper = _half(every[::-1])
    return lower[:-1] + upper[:-1]


def _half(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    line: list[tuple[float, float]] = []
    for point in points:
        while len(line) >= 2 and _turn(line[-2], line[-1], point) <= 0:  # noqa: PLR2004  (three points make a turn)
            line.pop()
        line.append(point)
    return line


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _name(label: str, hull: Sequence[tuple[float, float]]) -> tuple[str, str, str, str]:
    """Return a label with where it stands: above a hull of the upper half, below one of the lower, and never outside the map."""
    xs, ys = [x for x, _ in hull], [y for _, y in hull]
    x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    below = y > HIGH / 2
    at = min(max(ys) + 20, HIGH - 6) if below else max(min(ys) - 8, 22)
    end = "start" if x < WIDE / 4 else "end" if x > WIDE * 3 / 4 else "middle"
    across = {"start": max(min(xs), 4), "end": min(max(xs), WIDE - 4), "middle": x}[end]
    return label, _n(across), _n(at), end
