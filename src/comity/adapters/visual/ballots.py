"""The figure of a ballot: one tile for each member, all of one size and weight, gathered by what was said.

After the notes on design: within the tiles the frame and the ink are the same and only the inner shape differs; direction is left to
right inside the chart. A line marks the number that was needed, where that many were reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.adapters.visual.charts import clean_text
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

WIDE: Final = 358
"""The width in units; a tile takes 8 of them, and 2 are free after it."""
_STEP: Final = 10
_COLUMNS: Final = 36
_TOP: Final = 18

# What is drawn in a tile whose corner is at (x, y): strokes alone, so that a shape is a few characters.
_SHAPES: Final[Mapping[str, tuple[str, Callable[[int, int], str]]]] = {
    "t-yes": ('stroke-width="4.5" stroke-linecap="round"', lambda x, y: f"M{x + 4} {y + 4}h0"),
    "t-no": ('stroke-width="1.5"', lambda x, y: f"M{x + 2} {y + 2}l4 4m0-4l-4 4"),
    "t-abs": ('stroke-width="2.8"', lambda x, y: f"M{x + 1}.2 {y + 4}h5.6"),
    "t-away": ('stroke-width="2" stroke-dasharray="2 1.4"', lambda x, y: f"M{x + 1}.3 {y + 2}.3h5.4m-5.4 3.4h5.4"),
    "t-await": (
        'stroke-width="2" stroke-dasharray="1.9 .3"',
        lambda x, y: f"M{x + 4} {y}.8v6.4",
    ),
    # Not yet: an empty tile.
    "t-open": ("", lambda _x, _y: ""),
}


def ballot_tiles(
    *,
    said: Sequence[tuple[str, int]],
    title: str,
    needed: int | None = None,
    needed_text: str = "",
    anchor: str = "ballot",
) -> Markup:
    """Return the tiles of a ballot, column by column, a free column between what was said and what was said otherwise.

    ``said`` are (mark of the answer, number of members) in the order in which they are drawn; ``needed`` puts a line after so many
    tiles of the first, with ``needed_text`` above, where it has that many. The figure reads out ``title``, and the same numbers have
    to stand beside it as text. Raises :class:`~comity.errors.BadParameter` for an unknown mark or a number below 0.
    """
    from markupsafe import Markup, escape

    for mark, number in said:
        if mark not in _SHAPES or number < 0:
            raise BadParameter(name="said", found=f"{mark}: {number}", allowed=f"{', '.join(_SHAPES)}; 0 or more")
    shown = [(mark, number) for mark, number in said if number]
    rows = _rows_for([number for _, number in shown])
    frames, drawn, column = [], [], 0
    for mark, number in shown:
        places = [((column + i // rows) * _STEP, _TOP + i % rows * _STEP) for i in range(number)]
        frames += [f"M{x}.4 {y}.4h7.2v7.2h-7.2z" for x, y in places]
        attributes, shape = _SHAPES[mark]
        if attributes:
            drawn.append(f'<path class="c-acc" {attributes} d="{"".join(shape(x, y) for x, y in places)}"/>')
        column += -(-number // rows) + 1
    high = _TOP + rows * _STEP + 4
    line = _line(needed=needed, text=needed_text, rows=rows) if needed and said and needed <= said[0][1] else ""
    name = escape(clean_text(anchor))
    return Markup(  # noqa: S704  (every foreign word is escaped)
        f'<svg class="chart ballot" direction="ltr" viewBox="0 0 {max(WIDE, (column - 1) * _STEP)} {high}" role="img" '
        f'aria-labelledby="{name}-t"><title id="{name}-t">{escape(clean_text(title))}</title>'
        f'<path class="c-frame" stroke-width=".8" d="{"".join(frames)}"/>{"".join(drawn)}{line}</svg>'
    )


def _rows_for(numbers: Sequence[int], /) -> int:
    """Return the least number of rows with which all columns fit; where nobody said anything, one."""
    rows = 1
    while sum(-(-n // rows) + 1 for n in numbers) - 1 > _COLUMNS:
        rows += 1
    return rows


def _line(*, needed: int, text: str, rows: int) -> str:
    """Return the line after the tile that makes up the number needed: down beside it, and before the next."""
    from markupsafe import escape

    full, over = divmod(needed, rows)
    end = _TOP + rows * _STEP + 2
    right = (full + bool(over)) * _STEP - 1
    path = f"M{right} 12V{end}" if not over else f"M{right} 12V{_TOP + over * _STEP - 1}H{right - _STEP}V{end}"
    side = "end" if right > WIDE / 4 else "start"
    words = escape(clean_text(text))
    return f'<path class="c-ink" stroke-width="1.6" d="{path}"/><text x="{right}" y="9" text-anchor="{side}">{words}</text>'
