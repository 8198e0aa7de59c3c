"""Whether an account must have a second step of signing in, and has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings

from comity.platform.parties.rules import SECOND_STEP

if TYPE_CHECKING:
    from comity.platform.parties.models import User


def is_demanded(*, user: User) -> bool:
    """Tell whether a role of this account acts only after a second step. Accounts of the worked example are exempt there."""
    if settings.EXAMPLE and user.is_example:
        return False
    return bool(user.roles & SECOND_STEP)


def is_set_up(*, user: User) -> bool:
    """Tell whether an account has a passkey or makes codes. Who has one cannot sign in without it."""
    return bool(Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def is_missing(*, user: User, passed: bool) -> bool:
    """Tell whether an account lacks the second step that it must have; ``passed`` says that its ministry's sign-in did it."""
    return is_demanded(user=user) and not passed and not is_set_up(user=user)


def remove_second_steps(*, user: User) -> None:
    """Remove every passkey, code maker and recovery code of an account."""
    Authenticator.objects.filter(user=user).delete()
