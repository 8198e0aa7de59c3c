"""The tables of statements: what can be agreed with, in which languages, and what moderators decided on it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.dialogue.models.consultations import Dialogue, Participant, Track
from comity.platform.parties.models import PersonalData

MOST_CHARACTERS = 240
PERSONS = frozenset({"author", "convenor", "secretariat", "translator", "installation"})
"""Who a text can name as its maker where no model made it: an office, or the author."""


class Statement(models.Model):
    """What participants can agree with. Its reference is ``dialogue/<slug>/statements/<number>``.

    Both tracks answer the same statements; ``track`` says where it was written (empty: a seed). Its words are kept in
    ``StatementText``, the original among them.
    """

    class State(models.TextChoices):
        """Where a statement stands: it waits for a moderator, is shown, was refused, or was taken back by who wrote it."""

        WAITING = "waiting"
        SHOWN = "shown"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="statements")
    track = models.CharField(max_length=6, choices=Track.choices, blank=True)
    language = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    narrows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="narrower")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="dialogue_statement_numbers_differ"),
            models.CheckConstraint(condition=Q(number__gte=1), name="dialogue_statements_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue_id}/{self.number}"


class StatementText(models.Model):
    """The words of a statement in one language: the original, or a translation with its review state.

    ``made_by`` names the office, or the model and its version, that translated; a person's name never.
    """

    class State(models.TextChoices):
        """How far the words can be trusted: the author's own, a machine's awaiting a person, or checked by a person."""

        ORIGINAL = "original"
        MACHINE = "machine"
        CHECKED = "checked"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    text = models.CharField(max_length=MOST_CHARACTERS * 3)
    state = models.CharField(max_length=8, choices=State.choices)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["statement", "language"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "language"], name="dialogue_one_text_per_language"),
            models.UniqueConstraint(fields=["statement"], condition=Q(state="original"), name="dialogue_one_original"),
            models.CheckConstraint(
                condition=Q(state="checked", checked_at__isnull=False)
                | (~Q(state="checked") & Q(checked_at__isnull=True)),
                name="dialogue_checked_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} in {self.language}"

    @property
    def by_machine(self) -> bool:
        """Whether a model made the words, checked since or not."""
        return is_by_machine(state=self.state, made_by=self.made_by)


def is_by_machine(*, state: str, made_by: str) -> bool:
    """Tell whether a model made the words of a statement, checked since or not."""
    return state == StatementText.State.MACHINE or (state == StatementText.State.CHECKED and made_by not in PERSONS)


class Moderation(models.Model):
    """One decision on a statement, with its published reason, and the appeal against it with its outcome.

    ``reason`` is one of the published rules; ``note`` is published too. An appeal is decided by another account than the one that
    decided first. ``hides_text`` says that the words themselves may not be published (a person's data, a threat).
    """

    personal_data: ClassVar = PersonalData(
        purpose="To know that an appeal is decided by somebody else.",
        retention="While the account is open; then without it.",
        export="`comity account export ADDRESS` lists the decisions.",
        erasure="With the account: the accounts are emptied; decisions and reasons stay and name the office alone.",
    )

    class Decision(models.TextChoices):
        """What was decided."""

        SHOW = "show"
        REFUSE = "refuse"

    class Reason(models.TextChoices):
        """The published rules; ``fits`` is the one under which a statement is shown."""

        FITS = "fits"
        OFF_TOPIC = "off-topic"
        SEVERAL_IDEAS = "several-ideas"
        DUPLICATE = "duplicate"
        NOT_A_STATEMENT = "not-a-statement"
        INSULTS = "insults"
        PERSONAL_DATA = "personal-data"
        ADVERTISING = "advertising"

    class Appeal(models.TextChoices):
        """How an appeal stands."""

        NONE = "none"
        WAITING = "waiting"
        UPHELD = "upheld"
        GRANTED = "granted"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=6, choices=Decision.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    duplicates = models.ForeignKey(Statement, null=True, on_delete=models.SET_NULL, related_name="+")
    hides_text = models.BooleanField(default=False)
    office = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()
    appeal = models.CharField(max_length=7, choices=Appeal.choices, default=Appeal.NONE)
    appeal_text = models.CharField(max_length=1000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_note = models.CharField(max_length=500, blank=True)
    appeal_office = models.CharField(max_length=20, blank=True)
    appeal_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    appeal_decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="show", reason="fits") | (Q(decision="refuse") & ~Q(reason="fits")),
                name="dialogue_refused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(appeal="none", appealed_at__isnull=True, appeal_decided_at__isnull=True)
                | Q(appeal="waiting", appealed_at__isnull=False, appeal_decided_at__isnull=True)
                | Q(appeal__in=["upheld", "granted"], appealed_at__isnull=False, appeal_decided_at__isnull=False),
                name="dialogue_an_appeal_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(appeal_by__isnull=True) | Q(by__isnull=True) | ~Q(appeal_by=F("by")),
                name="dialogue_another_decides_an_appeal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.decision} ({self.reason})"
