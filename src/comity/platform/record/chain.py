"""Follow a reference through the acts that touched it: what it rests on, what came of it, and both as PROV-JSONLD.

Source: W3C PROV-DM and PROV-O; the JSON-LD form follows PROV-JSONLD of the openprovenance project. What a reader may not
see is left out as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from comity.errors import BadParameter
from comity.platform.record.models import Act, Link
from comity.platform.record.selectors import ActView, view_of
from comity.platform.record.services import REFERENCE
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ACTS = 200
MOST_STEPS = 12

CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "comity": "urn:comity:",
    "entity": {"@id": "prov:entity", "@type": "@id"},
    "agent": {"@id": "prov:agent", "@type": "@id"},
    "activity": {"@id": "prov:activity", "@type": "@id"},
    "prov:Activity": {
        "@id": "prov:Activity",
        "@context": {
            "startTime": {"@id": "prov:startedAtTime", "@type": "xsd:dateTime"},
            "endTime": {"@id": "prov:endedAtTime", "@type": "xsd:dateTime"},
        },
    },
    "prov:Association": {
        "@id": "prov:Association",
        "@context": {"activity": {"@reverse": "prov:qualifiedAssociation", "@type": "@id"}},
    },
    "prov:Generation": {
        "@id": "prov:Generation",
        "@context": {"entity": {"@reverse": "prov:qualifiedGeneration", "@type": "@id"}},
    },
    "prov:Usage": {
        "@id": "prov:Usage",
        "@context": {"activity": {"@reverse": "prov:qualifiedUsage", "@type": "@id"}},
    },
    "prov:Derivation": {
        "@id": "prov:Derivation",
        "@context": {
            "generatedEntity": {"@reverse": "prov:qualifiedDerivation", "@type": "@id"},
            "usedEntity": {"@id": "prov:entity", "@type": "@id"},
        },
    },
    "prov:Attribution": {
        "@id": "prov:Attribution",
        "@context": {"entity": {"@reverse": "prov:qualifiedAttribution", "@type": "@id"}},
    },
    "prov:Influence": {
        "@id": "prov:Influence",
        "@context": {
            "influencee": {"@reverse": "prov:qualifiedInfluence", "@type": "@id"},
            "influencer": {"@id": "prov:influencer", "@type": "@id"},
        },
    },
}
"""The terms that a chain uses, as PROV-JSONLD defines them, inside the file: it can be read without a network."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A reference with the acts that touched it or what it is linked to, oldest first.

    ``rests_on`` and ``led_to`` are the references linked directly. ``is_cut`` says that there are more than 200 acts.
    """

    reference: str
    acts: tuple[ActView, ...]
    rests_on: tuple[str, ...]
    led_to: tuple[str, ...]
    is_cut: bool


def chain_of(*, reference: str, user: Any) -> Chain:
    """Return the chain of a reference, as this account may see it. A part belongs to its whole.

    Raises BadParameter for what is no reference. A reference that no act touched has an empty chain.
    """
    if not REFERENCE.fullmatch(reference):
        raise BadParameter(name="reference", found=reference[:80], allowed="a reference such as alignment/links/3f9a")
    seen = seen_by(user=user)
    visible_acts = Act.objects.filter(seen)
    links = Link.objects.filter(act__in=visible_acts)
    # What it rests on and what it led to, each all the way; never up to a common root and down to what else hangs on it.
    known = _walk(links=links, reference=reference, source="subject", target="object")
    known |= _walk(links=links, reference=reference, source="object", target="subject")
    touching = visible_acts.filter(Q(subject__in=known) | Q(links__subject__in=known, links__object__in=known))
    touching = touching.distinct() | visible_acts.filter(subject__startswith=f"{reference}/").distinct()
    acts = list(touching.order_by("entered_at", "pk").prefetch_related("links")[: MOST_ACTS + 1])
    direct = list(
        links.filter(Q(_of(reference, "subject")) | _of(reference, "object")).values_list("subject", "object")
    )
    mine = (reference, f"{reference}/")
    return Chain(
        reference=reference,
        acts=tuple(view_of(act, with_links=True) for act in acts[:MOST_ACTS]),
        rests_on=tuple(sorted({o for s, o in direct if s == reference or s.startswith(mine[1])} - {reference})),
        led_to=tuple(sorted({s for s, o in direct if o == reference or o.startswith(mine[1])} - {reference})),
        is_cut=len(acts) > MOST_ACTS,
    )


def prov_jsonld(*, chain: Chain) -> dict[str, Any]:
    """Return a chain as one PROV-JSONLD document: acts are activities, references entities, offices and members agents."""
    entities: dict[str, None] = {chain.reference: None}
    agents: dict[str, None] = {}
    graph: list[dict[str, Any]] = []
    for act in chain.acts:
        activity = f"comity:record/acts/{act.id}"
        moment = act.entered_at.isoformat()
        graph.append({"@id": activity, "@type": "prov:Activity", "startTime": moment, "endTime": moment})
        for agent in _agents_of(act):
            agents[agent] = None
            graph.append({"@type": "prov:Association", "activity": activity, "agent": agent})
        if act.subject:
            entities[act.subject] = None
            graph.append({"@type": "prov:Generation", "entity": f"comity:{act.subject}", "activity": activity})
        for subject, relation, thing in act.links:
            entities[subject] = entities[thing] = None
            graph.append(_relation(subject=subject, relation=relation, thing=thing))
    graph += [{"@id": f"comity:{entity}", "@type": "prov:Entity"} for entity in entities]
    graph += [{"@id": agent, "@type": "prov:Agent"} for agent in agents]
    return {"@context": CONTEXT, "@graph": graph}


def _agents_of(act: ActView) -> Iterable[str]:
    if act.office:
        yield f"comity:offices/{act.office}"
    if act.member:
        yield f"comity:parties/members/{act.member}"


def _relation(*, subject: str, relation: str, thing: str) -> dict[str, Any]:
    one, other = f"comity:{subject}", f"comity:{thing}"
    match relation:
        case Link.Relation.WAS_DERIVED_FROM:
            return {"@type": "prov:Derivation", "generatedEntity": one, "usedEntity": other}
        case Link.Relation.WAS_REVISION_OF:
            return {"@type": ["prov:Derivation", "prov:Revision"], "generatedEntity": one, "usedEntity": other}
        case Link.Relation.WAS_GENERATED_BY:
            return {"@type": "prov:Generation", "entity": one, "activity": other}
        case Link.Relation.WAS_ATTRIBUTED_TO:
            return {"@type": "prov:Attribution", "entity": one, "agent": other}
        case Link.Relation.USED:
            return {"@type": "prov:Usage", "activity": one, "entity": other}
        case _:
            return {"@type": "prov:Influence", "influencee": one, "influencer": other}


def _walk(*, links: Any, reference: str, source: str, target: str) -> set[str]:
    """Return a reference and all that can be reached from it along links in one direction; a part belongs to its whole."""
    known, frontier = {reference}, {reference}
    parts = links.filter(**{f"{source}__startswith": f"{reference}/"})
    frontier |= set(parts.values_list(source, flat=True)[:MOST_ACTS])
    for _ in range(MOST_STEPS):
        found = set(links.filter(**{f"{source}__in": frontier}).values_list(target, flat=True))
        frontier = found - known
        known |= frontier
        if not frontier or len(known) > MOST_ACTS * 4:
            break
    return known


def _of(reference: str, field: str) -> Q:
    return Q(**{field: reference}) | Q(**{f"{field}__startswith": f"{reference}/"})
