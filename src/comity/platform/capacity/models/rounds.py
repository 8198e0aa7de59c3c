"""The tables of rounds: what was frozen, what was suggested from it, who challenged, what was confirmed, and the commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from comity.platform.capacity.models.needs import Need
from comity.platform.capacity.models.offers import Offer
from comity.platform.capacity.models.resources import Resource, amount
from comity.platform.parties.models import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept

if TYPE_CHECKING:
    import datetime as dt


class Round(Kept):
    """One sharing out of resources among needs. Its reference is ``capacity/rounds/<slug>``.

    ``rules`` are the published eligibility, priorities, weights and caps as data, each with the rule that it rests on (see
    ``round_rules.py``). Needs and offers are taken until ``closes_at``; freezing copies them. ``challenge_until`` ends the time in
    which members may challenge what was suggested. States follow from these moments and acts, evaluated on every read.
    """

    class By(models.TextChoices):
        """What is treated alike."""

        NEED = "need"
        MEMBER = "member"

    class State(models.TextChoices):
        """Its life."""

        OPEN = "open"
        CLOSED = "closed"
        FROZEN = "frozen"
        CHALLENGE = "challenge"
        DECIDING = "deciding"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="rounds")
    slug = models.SlugField(unique=True, max_length=60)
    titles = models.JSONField()
    resources = models.ManyToManyField(Resource, related_name="rounds")
    by = models.CharField(max_length=6, choices=By.choices, default=By.NEED)
    rules = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    challenge_until = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    input_sha256 = models.CharField(max_length=64, blank=True)
    tables = models.JSONField(default=dict)
    opening = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    freezing = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    confirming = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["-opened_at", "slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="capacity_a_round_takes_time"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, freezing__isnull=True, input_sha256="")
                | Q(frozen_at__isnull=False, freezing__isnull=False) & ~Q(input_sha256=""),
                name="capacity_a_round_is_frozen_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirming__isnull=True)
                | Q(confirmed_at__isnull=False, confirming__isnull=False, frozen_at__isnull=False),
                name="capacity_a_round_is_confirmed_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/rounds/{self.slug}"

    def state_at(self, moment: dt.datetime) -> str:
        """Return the state at a moment."""
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if self.confirmed_at is not None:
            return self.State.CONFIRMED
        if self.challenge_until is not None:
            return self.State.CHALLENGE if moment < self.challenge_until else self.State.DECIDING
        if self.frozen_at is not None:
            return self.State.FROZEN
        return self.State.OPEN if moment < self.closes_at else self.State.CLOSED


class RoundNeed(models.Model):
    """A need as it stood when a round was frozen; ``code`` names it in the published tables, whoever may see whose it is."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="needs")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="in_rounds")
    code = models.CharField(max_length=20)
    units = amount()
    priority = models.PositiveIntegerField(default=1)
    weight = models.CharField(max_length=20, default="1")

    class Meta:
        ordering = ["round", "code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "need"], name="capacity_a_need_once_in_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="capacity_one_need_a_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.round}"


class RoundOffer(models.Model):
    """An offer as it stood when a round was frozen."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="offers")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="in_rounds")
    code = models.CharField(max_length=20)
    units = amount()

    class Meta:
        ordering = ["round", "code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "offer"], name="capacity_an_offer_once_in_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="capacity_one_offer_a_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.round}"


class Exclusion(models.Model):
    """That a member cannot work with another: said before a round is frozen, without reasons, and shown to nobody but its delegation."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["member", "other"]
        constraints = [
            models.UniqueConstraint(fields=["body", "member", "other"], name="capacity_an_exclusion_once"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="capacity_nobody_excludes_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.member} and {self.other}"


class Allocation(models.Model):
    """What was suggested from the frozen tables. It decides nothing: the committee confirms it, or amends it with reasons.

    ``units`` are rows [need code, offer code, units as a decimal]; ``explanation`` is what ``allocation_files`` gives. ``amendments``
    are rows [need code, offer code, units suggested, units confirmed, reason], written when it is confirmed.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="allocation")
    computed_at = models.DateTimeField()
    maker = models.CharField(max_length=60)
    solver = models.CharField(max_length=60)
    units = models.JSONField()
    explanation = models.JSONField()
    result_sha256 = models.CharField(max_length=64)
    amendments = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.round}, {self.computed_at:%Y-%m-%d}"


class Challenge(models.Model):
    """What a member holds against a suggested allocation, and the answer that it must get before the round is confirmed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="challenges")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    text = models.TextField(max_length=4000)
    made_at = models.DateTimeField()
    making = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(max_length=4000, blank=True)
    answer_language = models.CharField(max_length=20, blank=True)
    answered_at = models.DateTimeField(null=True)
    answering = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "made_at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="capacity_one_challenge_a_member"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answering__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, answering__isnull=False),
                name="capacity_a_challenge_is_answered_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.round}"


class Commitment(models.Model):
    """So many units of one offer for one need, from a confirmed round. Its reference is ``capacity/commitments/<slug>``.

    Both sides confirm; either may decline, and no reason is asked or kept.
    """

    class State(models.TextChoices):
        """Its life; agreed means that both sides said yes."""

        PROPOSED = "proposed"
        AGREED = "agreed"
        DECLINED = "declined"
        COMPLETE = "complete"
        ENDED = "ended"

    slug = models.SlugField(unique=True, max_length=60)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="commitments")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="commitments")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="commitments")
    units = amount()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    made_at = models.DateTimeField()
    provider_said_at = models.DateTimeField(null=True)
    recipient_said_at = models.DateTimeField(null=True)
    provider_act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    recipient_act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["round", "need", "offer"], name="capacity_one_commitment_a_pair"),
            models.CheckConstraint(condition=Q(units__gt=0), name="capacity_a_commitment_is_of_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "complete", "ended"])
                | Q(provider_act__isnull=False, recipient_act__isnull=False),
                name="capacity_both_sides_agreed",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/commitments/{self.slug}"
