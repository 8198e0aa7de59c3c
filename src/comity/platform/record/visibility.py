"""Who may see a kept thing: four words, and an optional date on which it becomes public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    import datetime as dt


class Visibility(models.TextChoices):
    """The four circles. Each is a subset of the one before."""

    PUBLIC = "public"
    MEMBERS = "members"
    COMMITTEE = "committee"
    DELEGATION = "delegation"


def narrowest(*circles: str) -> str:
    """Return the smallest of some circles: what rests on several things is seen by those who see them all.

    >>> narrowest("public", "committee", "members")
    'committee'
    """
    return max(circles, key=list(Visibility.values).index)


def seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which a row with ``visibility`` and ``released_at`` is seen by this account.

    Anyone sees what is public or has been released; an account that is signed in also sees what members see. Committees
    and delegations are kept closed to everyone until the rooms that define them exist. Evaluated on every read, so that
    no release depends on a timer.
    """
    moment = now or timezone.now()
    condition = Q(visibility=Visibility.PUBLIC) | Q(released_at__lte=moment)
    if getattr(user, "is_authenticated", False):
        condition |= Q(visibility=Visibility.MEMBERS)
    return condition
