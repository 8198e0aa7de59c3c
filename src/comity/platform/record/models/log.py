"""The tables of the log: its state, the checkpoints that were signed, and the cosignatures of witnesses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class LogState(models.Model):
    """One row: who sequences now, and whether the log may be signed.

    ``holder`` and ``held_until`` are the lease of the one sequencer where the database has no advisory locks. ``stopped``
    says why nothing is signed (a restored backup, a witness that knows a later tree); ``reconcile`` empties it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=500, blank=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="record_one_log_state")]

    def __str__(self) -> str:
        return self.stopped or "signing"


class Checkpoint(models.Model):
    """A tree that was signed. One size of one origin has one root: a second tree of that size cannot be written here.

    ``note`` is the signed note as the log published it, without cosignatures; ``root`` is in hexadecimal.
    """

    origin = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["-signed_at", "-size"]
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="record_one_tree_per_size")]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Cosignature(models.Model):
    """A witness saw a checkpoint and found it consistent with all it had seen before. ``line`` is its signature line."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.CASCADE, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    witnessed_at = models.DateTimeField()

    class Meta:
        ordering = ["checkpoint", "witness"]
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="record_one_cosignature_each")]

    def __str__(self) -> str:
        return f"{self.witness} on {self.checkpoint}"
