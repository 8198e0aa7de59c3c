"""Objects for Kueue: valid under the facts of its definitions, read back by a YAML library as they were, never more than was given."""

from __future__ import annotations

import copy
import re
from fractions import Fraction

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.kueue_facts import QUANTITY, SCHEMAS, VERSION, check_objects
from comity.adapters.kueue_shares import compose_objects, demand_cohort, name_namespace, write_objects
from comity.errors import BadInput, BadParameter

names = st.from_regex(r"[A-Z0-9]([A-Z0-9-]{0,20}[A-Z0-9])?", fullmatch=True)
amounts = st.fractions(min_value=0, max_value=10**6, max_denominator=10**4)
RESOURCES = ["cpu", "memory", "nvidia.com/gpu"]


def objects_of(**change):
    told = {
        "cohort": "pool",
        "members": ["KEN", "FJI"],
        "resources": ["nvidia.com/gpu", "cpu"],
        "given": {
            ("FJI", "cpu"): Fraction(7, 3),
            ("FJI", "nvidia.com/gpu"): Fraction(7, 2),
            ("KEN", "cpu"): Fraction(4),
        },
        "asked": {("FJI", "cpu"): Fraction(9), ("FJI", "nvidia.com/gpu"): None, ("KEN", "cpu"): Fraction(4)},
        "weights": {"KEN": Fraction(3, 2)},
    }
    return compose_objects(**{**told, **change})


def amount_of(quantity):
    return Fraction(quantity[:-1]) / 1000 if quantity.endswith("m") else Fraction(quantity)


def test_a_member_has_a_queue_of_the_cluster_and_one_of_its_namespace():
    flavor, fji, of_fji, ken, of_ken = objects_of()
    assert flavor == {"apiVersion": VERSION, "kind": "ResourceFlavor", "metadata": {"name": "pool"}, "spec": {}}
    assert fji["spec"] == {
        "cohortName": "pool",
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "fji"}},
        "resourceGroups": [
            {
                "coveredResources": ["cpu", "nvidia.com/gpu"],
                "flavors": [
                    {
                        "name": "pool",
                        "resources": [
                            {"name": "cpu", "nominalQuota": "2333m", "borrowingLimit": "6667m"},
                            {"name": "nvidia.com/gpu", "nominalQuota": "3"},
                        ],
                    }
                ],
            }
        ],
        "fairSharing": {"weight": "1"},
    }
    assert of_fji["metadata"] == {"name": "pool", "namespace": "fji"}
    assert of_fji["spec"] == {"clusterQueue": fji["metadata"]["name"]} == {"clusterQueue": "pool-fji"}
    assert ken["spec"]["fairSharing"] == {"weight": "1.5"}
    assert ken["spec"]["resourceGroups"][0]["flavors"][0]["resources"][1] == {
        "name": "nvidia.com/gpu",
        "nominalQuota": "0",
        "borrowingLimit": "0",
    }
    assert of_ken["metadata"]["namespace"] == "ken"


@given(
    members=st.sets(names, min_size=1, max_size=4),
    resources=st.sets(st.sampled_from(RESOURCES), min_size=1),
    data=st.data(),
)
def test_what_is_written_is_valid_read_back_as_it_was_and_never_more_than_was_given(members, resources, data):
    given_ = {(m, r): data.draw(amounts) for m in members for r in resources}
    asked = {key: data.draw(st.none() | st.just(amount * 2)) for key, amount in given_.items()}
    weights = {m: data.draw(st.fractions(min_value=Fraction(1, 100), max_value=100)) for m in members}
    objects = compose_objects(
        cohort="pool", members=members, resources=sorted(resources), given=given_, asked=asked, weights=weights
    )
    assert list(yaml.safe_load_all(write_objects(objects=objects))) == objects
    for found in objects:
        assert jsonschema_rs.validator_for(SCHEMAS[found["kind"]]).is_valid(found)
    queues = {
        o["spec"]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]: o
        for o in objects
        if o["kind"] == "ClusterQueue"
    }
    for (member, resource), amount in given_.items():
        quotas = queues[member.lower()]["spec"]["resourceGroups"][0]["flavors"][0]["resources"]
        quota = next(q for q in quotas if q["name"] == resource)
        have = amount_of(quota["nominalQuota"])
        assert 0 <= amount - have < (Fraction(1, 1000) if resource == "cpu" else 1)
        if asked[member, resource] is None:
            assert "borrowingLimit" not in quota
        else:
            assert have + amount_of(quota["borrowingLimit"]) <= asked[member, resource]


def places(value, at=()):
    yield at
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*at, key))
    elif isinstance(value, list):
        for key, item in enumerate(value):
            yield from places(item, (*at, key))


def put(found, at, value):
    for key in at[:-1]:
        found = found[key]
    found[at[-1]] = value


@given(number=st.integers(0, 2), data=st.data())
def test_our_check_says_of_changed_objects_what_a_schema_library_says(number, data):
    found = copy.deepcopy(objects_of()[number])
    at = data.draw(st.sampled_from([p for p in places(found) if p and p != ("kind",)]))
    put(
        found,
        at,
        data.draw(st.sampled_from(["", "UPPER", "a" * 400, "ok", "9", "1.5Gi", "x y", {}, [], {"more": "1"}, 7, None])),
    )
    valid = jsonschema_rs.validator_for(SCHEMAS[found["kind"]]).is_valid(found)
    try:
        check_objects(objects=[found])
    except BadInput as refused:
        assert not valid or "covered resource" in str(refused)  # noqa: PT017  (either outcome is looked at)
    else:
        assert valid


@pytest.mark.parametrize(
    "change,says",
    [
        (lambda o: o.update(kind="Pod"), "Object 1 for Kueue is no ResourceFlavor"),
        (
            lambda o: o.update(apiVersion="kueue.x-k8s.io/v1beta1"),
            "ClusterQueue.apiVersion must be kueue.x-k8s.io/v1beta2",
        ),
        (lambda o: o["spec"].pop("cohortName"), "ClusterQueue.spec.cohortName is missing"),
        (lambda o: o["spec"].update(cohort="pool"), "ClusterQueue.spec.cohort is not known"),
        (lambda o: o["spec"]["resourceGroups"][0]["coveredResources"].reverse(), "does not list the covered resources"),
        (lambda o: o["spec"].update(resourceGroups=[]), "has 0 entries; 1 to 16 are possible"),
    ],
    ids=["kind", "version", "missing", "unknown", "order", "entries"],
)
def test_an_object_that_kueue_would_refuse_is_named_with_its_place(change, says):
    found = objects_of()[1]
    change(found)
    with pytest.raises(BadInput, match=re.escape(says)):
        check_objects(objects=[found])


@pytest.mark.parametrize("quantity", ["0", "12", "2333m", "1.5", "36Gi", "1e3", "0.333333333"])
def test_quantities_of_kubernetes_are_in_the_form(quantity):
    assert re.search(QUANTITY, quantity)


@pytest.mark.parametrize("quantity", ["", "1/3", "12 Gi", "1,5", "many", "1GB"])
def test_what_is_no_quantity_of_kubernetes_is_not(quantity):
    assert not re.search(QUANTITY, quantity)


@pytest.mark.parametrize("member", ["", "a b", "côte", "-", "A_", "x" * 64, "a/b", "a\nb"])
def test_a_member_that_cannot_have_a_namespace_is_refused(member):
    with pytest.raises(BadInput, match="cannot be a name in Kubernetes"):
        name_namespace(member=member)


def test_two_members_that_would_have_one_namespace_are_refused():
    with pytest.raises(BadInput, match=r'"A_B" and "a\.b" would have one namespace in Kubernetes, "a-b"'):
        objects_of(members=["A_B", "a.b"])


@pytest.mark.parametrize("name", ["", "Pool", "a.b", "x" * 31, "-a"])
def test_a_name_that_no_cohort_can_have_is_refused(name):
    with pytest.raises(BadParameter, match="the name of a cohort"):
        demand_cohort(name=name)


@pytest.mark.parametrize(
    "change,says",
    [
        ({"resources": []}, "No resource of the pool has a name in the column kueue"),
        ({"given": {("FJI", "cpu"): Fraction(2**63)}}, "cpu is more than Kubernetes can hold"),
        ({"weights": {"FJI": Fraction(1, 10**9)}}, "The weight of fji is not above 0.000000001"),
        ({"resources": [f"r{n}" for n in range(65)]}, "has 65 entries; 1 to 64 are possible"),
    ],
)
def test_what_kueue_cannot_hold_is_refused_with_what_to_do(change, says):
    with pytest.raises(BadInput, match=says):
        objects_of(**change)
