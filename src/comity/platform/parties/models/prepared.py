"""What a delegation prepares and its capital clears: the fields that needs, offers and notes share."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Prepared(models.Model):
    """What a delegation prepares and its capital clears before it is sent. Who did is seen by that delegation alone.

    ``pending`` is what is prepared in the place of something that was sent: the fields by name, as JSON, none where nothing waits.
    """

    pending = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    prepared_at = models.DateTimeField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)
