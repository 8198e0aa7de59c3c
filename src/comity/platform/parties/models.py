"""Accounts and the roles they hold. Bodies, members and delegations are not built yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a table of personal data is for, how long it is kept, and how a person gets it out or erased."""

    purpose: str
    retention: str
    export: str
    erasure: str


class Role(models.TextChoices):
    """What an account may be. Everyone, signed in or not, is also the public."""

    REVIEWER = "reviewer"
    SECRETARIAT = "secretariat"
    OPERATOR = "operator"


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the address is the name one signs in with, in any case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account of an address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person's account."""

    personal_data: ClassVar = PersonalData(
        purpose="To sign in, and to know which roles a person holds.",
        retention="While the account is open; erased within 30 days of closing.",
        export="`comity account export ADDRESS` gives all of it as JSON.",
        erasure="`comity account erase ADDRESS` empties it. Acts stay: they name the office, never the person.",
    )

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_example = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="parties_one_account_per_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """The roles this account holds now, read once per request."""
        held: frozenset[str] | None = self.__dict__.get("_roles")
        if held is None:
            held = frozenset(self.grants.values_list("role", flat=True)) if self.is_active else frozenset()
            self.__dict__["_roles"] = held
        return held


class RoleGrant(models.Model):
    """A role given to an account."""

    personal_data: ClassVar[Any] = PersonalData(
        purpose="To decide what an account may do.",
        retention="While the account is open.",
        export="With the account.",
        erasure="With the account.",
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="parties_role_once_per_account")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
