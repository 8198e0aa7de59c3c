"""The tables of agreements and action plans: who promised what by when, and what its owner says became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.capacity.models.needs import Need
from comity.platform.capacity.models.offers import Offer
from comity.platform.parties.models import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Agreement(Kept):
    """An agreement or plan of action between members. Its reference is ``capacity/agreements/<slug>``.

    ``source`` names the text it is taken from: a reference of this house, or an address.
    """

    class Kind(models.TextChoices):
        """What it is."""

        BILATERAL = "bilateral"
        MULTILATERAL = "multilateral"
        PLAN = "plan"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="agreements")
    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    titles = models.JSONField()
    parties = models.ManyToManyField(Member, related_name="agreements")
    signed_on = models.DateField(null=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [*Kept.Meta.constraints]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/agreements/{self.slug}"


class Promise(models.Model):
    """One commitment of an agreement: its owner, date, indicator and evidence, and the needs and offers that serve it."""

    class State(models.TextChoices):
        """What its owner says; whether it is late follows from the date."""

        RUNNING = "running"
        KEPT = "kept"
        DROPPED = "dropped"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="promises")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="promises")
    due_on = models.DateField(null=True)
    indicator = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    needs = models.ManyToManyField(Need, related_name="promises")
    offers = models.ManyToManyField(Offer, related_name="promises")

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="capacity_promises_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="capacity_promises_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.number}"

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"{self.agreement.reference}/{self.number}"


class ProgressReport(models.Model):
    """What the owner of a promise says became of it: the value reached, where the evidence is, and its own explanation."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=8, choices=Promise.State.choices)
    value = models.CharField(max_length=100, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=20)
    explanation = models.TextField(max_length=4000, blank=True)
    reported_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["promise", "-reported_at"]

    def __str__(self) -> str:
        return f"{self.promise}, {self.reported_at:%Y-%m-%d}"
