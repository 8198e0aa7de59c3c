"""The tables of what members ask one another: questions, whom and what they are about, and replies, which their members can show to the asker alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from comity.platform.parties.models import Body, Member, PersonalData, Prepared
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class MemberQuestion(Kept, Prepared):
    """What a member asks the others of a body. Its reference is ``commons/questions/<slug>``; the slug says nothing of the member.

    Without a member the secretariat asks in the body's name. ``titles`` and ``texts`` map a language to a text; ``language`` is the
    one in which it was written. ``is_to_all``: every member with a seat on the day of reading is asked, else those of ``asked``. A
    draft is seen by its delegation alone, whatever its circle. ``version`` counts what was sent: a change is another act.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared and who cleared what it asks.",
        retention="One year after the question was closed or withdrawn.",
        export="With the account.",
        erasure="With the account: the question stays with its member, without the person.",
    )

    class State(models.TextChoices):
        """Its life: prepared by the delegation, open once sent, and ended."""

        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="questions")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="questions")
    slug = models.SlugField(unique=True, max_length=60)
    language = models.CharField(max_length=2)
    titles = models.JSONField()
    texts = models.JSONField(default=dict)
    is_to_all = models.BooleanField(default=True)
    asked = models.ManyToManyField(Member, related_name="+")
    wanted_by = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(condition=~Q(visibility="delegation"), name="commons_a_question_is_for_others"),
            models.CheckConstraint(
                condition=Q(state="draft", act__isnull=True, sent_at__isnull=True, version=0)
                | ~Q(state="draft") & Q(act__isnull=False, sent_at__isnull=False, version__gte=1),
                name="commons_a_question_is_sent_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], ended_at__isnull=True)
                | Q(state__in=["closed", "withdrawn"], ended_at__isnull=False),
                name="commons_an_ended_question_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/questions/{self.slug}"


class QuestionSubject(models.Model):
    """What a question is about: the reference of a note, topic, resource, release or need. Who does not see that is told nothing of it."""

    question = models.ForeignKey(MemberQuestion, on_delete=models.CASCADE, related_name="subjects")
    reference = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering = ["question", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["question", "reference"], name="commons_a_question_names_it_once")
        ]

    def __str__(self) -> str:
        return self.reference


class MemberReply(Prepared):
    """What a member that was asked replies. Its reference is ``commons/questions/<slug>/<slug of the reply>``; neither tells whose it is.

    ``shown_to``: the circle of the question, or who asked alone; then nobody else learns that there is a reply. ``to_version`` is the
    version of the question that it answers. *Declined* is a note of the delegation to itself, seen by nobody else and no act.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared and who cleared what it replies.",
        retention="One year after the question was closed or withdrawn.",
        export="With the account.",
        erasure="With the account: the reply stays with its member, without the person.",
    )

    class Shown(models.TextChoices):
        """Who sees it beside its own delegation."""

        ASKER = "asker"
        CIRCLE = "circle"

    class State(models.TextChoices):
        """Its life: prepared, open once sent, withdrawn; or declined, of which nobody outside the delegation learns."""

        DRAFT = "draft"
        OPEN = "open"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    question = models.ForeignKey(MemberQuestion, on_delete=models.PROTECT, related_name="replies")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(unique=True, max_length=60)
    language = models.CharField(max_length=2, blank=True)
    texts = models.JSONField(default=dict)
    to_version = models.PositiveIntegerField(default=0)
    shown_to = models.CharField(max_length=6, choices=Shown.choices, default=Shown.ASKER)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["question", "member"], name="commons_a_member_replies_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "declined"], act__isnull=True, sent_at__isnull=True, version=0)
                | Q(state__in=["open", "withdrawn"], act__isnull=False, sent_at__isnull=False, version__gte=1),
                name="commons_a_reply_is_sent_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def body(self) -> Body:
        """The body in which it was asked."""
        return self.question.body

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"{self.question.reference}/{self.slug}"
