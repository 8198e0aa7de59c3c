"""Ask witnesses to cosign the latest checkpoint, and tell whether the policy is met.

Source: C2SP tlog-witness and tlog-cosignature. A witness that knows a later tree of ours than we do has seen a log that we
have lost: signing stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from comity.adapters.witnesses import ask_witness
from comity.engines.record.policies import WitnessPolicy, judge_policy
from comity.errors import ComityError, WitnessKnowsMore
from comity.platform.record.models import Checkpoint, Cosignature
from comity.platform.record.publications import view_of_checkpoint
from comity.platform.record.sequencer import stop_log

if TYPE_CHECKING:
    from comity.engines.record.policies import Witness
    from comity.platform.record.log import Log


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
