"""Results of a round: who receives what from whom, the share of each group, and the reasons, in exact fractions."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from comity.engines.capacity.terms import Terms

MAKER = "comity-leximin/1"


@dataclass(frozen=True, slots=True)
class Share:
    """What one group receives: a need, or all needs of a member for a resource at a priority.

    ``share`` is received ÷ asked. ``level`` is share ÷ weight, which is what the rule makes equal.
    """

    needs: tuple[str, ...]
    member: str
    resource: str
    priority: int
    asked: Fraction
    received: Fraction
    weight: Fraction

    @property
    def share(self) -> Fraction:
        """Return the part of what was asked that is received, from 0 to 1."""
        return self.received / self.asked

    @property
    def level(self) -> Fraction:
        """Return the share divided by the weight."""
        return self.share / self.weight


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some needs receive what they do: they can draw on nothing but these offers, or they receive all they may.

    ``level`` is share ÷ weight, the same for all of them. ``offers`` are those that only this block and blocks before it
    draw on, and ``total`` is what they hold. Where ``binding`` is False, nothing holds the needs back: they receive all
    they asked (or all that a cap lets them), and ``offers`` are those that they may draw on and that are not used up.
    ``inside_needs`` and ``inside_members`` (as (member, resource, priority)) are those who would take more if more were
    offered, or who could make room for them: with the offers they are the cut that ``checking.py`` verifies.
    """

    priority: int
    level: Fraction
    resource: str
    needs: tuple[str, ...]
    members: tuple[str, ...]
    offers: tuple[str, ...]
    total: Fraction
    asked: Fraction
    received: Fraction
    binding: bool
    inside_needs: tuple[str, ...]
    inside_members: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who receives what from whom: units above 0 by (need, offer), the share of each group, and the reasons in order.

    ``lots`` says which need each indivisible offer goes to; one that is not named goes to nobody. Shares are leximin once the
    lots are settled.
    """

    terms: Terms
    units: Mapping[tuple[str, str], Fraction]
    shares: tuple[Share, ...]
    reasons: tuple[Reason, ...]
    maker: str
    solver: str
    lots: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
