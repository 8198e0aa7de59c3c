"""Ways into an account: invitations that expire, and recovery that two officers grant together."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.parties.models.accounts import PersonalData, Role
from comity.platform.parties.models.bodies import Body, Member
from comity.platform.parties.models.delegations import Credential


class Invitation(models.Model):
    """A link that opens one account for one address, once, until it expires. Only the digest of its secret is kept."""

    personal_data: ClassVar = PersonalData(
        purpose="To let a person who was named by a member or the secretariat open an account.",
        retention="Thirty days after it was used or expired.",
        export="With the account.",
        erasure="With the account.",
    )

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    token_sha256 = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    body = models.ForeignKey(Body, null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    origin = models.CharField(max_length=3, blank=True, default="")
    credential = models.OneToOneField(Credential, null=True, on_delete=models.CASCADE, related_name="invitation")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credential__isnull=False, role="") | (Q(credential__isnull=True) & ~Q(role="")),
                name="parties_invited_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d}"


class Recovery(models.Model):
    """A person lost every second step: two different officers allow a new one, after they have checked who asks."""

    personal_data: ClassVar = PersonalData(
        purpose="To give a person back their account without the power of a single officer.",
        retention="One year, so that the body can review it.",
        export="With the account.",
        erasure="With the account.",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recoveries")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    first = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    token_sha256 = models.CharField(max_length=64, blank=True)
    granted_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(first__isnull=True) | Q(second__isnull=True) | ~Q(first=F("second")),
                name="parties_two_different_officers",
            ),
        ]

    def __str__(self) -> str:
        return f"asked {self.asked_at:%Y-%m-%d}"
