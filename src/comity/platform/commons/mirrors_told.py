"""Tell people what waits of mirrors: one that was offered and is to be named, and one that differs from what was released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.platform.commons.mirrors import END, NAME, State
from comity.platform.commons.models import Mirror
from comity.platform.parties.preparing import own_members
from comity.platform.parties.rules import may
from comity.platform.parties.texts import text_in
from comity.platform.parties.today import PROVIDERS, Need
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.parties.models import User

MOST_TOLD = 20


def mirrors_to_name(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield each mirror that was offered, for who names them."""
    if not may(user=user, action=NAME):
        return
    waiting = Mirror.objects.filter(seen_by(user=user, now=now), state=State.OFFERED)
    for mirror in waiting.order_by("offered_at", "pk")[:MOST_TOLD]:
        yield _need("name-mirror", mirror, user=user, member="")


def mirrors_that_differ(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield each mirror that gives something else than was released, for its member and for the secretariat."""
    del now
    differing = Mirror.objects.filter(state=State.NAMED, differs_since__isnull=False).select_related("member", "body")
    own, is_office = own_members(user=user), may(user=user, action=NAME)
    if not is_office:
        differing = differing.filter(member__slug__in=own)
    for mirror in differing.order_by("differs_since", "pk")[:MOST_TOLD]:
        member = mirror.member.slug if mirror.member and mirror.member.slug in own else ""
        if is_office or may(user=user, action=END, member=member, body=mirror.body.slug):
            yield _need("mirror-differs", mirror, user=user, member=member)


def _need(kind: str, mirror: Mirror, /, *, user: User, member: str) -> Need:
    return Need(
        kind=kind,
        key=f"{kind}-{mirror.slug}",
        member=member,
        address=f"/{mirror.reference}",
        title=text_in(mirror.names, user.language),
    )


for _provider in (mirrors_to_name, mirrors_that_differ):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
