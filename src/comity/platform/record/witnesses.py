"""Ask witnesses to cosign the latest checkpoint, and tell whether the policy is met.

Source: C2SP tlog-witness and tlog-cosignature. A witness that knows a later tree of ours than we do has seen a log that we
have lost: signing stops.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from comity.adapters.signing_keys import Ed25519Verifier
from comity.adapters.witness_files import ask_witness
from comity.engines.record.notes import parse_key
from comity.engines.record.policies import judge_policy
from comity.engines.record.witnessing import Request
from comity.errors import ComityError, WitnessKnowsMore
from comity.platform.record.models import Checkpoint, Cosignature
from comity.platform.record.publications import view_of_checkpoint
from comity.platform.record.sequencer import count_numbered, stop_log

if TYPE_CHECKING:
    from comity.engines.record.policies import Verdict, Witness, WitnessPolicy
    from comity.platform.record.log import Log
    from comity.platform.record.publications import CheckpointView


@dataclass(frozen=True, slots=True)
class Answer:
    """What one witness answered: ``problem`` is empty where it cosigned."""

    witness: str
    problem: str = ""


def ask_witnesses(*, log: Log, policy: WitnessPolicy) -> tuple[Answer, ...]:
    """Ask every witness that has not cosigned the latest checkpoint yet, publish what they answer, and return it.

    Nothing is held while a witness is asked: no lock, no transaction.
    """
    latest = Checkpoint.objects.filter(origin=log.origin).order_by("-size").first()
    if latest is None:
        return ()
    signed = set(latest.cosignatures.values_list("witness", flat=True))
    answers = tuple(_ask(log=log, witness=w, checkpoint=latest) for w in policy.witnesses if w.name not in signed)
    if any(not answer.problem for answer in answers):
        log.store.publish_checkpoint(view_of_checkpoint(latest).note)
    return answers


def _ask(*, log: Log, witness: Witness, checkpoint: Checkpoint) -> Answer:
    known = Cosignature.objects.filter(witness=witness.name, checkpoint__origin=log.origin)
    old = int(known.aggregate(size=Max("checkpoint__size"))["size"] or 0)
    try:
        try:
            line, at = _cosignature(log=log, witness=witness, checkpoint=checkpoint, old=old)
        except WitnessKnowsMore as more:
            old = int(more.data["size"])
            if old > checkpoint.size:
                stop_log(reason=f"The witness {witness.name} has seen a tree of {old} entries; this log holds fewer.")
                return Answer(witness=witness.name, problem=str(more))
            line, at = _cosignature(log=log, witness=witness, checkpoint=checkpoint, old=old)
    except ComityError as refused:
        return Answer(witness=witness.name, problem=str(refused))
    Cosignature.objects.get_or_create(
        checkpoint=checkpoint, witness=witness.name, defaults={"line": line, "witnessed_at": at}
    )
    return Answer(witness=witness.name)


def _cosignature(*, log: Log, witness: Witness, checkpoint: Checkpoint, old: int) -> tuple[str, dt.datetime]:
    proof = log.store.tree(checkpoint.size).consistency_proof(old=old)
    line, cosigned = ask_witness(
        address=witness.address,
        by=Ed25519Verifier(key=parse_key(witness.key)),
        request=Request(old=old, proof=proof, note=checkpoint.note),
    )
    return line.text, dt.datetime.fromtimestamp(cosigned.time, tz=dt.UTC)


def largest_witnessed(*, log: Log, policy: WitnessPolicy | None) -> int:
    """Return the largest size of this log that a witness which answers says it has cosigned, 0 where none does.

    A witness tells it when it is asked from the wrong size; nothing is cosigned by asking.
    """
    latest = Checkpoint.objects.filter(origin=log.origin).order_by("-size").first()
    if policy is None or latest is None:
        return 0
    largest = 0
    for witness in policy.witnesses:
        try:
            ask_witness(
                address=witness.address,
                by=Ed25519Verifier(key=parse_key(witness.key)),
                request=Request(old=latest.size, proof=(), note=latest.note),
            )
        except WitnessKnowsMore as more:
            largest = max(largest, int(more.data["size"]))
        except ComityError:
            continue
    return largest


def heed_witnesses(*, log: Log, policy: WitnessPolicy | None) -> None:
    """Stop the log where a witness has cosigned a larger tree than it holds: it was set back, files and tables alike.

    For the moment before a process signs its first tree. A witness that does not answer holds nothing up.
    """
    seen = largest_witnessed(log=log, policy=policy)
    held = count_numbered()
    if seen > held:
        stop_log(reason=f"A witness has seen a tree of {seen} entries; this log holds {held}: it is older.")


def verdict_of(*, checkpoint: CheckpointView | None, policy: WitnessPolicy | None) -> Verdict | None:
    """Return what the policy says of a checkpoint, or None where either is missing."""
    if checkpoint is None or policy is None:
        return None
    return judge_policy(policy=policy, cosigned_by=checkpoint.witnesses)
