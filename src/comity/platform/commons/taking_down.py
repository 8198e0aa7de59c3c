"""Take a release down under a rule and for a reason, both on the record; its page stays, its files are given to nobody. Or restore it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import Conflict, NotFound
from comity.platform.commons.models import Release
from comity.platform.parties.bodies import demand_rule
from comity.platform.parties.rules import authorise
from comity.platform.parties.texts import checked_text
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from comity.platform.record.models import Act

TAKE_DOWN = "take a release down"
MOST_REASON = 2000


def take_release_down(*, slug: str, rule: str, reason: str, by: Any) -> Release:
    """Give the files of a release to nobody from now on: no page, hub, mirror or bundle. What was fetched before stays where it is.

    The reason is public with the release, and names no person. Raises NotPermitted, NotFound, BadParameter, or Conflict where it is
    taken down already.
    """
    office = authorise(by=by, action=TAKE_DOWN)
    demand_rule(rule)
    said = checked_text("reason", reason, most=MOST_REASON, least=1)
    with transaction.atomic():
        release = _locked(slug)
        if release.taken_down_at is not None:
            raise Conflict(problem="This release was taken down already; nothing was changed.")
        release.taking_down = _enter(release, "take-release-down", office=office, rule=rule, reason=said)
        release.taken_down_at = timezone.now()
        release.taken_down_rule, release.taken_down_reason = rule.strip(), said
        release.save()
    return release


def restore_release(*, slug: str, rule: str, reason: str, by: Any) -> Release:
    """Give the files of a release that was taken down again, by an act with its rule and reason.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where it is not taken down.
    """
    office = authorise(by=by, action=TAKE_DOWN)
    demand_rule(rule)
    said = checked_text("reason", reason, most=MOST_REASON, least=1)
    with transaction.atomic():
        release = _locked(slug)
        if release.taken_down_at is None:
            raise Conflict(problem="This release is not taken down; nothing was changed.")
        _enter(release, "restore-release", office=office, rule=rule, reason=said)
        release.taken_down_at = release.taking_down = None
        release.taken_down_rule = release.taken_down_reason = ""
        release.save()
    return release


def _locked(slug: str, /) -> Release:
    release = Release.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if release is None:
        raise NotFound(reference=f"commons/releases/{slug[:60]}")
    return release


def _enter(release: Release, type: str, /, *, office: str, rule: str, reason: str) -> Act:  # noqa: A002  (the field's name in the schema)
    return enter_act(
        type=type,
        office=office,
        authority=rule,
        subject=release.reference,
        payload={"release": release.reference, "rule": rule.strip(), "reason": reason},
        visibility=release.visibility,
        audience=release.audience,
        released_at=release.released_at,
    )
