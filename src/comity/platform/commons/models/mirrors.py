"""The tables of mirrors: sites that give public releases to those near them, and what each comparison with the record found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.parties.models import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Mirror(Kept):
    """A site that a member, or the body itself where there is none, offers. Its reference is ``commons/mirrors/<slug>``.

    Members alone see it until the secretariat has named it; from then on it is public. ``place`` is an ISO 3166-1 alpha-3 code or an
    M49 region; ``serves`` names releases by their slugs, empty for all that are public. ``last_at`` and ``last_result`` tell of the
    latest comparison, ``lacks`` names releases of which a version was not there yet. ``doubts`` are what was found to be different and
    is looked at again until it is as released: ``differs_since`` is empty once it is. ``next_at`` is when it is compared again.
    """

    class State(models.TextChoices):
        """Its life."""

        OFFERED = "offered"
        NAMED = "named"
        ENDED = "ended"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="mirrors")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="mirrors")
    slug = models.SlugField(unique=True, max_length=60)
    names = models.JSONField()
    address = models.CharField(max_length=200)
    place = models.CharField(max_length=3)
    serves = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    named_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    last_result = models.CharField(max_length=11, blank=True)
    lacks = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    differs_since = models.DateTimeField(null=True)

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.UniqueConstraint(
                fields=["address"], condition=~Q(state="ended"), name="commons_one_mirror_an_address"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", named_at__isnull=True, ended_at__isnull=True)
                | Q(state="named", named_at__isnull=False, ended_at__isnull=True, visibility="public")
                | Q(state="ended", ended_at__isnull=False),
                name="commons_a_mirror_is_public_once_named",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/mirrors/{self.slug}"


class MirrorComparison(models.Model):
    """What one comparison of a mirror found; kept for ninety days.

    ``versions`` were compared by their manifests, ``looked_at`` is how many bytes of manifests and files were compared besides.
    ``differences`` are at most twenty of ``total``, each with kind, reference, path, sha256, start and length; ``problem`` is the word
    of what was in the way.
    """

    class Result(models.TextChoices):
        """What was found."""

        SAME = "same"
        BEHIND = "behind"
        DIFFERENT = "different"
        UNREACHABLE = "unreachable"

    mirror = models.ForeignKey(Mirror, on_delete=models.CASCADE, related_name="comparisons")
    at = models.DateTimeField()
    result = models.CharField(max_length=11, choices=Result.choices)
    versions = models.PositiveIntegerField()
    looked_at = models.PositiveBigIntegerField()
    differences = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["mirror", "-at", "-pk"]
        indexes = [models.Index(fields=["mirror", "-at"])]

    def __str__(self) -> str:
        return f"{self.mirror} {self.at:%Y-%m-%d}: {self.result}"
