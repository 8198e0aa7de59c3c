"""The tables of needs: what a member asks for, who may see that it does, what others asked about it, and files beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from comity.platform.capacity.models.resources import Resource, amount
from comity.platform.parties.models import Body, Member, PersonalData, Prepared
from comity.platform.record.models import Act


class Need(Prepared):
    """What a member asks for. Its reference is ``capacity/needs/<slug>``; the slug says nothing of the member.

    ``titles`` and ``purposes`` map a language to a text; ``languages`` are those in which it can be delivered, none for any.
    ``shown_to`` is how far it is seen beyond the member's delegation: a need can embarrass. Possible providers are members with an
    open offer of the same resource; they and the public see a need with that circle, providers without the member's name.
    ``version`` counts what was sent: a change after sending is another act.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared and who cleared what it asks for.",
        retention="One year after the need was closed or withdrawn.",
        export="With the account.",
        erasure="With the account: the need stays with its member, without the person.",
    )

    class Shown(models.TextChoices):
        """Who sees it beside its delegation and the secretariat."""

        SECRETARIAT = "secretariat"
        PROVIDERS = "providers"
        PUBLIC = "public"

    class State(models.TextChoices):
        """Its life: prepared by the delegation, open once sent, and ended by being met or withdrawn."""

        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="needs")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="needs")
    slug = models.SlugField(unique=True, max_length=60)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="needs")
    titles = models.JSONField()
    purposes = models.JSONField(default=dict)
    units = amount()
    languages = models.JSONField(default=list)
    wanted_by = models.DateField(null=True)
    shown_to = models.CharField(max_length=12, choices=Shown.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0), name="capacity_a_need_asks_for_something"),
            models.CheckConstraint(
                condition=Q(state="draft", act__isnull=True, sent_at__isnull=True, version=0)
                | ~Q(state="draft") & Q(act__isnull=False, sent_at__isnull=False, version__gte=1),
                name="capacity_a_need_is_sent_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], ended_at__isnull=True)
                | Q(state__in=["closed", "withdrawn"], ended_at__isnull=False),
                name="capacity_an_ended_need_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"capacity/needs/{self.slug}"


class Question(models.Model):
    """What the secretariat or a possible provider wants to know of a need, and the member's answer; seen by who sees the need.

    ``asker`` is the member that asks; none means the secretariat.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="questions")
    asker = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    text = models.TextField(max_length=2000)
    asked_at = models.DateTimeField()
    asking = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(max_length=4000, blank=True)
    answer_language = models.CharField(max_length=20, blank=True)
    answered_at = models.DateTimeField(null=True)
    answering = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["need", "asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answering__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, answering__isnull=False),
                name="capacity_an_answer_is_an_act",
            )
        ]

    def __str__(self) -> str:
        return f"{self.need}, {self.asked_at:%Y-%m-%d}"


class Attachment(models.Model):
    """A file beside a need: kept as it came, never opened by the server, given out as a download to who sees the need."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["need", "name"]
        constraints = [models.UniqueConstraint(fields=["need", "name"], name="capacity_one_file_a_name")]

    def __str__(self) -> str:
        return self.name
