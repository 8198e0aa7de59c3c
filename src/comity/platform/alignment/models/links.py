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
    """A pair of provisions of two instruments: suggested by a maker, then decided by reviewers under the rule.

    ``a`` comes before ``b`` in the order of their names, so that a pair exists once. ``relation`` reads from a to b and
    is empty while the suggestion waits, or reviewers do not agree on it (disputed). A link is stale while a text that it was
    decided on has changed: its relation is what was confirmed, or empty where it had been rejected. Its reference is
    ``alignment/links/<name>``.
    """

    class State(models.TextChoices):
        """Where a link stands."""

        WAITING = "waiting"
        DISPUTED = "disputed"
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
                | Q(state__in=["waiting", "disputed", "rejected"], relation="")
                | Q(state="stale"),
                name="alignment_relation_only_when_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "name"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it still awaits people: nobody has decided it, or those who answered do not agree."""
        return self.state in OPEN

    @property
    def takes_answers(self) -> bool:
        """Whether reviewers answer on it: it is open, or was decided on a text that has changed since."""
        return self.state in {*OPEN, CrosswalkLink.State.STALE}

    @property
    def held_answer(self) -> str:
        """What a stale link had been decided as, in the words of an answer; empty for any other link."""
        return (self.relation or "none") if self.state == CrosswalkLink.State.STALE else ""


OPEN = (CrosswalkLink.State.WAITING, CrosswalkLink.State.DISPUTED)


class LinkReview(models.Model):
    """How a link was decided, with the act that says so. ``reviewer`` is who gave the answer that met the rule, ``a_version`` and
    ``b_version`` are those of both texts that it was decided on.
    """

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
