"""What a role does for its own member and in its own body with rounds: rows of the table of roles and actions."""

from __future__ import annotations

from comity.platform.capacity.challenges import challenge_allocation
from comity.platform.capacity.commitments import agree_to_commitment
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.models import Commitment
from comity.platform.capacity.rounds import cancel_round
from support.parties import SET_UP
from support.rounds import deciding, make_need, make_offer, make_round, published

BODY = "oversight"


def prepare_rounds() -> None:
    """Make a round of the committee in each state that a cell needs, with a need of m1 in it, and a commitment of m1."""
    for name, make in (("r-open", make_round), ("r-told", published), ("r-due", deciding), ("r-done", deciding)):
        given = {"body": BODY, "resource": f"of-{name}"}
        make_need("m1", **given)
        make_offer("m2", **given)
        make(slug=name, body=BODY, resources=(given["resource"],))
    confirm_round(slug="r-done", by=SET_UP)
    Commitment.objects.filter(round__slug="r-done").update(slug="c-done")


SERVICES = {
    "hold a round": lambda by, own: cancel_round(slug="r-open", reason="It is not needed.", by=by),
    "confirm a round": lambda by, own: confirm_round(slug="r-due", by=by),
    "challenge a round": lambda by, own: challenge_allocation(
        slug="r-told", member=own, text="Look again.", language="en", by=by
    ),
    "agree to a commitment": lambda by, own: agree_to_commitment(slug="c-done", side="recipient", by=by),
}
SEEN_BY_A_DELEGATION = {"challenge a round": "", "agree to a commitment": "m1"}
