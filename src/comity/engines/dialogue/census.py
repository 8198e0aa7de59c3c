"""A census of states: nothing is sampled, so that the share has no margin of error but bounds for those not yet heard.

The bounds are those of what is missing, with nothing assumed of it (Manski, "Partial Identification of Probability Distributions",
Springer, 2003, chapter 1).
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.errors import BadParameter


@dataclass(frozen=True, slots=True)
class CensusBounds:
    """How many of the members heard agree, and what the share of all could still become.

    ``share`` is that of the members heard, None where none was; ``low`` that of all members if none of the others agreed, ``high``
    if all did. Once everybody is heard the three are the same.
    """

    agree: int
    heard: int
    members: int
    share: float | None
    low: float
    high: float

    @property
    def unheard(self) -> int:
        """The members not yet heard: their silence says nothing of their views."""
        return self.members - self.heard


def census_bounds(*, agree: int, heard: int, members: int) -> CensusBounds:
    """Return the bounds of the share of ``members`` that agree, of whom ``heard`` answered and ``agree`` agreed.

    Raises BadParameter where the numbers contradict one another, or there is no member.

    >>> found = census_bounds(agree=104, heard=112, members=193)
    >>> f"of {found.unheard} unheard, all: {found.high:.0%}, none: {found.low:.0%}"
    'of 81 unheard, all: 96%, none: 54%'
    """
    if members < 1:
        raise BadParameter(name="members", found=str(members), allowed="1 or more")
    if not 0 <= heard <= members:
        raise BadParameter(name="heard", found=str(heard), allowed=f"0 to {members}")
    if not 0 <= agree <= heard:
        raise BadParameter(name="agree", found=str(agree), allowed=f"0 to {heard}")
    return CensusBounds(
        agree=agree,
        heard=heard,
        members=members,
        share=agree / heard if heard else None,
        low=agree / members,
        high=(agree + members - heard) / members,
    )
