"""How a person is reached: the daily digest, the calendar feed, and the mail that waits to be sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.parties.models.accounts import PersonalData


class DigestChoice(models.Model):
    """When a person wants the digest: every working day, only when something is due within two days, or never."""

    personal_data: ClassVar = PersonalData(
        purpose="To send the digest when and in the language that a person wants.",
        retention="While the account is open.",
        export="With the account.",
        erasure="With the account.",
    )

    class When(models.TextChoices):
        """The three answers of the form."""

        DAY = "day"
        DUE = "due"
        NEVER = "never"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest")
    when = models.CharField(max_length=6, choices=When.choices, default=When.DUE)
    at = models.TimeField()
    last_for = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.when} at {self.at:%H:%M}"


class CalendarFeed(models.Model):
    """The address of a person's calendar feed. Only the digest of its secret is kept: a new one can be drawn at any time."""

    personal_data: ClassVar = PersonalData(
        purpose="To give a person's calendar the deadlines of their delegation without a sign-in.",
        retention="Until renewed or the account is closed.",
        export="With the account: that there is one, and since when.",
        erasure="With the account.",
    )

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    token_sha256 = models.CharField(max_length=64, unique=True)
    renewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"since {self.renewed_at:%Y-%m-%d}"


class OutgoingMail(models.Model):
    """A message that waits for SMTP, or was sent or given up. Its text is emptied once it is sent."""

    personal_data: ClassVar = PersonalData(
        purpose="To send messages reliably, once each.",
        retention="The text until it is sent; address and time for thirty days.",
        export="With the account.",
        erasure="With the account.",
    )

    class State(models.TextChoices):
        """Where a message stands."""

        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    once = models.CharField(max_length=120, unique=True)
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["queued_at"], condition=Q(state="waiting"), name="parties_mail_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
