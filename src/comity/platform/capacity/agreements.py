"""Agreements and plans of action: entered as their parties signed them, broken into promises, each reported on by its owner."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.capacity.measuring import ADDRESS, checked_evidence
from comity.platform.capacity.models import Agreement, Need, Offer, ProgressReport, Promise
from comity.platform.capacity.needs_seen import needs_seen_by
from comity.platform.capacity.offers_seen import offers_seen_by
from comity.platform.parties.bodies import LANGUAGES, body_of, demand_slug, member_of, reference_of_body
from comity.platform.parties.rules import Installation, authorise, standing_now
from comity.platform.parties.texts import MOST_TITLE, checked_text, checked_texts
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle, narrowest, seen_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from comity.platform.parties.models import Member

ENTER = "enter an agreement"
REPORT = "report progress"
RULE = "The secretariat enters agreements as their parties signed them"
OWN_RULE = "The owner of a promise says what became of it"
MOST_PROMISES = 200
MOST_TEXT = 1000
MOST_INDICATOR = 300
MOST_TARGET = 100
MOST_SOURCE = 300
MOST_EXPLANATION = 4000
MOST_LINKS = 20
LEAST_PARTIES = 2
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
RESERVED = frozenset({"new"})
OF_THE_HOUSE = re.compile(r"(alignment|dialogue|decisions|standards|capacity|commons)/[A-Za-z0-9._~/-]{1,200}")


@dataclass(frozen=True, slots=True)
class PromiseGiven:
    """A promise as it stands in an agreement: its text by language, who owns it, by when, and how it is measured.

    ``needs`` and ``offers`` are slugs of those that serve it.
    """

    texts: Mapping[str, str]
    owner: str
    due_on: dt.date | None = None
    indicator: str = ""
    target: str = ""
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


def enter_agreement(
    *,
    slug: str,
    body: str,
    kind: str,
    titles: Mapping[str, str],
    parties: Sequence[str],
    promises: Sequence[PromiseGiven],
    by: Any,
    signed_on: dt.date | None = None,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    source: str = "",
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
) -> Agreement:
    """Enter an agreement with its promises, as one act. ``parties`` are slugs; every owner is one of them.

    ``source`` is a reference of this house, such as a document of decisions, or an address of the web. Raises NotPermitted, NotFound,
    BadParameter naming what will not do, or Conflict where the name is taken.
    """
    office = authorise(by=by, action=ENTER, body=body)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    here = body_of(slug=body)
    if visibility == Visibility.COMMITTEE and not audience:
        audience = f"committee:{body}"
    demand_circle(visibility=visibility, audience=audience)
    if visibility == Visibility.DELEGATION:
        raise BadParameter(name="visibility", found=visibility, allowed="public, members, committee")
    held = _checked_parties(parties, kind=kind)
    days = _checked_days(signed_on=signed_on, begins_on=begins_on, ends_on=ends_on)
    agreement = Agreement(
        body=here,
        slug=slug,
        kind=kind,
        titles=checked_texts("titles", titles, most=MOST_TITLE),
        source=checked_source(source),
        visibility=visibility,
        audience=audience,
        **days,
    )
    if not 1 <= len(promises) <= MOST_PROMISES:
        raise BadParameter(name="promises", found=str(len(promises)), allowed=f"from 1 to {MOST_PROMISES}")
    rows = [_checked_promise(p, number=n, parties=held) for n, p in enumerate(promises, 1)]
    served = [_served(p, agreement=agreement, by=by) for p in promises]
    try:
        with transaction.atomic():
            agreement.act = enter_act(
                type="enter-agreement",
                office=office,
                authority=RULE,
                subject=agreement.reference,
                payload=_as_data(agreement, parties=held, promises=rows),
                links=_links(agreement, served=served),
                **_circle(agreement),
            )
            agreement.save()
            agreement.parties.set(held.values())
            for row, (needs, offers) in zip(rows, served, strict=True):
                row.agreement = agreement
                row.save()
                row.needs.set(needs)
                row.offers.set(offers)
    except IntegrityError:
        raise Conflict(problem=f"There is an agreement called {slug} already; nothing was changed.") from None
    return agreement


def report_progress(
    *,
    slug: str,
    number: int,
    state: str,
    by: Any,
    value: str = "",
    evidence: str = "",
    language: str = "en",
    explanation: str = "",
    needs: Collection[str] = (),
    offers: Collection[str] = (),
) -> ProgressReport:
    """Say for the owner of a promise what became of it, in its own words; ``needs`` and ``offers`` are named that now serve it too.

    Raises NotFound, NotPermitted, BadParameter, or Conflict where the agreement has ended.
    """
    with transaction.atomic():
        agreement = _locked(slug=slug, by=by)
        promise = agreement.promises.select_related("owner").filter(number=number).first()
        if promise is None:
            raise NotFound(reference=f"{agreement.reference}/{number}")
        office = authorise(by=by, action=REPORT, member=promise.owner.slug, body=agreement.body.slug)
        _demand_running(agreement)
        if state not in Promise.State.values:
            raise BadParameter(name="state", found=state[:20] or "nothing", allowed=", ".join(Promise.State.values))
        if language not in LANGUAGES:
            raise BadParameter(name="language", found=language[:20] or "nothing", allowed=", ".join(LANGUAGES))
        said = checked_text("explanation", explanation, most=MOST_EXPLANATION, lines=True)
        reached = checked_text("value", value, most=MOST_TARGET)
        proof = checked_evidence(evidence)
        promise.agreement = agreement
        found = _served(PromiseGiven({}, "", needs=tuple(needs), offers=tuple(offers)), agreement=agreement, by=by)
        act = enter_act(
            type="report-progress",
            office=office,
            member=promise.owner.slug,
            authority=OWN_RULE,
            subject=promise.reference,
            payload={
                "promise": promise.reference,
                "state": state,
                "value": reached,
                "evidence": proof,
                "language": language,
                "explanation": said,
            },
            links=_links_of(promise.reference, *found),
            **_circle(agreement),
        )
        promise.state = state
        promise.save(update_fields=["state"])
        promise.needs.add(*found[0])
        promise.offers.add(*found[1])
        return ProgressReport.objects.create(
            promise=promise,
            state=state,
            value=reached,
            evidence=proof,
            language=language,
            explanation=said,
            reported_at=timezone.now(),
            act=act,
        )


def end_agreement(*, slug: str, by: Any) -> Agreement:
    """End an agreement: nobody reports on it any more, and what was said stays. Raises NotFound, NotPermitted or Conflict."""
    with transaction.atomic():
        held = _locked(slug=slug, by=by)
        office = authorise(by=by, action=ENTER, body=held.body.slug)
        _demand_running(held)
        held.ended_at = timezone.now()
        enter_act(
            type="end-agreement",
            office=office,
            authority=RULE,
            subject=held.reference,
            payload={"agreement": held.reference, "at": held.ended_at.isoformat()},
            **_circle(held),
        )
        held.save(update_fields=["ended_at"])
    return held


def agreements_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which an agreement is seen: by its circle, by its parties, and by the secretariat."""
    condition = seen_by(user=user, now=now)
    standing = standing_now(user=user)
    own = [a.removeprefix("delegation:") for a in standing.audiences if a.startswith("delegation:")]
    if own:
        # By a subquery: a join over the parties would give an agreement once for each of them.
        condition |= _pk_in(Agreement.objects.filter(parties__slug__in=own))
    if "secretariat" in standing.roles:
        condition |= _pk_in(Agreement.objects.all())
    return condition


def agreement_seen(*, slug: str, user: Any, now: dt.datetime | None = None) -> Agreement:
    """Return one agreement with its body. Raises NotFound for who does not see it."""
    rows = Agreement.objects.select_related("body")
    if not isinstance(user, Installation):
        rows = rows.filter(agreements_seen_by(user=user, now=now))
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"capacity/agreements/{slug[:60]}")
    return found


def checked_source(found: str, /) -> str:
    """Return the text that an agreement is taken from: a reference of this house, or an address of the web. Raises BadParameter."""
    said = checked_text("source", found, most=MOST_SOURCE).removeprefix("/")
    if said and not OF_THE_HOUSE.fullmatch(said) and not ADDRESS.fullmatch(said):
        raise BadParameter(
            name="source",
            found=said[:60],
            allowed="a reference such as decisions/documents/SLUG, or an address that begins with https://",
        )
    return said


def _pk_in(rows: Any, /) -> Q:
    return Q(pk__in=rows.values("pk"))


def _locked(*, slug: str, by: Any) -> Agreement:
    Agreement.objects.select_for_update().filter(slug=slug).values_list("pk", flat=True).first()
    return agreement_seen(slug=slug, user=by)


def _demand_running(held: Agreement, /) -> None:
    if held.ended_at is not None:
        raise Conflict(problem="This agreement has ended. Nobody reports on it any more.")


def _circle(held: Agreement, /) -> dict[str, Any]:
    return {"visibility": held.visibility, "audience": held.audience, "released_at": held.released_at}


def _checked_parties(parties: Sequence[str], /, *, kind: str) -> dict[str, Member]:
    if kind not in Agreement.Kind.values:
        raise BadParameter(name="kind", found=kind[:20] or "nothing", allowed=", ".join(Agreement.Kind.values))
    named = list(dict.fromkeys(parties))
    exact = kind == Agreement.Kind.BILATERAL
    least = 1 if kind == Agreement.Kind.PLAN else LEAST_PARTIES
    if len(named) < least or (exact and len(named) != LEAST_PARTIES):
        allowed = "two members" if exact else f"at least {least}"
        raise BadParameter(name="parties", found=str(len(named)), allowed=allowed)
    return {slug: member_of(slug=slug) for slug in named}


def _checked_days(**days: dt.date | None) -> dict[str, dt.date | None]:
    for name, day in days.items():
        if day is not None and not EARLIEST <= day <= LATEST:
            raise BadParameter(name=name, found=day.isoformat(), allowed=f"a day from {EARLIEST} to {LATEST}")
    begins, ends = days["begins_on"], days["ends_on"]
    if begins is not None and ends is not None and ends < begins:
        raise BadParameter(name="ends_on", found=ends.isoformat(), allowed=f"a day from {begins.isoformat()} on")
    return days


def _checked_promise(given: PromiseGiven, /, *, number: int, parties: Mapping[str, Member]) -> Promise:
    if given.owner not in parties:
        raise BadParameter(
            name="owner",
            found=f"{given.owner[:60] or 'nothing'} (promise {number})",
            allowed=", ".join(sorted(parties)),
        )
    if given.due_on is not None:
        _checked_days(due_on=given.due_on, begins_on=None, ends_on=None)
    return Promise(
        number=number,
        texts=checked_texts("promise", given.texts, most=MOST_TEXT),
        owner=parties[given.owner],
        due_on=given.due_on,
        indicator=checked_text("indicator", given.indicator, most=MOST_INDICATOR),
        target=checked_text("target", given.target, most=MOST_TARGET),
    )


def _served(given: PromiseGiven, /, *, agreement: Agreement, by: Any) -> tuple[list[Need], list[Offer]]:
    """Return the needs and offers that serve a promise: seen by who names them, and by everyone who sees the agreement."""
    if len(given.needs) > MOST_LINKS or len(given.offers) > MOST_LINKS:
        raise BadParameter(name="offers", found="more", allowed=f"at most {MOST_LINKS} needs and {MOST_LINKS} offers")
    everyone = isinstance(by, Installation)
    needs = Need.objects.filter(shown_to=Need.Shown.PUBLIC).exclude(state=Need.State.DRAFT)
    offers = Offer.objects.exclude(state=Offer.State.DRAFT)
    if not everyone:
        needs, offers = needs.filter(needs_seen_by(user=by)), offers.filter(offers_seen_by(user=by))
    wanted = sorted(set(given.needs))
    found = {n.slug: n for n in needs.filter(slug__in=wanted)}
    for slug in wanted:
        if slug not in found:
            # A need that is not public is not told apart from one that is not there.
            raise BadParameter(name="needs", found=slug[:60], allowed="needs that are public")
    held = {o.slug: o for o in offers.filter(slug__in=given.offers)}
    circle = (agreement.visibility, agreement.audience)
    for slug in sorted(set(given.offers)):
        if slug not in held or narrowest((held[slug].visibility, held[slug].audience), circle) != circle:
            raise BadParameter(
                name="offers", found=slug[:60], allowed="offers that everyone sees who sees the agreement"
            )
    return [found[s] for s in wanted], [held[s] for s in sorted(held)]


def _links_of(reference: str, needs: Sequence[Need], offers: Sequence[Offer], /) -> list[tuple[str, str, str]]:
    return [(reference, "used", name) for name in (*(n.reference for n in needs), *(o.reference for o in offers))]


def _links(
    held: Agreement, /, *, served: Sequence[tuple[Sequence[Need], Sequence[Offer]]]
) -> list[tuple[str, str, str]]:
    found = [(held.reference, "wasAttributedTo", reference_of_body(held.body.slug))]
    if OF_THE_HOUSE.fullmatch(held.source):
        found.append((held.reference, "wasDerivedFrom", held.source))
    for number, (needs, offers) in enumerate(served, 1):
        found += _links_of(f"{held.reference}/{number}", needs, offers)
    return found


def _as_data(held: Agreement, /, *, parties: Mapping[str, Member], promises: Sequence[Promise]) -> dict[str, Any]:
    return {
        "agreement": held.reference,
        "body": held.body.slug,
        "kind": held.kind,
        "titles": held.titles,
        "parties": sorted(parties),
        **{
            name: day.isoformat() if day else None
            for name, day in (("signed_on", held.signed_on), ("begins_on", held.begins_on), ("ends_on", held.ends_on))
        },
        "source": held.source,
        "promises": [
            {
                "number": p.number,
                "texts": p.texts,
                "owner": p.owner.slug,
                "due_on": p.due_on.isoformat() if p.due_on else None,
                "indicator": p.indicator,
                "target": p.target,
            }
            for p in promises
        ],
    }
