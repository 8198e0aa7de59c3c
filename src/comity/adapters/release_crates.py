"""RO-Crate, the form of research objects: a release is written as one, and any crate is read into our description.

Source: RO-Crate Metadata Specification 1.1; 1.2 is read too. The description lies beside the files that it names. A part is a ``Collection``
that the root mentions; what RO-Crate has no name for is a ``PropertyValue`` whose ``propertyID`` begins with ``comity-release/``.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from comity.adapters import linked_data as ld
from comity.adapters.bundle_crates import DESCRIPTOR, CrateFile, file_entity, write_graph
from comity.adapters.licence_addresses import address_of_licence
from comity.adapters.release_facts import identify_path, stated
from comity.engines.commons.manifests import COMPONENT_KINDS, RELEASE_TYPES, PublicGoodRecord, Running
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.adapters.release_facts import ReleaseFacts
    from comity.engines.commons.manifests import Component

OURS = "comity-release/"
MOST_ENTITIES = 200_000
_TEXTS = ("intended_use", "known_limits")


def write_crate(*, facts: ReleaseFacts) -> bytes:
    """Return the description of a release as an RO-Crate 1.1, to lie beside its files as ``ro-crate-metadata.json``."""
    given = {f.path: f for f in facts.files}
    values = list(_values(facts))
    parts = [_part(c, given) for c in facts.manifest.components if c.files]
    licences = {c.licence for c in facts.manifest.components if c.files and c.licence} | ({facts.licence} - {""})
    people = [{"@id": f"#author-{n}", "@type": "Person", "name": name} for n, name in enumerate(facts.authors, 1)]
    publisher = {"@id": facts.publisher_address, "@type": "Organization", "name": facts.publisher}
    publisher["url"] = facts.publisher_address
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "description": facts.summary,
        "additionalType": facts.manifest.type,
        "datePublished": facts.released_at.isoformat(),
        "identifier": facts.reference,
        "url": facts.address,
        "version": facts.label,
        "license": _licence(facts.licence) if facts.licence else {"@id": "#licence-not-stated"},
        "inLanguage": list(facts.languages),
        "author": [{"@id": p["@id"]} for p in people],
        "publisher": {"@id": publisher["@id"]},
        "hasPart": [{"@id": identify_path(f.path)} for f in facts.files],
        "mentions": [{"@id": p["@id"]} for p in parts],
        "additionalProperty": [{"@id": v["@id"]} for v in values],
    }
    files: list[dict[str, Any]] = []
    for file in facts.files:
        entity = file_entity(CrateFile(file.path, file.size, file.sha256)) | {"encodingFormat": file.media_type}
        entity["contentUrl"] = file.address
        files.append(stated(entity))
    works = [_work(text) for text in sorted(licences)]
    if not facts.licence:
        works.append(
            {
                "@id": "#licence-not-stated",
                "@type": "CreativeWork",
                "name": "not stated for the whole",
                "description": "Ask whoever shares it.",
            }
        )
    graph = [stated(root), *files, *parts, *works, *people, publisher, *values]
    return write_graph([dict(DESCRIPTOR), *map(_flatten, graph)])


def _flatten(node: Mapping[str, Any], /) -> dict[str, Any]:
    """Return an entity in which a list of one stands as that one, as the specification recommends."""
    return {name: v[0] if isinstance(v, list) and len(v) == 1 else v for name, v in node.items()}


def looks_like_crate(tree: Mapping[str, Any], /) -> bool:
    """Say whether plain data are the description of a crate."""
    return any(_describes(node) for node in ld.tables(tree.get("@graph")))


def describe_crate(*, tree: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Return what a crate says in the form of ``comity-release.json``; parts by names of files where it tells of none.

    Raises BadReleaseFile where it is no crate, names a file twice, or a path leads out of it.
    """
    graph = ld.tables(tree.get("@graph"))
    descriptor = next((node for node in graph if _describes(node)), None)
    if descriptor is None or len(graph) > MOST_ENTITIES:
        raise BadReleaseFile(file=file, where="@graph", problem="it is no description of an RO-Crate")
    nodes = {node["@id"]: node for node in graph if isinstance(node.get("@id"), str)}
    about = next((t["@id"] for t in ld.tables(descriptor.get("about")) if isinstance(t.get("@id"), str)), "./")
    root = nodes.get(about)
    if root is None or not ld.word(root.get("name")):
        raise BadReleaseFile(file=file, where="the root", problem="it is missing, or has no name")
    files: dict[str, dict[str, Any]] = {}
    for node in graph:
        at = node.get("@id")
        if "File" in ld.types_of(node) and isinstance(at, str) and (path := ld.path_in(at)):
            if at in files:
                raise BadReleaseFile(file=file, where=f'the file "{path[:200]}"', problem="it stands twice")
            files[at] = ld.file_in(node, path, file)
    ld.demand_once(files.values(), file)
    licence = (
        "" if _points_at(root.get("license"), "#licence-not-stated") else ld.licence_in(root.get("license"), nodes)
    )
    said = _said(root, nodes)
    kind = ld.word(root.get("additionalType")) or ("data" if _holds_data(files) else "model")
    return {
        "comity_release": 1,
        "name": ld.word(root.get("name")),
        "type": kind if kind in RELEASE_TYPES else "data",
        "components": _parts(root, nodes, files, licence, is_data=kind not in RELEASE_TYPES or kind == "data"),
        **stated({"version": ld.word(root.get("version")), **said, "languages": _languages(root, nodes)}),
    }


def _describes(node: Mapping[str, Any], /) -> bool:
    at = str(node.get("@id") or "")
    claims = [ld.word(c.get("@id")) for c in ld.tables(node.get("conformsTo"))]
    return at.endswith("ro-crate-metadata.json") or any(c.startswith("https://w3id.org/ro/crate") for c in claims)


def _holds_data(files: Mapping[str, Mapping[str, Any]], /) -> bool:
    return not any(f["path"].endswith((".safetensors", ".bin", ".pt", ".onnx", ".gguf")) for f in files.values())


def _points_at(value: Any, name: str, /) -> bool:
    return any(t.get("@id") == name for t in ld.tables(value))


def _part(component: Component, given: Mapping[str, Any], /) -> dict[str, Any]:
    told = {
        "@id": f"#part-{identify_path(component.id)}",
        "@type": "Collection",
        "name": component.id,
        "additionalType": component.kind,
        "description": component.where,
        "license": _licence(component.licence) if component.licence else None,
        "hasPart": [{"@id": identify_path(f.path)} for f in component.files if f.path in given],
    }
    return stated(told)


def _licence(expression: str, /) -> dict[str, str]:
    return {"@id": address_of_licence(expression) or f"#licence-{identify_path(expression)}"}


def _work(expression: str, /) -> dict[str, str]:
    told = f"The licence {expression}, as its SPDX expression says it."
    return {**_licence(expression), "@type": "CreativeWork", "name": expression, "description": told}


def _values(facts: ReleaseFacts, /) -> Iterator[dict[str, Any]]:
    manifest = facts.manifest
    for name in _TEXTS:
        if getattr(manifest, name):
            yield _value(name, getattr(manifest, name))
    if facts.provenance:
        yield _value("provenance", facts.provenance)
    for name, said in asdict(manifest.running).items():
        if said not in (None, ""):
            yield _value(f"running/{name}", said)
    record = manifest.record
    if record.goals:
        yield _value("public_good/goals", list(record.goals))
    if record.goals_evidence:
        yield _value("public_good/goals_evidence", record.goals_evidence)
    for name in (f.name for f in fields(record) if not f.name.startswith("goals")):
        answer = getattr(record, name)
        if answer.value is not None:
            yield stated({**_value(f"public_good/{name}", answer.value), "description": answer.text})
    yield from _qualities(facts)


def _qualities(facts: ReleaseFacts, /) -> Iterator[dict[str, Any]]:
    for number, quality in enumerate((q for q in facts.manifest.languages if q.value is not None), 1):
        yield stated(
            {
                **_value(f"languages/{number}", quality.value),
                "name": quality.measure or "measure not stated",
                "inLanguage": quality.language,
                "minValue": quality.low,
                "maxValue": quality.high,
                "measurementTechnique": quality.source,
                "description": "" if quality.n is None else f"n = {quality.n}",
            }
        )


def _value(name: str, value: Any, /) -> dict[str, Any]:
    told = {"@id": f"#{name.replace('/', '-')}", "@type": "PropertyValue", "name": name.rpartition("/")[2]}
    return {**told, "propertyID": OURS + name, "value": value}


def _said(root: Mapping[str, Any], nodes: Mapping[str, Any], /) -> dict[str, Any]:
    """Return intended use, limits, hardware and answers, which a crate of ours carries."""
    found: dict[str, Any] = {}
    running: dict[str, Any] = {}
    record: dict[str, Any] = {}
    answers = {f.name for f in fields(PublicGoodRecord)}
    for node in _properties(root, nodes):
        name, value = ld.word(node.get("propertyID")).removeprefix(OURS), node.get("value")
        if name in _TEXTS:
            found[name] = ld.words(value)
        elif name.startswith("running/") and name[8:] in {f.name for f in fields(Running)}:
            running[name[8:]] = value
        elif name.startswith("public_good/goals") and name[12:] in answers:
            record[name[12:]] = ld.listed(value) if name.endswith("goals") else ld.words(value)
        elif name.startswith("public_good/") and name[12:] in answers:
            record[name[12:]] = {"answer": value, "text": ld.words(node.get("description"))}
    return {**found, "running": running, "public_good": record}


def _properties(root: Mapping[str, Any], nodes: Mapping[str, Any], /) -> Iterator[Mapping[str, Any]]:
    for item in ld.tables(root.get("additionalProperty")):
        at = item.get("@id")
        node = nodes.get(at, item) if isinstance(at, str) else item
        if ld.word(node.get("propertyID")).startswith(OURS):
            yield node


def _languages(root: Mapping[str, Any], nodes: Mapping[str, Any], /) -> list[dict[str, Any]]:
    found = []
    for node in _properties(root, nodes):
        tags = ld.languages_in(node.get("inLanguage"))
        if not tags or not ld.word(node.get("propertyID")).startswith(f"{OURS}languages/"):
            continue
        n = ld.word(node.get("description")).removeprefix("n = ")
        told = {
            "language": tags[0],
            "measure": ld.word(node.get("name")).replace("measure not stated", ""),
            "value": node.get("value"),
            "n": int(n) if n.isascii() and n.isdigit() and len(n) < 16 else None,  # noqa: PLR2004  (what every machine reads alike)
            "low": node.get("minValue"),
            "high": node.get("maxValue"),
            "source": ld.word(node.get("measurementTechnique")),
        }
        found.append(stated(told))
    measured = {told["language"] for told in found}
    named = [
        nodes.get(i["@id"], i) if isinstance(i, dict) and isinstance(i.get("@id"), str) else i
        for i in ld.listed(root.get("inLanguage"))
    ]
    return found + [{"language": tag} for tag in ld.languages_in(named) if tag not in measured]


def _parts(
    root: Mapping[str, Any],
    nodes: Mapping[str, Any],
    files: Mapping[str, dict[str, Any]],
    licence: str,
    /,
    *,
    is_data: bool,
) -> list[dict[str, Any]]:
    """Return the parts that a crate of ours mentions, and what is left by the names of files and their own licences."""
    found, taken = [], set()
    for at in [t.get("@id") for t in ld.tables(root.get("mentions"))]:
        node = nodes.get(at, {}) if isinstance(at, str) else {}
        kind = ld.word(node.get("additionalType"))
        if "Collection" not in ld.types_of(node) or kind not in COMPONENT_KINDS:
            continue
        inside = [t["@id"] for t in ld.tables(node.get("hasPart")) if t.get("@id") in files and t["@id"] not in taken]
        taken |= set(inside)
        own = ld.licence_in(node.get("license"), nodes)
        told = {
            "id": ld.word(node.get("name")) or kind,
            "kind": kind,
            "licence": own,
            "files": [files[i] for i in inside],
        }
        found.append(told | stated({"where": ld.word(node.get("description"))}))
    by_licence: dict[str, list[dict[str, Any]]] = {}
    for at, told in files.items():
        if at not in taken:
            own = ld.licence_in(nodes[at].get("license"), nodes) or licence
            by_licence.setdefault(own, []).append(told)
    used = {part["id"] for part in found}
    for own, some in sorted(by_licence.items()):
        for part in ld.sort_files(some, licence=own, is_data=is_data):
            number = 2
            while part["id"] in used:
                part["id"], number = f"{part['kind']}-{number}", number + 1
            used.add(part["id"])
            found.append(part)
    return found
