"""The tables of agreements that a release or project needs: templates in versions, and agreements made from them."""

from __future__ import annotations

from django.db import models

from comity.platform.commons.models.releases import Release
from comity.platform.parties.models import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Template(models.Model):
    """A version of a template of the body. Its reference is ``commons/templates/<slug>/<number>``; it never changes."""

    class Kind(models.TextChoices):
        """What it is for."""

        DATA = "data"
        PROPERTY = "property"
        COSTS = "costs"
        OTHER = "other"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    issued_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug", "-number"]
        constraints = [models.UniqueConstraint(fields=["slug", "number"], name="commons_template_versions_once")]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/templates/{self.slug}/{self.number}"


class TemplateText(models.Model):
    """A template in one language; blanks stand as ``{{name}}``."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=60_000)

    class Meta:
        ordering = ["template", "language"]
        constraints = [models.UniqueConstraint(fields=["template", "language"], name="commons_one_template_text")]

    def __str__(self) -> str:
        return f"{self.template} ({self.language})"


class SharingAgreement(Kept):
    """An agreement made from a version of a template: its parties, what fills the blanks, its dates. ``commons/agreements/<slug>``."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(unique=True, max_length=60)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="agreements")
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="agreements")
    parties = models.ManyToManyField(Member, related_name="sharing_agreements")
    language = models.CharField(max_length=20)
    blanks = models.JSONField(default=dict)
    text_sha256 = models.CharField(max_length=64)
    signed_on = models.DateField()
    ends_on = models.DateField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["slug"]
        constraints = [*Kept.Meta.constraints]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/agreements/{self.slug}"
