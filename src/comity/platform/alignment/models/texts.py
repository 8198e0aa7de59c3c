"""The tables of what the collection holds: topics, instruments, their provisions, what members state."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.engines.alignment.texts import CODER, KINDS, MODALITIES, STATUSES
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(v, v) for v in values]


class Topic(models.Model):
    """A concept of the scheme. ``labels`` and ``definitions`` map a language code to text; ``en`` is always there."""

    id = models.SlugField(primary_key=True, max_length=60)
    facet = models.CharField(max_length=40)
    facet_position = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(unique=True)
    labels = models.JSONField()
    definitions = models.JSONField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.id)


class Instrument(Kept):
    """A law, strategy, framework or declaration. Its reference is ``alignment/instruments/<slug>``.

    The row is the present version; ``version`` counts from 1 and ``version_since`` is when it came in (the first version:
    ``added_at``). Earlier ones are kept whole as ``PastVersion``.
    """

    slug = models.SlugField(unique=True, max_length=80)
    title = models.TextField()
    short_title = models.CharField(max_length=200)
    party = models.CharField(max_length=12, blank=True)
    signatories = models.JSONField(default=list)
    subdivision = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=20, blank=True, choices=_choices(KINDS))
    status = models.CharField(max_length=20, blank=True, choices=_choices(STATUSES))
    binding = models.BooleanField(null=True)
    date = models.DateField(null=True)
    language = models.CharField(max_length=20)
    official_url = models.URLField(max_length=600, blank=True)
    basis = models.CharField(max_length=20, choices=_choices(("full-text", "partial-text", "unknown")))
    is_summary = models.BooleanField(default=False)
    source_sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    version_since = models.DateTimeField(null=True)

    class Meta(Kept.Meta):
        ordering = ["slug"]
        indexes = [models.Index(fields=["party"])]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(party="MULTI") | ~Q(signatories=[]), name="alignment_multi_has_signatories"
            ),
        ]

    def __str__(self) -> str:
        return self.short_title


class PresentProvisions(models.Manager["Provision"]):
    """The provisions of present versions: what was repealed is left out."""

    def get_queryset(self) -> models.QuerySet[Provision]:
        """Return those that stand."""
        return super().get_queryset().filter(repealed_in__isnull=True)


class Provision(models.Model):
    """The smallest part of an instrument that says one thing. ``search_words`` are the engine's tokens, for the index.

    ``topics_by``, ``modality_by`` and ``addressees_by`` name the maker that proposed them; "coder", or nothing beside a strength
    or an addressee, is people, whose word no run touches.

    A row goes through the versions of its instrument with what people said of it. ``identity`` is the ref that it was born
    with, where that may not be its present one; the names of links are made of it. A row that no longer stands is kept
    for what rests on it, with ``repealed_in``, the number of the first version without it; ``objects`` does not see it.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="provisions")
    ref = models.CharField(max_length=120)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    heading = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=20)
    modality = models.CharField(max_length=10, blank=True, choices=_choices(MODALITIES))
    modality_by = models.CharField(max_length=60, blank=True)
    addressees = models.JSONField(default=list)
    addressees_by = models.CharField(max_length=60, blank=True)
    topics_by = models.CharField(max_length=60, blank=True)
    search_words = models.TextField()
    identity = models.CharField(max_length=140, blank=True, default="")
    repealed_in = models.PositiveIntegerField(null=True)

    objects = PresentProvisions()
    every: models.Manager[Provision] = models.Manager()

    class Meta:
        ordering = ["instrument", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "ref"], condition=Q(repealed_in__isnull=True), name="alignment_ref_once"
            ),
            models.UniqueConstraint(
                fields=["instrument", "position"], condition=Q(repealed_in__isnull=True), name="alignment_position_once"
            ),
            models.UniqueConstraint(
                fields=["instrument", "identity"], condition=~Q(identity=""), name="alignment_identity_once"
            ),
            models.CheckConstraint(
                condition=Q(modality_by="") | ~Q(modality=""), name="alignment_a_maker_proposes_a_strength"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}/{self.ref}"

    @property
    def topics_are_proposed(self) -> bool:
        """Whether a machine named its topics, and no person."""
        return self.topics_by not in {"", CODER}

    @property
    def lasting_ref(self) -> str:
        """The ref that it was born with, which no other provision of its instrument ever has."""
        return self.identity or self.ref


class ProvisionTopic(models.Model):
    """A topic of a provision; position 0 is the chief one. ``chance`` is its probability where a machine learned to propose it."""

    provision = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="topic_marks")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="marks")
    position = models.PositiveSmallIntegerField()
    chance = models.FloatField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["provision", "topic"], name="alignment_topic_once"),
            models.CheckConstraint(
                condition=Q(chance__isnull=True) | Q(chance__gte=0, chance__lte=1), name="alignment_chance_of_a_topic"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.topic_id}"


class StatedNone(models.Model):
    """A member's own statement that it has no provision on a topic; entered by an act."""

    member = models.CharField(max_length=3)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT)
    act = models.ForeignKey(Act, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="alignment_none_once")]

    def __str__(self) -> str:
        return f"{self.member} states none: {self.topic_id}"
