"""The table of mirrors: sites that keep a verified copy, as they said themselves and as they were last compared."""

from __future__ import annotations

from django.db import models

from comity.platform.parties.models import Member
from comity.platform.record.models import Act


class Mirror(models.Model):
    """A site that serves a copy of the commons. ``same`` is None until it was compared."""

    slug = models.SlugField(unique=True, max_length=60)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="mirrors")
    name = models.CharField(max_length=120)
    address = models.URLField(max_length=300, unique=True)
    added_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)
    same = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
