"""Who may act for a member: credentials, the one voice a member has in a body, and proxies."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.parties.models.accounts import PersonalData
from comity.platform.parties.models.bodies import Body, Member
from comity.platform.record.models import Act


class Credential(models.Model):
    """A member accredits a person to a body, from ``starts_on`` until the day before ``ends_on``.

    ``covers_parts`` extends it to the body's committees and groups. A provisional credential says what is awaited
    (``awaited``: "scanned letter received; original awaited") and until when. ``may_clear`` marks the capital: who clears
    what the delegation drafts. ``user`` is empty until the invitation is taken up.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To know who may speak, vote and declare for a member.",
        retention="Ten years after its end, as the body's own list of delegations; then without name and account.",
        export="With the account.",
        erasure="With the account: name and account are emptied, member, role and dates stay.",
    )

    class Role(models.TextChoices):
        """The person's place in the delegation. An adviser neither speaks nor votes."""

        HEAD = "head"
        DELEGATE = "delegate"
        ALTERNATE = "alternate"
        ADVISER = "adviser"

    class State(models.TextChoices):
        """Full, or provisional while the original letter is awaited."""

        PROVISIONAL = "provisional"
        FULL = "full"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="credentials")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="credentials")
    covers_parts = models.BooleanField(default=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="credentials")
    holder = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    may_clear = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices)
    awaited = models.CharField(max_length=200, blank=True)
    awaited_by = models.DateField(null=True)
    letter = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["member", "body", "role", "pk"]
        indexes = [models.Index(fields=["user"]), models.Index(fields=["member", "body"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="parties_credential_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state="full", awaited="", awaited_by__isnull=True)
                | (Q(state="provisional") & ~Q(awaited="")),
                name="parties_provisional_says_what_is_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.body}: {self.role}"


class Voice(models.Model):
    """The member's one voice in a body: the credential that holds it now. Every change is kept, the open one is now's."""

    personal_data: ClassVar = PersonalData(
        purpose="To know who spoke for a member at a moment, and to refuse a second voice.",
        retention="With the credential.",
        export="With the account.",
        erasure="With the credential.",
    )

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="voices")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["member", "body", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "body"], condition=Q(ends_at__isnull=True), name="parties_one_voice_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="parties_voice_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.body} since {self.starts_at:%Y-%m-%d %H:%M}"


class Proxy(models.Model):
    """A member lets another vote for it in a body, where the body's rule allows; for one matter, or all where it is empty."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proxies_given")
    holder = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proxies_held")
    matter = models.CharField(max_length=250, blank=True)
    rule = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "proxies"
        constraints = [
            models.UniqueConstraint(
                fields=["body", "giver", "matter"],
                condition=Q(ends_at__isnull=True),
                name="parties_one_proxy_per_matter",
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="parties_no_proxy_to_oneself"),
            models.CheckConstraint(condition=~Q(rule=""), name="parties_proxy_names_its_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} by {self.holder} in {self.body}"
