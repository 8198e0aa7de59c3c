"""Shares of a pool as objects of Kueue, which queues jobs on Kubernetes: for each member a ClusterQueue and a LocalQueue.

All members are of one cohort. ``nominalQuota`` is what a member receives; what others leave idle it may borrow, up to what it
asked for (``borrowingLimit``; none is set where it asked for any number of tasks). ``fairSharing.weight`` is its published weight,
which Kueue uses for what is borrowed, by dominant share as here. Quotas are rounded down to what Kubernetes can hold, thousandths
of a processor and units of all else, so that they never pass what was shared out.

The text is YAML in block form with every value in quotation marks; each object is checked by ``kueue_facts.py`` before it is written.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.adapters.kueue_facts import LABEL, MOST_IN_LABEL, VERSION, check_objects
from comity.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_IN_COHORT = 30
MOST_QUANTITY = 2**63 - 1
WEIGHT_PLACES = 9
NAMESPACE = "kubernetes.io/metadata.name"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def name_namespace(*, member: str) -> str:
    """Return the namespace of a member: its code in small letters, points and underscores as hyphens (RFC 1123). Raises BadInput.

    >>> name_namespace(member="FJI"), name_namespace(member="Region_2")
    ('fji', 'region-2')
    """
    name = re.sub(r"[._]", "-", member.strip().lower())
    if not re.fullmatch(LABEL, name) or len(name) > MOST_IN_LABEL:
        raise BadInput(
            problem=f'"{member[:80]}" cannot be a name in Kubernetes. Use a code of at most {MOST_IN_LABEL} letters a to z, digits '
            "and hyphens, such as FJI."
        )
    return name


def demand_cohort(*, name: str) -> str:
    """Return the name of a cohort. Raises BadParameter where it cannot be one."""
    if not re.fullmatch(LABEL, name) or len(name) > MOST_IN_COHORT:
        raise BadParameter(
            name="--kueue",
            found=name[:80],
            allowed=f"the name of a cohort: at most {MOST_IN_COHORT} small letters a to z, digits and hyphens",
        )
    return name


def compose_objects(
    *,
    cohort: str,
    members: Iterable[str],
    resources: Sequence[str],
    given: Mapping[tuple[str, str], Fraction],
    asked: Mapping[tuple[str, str], Fraction | None],
    weights: Mapping[str, Fraction],
) -> list[dict[str, Any]]:
    """Return the objects of a pool. ``given`` and ``asked`` are by member and resource of Kubernetes, 0 where none is named.

    ``asked`` is None where a member asked for any amount. Raises BadInput where two members would have one namespace, or a name or an
    amount is none that Kubernetes can hold.
    """
    demand_cohort(name=cohort)
    if not resources:
        raise BadInput(
            problem="No resource of the pool has a name in the column kueue: write one, such as nvidia.com/gpu."
        )
    objects: list[dict[str, Any]] = [
        {"apiVersion": VERSION, "kind": "ResourceFlavor", "metadata": {"name": cohort}, "spec": {}}
    ]
    names: dict[str, str] = {}
    for member in sorted(members):
        space = name_namespace(member=member)
        if space in names:
            raise BadInput(
                problem=f'"{names[space]}" and "{member}" would have one namespace in Kubernetes, "{space}". '
                "Give them codes that differ otherwise."
            )
        names[space] = member
        quotas = []
        for resource in sorted(resources):
            have = _round_down(given.get((member, resource), Fraction(0)), resource)
            quota = {"name": resource, "nominalQuota": _write(have, resource)}
            wanted = asked.get((member, resource), Fraction(0))
            if wanted is not None:
                quota["borrowingLimit"] = _write(max(_round_down(wanted, resource) - have, 0), resource)
            quotas.append(quota)
        objects += _queues(cohort, space, quotas, weights.get(member, Fraction(1)))
    check_objects(objects=objects)
    return objects


def _queues(cohort: str, space: str, quotas: list[dict[str, str]], weight: Fraction) -> list[dict[str, Any]]:
    name = f"{cohort}-{space}"
    group = {"coveredResources": [q["name"] for q in quotas], "flavors": [{"name": cohort, "resources": quotas}]}
    spec = {
        "cohortName": cohort,
        "namespaceSelector": {"matchLabels": {NAMESPACE: space}},
        "resourceGroups": [group],
        "fairSharing": {"weight": _write_weight(weight, space)},
    }
    return [
        {"apiVersion": VERSION, "kind": "ClusterQueue", "metadata": {"name": name}, "spec": spec},
        {
            "apiVersion": VERSION,
            "kind": "LocalQueue",
            "metadata": {"name": cohort, "namespace": space},
            "spec": {"clusterQueue": name},
        },
    ]


def _round_down(amount: Fraction, resource: str) -> int:
    """Return an amount in thousandths of a processor, or in units of anything else."""
    whole = (amount * (1000 if resource == "cpu" else 1)).__floor__()
    if whole > MOST_QUANTITY:
        raise BadInput(
            problem=f"{resource} is more than Kubernetes can hold. Write its kueue_factor for a larger unit."
        )
    return whole


def _write(whole: int, resource: str) -> str:
    if resource != "cpu":
        return str(whole)
    return f"{whole}m" if whole % 1000 else str(whole // 1000)


def _write_weight(weight: Fraction, space: str) -> str:
    digits = round(weight * 10**WEIGHT_PLACES)
    if digits <= 1:
        raise BadInput(problem=f"The weight of {space} is not above 0.000000001, the least that Kueue knows.")
    whole, part = divmod(digits, 10**WEIGHT_PLACES)
    return f"{whole}.{part:0{WEIGHT_PLACES}}".rstrip("0") if part else str(whole)


def write_objects(*, objects: Iterable[Mapping[str, Any]]) -> str:
    """Return objects as one YAML text, parted by lines of three hyphens."""
    texts = ["\n".join(_lines(found, 0)) + "\n" for found in objects]
    return (
        "# Shares of a compute pool for Kueue. The namespaces must be there: kubectl apply --dry-run=server -f kueue.yaml\n"
        + ("---\n".join(texts))
    )


def _lines(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    space = "  " * depth
    for key, item in value.items():
        name = key if _PLAIN.fullmatch(key) else json.dumps(key)
        if isinstance(item, str):
            yield f"{space}{name}: {json.dumps(item)}"
        elif not item:
            yield f"{space}{name}: {'{}' if isinstance(item, dict) else '[]'}"
        elif isinstance(item, dict):
            yield f"{space}{name}:"
            yield from _lines(item, depth + 1)
        else:
            yield f"{space}{name}:"
            for entry in item:
                if isinstance(entry, str):
                    yield f"{space}- {json.dumps(entry)}"
                else:
                    first, *rest = _lines(entry, depth + 1)
                    yield f"{space}- {first.lstrip()}"
                    yield from rest
