"""The marks: every symbol that stands for a level, an answer, a relation or a visibility, drawn once.

Within a set the frame, the colour and the amount of ink are the same and only the inner shape differs, so that no
category is drawn as half of another. A page carries a sprite of the symbols it uses and points at them with ``use``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping  # noqa: TC003  (type hints that doors resolve at run time)
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from comity.errors import BadParameter

if TYPE_CHECKING:
    from markupsafe import Markup

_TILE: Final = "0 0 16 16"
_RELATION: Final = "0 0 40 24"

# A frame for the open ground of an own-through pair, and the quiet frame of everything that is none.
_OPEN: Final = '<path class="c-frame{hue}" stroke-width="2.5" d="M1.25 1.25h13.5v13.5H1.25z"/>'
_QUIET: Final = '<path class="c-none" stroke-width="1.5" d="M.75.75h14.5v14.5H.75z"/>'
_ANSWER: Final = '<path class="c-frame" stroke-width="1.5" d="M.75.75h14.5v14.5H.75z"/>'

_DRAWN: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "mark",
        "0 0 32 32",
        (
            '<path d="M20.5 8.2V2.5h-18v18h18v-5.7" fill="none" stroke="currentColor" stroke-width="3"/>'
            '<path d="M11.5 17.2v-5.7h18v18h-18v-5.7" fill="none" class="c-acc" stroke-width="3"/>'
            '<path d="M14 14h4v4h-4z" class="c-full"/>'
        ),
    ),
    (
        "rec",
        _TILE,
        (
            '<path d="M8 5v3M3 11V8h10v3" fill="none" stroke="currentColor" stroke-width="1.5"/>'
            '<path d="M6 1h4v4H6zM1 11h4v4H1zM11 11h4v4h-4z" fill="currentColor"/>'
        ),
    ),
    # Levels. Own: solid ground, 220 of 256 units of ink. Through an organisation: open ground, 171 units.
    ("t-b", _TILE, '<path class="c-full" fill-rule="evenodd" d="M0 0h16v16H0zM5 5h6v6H5z"/>'),
    ("t-bo", _TILE, _OPEN.format(hue="") + '<path class="c-full" d="M5 5h6v6H5z"/>'),
    ("t-v", _TILE, '<path class="c-vol" fill-rule="evenodd" d="M0 0h16v16H0zM2 6.5h12v3H2z"/>'),
    ("t-vo", _TILE, _OPEN.format(hue=" vol") + '<path class="c-vol" d="M3.5 6h9v4h-9z"/>'),
    ("t-u", _TILE, '<path class="c-qf" fill-rule="evenodd" d="M0 0h16v16H0zM3.75 4H6v8H3.75zM10 4h2.25v8H10z"/>'),
    ("t-uo", _TILE, _OPEN.format(hue=" uns") + '<path class="c-qf" d="M4.25 4H6.5v8H4.25zM9.5 4h2.25v8H9.5z"/>'),
    # None, of three kinds that are never added up.
    ("t-sn", _TILE, _QUIET + '<path class="c-q" stroke-width="2.8" d="M3.6 12.4l8.8-8.8"/>'),
    ("t-sf", _TILE, _QUIET + '<circle class="c-q" stroke-width="2" cx="8" cy="8" r="3"/>'),
    (
        "t-ns",
        _TILE,
        _QUIET + '<path class="c-qf" d="M2.4 6.3h3.2v3.4H2.4zM6.4 6.3h3.2v3.4H6.4zM10.4 6.3h3.2v3.4h-3.2z"/>',
    ),
    # Answers: 64 of 256 units of ink within one frame. Agree, disagree, pass, not heard, awaiting instructions.
    ("t-yes", _TILE, _ANSWER + '<circle class="c-full" cx="8" cy="8" r="4.5"/>'),
    ("t-no", _TILE, _ANSWER + '<path class="c-acc" stroke-width="3" d="M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8"/>'),
    ("t-abs", _TILE, _ANSWER + '<path class="c-full" d="M2.5 5.1h11v5.8h-11z"/>'),
    (
        "t-away",
        _TILE,
        _ANSWER + '<path class="c-full" d="M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z"/>',
    ),
    ("t-await", _TILE, _ANSWER + '<path class="c-full" d="M6 1.8h4v3.8H6zM6 6.1h4v3.8H6zM6 10.4h4v3.8H6z"/>'),
    # Counts: counted, and not counted or not yet. Never for answers or levels.
    ("t-full", _TILE, '<path class="c-full" d="M0 0h16v16H0z"/>'),
    ("t-open", _TILE, _QUIET),
    # Who can see this: nine, four, two or one square.
    (
        "v-pub",
        _TILE,
        (
            '<path fill="currentColor" d="M1 1h4v4H1zM6 1h4v4H6zM11 1h4v4h-4zM1 6h4v4H1zM6 6h4v4H6zM11 6h4v4h-4z'
            'M1 11h4v4H1zM6 11h4v4H6zM11 11h4v4h-4z"/>'
        ),
    ),
    (
        "v-mem",
        _TILE,
        '<path fill="currentColor" d="M2 2h5.4v5.4H2zM8.6 2H14v5.4H8.6zM2 8.6h5.4V14H2zM8.6 8.6H14V14H8.6z"/>',
    ),
    ("v-com", _TILE, '<path fill="currentColor" d="M1 4.8h6.4v6.4H1zM8.6 4.8H15v6.4H8.6z"/>'),
    ("v-del", _TILE, '<path fill="currentColor" d="M4 4h8v8H4z"/>'),
    # Relations between two texts: A is the petrol square, B the ink square. They speak of scope only.
    (
        "x-same",
        _RELATION,
        (
            '<path class="c-tint" d="M11 3h18v18H11z"/><path class="c-acc" stroke-width="2.5" d="M9 1h22v22H9z"/>'
            '<path class="c-ink" stroke-width="2" d="M11.5 3.5h17v17h-17z"/>'
        ),
    ),
    (
        "x-broader",
        _RELATION,
        (
            '<path class="c-tint" d="M8 1h24v22H8z"/><path class="c-acc" stroke-width="2.5" d="M8 1h24v22H8z"/>'
            '<path class="c-ink" stroke-width="2" d="M20 10h8v9h-8z"/>'
        ),
    ),
    (
        "x-narrower",
        _RELATION,
        (
            '<path class="c-ink" stroke-width="2" d="M8 1h24v22H8z"/><path class="c-tint" d="M12 10h8v9h-8z"/>'
            '<path class="c-acc" stroke-width="2.5" d="M12 10h8v9h-8z"/>'
        ),
    ),
    (
        "x-related",
        _RELATION,
        (
            '<path class="c-tint" d="M4 3h18v18H4z"/><path class="c-acc" stroke-width="2.5" d="M4 3h18v18H4z"/>'
            '<path class="c-ink" stroke-width="2" d="M17 3h18v18H17z"/>'
        ),
    ),
    (
        "x-none",
        _RELATION,
        (
            '<path class="c-tint" d="M3 5h14v14H3z"/><path class="c-acc" stroke-width="2.5" d="M3 5h14v14H3z"/>'
            '<path class="c-axis" stroke-width="2" stroke-dasharray="2 3" d="M24 5h14v14H24z"/>'
        ),
    ),
)

MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {name: f'<symbol id="{name}" viewBox="{box}">{drawing}</symbol>' for name, box, drawing in _DRAWN}
)
"""Every mark, name to ``<symbol>`` markup, in the fixed order in which a sprite lists them."""

MARK_OF_LEVEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "binding-own": "t-b",
        "binding-through": "t-bo",
        "voluntary-own": "t-v",
        "voluntary-through": "t-vo",
        "unstated-own": "t-u",
        "unstated-through": "t-uo",
        "states-none": "t-sn",
        "searched-not-found": "t-sf",
        "not-in-collection": "t-ns",
    }
)
"""The levels of a member on a topic, in their fixed order, each with its mark."""

MARK_OF_RELATION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "same": "x-same",
        "broader": "x-broader",
        "narrower": "x-narrower",
        "related": "x-related",
        "none": "x-none",
    }
)
"""The relations between two texts, each with its mark. "broader" says that A covers more than B."""

MARK_OF_VISIBILITY: Final[Mapping[str, str]] = MappingProxyType(
    {"public": "v-pub", "members": "v-mem", "committee": "v-com", "delegation": "v-del"}
)
"""Who can see something, each with its mark."""


def find_mark(*, kind: str, name: str, marks: Mapping[str, str]) -> str:
    """Return the mark of ``name`` in one of the tables above; ``kind`` is what the table is about, for the refusal.

    Raises :class:`~comity.errors.BadParameter` for a name the table does not hold.
    """
    try:
        return marks[name]
    except KeyError:
        raise BadParameter(name=kind, found=name, allowed="one of " + ", ".join(marks)) from None


def sprite(*, names: Iterable[str]) -> Markup:
    """Return the hidden ``<svg>`` that holds the named marks once each, in the order of :data:`MARKS`.

    Put it first in the body of a page. Raises :class:`~comity.errors.BadParameter` for an unknown name.

    >>> sprite(names=[])
    Markup('<svg width="0" height="0" hidden=""></svg>')
    """
    from markupsafe import Markup

    wanted = set(names)
    for name in sorted(wanted):
        find_mark(kind="mark", name=name, marks=MARKS)
    # Only the constant drawings above reach this string: nothing a user wrote.
    symbols = "".join(drawing for name, drawing in MARKS.items() if name in wanted)
    return Markup(f'<svg width="0" height="0" hidden="">{symbols}</svg>')  # noqa: S704  (constant drawings)
