"""Write a release in the words of schema.org, which the search engines of the web and of data sets read.

A data set has downloads as its distribution; whatever else is shared has its files as encodings. schema.org has no type for a trained
model, so that a model is a ``CreativeWork`` whose ``additionalType`` says what it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters.licence_addresses import tell_licence
from comity.adapters.release_facts import stated, write_json

if TYPE_CHECKING:
    from comity.adapters.release_facts import GivenFile, ReleaseFacts

NAME = "schema.json"
TYPES = MappingProxyType(
    {
        "dataset": "Dataset",
        "model": "CreativeWork",
        "tool": "SoftwareApplication",
        "course": "LearningResource",
        "paper": "ScholarlyArticle",
    }
)
"""A kind of release: the type of schema.org."""


def write_schema(*, facts: ReleaseFacts) -> bytes:
    """Return a release as JSON-LD of schema.org. Its context is an address that nobody needs to fetch."""
    return write_json(describe_in_schema(facts=facts))


def describe_in_schema(*, facts: ReleaseFacts) -> dict[str, Any]:
    """Return the same as plain data."""
    manifest, running = facts.manifest, facts.manifest.running
    publisher = {"@type": "Organization", "name": facts.publisher, "url": facts.publisher_address}
    files = [_download(file, is_data=facts.kind == "dataset") for file in facts.files]
    memory = f"{running.memory_gb:g} GB" if running.memory_gb is not None else ""
    needs = ", ".join(t for t in (running.hardware, memory and f"{memory} of memory") if t)
    tree = {
        "@context": "https://schema.org/",
        "@type": TYPES[facts.kind],
        "@id": facts.address,
        "additionalType": "machine learning model" if facts.kind == "model" else "",
        "name": _in_languages(facts.titles),
        "description": _in_languages(facts.summaries) or facts.summary,
        "url": facts.address,
        "identifier": facts.reference,
        "version": facts.label,
        "datePublished": facts.released_at.isoformat(),
        "license": tell_licence(facts.licence),
        "inLanguage": list(facts.languages),
        "isAccessibleForFree": True,
        "publisher": publisher,
        "creator": [{"@type": "Person", "name": name} for name in facts.authors] or [publisher],
        "creditText": facts.provenance,
        "conditionsOfAccess": "" if facts.is_public else "Seen by the members that its page names.",
    }
    if facts.kind == "dataset":
        measured = [q for q in manifest.languages if q.value is not None]
        tree |= {"distribution": files, "variableMeasured": sorted({q.measure for q in measured if q.measure})}
    else:
        tree |= {"encoding": files}
    if facts.kind == "tool":
        tree |= {"memoryRequirements": memory, "processorRequirements": running.hardware}
    elif needs:
        tree |= {"additionalProperty": [{"@type": "PropertyValue", "name": "hardware needed", "value": needs}]}
    return stated(tree)


def _in_languages(texts: Any, /) -> Any:
    """Return a text where English is the one language, else each with its language."""
    if set(texts) == {"en"}:
        return texts["en"]
    return [{"@language": name, "@value": texts[name]} for name in sorted(texts)]


def _download(file: GivenFile, /, *, is_data: bool) -> dict[str, Any]:
    return stated(
        {
            "@type": "DataDownload" if is_data else "MediaObject",
            "name": file.path,
            "contentUrl": file.address,
            "contentSize": f"{file.size} B",
            "encodingFormat": file.media_type,
            "sha256": file.sha256,
        }
    )
