"""The table of files that were sent to be read, until they are taken into the collection or thrown away."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.alignment.models.texts import Instrument


class Upload(models.Model):
    """A file that was sent, and what was found in it.

    ``name`` is its address and its folder under the data folder's ``uploads``. ``found`` holds the instrument and its provisions
    as the reading process wrote them, ``problem`` the sentence that says why there are none; both are empty until it was read.
    How far the reading is stands in the job whose subject is ``name``. ``instrument`` is what it was taken in as. Who sent it is
    not kept: taking it in is an act of the secretariat.
    """

    name = models.SlugField(unique=True, max_length=32)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField()
    found = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(found__isnull=True) | Q(problem=""), name="alignment_found_or_refused"),
            models.CheckConstraint(
                condition=Q(instrument__isnull=True) | Q(problem=""), name="alignment_taken_in_was_not_refused"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
