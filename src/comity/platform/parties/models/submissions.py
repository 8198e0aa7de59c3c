"""What a delegation drafts, the capital clears, and the delegation sends. Clearance is kept here and logged nowhere."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.parties.models.accounts import PersonalData
from comity.platform.parties.models.bodies import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept, Visibility


class Submission(models.Model):
    """A text on its way: draft (seen only by the delegation), cleared by the capital, sent, or withdrawn.

    ``kind`` names what sending means; the room that owns it registers how (see ``submissions.py``). ``visibility``,
    ``audience`` and ``released_at`` say who will see it once sent: until then it is seen by the delegation alone,
    whatever they say. ``version`` counts the texts; a change of text takes a clearance back.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who drafted and who cleared a text.",
        retention="Drafts that were never sent: one year. Persons of those sent: as long as the credential.",
        export="With the account.",
        erasure="With the account: the member's text stays, without the person.",
    )

    class State(models.TextChoices):
        """The stages that the page shows."""

        DRAFT = "draft"
        CLEARED = "cleared"
        SENT = "sent"
        WITHDRAWN = "withdrawn"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="submissions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="submissions")
    kind = models.CharField(max_length=40)
    matter = models.CharField(max_length=250, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=20_000)
    language = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.MEMBERS)
    audience = models.CharField(max_length=80, blank=True, default="")
    released_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    drafted_at = models.DateTimeField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cleared_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["member", "-drafted_at", "-pk"]
        indexes = [models.Index(fields=["member", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False, act__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True, act__isnull=True)),
                name="parties_sent_has_its_act",
            ),
            models.CheckConstraint(
                condition=~Q(state="cleared") | Q(cleared_at__isnull=False), name="parties_cleared_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.kind} ({self.state})"


class SubmissionVersion(models.Model):
    """A former version of a text, kept so that the capital sees what changed since. The present one is the submission's."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=20_000)
    drafted_at = models.DateTimeField()

    class Meta:
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="parties_one_text_per_version"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class SubmissionComment(models.Model):
    """A remark inside the delegation on one version of a text. Never seen by anyone else, never sent."""

    personal_data: ClassVar = PersonalData(
        purpose="To let a delegation and its capital agree on a text.",
        retention="One year after the text was sent or withdrawn.",
        export="With the account.",
        erasure="With the account: emptied.",
    )

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2_000)
    written_at = models.DateTimeField()
    is_settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["submission", "written_at", "pk"]

    def __str__(self) -> str:
        return f"on version {self.version}"


class Statement(Kept):
    """A statement of a member to a body, as it was sent. Its reference is ``parties/statements/<number>``."""

    number = models.PositiveIntegerField(unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="statements")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="statements")
    matter = models.CharField(max_length=250, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=20_000)
    language = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["-made_at", "-number"]
        indexes = [models.Index(fields=["body", "-made_at"])]

    def __str__(self) -> str:
        return f"statement {self.number}"
