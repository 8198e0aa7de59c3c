"""The tables of a consultation: the one question it asks, its life, who may take part, and who does."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comity.platform.parties.models import Body, Member, PersonalData
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept

if TYPE_CHECKING:
    import datetime as dt


class Track(models.TextChoices):
    """States and people answer the same statements and are never added together."""

    STATES = "states"
    PEOPLE = "people"


class Dialogue(Kept):
    """A consultation that asks one question. Its reference is ``dialogue/<slug>``.

    Its state follows from four moments and the time that is asked for (``state_at``), so that no deadline depends on a timer.
    ``question`` and ``introduction`` map a language to a text. ``people`` says who may take part beside the members;
    ``least_votes`` is the number of answers in a track before which no result of it is shown; ``holds_until_close`` says that none
    is shown while answers are still taken.
    """

    class State(models.TextChoices):
        """The life of a consultation."""

        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"
        ARCHIVED = "archived"

    class People(models.TextChoices):
        """Who may take part as a person.

        Nobody; anyone, who without an account gets a code to come back with; anyone with an account; those invited, by account or
        by a code given out once; experts of the body in their personal capacity.
        """

        NOBODY = "nobody"
        PUBLIC = "public"
        ACCOUNTS = "accounts"
        INVITED = "invited"
        EXPERTS = "experts"

    class Attribution(models.TextChoices):
        """What is said of who answered how in the states' track."""

        ATTRIBUTED = "attributed"
        BY_GROUP = "by-group"
        CHATHAM_HOUSE = "chatham-house"

    slug = models.SlugField(unique=True, max_length=60)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="dialogues")
    question = models.JSONField()
    introduction = models.JSONField(default=dict)
    people = models.CharField(max_length=8, choices=People.choices, default=People.PUBLIC)
    has_states = models.BooleanField(default=True)
    attribution = models.CharField(max_length=13, choices=Attribution.choices, default=Attribution.CHATHAM_HOUSE)
    maps_states = models.BooleanField(default=False)
    takes_statements = models.BooleanField(default=True)
    least_votes = models.PositiveIntegerField(default=0)
    holds_until_close = models.BooleanField(default=False)
    rule = models.CharField(max_length=300)
    drafted_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    opening = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    closing = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")
    next_number = models.PositiveIntegerField(default=1)

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opening__isnull=True, closed_at__isnull=True)
                | Q(opened_at__isnull=False, opening__isnull=False, closes_at__gt=F("opened_at")),
                name="dialogue_opened_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closing__isnull=True, archived_at__isnull=True)
                | Q(closed_at__gte=F("opened_at"), closing__isnull=False),
                name="dialogue_closed_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True) | Q(archived_at__gte=F("closed_at")),
                name="dialogue_archived_after_closing",
            ),
            models.CheckConstraint(condition=Q(has_states=True) | ~Q(people="nobody"), name="dialogue_asks_somebody"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"dialogue/{self.slug}"

    def state_at(self, moment: dt.datetime) -> str:
        """Return the state at a moment: a deadline that has passed closes it, whether or not anybody has said so."""
        if self.archived_at is not None and self.archived_at <= moment:
            return self.State.ARCHIVED
        if self.opened_at is None or moment < self.opened_at:
            return self.State.DRAFT
        ends = min(m for m in (self.closes_at, self.closed_at) if m is not None)
        return self.State.CLOSED if moment >= ends else self.State.OPEN


class Invitee(models.Model):
    """A person who may take part in a consultation by invitation."""

    personal_data: ClassVar = PersonalData(
        purpose="To let those take part who were invited.",
        retention="While the account is open.",
        export="`comity account export ADDRESS` lists the invitations to dialogues.",
        erasure="With the account.",
    )

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="invitees")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "user"], name="dialogue_invited_once")]

    def __str__(self) -> str:
        return f"{self.dialogue_id}: {self.pk}"


class GivenCode(models.Model):
    """A code that a convenor gave out to one who has no account, kept as its digest; it is used once a participant bears it."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="codes")
    sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "sha256"], name="dialogue_codes_differ")]

    def __str__(self) -> str:
        return f"{self.dialogue_id}: {self.pk}"


class Participant(models.Model):
    """One voice in a consultation: a member in the states' track; in that of people an account, a code, or a paper sheet.

    ``pseudonym`` is drawn by chance and is what open data call the participant. ``region`` is the member's regional group, or what
    the person said on coming in (empty: not said). A code is kept as its digest.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To give each person one voice, which can be changed until the close.",
        retention="The tie to the account until the consultation is archived, then without it.",
        export="`comity account export ADDRESS` lists the consultations, answers and statements.",
        erasure="With the account: the tie is cut; answers and statements stay under the pseudonym.",
    )

    class Way(models.TextChoices):
        """How a voice came in. ``imported`` came with a file from elsewhere; ``erased`` has lost its tie to an account."""

        MEMBER = "member"
        ACCOUNT = "account"
        CODE = "code"
        SHEET = "sheet"
        IMPORTED = "imported"
        ERASED = "erased"

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="participants")
    track = models.CharField(max_length=6, choices=Track.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    pseudonym = models.CharField(max_length=20)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    code_sha256 = models.CharField(max_length=64, blank=True)
    region = models.CharField(max_length=60, blank=True)
    came_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "pseudonym"], name="dialogue_pseudonyms_differ"),
            models.UniqueConstraint(fields=["dialogue", "member"], name="dialogue_one_voice_per_member"),
            models.UniqueConstraint(fields=["dialogue", "user"], name="dialogue_one_voice_per_account"),
            models.UniqueConstraint(
                fields=["dialogue", "code_sha256"], condition=~Q(code_sha256=""), name="dialogue_one_voice_per_code"
            ),
            models.CheckConstraint(
                condition=Q(track="states", way="member", member__isnull=False, user__isnull=True)
                | Q(track="people", member__isnull=True, way__in=["account", "code", "sheet", "imported", "erased"]),
                name="dialogue_members_speak_for_states",
            ),
            models.CheckConstraint(
                condition=~Q(way="code") | ~Q(code_sha256=""), name="dialogue_a_code_has_its_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue_id}: {self.pseudonym}"
