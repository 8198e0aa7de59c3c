"""Give the ballots of a vote out as a table, and its outcome as data: what anyone needs to count them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.errors import BallotNotOpen
from comity.platform.decisions.moments import read_clock
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.selectors import ballot_seen, is_hidden
from comity.platform.decisions.tallying import electors_of, table_of_rolls

if TYPE_CHECKING:
    from comity.platform.decisions.models import Ballot


def rolls_csv(*, slug: str, user: Any) -> str:
    """Return the votes of those that count, a row each: the table that ``comity decisions tally`` reads.

    Once the outcome is stated its SHA-256 is the one that the act states. Raises NotFound, or BallotNotOpen for a draft and while a
    ballot is sealed.
    """
    ballot = _telling(slug=slug, user=user)
    return table_of_rolls(rule=rule_of(ballot.rule), electors=electors_of(ballot=ballot))


def outcome_json(*, slug: str, user: Any) -> dict[str, Any]:
    """Return the stated outcome with all its steps, the rule's text and the digest of its rolls. Raises NotFound or BallotNotOpen."""
    ballot = _telling(slug=slug, user=user)
    if not hasattr(ballot, "outcome"):
        raise BallotNotOpen(reference=ballot.reference, state=str(ballot.state_at(read_clock())))
    stated = ballot.outcome
    return {
        "ballot": ballot.reference,
        "outcome": stated.outcome,
        "stated_at": stated.stated_at.isoformat(),
        "act": str(stated.act_id),
        "rule": {
            "reference": ballot.rule.reference,
            "title": ballot.rule.title,
            "sha256": ballot.rule.text_sha256,
            "text": ballot.rule.text,
        },
        "result": stated.result,
        "rolls_sha256": stated.rolls_sha256,
    }


def _telling(*, slug: str, user: Any) -> Ballot:
    ballot = ballot_seen(slug=slug, user=user)
    if ballot.opens_at is None:
        raise BallotNotOpen(reference=ballot.reference, state="draft")
    if is_hidden(ballot=ballot):
        raise BallotNotOpen(reference=ballot.reference, state="sealed")
    return ballot
