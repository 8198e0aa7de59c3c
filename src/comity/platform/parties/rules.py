"""Who may do what, and who sees what: one table. It drives services and doors, is rendered in the docs, and a test walks it.

A role of a *delegation* (head, delegate, alternate, adviser, capital, observer) comes from credentials, and holds for the
member that issued them. The other roles are offices that the body gives.
"""

from __future__ import annotations

from typing import Any

from comity.errors import NotPermitted
from comity.platform.parties.models import Role
from comity.platform.parties.standing import CAPITAL, NOBODY, OBSERVER, Place, Standing

PUBLIC = "public"
HEAD, DELEGATE, ALTERNATE, ADVISER = "head", "delegate", "alternate", "adviser"


class Installation:
    """Who acts when an instance is set up, before it has accounts: the worked example is loaded in its name."""

    office = "installation"


OF_A_DELEGATION: tuple[str, ...] = (HEAD, DELEGATE, ALTERNATE, ADVISER, CAPITAL, OBSERVER)
ROLES: tuple[str, ...] = (PUBLIC, *Role.values, *OF_A_DELEGATION)

MAY: dict[str, frozenset[str]] = {
    "read what is public": frozenset(ROLES),
    "review a suggested link": frozenset({Role.REVIEWER}),
    "set the rule of review": frozenset({Role.SECRETARIAT}),
    "record that nothing was found": frozenset({Role.REVIEWER}),
    "record that a member states it has none": frozenset({Role.SECRETARIAT}),
    "take an instrument into the collection": frozenset({Role.SECRETARIAT}),
    "change who sees an instrument": frozenset({Role.SECRETARIAT}),
    "give a member's reading": frozenset({HEAD, DELEGATE}),
    "start an alignment": frozenset({Role.SECRETARIAT, Role.OPERATOR}),
    "cancel an alignment": frozenset({Role.SECRETARIAT, Role.OPERATOR}),
    "form a body": frozenset({Role.SECRETARIAT}),
    "enter or change a membership": frozenset({Role.SECRETARIAT}),
    "seat a member in a committee": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "suspend a right of a member": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "register credentials": frozenset({Role.SECRETARIAT}),
    "issue credentials": frozenset({HEAD, Role.FOCAL_POINT}),
    "end credentials": frozenset({Role.SECRETARIAT, HEAD, Role.FOCAL_POINT}),
    "take the voice": frozenset({HEAD, DELEGATE, ALTERNATE, OBSERVER}),
    "give a proxy": frozenset({HEAD}),
    "vote in place of its members": frozenset({HEAD}),
    "draft a text": frozenset({HEAD, DELEGATE, ALTERNATE, ADVISER, CAPITAL, OBSERVER, Role.FOCAL_POINT}),
    "clear a text": frozenset({CAPITAL}),
    "send a text": frozenset({HEAD, DELEGATE, ALTERNATE, OBSERVER}),
    "invite a person": frozenset({Role.SECRETARIAT, HEAD, Role.FOCAL_POINT}),
    "give an office": frozenset({Role.SECRETARIAT}),
    "allow a recovery": frozenset({Role.SECRETARIAT, Role.OPERATOR}),
    "convene a dialogue": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "moderate a statement": frozenset({Role.SECRETARIAT}),
    "decide an appeal": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "translate a statement": frozenset({Role.SECRETARIAT, Role.TRANSLATOR}),
    "enter paper sheets": frozenset({Role.SECRETARIAT}),
    "prepare an answer": frozenset({HEAD, DELEGATE, ALTERNATE, ADVISER, CAPITAL}),
    "clear an answer": frozenset({CAPITAL}),
    "answer for a member": frozenset({HEAD, DELEGATE, ALTERNATE}),
    "put a rule in force": frozenset({Role.SECRETARIAT}),
    "issue a document": frozenset({Role.SECRETARIAT}),
    "issue a translation": frozenset({Role.SECRETARIAT, Role.TRANSLATOR}),
    "record an election": frozenset({Role.SECRETARIAT}),
    "hold a ballot": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "state an outcome": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "prepare a vote": frozenset({HEAD, DELEGATE, ALTERNATE, ADVISER, CAPITAL}),
    "clear a vote": frozenset({CAPITAL}),
    "cast a vote": frozenset({HEAD, DELEGATE, ALTERNATE}),
    "define a resource": frozenset({Role.SECRETARIAT}),
    "prepare a contribution": frozenset({HEAD, DELEGATE, ALTERNATE, ADVISER, CAPITAL, Role.FOCAL_POINT}),
    "clear a contribution": frozenset({CAPITAL}),
    "send a contribution": frozenset({HEAD, Role.FOCAL_POINT}),
    "ask about a need": frozenset({Role.SECRETARIAT, HEAD, DELEGATE, Role.FOCAL_POINT}),
    "hold a round": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "confirm a round": frozenset({Role.SECRETARIAT, Role.CHAIR}),
    "challenge a round": frozenset({HEAD, Role.FOCAL_POINT}),
    "agree to a commitment": frozenset({HEAD, Role.FOCAL_POINT}),
    "report a delivery": frozenset({HEAD, DELEGATE, Role.FOCAL_POINT}),
    "confirm a delivery": frozenset({HEAD, Role.FOCAL_POINT}),
    "propose an applicant": frozenset({HEAD, DELEGATE, Role.FOCAL_POINT}),
    "choose applicants": frozenset({HEAD, DELEGATE, Role.FOCAL_POINT}),
    "enter an agreement": frozenset({Role.SECRETARIAT}),
    "report progress": frozenset({HEAD, Role.FOCAL_POINT}),
    "take figures in": frozenset({Role.SECRETARIAT}),
    "release a version": frozenset({HEAD, Role.FOCAL_POINT, Role.SECRETARIAT}),
    "attach an evaluation": frozenset({HEAD, Role.FOCAL_POINT, Role.SECRETARIAT}),
    "answer an evaluation": frozenset({HEAD, Role.FOCAL_POINT, Role.SECRETARIAT}),
    "take a release down": frozenset({Role.SECRETARIAT}),
    "set a notice": frozenset({Role.OPERATOR, Role.SECRETARIAT}),
    "ask members for the body": frozenset({Role.SECRETARIAT}),
    "translate a note": frozenset({Role.SECRETARIAT, Role.TRANSLATOR, HEAD, DELEGATE, Role.FOCAL_POINT}),
    "offer a mirror": frozenset({HEAD, Role.FOCAL_POINT}),
    "name a mirror": frozenset({Role.SECRETARIAT}),
    "end a mirror": frozenset({HEAD, Role.FOCAL_POINT, Role.SECRETARIAT}),
    "compare a mirror": frozenset({Role.OPERATOR, Role.SECRETARIAT}),
    "issue a template": frozenset({Role.SECRETARIAT}),
    "sign a sharing agreement": frozenset({HEAD}),
    "agree for the body": frozenset({Role.SECRETARIAT}),
}
"""Every action and the roles that may."""

FOR_OWN_MEMBER: frozenset[str] = frozenset(
    {
        "give a member's reading",
        "issue credentials",
        "end credentials",
        "take the voice",
        "give a proxy",
        "vote in place of its members",
        "draft a text",
        "clear a text",
        "send a text",
        "invite a person",
        "prepare an answer",
        "clear an answer",
        "answer for a member",
        "prepare a vote",
        "clear a vote",
        "cast a vote",
        "prepare a contribution",
        "clear a contribution",
        "send a contribution",
        "challenge a round",
        "agree to a commitment",
        "report a delivery",
        "confirm a delivery",
        "propose an applicant",
        "choose applicants",
        "report progress",
        "release a version",
        "translate a note",
        "attach an evaluation",
        "answer an evaluation",
        "offer a mirror",
        "end a mirror",
        "sign a sharing agreement",
    }
)
"""Actions of a delegation and its focal point for their own member; the secretariat's part in them knows no such bound."""

IN_OWN_BODY: frozenset[str] = frozenset(
    {
        "seat a member in a committee",
        "suspend a right of a member",
        "convene a dialogue",
        "decide an appeal",
        "hold a ballot",
        "state an outcome",
        "hold a round",
        "confirm a round",
    }
)
"""Actions of a chair in the body it presides over."""

SEES: dict[str, frozenset[str]] = {
    "public": frozenset(ROLES),
    "members": frozenset(
        {
            Role.CHAIR,
            Role.SECRETARIAT,
            Role.REVIEWER,
            Role.TRANSLATOR,
            Role.FOCAL_POINT,
            HEAD,
            DELEGATE,
            ALTERNATE,
            ADVISER,
            CAPITAL,
        }
    ),
    "committee": frozenset(
        {
            Role.CHAIR,
            Role.SECRETARIAT,
            Role.EXPERT,
            HEAD,
            DELEGATE,
            ALTERNATE,
            ADVISER,
            CAPITAL,
            OBSERVER,
        }
    ),
    "delegation": frozenset({Role.FOCAL_POINT, HEAD, DELEGATE, ALTERNATE, ADVISER, CAPITAL, OBSERVER}),
}
"""Every circle and the roles that see it: a committee's in their own committee (the secretariat: in every one), a
delegation's for their own member. ``record.visibility.seen_by`` asks the audiences that ``standing`` works out; the test
that walks this table holds the two together."""

SECOND_STEP: frozenset[str] = frozenset({*Role.values, *OF_A_DELEGATION} - {Role.EXPERT})
"""Roles that act only after a second step of signing in (a passkey, or a code)."""


def standing_now(*, user: Any) -> Standing:
    """Return the standing of an account; someone not signed in is nobody but the public."""
    if not getattr(user, "is_authenticated", False):
        return NOBODY
    standing: Standing = user.standing
    return standing


def roles_of(*, user: Any) -> frozenset[str]:
    """Return the roles of an account; someone not signed in is the public and nothing else."""
    return frozenset({PUBLIC}) | standing_now(user=user).roles


def may(*, user: Any, action: str, member: str = "", body: str = "") -> bool:
    """Tell whether an account may do something, for a member or in a body where the action has such a bound.

    ``member`` and ``body`` are slugs; left empty, the question is whether the account may for any. Raises KeyError for an
    action that the table does not hold.
    """
    allowed = MAY[action]
    if PUBLIC in allowed:
        return True
    return any(
        place.role in allowed and _is_within(place, action=action, member=member, body=body)
        for place in standing_now(user=user).places
    )


def _is_within(place: Place, *, action: str, member: str, body: str) -> bool:
    if action in FOR_OWN_MEMBER and member and place.member and place.member != member:
        return False
    bound = action in IN_OWN_BODY or action in FOR_OWN_MEMBER
    return not (bound and body and place.body and place.body != body)


def authorise(*, by: Any, action: str, member: str = "", body: str = "") -> str:
    """Return the office in whose name an act is entered: the first role, in the order of the table, that may.

    Raises NotPermitted. The installation may do everything while it sets an instance up.
    """
    if isinstance(by, Installation):
        return Installation.office
    require(user=by, action=action, member=member, body=body)
    held = {
        place.role
        for place in standing_now(user=by).places
        if place.role in MAY[action] and _is_within(place, action=action, member=member, body=body)
    }
    return next(role for role in ROLES if role in held)


def require(*, user: Any, action: str, member: str = "", body: str = "") -> None:
    """Raise NotPermitted, naming the role that is needed, where the account may not."""
    if not may(user=user, action=action, member=member, body=body):
        raise NotPermitted(action=action, needed=" or ".join(sorted(MAY[action])))
