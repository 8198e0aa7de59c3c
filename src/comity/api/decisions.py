"""Ballots and rules of procedure in the programming door: what is put to the vote, who said what as far as it may be seen, the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest  # noqa: TC002  (ninja reads annotations at run time)
from ninja import Path, Query, Router

from comity.api import schemas_of_decisions as schemas
from comity.api.problems import DESCRIBED
from comity.platform.decisions.rule_views import list_rules
from comity.platform.decisions.ruling import reference_of_rule
from comity.platform.decisions.selectors import ballot_view, list_ballots

if TYPE_CHECKING:
    from comity.platform.decisions.selectors import BallotCard

router = Router()
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Word = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]*$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
States = Literal["", "draft", "open", "closed", "stated", "withdrawn"]
OF_A_CARD = tuple(name for name in schemas.BallotOut.model_fields if name != "rule")
OF_A_RULE = ("reference", "name", "version", "title", "text_sha256")
OF_AN_ELECTOR = tuple(schemas.ElectorOut.model_fields)
OF_AN_EXPLANATION = tuple(schemas.ExplanationOut.model_fields)


@router.get("/decisions/ballots", response=schemas.BallotPage, operation_id="list_ballots", openapi_extra=DESCRIBED)
def show_ballots(
    request: HttpRequest, state: States = "", body: Word = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return ballots: open ones by their deadline, those that await their outcome, then the others, latest first."""
    cards = list_ballots(user=request.user, language="en", state=state, body=body)
    return {"count": len(cards), "items": [_card(card) for card in cards[offset : offset + limit]]}


@router.get(
    "/decisions/ballots/{slug}", response=schemas.BallotWholeOut, operation_id="read_ballot", openapi_extra=DESCRIBED
)
def read_ballot(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Return one ballot with its members, and its outcome with every step once it is stated."""
    found = ballot_view(slug=slug, user=request.user, language="en")
    return {
        **_card(found.card),
        "positions": [p.name for p in found.rule.positions],
        "offered": list(found.offered),
        "sealed_now": found.hidden_from_all,
        "broken": found.broken,
        "waiver": found.waiver,
        "totals": found.totals,
        "result": found.result,
        "pending_result": found.pending_result,
        "rolls_sha256": found.rolls_sha256,
        "opening": found.opening,
        "stating": found.stating,
        "draw": None if found.draw is None else {n: getattr(found.draw, n) for n in schemas.DrawOut.model_fields},
        "electors": [{name: getattr(e, name) for name in OF_AN_ELECTOR} for e in found.electors],
        "explanations": [{name: getattr(e, name) for name in OF_AN_EXPLANATION} for e in found.explanations],
        "motions": [motion.slug for motion in found.motions],
    }


@router.get("/decisions/rules", response=schemas.RulePage, operation_id="list_rules", openapi_extra=DESCRIBED)
def show_rules(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return the rules of procedure in force, by body and name."""
    del request
    cards = list_rules()
    items = [
        {
            "reference": reference_of_rule(body=card.body, name=card.name, version=card.version),
            **{name: getattr(card, name) for name in ("body", "name", "version", "title", "starts_at")},
        }
        for card in cards[offset : offset + limit]
    ]
    return {"count": len(cards), "items": items}


def _card(card: BallotCard) -> dict[str, Any]:
    rule = {name: getattr(card.rule, name) for name in OF_A_RULE}
    return {**{name: getattr(card, name) for name in OF_A_CARD}, "rule": rule}
