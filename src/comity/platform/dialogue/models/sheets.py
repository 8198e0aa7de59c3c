"""The tables of paper: batches of printed sheets for places with no line, each typed in twice by different people."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.dialogue.models.consultations import Dialogue, Participant
from comity.platform.parties.models import PersonalData


class SheetBatch(models.Model):
    """Sheets printed for one place: which statements they carry, in which order, and their serial numbers from 1.

    ``statements`` are statement numbers in the order of the sheet, drawn by chance from ``drawn_from``; ``seed`` lets anyone
    repeat the draw. ``region`` is that of the place (empty: not said).
    """

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=120)
    region = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=20)
    sheets = models.PositiveIntegerField()
    statements = models.JSONField()
    drawn_from = models.PositiveIntegerField(default=0)
    seed = models.CharField(max_length=32, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="dialogue_batch_numbers_differ"),
            models.CheckConstraint(condition=Q(sheets__gte=1, sheets__lte=1000), name="dialogue_a_batch_has_sheets"),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue_id}: batch {self.number}"


class SheetEntry(models.Model):
    """What one person typed from one sheet. The second is typed without seeing the first; where they agree, it counts.

    ``turn`` is 1 or 2, or 3 for the one that settles a difference with the paper in hand. ``answers`` maps a statement's number to
    1, 0 or -1. ``participant`` is set on the entry that counted.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To see that two different people typed a sheet.",
        retention="Until the consultation is archived, then without the account.",
        export="`comity account export ADDRESS` lists the sheets typed.",
        erasure="With the account: the account is emptied.",
    )

    batch = models.ForeignKey(SheetBatch, on_delete=models.PROTECT, related_name="entries")
    serial = models.PositiveIntegerField()
    turn = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    participant = models.OneToOneField(Participant, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["batch", "serial", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "serial", "turn"], name="dialogue_one_entry_per_turn"),
            models.UniqueConstraint(
                fields=["batch", "serial"], condition=Q(participant__isnull=False), name="dialogue_a_sheet_counts_once"
            ),
            models.CheckConstraint(condition=Q(turn__in=[1, 2, 3], serial__gte=1), name="dialogue_three_turns"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: sheet {self.serial}, turn {self.turn}"
