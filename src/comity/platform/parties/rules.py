"""Who may do what: one table of actions and roles. It drives the services, is rendered in the docs, and a test walks it."""

from __future__ import annotations

from typing import Any

from comity.errors import NotPermitted
from comity.platform.parties.models import Role

PUBLIC = "public"


class Installation:
    """Who acts when an instance is set up, before it has accounts: the worked example is loaded in its name."""

    office = "installation"


ROLES: tuple[str, ...] = (PUBLIC, *Role.values)

MAY: dict[str, frozenset[str]] = {
    "read what is public": frozenset(ROLES),
    "review a suggested link": frozenset({Role.REVIEWER}),
    "record that a member states it has none": frozenset({Role.SECRETARIAT}),
    "take an instrument into the collection": frozenset({Role.SECRETARIAT}),
    "start an alignment": frozenset({Role.SECRETARIAT, Role.OPERATOR}),
    "cancel an alignment": frozenset({Role.SECRETARIAT, Role.OPERATOR}),
}


def roles_of(*, user: Any) -> frozenset[str]:
    """Return the roles of an account; someone not signed in is the public and nothing else."""
    held: frozenset[str] = (
        getattr(user, "roles", frozenset()) if getattr(user, "is_authenticated", False) else frozenset()
    )
    return frozenset({PUBLIC}) | held


def may(*, user: Any, action: str) -> bool:
    """Tell whether an account may do something. Raises KeyError for an action that the table does not hold."""
    return bool(MAY[action] & roles_of(user=user))


def require(*, user: Any, action: str) -> None:
    """Raise NotPermitted, naming the role that is needed, where the account may not."""
    if not may(user=user, action=action):
        raise NotPermitted(action=action, needed=" or ".join(sorted(MAY[action])))
