"""Note who is there, apart from any vote: a member that is noted absent and votes all the same has voted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.errors import BadParameter, Conflict, NotAnElector
from comity.platform.decisions.lookups import HOLD, authorise_on, checked_authority, demand_state, locked_ballot
from comity.platform.decisions.models import Ballot, Elector
from comity.platform.decisions.moments import moment_of
from comity.platform.decisions.tallying import IN_WRITING
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Sequence


def note_presence(*, slug: str, present: Sequence[str], absent: Sequence[str], by: Any) -> Ballot:
    """Note members of a ballot, by slug, as present or absent, as an act; those that are not named stay as they are.

    Raises NotPermitted, NotFound, NotAnElector, BadParameter where nobody is named or one is both, BallotNotOpen, AlreadyStated, or
    Conflict where members vote in writing, so that nobody is in a room.
    """
    here, away = sorted(set(present)), sorted(set(absent))
    both = sorted(set(here) & set(away))
    if both or not here + away:
        raise BadParameter(
            name="presence", found=both[0][:60] if both else "nobody", allowed="members, each as present or as absent"
        )
    with transaction.atomic():
        held = locked_ballot(slug=slug)
        office = authorise_on(ballot=held, by=by, action=HOLD)
        moment = moment_of(ballot=held)
        demand_state(ballot=held, moment=moment, allowed=(Ballot.State.OPEN, Ballot.State.CLOSED))
        if held.way in IN_WRITING:
            raise Conflict(
                problem="Members vote in writing here, so that nobody is present or absent; nothing was noted."
            )
        asked = set(Elector.objects.filter(ballot=held).values_list("member__slug", flat=True))
        unknown = sorted({*here, *away} - asked)
        if unknown:
            raise NotAnElector(member=unknown[0][:60], reference=held.reference)
        for is_here, names in ((True, here), (False, away)):
            Elector.objects.filter(ballot=held, member__slug__in=names).update(present=is_here)
        enter_act(
            type="note-presence",
            office=office,
            authority=checked_authority("", rule=held.rule),
            subject=held.reference,
            payload={"ballot": held.reference, "present": here, "absent": away, "at": moment.isoformat()},
            visibility=held.visibility,
            audience=held.audience,
            released_at=held.released_at,
        )
        held.last_moment = moment
        held.save(update_fields=["last_moment"])
    return held
