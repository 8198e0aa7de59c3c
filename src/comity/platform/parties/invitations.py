"""Invitations: a link that opens one account for one address, once, until it expires. The table keeps its digest alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, LinkExpired, NotFound
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.mail import queue_mail
from comity.platform.parties.models import Credential, Invitation, Role, RoleGrant, User
from comity.platform.parties.models.accounts import OF_A_BODY, OF_A_MEMBER
from comity.platform.parties.origins import checked_origin
from comity.platform.parties.rules import Installation, require
from comity.platform.parties.services import open_account

if TYPE_CHECKING:
    from collections.abc import Callable

LASTS = dt.timedelta(days=7)
TOKEN_BYTES = 32
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What an invitation is to, as its page and its list show it."""

    id: int
    email: str
    name: str
    language: str
    role: str
    member: str
    body: str
    expires_at: dt.datetime
    used_at: dt.datetime | None
    has_account: bool


def invite_person(
    *,
    email: str,
    name: str,
    language: str,
    by: Any,
    compose: Callable[[str], tuple[str, str]],
    credential: int | None = None,
    role: str = "",
    body: str = "",
    member: str = "",
    origin: str = "",
) -> str:
    """Invite a person to a credential of their delegation, or to an office, by mail; return the secret of the link.

    ``origin`` is where the holder of an office comes from, as ``open_account`` takes it. ``compose`` gets the secret and returns subject and text in the person's language. A second invitation to the same thing
    takes the place of the first. Raises NotPermitted, NotFound, BadParameter or Conflict.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    try:
        validate_email(email)
    except ValidationError:
        raise BadParameter(
            name="address", found=email[:80], allowed="a mail address such as name@example.org"
        ) from None
    if not name or len(name) > 120:  # noqa: PLR2004  (as long as the column)
        raise BadParameter(name="name", found=name[:40] or "nothing", allowed="a name of at most 120 characters")
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    place = _office(role=role, body=body, member=member, by=by) if credential is None else _seat(credential, by=by)
    origin = checked_origin(origin=origin) if credential is None else ""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    with transaction.atomic():
        Invitation.objects.filter(email__iexact=email, used_at__isnull=True, **place).delete()
        if credential is not None:
            Invitation.objects.filter(credential_id=credential).delete()
        made = Invitation.objects.create(
            email=email,
            name=name,
            language=language,
            token_sha256=_digest(token),
            invited_by=by if isinstance(by, User) else None,
            invited_at=now,
            expires_at=now + LASTS,
            origin=origin,
            **place,
        )
        subject, text = compose(token)
        queue_mail(
            user=None, kind="invitation", once=f"invitation-{made.pk}", address=email, subject=subject, text=text
        )
    return token


def withdraw_invitation(*, invitation: int, by: Any) -> None:
    """Take an invitation back before it is used. Raises NotFound or NotPermitted."""
    found = Invitation.objects.filter(pk=invitation, used_at__isnull=True).select_related("credential__member").first()
    if found is None:
        raise NotFound(reference=f"invitation {invitation}")
    if found.credential is not None:
        require(user=by, action="invite a person", member=found.credential.member.slug)
    else:
        require(user=by, action="give an office")
    found.delete()


def invitation_of(*, token: str) -> InvitationView:
    """Return what a link invites to. Raises LinkExpired, the same for one that is used, over, withdrawn or was never made."""
    return _view(_open(token))


def open_invitations(*, user: Any) -> tuple[InvitationView, ...]:
    """Return the invitations that wait and that an account may take back."""
    waiting = Invitation.objects.filter(used_at__isnull=True).select_related("credential__member", "credential__body")
    found = []
    for invitation in waiting.order_by("-invited_at"):
        try:
            if invitation.credential is not None:
                require(user=user, action="invite a person", member=invitation.credential.member.slug)
            else:
                require(user=user, action="give an office")
        except Exception:  # noqa: BLE001, S112  (not permitted: not listed)
            continue
        found.append(_view(invitation))
    return tuple(found)


def take_up(*, token: str, name: str, password: str) -> User:
    """Open the account that a link invites to. The link has proved the address.

    Raises LinkExpired, BadParameter for a password that will not do, or Conflict where the address has an account: its person
    signs in and takes the invitation up with ``take_up_signed_in``.
    """
    with transaction.atomic():
        found = _open(token, lock=True)
        user = open_account(email=found.email, name=name, password=password)
        User.objects.filter(pk=user.pk).update(language=found.language)
        user.language = found.language
        _bind(found, user=user)
    return user


def take_up_signed_in(*, token: str, user: User) -> None:
    """Give an account what a link invites its own address to. Raises LinkExpired, or Conflict for another address."""
    with transaction.atomic():
        found = _open(token, lock=True)
        addresses = {
            address.casefold()
            for address in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
        }
        if found.email.casefold() not in addresses:
            raise Conflict(problem="This invitation is for another address. Sign in with the account of that address.")
        _bind(found, user=user)


def _bind(found: Invitation, *, user: User) -> None:
    if found.credential is not None:
        Credential.objects.filter(pk=found.credential.pk, user__isnull=True).update(user=user)
    else:
        RoleGrant.objects.get_or_create(
            user=user,
            role=found.role,
            body=found.body,
            member=found.member,
            ends_on__isnull=True,
            defaults={"origin": found.origin},
        )
    found.used_at = timezone.now()
    found.save(update_fields=["used_at"])


def _open(token: str, *, lock: bool = False) -> Invitation:
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects.all()
    found = rows.filter(token_sha256=_digest(token), used_at__isnull=True, expires_at__gt=timezone.now()).first()
    if found is None:
        raise LinkExpired
    return found


def _office(*, role: str, body: str, member: str, by: Any) -> dict[str, Any]:
    if not isinstance(by, Installation):
        require(user=by, action="give an office")
    if role not in Role.values:
        raise BadParameter(name="role", found=role[:20], allowed=", ".join(Role.values))
    return {
        "role": role,
        "body": body_of(slug=body) if role in OF_A_BODY else None,
        "member": member_of(slug=member) if role in OF_A_MEMBER else None,
    }


def _seat(number: int, *, by: Any) -> dict[str, Any]:
    found = Credential.objects.filter(pk=number, revoked_at__isnull=True).select_related("member").first()
    if found is None:
        raise NotFound(reference=f"credential {number}")
    if not isinstance(by, Installation):
        require(user=by, action="invite a person", member=found.member.slug)
    if found.user_id is not None:
        raise Conflict(problem="This credential has its account already; nobody was invited.")
    return {"credential": found}


def _view(found: Invitation) -> InvitationView:
    credential = found.credential
    return InvitationView(
        id=found.pk,
        email=found.email,
        name=found.name,
        language=found.language,
        role=str(credential.role) if credential else found.role,
        member=credential.member.slug if credential else (found.member.slug if found.member else ""),
        body=credential.body.slug if credential else (found.body.slug if found.body else ""),
        expires_at=found.expires_at,
        used_at=found.used_at,
        has_account=User.objects.filter(email__iexact=found.email, is_active=True).exists(),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
