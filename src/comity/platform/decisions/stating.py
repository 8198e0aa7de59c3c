"""Close a ballot and state its outcome: an office does, once, in one transaction that counts, writes and enters the act.

Until then nothing computed is an outcome. After the deadline, pages say what follows under the rule and that it waits to be stated.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.engines.decisions.carrying import carry_result
from comity.errors import BallotStillOpen, MotionsUndecided
from comity.platform.decisions.lookups import (
    HOLD,
    STATE,
    authorise_on,
    checked_authority,
    demand_state,
    in_words,
    locked_ballot,
)
from comity.platform.decisions.models import Ballot, BallotOutcome
from comity.platform.decisions.moments import moment_of
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.tallying import (
    SILENT,
    count_votes,
    electors_of,
    have_all_voted,
    table_of_rolls,
    vote_of,
)
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.decisions.rules import Rule
    from comity.platform.decisions.models import Elector
    from comity.platform.record.models import Act


def close_ballot(*, slug: str, by: Any, authority: str = "") -> Act:
    """Close an open ballot from now on, as an act, without stating its outcome yet.

    Raises NotPermitted, NotFound, BallotNotOpen, AlreadyStated, or BallotStillOpen where its deadline or its notice is still to be
    waited for.
    """
    with transaction.atomic():
        held = locked_ballot(slug=slug)
        office = authorise_on(ballot=held, by=by, action=HOLD)
        moment = moment_of(ballot=held)
        demand_state(ballot=held, moment=moment, allowed=(Ballot.State.OPEN,))
        _demand_may_close(held, rule=rule_of(held.rule), electors=electors_of(ballot=held), moment=moment)
        act = enter_act(
            type="close-ballot",
            office=office,
            payload={"ballot": held.reference, "closed_at": moment.isoformat()},
            **_of_act(held, authority=authority),
        )
        held.closed_at = held.last_moment = moment
        held.save(update_fields=["closed_at", "last_moment"])
    return act


def state_outcome(*, slug: str, by: Any, authority: str = "") -> BallotOutcome:
    """Count the votes and state the outcome, once, as an act that holds all it was counted from; an open ballot closes with it.

    Whoever casts or states at the same moment waits for the row of the ballot: a vote that was acknowledged is counted, and a
    second office finds the outcome of the first. Raises NotPermitted, NotFound, BallotNotOpen, AlreadyStated, BallotStillOpen, or
    MotionsUndecided.
    """
    with transaction.atomic():
        held = locked_ballot(slug=slug)
        office = authorise_on(ballot=held, by=by, action=STATE)
        moment = moment_of(ballot=held)
        state = demand_state(ballot=held, moment=moment, allowed=(Ballot.State.OPEN, Ballot.State.CLOSED))
        waiting = open_motions(ballot=held)
        if waiting:
            raise MotionsUndecided(reference=held.reference, motions=", ".join(m.slug for m in waiting))
        rule, electors = rule_of(held.rule), electors_of(ballot=held)
        if state == Ballot.State.OPEN:
            _demand_may_close(held, rule=rule, electors=electors, moment=moment)
        if held.closed_at is None:
            held.closed_at = moment if held.closes_at is None else min(moment, held.closes_at)
        result = carry_result(rule=rule, result=count_votes(rule=rule, electors=electors))
        rolls = table_of_rolls(rule=rule, electors=electors)
        digest = hashlib.sha256(rolls.encode()).hexdigest()
        act = enter_act(
            type="state-outcome",
            office=office,
            payload=_statement(held, result=result, rolls=rolls, digest=digest),
            links=[(held.reference, "used", held.rule.reference)],
            **_of_act(held, authority=authority),
        )
        held.last_moment = moment
        held.save(update_fields=["closed_at", "last_moment"])
        return BallotOutcome.objects.create(
            ballot=held, outcome=result["outcome"], result=result, rolls_sha256=digest, stated_at=moment, act=act
        )


def open_motions(*, ballot: Ballot) -> list[Ballot]:
    """Return the motions on a ballot that were opened and are neither stated nor withdrawn, in their order."""
    found = Ballot.objects.filter(
        parent=ballot, opens_at__isnull=False, withdrawn_at__isnull=True, outcome__isnull=True
    )
    return list(found.order_by("order", "slug"))


def earliest_close(*, ballot: Ballot, rule: Rule) -> dt.datetime | None:
    """Return before when a ballot is not closed: its deadline where it has one, else the end of the rule's notice.

    A deadline that was announced is kept in a room too: whoever relies on it may vote until then.
    """
    if ballot.opens_at is None:
        return None
    if ballot.closes_at is not None:
        return ballot.closes_at
    return ballot.opens_at + dt.timedelta(hours=rule.conduct.notice_hours)


def may_close(*, ballot: Ballot, rule: Rule, electors: Sequence[Elector], moment: dt.datetime) -> bool:
    """Tell whether an open ballot may be closed at a moment.

    Before it is time it may where every member that counts has voted, and where a silence is broken: the procedure has then ended.
    A sealed silence is closed at its deadline alone, since closing it earlier would tell that it is broken.
    """
    earliest = earliest_close(ballot=ballot, rule=rule)
    if earliest is None or moment >= earliest:
        return True
    if ballot.way in SILENT:
        return not ballot.sealed and any(vote_of(e) is not None for e in electors)
    return have_all_voted(electors)


def _demand_may_close(held: Ballot, /, *, rule: Rule, electors: Sequence[Elector], moment: dt.datetime) -> None:
    if not may_close(ballot=held, rule=rule, electors=electors, moment=moment):
        until = earliest_close(ballot=held, rule=rule)
        raise BallotStillOpen(reference=held.reference, until=in_words(until) if until else "")


def _of_act(held: Ballot, /, *, authority: str) -> dict[str, Any]:
    return {
        "authority": checked_authority(authority, rule=held.rule),
        "subject": held.reference,
        "visibility": held.visibility,
        "audience": held.audience,
        "released_at": held.released_at,
    }


def _statement(held: Ballot, /, *, result: dict[str, Any], rolls: str, digest: str) -> dict[str, Any]:
    """Return what the act of an outcome states: everything from which it can be counted again without this instance."""
    return {
        "ballot": held.reference,
        "rule": {"reference": held.rule.reference, "sha256": held.rule.text_sha256, "text": held.rule.text},
        "closed_at": held.closed_at.isoformat() if held.closed_at else "",
        "outcome": result["outcome"],
        "result": result,
        "rolls_sha256": digest,
        "rolls": rolls,
    }
