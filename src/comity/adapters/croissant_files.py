"""Croissant, the form of MLCommons for data sets: written from the facts of a release, and read into our description.

Source: Croissant Format Specification 1.1, and its vocabulary for responsible AI (RAI 1.0). 1.0 is read too. What a data set is meant for
and where its limits are stand in ``rai:dataUseCases`` and ``rai:dataLimitations``. Parts, hardware and measured quality have no place.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from comity.adapters import linked_data as ld
from comity.adapters.licence_addresses import tell_licence
from comity.adapters.release_facts import identify_path, stated, write_json
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.adapters.release_facts import GivenFile, ReleaseFacts

NAME = "croissant.json"
VERSION = "http://mlcommons.org/croissant/1.1"
RAI = "http://mlcommons.org/croissant/RAI/1.0"
_BEGINS = ("http://mlcommons.org/croissant/", "https://mlcommons.org/croissant/")
CONTEXT: Mapping[str, Any] = MappingProxyType(
    {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "arrayShape": "cr:arrayShape",
        "citeAs": "cr:citeAs",
        "column": "cr:column",
        "conformsTo": "dct:conformsTo",
        "containedIn": "cr:containedIn",
        "cr": "http://mlcommons.org/croissant/",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "dct": "http://purl.org/dc/terms/",
        "description": {"@container": "@language"},
        "equivalentProperty": "cr:equivalentProperty",
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "extract": "cr:extract",
        "field": "cr:field",
        "fileObject": "cr:fileObject",
        "fileProperty": "cr:fileProperty",
        "fileSet": "cr:fileSet",
        "format": "cr:format",
        "includes": "cr:includes",
        "isArray": "cr:isArray",
        "isLiveDataset": "cr:isLiveDataset",
        "jsonPath": "cr:jsonPath",
        "key": "cr:key",
        "md5": "cr:md5",
        "name": {"@container": "@language"},
        "parentField": "cr:parentField",
        "path": "cr:path",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "recordSet": "cr:recordSet",
        "references": "cr:references",
        "regex": "cr:regex",
        "repeated": "cr:repeated",
        "replace": "cr:replace",
        "samplingRate": "cr:samplingRate",
        "sc": "https://schema.org/",
        "separator": "cr:separator",
        "source": "cr:source",
        "subField": "cr:subField",
        "transform": "cr:transform",
    }
)
_TYPES = MappingProxyType({"text": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"})


def write_croissant(*, facts: ReleaseFacts) -> bytes:
    """Return a data set in Croissant 1.1. Columns stand in record sets where the first line of a table was read."""
    makers = [{"@type": "Person", "name": name} for name in facts.authors]
    publisher = {"@type": "Organization", "name": facts.publisher, "url": facts.publisher_address}
    tree = {
        "@context": dict(CONTEXT),
        "@type": "sc:Dataset",
        "name": _texts(facts.titles),
        "description": _texts(facts.summaries) or facts.summary,
        "conformsTo": [VERSION, RAI],
        "identifier": facts.reference,
        "url": facts.address,
        "version": facts.label,
        "datePublished": facts.released_at.isoformat(),
        "license": tell_licence(facts.licence),
        "inLanguage": list(facts.languages),
        "creator": makers or [publisher],
        "publisher": [publisher],
        "citeAs": f"{facts.publisher}: {facts.title}, {facts.label}. {facts.address}",
        "rai:dataUseCases": facts.manifest.intended_use,
        "rai:dataLimitations": facts.manifest.known_limits,
        "rai:dataCollection": facts.provenance,
        "isLiveDataset": False,
        "distribution": [_file_object(file) for file in facts.files],
        "recordSet": [_record_set(file) for file in facts.files if file.columns],
    }
    return write_json(stated(tree))


def looks_like_croissant(tree: Mapping[str, Any], /) -> bool:
    """Say whether plain data claim to be Croissant."""
    claims = [*ld.listed(tree.get("conformsTo")), *ld.listed(tree.get("dct:conformsTo"))]
    texts = [c.get("@id") if isinstance(c, dict) else c for c in claims]
    return any(isinstance(t, str) and t.startswith(_BEGINS) for t in texts)


def describe_croissant(*, tree: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Return what a Croissant says in the form of ``comity-release.json``.

    Files inside an archive are not files of the release, and are left out; parts are made by the names of the files. Raises
    BadReleaseFile.
    """
    if not looks_like_croissant(tree) or "Dataset" not in ld.types_of(tree):
        raise BadReleaseFile(file=file, where="conformsTo", problem="it is no data set in Croissant")
    name = ld.word(ld.named(tree, "name"))
    if not name:
        raise BadReleaseFile(file=file, where="name", problem="it is missing")
    nodes = {n["@id"]: n for n in ld.tables(ld.named(tree, "distribution")) if isinstance(n.get("@id"), str)}
    found = [
        told for node in ld.tables(ld.named(tree, "distribution")) for told in _files_of(node, nodes, file) if told
    ]
    ld.demand_once(found, file)
    return {
        "comity_release": 1,
        "name": name,
        "type": "data",
        "components": ld.sort_files(found, licence=ld.licence_in(ld.named(tree, "license")), is_data=True),
        **stated(
            {
                "version": ld.word(ld.named(tree, "version")),
                "intended_use": ld.words(tree.get("rai:dataUseCases")),
                "known_limits": ld.words(tree.get("rai:dataLimitations")),
                "languages": [{"language": tag} for tag in ld.languages_in(ld.named(tree, "inLanguage"))],
            }
        ),
    }


def _files_of(node: Mapping[str, Any], nodes: Mapping[str, Any], file: str, /) -> list[dict[str, Any]]:
    """Return what a part of the distribution is in our form: a file, patterns of files, or nothing of the release itself."""
    inside = [c.get("@id") if isinstance(c, dict) else c for c in ld.listed(ld.named(node, "containedIn"))]
    if any(isinstance(i, str) and "FileObject" in ld.types_of(nodes.get(i, {})) for i in inside):
        archive = next(n for i in inside if isinstance(i, str) and (n := nodes.get(i)))
        if "git" not in ld.word(ld.named(archive, "encodingFormat")):
            return []
    if "FileSet" in ld.types_of(node):
        patterns = [ld.word(p).removeprefix("./") for p in ld.listed(ld.named(node, "includes"))]
        return [ld.file_in({}, p.replace("**/", "*"), file) for p in patterns if p]
    if "FileObject" not in ld.types_of(node) or "git" in ld.word(ld.named(node, "encodingFormat")):
        return []
    candidates = (ld.word(ld.named(node, "contentUrl")), ld.word(ld.named(node, "name")), str(node.get("@id") or ""))
    paths = [ld.path_in(candidates[0]), *(ld.path_in(c) for c in candidates[1:])]
    # A name is a label, and is no path where it was written for people.
    path = next((p for p in paths if p), "")
    return [ld.file_in(node, path, file)] if path else []


def _texts(texts: Mapping[str, str], /) -> str | dict[str, str]:
    return texts["en"] if set(texts) == {"en"} else dict(sorted(texts.items()))


def _file_object(file: GivenFile, /) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": identify_path(file.path),
        "name": file.path,
        "contentUrl": file.address,
        "contentSize": f"{file.size} B",
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }


def _record_set(file: GivenFile, /) -> dict[str, Any]:
    at = f"{identify_path(file.path)}/records"
    fields = []
    for number, column in enumerate(file.columns, 1):
        told = {
            "@type": "cr:Field",
            "@id": f"{at}/{number}",
            "name": column.name,
            "dataType": _TYPES[column.type],
            "source": {"fileObject": {"@id": identify_path(file.path)}, "extract": {"column": column.name}},
        }
        fields.append(told)
    return {"@type": "cr:RecordSet", "@id": at, "name": f"records of {file.path}", "field": fields}
