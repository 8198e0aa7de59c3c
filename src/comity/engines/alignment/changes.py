"""What can become of a provision from one version of an instrument to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAKER = "versions/1"

Kind = Literal["unchanged", "reworded", "changed", "renumbered", "moved", "split", "merged", "added", "repealed"]
"""What became of a provision: *reworded* is other spacing, punctuation or typography only, *renumbered* the same text under
another number, *moved* the same text at another place among those that stayed."""

KINDS: tuple[Kind, ...] = (
    "unchanged",
    "reworded",
    "renumbered",
    "moved",
    "changed",
    "split",
    "merged",
    "added",
    "repealed",
)
KEEPS_TEXT: frozenset[Kind] = frozenset({"unchanged", "reworded", "renumbered", "moved"})
"""The kinds after which what was said of the text still rests on the same words."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of some provisions. ``old`` and ``new`` are their positions in the two lists, from 0.

    Both hold one position where a provision goes on; ``old`` is empty for what was added, ``new`` for what was repealed; a
    split has several new ones, a merger several old ones. ``heir`` is the pair (old, new) of positions in which the identity
    goes on: for a split or merger the pair most alike; None where nothing goes on. ``is_renumbered`` and ``is_moved`` hold
    beside a change of text, too. ``likeness`` is from 0 (no common word) to 1.
    """

    kind: Kind
    old: tuple[int, ...]
    new: tuple[int, ...]
    heir: tuple[int, int] | None
    is_renumbered: bool
    is_moved: bool
    likeness: float

    @property
    def keeps_text(self) -> bool:
        """Whether what was said of the old text still rests on the same words."""
        return self.kind in KEEPS_TEXT
