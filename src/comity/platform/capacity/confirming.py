"""Confirm a round: as it was suggested, or amended with a reason for each row; what comes of it are commitments that both sides agree to.

An amended allocation has to be possible: no need receives more than it asks, no offer gives more than it holds or more to one member
than it allows, no cap is passed, an indivisible offer goes to one need as a whole, and nobody draws on what does not fit. What was
withdrawn since it was frozen falls away by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.adapters.round_results import read_tables
from comity.errors import BadParameter, Conflict
from comity.platform.capacity.allocating import grain_of
from comity.platform.capacity.challenges import unanswered
from comity.platform.capacity.freezing import digest_with_salt
from comity.platform.capacity.models import Allocation, Commitment, Need, Offer, Round
from comity.platform.capacity.resources import checked_amount, in_figures
from comity.platform.capacity.round_lookups import (
    CONFIRM,
    authorise_on,
    checked_authority,
    circle_of_tables,
    demand_state,
    locked_round,
)
from comity.platform.parties.preparing import draw_slug
from comity.platform.parties.texts import checked_text
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.capacity.terms import Terms

MOST_REASON = 500
MOST_AMENDED = 500
WITHDRAWN = "Withdrawn since the round was frozen"
Units = dict[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Amendment:
    """Another amount than was suggested for a need from an offer, both by code, and why. Units of 0 take the row out."""

    need: str
    offer: str
    units: str
    reason: str


def confirm_round(*, slug: str, by: Any, amendments: Sequence[Amendment] = (), authority: str = "") -> Round:
    """Confirm a round, as an act, once its time for challenges is over and each is answered. Returns it with its commitments made.

    Raises NotPermitted, NotFound, BadParameter for an amendment that is not possible, or Conflict where it is not the time.
    """
    rests_on = checked_authority(authority)
    with transaction.atomic():
        held = locked_round(slug=slug)
        office = authorise_on(round=held, by=by, action=CONFIRM)
        now = timezone.now()
        demand_state(round=held, moment=now, allowed=(Round.State.DECIDING,))
        if unanswered(round=held):
            raise Conflict(problem="Challenges await an answer. Answer each first; nothing was confirmed.")
        suggestion = Allocation.objects.get(round=held)
        suggested: Units = {(n, o): Decimal(u) for n, o, u in suggestion.units}
        needs = {r.code: r.need for r in held.needs.select_related("need")}
        offers = {r.code: r.offer for r in held.offers.select_related("offer")}
        # Held until the end: whoever withdraws one now waits, and finds the commitment.
        standing = _locked(Need, [n.pk for n in needs.values()]), _locked(Offer, [o.pk for o in offers.values()])
        gone = {
            pair for pair in suggested if needs[pair[0]].pk not in standing[0] or offers[pair[1]].pk not in standing[1]
        }
        confirmed, changed = amend_units(
            terms=read_tables(files=held.tables["files"]).terms,
            suggested=suggested,
            amendments=amendments,
            grain=grain_of(round=held),
            gone=gone,
        )
        suggestion.amendments = changed
        suggestion.save(update_fields=["amendments"])
        rows = [[n, o, in_figures(u)] for (n, o), u in sorted(confirmed.items())]
        digest = digest_with_salt(
            files={"confirmed.csv": "".join(f"{','.join(row)}\n" for row in rows)}, salt=held.tables["salt"]
        )
        payload: dict[str, Any] = {
            "round": held.reference,
            "closed": held.tables["closed"],
            "result_sha256": suggestion.result_sha256,
            "confirmed_sha256": digest,
            "confirmed_at": now.isoformat(),
        }
        if not held.tables["closed"]:
            payload |= {"units": rows, "amendments": changed}
        held.confirming = enter_act(
            type="confirm-round",
            office=office,
            authority=rests_on,
            subject=held.reference,
            payload=payload,
            **circle_of_tables(held),
        )
        held.confirmed_at = now
        held.save(update_fields=["confirmed_at", "confirming"])
        Commitment.objects.bulk_create(
            Commitment(slug=s, round=held, need=needs[n], offer=offers[o], units=u, made_at=now)
            for s, ((n, o), u) in zip(_slugs(len(confirmed)), sorted(confirmed.items()), strict=True)
        )
    return held


def amend_units(
    *,
    terms: Terms,
    suggested: Mapping[tuple[str, str], Decimal],
    amendments: Sequence[Amendment],
    grain: Decimal,
    gone: set[tuple[str, str]],
) -> tuple[Units, list[list[str]]]:
    """Return the amended units by (need, offer) and the rows that were changed: need, offer, suggested, confirmed, reason.

    ``gone`` are rows whose need or offer was withdrawn. Raises BadParameter for what is not possible, and changes nothing.
    """
    if len(amendments) > MOST_AMENDED:
        raise BadParameter(name="amendments", found=str(len(amendments)), allowed=f"at most {MOST_AMENDED}")
    units: Units = dict(suggested)
    changed: dict[tuple[str, str], list[str]] = {}
    pairs = set(terms.pairs or ())
    for one in amendments:
        pair = (one.need, one.offer)
        if pair not in pairs:
            raise _impossible(
                f"{one.need[:20]} from {one.offer[:20]}", "a need and an offer of this round that fit each other"
            )
        if pair in changed:
            raise _impossible(f"{one.need} from {one.offer} twice", "each row once")
        wanted, said = _checked(one, grain=grain)
        before = units.get(pair, Decimal(0))
        if wanted != before:
            changed[pair] = [one.need, one.offer, in_figures(before), in_figures(wanted), said]
            units[pair] = wanted
    for need, offer in sorted(gone):
        if units.get((need, offer)):
            was = suggested.get((need, offer), Decimal(0))
            changed[need, offer] = [need, offer, in_figures(was), "0", WITHDRAWN]
            units[need, offer] = Decimal(0)
    units = {pair: amount for pair, amount in units.items() if amount}
    if changed:
        _demand_possible(terms, units)
    return units, [row for _, row in sorted(changed.items())]


def _checked(one: Amendment, /, *, grain: Decimal) -> tuple[Decimal, str]:
    """Return the units and the reason of one amended row. Raises BadParameter."""
    wanted = Decimal(0) if one.units.strip() == "0" else checked_amount("units", one.units)
    if wanted % grain:
        raise BadParameter(name="units", found=one.units[:30], allowed=f"a multiple of {in_figures(grain)}")
    if not one.reason.strip():
        raise BadParameter(name="reason-amended", found="nothing", allowed="a reason for each row that is amended")
    return wanted, checked_text("reason-amended", one.reason, most=MOST_REASON, least=3)


def _demand_possible(terms: Terms, units: Units, /) -> None:
    needs, offers = {n.id: n for n in terms.needs}, {o.id: o for o in terms.offers}
    received: dict[str, Fraction] = defaultdict(Fraction)
    given: dict[str, Fraction] = defaultdict(Fraction)
    by_member: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    of_resource: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (need, offer), amount in units.items():
        member = needs[need].member
        received[need] += Fraction(amount)
        given[offer] += Fraction(amount)
        by_member[member, offer] += Fraction(amount)
        of_resource[member, needs[need].resource] += Fraction(amount)
        if offers[offer].indivisible and Fraction(amount) != offers[offer].units:
            raise _impossible(
                f"{need} from {offer}", f"all of {offer} or nothing, since it goes to one need as a whole"
            )
    for name, total in received.items():
        if total > needs[name].units:
            raise _impossible(
                f"{_plain(total)} for {name}", f"at most the {_plain(needs[name].units)} that it asks for"
            )
    for name, total in given.items():
        if total > offers[name].units:
            raise _impossible(f"{_plain(total)} from {name}", f"at most the {_plain(offers[name].units)} that it holds")
    _demand_within_limits(terms, by_member=by_member, of_resource=of_resource)


def _demand_within_limits(
    terms: Terms, /, *, by_member: Mapping[tuple[str, str], Fraction], of_resource: Mapping[tuple[str, str], Fraction]
) -> None:
    """Refuse more than an offer lets one member receive (by member and offer), or than a cap does (by member and resource)."""
    limits = {o.id: o.per_member for o in terms.offers}
    for (_, name), total in by_member.items():
        most = limits[name]
        if most is not None and total > most:
            raise _impossible(f"{_plain(total)} from {name} to a member", f"at most {_plain(most)} to one member")
    for key, total in of_resource.items():
        cap = terms.caps.get(key)
        if cap is not None and total > cap:
            raise _impossible(
                f"{_plain(total)} of {key[1]} to a member", f"at most {_plain(cap)}, by the rules of the round"
            )


def _impossible(found: str, allowed: str, /) -> BadParameter:
    return BadParameter(name="amendments", found=found, allowed=allowed)


def _plain(amount: Fraction, /) -> str:
    return in_figures(Decimal(amount.numerator) / Decimal(amount.denominator))


def _locked(model: type[Need | Offer], keys: Sequence[int], /) -> set[int]:
    """Return which of some needs or offers are open, their rows held until the transaction ends."""
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=keys)  # noqa: SLF001  (a manager of either table)
    return {row.pk for row in rows.order_by("pk") if row.state == "open"}


def _slugs(count: int, /) -> list[str]:
    """Return so many names for commitments that no other has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {draw_slug("c") for _ in range(count - len(found))}
        found |= drawn - set(Commitment.objects.filter(slug__in=drawn).values_list("slug", flat=True))
    return sorted(found)
