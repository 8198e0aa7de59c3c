"""Form a whole body from its plan, in one transaction: all of it, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.platform.parties.bodies import enter_member, form_body
from comity.platform.parties.memberships import admit_member
from comity.platform.parties.models import Body, Member
from comity.platform.parties.votes import seat_in_organisation

if TYPE_CHECKING:
    from comity.adapters.body_files import BodyPlan


def found_body(*, plan: BodyPlan, by: Any, is_fictional: bool = False) -> bool:
    """Form an assembly with its committees and members; return False where the assembly is there already.

    Raises what the single services raise, and then nothing was written.
    """
    assembly, *parts = plan.parts
    if Body.objects.filter(slug=assembly.slug).exists():
        return False
    with transaction.atomic():
        for part in plan.parts:
            form_body(
                slug=part.slug,
                kind=part.kind,
                names=part.names,
                starts_on=part.starts_on,
                rule=part.rule,
                parent=part.parent,
                proxy_rule=part.proxy_rule,
                organisation_rule=part.organisation_rule,
                by=by,
            )
        for member in plan.members:
            enter_member(
                slug=member.slug,
                names=member.names,
                kind=member.kind,
                country=member.country,
                region=member.region,
                groups=member.groups,
                is_fictional=is_fictional,
                by=by,
            )
            admit_member(
                body=assembly.slug,
                member=member.slug,
                status=member.status,
                starts_on=member.since,
                rule=member.rule,
                by=by,
            )
        for member in plan.members:
            for state in member.states:
                seat_in_organisation(organisation=member.slug, state=state, starts_on=member.since, by=by)
        _seat_in_parts(parts, by=by)
    return True


def _seat_in_parts(parts: Any, *, by: Any) -> None:
    for part in parts:
        for status, slugs in (("full", part.members), ("observer", part.observers)):
            for slug in slugs:
                party = Member.objects.get(slug=slug)
                seat = party.memberships.filter(body__slug=part.parent).earliest("starts_on")
                start = max(part.starts_on, seat.starts_on)
                admit_member(body=part.slug, member=slug, status=status, starts_on=start, rule=part.rule, by=by)
