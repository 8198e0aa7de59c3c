"""The table of evaluations: figures that a member attached to a version of a release, from a log that stays with that member."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.commons.models.releases import Version
from comity.platform.parties.models import Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Evaluation(Kept):
    """Figures of one log on one version, attached by an act. Its reference is ``commons/releases/<slug>/evaluations/<name>``.

    ``name`` is drawn by chance, so that it tells nothing of how many there are. ``member`` is who measured, none where the body did.
    ``rows`` are figures in the form of ``adapters.evaluation_rows``; the log itself is not kept. ``log_sha256`` is the log's digest, and
    ``sent_sha256`` that of the file that came: where they differ, the first is as that file states it. What was withdrawn stays, with
    the reason; whoever shares the release may answer once.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="evaluations")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=12, unique=True)
    form = models.CharField(max_length=12)
    tool = models.CharField(max_length=60, blank=True)
    made_at = models.CharField(max_length=40, blank=True)
    log_sha256 = models.CharField(max_length=64)
    log_bytes = models.PositiveBigIntegerField()
    sent_sha256 = models.CharField(max_length=64)
    model = models.CharField(max_length=200, blank=True)
    rows = models.JSONField()
    notes = models.JSONField(default=dict)
    attached_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=dict)
    withdrawing = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    answering = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["attached_at", "pk"]
        constraints = [
            *Kept.Meta.constraints,
            models.UniqueConstraint(
                fields=["version", "member", "log_sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="commons_a_log_once_a_member",
            ),
            models.UniqueConstraint(
                fields=["version", "log_sha256"],
                condition=Q(withdrawn_at__isnull=True, member__isnull=True),
                name="commons_a_log_once_of_the_body",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawing__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawing__isnull=False),
                name="commons_withdrawing_is_an_act",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answering__isnull=True)
                | Q(answered_at__isnull=False, answering__isnull=False),
                name="commons_answering_is_an_act",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"{self.version.release.reference}/evaluations/{self.name}"
