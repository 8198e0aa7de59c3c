"""With whom a member cannot work: said without reasons, kept for its delegation alone, and no act of the record.

A pair that is excluded by either side never meets in a round that is frozen afterwards. Nothing says who excluded whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.errors import BadParameter, NotFound
from comity.platform.capacity.models import Exclusion
from comity.platform.capacity.round_lookups import AGREE
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Member
from comity.platform.parties.preparing import is_of_delegation
from comity.platform.parties.rules import Installation, require

if TYPE_CHECKING:
    from collections.abc import Collection

    from comity.platform.parties.models import Body

MOST_EXCLUDED = 300


def exclude_members(*, member: str, body: str, others: Collection[str], by: Any) -> None:
    """Set with whom a member cannot work in a body, in place of what it said before; it holds for rounds that are frozen from now on.

    Raises NotFound for everyone outside the delegation, who learn nothing; NotPermitted, or BadParameter for a member that is not known.
    """
    _demand_own(member=member, body=body, by=by)
    own, here = member_of(slug=member), body_of(slug=body)
    wanted = sorted({str(o) for o in others})
    rows = list(Member.objects.filter(slug__in=wanted).exclude(pk=own.pk))
    unknown = sorted(set(wanted) - {m.slug for m in rows})
    if unknown or len(wanted) > MOST_EXCLUDED:
        raise BadParameter(name="others", found=(unknown or ["too many"])[0][:60], allowed="other members of this body")
    with transaction.atomic():
        # The member's row is locked, so that two of its delegation do not write half of a list each.
        Member.objects.select_for_update(of=("self",)).get(pk=own.pk)
        Exclusion.objects.filter(member=own, body=here).delete()
        Exclusion.objects.bulk_create(Exclusion(member=own, other=other, body=here) for other in rows)


def excluded_members(*, member: str, body: str, user: Any) -> tuple[str, ...]:
    """Return with whom a member cannot work in a body, by slug. Raises NotFound for everyone outside its delegation."""
    if not is_of_delegation(user=user, member=member):
        raise NotFound(reference=f"capacity/members/{member[:60]}")
    rows = Exclusion.objects.filter(member__slug=member, body__slug=body)
    return tuple(rows.order_by("other__slug").values_list("other__slug", flat=True))


def pairs_apart(*, body: Body) -> frozenset[tuple[int, int]]:
    """Return the members, by key, that do not meet in a body: each pair in both orders. For freezing alone."""
    rows = Exclusion.objects.filter(body=body).values_list("member_id", "other_id")
    return frozenset(pair for a, b in rows for pair in ((a, b), (b, a)))


def _demand_own(*, member: str, body: str, by: Any) -> None:
    if isinstance(by, Installation):
        return
    if not is_of_delegation(user=by, member=member):
        raise NotFound(reference=f"capacity/members/{member[:60]}")
    require(user=by, action=AGREE, member=member, body=body)
