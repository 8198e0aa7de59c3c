"""Accounts and the offices they are given. What a member accredits a person for stands in ``delegations.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from comity.platform.parties.standing import NOBODY, Standing, standing_of

if TYPE_CHECKING:
    import datetime as dt


def today() -> dt.date:
    """Return the day in UTC."""
    return timezone.now().date()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a table of personal data is for, how long it is kept, and how a person gets it out or erased."""

    purpose: str
    retention: str
    export: str
    erasure: str


class Role(models.TextChoices):
    """The offices that the body gives. Everyone is also the public; a delegation's roles come from its credentials."""

    CHAIR = "chair"
    SECRETARIAT = "secretariat"
    REVIEWER = "reviewer"
    TRANSLATOR = "translator"
    FOCAL_POINT = "focal-point"
    EXPERT = "expert"
    OPERATOR = "operator"


OF_A_BODY = (Role.CHAIR, Role.EXPERT)
OF_A_MEMBER = (Role.FOCAL_POINT,)


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
    def standing(self) -> Standing:
        """What this account may be and see now, worked out once per request."""
        held: Standing | None = self.__dict__.get("_standing")
        if held is None:
            held = self.__dict__["_standing"] = standing_of(user=self)
        return held

    def lower_standing(self) -> None:
        """Take every role from this account until the request ends: its second step is missing."""
        self.__dict__["_standing"] = NOBODY

    @property
    def roles(self) -> frozenset[str]:
        """The roles this account holds now, in whatever body and for whatever member."""
        return self.standing.roles

    @property
    def audiences(self) -> frozenset[str]:
        """The circles this account belongs to now, as ``record.visibility`` names them."""
        return self.standing.audiences


class RoleGrant(models.Model):
    """An office given to an account, for all of the instance, one body (chair, expert) or one member (focal point).

    Held from ``starts_on`` until the day before ``ends_on``. ``origin`` says where the holder comes from, where that counts:
    a country (ISO 3166-1 alpha-3), or an M49 region; empty where nobody stated it.
    """

    personal_data: ClassVar[Any] = PersonalData(
        purpose="To decide what an account may do, and for which region a reviewer's answers count.",
        retention="While the account is open.",
        export="With the account.",
        erasure="With the account.",
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    body = models.ForeignKey("parties.Body", null=True, on_delete=models.CASCADE, related_name="grants")
    member = models.ForeignKey("parties.Member", null=True, on_delete=models.CASCADE, related_name="grants")
    origin = models.CharField(max_length=3, blank=True, default="")
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(body__isnull=True, member__isnull=True, ends_on__isnull=True),
                name="parties_role_once_per_account",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "body"],
                condition=Q(body__isnull=False, ends_on__isnull=True),
                name="parties_role_once_per_body",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "member"],
                condition=Q(member__isnull=False, ends_on__isnull=True),
                name="parties_role_once_per_member",
            ),
            models.CheckConstraint(
                condition=(Q(role__in=OF_A_BODY, body__isnull=False, member__isnull=True))
                | (Q(role__in=OF_A_MEMBER, member__isnull=False, body__isnull=True))
                | (~Q(role__in=[*OF_A_BODY, *OF_A_MEMBER]) & Q(body__isnull=True, member__isnull=True)),
                name="parties_office_has_its_place",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="parties_grant_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
