"""Open, export and erase accounts, and give roles."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Role, RoleGrant, User
from comity.platform.parties.models.accounts import OF_A_BODY, OF_A_MEMBER


def open_account(
    *,
    email: str,
    name: str,
    password: str,
    roles: tuple[str, ...] = (),
    body: str = "",
    member: str = "",
    is_example: bool = False,
) -> User:
    """Open an account with its offices: of ``body`` for a chair or expert, of ``member`` for a focal point.

    Raises BadParameter for an address, office or password that will not do, NotFound for a body or member that is not there,
    Conflict where the address already has an account.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise BadParameter(
            name="address", found=email[:80], allowed="a mail address such as name@example.org"
        ) from None
    for role in roles:
        if role not in Role.values:
            raise BadParameter(name="role", found=role, allowed=", ".join(Role.values))
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
            RoleGrant.objects.bulk_create(
                RoleGrant(user=user, role=role, **places[role]) for role in sorted(set(roles))
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


def account_of(*, email: str) -> User:
    """Return the account of an address. Raises NotFound."""
    try:
        return User.objects.get(email__iexact=email)
    except User.DoesNotExist:
        raise NotFound(reference=email[:80]) from None


def export_account(*, email: str) -> dict[str, Any]:
    """Return all personal data that is kept of an account."""
    user = account_of(email=email)
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "created_at": user.created_at.isoformat(),
        "last_login": user.last_login.isoformat() if user.last_login else None,
        "roles": sorted(user.roles),
    }


def erase_account(*, email: str) -> None:
    """Empty an account for good: no name, no address, no way to sign in. Rows that others rest on stay, without it."""
    with transaction.atomic():
        user = account_of(email=email)
        user.grants.all().delete()
        AccessAttempt.objects.filter(username=user.email.casefold()).delete()
        User.objects.filter(pk=user.pk).update(
            email=f"erased-{user.pk}@invalid.invalid",
            name="",
            password="!",  # noqa: S106  (Django's own mark of an account that cannot sign in)
            is_active=False,
            last_login=None,
        )
