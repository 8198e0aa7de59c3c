"""Bodies and their committees, members, and what a member is in a body from which day to which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from comity.platform.record.models import Act

ENDS_AFTER_START = Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))


class Body(models.Model):
    """An assembly, a committee of one, or a group. Its reference is ``parties/bodies/<slug>``.

    ``names`` maps a language to its name; ``en`` is always there. ``proxy_rule`` is the rule, in the body's own words, that
    lets one member vote for another; where it is empty, proxies are refused. ``organisation_rule`` likewise lets a regional
    organisation vote in place of its members.
    """

    class Kind(models.TextChoices):
        """What a body is."""

        ASSEMBLY = "assembly"
        COMMITTEE = "committee"
        GROUP = "group"

    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    names = models.JSONField()
    proxy_rule = models.CharField(max_length=300, blank=True)
    organisation_rule = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="assembly", parent__isnull=True) | (~Q(kind="assembly") & Q(parent__isnull=False)),
                name="parties_only_an_assembly_stands_alone",
            ),
            models.CheckConstraint(condition=ENDS_AFTER_START, name="parties_body_ends_after_start"),
        ]

    def __str__(self) -> str:
        return str(self.names.get("en", self.slug))


class Member(models.Model):
    """A party that can belong to bodies: a state, or a regional organisation. Its reference is ``parties/members/<slug>``.

    ``country`` is the ISO 3166-1 alpha-3 code that ties it to the country data; empty for a fictional member and for an
    organisation. ``region`` is its regional group in the body's own words (a key of the body's choosing). ``groups`` are the
    codes of groupings (LDC, SIDS) of a member without a country: of a country, the country data say them.
    """

    class Kind(models.TextChoices):
        """What a member is."""

        STATE = "state"
        ORGANISATION = "organisation"

    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STATE)
    names = models.JSONField()
    country = models.CharField(max_length=3, blank=True)
    region = models.CharField(max_length=60, blank=True)
    groups = models.JSONField(default=list, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=~Q(country=""), name="parties_one_member_per_country"
            ),
            models.CheckConstraint(
                condition=Q(kind="state") | Q(country=""), name="parties_an_organisation_is_no_country"
            ),
        ]

    def __str__(self) -> str:
        return str(self.names.get("en", self.slug))


class Membership(models.Model):
    """What a member is in a body from ``starts_on`` until the day before ``ends_on``. Two never overlap (services see to it).

    A change of status ends one row and begins the next; a withdrawal ends the last.
    """

    class Status(models.TextChoices):
        """Provisional and full members are members; observers attend."""

        PROVISIONAL = "provisional"
        FULL = "full"
        OBSERVER = "observer"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    status = models.CharField(max_length=12, choices=Status.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    rule = models.CharField(max_length=300)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["body", "member", "starts_on"]
        indexes = [models.Index(fields=["body", "starts_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "member"], condition=Q(ends_on__isnull=True), name="parties_one_open_membership"
            ),
            models.UniqueConstraint(fields=["body", "member", "starts_on"], name="parties_one_membership_per_start"),
            models.CheckConstraint(condition=ENDS_AFTER_START, name="parties_membership_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.body}: {self.status}"


class Suspension(models.Model):
    """A member keeps its seat and loses a right for a time, under a rule: "not entitled to vote at this meeting"."""

    class Right(models.TextChoices):
        """What is suspended."""

        VOTE = "vote"
        SPEAK_AND_VOTE = "speak-and-vote"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="suspensions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="suspensions")
    right = models.CharField(max_length=16, choices=Right.choices)
    rule = models.CharField(max_length=300)
    meeting = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["body", "member", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="parties_suspension_ends_after_start"),
            models.CheckConstraint(condition=~Q(rule=""), name="parties_suspension_names_its_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.body}: {self.right} suspended"


class OrganisationSeat(models.Model):
    """A state belongs to a regional organisation from one day until the day before another."""

    organisation = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="states")
    state = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="organisations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["organisation", "state", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "state"], condition=Q(ends_on__isnull=True), name="parties_one_open_seat"
            ),
            models.CheckConstraint(condition=ENDS_AFTER_START, name="parties_seat_ends_after_start"),
            models.CheckConstraint(condition=~Q(organisation=F("state")), name="parties_no_seat_in_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.state} in {self.organisation}"


class VoteInPlace(models.Model):
    """A regional organisation votes on one matter in place of its members, with that number of votes.

    ``matter`` is the reference of what is voted on. While this stands none of its members votes there, and the other way
    round (the rule that conventions with such organisations share). ``starts_at`` and ``ends_at`` are moments.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="votes_in_place")
    matter = models.CharField(max_length=250)
    rule = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "matter"],
                condition=Q(ends_at__isnull=True),
                name="parties_one_vote_in_place_per_matter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.matter}"
