"""The tables of results: what was computed of a track at a moment, whether it was published, and other views in words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.dialogue.models.consultations import Dialogue, Track
from comity.platform.record.models import Act


class Analysis(models.Model):
    """What the engine found of one track of a consultation. Once published by an act its reference is ``dialogue/<slug>/results``.

    ``figures`` are what pages and open data show, small cells already protected; ``digest`` is the SHA-256 of their canonical
    JSON. ``votes`` is the number of answers. ``order_salt`` orders participants at random and lastingly, for the open data; with it
    ``input_sha256`` covers everything that the figures rest on, and neither is ever shown: of few answers a plain digest
    could be guessed. A computed analysis is no act; publishing it is.
    """

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="analyses")
    track = models.CharField(max_length=6, choices=Track.choices)
    made_at = models.DateTimeField()
    engine = models.CharField(max_length=40)
    votes = models.PositiveIntegerField()
    voices = models.PositiveIntegerField()
    is_final = models.BooleanField(default=False)
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    order_salt = models.CharField(max_length=64)
    input_sha256 = models.CharField(max_length=64)
    act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dialogue", "track"], condition=Q(act__isnull=False), name="dialogue_one_result_per_track"
            ),
            models.CheckConstraint(
                condition=Q(act__isnull=True) | Q(is_final=True), name="dialogue_only_a_final_result_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue_id}, {self.track}: {self.votes} votes"


class OtherView(models.Model):
    """A view that is not common ground, in the words of those who hold it, shortened and checked with them; without counts."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="other_views")
    track = models.CharField(max_length=6, choices=Track.choices)
    language = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    statements = models.JSONField(default=list)
    is_checked = models.BooleanField(default=False)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dialogue_id}: {self.text[:40]}"
