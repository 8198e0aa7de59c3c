"""The tables of experience notes: what a member learnt, in six parts, what it is about, and its translations with their state."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from comity.platform.commons.note_parts import MOST_PART
from comity.platform.parties.models import Body, Member, PersonalData, Prepared
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept

SIX_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


class ToldText(models.Model):
    """The words of a note in one language. Only the problem and what was done must be told; ``ask`` names an office, never a person.

    ``search_words`` are the engine's tokens of all of it, parted and surrounded by blanks.
    """

    language = models.CharField(max_length=2, choices=[(code, code) for code in SIX_LANGUAGES])
    title = models.CharField(max_length=300)
    problem = models.TextField(max_length=MOST_PART)
    done = models.TextField(max_length=MOST_PART)
    cost = models.TextField(max_length=MOST_PART, blank=True)
    failed = models.TextField(max_length=MOST_PART, blank=True)
    again = models.TextField(max_length=MOST_PART, blank=True)
    ask = models.TextField(max_length=MOST_PART, blank=True)
    search_words = models.TextField(default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class ExperienceNote(Kept, Prepared, ToldText):
    """What a member learnt by doing. Its reference is ``commons/notes/<slug>``; the slug says nothing of the member.

    A draft is seen by its delegation alone; its circle holds from when it is sent. ``version`` counts the texts that were sent: a change
    of the words is another version, a change of its circle, its figures or what it is about is not. ``months`` is how long it took,
    ``people`` how many worked on it, None where the member does not say. Of a note that was withdrawn nobody else reads more than that.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared and who cleared what it tells others.",
        retention="One year after the note was withdrawn, or after a draft was left.",
        export="With the account.",
        erasure="With the account: the note stays with its member, without the person.",
    )

    class State(models.TextChoices):
        """Its life: prepared by the delegation, open once sent, withdrawn by its member."""

        DRAFT = "draft"
        OPEN = "open"
        WITHDRAWN = "withdrawn"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="experience_notes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="experience_notes")
    slug = models.SlugField(unique=True, max_length=60)
    months = models.PositiveSmallIntegerField(null=True)
    people = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(problem="") & ~Q(done=""), name="commons_a_note_tells_what_was_done"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", act__isnull=True, sent_at__isnull=True, version=0)
                | ~Q(state="draft") & Q(act__isnull=False, sent_at__isnull=False, version__gte=1),
                name="commons_a_note_is_sent_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], ended_at__isnull=True)
                | Q(state="withdrawn", ended_at__isnull=False),
                name="commons_a_withdrawn_note_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(months__isnull=True) | Q(months__gte=1)) & (Q(people__isnull=True) | Q(people__gte=1)),
                name="commons_figures_of_a_note_are_something",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/notes/{self.slug}"


class NoteSubject(models.Model):
    """What a note is about, by reference: a topic, an instrument or a part of it, a resource, a need, a release."""

    note = models.ForeignKey(ExperienceNote, on_delete=models.CASCADE, related_name="subjects")
    reference = models.CharField(max_length=250, db_index=True)

    class Meta:
        ordering = ["note", "reference"]
        constraints = [models.UniqueConstraint(fields=["note", "reference"], name="commons_a_subject_once")]

    def __str__(self) -> str:
        return self.reference


class NoteTranslation(ToldText):
    """A note in another language. ``machine``: a model wrote it and it awaits a person; ``checked``: an office answers for it.

    ``version`` is that of the words it translates: where the note has gone on, it is of an earlier version. ``made_by`` is an office, or
    the name of the model that wrote the first words, whoever checked them. A check is an act; what a machine makes is none.
    """

    class State(models.TextChoices):
        """How far it can be trusted."""

        MACHINE = "machine"
        CHECKED = "checked"

    note = models.ForeignKey(ExperienceNote, on_delete=models.CASCADE, related_name="translations")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices)
    made_by = models.CharField(max_length=80)
    by_machine = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["note", "language"]
        constraints = [
            models.UniqueConstraint(fields=["note", "language"], name="commons_one_translation_a_language"),
            models.CheckConstraint(
                condition=Q(state="machine", by_machine=True, checked_at__isnull=True, act__isnull=True)
                | Q(state="checked", checked_at__isnull=False, act__isnull=False),
                name="commons_a_checked_translation_is_an_act",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(problem="") & ~Q(done=""), name="commons_a_translation_tells_what_was_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note} {self.language}"
