"""The tables of alignment."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.engines.alignment.texts import KINDS, MODALITIES, STATUSES
from comity.platform.parties.models import Member, PersonalData
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
    """A law, strategy, framework or declaration. Its reference is ``alignment/instruments/<slug>``."""

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


class Provision(models.Model):
    """The smallest part of an instrument that says one thing. ``search_words`` are the engine's tokens, for the index."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="provisions")
    ref = models.CharField(max_length=120)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    heading = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=20)
    modality = models.CharField(max_length=10, blank=True, choices=_choices(MODALITIES))
    addressees = models.JSONField(default=list)
    topics_by = models.CharField(max_length=60, blank=True)
    search_words = models.TextField()

    class Meta:
        ordering = ["instrument", "position"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "ref"], name="alignment_ref_once"),
            models.UniqueConstraint(fields=["instrument", "position"], name="alignment_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}/{self.ref}"


class ProvisionTopic(models.Model):
    """A topic of a provision; position 0 is the chief one."""

    provision = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="topic_marks")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="marks")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["provision", "topic"], name="alignment_topic_once")]

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


class CrosswalkLink(models.Model):
    """A pair of provisions of two instruments: suggested by a maker, then decided by a reviewer.

    ``a`` comes before ``b`` in the order of their names, so that a pair exists once. ``relation`` reads from a to b and
    is empty while the suggestion waits. Its reference is ``alignment/links/<name>``.
    """

    class State(models.TextChoices):
        """Where a link stands."""

        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"

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
                | Q(state__in=["waiting", "rejected"], relation=""),
                name="alignment_relation_only_when_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "name"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class LinkReview(models.Model):
    """What a reviewer decided of a link, with the act that says so."""

    personal_data: ClassVar = PersonalData(
        purpose="To know who decided, should a decision be questioned.",
        retention="While the account is open.",
        export="`comity account export ADDRESS` lists the decisions.",
        erasure="The account is emptied; the decision stays, and its act names the office alone.",
    )

    link = models.ForeignKey(CrosswalkLink, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=[("confirmed", "confirmed"), ("rejected", "rejected")])
    relation = models.CharField(max_length=10, blank=True, choices=CrosswalkLink.Relation.choices)
    decided_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT)

    class Meta:
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.decision}"


class LinkReading(models.Model):
    """How a member reads a link that rests on its law. The latest of a member stands; where there is none, it was not asked.

    ``text`` says how it differs, in the member's own words, and is empty where it confirms. It is never in the log.
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


class ConvergenceCell(models.Model):
    """How a member stands on a topic; a pair without a row is *not in this collection*.

    ``level`` is what the tile shows, ``own`` the member's own level, ``through`` a list of [instrument or organisation,
    level]. Computed; pages show the cells of the latest run that has ended.
    """

    run = models.ForeignKey("AlignmentRun", on_delete=models.CASCADE, related_name="cells")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="cells")
    member = models.CharField(max_length=3)
    level = models.CharField(max_length=24)
    own = models.CharField(max_length=24, blank=True)
    through = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "topic", "member"], name="alignment_cell_once")]
        indexes = [models.Index(fields=["run", "topic", "level"])]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.member} {self.level}"


class AlignmentRun(models.Model):
    """A run: what it covered and who made it. Pages show the latest that has ended; ``finished_at`` is empty until then."""

    finished_at = models.DateTimeField(null=True)
    embedder = models.CharField(max_length=120)
    maker = models.CharField(max_length=80)
    instruments = models.PositiveIntegerField()
    provisions = models.PositiveIntegerField()
    suggestions = models.PositiveIntegerField()
    input_sha256 = models.CharField(max_length=64)
    unsupported_languages = models.JSONField(default=list)

    class Meta:
        ordering = ["-finished_at"]

    def __str__(self) -> str:
        return f"{self.pk} {self.maker}"
