"""The tables of agreements on sharing: templates with their versions, agreements, their texts, and what each party did with a text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.platform.commons.models.releases import Release
from comity.platform.parties.models import Body, Member
from comity.platform.parties.models.accounts import PersonalData
from comity.platform.record.models import Act


class AgreementTemplate(models.Model):
    """A document from which agreements are made. Its reference is ``commons/agreements/templates/<slug>``; anyone sees it."""

    class Kind(models.TextChoices):
        """What agreements from it are on."""

        DATA_TRANSFER = "data-transfer"
        INTELLECTUAL_PROPERTY = "intellectual-property"
        COST_SHARING = "cost-sharing"
        JOINT_PROJECT = "joint-project"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="agreement_templates")
    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(max_length=24, choices=Kind.choices)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/agreements/templates/{self.slug}"


class TemplateVersion(models.Model):
    """A version of a template, issued by an act; it never changes. ``content`` is its file, of which ``sha256`` is the digest.

    ``blanks`` are rows of name, kind, labels, required and options; ``translations`` tells how sure each text is that is not authentic.
    """

    template = models.ForeignKey(AgreementTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    titles = models.JSONField()
    summaries = models.JSONField(default=dict)
    texts = models.JSONField()
    authentic = models.JSONField()
    translations = models.JSONField(default=dict)
    blanks = models.JSONField(default=list)
    notice_days = models.PositiveIntegerField(null=True)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="commons_template_versions_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"{self.template.reference}/{self.number}"


class SharingAgreement(models.Model):
    """An agreement between members, or of one with the body itself. Its reference is ``commons/agreements/<slug>``.

    ``made_for`` is the member whose delegation began it, none where the secretariat did. Until a text is proposed only who began it
    sees it; until one is signed by all, only its parties; then also whom ``shown_to`` says. ``ends_early_on`` is the last day where a
    party gave notice; ``ended_at`` the moment at which all of them ended it, or set it aside before it was in force.
    """

    class Shown(models.TextChoices):
        """Who sees it, beside its parties, once all have signed."""

        PARTIES = "parties"
        MEMBERS = "members"
        PUBLIC = "public"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sharing_agreements")
    slug = models.SlugField(unique=True, max_length=60)
    made_for = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    shown_to = models.CharField(max_length=7, choices=Shown.choices)
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    ends_early_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concluded_at__isnull=True) | Q(proposed_at__isnull=False),
                name="commons_agreement_is_proposed_before_it_is_concluded",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"commons/agreements/{self.slug}"


class AgreementParty(models.Model):
    """A party: a member, or the body itself where there is none. ``end_agreed_at``: since when it would end the agreement."""

    agreement = models.ForeignKey(SharingAgreement, on_delete=models.CASCADE, related_name="parties")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="sharing_agreements")
    notice_at = models.DateTimeField(null=True)
    end_agreed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "member"], name="commons_a_party_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(member__isnull=True), name="commons_the_body_is_a_party_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.member or 'the body'}"


class AgreementText(models.Model):
    """A text of an agreement, made from a version of a template by one of the parties, or by the secretariat where ``author`` is none.

    ``document`` is the canonical JSON that is signed and ``sha256`` its digest: title, parties, values, days, what it covers, and the
    authentic texts as filled. ``texts`` are those and the translations. A draft has no number, so that nothing tells how many there
    were. It is ``concluded`` once all have signed, and ``replaced`` when another was proposed in its place, or concluded after it.
    """

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who prepared the text of an agreement.",
        retention="One year after the text was prepared.",
        export="With the account.",
        erasure="With the account: the text stays with its member, without the person.",
    )

    class State(models.TextChoices):
        """Its life."""

        DRAFT = "draft"
        PROPOSED = "proposed"
        CONCLUDED = "concluded"
        REPLACED = "replaced"
        ASIDE = "aside"

    agreement = models.ForeignKey(SharingAgreement, on_delete=models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField(null=True)
    template = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    values = models.JSONField()
    annex = models.TextField(blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    project = models.CharField(max_length=250, blank=True)
    releases = models.ManyToManyField(Release, related_name="agreement_texts")
    texts = models.JSONField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    prepared_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["agreement", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="commons_agreement_texts_number_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state="proposed"), name="commons_one_proposed_text_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state="concluded"), name="commons_one_text_in_force_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["agreement", "author"], condition=Q(state="draft"), name="commons_one_draft_of_an_author"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state="draft", author__isnull=True),
                name="commons_one_draft_of_the_secretariat",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True) | (~Q(state="draft") & Q(number__isnull=False)),
                name="commons_a_draft_has_no_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.number or 'draft'}"

    @property
    def reference(self) -> str:
        """The permanent name of a text that was proposed."""
        return f"{self.agreement.reference}/{self.number}"


class AgreementStep(models.Model):
    """What a party did with a text: its capital cleared it, its head signed it. Another text begins without any."""

    personal_data: ClassVar = PersonalData(
        purpose="To show a delegation who cleared the text of an agreement.",
        retention="One year after the text was prepared.",
        export="With the account.",
        erasure="With the account: that it was cleared stays, without the person.",
    )

    text = models.ForeignKey(AgreementText, on_delete=models.CASCADE, related_name="steps")
    party = models.ForeignKey(AgreementParty, on_delete=models.CASCADE, related_name="steps")
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cleared_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    signed_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["text", "party"]
        constraints = [
            models.UniqueConstraint(fields=["text", "party"], name="commons_one_step_of_a_party"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, act__isnull=True) | Q(signed_at__isnull=False, act__isnull=False),
                name="commons_a_signature_is_an_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.party}"


class ReleaseTerms(models.Model):
    """Who fetches a release is asked for an agreement from this template. It holds nobody back: the circle of the release does."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="terms")
    template = models.ForeignKey(AgreementTemplate, on_delete=models.PROTECT, related_name="+")
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "release terms"

    def __str__(self) -> str:
        return f"{self.release}: {self.template}"
