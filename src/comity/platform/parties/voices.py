"""A voice belongs to the member, and one person at a time lends it: taking it, passing it, and who held it at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import Conflict, NotPermitted, VoiceHeldByAnother
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Body, Credential, Member, Suspension, Voice
from comity.platform.parties.rules import require
from comity.platform.parties.standing import in_force

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import User


def take_voice(*, member: str, body: str, by: User) -> Voice:
    """Let a head, delegate or alternate speak for its member in a body from now on; whoever did before does no longer.

    Nothing that was done in the member's name changes with it. Raises NotPermitted (an adviser has no voice to take), NotFound,
    or Conflict where the member's right to speak is suspended.
    """
    require(user=by, action="take the voice", member=member, body=body)
    here = body_of(slug=body)
    with transaction.atomic():
        party = Member.objects.select_for_update().get(pk=member_of(slug=member).pk)
        now = timezone.now()  # after the lock: whoever took the voice before us did so before this moment
        suspended = party.suspensions.filter(in_force(on=now.date()), body=here, right=Suspension.Right.SPEAK_AND_VOTE)
        if (rule := suspended.values_list("rule", flat=True).first()) is not None:
            raise Conflict(problem=f"{party} may not speak in {here} at present: {rule}. Nothing was changed.")
        credential = _credential(user=by, party=party, body=here, now=now)
        open_voice = Voice.objects.filter(member=party, body=here, ends_at__isnull=True).first()
        if open_voice is not None and open_voice.credential_id == credential.pk:
            return open_voice
        if open_voice is not None:
            open_voice.ends_at = now
            open_voice.save(update_fields=["ends_at"])
        return Voice.objects.create(member=party, body=here, credential=credential, starts_at=now)


def demand_voice(*, user: User, member: str, body: str, action: str = "take the voice") -> Credential:
    """Return the credential by which a person speaks for a member in a body now.

    Where nobody holds the voice, it is taken. Raises NotPermitted where the person may not, VoiceHeldByAnother naming the
    role of who does.
    """
    require(user=user, action=action, member=member, body=body)
    held = voice_at(member=member, body=body, moment=timezone.now())
    if held is None:
        return take_voice(member=member, body=body, by=user).credential
    if held.user_id != user.pk:
        raise VoiceHeldByAnother(role=str(held.role), member=str(held.member))
    return held


def speaks_for(*, user: Any, member: str, body: str) -> bool:
    """Tell whether a person holds the voice of a member in a body now."""
    held = voice_at(member=member, body=body, moment=timezone.now())
    return held is not None and held.user_id is not None and held.user_id == getattr(user, "pk", None)


def voice_at(*, member: str, body: str, moment: dt.datetime) -> Credential | None:
    """Return the credential that held the voice of a member in a body at a moment, or None.

    A voice whose credential has ended meanwhile is silent, whether or not anybody has said so.
    """
    found = (
        Voice.objects.filter(member__slug=member, body__slug=body, starts_at__lte=moment)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment))
        .select_related("credential", "credential__member")
        .first()
    )
    if found is None or not _holds(found.credential, moment=moment):
        return None
    return found.credential


def _holds(credential: Credential, *, moment: dt.datetime) -> bool:
    day = moment.date()
    begun = credential.starts_on <= day and (credential.ends_on is None or day < credential.ends_on)
    return begun and (credential.revoked_at is None or moment < credential.revoked_at)


def _credential(*, user: User, party: Member, body: Body, now: dt.datetime) -> Credential:
    reach = Q(body=body)
    if body.parent_id is not None:
        reach |= Q(covers_parts=True, body=body.parent_id) | Q(covers_parts=True, body__parts__parts=body)
    found = (
        party.credentials.filter(in_force(on=now.date()), reach, user=user)
        .filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=now))
        .exclude(role=Credential.Role.ADVISER)
        .order_by("pk")
        .first()
    )
    if found is None:
        raise NotPermitted(action="take the voice", needed="head or delegate or alternate")
    return found
