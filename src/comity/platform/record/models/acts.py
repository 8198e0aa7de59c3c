"""The table of formal acts and the table of links between references."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from comity.platform.record.visibility import Kept, Visibility


class Act(Kept):
    """One formal act, as it will stand in the log; written by ``enter_act`` alone and never changed.

    ``body`` is the canonical JSON (RFC 8785) that the log will hold. For a restricted act it is a salted commitment
    without office or subject; ``content`` then holds what opens on its date. ``sequence`` is empty until the sequencer
    has taken the act into the log. A payload is withheld while what it tells of is no longer public, till
    ``payload_opens_at`` where a date is set; the log keeps its digest all the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schema = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    member = models.CharField(max_length=60, blank=True)
    authority = models.CharField(max_length=200)
    subject = models.CharField(max_length=250)
    entered_at = models.DateTimeField()
    content = models.JSONField()
    payload = models.BinaryField(null=True)
    is_payload_withheld = models.BooleanField(default=False)
    payload_opens_at = models.DateTimeField(null=True)
    payload_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    salt = models.BinaryField(max_length=32, null=True)
    body = models.BinaryField()
    body_sha256 = models.CharField(max_length=64, unique=True)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta(Kept.Meta):
        indexes = [
            models.Index(fields=["-entered_at"]),
            models.Index(fields=["subject"]),
            models.Index(fields=["entered_at"], condition=Q(sequence__isnull=True), name="record_unsequenced"),
        ]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(visibility=Visibility.PUBLIC, salt__isnull=True) | ~Q(visibility=Visibility.PUBLIC),
                name="record_public_acts_have_no_salt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"


class Link(models.Model):
    """One relation of W3C PROV-O between two references, entered by an act."""

    class Relation(models.TextChoices):
        """The relations of PROV-O that rooms use."""

        WAS_DERIVED_FROM = "wasDerivedFrom"
        WAS_GENERATED_BY = "wasGeneratedBy"
        WAS_REVISION_OF = "wasRevisionOf"
        WAS_ATTRIBUTED_TO = "wasAttributedTo"
        WAS_INFLUENCED_BY = "wasInfluencedBy"
        USED = "used"

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="links")
    subject = models.CharField(max_length=250, db_index=True)
    relation = models.CharField(max_length=30, choices=Relation.choices)
    object = models.CharField(max_length=250, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "subject", "relation", "object"], name="record_link_once_per_act"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.relation} {self.object}"
