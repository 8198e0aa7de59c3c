"""The tables of offers: what a member gives, to whom, on what conditions; and who applies for a seat."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from comity.platform.capacity.models.resources import Resource, amount
from comity.platform.parties.models import Body, Member, PersonalData, Prepared
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Offer(Kept, Prepared):
    """What a member offers. Its reference is ``capacity/offers/<slug>``.

    ``titles`` and ``conditions`` map a language to a text. ``to_groups`` are codes of groupings (``LDC``, ``SIDS``, an M49 region)
    whose members it is for, none for all; ``languages`` those it is given in, none for any. ``criteria`` are published for courses
    and fellowships: a list of {"code", "names", "most"} by which applicants are chosen, none where nobody applies.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared and who cleared what it offers.",
        retention="One year after the offer ended.",
        export="With the account.",
        erasure="With the account: the offer stays with its member, without the person.",
    )

    class State(models.TextChoices):
        """Its life: prepared by the delegation, open once sent, withdrawn. It has ended when its last day has passed."""

        DRAFT = "draft"
        OPEN = "open"
        WITHDRAWN = "withdrawn"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="offers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="offers")
    slug = models.SlugField(unique=True, max_length=60)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="offers")
    titles = models.JSONField()
    conditions = models.JSONField(default=dict)
    units = amount()
    per_member = amount(null=True)
    indivisible = models.BooleanField(default=False)
    to_groups = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    licence = models.CharField(max_length=200, blank=True)
    criteria = models.JSONField(default=list)
    apply_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(condition=Q(units__gt=0), name="capacity_an_offer_gives_something"),
            models.CheckConstraint(
                condition=Q(per_member__isnull=True) | Q(per_member__gt=0), name="capacity_each_member_may_have_some"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", act__isnull=True, version=0) | ~Q(state="draft") & Q(act__isnull=False),
                name="capacity_an_offer_is_made_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(begins_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="capacity_an_offer_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/offers/{self.slug}"


class Application(models.Model):
    """A person whom a member proposes for a seat that was allocated to it. Seen by that delegation, the provider and the secretariat.

    ``points`` maps the code of each published criterion to what the provider gave. What somebody did next is told by their member.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To choose who takes a seat by the published criteria, and to learn what the training led to.",
        retention="Two years after the course ended.",
        export="On request of the person to the member that proposed them.",
        erasure="By the member that proposed them, or the secretariat; figures stay, without the person.",
    )

    class State(models.TextChoices):
        """How it went."""

        PROPOSED = "proposed"
        CHOSEN = "chosen"
        NOT_CHOSEN = "not chosen"
        WITHDRAWN = "withdrawn"
        COMPLETED = "completed"
        NOT_COMPLETED = "not completed"

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="applications")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    grounds = models.TextField(max_length=4000, blank=True)
    points = models.JSONField(default=dict)
    state = models.CharField(max_length=14, choices=State.choices, default=State.PROPOSED)
    did_next = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["offer", "pk"]

    def __str__(self) -> str:
        return f"{self.offer}: {self.pk}"
