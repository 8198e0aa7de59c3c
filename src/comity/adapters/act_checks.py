"""Check what acts claim, beyond that they are in the log: payloads against their digests, openings against commitments.

A room whose acts can be worked out anew from public data adds a function to ``RECOMPUTE``; it gets the act and its payload
and returns what does not fit, in one sentence, or nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from comity.errors import NotFound, WrongPayload

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.adapters.log_source import LogSource

RESTRICTED = "restricted"


def _outcome(act: dict[str, Any], payload: Any) -> str:
    from comity.adapters.outcome_checks import find_wrong_outcome

    return find_wrong_outcome(act, payload)


def _opening(act: dict[str, Any], payload: Any) -> str:
    from comity.adapters.outcome_checks import find_wrong_lot

    return find_wrong_lot(act, payload)


def _allocation(act: dict[str, Any], payload: Any) -> str:
    from comity.adapters.round_results import find_wrong_shares

    return find_wrong_shares(act, payload)


RECOMPUTE: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "open-ballot": _opening,
    "state-outcome": _outcome,
    "publish-allocation": _allocation,
}
"""Act type: a pure function of the act and its payload that returns what does not fit."""
OF_BALLOTS = ("open-ballot", "cast-vote", "state-outcome")
"""Types of acts that are compared with one another: who decides, what each said, and what was counted."""
OF_ROUNDS = ("freeze-round", "publish-allocation")
"""Types of acts that are compared with one another: what was frozen, and what an allocation was computed from."""


@dataclass
class ActChecks:
    """Gathers acts as the log is read, then checks them, each by itself and a stated outcome against the acts before it.

    Counts are in acts.
    """

    source: LogSource
    public: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    restricted: dict[int, str] = field(default_factory=dict)
    checked: int = 0
    missing: int = 0
    opened: int = 0
    openings: dict[str, dict[str, Any]] = field(default_factory=dict)
    votes: dict[str, dict[str, tuple[str, frozenset[str]]]] = field(default_factory=dict)
    stated: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    rounds: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)

    def take(self, first: int, entries: list[bytes]) -> None:
        """Take the entries of one bundle. Raises WrongPayload for an entry that is no canonical act."""
        import rfc8785

        for index, entry in enumerate(entries, start=first):
            try:
                act = json.loads(entry)
                canonical = rfc8785.dumps(act) == entry and isinstance(act, dict) and isinstance(act.get("type"), str)
            except (ValueError, rfc8785.CanonicalizationError):
                canonical = False
            if not canonical:
                raise WrongPayload(index=index, problem="it is no act in canonical JSON")
            if act["type"] == RESTRICTED:
                self.restricted[index] = str(act.get("commitment", ""))
            else:
                self.public.append((index, act))

    def finish(self) -> dict[str, int]:
        """Fetch payloads and openings, compare them, and return the counts. Raises WrongPayload."""
        for index, act in self.public:
            self._check_payload(index, act)
        for index in self._opened():
            self._check_opening(index)
        self._check_ballots()
        self._check_rounds()
        return {"payloads": self.checked, "not_published": self.missing, "opened": self.opened}

    def in_words(self) -> str:
        """Return one sentence of what was compared."""
        return (
            f"{self.checked} payloads have the digests that their acts state, {self.missing} are not published; "
            f"{self.opened} of {len(self.restricted)} restricted acts are open and fit their commitments."
        )

    def _check_payload(self, index: int, act: dict[str, Any]) -> None:
        digest = str(act.get("payload_sha256", ""))
        try:
            payload = self.source.read(f"payloads/{digest}.json")
        except NotFound:
            self.missing += 1
            if act.get("type") == "cast-vote":
                self.unread.add(str(act.get("subject")))
            return
        if hashlib.sha256(payload).hexdigest() != digest:
            raise WrongPayload(index=index, problem="its payload has another digest")
        recompute = RECOMPUTE.get(act["type"])
        problem = recompute(act, json.loads(payload)) if recompute else ""
        if problem:
            raise WrongPayload(index=index, problem=problem)
        if act["type"] in OF_BALLOTS:
            self._keep(index, act, json.loads(payload))
        if act["type"] in OF_ROUNDS:
            told = json.loads(payload)
            said = told.get("input_sha256") if isinstance(told, dict) else None
            self.rounds[str(act.get("subject")), act["type"]] = (index, said)
        self.checked += 1

    def _keep(self, index: int, act: dict[str, Any], payload: Any) -> None:
        """Keep what opens a ballot, what states its outcome, and the last vote of each member."""
        ballot, held = str(act.get("subject")), payload if isinstance(payload, dict) else {}
        if act["type"] == "open-ballot":
            self.openings[ballot] = held
        elif act["type"] == "state-outcome":
            self.stated.append((index, ballot, held))
        else:
            # By the moment that the ballot knows, which only grows: the log may hold two acts of one moment in either order.
            votes, member = self.votes.setdefault(ballot, {}), str(held.get("member"))
            at, said = votes.get(member, ("", frozenset()))
            came, position = str(held.get("at")), frozenset({str(held.get("position"))})
            if came >= at:
                votes[member] = (came, position | said if came == at else position)

    def _check_ballots(self) -> None:
        """Compare each stated outcome with the acts of its ballot, once all are read. Raises WrongPayload."""
        from comity.adapters.outcome_checks import find_other_rolls

        for index, ballot, payload in self.stated:
            opening = self.openings.get(ballot)
            if opening is None:
                continue
            is_told = not opening.get("sealed") and ballot not in self.unread
            votes = {m: said for m, (_, said) in self.votes.get(ballot, {}).items()} if is_told else None
            problem = find_other_rolls(opening=opening, votes=votes, payload=payload)
            if problem:
                raise WrongPayload(index=index, problem=problem)

    def _check_rounds(self) -> None:
        """Compare what each allocation was computed from with what was frozen. Raises WrongPayload."""
        frozen, published = OF_ROUNDS
        for (subject, type_), (index, digest) in sorted(self.rounds.items()):
            before = self.rounds.get((subject, frozen))
            if type_ == published and before is not None and before[1] != digest:
                raise WrongPayload(index=index, problem="it was computed from other tables than those frozen")

    def _opened(self) -> list[int]:
        found: list[int] = []
        while self.restricted:
            after = found[-1] if found else -1
            try:
                page = json.loads(self.source.read(f"openings.json?after={after}" if found else "openings.json"))[
                    "opened"
                ]
            except NotFound:
                break
            page = [int(index) for index in page if int(index) > after]
            if not page:
                break
            found += page
        return found

    def _check_opening(self, index: int) -> None:
        import rfc8785

        if index not in self.restricted:
            raise WrongPayload(index=index, problem="it is opened and is no restricted act")
        opening = json.loads(self.source.read(f"openings/{index}.json"))
        salted = bytes.fromhex(opening["salt"]) + rfc8785.dumps(opening["content"])
        if hashlib.sha256(salted).hexdigest() != self.restricted[index]:
            raise WrongPayload(index=index, problem="its opening does not fit its commitment")
        self.opened += 1
        content = opening["content"]
        self._check_payload(index, content if isinstance(content, dict) else {})
