"""The table of rules of procedure: each version as it was put in force, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.platform.parties.models import Body
from comity.platform.record.models import Act


class RuleInForce(models.Model):
    """One version of a rule of a body. Its reference is ``decisions/rules/<body>/<name>/<version>``.

    ``text`` is the rule in TOML, exactly as it was put in force (``text_sha256`` is its digest), so that a ballot held under it
    can be counted again by anyone. A version stands until another is put in force, or the rule is set aside (``ends_at``).
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="rules_of_procedure")
    name = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["body", "name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["body", "name", "version"], name="decisions_rule_version_once"),
            models.UniqueConstraint(
                fields=["body", "name"], condition=Q(ends_at__isnull=True), name="decisions_one_version_in_force"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="decisions_rule_versions_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def reference(self) -> str:
        """The permanent name, which is also the path."""
        return f"decisions/rules/{self.body.slug}/{self.name}/{self.version}"
