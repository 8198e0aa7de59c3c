"""What can be needed and offered: kinds of resources with their units, as the body sets them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from comity.platform.parties.models import Body
from comity.platform.record.models import Act


def amount(**options: Any) -> models.DecimalField[Any, Any]:
    """Return a field for units of a resource: exact, with six places."""
    return models.DecimalField(max_digits=20, decimal_places=6, **options)


class Resource(models.Model):
    """A kind of thing that is counted in one unit, such as expert days. Its reference is ``capacity/resources/<slug>``.

    ``names`` and ``unit_names`` map a language to a name. ``grain`` is the smallest amount that is given: a round shares out whole
    multiples of it.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resources")
    slug = models.SlugField(unique=True, max_length=60)
    names = models.JSONField()
    unit_names = models.JSONField()
    grain = amount(default=1)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=Q(grain__gt=0), name="capacity_grain_is_something")]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/resources/{self.slug}"
