"""Witness policies: which witnesses must have signed before a checkpoint is called witnessed. A policy is data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: the name and key under which it signs, where it is asked, and the region it counts for."""

    name: str
    key: str
    address: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """``from_each`` witnesses from each of ``regions`` different regions, and ``at_least`` in all.

    "Two witnesses from each of three regions" is ``from_each=2, regions=3``; a plain threshold leaves both at 0.
    """

    witnesses: tuple[Witness, ...]
    at_least: int = 1
    from_each: int = 0
    regions: int = 0

    def __post_init__(self) -> None:
        names = [w.name for w in self.witnesses]
        if len(set(names)) != len(names):
            raise BadParameter(name="witnesses", found="the same name twice", allowed="each witness once")
        if self.at_least < 1:
            raise BadParameter(name="at_least", found=str(self.at_least), allowed="a whole number from 1")
        if bool(self.from_each) != bool(self.regions) or self.from_each < 0 or self.regions < 0:
            raise BadParameter(
                name="from_each", found=f"{self.from_each} of {self.regions}", allowed="both from 1, or neither"
            )
        if not judge_policy(policy=self, cosigned_by=names).is_met:
            raise BadParameter(name="policy", found="more than all witnesses can give", allowed="what they can give")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a policy is met, and the figures: who signed in all, and in how many regions enough did."""

    is_met: bool
    signed: int
    at_least: int
    regions_met: int
    regions: int


def judge_policy(*, policy: WitnessPolicy, cosigned_by: Collection[str]) -> Verdict:
    """Tell whether the witnesses of these names are enough; names that the policy does not hold count for nothing.

    >>> two = tuple(Witness(name=n, key="", region=r) for n, r in (("a", "north"), ("b", "south")))
    >>> judge_policy(policy=WitnessPolicy(witnesses=two, at_least=2), cosigned_by=["a", "stranger"]).is_met
    False
    """
    signed = [w for w in policy.witnesses if w.name in set(cosigned_by)]
    by_region = Counter(w.region for w in signed if w.region)
    regions_met = sum(count >= policy.from_each for count in by_region.values()) if policy.from_each else 0
    return Verdict(
        is_met=len(signed) >= policy.at_least and regions_met >= policy.regions,
        signed=len(signed),
        at_least=policy.at_least,
        regions_met=regions_met,
        regions=policy.regions,
    )
