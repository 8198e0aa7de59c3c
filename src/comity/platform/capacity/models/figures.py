"""The tables of what is taken in from outside, as context: public series of figures, and activities that others report."""

from __future__ import annotations

from django.db import models

from comity.platform.record.models import Act


class Series(models.Model):
    """A public series: one figure per country and date, with its source and licence. ``capacity/series/<slug>``."""

    slug = models.SlugField(unique=True, max_length=60)
    names = models.JSONField()
    unit = models.CharField(max_length=60)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100)
    as_of = models.DateField()
    file_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/series/{self.slug}"


class SeriesValue(models.Model):
    """One figure of a series. ``country`` is an ISO 3166-1 alpha-3 code; a country that is not there has no figure, not zero."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="values")
    country = models.CharField(max_length=3)
    value = models.FloatField()

    class Meta:
        ordering = ["series", "country"]
        constraints = [models.UniqueConstraint(fields=["series", "country"], name="capacity_one_value_a_country")]

    def __str__(self) -> str:
        return f"{self.series}, {self.country}"


class ContextActivity(models.Model):
    """An activity that somebody reports under IATI, taken in as context: it is nothing of ours, and says whose it is."""

    identifier = models.CharField(unique=True, max_length=200)
    reporting = models.CharField(max_length=300)
    titles = models.JSONField()
    status = models.CharField(max_length=2)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    countries = models.JSONField(default=list)
    sectors = models.JSONField(default=list)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["identifier"]

    def __str__(self) -> str:
        return self.identifier
