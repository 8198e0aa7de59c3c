"""The tables of links between provisions: suggested, decided, read by members."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.alignment.models.texts import Provision
from comity.platform.parties.models import Member, PersonalData
from comity.platform.record.models import Act


class CrosswalkLink(models.Model):
    """A pair of provisions of two instruments: suggested by a maker, then decided by a reviewer.

    ``a`` comes before ``b`` in the order of their names, so that a pair exists once. ``relation`` reads from a to b and
    is empty while the suggestion waits. A link is stale while a text that it was decided on has changed: its relation is
    what was confirmed, or empty where it had been rejected. Its reference is ``alignment/links/<name>``.
    """

    class State(models.TextChoices):
        """Where a link stands."""

        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        STALE = "stale"

    class Relation(models.TextChoices):
        """How the text of a stands to the text of b, by scope; strength is compared apart."""

        SAME = "same"
        BROADER = "broader"
        NARROWER = "narrower"
        RELATED = "related"

    name = models.CharField(max_length=16, unique=True)
    a = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="links_from")
    b = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="links_to")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    suggested = models.CharField(max_length=10, choices=Relation.choices)
    relation = models.CharField(max_length=10, choices=Relation.choices, blank=True)
    maker = models.CharField(max_length=80)
    score = models.FloatField()
    cosine = models.FloatField(null=True)
    shared_topics = models.JSONField(default=list)
    shared_terms = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="alignment_pair_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="alignment_pair_of_two"),
            models.CheckConstraint(
                condition=Q(state="confirmed", relation__in=["same", "broader", "narrower", "related"])
                | Q(state__in=["waiting", "rejected"], relation="")
                | Q(state="stale"),
                name="alignment_relation_only_when_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "name"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class LinkReview(models.Model):
    """What a reviewer decided of a link, with the act that says so, and the versions of both texts that it was decided on."""

    personal_data: ClassVar = PersonalData(
        purpose="To know who decided, should a decision be questioned.",
        retention="While the account is open.",
        export="`comity account export ADDRESS` lists the decisions.",
        erasure="The account is emptied; the decision stays, and its act names the office alone.",
    )

    link = models.ForeignKey(CrosswalkLink, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(
        max_length=10, choices=[("confirmed", "confirmed"), ("rejected", "rejected"), ("upheld", "upheld")]
    )
    relation = models.CharField(max_length=10, blank=True, choices=CrosswalkLink.Relation.choices)
    decided_at = models.DateTimeField()
    a_version = models.PositiveIntegerField(default=1)
    b_version = models.PositiveIntegerField(default=1)
    act = models.OneToOneField(Act, on_delete=models.PROTECT)

    class Meta:
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.decision}"


class LinkReading(models.Model):
    """How a member reads a link that rests on its law. The latest of a member stands; where there is none, it was not asked.

    ``text`` says how it differs, in the member's own words, and is empty where it confirms. It is never in the log.
    ``a_version`` and ``b_version`` are the versions of both texts that it was given on.
    """

    class Reading(models.TextChoices):
        """What a member says of a link."""

        CONFIRMS = "confirms"
        DIFFERS = "differs"

    link = models.ForeignKey(CrosswalkLink, on_delete=models.PROTECT, related_name="readings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reading = models.CharField(max_length=10, choices=Reading.choices)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    a_version = models.PositiveIntegerField(default=1)
    b_version = models.PositiveIntegerField(default=1)
    act = models.OneToOneField(Act, on_delete=models.PROTECT)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reading="confirms", text="") | (Q(reading="differs") & ~Q(text="")),
                name="alignment_a_differing_reading_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.reading} {self.link_id}"
