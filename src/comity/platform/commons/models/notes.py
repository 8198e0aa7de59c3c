"""The tables of experience: what members did and learnt, in their own words, and what they ask of one another."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.parties.models import Body, Member, PersonalData
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Cleared(models.Model):
    """What a delegation writes and its capital clears before it is sent."""

    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    prepared_at = models.DateTimeField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class ExperienceNote(Kept, Cleared):
    """What a member did and learnt. Its reference is ``commons/notes/<slug>``. ``about`` are references that it is found from."""

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who wrote and who cleared a note.",
        retention="One year after it was sent or withdrawn.",
        export="With the account.",
        erasure="With the account: the note stays with its member, without the person.",
    )

    class State(models.TextChoices):
        """Its life."""

        DRAFT = "draft"
        SENT = "sent"
        WITHDRAWN = "withdrawn"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="notes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="notes")
    slug = models.SlugField(unique=True, max_length=60)
    language = models.CharField(max_length=20)
    about = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="draft", act__isnull=True) | ~Q(state="draft") & Q(act__isnull=False),
                name="commons_a_note_is_sent_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/notes/{self.slug}"


class NoteText(models.Model):
    """A note in one language: the member's own words, or a translation with its state. Whom to ask is an office, never a person."""

    class State(models.TextChoices):
        """What the text is worth."""

        OWN = "own"
        MACHINE = "machine"
        TRANSLATED = "translated"
        CHECKED = "checked"

    note = models.ForeignKey(ExperienceNote, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices)
    title = models.CharField(max_length=200)
    problem = models.TextField(max_length=4000)
    did = models.TextField(max_length=8000)
    cost = models.TextField(max_length=2000, blank=True)
    failed = models.TextField(max_length=4000, blank=True)
    again = models.TextField(max_length=4000, blank=True)
    ask = models.CharField(max_length=300, blank=True)
    of_version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["note", "language"]
        constraints = [models.UniqueConstraint(fields=["note", "language"], name="commons_one_text_a_language")]

    def __str__(self) -> str:
        return f"{self.note} ({self.language})"


class QuestionToMembers(Kept):
    """What a member asks the others. Its reference is ``commons/questions/<slug>``; answers stay."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(unique=True, max_length=60)
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=4000)
    about = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["-asked_at", "slug"]
        constraints = [*Kept.Meta.constraints]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/questions/{self.slug}"


class Answer(Cleared):
    """What a member answers, once cleared where its capital clears; none is changed, another can follow."""

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who wrote and who cleared an answer.",
        retention="One year after it was given.",
        export="With the account.",
        erasure="With the account: the answer stays with its member, without the person.",
    )

    question = models.ForeignKey(QuestionToMembers, on_delete=models.PROTECT, related_name="answers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    text = models.TextField(max_length=8000)
    given_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["question", "given_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, act__isnull=True) | Q(given_at__isnull=False, act__isnull=False),
                name="commons_an_answer_is_given_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.question}"
