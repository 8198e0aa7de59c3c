"""Open accounts with their offices, and change what a person may change of their own."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Role, RoleGrant, User
from comity.platform.parties.models.accounts import OF_A_BODY, OF_A_MEMBER
from comity.platform.parties.origins import checked_origin

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def open_account(
    *,
    email: str,
    name: str,
    password: str,
    roles: tuple[str, ...] = (),
    body: str = "",
    member: str = "",
    origin: str = "",
    is_example: bool = False,
) -> User:
    """Open an account with its offices: of ``body`` for a chair or expert, of ``member`` for a focal point.

    ``origin`` is where the person comes from: a country (ISO 3166-1 alpha-3), an M49 region, or nothing.

    The address is kept in small letters, as sign-in looks for it. Raises BadParameter for an address, office or password that
    will not do, NotFound for a body or member that is not there, Conflict where the address already has an account.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise BadParameter(
            name="address", found=email[:80], allowed="a mail address such as name@example.org"
        ) from None
    for role in roles:
        if role not in Role.values:
            raise BadParameter(name="role", found=role, allowed=", ".join(Role.values))
    origin = checked_origin(origin=origin)
    places = {role: _place_of(role=role, body=body, member=member) for role in roles}
    user = User(email=email, name=name.strip() or email, is_example=is_example)
    try:
        validate_password(password, user=user)
    except ValidationError as weak:
        raise BadParameter(name="password", found="(not shown)", allowed="; ".join(weak.messages)) from None
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            RoleGrant.objects.bulk_create(
                RoleGrant(user=user, role=role, origin=origin, **places[role]) for role in sorted(set(roles))
            )
    except IntegrityError:
        raise Conflict(problem=f"{email} already has an account; nothing was changed.") from None
    return user


def _place_of(*, role: str, body: str, member: str) -> dict[str, Any]:
    """Return where an office holds. Raises BadParameter where it needs a body or a member and none is named."""
    if role in OF_A_BODY:
        if not body:
            raise BadParameter(name="body", found="nothing", allowed=f"the body of a {role}")
        return {"body": body_of(slug=body)}
    if role in OF_A_MEMBER:
        if not member:
            raise BadParameter(name="member", found="nothing", allowed=f"the member of a {role}")
        return {"member": member_of(slug=member)}
    return {}


def change_profile(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Keep a person's name, language and time zone. Raises BadParameter."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 120:  # noqa: PLR2004  (as long as the column)
        raise BadParameter(name="name", found=cleaned[:40] or "nothing", allowed="a name of at most 120 characters")
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    if time_zone not in available_timezones():
        raise BadParameter(name="time zone", found=time_zone[:60], allowed="a zone such as Africa/Nairobi or UTC")
    User.objects.filter(pk=user.pk).update(name=cleaned, language=language, time_zone=time_zone)


def account_of(*, email: str) -> User:
    """Return the account of an address. Raises NotFound."""
    try:
        return User.objects.get(email__iexact=email)
    except User.DoesNotExist:
        raise NotFound(reference=email[:80]) from None
