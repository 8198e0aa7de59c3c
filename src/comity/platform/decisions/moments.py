"""What time it is for a ballot: the database's clock where it has one, and never earlier than what the ballot has seen already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.decisions.models import Ballot


def read_clock() -> dt.datetime:
    """Return the present moment: on PostgreSQL that of its server, which all web servers share, else of this machine."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: dt.datetime = cursor.fetchone()[0]
    return found


def moment_of(*, ballot: Ballot) -> dt.datetime:
    """Return the moment at which something is done to a ballot whose row is locked; a clock that was set back changes nothing."""
    now = read_clock()
    return now if ballot.last_moment is None else max(now, ballot.last_moment)
