"""Write alignment: take in instruments, decide on suggested links, record that a member states it has none."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import transaction
from django.utils import timezone

from comity.engines.alignment.tokens import tokens_of
from comity.errors import AlreadyDecided, BadParameter, Conflict, NotFound, StaleText
from comity.platform.alignment import index
from comity.platform.alignment.models import (
    CrosswalkLink,
    Instrument,
    LinkReview,
    Provision,
    ProvisionTopic,
    StatedNone,
    Topic,
)
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.stale import is_on_gone_text, settle, steps_since, unsettle, versions_seen
from comity.platform.parties.rules import Installation, require
from comity.platform.record.models import Link
from comity.platform.record.services import enter_act, withhold_payloads
from comity.platform.record.visibility import Visibility, demand_circle, narrowest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment import texts

REVIEW_RULE = "One reviewer decides a suggested link"
COLLECTION_RULE = "The secretariat keeps the collection"


def save_scheme(
    *, scheme: texts.Scheme, labels: Mapping[str, Mapping[str, str]], definitions: Mapping[str, Mapping[str, str]]
) -> None:
    """Write the concept scheme. ``labels`` and ``definitions`` map a topic's id to language and text, beside English."""
    facets = {facet: position for position, (facet, _) in enumerate(scheme.facets)}
    rows = [
        Topic(
            id=topic.id,
            facet=topic.facet,
            facet_position=facets[topic.facet],
            position=position,
            labels={"en": topic.label, **labels.get(topic.id, {})},
            definitions={"en": topic.definition, **definitions.get(topic.id, {})},
        )
        for position, topic in enumerate(scheme.topics)
    ]
    Topic.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["facet", "facet_position", "position", "labels", "definitions"],
    )


def add_instrument(*, instrument: texts.Instrument, provisions: Sequence[texts.Provision], by: Any) -> bool:
    """Take an instrument with its provisions into the collection, as an act; return False where it is there unchanged.

    ``by`` is an account of the secretariat, or Installation for the worked example. Raises NotPermitted, or BadParameter where
    the collection holds another text under that name: ``versions.take_in_version`` takes that in as a new version, and nothing
    is overwritten silently.
    """
    if not isinstance(by, Installation):
        require(user=by, action="take an instrument into the collection")
    payload = payload_of(instrument, provisions)
    digest = hashlib.sha256(rfc8785.dumps(payload)).hexdigest()
    with transaction.atomic():
        existing = Instrument.objects.filter(slug=instrument.id).first()
        if existing is not None:
            if existing.source_sha256 == digest:
                return False
            raise BadParameter(
                name="instrument",
                found=instrument.id,
                allowed="a name that the collection does not hold with another text; a new version of that text is taken in as such",
            )
        kept = Instrument.objects.create(slug=instrument.id, source_sha256=digest, **facts_of(instrument))
        rows = Provision.objects.bulk_create(
            Provision(
                instrument=kept,
                ref=p.ref,
                position=position,
                label=p.label,
                heading=p.heading,
                text=p.text,
                language=p.language,
                modality=p.modality or "",
                addressees=list(p.addressees),
                topics_by=p.topics_by,
                search_words=" ".join(tokens_of(text=f"{p.label} {p.heading} {p.text}", language=p.language)),
            )
            for position, p in enumerate(provisions)
        )
        ProvisionTopic.objects.bulk_create(
            ProvisionTopic(provision=row, topic_id=topic, position=position)
            for row, p in zip(rows, provisions, strict=True)
            for position, topic in enumerate(p.topics)
        )
        index.add_provisions(rows)
        enter_act(
            type="enter-instrument",
            office=Installation.office if isinstance(by, Installation) else "secretariat",
            authority=COLLECTION_RULE,
            subject=reference_of_instrument(instrument.id),
            payload=payload,
        )
    return True


def decide_link(*, name: str, decision: str, relation: str, by: Any, on: str = "") -> CrosswalkLink:
    """Confirm a suggested link under a relation, or reject it, as an act of the office of reviewer; return the link.

    ``decision`` is "confirm" or "reject"; ``relation`` is same, broader, narrower or related, read from a to b, and is
    left out when rejecting. A stale link may be decided anew, or with "uphold" stands again as it stood. ``on`` are the
    versions of both texts that the reviewer saw, "2.1": where their text has changed since, the decision is entered, and the link is
    stale at once. Raises NotPermitted, BadParameter, NotFound, AlreadyDecided where another was faster, or StaleText where
    the text of a link that had been decided before changed once more.
    """
    require(user=by, action="review a suggested link")
    if decision not in {"confirm", "reject", "uphold"}:
        raise BadParameter(name="decision", found=decision, allowed="confirm, reject, uphold")
    if decision == "confirm" and relation not in CrosswalkLink.Relation.values:
        raise BadParameter(name="relation", found=relation, allowed=", ".join(CrosswalkLink.Relation.values))
    reference = reference_of_link(name)
    with transaction.atomic():
        links = CrosswalkLink.objects.select_for_update(of=("self",)).select_related("a__instrument", "b__instrument")
        seen = instruments_seen(user=by)
        link = links.filter(name=name, a__instrument__in=seen, b__instrument__in=seen).first()
        if link is None:
            raise NotFound(reference=reference)
        was = link.state
        versions = (link.a.instrument.version, link.b.instrument.version)
        seen_versions = versions_seen(link=link, on=on)
        confirmed = bool(link.relation) if decision == "uphold" else decision == "confirm"
        # What is rejected on a text that stands no longer is done with.
        is_over = not confirmed and is_on_gone_text(link=link)
        steps = [] if is_over else steps_since(link=link, seen=seen_versions)
        _demand_open(link, decision=decision, confirmed=confirmed, is_late=bool(steps), seen=seen_versions)
        link.state = CrosswalkLink.State.CONFIRMED if confirmed else CrosswalkLink.State.REJECTED
        if decision != "uphold":
            link.relation = relation if confirmed else ""
        link.save(update_fields=["state", "relation"])
        a, b = (reference_of_provision(p) for p in (link.a, link.b))
        visibility, audience = narrowest(
            *((text.visibility, text.audience) for text in (link.a.instrument, link.b.instrument))
        )
        payload: dict[str, Any] = {
            "a": a,
            "b": b,
            "decision": link.state,
            "relation": link.relation,
            "suggested_by": link.maker,
        }
        if was == CrosswalkLink.State.STALE or versions != (1, 1):
            payload |= {"on_versions": list(seen_versions), "was": was}
        act = enter_act(
            type=f"{decision}-link",
            office="reviewer",
            authority=REVIEW_RULE,
            subject=reference,
            payload=payload,
            links=[(reference, Link.Relation.WAS_DERIVED_FROM, a), (reference, Link.Relation.WAS_DERIVED_FROM, b)],
            visibility=visibility,
            audience=audience,
        )
        LinkReview.objects.create(
            link=link,
            reviewer=by,
            decision="upheld" if decision == "uphold" else link.state,
            relation=link.relation,
            decided_at=timezone.now(),
            a_version=seen_versions[0],
            b_version=seen_versions[1],
            act=act,
        )
        if steps:
            unsettle(link=link, steps=steps, at=timezone.now())
        else:
            settle(link=link, act=act)
    return link


def _demand_open(link: CrosswalkLink, *, decision: str, confirmed: bool, is_late: bool, seen: tuple[int, int]) -> None:
    """Refuse a decision on a link that is decided, or that had been and whose present text the reviewer has not seen."""
    if link.state == CrosswalkLink.State.STALE and confirmed and is_on_gone_text(link=link):
        allowed = "reject: its text stands no longer; what took its place is suggested as a link of its own"
        raise BadParameter(name="decision", found=decision, allowed=allowed)
    if link.state == CrosswalkLink.State.STALE:
        present = (link.a.instrument.version, link.b.instrument.version)
        if is_late and seen != present:
            side = 0 if seen[0] != present[0] else 1
            raise StaleText(found=seen[side], present=present[side])
    elif link.state != CrosswalkLink.State.WAITING:
        raise AlreadyDecided(reference=reference_of_link(link.name), state=link.state)
    elif decision == "uphold":
        raise BadParameter(name="decision", found=decision, allowed="confirm, reject: nobody has decided this link yet")


def state_none(*, member: str, topic: str, by: Any) -> StatedNone:
    """Record a member's own statement that it has no provision on a topic, as an act.

    Only a member can say so; the secretariat enters what the member wrote. Raises NotPermitted, BadParameter or NotFound.
    """
    from comity.adapters.country_data import read_atlas  # noqa: PLC0415  (reads a file; only this service needs it)

    require(user=by, action="record that a member states it has none")
    if member not in read_atlas().states:
        raise BadParameter(name="member", found=member, allowed="the three-letter code of a member")
    with transaction.atomic():
        if not Topic.objects.filter(pk=topic).exists():
            raise NotFound(reference=f"alignment/topics/{topic}")
        existing = StatedNone.objects.filter(member=member, topic_id=topic).first()
        if existing is not None:
            return existing
        act = enter_act(
            type="state-none",
            office="secretariat",
            member=member,
            authority="Only a member can state that it has none",
            subject=f"alignment/topics/{topic}",
            payload={"member": member, "topic": topic},
        )
        return StatedNone.objects.create(member=member, topic_id=topic, act=act)


def change_who_sees(
    *, slug: str, visibility: str, by: Any, audience: str = "", released_at: dt.datetime | None = None
) -> None:
    """Change who sees an instrument with all that rests on it, as an act of the secretariat.

    Pages, searches and downloads follow at once; figures of the last alignment that counted the text are drawn up anew by
    the next one, which the caller queues. What the log holds of it stays: a log that forgets proves nothing. Raises NotPermitted, NotFound,
    BadParameter, or Conflict where nothing would change.
    """
    require(user=by, action="change who sees an instrument")
    demand_circle(visibility=visibility, audience=audience)
    with transaction.atomic():
        found = Instrument.objects.select_for_update().filter(slug=slug).first()
        if found is None:
            raise NotFound(reference=reference_of_instrument(slug))
        if (found.visibility, found.audience, found.released_at) == (visibility, audience, released_at):
            raise Conflict(problem="It is seen by the same circle already; nothing was changed.")
        withhold_payloads(
            subject=reference_of_instrument(slug), withheld=visibility != Visibility.PUBLIC, until=released_at
        )
        enter_act(
            type="change-visibility",
            office="secretariat",
            authority=COLLECTION_RULE,
            subject=reference_of_instrument(slug),
            payload={"instrument": slug, "visibility": visibility, "audience": audience},
            visibility=visibility,
            audience=audience,
            released_at=released_at,
        )
        found.visibility, found.audience, found.released_at = visibility, audience, released_at
        found.save(update_fields=["visibility", "audience", "released_at"])


def reference_of_instrument(slug: str) -> str:
    """Return the permanent name of an instrument."""
    return f"alignment/instruments/{slug}"


def reference_of_version(slug: str, number: int) -> str:
    """Return the permanent name of a version of an instrument."""
    return f"alignment/instruments/{slug}/versions/{number}"


def reference_of_provision(provision: Provision) -> str:
    """Return the permanent name of a provision; its instrument must be loaded."""
    return f"alignment/instruments/{provision.instrument.slug}/{provision.ref}"


def reference_of_link(name: str) -> str:
    """Return the permanent name of a link."""
    return f"alignment/links/{name}"


def name_of_pair(*, a: str, b: str) -> str:
    """Return the name of the link between two provision ids (``instrument/ref``), the same in whichever order.

    The refs are those that provisions were born with, so that a link keeps its name when a text is numbered anew.

    >>> name_of_pair(a="x/art_1", b="y/art_2") == name_of_pair(a="y/art_2", b="x/art_1")
    True
    """
    first, second = sorted((a, b))
    return hashlib.sha256(f"{first}\n{second}".encode()).hexdigest()[:12]


def name_lastingly(rows: Sequence[CrosswalkLink], /) -> list[CrosswalkLink]:
    """Give unsaved links the names that they have through all versions of their texts, and return them."""
    keys = {key for row in rows for key in (row.a_id, row.b_id)}
    found = Provision.every.filter(pk__in=keys).values_list("pk", "instrument__slug", "ref", "identity")
    refs = {key: f"{slug}/{identity or ref}" for key, slug, ref, identity in found}
    for row in rows:
        row.name = name_of_pair(a=refs[row.a_id], b=refs[row.b_id])
    return list(rows)


def facts_of(instrument: texts.Instrument, /) -> dict[str, Any]:
    """Return what the columns of an instrument hold of it, but for its name and its digest."""
    return {
        "title": instrument.title,
        "short_title": instrument.short_title,
        "party": instrument.party or "",
        "signatories": list(instrument.signatories),
        "subdivision": instrument.subdivision or "",
        "kind": instrument.kind or "",
        "status": instrument.status or "",
        "binding": instrument.binding,
        "date": instrument.date,
        "language": instrument.language,
        "official_url": instrument.official_url,
        "basis": instrument.basis,
        "is_summary": instrument.summary,
    }


def payload_of(instrument: texts.Instrument, provisions: Sequence[texts.Provision], /) -> dict[str, Any]:
    """Return what the act that takes a text in tells of it; its digest is that of the text."""
    about = dataclasses.asdict(instrument)
    about["date"] = instrument.date.isoformat() if instrument.date else None
    about["signatories"] = list(instrument.signatories)
    rows = [{**dataclasses.asdict(p), "addressees": list(p.addressees), "topics": list(p.topics)} for p in provisions]
    return {"instrument": about, "provisions": rows, "visibility": str(Visibility.PUBLIC)}
