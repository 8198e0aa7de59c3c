"""Who may see a kept thing: four circles, the audience that a narrow one names, and an optional date of release."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict

if TYPE_CHECKING:
    import datetime as dt

EVERY_MEMBER = "members"
AUDIENCE = re.compile(r"(committee|delegation):[a-z0-9][a-z0-9-]{0,59}")


class Visibility(models.TextChoices):
    """The four circles, from the widest to the narrowest."""

    PUBLIC = "public"
    MEMBERS = "members"
    COMMITTEE = "committee"
    DELEGATION = "delegation"


NAMED = (Visibility.COMMITTEE, Visibility.DELEGATION)


class Kept(models.Model):
    """What every kept thing has: its circle, whose circle that is, and when it becomes public (never, where empty).

    ``audience`` is ``committee:<body>`` or ``delegation:<member>`` where the circle is one of those, else empty: a thing
    for a committee that names none cannot be kept.
    """

    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    audience = models.CharField(max_length=80, blank=True, default="")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=[Visibility.PUBLIC, Visibility.MEMBERS], audience="")
                | Q(visibility=Visibility.COMMITTEE, audience__startswith="committee:")
                | Q(visibility=Visibility.DELEGATION, audience__startswith="delegation:"),
                name="%(app_label)s_%(class)s_audience_fits_circle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visibility} {self.audience}".strip()


def demand_circle(*, visibility: str, audience: str) -> None:
    """Raise BadParameter where a circle is unknown, or names no audience that fits it."""
    if visibility not in Visibility.values:
        raise BadParameter(name="visibility", found=visibility[:40], allowed=", ".join(Visibility.values))
    if visibility not in NAMED:
        fits = not audience
        allowed = f"nothing, since {visibility} names nobody"
    else:
        fits = bool(AUDIENCE.fullmatch(audience)) and audience.startswith(f"{visibility}:")
        allowed = f"{visibility}:NAME"
    if not fits:
        raise BadParameter(name="audience", found=audience[:80], allowed=allowed)


def narrowest(*circles: tuple[str, str]) -> tuple[str, str]:
    """Return the smallest of some (visibility, audience): what rests on several things is seen by those who see them all.

    Raises Conflict where two of them name different audiences: nothing says who would belong to both.

    >>> narrowest(("public", ""), ("committee", "committee:review"), ("members", ""))
    ('committee', 'committee:review')
    """
    order = list(Visibility.values)
    smallest = max(circles, key=lambda circle: order.index(circle[0]))
    if any(audience and audience != smallest[1] for _, audience in circles):
        raise Conflict(problem="This rests on texts of two different circles; nobody is known to see both.")
    return smallest


def seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which a row of a ``Kept`` table is seen by this account.

    Anyone sees what is public or has been released. An account sees in addition what its ``audiences`` say (a frozenset of
    ``members``, ``committee:<body>`` and ``delegation:<member>``; the room *parties* works it out from offices and
    credentials that are valid now). Evaluated on every read, so that no release depends on a timer.
    """
    moment = now or timezone.now()
    condition = Q(visibility=Visibility.PUBLIC) | Q(released_at__lte=moment)
    audiences: frozenset[str] = (
        getattr(user, "audiences", frozenset()) if getattr(user, "is_authenticated", False) else frozenset()
    )
    if EVERY_MEMBER in audiences:
        condition |= Q(visibility=Visibility.MEMBERS)
    if named := audiences - {EVERY_MEMBER}:
        condition |= Q(visibility__in=NAMED, audience__in=named)
    return condition
