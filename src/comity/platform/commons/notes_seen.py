"""Who sees an experience note, and how far one circle reaches into another: the one place that answers.

A draft is seen by its delegation alone. What was sent is seen by its circle, and by its delegation. Of a note that was withdrawn, who saw
it reads that it was, and its delegation the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, NotFound
from comity.platform.commons.models import ExperienceNote
from comity.platform.parties.models import Body
from comity.platform.parties.preparing import own_members
from comity.platform.parties.standing import in_force
from comity.platform.record.visibility import Visibility, seen_by

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from comity.platform.parties.models import Member

State = ExperienceNote.State
NO_CIRCLE = "public, members, delegation, or a committee in which the member sits"


def notes_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which an account sees a note at a moment (default: now)."""
    return Q(member__slug__in=own_members(user=user)) | ~Q(state=State.DRAFT) & seen_by(user=user, now=now)


def notes_seen(*, user: Any, now: dt.datetime | None = None) -> QuerySet[ExperienceNote]:
    """Return the notes that an account sees, with their body and member."""
    return ExperienceNote.objects.filter(notes_seen_by(user=user, now=now)).select_related("body", "member")


def note_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> ExperienceNote:
    """Return one note. Raises NotFound for who does not see it, whether there is one or not."""
    found = notes_seen(user=user, now=now).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"commons/notes/{slug[:60]}")
    return found


def notes_told(*, user: Any, now: dt.datetime | None = None) -> QuerySet[ExperienceNote]:
    """Return the notes whose words an account reads: those that stand and that it sees."""
    return notes_seen(user=user, now=now).filter(state=State.OPEN)


def locked_note(*, slug: str) -> ExperienceNote:
    """Return a note, locked until the transaction ends. Raises NotFound."""
    rows = ExperienceNote.objects.select_for_update(of=("self",)).select_related("body", "member")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"commons/notes/{slug[:60]}")
    return found


def circle_named(circle: str, /, *, member: Member) -> tuple[str, str]:
    """Return (visibility, audience) of a circle as forms name it: public, members, delegation, or ``committee:<body>``.

    Raises BadParameter for another, and for a committee in which the member has no seat today.
    """
    if circle in {Visibility.PUBLIC, Visibility.MEMBERS}:
        return circle, ""
    if circle == Visibility.DELEGATION:
        return circle, f"delegation:{member.slug}"
    kind, _, body = circle.partition(":")
    if kind == Visibility.COMMITTEE and body in {slug for slug, _names in committees_of(member=member.slug)}:
        return kind, circle
    raise BadParameter(name="circle", found=circle[:60] or "nothing", allowed=NO_CIRCLE)


def name_of_circle(*, visibility: str, audience: str) -> str:
    """Return how forms name a circle.

    >>> name_of_circle(visibility="committee", audience="committee:oversight")
    'committee:oversight'
    """
    return audience if visibility == Visibility.COMMITTEE else visibility


def committees_of(*, member: str) -> list[tuple[str, dict[str, str]]]:
    """Return the bodies beside the assembly in which a member sits today: (slug, names), by slug."""
    today = timezone.now().date()
    rows = Body.objects.filter(
        in_force(on=today, prefix="memberships__"), in_force(on=today), memberships__member__slug=member
    )
    return list(rows.exclude(kind="assembly").order_by("slug").distinct().values_list("slug", "names"))


def reaches_no_further(circle: tuple[str, str], /, *, than: tuple[str, str]) -> bool:
    """Tell whether all who see a thing of one circle (visibility, audience) are among those who see one of another.

    Two committees are not within each other, nor is a committee within the members: observers and experts sit in it. A member's own
    delegation is within all that it shares.

    >>> reaches_no_further(("delegation", "delegation:m1"), than=("committee", "committee:oversight"))
    True
    >>> reaches_no_further(("committee", "committee:oversight"), than=("members", ""))
    False
    """
    return circle == than or than[0] == Visibility.PUBLIC or circle[0] == Visibility.DELEGATION
