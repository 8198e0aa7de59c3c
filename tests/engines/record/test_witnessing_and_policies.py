"""What a witness decides, answer by answer of the specification, and when a policy is met."""

from __future__ import annotations

import pytest

from comity.adapters.signing_keys import SigningKey
from comity.engines.record.checkpoints import Checkpoint
from comity.engines.record.merkle import MerkleTree
from comity.engines.record.notes import ED25519
from comity.engines.record.policies import Witness, WitnessPolicy, judge_policy
from comity.engines.record.witnessing import Request, Seen, decide, parse_request
from comity.errors import BadParameter, MalformedNote

KEY = SigningKey(name="log.example/record", kind=ED25519, seed=bytes(range(32)))
OTHER = SigningKey(name="log.example/record", kind=ED25519, seed=bytes(32))
TREE = MerkleTree()
TREE.extend([bytes([i]) for i in range(20)])
KEYS = {KEY.name: [KEY.verifier]}


def note(size: int, *, key: SigningKey = KEY, origin: str = KEY.name, root: bytes | None = None) -> str:
    return key.sign(text=Checkpoint(origin=origin, size=size, root=TREE.root(size) if root is None else root).text)


def request(old: int, size: int, **changes) -> Request:
    return Request(old=old, proof=TREE.consistency_proof(old=old, new=size), note=note(size, **changes))


def seen(size: int) -> Seen:
    return Seen(size=size, root=TREE.root(size))


def test_the_first_checkpoint_of_a_known_log_is_cosigned():
    decision = decide(request=request(0, 7), seen=None, keys=KEYS)
    assert (decision.status, decision.checkpoint.size, decision.text.split("\n")[1]) == (200, 7, "7")


def test_a_checkpoint_that_continues_is_cosigned():
    assert decide(request=request(7, 20), seen=seen(7), keys=KEYS).status == 200


def test_the_same_checkpoint_is_cosigned_again():
    assert decide(request=request(7, 7), seen=seen(7), keys=KEYS).status == 200


def test_a_size_other_than_the_last_is_a_conflict_and_tells_the_last():
    decision = decide(request=request(3, 20), seen=seen(7), keys=KEYS)
    assert (decision.status, decision.known, decision.checkpoint) == (409, 7, None)


def test_a_log_that_went_back_is_a_conflict():
    assert decide(request=request(5, 5), seen=seen(7), keys=KEYS).status == 409


def test_a_second_tree_of_one_size_is_a_conflict():
    again = Request(old=7, proof=(), note=note(7, root=bytes(32)))
    assert (decide(request=again, seen=seen(7), keys=KEYS).status) == 409


def test_a_proof_that_does_not_fit_cannot_be_accepted():
    wrong = Request(old=7, proof=(bytes(32),), note=note(20))
    decision = decide(request=wrong, seen=seen(7), keys=KEYS)
    assert (decision.status, decision.checkpoint) == (422, None)


def test_a_proof_from_nothing_must_be_empty():
    wrong = Request(old=0, proof=(bytes(32),), note=note(20))
    assert decide(request=wrong, seen=None, keys=KEYS).status == 422


def test_an_unknown_log_is_not_found():
    assert decide(request=request(0, 7, origin="elsewhere"), seen=None, keys=KEYS).status == 404


def test_a_signature_of_another_key_is_forbidden():
    assert decide(request=request(0, 7, key=OTHER), seen=None, keys=KEYS).status == 403


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request():
    wrong = Request(old=9, proof=(), note=note(7))
    assert decide(request=wrong, seen=seen(9), keys=KEYS).status == 400


def test_a_request_goes_through_its_body_and_back():
    given = request(7, 20)
    assert parse_request(given.body) == given


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 07\n\n" + note(7),
        "old -1\n\n" + note(7),
        "new 7\n\n" + note(7),
        "old 7\nAAAA\n\n" + note(7),
        "old 7\n%%\n\n" + note(7),
        "old 0\n" + ("A" * 43 + "=\n") * 64 + "\n" + note(7),
        "old 0",
    ],
)
def test_a_malformed_request_is_refused(body):
    with pytest.raises(MalformedNote):
        parse_request(body)


def six() -> tuple[Witness, ...]:
    return tuple(
        Witness(name=f"{region}{n}", key="", region=region) for region in ("africa", "asia", "europe") for n in (1, 2)
    )


def test_two_witnesses_from_each_of_three_regions():
    policy = WitnessPolicy(witnesses=six(), at_least=6, from_each=2, regions=3)
    assert judge_policy(policy=policy, cosigned_by=[w.name for w in six()]).is_met
    five = judge_policy(policy=policy, cosigned_by=[w.name for w in six()[:5]])
    assert (five.is_met, five.signed, five.regions_met) == (False, 5, 2)


def test_two_regions_of_three_are_enough_where_the_policy_says_so():
    policy = WitnessPolicy(witnesses=six(), at_least=1, from_each=2, regions=2)
    assert judge_policy(policy=policy, cosigned_by=["africa1", "africa2", "asia1", "asia2"]).is_met
    assert not judge_policy(policy=policy, cosigned_by=["africa1", "africa2", "asia1", "europe1"]).is_met


def test_the_same_witness_twice_counts_once():
    policy = WitnessPolicy(witnesses=six(), at_least=2)
    assert not judge_policy(policy=policy, cosigned_by=["africa1", "africa1"]).is_met


@pytest.mark.parametrize(
    "rule",
    [
        {"at_least": 7},
        {"at_least": 0},
        {"from_each": 3, "regions": 1},
        {"from_each": 1},
        {"from_each": 2, "regions": 4},
    ],
)
def test_a_policy_that_its_witnesses_can_never_meet_is_refused(rule):
    with pytest.raises(BadParameter):
        WitnessPolicy(witnesses=six(), **rule)
