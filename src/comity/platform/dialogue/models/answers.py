"""The tables of answers: the latest of each voice to each statement, what a delegation prepares, and what was shown to whom."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.dialogue.models.consultations import Dialogue, Participant
from comity.platform.dialogue.models.statements import Statement
from comity.platform.parties.models import Member, PersonalData


class Standing(models.TextChoices):
    """What an answer stands for. ``own`` is a person's; the others a member's. ``awaiting`` counts as not yet heard."""

    OWN = "own"
    POSITION = "position"
    PROVISIONAL = "provisional"
    AWAITING = "awaiting"


OF_A_MEMBER = [(s.value, s.label) for s in (Standing.POSITION, Standing.PROVISIONAL)]
VALUES = Q(value__in=[-1, 0, 1])
ANSWERED = Q(standing="awaiting", value__isnull=True) | (~Q(standing="awaiting") & VALUES)


class Answer(models.Model):
    """The latest answer of one voice to one statement: 1 agree, 0 pass, -1 disagree; empty while instructions are awaited."""

    personal_data: ClassVar = PersonalData(
        purpose="To count what participants think, and to let each change it until the close.",
        retention="For good, under the pseudonym; the tie to an account as of the participant.",
        export="`comity account export ADDRESS` lists the answers.",
        erasure="With the account the tie is cut; answers stay under the pseudonym.",
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="answers")
    value = models.SmallIntegerField(null=True)
    standing = models.CharField(max_length=11, choices=Standing.choices)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "statement"], name="dialogue_one_answer_per_voice"),
            models.CheckConstraint(condition=ANSWERED, name="dialogue_an_answer_is_one_of_three"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} on {self.statement_id}"


class PreparedAnswer(models.Model):
    """What a delegation means to answer, seen by that delegation alone: prepared, cleared by the capital, then given."""

    personal_data: ClassVar = PersonalData(
        purpose="To let a delegation and its capital agree on an answer before it is given.",
        retention="Until the consultation is archived.",
        export="`comity account export ADDRESS` lists what the account prepared or cleared.",
        erasure="With the account: the accounts are emptied.",
    )

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="prepared")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="prepared")
    value = models.SmallIntegerField()
    standing = models.CharField(max_length=11, choices=OF_A_MEMBER)
    note = models.CharField(max_length=500, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    prepared_at = models.DateTimeField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cleared_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["statement"]
        constraints = [
            models.UniqueConstraint(fields=["member", "statement"], name="dialogue_one_prepared_answer"),
            models.CheckConstraint(condition=VALUES, name="dialogue_a_prepared_answer_is_one_of_three"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.statement_id}"


class Exposure(models.Model):
    """A statement that was put before a voice, with the probability with which it was drawn.

    ``chance`` is that of its being shown here and not before: the probability times the chances of all earlier draws to leave it
    out. ``rule`` names how the draw was made and its version; estimates are re-weighted by these chances.
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="exposures")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="exposures")
    probability = models.FloatField()
    chance = models.FloatField()
    rule = models.CharField(max_length=20)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lte=1), name="dialogue_every_draw_has_its_chance"
            ),
            models.CheckConstraint(
                condition=Q(chance__gt=0, chance__lte=F("probability")), name="dialogue_no_chance_above_its_draw"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} to {self.participant_id}"


class Waited(models.Model):
    """How likely each statement that a voice has not been shown was to be left out so far, for the chances of its next draw.

    ``chances`` are pairs of a statement's key (8 bytes) and a number of double precision, both little-endian; a statement that is
    not among them has waited for nothing.
    """

    participant = models.OneToOneField(Participant, primary_key=True, on_delete=models.CASCADE, related_name="waited")
    chances = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.participant_id}"
