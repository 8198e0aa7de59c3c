"""The charts: pure builders of small SVG figures, every foreign word escaped, without styles or scripts.

They follow the rules of the notes on design: one member is one square of one size; shape before colour; one scale
that starts at nought; and direction left to right inside a chart, because geography is never mirrored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping  # noqa: TC003  (type hints that doors resolve at run time)
from typing import TYPE_CHECKING, Final

from comity.adapters.visual.marks import MARK_OF_LEVEL, MARK_OF_RELATION, MARK_OF_VISIBILITY, find_mark
from comity.errors import BadParameter

if TYPE_CHECKING:
    from markupsafe import Markup

STEP: Final = 20
"""Units from one tile of the map to the next; a tile is 18 units wide."""

UNKNOWN_LEVEL: Final = "not-in-collection"
"""The level of a tile that nothing is said about."""

BAR_LEVELS: Final = (
    "binding-own",
    "binding-through",
    "voluntary-own",
    "voluntary-through",
    "unstated-own",
    "unstated-through",
)
"""The levels that take length in a bar, in order. The three kinds of none are the rest of the line."""

_SOLID: Final = "M{x} {y}h18v18h-18z"
_OPEN: Final = "M{x1}.1 {y1}.1h15.8v15.8h-15.8z"
_QUIET: Final = "M{x}.5 {y}.5h17v17h-17z"

# level: (attributes of the ground, its outline, attributes of the inner shape, where it starts, its outline, text class)
_TILES: Final[Mapping[str, tuple[str, str, str, tuple[float, float], str, str]]] = {
    "binding-own": ('class="c-full"', _SOLID, 'class="k"', (6.5, 10.5), "h5v5h-5z", ' class="t-on"'),
    "binding-through": (
        'class="c-frame" stroke-width="2.2"',
        _OPEN,
        'class="kq c-full"',
        (6.8, 9.8),
        "h4.4v4.4h-4.4z",
        "",
    ),
    "voluntary-own": ('class="c-vol"', _SOLID, 'class="k"', (3.5, 11.8), "h11v2.4h-11z", ' class="t-on"'),
    "voluntary-through": (
        'class="c-frame vol" stroke-width="2.2"',
        _OPEN,
        'class="kq c-vol"',
        (4, 11),
        "h10v2.4h-10z",
        "",
    ),
    "unstated-own": (
        'class="c-qf"',
        _SOLID,
        'class="k"',
        (4.8, 10.3),
        "h2.4v5.4h-2.4zm6 0h2.4v5.4h-2.4z",
        ' class="t-on"',
    ),
    "unstated-through": (
        'class="c-frame uns" stroke-width="2.2"',
        _OPEN,
        'class="kq c-q" stroke-width="4.6" stroke-dasharray="2.2 3.6"',
        (5, 12),
        "h8",
        "",
    ),
    "states-none": ('class="c-none"', _QUIET, 'class="kq c-q" stroke-width="1.9"', (5, 16), "l8-5.6", ""),
    "searched-not-found": (
        'class="c-none"',
        _QUIET,
        'class="kq c-q" stroke-width="1.5"',
        (6.6, 13),
        "a2.4 2.4 0 104.8 0 2.4 2.4 0 10-4.8 0",
        "",
    ),
    "not-in-collection": (
        'class="c-none"',
        _QUIET,
        # The dashes begin anew at every tile, so that one short stroke draws three blocks.
        'class="kq c-q" stroke-width="2.4" stroke-dasharray="2.4 1.4"',
        (4, 13.1),
        "h10",
        "",
    ),
}


_FORBIDDEN: Final = re.compile("[^\t\n -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _short(value: float) -> str:
    """Write a coordinate with at most two decimals and no trailing noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def clean_text(text: str) -> str:
    """Return ``text`` without the characters that XML forbids or that no file can hold, such as half a surrogate pair."""
    return _FORBIDDEN.sub("", text)


def tile_map(
    *,
    tiles: Mapping[str, tuple[int, int]],
    levels: Mapping[str, str],
    title: str,
    description: str,
    labels: Mapping[str, str],
    anchor: str = "map",
) -> Markup:
    """Return the equal-tile grid of the world: one tile a member, ground and inner shape by its level.

    Args:
        tiles: ISO 3166-1 alpha-3 code to (column, row), both from 0.
        levels: code to one of the nine levels of :data:`MARK_OF_LEVEL`. A tile without one is "not-in-collection". A
            member without a tile is not drawn: the list under the map has to name it.
        title: what the map shows, read out first.
        description: the counts in one sentence, read out next.
        labels: code to the short code shown on the tile; the code itself where there is none.
        anchor: start of the ids of title and description; give each map of a page its own, of letters and hyphens.

    Raises :class:`~comity.errors.BadParameter` for a level that is not one of the nine.
    """
    from markupsafe import Markup, escape

    for level in sorted(set(levels.values())):
        find_mark(kind="level", name=level, marks=MARK_OF_LEVEL)
    _check_anchor(anchor)
    placed = sorted((row, column, code) for code, (column, row) in tiles.items())
    parts = []
    for level, (ground, outline, inner, (dx, dy), shape, on) in _TILES.items():
        here = [(c * STEP, r * STEP, code) for r, c, code in placed if levels.get(code, UNKNOWN_LEVEL) == level]
        if not here:
            continue
        grounds = "".join(outline.format(x=x, y=y, x1=x + 1, y1=y + 1) for x, y, _ in here)
        shapes = "".join(f"M{_short(x + dx)} {_short(y + dy)}{shape}" for x, y, _ in here)
        codes = "".join(
            f'<text x="{x + 9}" y="{y + 8}">{escape(clean_text(labels.get(code, code)))}</text>' for x, y, code in here
        )
        parts.append(f'<path {ground} d="{grounds}"/><path {inner} d="{shapes}"/><g{on}>{codes}</g>')
    width = (max((c for _, c, _ in placed), default=0) + 1) * STEP
    height = (max((r for r, _, _ in placed), default=0) + 1) * STEP
    return Markup(  # noqa: S704  (every foreign word above and below is escaped)
        f'<svg class="map" viewBox="-1 -1 {width} {height}" direction="ltr" role="img" '
        f'aria-labelledby="{anchor}-t {anchor}-d">'
        f'<title id="{anchor}-t">{escape(clean_text(title))}</title>'
        f'<desc id="{anchor}-d">{escape(clean_text(description))}</desc>{"".join(parts)}</svg>'
    )


def _check_anchor(anchor: str) -> None:
    if not anchor or not all(c.isascii() and (c.isalnum() or c == "-") for c in anchor):
        raise BadParameter(name="anchor", found=anchor, allowed="letters, digits and hyphens")


def level_bar(*, counts: Mapping[str, int], total: int) -> Markup:
    """Return the bar of one topic: as many units of length as members at each level, on a line ``total`` long.

    Binding is solid, voluntary split lengthwise, not stated split crosswise, all of one height; through an organisation
    is the open form of each. The three kinds of none take no length: they are the line that is left. The bar is hidden
    from readers of screens, so the counts have to stand beside it as text.

    Raises :class:`~comity.errors.BadParameter` for an unknown level, a negative count, or counts that do not fit.
    """
    from markupsafe import Markup

    for level in sorted(counts):
        find_mark(kind="level", name=level, marks=MARK_OF_LEVEL)
    if any(n < 0 for n in counts.values()) or sum(counts.values()) > total:
        raise BadParameter(
            name="counts", found=str(dict(sorted(counts.items()))), allowed=f"counts from 0 that sum to at most {total}"
        )
    unit = total / 193  # so that gaps and posts look the same whatever the total is
    start, parts = 0.0, []
    for level in BAR_LEVELS:
        length = counts.get(level, 0)
        if length:
            parts.append(_SEGMENTS[level](start, length, unit))
            start += length
    box = max(total, 1)
    return Markup(  # noqa: S704  (numbers and constants only)
        f'<svg class="split" viewBox="0 0 {box} 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="c-axis" vector-effect="non-scaling-stroke" d="M0 11.5h{box}"/>{"".join(parts)}</svg>'
    )


def _posts(length: float, unit: float) -> int:
    """Return how many upright posts a stretch of "not stated" holds: two at least, so that it is never a solid."""
    return max(2, min(40, round(length / (4 * unit))))


def _binding(x: float, n: float, unit: float) -> str:
    gap = min(1.2 * unit, n / 4)
    return f'<path class="c-full" d="M{_short(x)} 0h{_short(n - gap)}v12h-{_short(n - gap)}z"/>'


def _voluntary(x: float, n: float, unit: float) -> str:
    wide = _short(n - min(1.2 * unit, n / 4))
    at = _short(x)
    return f'<path class="c-vol" d="M{at} 0h{wide}v4.6h-{wide}zM{at} 7.4h{wide}V12h-{wide}z"/>'


def _unstated(x: float, n: float, unit: float) -> str:
    length = n - min(1.2 * unit, n / 4)
    posts = _posts(length, unit)
    post = 0.767 * length / posts  # the same share of ink as the split bar: 9.2 of 12
    gap = (length - post * posts) / (posts - 1)
    dash = f'stroke-dasharray="{post:.4g} {gap:.4g}"'
    return f'<path class="c-q" stroke-width="12" {dash} d="M{_short(x)} 6h{_short(length)}"/>'


def _outline(x: float, n: float, unit: float) -> tuple[str, float]:
    length = n - min(1.2 * unit, n / 4)
    at, wide, end = _short(x), _short(length), _short(x + length)
    return f"M{at} .6h{wide}M{at} 11.4h{wide}M{at} 0v12M{end} 0v12", length


def _binding_through(x: float, n: float, unit: float) -> str:
    outline, _ = _outline(x, n, unit)
    return f'<path class="c-org" d="{outline}"/>'


def _voluntary_through(x: float, n: float, unit: float) -> str:
    outline, length = _outline(x, n, unit)
    return f'<path class="c-org vol" d="{outline}M{_short(x)} 6h{_short(length)}"/>'


def _unstated_through(x: float, n: float, unit: float) -> str:
    outline, length = _outline(x, n, unit)
    posts = _posts(length, unit)
    inner = "".join(f"M{_short(x + length * i / posts)} 0v12" for i in range(1, posts))
    return f'<path class="c-org uns" d="{outline}{inner}"/>'


_SEGMENTS: Final[Mapping[str, Callable[[float, float, float], str]]] = {
    "binding-own": _binding,
    "binding-through": _binding_through,
    "voluntary-own": _voluntary,
    "voluntary-through": _voluntary_through,
    "unstated-own": _unstated,
    "unstated-through": _unstated_through,
}


def tile(*, level: str) -> Markup:
    """Return the small tile of a level, to stand before its word. Needs the mark of the level in the page's sprite.

    Raises :class:`~comity.errors.BadParameter` for an unknown level.
    """
    from markupsafe import Markup

    mark = find_mark(kind="level", name=level, marks=MARK_OF_LEVEL)
    return Markup(f'<svg class="tile" aria-hidden="true"><use href="#{mark}"/></svg>')  # noqa: S704  (constants, and words escaped above)


def relation_glyph(*, relation: str) -> Markup:
    """Return the two squares of a relation, to stand before its word. Needs its mark in the page's sprite.

    Raises :class:`~comity.errors.BadParameter` for an unknown relation.
    """
    from markupsafe import Markup

    mark = find_mark(kind="relation", name=relation, marks=MARK_OF_RELATION)
    return Markup(f'<svg viewBox="0 0 40 24" aria-hidden="true"><use href="#{mark}"/></svg>')  # noqa: S704  (constants, and words escaped above)


def seen(*, visibility: str, word: str) -> Markup:
    """Return who can see something: the squares and the word, always both. Needs its mark in the page's sprite.

    Raises :class:`~comity.errors.BadParameter` for an unknown visibility.
    """
    from markupsafe import Markup, escape

    mark = find_mark(kind="visibility", name=visibility, marks=MARK_OF_VISIBILITY)
    shown = escape(clean_text(word))
    return Markup(f'<span class="seen"><svg aria-hidden="true"><use href="#{mark}"/></svg>{shown}</span>')  # noqa: S704  (constants, and words escaped above)


def progress_bar(*, label: str, text: str, done: int, total: int | None) -> Markup:
    """Return how far a piece of work has come: its name, a bar, and the count in words.

    ``total`` None says that the end is not known yet; the bar then shows no length. Raises
    :class:`~comity.errors.BadParameter` for a count below 0 or above the total.
    """
    from markupsafe import Markup, escape

    if done < 0 or (total is not None and done > total):
        raise BadParameter(name="done", found=str(done), allowed=f"0 to {total}")
    size = "" if total is None else f' value="{done}" max="{max(total, 1)}"'
    name, words = escape(clean_text(label)), escape(clean_text(text))
    return Markup(  # noqa: S704  (escaped above)
        f'<div class="progress"><b>{name}</b><progress aria-label="{name}"{size}></progress>'
        f'<span class="meta">{words}</span></div>'
    )
