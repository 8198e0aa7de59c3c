"""The tables of review: the rule, each reviewer's answer, what was searched and not found, what answers taught."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.alignment.models.links import CrosswalkLink
from comity.platform.alignment.models.runs import AlignmentRun
from comity.platform.alignment.models.texts import Instrument, Provision
from comity.platform.parties.models import PersonalData
from comity.platform.record.models import Act


class ReviewRule(models.Model):
    """How many reviewers must give one answer, from how many M49 regions. The latest version holds; none is changed.

    ``own_count`` says whether the answer of a reviewer who comes from the party of one of the two texts counts.
    """

    version = models.PositiveIntegerField(unique=True)
    reviewers = models.PositiveSmallIntegerField()
    regions = models.PositiveSmallIntegerField()
    own_count = models.BooleanField()
    entered_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewers__gte=1, regions__lte=models.F("reviewers")), name="alignment_rule_can_be_met"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}: {self.reviewers} of {self.regions}"


class LinkAnswer(models.Model):
    """What one reviewer answers on a link: how a stands to b, that they do not correspond, or that one cannot say.

    ``first`` is the answer as it was first given, when those of others were not shown yet: agreement is measured by it.
    ``a_version`` and ``b_version`` are those of both texts that the reviewer saw: once the text of a side has changed, the answer
    stands for nothing and is kept. ``region`` is the M49 region the reviewer came from on that day, ``is_own`` whether from the party of one of the texts.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To decide links under the rule, to show how far reviewers agree, and to learn from decided links.",
        retention="While the account is open; then without it.",
        export="`comity account export ADDRESS` lists the answers.",
        erasure="With the account: account, region and reason are emptied; the answer stays.",
    )

    class Answer(models.TextChoices):
        """What can be answered; relations read from a to b."""

        SAME = "same"
        BROADER = "broader"
        NARROWER = "narrower"
        RELATED = "related"
        NONE = "none"
        CANNOT_SAY = "cannot-say"

    link = models.ForeignKey(CrosswalkLink, on_delete=models.PROTECT, related_name="answers")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    first = models.CharField(max_length=10, choices=Answer.choices)
    reason = models.CharField(max_length=500, blank=True)
    region = models.CharField(max_length=3, blank=True)
    is_own = models.BooleanField(default=False)
    a_version = models.PositiveIntegerField(default=1)
    b_version = models.PositiveIntegerField(default=1)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["link", "reviewer"], name="alignment_one_answer_per_reviewer")]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.answer}"


class FruitlessSearch(models.Model):
    """A reviewer looked for a counterpart of a provision in an instrument, or in all texts of a party, and found none.

    ``searched`` says what (instruments with their digests, provisions, languages), ``means`` how (words, filters, methods, how
    many candidates were seen), ``rejected`` the best candidates with the reason for each. It is stale once the digest of
    what was searched is another than ``digest``.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To know who searched, should the finding be questioned.",
        retention="While the account is open; then without it.",
        export="`comity account export ADDRESS` lists the searches.",
        erasure="With the account: the account is emptied; the search stays, and its act names the office alone.",
    )

    provision = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="fruitless_searches")
    instrument = models.ForeignKey(Instrument, null=True, on_delete=models.CASCADE, related_name="+")
    party = models.CharField(max_length=12, blank=True)
    digest = models.CharField(max_length=64)
    own_digest = models.CharField(max_length=64)
    searched = models.JSONField()
    means = models.JSONField()
    rejected = models.JSONField(default=list)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(instrument__isnull=False, party="") | (Q(instrument__isnull=True) & ~Q(party="")),
                name="alignment_searched_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id}: nothing in {self.instrument_id or self.party}"


class LearnedWeights(models.Model):
    """What an alignment run learned from decided links, and whether it used it. ``figures`` hold how that was measured."""

    run = models.OneToOneField(AlignmentRun, on_delete=models.CASCADE, related_name="learned")
    confirmed = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    answers_sha256 = models.CharField(max_length=64)
    used = models.BooleanField()
    words = models.FloatField()
    meaning = models.FloatField()
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"run {self.run_id}: {'used' if self.used else 'not used'}"
