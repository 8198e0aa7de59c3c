"""The rules of Kueue's three objects that shares of a pool are written as, as a JSON schema, and a check against it.

Stated from the custom resource definitions of Kueue, version ``v1beta2``, in which ``v1beta1`` is marked as deprecated:
https://github.com/kubernetes-sigs/kueue, ``config/components/crd/bases``, ``kueue.x-k8s.io_clusterqueues.yaml``,
``…_localqueues.yaml`` and ``…_resourceflavors.yaml``. Only what is written here is allowed for: a field that is not named is refused.
Its two rules that a schema cannot say are checked beside it: as many resources in each flavor as are covered, in the same order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VERSION = "kueue.x-k8s.io/v1beta2"
NAME = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
QUANTITY = (
    r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))"
    r"(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
)
MOST_RESOURCES = 64
MOST_IN_LABEL = 63
MOST_IN_NAME = 253


def _object(properties: Mapping[str, Any], *, may_lack: Iterable[str] = ()) -> dict[str, Any]:
    required = [p for p in properties if p not in set(may_lack)]
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


_NAME = {"type": "string", "pattern": NAME, "maxLength": MOST_IN_NAME}
_LABEL = {"type": "string", "pattern": LABEL, "maxLength": MOST_IN_LABEL}
_QUANTITY = {"type": "string", "pattern": QUANTITY}
_RESOURCE = {"type": "string", "minLength": 1, "maxLength": MOST_IN_NAME + 1 + MOST_IN_LABEL}
_QUOTA = _object(
    {"name": _RESOURCE, "nominalQuota": _QUANTITY, "borrowingLimit": _QUANTITY}, may_lack=["borrowingLimit"]
)
_FLAVOR = _object(
    {"name": _NAME, "resources": {"type": "array", "items": _QUOTA, "minItems": 1, "maxItems": MOST_RESOURCES}}
)
_GROUP = _object(
    {
        "coveredResources": {"type": "array", "items": _RESOURCE, "minItems": 1, "maxItems": MOST_RESOURCES},
        "flavors": {"type": "array", "items": _FLAVOR, "minItems": 1, "maxItems": MOST_RESOURCES},
    }
)
_QUEUE = _object(
    {
        "cohortName": _NAME,
        "namespaceSelector": _object({"matchLabels": _object({"kubernetes.io/metadata.name": _LABEL})}),
        "resourceGroups": {"type": "array", "items": _GROUP, "minItems": 1, "maxItems": 16},
        "fairSharing": _object({"weight": _QUANTITY}),
    }
)


def _kind(kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    return _object(
        {"apiVersion": {"const": VERSION}, "kind": {"const": kind}, "metadata": _object(metadata), "spec": spec}
    )


SCHEMAS: dict[str, dict[str, Any]] = {
    "ResourceFlavor": _kind("ResourceFlavor", {"name": _NAME}, _object({})),
    "ClusterQueue": _kind("ClusterQueue", {"name": _NAME}, _QUEUE),
    "LocalQueue": _kind("LocalQueue", {"name": _LABEL, "namespace": _LABEL}, _object({"clusterQueue": _NAME})),
}


def check_objects(*, objects: Iterable[Mapping[str, Any]]) -> None:
    """Raise BadInput for the first object that Kueue would refuse, with the place and what it must be."""
    for number, found in enumerate(objects, 1):
        schema = SCHEMAS.get(str(found.get("kind")))
        if schema is None:
            raise BadInput(problem=f"Object {number} for Kueue is no {', '.join(SCHEMAS)}.")
        problem = next(_problems(found, schema, str(found["kind"])), None) or next(_uneven(found), None)
        if problem:
            raise BadInput(problem=f"Kueue would refuse object {number}: {problem}.")


def _uneven(found: Mapping[str, Any]) -> Iterator[str]:
    for group in found["spec"].get("resourceGroups", ()):
        for flavor in group["flavors"]:
            if [r["name"] for r in flavor["resources"]] != group["coveredResources"]:
                yield f"the flavor {flavor['name']} does not list the covered resources, each once and in their order"
        if len(set(group["coveredResources"])) != len(group["coveredResources"]):
            yield "a covered resource stands twice"


def _problems(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield what is wrong with a value under the words of JSON schema that stand above; other words are not understood."""
    if "const" in schema:
        if value != schema["const"]:
            yield f"{where} must be {schema['const']}"
        return
    if schema["type"] == "object" and isinstance(value, dict):
        yield from _problems_of_object(value, schema, where)
    elif schema["type"] == "string" and isinstance(value, str):
        yield from _problems_of_text(value, schema, where)
    elif schema["type"] == "array" and isinstance(value, list):
        if not schema["minItems"] <= len(value) <= schema["maxItems"]:
            yield f"{where} has {len(value)} entries; {schema['minItems']} to {schema['maxItems']} are possible"
        for at, item in enumerate(value, 1):
            yield from _problems(item, schema["items"], f"{where}[{at}]")
    else:
        yield f"{where} must be of the type {schema['type']}"


def _problems_of_text(value: str, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if not re.search(schema.get("pattern", ""), value) or value.endswith("\n"):
        yield f'{where} is "{value[:80]}", which is not of its form'
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{where} has {len(value)} characters"


def _problems_of_object(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> Iterator[str]:
    known = schema["properties"]
    yield from (f"{where}.{key} is missing" for key in schema["required"] if key not in value)
    yield from (f"{where}.{key} is not known" for key in value if key not in known)
    for key in sorted(known.keys() & value.keys()):
        yield from _problems(value[key], known[key], f"{where}.{key}")
