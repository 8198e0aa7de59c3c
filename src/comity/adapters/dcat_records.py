"""Write a release as a data set of DCAT-AP 3, the form in which data portals of European public bodies exchange records.

Source: DCAT-AP 3.0 and W3C's DCAT 3. The context stands in the record, so that nothing is fetched to read it. DCAT understands a data set
broadly, as any collection that one body publishes; ``dct:type`` says what is shared.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters.licence_addresses import address_of_licence, addresses_of_licences
from comity.adapters.release_facts import stated, write_json

if TYPE_CHECKING:
    from comity.adapters.release_facts import GivenFile, ReleaseFacts

NAME = "dcat.jsonld"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
CONTEXT = MappingProxyType(
    {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "prov": "http://www.w3.org/ns/prov#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
# ISO 639-3, by which the authority table of languages names them; others stand as their tag.
_LANGUAGES = MappingProxyType(
    {
        "ar": "ARA",
        "en": "ENG",
        "es": "SPA",
        "fr": "FRA",
        "ru": "RUS",
        "zh": "ZHO",
        "sw": "SWA",
        "pt": "POR",
        "de": "DEU",
    }
)


def write_dcat(*, facts: ReleaseFacts) -> bytes:
    """Return a release as JSON-LD of DCAT-AP 3."""
    licences = {f.path: c.licence for c in facts.manifest.components for f in c.files}
    tree = {
        "@context": dict(CONTEXT),
        "@id": facts.address,
        "@type": "dcat:Dataset",
        "dct:title": _in_languages(facts.titles),
        "dct:description": _in_languages(facts.summaries) or [{"@language": "en", "@value": facts.summary}],
        "dct:identifier": facts.reference,
        "dct:type": {"@type": "skos:Concept", "skos:prefLabel": {"@language": "en", "@value": facts.kind}},
        "dcat:version": facts.label,
        "dct:issued": {"@type": "xsd:dateTime", "@value": facts.released_at.isoformat()},
        "dct:publisher": {"@id": facts.publisher_address, "@type": "foaf:Agent", "foaf:name": facts.publisher},
        "dct:creator": [{"@type": "foaf:Agent", "foaf:name": name} for name in facts.authors],
        "dct:language": [_language(tag) for tag in facts.languages],
        "dcat:landingPage": {"@id": facts.address, "@type": "foaf:Document"},
        "dct:accessRights": {
            "@id": f"{AUTHORITY}access-right/{'PUBLIC' if facts.is_public else 'RESTRICTED'}",
            "@type": "dct:RightsStatement",
        },
        "dct:provenance": stated({"@type": "dct:ProvenanceStatement", "skos:prefLabel": facts.provenance})
        if facts.provenance
        else None,
        "dcat:distribution": [_distribution(file, facts.address, licences[file.path]) for file in facts.files],
    }
    return write_json(stated(tree))


def _in_languages(texts: Any, /) -> list[dict[str, str]]:
    return [{"@language": name, "@value": texts[name]} for name in sorted(texts)]


def _language(tag: str, /) -> dict[str, str]:
    code = _LANGUAGES.get(tag.partition("-")[0].lower())
    at = f"{AUTHORITY}language/{code}" if code else f"https://www.w3.org/International/langtags#{tag}"
    return {"@id": at, "@type": "dct:LinguisticSystem"}


def _distribution(file: GivenFile, page: str, own: str, /) -> dict[str, Any]:
    return stated(
        {
            "@type": "dcat:Distribution",
            "dct:title": file.path,
            "dcat:accessURL": {"@id": page},
            "dcat:downloadURL": {"@id": file.address} if file.address else None,
            "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
            "dcat:mediaType": {
                "@id": f"https://www.iana.org/assignments/media-types/{file.media_type}",
                "@type": "dct:MediaType",
            },
            "dct:license": _licence(own),
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
            },
        }
    )


def _licence(expression: str, /) -> dict[str, Any] | None:
    if not expression:
        return None
    several = addresses_of_licences(expression)
    at = address_of_licence(expression)
    # DCAT-AP takes one licence document: where several bind it is named by its expression.
    told = {"@type": "dct:LicenseDocument", "skos:prefLabel": expression}
    return {"@id": at, **told} if at and len(several) == 1 else told
