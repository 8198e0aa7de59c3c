"""The tables of earlier versions of instruments, and of links that rest on text which has changed."""

from __future__ import annotations

from django.db import models

from comity.engines.alignment.changes import KINDS
from comity.platform.alignment.models.links import CrosswalkLink
from comity.platform.alignment.models.texts import Instrument, Provision
from comity.platform.record.models import Act


class PastVersion(models.Model):
    """A version of an instrument that another has replaced, whole. It is seen by whoever sees the instrument.

    Its reference is ``alignment/instruments/<slug>/versions/<number>``. ``facts`` are title, kind, status, date and the
    other columns of the instrument as they stood. ``act`` is the act that replaced it.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="past_versions")
    number = models.PositiveIntegerField()
    facts = models.JSONField()
    source_sha256 = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["instrument", "number"]
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="alignment_version_once")]

    def __str__(self) -> str:
        return f"{self.instrument_id}, version {self.number}"


class PastProvision(models.Model):
    """A provision as it stood in an earlier version. ``provision`` is the row that goes through the versions.

    ``became`` is what the next version made of it, ``went_to`` the refs that it has there.
    """

    version = models.ForeignKey(PastVersion, on_delete=models.PROTECT, related_name="provisions")
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="past")
    ref = models.CharField(max_length=120)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    heading = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=20)
    modality = models.CharField(max_length=10, blank=True)
    addressees = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    topics_by = models.CharField(max_length=60, blank=True)
    became = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    went_to = models.JSONField(default=list)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "ref"], name="alignment_past_ref_once"),
            models.UniqueConstraint(fields=["version", "provision"], name="alignment_past_provision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.ref}"


class StaleMark(models.Model):
    """Why a link, or what a member said of it, no longer rests on the present text: one provision in one new version.

    ``kind`` is what became of the provision, ``version`` the number of the version that did it, ``act`` the act that took it
    in. ``settled_by`` is the decision that looked at it, empty until then.
    """

    link = models.ForeignKey(CrosswalkLink, on_delete=models.PROTECT, related_name="marks")
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    version = models.PositiveIntegerField()
    marked_at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["link", "provision", "version"], name="alignment_stale_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.provision_id} {self.kind} in version {self.version}"
