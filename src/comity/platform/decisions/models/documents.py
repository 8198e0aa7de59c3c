"""The tables of documents: what is under consideration, its versions under their symbols, and each language of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from comity.platform.parties.models import Body, Member
from comity.platform.record.models import Act
from comity.platform.record.visibility import Kept


class Document(Kept):
    """A text under consideration. Its reference is ``decisions/documents/<slug>``.

    ``symbol`` is what its first version bears (``C/3/L.7``); later ones add to it. ``titles`` maps a language to its title.
    ``sponsors`` are the members that table it.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="documents")
    slug = models.SlugField(unique=True, max_length=60)
    symbol = models.CharField(max_length=40, unique=True)
    titles = models.JSONField()
    sponsors = models.ManyToManyField(Member, related_name="documents_sponsored")
    made_at = models.DateTimeField()

    class Meta(Kept.Meta):
        ordering = ["symbol"]
        constraints = [*Kept.Meta.constraints]

    def __str__(self) -> str:
        return self.symbol

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"decisions/documents/{self.slug}"


class DocumentVersion(models.Model):
    """One version of a document, issued by an act under a symbol of its own; never changed afterwards.

    ``required`` are the languages in which it must be issued before a vote on it may open.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    symbol = models.CharField(max_length=60, unique=True)
    note = models.JSONField(default=dict)
    required = models.JSONField()
    issued_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="decisions_version_numbers_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="decisions_versions_begin_at_one"),
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"{self.document.reference}/{self.number}"


class VersionText(models.Model):
    """A version in one language: an authentic text, or a translation for information that nobody may rely on."""

    class Standing(models.TextChoices):
        """What the text is worth."""

        AUTHENTIC = "authentic"
        FOR_INFORMATION = "for-information"

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=20)
    standing = models.CharField(max_length=15, choices=Standing.choices)
    title = models.CharField(max_length=300)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["version", "language"]
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="decisions_one_text_a_language")]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class ElectionResult(Kept):
    """The result of a secret ballot that was held elsewhere, as the tellers signed it. ``decisions/elections/<slug>``.

    ``counts`` are pairs of a candidate, as the body names it, and its votes. ``tellers`` are the members that counted;
    ``statement_sha256`` is the digest of what they signed, which is kept as ``statement`` or with them. Nothing here counts secret
    votes: software of its own does that (Belenios, or paper).
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="elections")
    slug = models.SlugField(unique=True, max_length=60)
    office = models.JSONField()
    held_at = models.DateTimeField()
    system = models.CharField(max_length=200)
    counts = models.JSONField()
    cast = models.PositiveIntegerField()
    invalid = models.PositiveIntegerField()
    elected = models.JSONField()
    tellers = models.ManyToManyField(Member, related_name="+")
    statement = models.TextField(blank=True)
    statement_sha256 = models.CharField(max_length=64)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta(Kept.Meta):
        ordering = ["-held_at", "slug"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(condition=Q(invalid__lte=F("cast")), name="decisions_invalid_were_cast"),
        ]

    def __str__(self) -> str:
        return self.slug
