"""Write a release as a record of DataCite 4.6, ready to be sent to whoever registers a DOI for it.

It holds no DOI, since none was registered; its identifier is the address of the page. The form asks for a creator: where no author is
named, whoever shares the release stands there as an organisation.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters.licence_addresses import address_of_licence
from comity.adapters.release_facts import stated, write_json
from comity.engines.commons.licences import class_licence

if TYPE_CHECKING:
    from comity.adapters.release_facts import ReleaseFacts

NAME = "datacite.json"
SCHEMA = "http://datacite.org/schema/kernel-4"
TYPES = MappingProxyType(
    {"dataset": "Dataset", "model": "Model", "tool": "Software", "course": "InteractiveResource", "paper": "Text"}
)
"""A kind of release: DataCite's general type."""


def write_datacite(*, facts: ReleaseFacts) -> bytes:
    """Return a release as the JSON of DataCite's metadata schema 4."""
    people = [{"name": name, "nameType": "Personal"} for name in facts.authors]
    languages = sorted(facts.titles, key=lambda name: (name != "en", name))
    manifest = facts.manifest
    descriptions = [
        {"description": text, "descriptionType": "Abstract", "lang": name}
        for name, text in sorted(facts.summaries.items())
    ] or [{"description": facts.summary, "descriptionType": "Abstract"}]
    for kind, text in (
        ("Methods", facts.provenance),
        ("Other", manifest.intended_use),
        ("Other", manifest.known_limits),
    ):
        if text:
            descriptions.append({"description": text, "descriptionType": kind})
    tree = {
        "schemaVersion": SCHEMA,
        "types": {"resourceTypeGeneral": TYPES[facts.kind], "resourceType": facts.kind},
        "identifiers": [{"identifier": facts.address, "identifierType": "URL"}],
        "url": facts.address,
        "creators": people or [{"name": facts.publisher, "nameType": "Organizational"}],
        "titles": [
            stated(
                {
                    "title": facts.titles[name],
                    "lang": name,
                    "titleType": "" if name == languages[0] else "TranslatedTitle",
                }
            )
            for name in languages
        ],
        "publisher": {"name": facts.publisher},
        "publicationYear": str(facts.released_at.year),
        "dates": [{"date": facts.released_at.date().isoformat(), "dateType": "Issued"}],
        "language": facts.languages[0] if len(facts.languages) == 1 else "",
        "version": facts.label,
        "sizes": [f"{sum(f.size for f in facts.files)} bytes", f"{len(facts.files)} files"],
        "formats": sorted({f.media_type for f in facts.files}),
        "rightsList": _rights(facts.licence),
        "descriptions": descriptions,
        "alternateIdentifiers": [
            {"alternateIdentifier": facts.reference, "alternateIdentifierType": "Comity reference"}
        ],
    }
    return write_json(stated(tree))


def _rights(expression: str, /) -> list[dict[str, Any]]:
    found = []
    for name in [p.read_as for p in class_licence(expression=expression).parts] or [expression]:
        at = address_of_licence(name)
        rights = {"rights": name, "rightsUri": at}
        if at:
            rights |= {
                "rightsIdentifier": name,
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        if name:
            found.append(stated(rights))
    return found
