"""The JSON schema of OSCAL's control mapping model, release 1.2.1, as NIST published it.

A work of the United States Government, in the public domain; unchanged, SHA-256
d7df6ed24b1d69b31d9ddd4cd0ce66206c8f10546272d85b40e32830969dd5e9. It says nothing of allowed relationships: those stand in the metaschema, and are checked here.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

RELATIONSHIPS = {"equivalent-to", "equal-to", "subset-of", "superset-of", "intersects-with"}


@cache
def _validator() -> Any:
    text = (Path(__file__).parent / "oscal_mapping_schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def validated(document: Any) -> dict[str, Any]:
    """Return a mapping collection that is valid; fail with what the schema says against it.

    Checks beside the schema: allowed relationships, each UUID used once, and each reference within the file answered.
    """
    document = json.loads(json.dumps(document))
    assert [e.message for e in _validator().iter_errors(document)] == []
    collection: dict[str, Any] = document["mapping-collection"]
    resources = {f"#{r['uuid']}" for r in collection["back-matter"]["resources"]}
    maps = [m for mapping in collection["mappings"] for m in mapping["maps"]]
    assert {m["relationship"] for m in maps} <= RELATIONSHIPS
    ends = [
        mapping[end]["href"] for mapping in collection["mappings"] for end in ("source-resource", "target-resource")
    ]
    assert set(ends) <= resources
    parties = {p["uuid"] for p in collection["metadata"]["parties"]}
    named = [u for r in collection["metadata"]["responsible-parties"] for u in r["party-uuids"]]
    assert set(named) <= parties
    ids = [collection["uuid"], *resources, *parties, *(m["uuid"] for m in (*collection["mappings"], *maps))]
    assert len(ids) == len(set(ids))
    return collection
