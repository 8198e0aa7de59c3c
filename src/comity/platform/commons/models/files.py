"""The tables of stored content: files by their digest, what is being sent, and the tokens with which a command may send."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.parties.models import Member, PersonalData


class StoredFile(models.Model):
    """The content of a file, by its SHA-256; kept once, on disk or in an S3-compatible store. Never run, loaded or unpickled.

    ``risk`` says whether the format can run code when it is loaded; ``scan`` what the virus scanner said, *unscanned* where none ran.
    ``chunks`` are its content-defined pieces as compressed JSON [[length, sha256], …], empty until they were computed.
    """

    class Risk(models.TextChoices):
        """Whether loading it can run code."""

        NONE = "none"
        CODE = "code"
        UNKNOWN = "unknown"

    class Scan(models.TextChoices):
        """What the virus scanner said."""

        UNSCANNED = "unscanned"
        CLEAN = "clean"
        INFECTED = "infected"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, default="application/octet-stream")
    risk = models.CharField(max_length=7, choices=Risk.choices, default=Risk.UNKNOWN)
    risk_reason = models.CharField(max_length=200, blank=True)
    scan = models.CharField(max_length=9, choices=Scan.choices, default=Scan.UNSCANNED)
    scanned_at = models.DateTimeField(null=True)
    scanner = models.CharField(max_length=100, blank=True)
    chunks = models.BinaryField(default=bytes)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["sha256"]

    def __str__(self) -> str:
        return self.sha256[:12]


class PublishingToken(models.Model):
    """Lets a command send files and release versions for one member, until a day; kept as a digest alone, shown once.

    Without a member it is for what the body itself releases.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To let a command of this person publish for its member.",
        retention="Thirty days after its last day.",
        export="With the account: name and days, never the token.",
        erasure="With the account.",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="publishing_tokens")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["user", "made_at"]

    def __str__(self) -> str:
        return self.name


class Sending(models.Model):
    """A file on its way in, in pieces, so that a lost line goes on where it stopped; gone after three days without a piece.

    Whole, it shows that its sender has the content, and may release it. Without a member the body itself sends.
    """

    token = models.CharField(max_length=40, unique=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["begun_at"]
        constraints = [
            models.UniqueConstraint(fields=["member", "sha256"], name="commons_one_sending_a_file"),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(member__isnull=True), name="commons_one_sending_of_the_body"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}: {self.received} of {self.size}"
