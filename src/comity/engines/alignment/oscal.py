"""OSCAL writes links between provisions as a mapping collection, for the tools that compare standards by machine.

Follows the control mapping model of OSCAL 1.2 (NIST); its relations are those of set theory (NIST IR 8477, 2024). Our provisions
are no controls: each stands as a *statement* of a resource whose type is in our own namespace.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from comity.engines.alignment.texts import CODER, Instrument, Provision
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OSCAL_VERSION = "1.2.1"
NAMESPACE = "urn:comity:alignment"
RESOURCE = "legal-text"

RELATIONSHIPS = {
    "same": "equivalent-to",
    "broader": "superset-of",
    "narrower": "subset-of",
    "related": "intersects-with",
}
"""Our relations, by scope, read from the source to the target, and what OSCAL calls them."""

State = Literal["suggested", "disputed", "confirmed"]

_ABOUT: dict[State, tuple[str, str, str, str]] = {
    # method, status, confidence, what it means
    "suggested": (
        "automation",
        "draft",
        "suggested by a machine; how likely it is right has not been measured",
        "Suggested by a machine. Each entry waits for a person.",
    ),
    "disputed": (
        "hybrid",
        "draft",
        "reviewers do not agree",
        "Reviewers do not agree. Each entry still awaits people; the relationship is the one that a machine suggested.",
    ),
    "confirmed": (
        "hybrid",
        "not-complete",
        "confirmed by people",
        "Confirmed by reviewers. More may follow.",
    ),
}
_DESCRIPTION = (
    "Links between provisions of legal and policy texts. A relationship speaks of scope only: whom, what and when a text covers; "
    "strength of wording stands apart. A link proposed by reviewers is not a legal interpretation, and whether two rules are "
    "equivalent is for the parties to declare. What has no entry may not have been searched for."
)


@dataclass(frozen=True, slots=True)
class MappedLink:
    """A link from one provision to another. ``relation`` is one of RELATIONSHIPS, read from the source to the target.

    ``score`` puts likelier links first and is no probability; ``cosine`` is None where the model was not used. ``readings`` are those
    of members whose law it rests on: code, "confirms" or "differs", and how it differs in the member's own words.
    """

    source: Provision
    target: Provision
    relation: str
    state: State
    maker: str
    score: float
    cosine: float | None
    readings: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text whose provisions are linked. ``address`` is where it can be had as Akoma Ntoso, absolute or beside the file."""

    instrument: Instrument
    address: str


def compose_mapping(
    *,
    texts: Sequence[MappedText],
    links: Sequence[MappedLink],
    title: str,
    version: str,
    modified: dt.datetime,
    origin: str,
) -> dict[str, Any]:
    """Return a mapping collection as JSON takes it: one mapping for each two texts and each state; suggested, disputed, confirmed stand apart.

    ``texts`` hold every text that a link is of. ``version`` is that of the maker of the file, ``modified`` the moment of the last
    change, with its time zone; ``origin`` names where the names of texts are unique, such as the address of an instance.

    Promises: the same arguments give the same collection in any order of links, with the same UUIDs (version 5, RFC 9562); the UUID
    of an entry depends on its two provisions alone and stays when it is confirmed; that of the collection changes with its content.

    Raises BadParameter where there is no link, since OSCAL knows no empty collection; where a link is of a text that is not given,
    or of an unknown relation or state; where ``modified`` has no time zone.
    """
    _demand_whole(texts=texts, links=links, modified=modified)
    name = uuid.uuid5(uuid.NAMESPACE_URL, origin or NAMESPACE)
    groups: dict[tuple[str, str, State], list[MappedLink]] = {}
    for link in sorted(links, key=lambda k: (k.source.id, k.target.id)):
        groups.setdefault((link.source.instrument, link.target.instrument, link.state), []).append(link)
    states = {link.state for link in links}
    method = "automation" if states == {"suggested"} else "hybrid"
    machine = str(uuid.uuid5(name, "party comity"))
    collection: dict[str, Any] = {
        "metadata": {
            "title": _line(title),
            "last-modified": modified.isoformat(timespec="seconds"),
            "version": _line(version),
            "oscal-version": OSCAL_VERSION,
            "roles": [{"id": "maker", "title": "Maker of this file"}],
            "parties": [{"uuid": machine, "type": "organization", "name": "Comity"}],
            "responsible-parties": [{"role-id": "maker", "party-uuids": [machine]}],
        },
        "provenance": {
            "method": method,
            "matching-rationale": "semantic",
            "status": "not-complete" if states == {"confirmed"} else "draft",
            "mapping-description": _DESCRIPTION,
        },
        "mappings": [_mapping(key, groups[key], name=name) for key in sorted(groups)],
        "back-matter": {"resources": [_resource(t, name=name) for t in sorted(texts, key=lambda t: t.instrument.id)]},
    }
    content = json.dumps(collection, sort_keys=True, ensure_ascii=True).encode()
    own = uuid.uuid5(name, f"collection {hashlib.sha256(content).hexdigest()}")
    return {"mapping-collection": {"uuid": str(own), **collection}}


def _demand_whole(*, texts: Sequence[MappedText], links: Sequence[MappedLink], modified: dt.datetime) -> None:
    if not links:
        raise BadParameter(name="links", found="none", allowed="at least one link")
    held = {t.instrument.id for t in texts}
    for link in links:
        for provision in (link.source, link.target):
            if provision.instrument not in held:
                raise BadParameter(name="instrument", found=provision.instrument, allowed=", ".join(sorted(held)))
        if link.relation not in RELATIONSHIPS:
            raise BadParameter(name="relation", found=link.relation, allowed=", ".join(RELATIONSHIPS))
        if link.state not in _ABOUT:
            raise BadParameter(name="state", found=link.state, allowed=", ".join(_ABOUT))
    if modified.tzinfo is None:
        raise BadParameter(name="modified", found=modified.isoformat(), allowed="a moment with its time zone")


def _mapping(key: tuple[str, str, State], links: Iterable[MappedLink], *, name: uuid.UUID) -> dict[str, Any]:
    source, target, state = key
    method, status, confidence, remarks = _ABOUT[state]
    return {
        "uuid": str(uuid.uuid5(name, f"mapping {source} {target} {state}")),
        "method": method,
        "matching-rationale": "semantic",
        "status": status,
        "source-resource": _reference(source, name=name),
        "target-resource": _reference(target, name=name),
        "maps": [_entry(link, name=name) for link in links],
        "props": [_prop("state", state)],
        "confidence-score": {"category": confidence},
        "remarks": remarks,
    }


def _reference(instrument: str, *, name: uuid.UUID) -> dict[str, Any]:
    return {"ns": NAMESPACE, "type": RESOURCE, "href": f"#{uuid.uuid5(name, f'text {instrument}')}"}


def _entry(link: MappedLink, *, name: uuid.UUID) -> dict[str, Any]:
    props = [
        _prop("state", link.state),
        _prop("maker", link.maker),
        _prop("score", f"{link.score:.6f}", _NO_PROBABILITY),
    ]
    if link.cosine is not None:
        props.append(_prop("cosine", f"{link.cosine:.6f}"))
    props += [_prop("member-reading", f"{member}: {said}", words) for member, said, words in link.readings]
    return {
        "uuid": str(uuid.uuid5(name, f"map {link.source.id} {link.target.id}")),
        "relationship": RELATIONSHIPS[link.relation],
        "sources": [_item(link.source)],
        "targets": [_item(link.target)],
        "confidence-score": {"category": _ABOUT[link.state][2]},
        "props": props,
    }


_NO_PROBABILITY = "Puts likelier links first. It is not a probability."


def _item(provision: Provision) -> dict[str, Any]:
    props = [_prop("label", provision.label or provision.ref)]
    if provision.modality:
        strength = _prop("strength", provision.modality)
        strength["class"] = "named" if provision.modality_by in {"", CODER} else "suggested"
        props.append(strength)
    return {"type": "statement", "id-ref": provision.ref, "props": props}


def _resource(text: MappedText, *, name: uuid.UUID) -> dict[str, Any]:
    instrument = text.instrument
    links = [{"href": text.address, "media-type": "application/akn+xml"}]
    if instrument.official_url:
        links.append({"href": instrument.official_url})
    resource = {
        "uuid": str(uuid.uuid5(name, f"text {instrument.id}")),
        "title": _line(instrument.title or instrument.id),
        "props": [
            _prop("id", instrument.id),
            _prop("basis", instrument.basis),
            _prop("language", instrument.language),
            _prop("summary", str(instrument.summary).lower()),
        ],
        "rlinks": links,
    }
    if instrument.summary:
        resource["remarks"] = "The provisions are summaries that people wrote, and not the text of the instrument."
    return resource


def _prop(name: str, value: str, remarks: str = "") -> dict[str, str]:
    prop = {"name": name, "ns": NAMESPACE, "value": _line(value)}
    return prop | {"remarks": remarks} if remarks else prop


def _line(text: str) -> str:
    """Return a text as one line, which OSCAL asks of names and values; a line of nothing is a dash."""
    return " ".join(text.split()) or "-"
