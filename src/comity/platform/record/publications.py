"""What the log publishes beside its tiles: receipts, payloads of public acts, and openings of restricted ones."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db.models import Q
from django.utils import timezone

from comity.engines.record.merkle import leaf_hash
from comity.engines.record.policies import judge_policy
from comity.engines.record.proofs import Receipt
from comity.errors import NotFound, NotYetSequenced
from comity.platform.record.models import Act, Checkpoint
from comity.platform.record.selectors import visible_act
from comity.platform.record.visibility import Visibility, seen_by

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from comity.engines.record.policies import WitnessPolicy
    from comity.platform.record.log import Log
    from comity.platform.record.selectors import ActView

MOST_OPENINGS = 1000


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A signed checkpoint as pages show it; ``note`` carries the cosignatures, ``witnesses`` their names."""

    origin: str
    size: int
    root: str
    signed_at: dt.datetime
    note: str
    witnesses: tuple[str, ...]


def latest_checkpoint(*, origin: str, including: int | None = None, witnessed: bool = False) -> CheckpointView | None:
    """Return the latest checkpoint of an origin, or the latest with a cosignature, or None.

    ``including`` asks for one whose tree holds the entry of that index.
    """
    found = Checkpoint.objects.filter(origin=origin)
    if including is not None:
        found = found.filter(size__gt=including)
    if witnessed:
        found = found.filter(cosignatures__isnull=False).distinct()
    kept = found.order_by("-size").prefetch_related("cosignatures").first()
    return None if kept is None else view_of_checkpoint(kept)


def view_of_checkpoint(kept: Checkpoint) -> CheckpointView:
    """Return a checkpoint with its cosignatures, in the order of the witnesses' names."""
    lines = list(kept.cosignatures.all())
    return CheckpointView(
        origin=kept.origin,
        size=kept.size,
        root=kept.root,
        signed_at=kept.signed_at,
        note=kept.note + "".join(f"{c.line}\n" for c in lines),
        witnesses=tuple(c.witness for c in lines),
    )


def receipt_of(*, act_id: str, user: Any, log: Log) -> str:
    """Return the receipt of an act (C2SP tlog-proof): entry, index, proof of inclusion, checkpoint with its cosignatures.

    The witnessed checkpoint is preferred to a later one that no witness has signed. The entry itself is the receipt's
    ``extra`` line, so the file can be checked alone. Raises NotFound, or NotYetSequenced where the log does not hold it yet.
    """
    act = visible_act(act_id=act_id, user=user)
    checkpoint = None if act.sequence is None else _checkpoint_for(origin=log.origin, index=act.sequence)
    if act.sequence is None or checkpoint is None:
        raise NotYetSequenced(reference=f"record/acts/{act.pk}")
    proof = log.store.tree(checkpoint.size).inclusion_proof(index=act.sequence)
    return Receipt(index=act.sequence, proof=tuple(proof), checkpoint=checkpoint.note, extra=bytes(act.body)).text


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt as its page shows it: ``leaf`` is the entry's hash in hexadecimal."""

    index: int
    leaf: str
    checkpoint: CheckpointView
    is_witnessed: bool


def receipt_view(*, act: ActView, log: Log, policy: WitnessPolicy | None) -> ReceiptView | None:
    """Return what the page of an act says of its receipt, or None where the log does not hold the act yet."""
    if act.sequence is None:
        return None
    checkpoint = _checkpoint_for(origin=log.origin, index=act.sequence)
    if checkpoint is None:
        return None
    enough = policy is not None and judge_policy(policy=policy, cosigned_by=checkpoint.witnesses).is_met
    leaf = leaf_hash(act.body.encode()).hex()
    return ReceiptView(index=act.sequence, leaf=leaf, checkpoint=checkpoint, is_witnessed=enough)


def _checkpoint_for(*, origin: str, index: int) -> CheckpointView | None:
    """Return the latest witnessed checkpoint that holds an entry, else the latest one that does."""
    witnessed = latest_checkpoint(origin=origin, including=index, witnessed=True)
    return witnessed or latest_checkpoint(origin=origin, including=index)


def payload_digest(*, act_id: str) -> str:
    """Return the digest under which the payload of an act is published, or nothing where it is not public."""
    act = _published().filter(pk=act_id).first()
    return act.payload_sha256 if act else ""


def payload_of(*, digest: str) -> bytes:
    """Return the canonical JSON that a public or released act decided, by its SHA-256. Raises NotFound."""
    act = _published().filter(payload_sha256=digest).first()
    if act is None or act.payload is None:
        raise NotFound(reference=f"record/payloads/{digest[:64]}")
    return zlib.decompress(bytes(act.payload))


def _published() -> QuerySet[Act]:
    opened = Q(is_payload_withheld=False) | Q(payload_opens_at__lte=timezone.now())
    return Act.objects.filter(opened, seen_by(user=None), payload__isnull=False)


def opening_of(*, index: int) -> bytes:
    """Return what opens a restricted entry: its index, salt and content, once its date has come. Raises NotFound."""
    act = _opened().filter(sequence=index).first()
    if act is None or act.salt is None:
        raise NotFound(reference=f"record/openings/{index}")
    return rfc8785.dumps({"index": index, "salt": bytes(act.salt).hex(), "content": act.content})


def opened_entries(*, after: int = -1) -> tuple[int, ...]:
    """Return the indices of restricted entries whose date has come, in order, at most a thousand after one."""
    found = _opened().filter(sequence__gt=after).order_by("sequence").values_list("sequence", flat=True)
    return tuple(int(index) for index in found[:MOST_OPENINGS])


def _opened() -> Any:
    due = Q(released_at__lte=timezone.now()) & ~Q(visibility=Visibility.PUBLIC)
    return Act.objects.filter(due, sequence__isnull=False, salt__isnull=False)
