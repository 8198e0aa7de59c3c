"""A published allocation is worked out again from what is public, by whoever checks the record."""

from __future__ import annotations

import copy
import hashlib
import json
import zlib

import pytest
import rfc8785

from comity.adapters.act_checks import RECOMPUTE, ActChecks
from comity.adapters.allocation_files import digest_files
from comity.adapters.round_results import TABLES
from comity.errors import NotFound, WrongPayload
from comity.platform.record.models import Act
from support.rounds import make_need, make_offer, published

pytestmark = pytest.mark.django_db


def payload_of(act) -> dict:
    return json.loads(zlib.decompress(bytes(act.payload)))


def act_of_a_round(**need) -> Act:
    make_need("m1", 300, **need)
    make_need("m2", 200)
    make_offer("m3", 250)
    return Act.objects.get(type="publish-allocation", subject=published().reference)


def wrong(act, payload) -> str:
    return RECOMPUTE["publish-allocation"](act.content, payload)


def test_an_allocation_that_follows_from_its_tables_is_found_right():
    act = act_of_a_round()
    assert wrong(act, payload_of(act)) == ""


def test_one_whose_tables_are_closed_holds_nothing_to_work_out():
    act = act_of_a_round(shown_to="secretariat")
    held = payload_of(act)
    assert "files" not in held
    assert wrong(act, held) == ""
    assert wrong(act, held | {"files": {"needs.csv": ""}}) != ""


def altered(held: dict, name: str, old: str, new: str) -> dict:
    other = copy.deepcopy(held)
    assert old in other["files"][name]
    other["files"][name] = other["files"][name].replace(old, new)
    files = other["files"]
    other["input_sha256"] = digest_files({n: files[n] for n in TABLES if n in files})
    other["result_sha256"] = digest_files({n: files[n] for n in ("allocation.csv", "shares.csv")})
    return other


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("shares.csv", ",150,", ",149,"),
        ("allocation.csv", ",150,", ",149,"),
        ("offers.csv", "250", "249"),
        ("needs.csv", ",300,", ",301,"),
        ("explanation.json", '"binding": true', '"binding": false'),
    ],
)
def test_an_allocation_that_was_tampered_with_is_found(name, old, new):
    act = act_of_a_round()
    assert wrong(act, altered(payload_of(act), name, old, new)) != ""


@pytest.mark.parametrize(
    "change",
    [
        {"round": "capacity/rounds/other"},
        {"input_sha256": "0" * 64},
        {"result_sha256": "0" * 64},
        {"unit": "0"},
        {"unit": "1/0"},
        {"files": {}},
        {"files": []},
        {"closed": None, "files": None},
    ],
)
def test_a_payload_that_is_none_is_found_and_never_breaks_the_check(change):
    act = act_of_a_round()
    assert wrong(act, payload_of(act) | change) != ""


class Payloads:
    """A source of payloads, as a mirror of the log is one."""

    def __init__(self, payloads: list[bytes]) -> None:
        self.held = {f"payloads/{hashlib.sha256(p).hexdigest()}.json": p for p in payloads}

    def read(self, name: str) -> bytes:
        if name not in self.held:
            raise NotFound(reference=name)
        return self.held[name]


def test_an_allocation_computed_from_other_tables_than_those_frozen_is_found():
    first = act_of_a_round(title="First")
    freezing = Act.objects.get(type="freeze-round")
    right = [zlib.decompress(bytes(a.payload)) for a in (freezing, first)]
    checks = ActChecks(source=Payloads(right))
    checks.take(0, [bytes(freezing.body), bytes(first.body)])
    assert checks.finish()["payloads"] == 2
    other = rfc8785.dumps(payload_of(freezing) | {"input_sha256": "0" * 64})
    content = freezing.content | {"payload_sha256": hashlib.sha256(other).hexdigest()}
    checks = ActChecks(source=Payloads([other, right[1]]))
    checks.take(0, [rfc8785.dumps(content), bytes(first.body)])
    with pytest.raises(WrongPayload, match="other tables"):
        checks.finish()
