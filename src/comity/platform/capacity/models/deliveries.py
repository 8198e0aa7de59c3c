"""The tables of delivery: what is due when, what the provider reports, what the recipient confirms, and what it led to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from comity.platform.capacity.models.resources import amount
from comity.platform.capacity.models.rounds import Commitment
from comity.platform.record.models import Act


class Milestone(models.Model):
    """A part of a commitment with its date. Only what the recipient confirms counts as delivered.

    ``reported`` is what the provider says it gave, ``confirmed`` what the recipient says it got. ``new_date`` is a date that one side
    asks for, with its own explanation; it becomes ``due_on`` when the other agrees.
    """

    class Side(models.TextChoices):
        """Who asks for another date."""

        PROVIDER = "provider"
        RECIPIENT = "recipient"

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveIntegerField()
    titles = models.JSONField()
    units = amount()
    due_on = models.DateField()
    reported = amount(null=True)
    reported_at = models.DateTimeField(null=True)
    reporting = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed = amount(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirming = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    new_date = models.DateField(null=True)
    asked_by = models.CharField(max_length=9, choices=Side.choices, blank=True)
    explanation = models.CharField(max_length=500, blank=True)
    explanation_language = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["commitment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="capacity_milestones_number_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="capacity_a_milestone_is_of_something"),
            models.CheckConstraint(
                condition=Q(reported__isnull=True, reporting__isnull=True)
                | Q(reported__gte=0, reporting__isnull=False, reported_at__isnull=False),
                name="capacity_a_report_is_an_act",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, confirming__isnull=True)
                | Q(confirmed__gte=0, confirmed__lte=F("reported"), confirming__isnull=False, reported__isnull=False),
                name="capacity_what_is_confirmed_was_reported",
            ),
            models.CheckConstraint(
                condition=Q(new_date__isnull=True, asked_by="") | Q(new_date__isnull=False) & ~Q(asked_by=""),
                name="capacity_a_new_date_is_asked_by_a_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}, {self.number}"


class MeasuredResult(models.Model):
    """What a commitment led to, as the recipient measured it: an indicator with its baseline, and where the evidence is."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="results")
    indicators = models.JSONField()
    unit = models.CharField(max_length=60)
    baseline = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    target = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    value = models.DecimalField(max_digits=20, decimal_places=6)
    measured_on = models.DateField()
    evidence = models.CharField(max_length=500, blank=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["commitment", "measured_on", "pk"]

    def __str__(self) -> str:
        return f"{self.commitment}, {self.measured_on}"
