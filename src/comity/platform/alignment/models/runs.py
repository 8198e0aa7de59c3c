"""The tables of alignment runs and of what they counted."""

from __future__ import annotations

from django.db import models

from comity.platform.alignment.models.links import CrosswalkLink
from comity.platform.alignment.models.texts import Provision, Topic


class AlignmentRun(models.Model):
    """A run: what it covered and who made it. Pages show the latest that has ended; ``finished_at`` is empty until then.

    ``first_year`` is that of the earliest dated text, empty where none has a date; ``undated`` counts those without one.
    """

    finished_at = models.DateTimeField(null=True)
    embedder = models.CharField(max_length=120)
    maker = models.CharField(max_length=80)
    instruments = models.PositiveIntegerField()
    provisions = models.PositiveIntegerField()
    suggestions = models.PositiveIntegerField()
    input_sha256 = models.CharField(max_length=64)
    unsupported_languages = models.JSONField(default=list)
    first_year = models.PositiveSmallIntegerField(null=True)
    undated = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-finished_at"]

    def __str__(self) -> str:
        return f"{self.pk} {self.maker}"


class ConvergenceCell(models.Model):
    """How a member stands on a topic; a pair without a row is *not in this collection*.

    ``level`` is what the tile shows, ``own`` the member's own level, ``through`` a list of [instrument or organisation,
    level]. Computed; pages show the cells of the latest run that has ended.
    """

    run = models.ForeignKey(AlignmentRun, on_delete=models.CASCADE, related_name="cells")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="cells")
    member = models.CharField(max_length=3)
    level = models.CharField(max_length=24)
    own = models.CharField(max_length=24, blank=True)
    through = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "topic", "member"], name="alignment_cell_once")]
        indexes = [models.Index(fields=["run", "topic", "level"])]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.member} {self.level}"


class ConvergenceYear(models.Model):
    """How many members stood at a spoken level of a topic at the end of a year, by the dates of texts, as a run counted them."""

    run = models.ForeignKey(AlignmentRun, on_delete=models.CASCADE, related_name="years")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=24)
    members = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "topic", "year", "level"], name="alignment_year_once"),
            models.CheckConstraint(condition=models.Q(members__gt=0), name="alignment_year_has_members"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.year} {self.level}: {self.members}"


class Cluster(models.Model):
    """Provisions of several parties around the one that most of them are linked with, as a run gathered them."""

    run = models.ForeignKey(AlignmentRun, on_delete=models.CASCADE, related_name="clusters")
    central = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "central"], name="alignment_central_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.central_id}"


class ClusterHolding(models.Model):
    """A provision of a cluster, through the link that joins it with the central one; where the link goes, it goes too."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="holdings")
    link = models.ForeignKey(CrosswalkLink, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "link"], name="alignment_holding_once")]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.link_id}"
