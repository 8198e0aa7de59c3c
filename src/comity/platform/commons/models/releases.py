"""The tables of releases: what is shared, its versions, each of which never changes, and the files of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.commons.models.files import StoredFile
from comity.platform.parties.models import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Release(Kept):
    """A shared technology. Its reference is ``commons/releases/<slug>``; the hub names it ``<namespace>/<slug>``.

    ``member`` is the member that shares it, none where the body does; ``namespace`` is that member's slug, else the body's.
    A release that was taken down keeps its page with the rule and the reason; its files are given to nobody.
    """

    class Kind(models.TextChoices):
        """What is shared."""

        MODEL = "model"
        DATASET = "dataset"
        TOOL = "tool"
        COURSE = "course"
        PAPER = "paper"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="releases")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="releases")
    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    titles = models.JSONField()
    summaries = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True)
    taken_down_rule = models.CharField(max_length=200, blank=True)
    taken_down_reason = models.TextField(max_length=2000, blank=True)
    taking_down = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=True, taking_down__isnull=True, taken_down_rule="")
                | Q(taken_down_at__isnull=False, taking_down__isnull=False) & ~Q(taken_down_rule=""),
                name="commons_taking_down_is_an_act_with_its_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/releases/{self.slug}"

    @property
    def namespace(self) -> str:
        """The first part of its name in the hub."""
        return self.member.slug if self.member else self.body.slug


class Version(models.Model):
    """One version of a release, released by an act; it never changes. Its reference is ``commons/releases/<slug>/<label>``.

    ``manifest`` is what it is (release, label, kind, titles, authors as the publisher names them, provenance), its ``description`` in our
    form (``comity-release.json``: components, licences, languages, hardware, limits) and its ``files`` with sizes and digests;
    ``manifest_sha256`` the digest of its canonical JSON; ``revision`` the first 40 digits of that, by which the hub names it.
    ``openness`` is what the engine computed from what is present.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=40)
    revision = models.CharField(max_length=40)
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    card = models.TextField(blank=True)
    openness = models.JSONField(default=dict)
    size = models.PositiveBigIntegerField()
    released_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["release", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="commons_versions_number_once"),
            models.UniqueConstraint(fields=["release", "label"], name="commons_one_version_a_label"),
            models.UniqueConstraint(fields=["release", "revision"], name="commons_one_version_a_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.label}"

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"{self.release.reference}/{self.label}"


class VersionFile(models.Model):
    """A file of a version: its path, and the content by its digest."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=300)
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["version", "path"]
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="commons_a_path_once")]

    def __str__(self) -> str:
        return self.path


class ExportNotice(models.Model):
    """A notice on licences or export that the operator's law asks for; shown on every release that it fits, equally to all members."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField()
    kinds = models.JSONField(default=list)
    licence_classes = models.JSONField(default=list)
    rule = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return self.rule
