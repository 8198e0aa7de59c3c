"""The tables of a ballot: what is decided under which rule, who counts, what each said, and the one outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.decisions.models.documents import DocumentVersion
from comity.platform.decisions.models.rules import RuleInForce
from comity.platform.parties.models import Body, Member, PersonalData
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept

if TYPE_CHECKING:
    import datetime as dt


class Ballot(Kept):
    """One question put to the members of a body under one version of a rule. Its reference is ``decisions/ballots/<slug>``.

    ``question`` maps a language to a sentence. A ballot on a text names its ``version``; a motion names the ballot it is moved
    on (``parent``) and who moves it. ``sealed`` and ``may_change`` are copied from the rule when it opens. ``last_moment`` is the
    latest moment at which anything happened to it: time does not run backwards for a ballot, whatever a clock says.
    """

    class Kind(models.TextChoices):
        """What is put to the vote."""

        TEXT = "text"
        QUESTION = "question"
        DIVISION = "division"
        POSTPONEMENT = "postponement"
        AMENDMENT = "amendment"
        MOTION = "motion"

    class State(models.TextChoices):
        """Its life; closed means that no vote is taken any more and that its outcome is to be stated."""

        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"
        STATED = "stated"
        WITHDRAWN = "withdrawn"

    class Way(models.TextChoices):
        """How members vote."""

        RECORDED = "recorded"
        ROLL_CALL = "roll call"
        CORRESPONDENCE = "correspondence"
        SILENCE = "silence"
        NO_OBJECTION = "no objection"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="ballots")
    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.TEXT)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="motions")
    moved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=0)
    question = models.JSONField()
    version = models.ForeignKey(DocumentVersion, null=True, on_delete=models.PROTECT, related_name="ballots")
    rule = models.ForeignKey(RuleInForce, on_delete=models.PROTECT, related_name="ballots")
    way = models.CharField(max_length=14, choices=Way.choices)
    sealed = models.BooleanField(default=False)
    may_change = models.BooleanField(default=True)
    waiver = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    last_moment = models.DateTimeField(null=True)
    first_called = models.CharField(max_length=60, blank=True)
    draw = models.JSONField(null=True)
    opening = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["-made_at", "slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, opening__isnull=True, closed_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, opening__isnull=False),
                name="decisions_ballot_opened_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="decisions_ballot_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["correspondence", "silence"])
                | Q(opens_at__isnull=True)
                | Q(closes_at__isnull=False),
                name="decisions_writing_and_silence_have_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, kind__in=["text", "question"]) | ~Q(kind__in=["text", "question"]),
                name="decisions_only_motions_are_moved_on_a_ballot",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["text", "amendment"]) | Q(version__isnull=False),
                name="decisions_a_text_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"decisions/ballots/{self.slug}"

    def state_at(self, moment: dt.datetime) -> str:
        """Return the state at a moment; a deadline that has passed closes it, and so does a moment that it has seen already."""
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if hasattr(self, "outcome"):
            return self.State.STATED
        if self.opens_at is None:
            return self.State.DRAFT
        now = moment if self.last_moment is None else max(moment, self.last_moment)
        if self.closed_at is not None or (self.closes_at is not None and now >= self.closes_at):
            return self.State.CLOSED
        return self.State.OPEN if now >= self.opens_at else self.State.DRAFT


class Elector(models.Model):
    """A member as it stood when a ballot opened: whether it counts, in which groups, with which weights, and who casts for it.

    One that does not count says why (``reason``, ``rule``). ``cast_by`` is itself, the holder of its proxy, or an organisation
    that votes in its place. ``call_order`` is its place in a roll call, from 1. ``present`` is what the office noted, apart from
    any vote: empty while nobody has noted it.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="electors")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    counts = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=300, blank=True)
    cast_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    groups = models.JSONField(default=list)
    weights = models.JSONField(default=dict)
    call_order = models.PositiveIntegerField(null=True)
    present = models.BooleanField(null=True)

    class Meta:
        ordering = ["ballot", "member"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="decisions_each_member_once"),
            models.CheckConstraint(
                condition=Q(counts=True, reason="") | Q(counts=False) & ~Q(reason=""),
                name="decisions_who_does_not_count_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.ballot}"


class Vote(models.Model):
    """What a member says in a ballot: its last word. ``act`` enters it in the record; each change enters another.

    ``reasons`` are the member's own, where it gives any.
    """

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="vote")
    position = models.CharField(max_length=60)
    reasons = models.TextField(max_length=4000, blank=True)
    cast_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["elector"]

    def __str__(self) -> str:
        return f"{self.elector}: {self.position}"


class PreparedVote(models.Model):
    """What a delegation means to say, seen by it alone: prepared, cleared by the capital, and cast. Logged nowhere."""

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared and who cleared its vote.",
        retention="One year after the ballot closed.",
        export="With the account.",
        erasure="With the account: what was prepared stays, without the person.",
    )

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="prepared")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=60)
    reasons = models.TextField(max_length=4000, blank=True)
    note = models.CharField(max_length=500, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    prepared_at = models.DateTimeField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cleared_at = models.DateTimeField(null=True)
    cast_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ballot", "member"]
        constraints = [models.UniqueConstraint(fields=["ballot", "member"], name="decisions_one_prepared_vote")]

    def __str__(self) -> str:
        return f"{self.member} in {self.ballot}"


class Explanation(models.Model):
    """A member's explanation of its vote or position, given before or after the vote, by whoever was present, abstainers too."""

    class When(models.TextChoices):
        """Before the vote, or after it."""

        BEFORE = "before"
        AFTER = "after"

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="explanations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    when = models.CharField(max_length=6, choices=When.choices)
    language = models.CharField(max_length=20)
    text = models.TextField(max_length=20_000)
    given_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["ballot", "when", "member"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member", "when"], name="decisions_one_explanation_each_time")
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.ballot}, {self.when}"


class BallotOutcome(models.Model):
    """The outcome of a ballot: computed once, with its whole reasoning, stated by an office, entered by an act.

    ``result`` is what ``carry_result`` gives; ``rolls_sha256`` is the digest of the public file of ballots that it was counted
    from, so that anyone can count them again.
    """

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=12)
    result = models.JSONField()
    rolls_sha256 = models.CharField(max_length=64)
    stated_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["adopted", "not adopted", "not valid"]),
                name="decisions_outcome_is_one_of_three",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ballot}: {self.outcome}"
