"""Figures of members: a row of equal tiles with a bar in each, and a line of shares over rounds, all of one scale that starts at nought.

A member without a figure has a broken line in its tile, never an empty bar: unknown is not nought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.adapters.visual.charts import STEP, clean_text
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

_WIDE: Final = 14
_LEFT, _RIGHT, _TOP, _FOOT = 8, 158, 10, 94
_LEAST_POINTS: Final = 2


def figure_tiles(
    *,
    tiles: Mapping[str, tuple[int, int]],
    values: Mapping[str, float],
    most: float,
    labels: Mapping[str, str],
    title: str,
    anchor: str,
    columns: int = 0,
) -> Markup:
    """Return equal tiles with a bar in each: ``most`` fills it. A tile whose code has no value shows that there is none.

    ``tiles`` maps codes to (column, row); free columns and rows around them are left out. ``labels`` are the short codes shown on
    the tiles. ``columns`` makes the figure as wide as so many, so that tiles of several figures have one size. It reads out ``title``; the values have to stand beside it as text. Raises BadParameter for a value below
    0 or above ``most``.
    """
    from markupsafe import Markup, escape

    for code, value in values.items():
        if not 0 <= value <= most:
            raise BadParameter(name=f"values of {code}", found=value, allowed=f"0 to {most}")
    left = min((c for c, _ in tiles.values()), default=0)
    top = min((r for _, r in tiles.values()), default=0)
    placed = sorted(((r - top) * STEP, (c - left) * STEP, code) for code, (c, r) in tiles.items())
    frames = "".join(f"M{x}.5 {y}.5h17v17h-17z" for y, x, _ in placed)
    tracks = "".join(f"M{x + 2} {y + 10}h{_WIDE}v5h-{_WIDE}z" for y, x, code in placed if code in values)
    bars = "".join(
        f"M{x + 2} {y + 10}h{length}v5h-{length}z"
        for y, x, code in placed
        if code in values and most and (length := round(_WIDE * values[code] / most, 1))
    )
    without = "".join(f"M{x + 2} {y + 12}.5h{_WIDE}" for y, x, code in placed if code not in values)
    codes = "".join(
        f'<text x="{x + 9}" y="{y + 8}">{escape(clean_text(labels.get(code, code)))}</text>' for y, x, code in placed
    )
    width = max(max((x for _, x, _ in placed), default=0) + STEP, columns * STEP)
    height = max((y for y, _, _ in placed), default=0) + STEP
    parts = [f'<path class="c-none" d="{frames}"/>']
    parts += [f'<path class="c-tint" d="{tracks}"/>'] if tracks else []
    parts += [f'<path class="c-full" d="{bars}"/>'] if bars else []
    parts += [f'<path class="c-q" stroke-width="1.5" stroke-dasharray="2.4 1.4" d="{without}"/>'] if without else []
    return Markup(  # noqa: S704  (every foreign word above and below is escaped)
        f'<svg class="map" viewBox="-1 -1 {width} {height}" direction="ltr" role="img" aria-labelledby="{anchor}">'
        f'<title id="{anchor}">{escape(clean_text(title))}</title>{"".join(parts)}<g>{codes}</g></svg>'
    )


def share_line(
    *, own: Sequence[float | None], everyone: Sequence[float | None], first: str, last: str, shown: str, title: str
) -> Markup:
    """Return how a group's share went over rounds: a solid line for it, a dashed one for everyone, from 0 to 1 in height.

    Both have one value a round, oldest first, None where a round had nothing of it. ``first`` and ``last`` are written under the
    ends, ``shown`` beside the last value. Raises BadParameter where the two differ in length or a share is not from 0 to 1.
    """
    from markupsafe import Markup, escape

    if len(own) != len(everyone) or not all(v is None or 0 <= v <= 1 for v in (*own, *everyone)):
        raise BadParameter(name="own", found=f"{len(own)} values", allowed="as many shares from 0 to 1 as for everyone")
    parts = [f'<path class="c-line" d="M{_LEFT} {_TOP}H{_RIGHT}M{_LEFT} 52H{_RIGHT}"/>']
    parts.append(f'<path class="c-axis" d="M{_LEFT} {_FOOT}H{_RIGHT}"/>')
    dashed, solid = _path(everyone), _path(own)
    parts += [f'<path class="c-axis" stroke-dasharray="3 3" d="{dashed}"/>'] if dashed else []
    parts += [f'<path class="c-acc" stroke-width="2.5" d="{solid}"/>'] if solid else []
    points = [(x, y) for x, y in _points(own) if y is not None]
    if points:
        x, y = points[-1]
        parts.append(f'<path class="c-full" d="M{x - 4:g} {y - 4:g}h8v8h-8z"/>')
        parts.append(f'<text font-size="13" font-weight="650" x="{_RIGHT + 10}" y="{y + 4:g}">{escape(shown)}</text>')
    parts.append(f'<text class="soft" font-size="10" x="{_LEFT}" y="108">{escape(clean_text(first))}</text>')
    if len(own) >= _LEAST_POINTS:
        parts.append(
            f'<text class="soft" font-size="10" x="{_RIGHT}" y="108" text-anchor="end">{escape(clean_text(last))}</text>'
        )
    return Markup(  # noqa: S704  (escaped above)
        f'<svg class="chart" viewBox="0 0 204 112" direction="ltr" role="img" aria-label="{escape(clean_text(title))}">'
        f"{''.join(parts)}</svg>"
    )


def _points(values: Sequence[float | None], /) -> list[tuple[float, float | None]]:
    step = (_RIGHT - _LEFT) / (len(values) - 1) if len(values) >= _LEAST_POINTS else 0
    start = _LEFT if step else _RIGHT
    return [
        (round(start + step * at, 1), None if v is None else round(_FOOT - (_FOOT - _TOP) * v, 1))
        for at, v in enumerate(values)
    ]


def _path(values: Sequence[float | None], /) -> str:
    """Return the line through the values; it breaks where a round has none."""
    parts, pen = [], "M"
    for x, y in _points(values):
        if y is None:
            pen = "M"
            continue
        parts.append(f"{pen}{x:g} {y:g}")
        pen = "L"
    return "".join(parts)
