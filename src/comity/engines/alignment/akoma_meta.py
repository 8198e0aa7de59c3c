"""Akoma meta: what a document in Akoma Ntoso says of itself, its parties, and what people and machines said of its provisions.

Identification follows FRBR (IFLA, 1998) as Akoma Ntoso uses it: the work is the instrument, the expression its text in one language,
the manifestation this file.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
import re
from collections.abc import Mapping, Sequence  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from comity.engines.alignment.language_codes import three_letters
from comity.engines.alignment.texts import CODER, Instrument, Provision

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "urn:comity:alignment"
"""The namespace of what Akoma Ntoso has no element for."""

UNKNOWN_COUNTRY = "zz"
NO_COUNTRY = "xx"
"""Stands for several parties, and before the code of an organisation; ISO 3166-1 leaves both codes to their users."""

_RESERVED = frozenset({"eu", "un"})
"""The organisations that ISO 3166-1 keeps two letters for; those of any other may be a country's."""

NO_DATE = "0001-01-01"
"""Stands where a date must stand and none is known; its name says so."""

NAMED, SUGGESTED = "named", "suggested"
"""What people said of a provision, and what a machine proposed."""

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Party:
    """Who gave an instrument: its code, its name in English, and the two letters of ISO 3166-1 ("" for an organisation)."""

    code: str
    name: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """What the head of one document is made from. ``document`` is its element, ``free`` begins every identifier in the head."""

    instrument: Instrument
    document: str
    provisions: Sequence[Provision]
    topics: Mapping[str, str]
    parties: Sequence[Party]
    on: dt.date
    free: str

    def id_of(self, kind: str, name: str = "") -> str:
        """Return the identifier of something in the head."""
        return ".".join(p for p in (self.free, kind, _NOT_A_NAME.sub("-", name.lower()).strip("-")) if p)

    def concepts_of(self, provision: Provision) -> list[str]:
        """Return references to the topics that people named; none where a machine proposed them."""
        return [f"#{self.id_of('topic', t)}" for t in provision.topics] if provision.topics_by == CODER else []

    @property
    def language(self) -> str:
        """The language of the texts: that of the provisions, else of the instrument. Several are ``mul``."""
        spoken = {three_letters(p.language) for p in self.provisions} or {three_letters(self.instrument.language)}
        return spoken.pop() if len(spoken) == 1 else "mul"

    @property
    def place(self) -> str:
        """The country, part of one, or organisation in the name of the work; only the first two letters are of ISO 3166-1."""
        if self.instrument.subdivision:
            return self.instrument.subdivision.lower()
        if len(self.parties) != 1:
            return NO_COUNTRY if self.parties else UNKNOWN_COUNTRY
        [party] = self.parties
        own = _NOT_A_NAME.sub("-", party.code.lower()).strip("-")
        return party.country.lower() or (own if own in _RESERVED else f"{NO_COUNTRY}-{own}")

    @property
    def work(self) -> str:
        """The name of the work."""
        date = self.instrument.date.isoformat() if self.instrument.date else NO_DATE
        kind = (self.instrument.kind,) if self.instrument.kind else ()
        return "/".join(("/akn", self.place, self.document, *kind, date, self.instrument.id))

    @property
    def expression(self) -> str:
        """The name of the expression; that of a summary says so, for the text itself has the other name."""
        return f"{self.work}/{self.language}@{'!summary' if self.instrument.summary else ''}"


def add_meta(document: Element, *, meta: Meta) -> None:
    """Add ``meta`` to a document, in the order that the schema asks for."""
    element = SubElement(document, "meta")
    _add_identification(element, meta=meta)
    said = list(_statements(meta))
    _add_keywords(element, meta=meta, said=said)
    if said:
        analysis = SubElement(element, "analysis", source=f"#{meta.id_of('comity')}")
        for maker in _in_order({s.maker for s in said}):
            _add_analysis(analysis, meta=meta, maker=maker, said=[s for s in said if s.maker == maker])
    _add_references(element, meta=meta, said=said)
    _add_origin(element, meta=meta)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one maker says of one provision. ``maker`` is "coder" for people."""

    maker: str
    ref: str
    topics: tuple[str, ...] = ()
    chances: tuple[float, ...] = ()
    strength: str = ""
    addressees: tuple[str, ...] = ()


def _statements(meta: Meta) -> Iterator[_Said]:
    for p in meta.provisions:
        topics_by = p.topics_by or CODER
        strength_by = p.modality_by or CODER
        addressees_by = p.addressees_by or CODER
        for maker in dict.fromkeys((CODER, topics_by, strength_by, addressees_by)):
            said = _Said(
                maker=maker,
                ref=p.ref,
                topics=p.topics if maker == topics_by else (),
                chances=p.topic_chances if maker == topics_by else (),
                strength=(p.modality or "") if maker == strength_by else "",
                addressees=p.addressees if maker == addressees_by else (),
            )
            if said.topics or said.strength or said.addressees:
                yield said


def _add_identification(meta_element: Element, *, meta: Meta) -> None:
    source = f"#{meta.id_of('comity')}"
    instrument = meta.instrument
    identification = SubElement(meta_element, "identification", source=source)
    dated = (instrument.date.isoformat(), "date") if instrument.date else (NO_DATE, "unknown")
    authors = [meta.id_of("party", p.code) for p in meta.parties] or [meta.id_of("party", "unknown")]
    work = _add_level(
        identification, "FRBRWork", this=f"{meta.work}/!main", uri=meta.work, date=dated, authors=authors, meta=meta
    )
    SubElement(work, "FRBRcountry", value=meta.place.partition("-")[0])
    if instrument.kind:
        SubElement(work, "FRBRsubtype", value=instrument.kind)
    SubElement(work, "FRBRname", value=instrument.short_title or instrument.title or instrument.id)
    if instrument.binding is not None:
        SubElement(work, "FRBRprescriptive", value=str(instrument.binding).lower())
    expression = _add_level(
        identification,
        "FRBRExpression",
        this=f"{meta.expression}/!main",
        uri=meta.expression,
        date=dated,
        authors=[meta.id_of(CODER)] if instrument.summary else authors,
        meta=meta,
    )
    SubElement(expression, "FRBRauthoritative", value="false")
    SubElement(expression, "FRBRlanguage", language=meta.language)
    manifestation = _add_level(
        identification,
        "FRBRManifestation",
        this=f"{meta.expression}/!main.xml",
        uri=f"{meta.expression}.akn",
        date=(meta.on.isoformat(), "made"),
        authors=[meta.id_of("comity")],
        meta=meta,
    )
    SubElement(manifestation, "FRBRformat", value="application/akn+xml")


def _add_level(
    identification: Element,
    name: str,
    *,
    this: str,
    uri: str,
    date: tuple[str, str],
    authors: Sequence[str],
    meta: Meta,
) -> Element:
    level = SubElement(identification, name)
    SubElement(level, "FRBRthis", value=this)
    SubElement(level, "FRBRuri", value=uri)
    if name == "FRBRWork" and meta.instrument.official_url:
        SubElement(level, "FRBRalias", name="official-source", value=meta.instrument.official_url)
    SubElement(level, "FRBRdate", date=date[0], name=date[1])
    role = meta.id_of("editor" if name == "FRBRManifestation" else "author")
    for author in authors:
        SubElement(level, "FRBRauthor", attrib={"href": f"#{author}", "as": f"#{role}"})
    return level


def _add_keywords(meta_element: Element, *, meta: Meta, said: Sequence[_Said]) -> None:
    """Add one list of keywords for each maker: topics and addressees."""
    for maker in _in_order({s.maker for s in said}):
        own = [s for s in said if s.maker == maker]
        topics = sorted({t for s in own for t in s.topics})
        addressees = sorted({a for s in own for a in s.addressees})
        if not topics and not addressees:
            continue
        keywords = SubElement(meta_element, "classification", source=f"#{meta.id_of(*_maker(maker))}")
        for topic in topics:
            SubElement(
                keywords,
                "keyword",
                value=topic,
                showAs=meta.topics.get(topic, topic),
                dictionary=f"{ORIGIN}:topics",
                href=f"#{meta.id_of('topic', topic)}",
            )
        for addressee in addressees:
            SubElement(keywords, "keyword", value=addressee, showAs=addressee, dictionary=f"{ORIGIN}:addressees")


def _add_analysis(analysis: Element, *, meta: Meta, maker: str, said: Sequence[_Said]) -> None:
    other = SubElement(analysis, "otherAnalysis", source=f"#{meta.id_of(*_maker(maker))}")
    for each in said:
        row = SubElement(
            other, "provision", xmlns=ORIGIN, href=f"#{each.ref}", state=NAMED if maker == CODER else SUGGESTED
        )
        facts = {
            "topics": " ".join(each.topics),
            "chances": " ".join(f"{c:.3f}" for c in each.chances),
            "strength": each.strength,
            "addressees": " ".join(each.addressees),
        }
        for name, value in facts.items():
            if value:
                row.set(name, value)


def _add_references(meta_element: Element, *, meta: Meta, said: Sequence[_Said]) -> None:
    references = SubElement(meta_element, "references", source=f"#{meta.id_of('comity')}")
    rows = [
        (meta.id_of("party", p.code), "organization", p.code, p.name)
        for p in meta.parties or (Party(code="unknown", name="unknown"),)
    ]
    rows.append((meta.id_of("comity"), "organization", "comity", "Comity"))
    rows += [(meta.id_of(role), "role", role, role) for role in ("author", "editor")]
    for maker in _in_order({s.maker for s in said} | ({CODER} if meta.instrument.summary else set())):
        if maker == CODER:
            rows.append((meta.id_of(CODER), "role", CODER, "people who read and coded the text"))
        else:
            shown = f"{maker}, a machine: what it says is a suggestion"
            rows.append((meta.id_of("maker", maker), "process", maker, shown))
    for topic in sorted({t for s in said for t in s.topics}):
        rows.append((meta.id_of("topic", topic), "concept", topic, meta.topics.get(topic, topic)))
    for eid, (kind, name, shown) in {row[0]: row[1:] for row in rows}.items():
        plain = _NOT_A_NAME.sub("-", name.lower()).strip("-") or "unknown"
        SubElement(references, f"TLC{kind.title()}", eId=eid, href=f"/akn/ontology/{kind}/comity/{plain}", showAs=shown)


def _in_order(makers: set[str]) -> list[str]:
    """Return makers by name, people first."""
    return sorted(makers, key=lambda maker: (maker != CODER, maker))


def _maker(maker: str) -> tuple[str, str]:
    return (CODER, "") if maker == CODER else ("maker", maker)


def _add_origin(meta_element: Element, *, meta: Meta) -> None:
    instrument = meta.instrument
    own = SubElement(meta_element, "proprietary", source=f"#{meta.id_of('comity')}")
    facts = {
        "id": instrument.id,
        "party": instrument.party or "",
        "signatories": " ".join(instrument.signatories),
        "subdivision": instrument.subdivision or "",
        "kind": instrument.kind or "",
        "status": instrument.status or "",
        "basis": instrument.basis,
        "language": instrument.language,
        "stated-by": instrument.stated_by,
        "summary": str(instrument.summary).lower(),
    }
    SubElement(own, "instrument", attrib={"xmlns": ORIGIN} | {k: v for k, v in facts.items() if v})
