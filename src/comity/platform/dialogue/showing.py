"""Choose what to put before a voice next, and record each draw with its chances, so that estimates can be re-weighted.

How statements are weighed stands in ``engines.dialogue.routing``; the opinion groups are those of the last analysis. Who has not come
in yet is shown one of all statements, each as likely as the others: nothing is known of it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comity.platform.dialogue.counts import counts_of
from comity.platform.dialogue.group_counts import group_counts_of
from comity.platform.dialogue.models import Answer, Exposure, Statement, Waited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.platform.dialogue.models import Dialogue, Participant

UNIFORM = "uniform/1"
WEIGHED = "weighed/2"
_PAIR = struct.Struct("<qd")


@dataclass(frozen=True, slots=True)
class Draw:
    """A statement by its key, the probability of the draw, and the rule by which it was made.

    ``chance`` is that of its being shown now and not before; ``waited`` maps those left out to what the next draw needs.
    """

    statement: int
    probability: float
    chance: float
    rule: str
    waited: Mapping[int, float]


def not_answered(*, dialogue: Dialogue, participant: Participant | None) -> list[int]:
    """Return the keys of the statements that are shown and that a voice has not answered, by number."""
    shown = dialogue.statements.filter(state=Statement.State.SHOWN).order_by("number")
    if participant is not None:
        shown = shown.exclude(pk__in=Answer.objects.filter(participant=participant).values("statement"))
    return list(shown.values_list("pk", flat=True))


def last_shown(*, participant: Participant, left: list[int]) -> int | None:
    """Return what a voice was shown last of some statements, by its key; None where it was shown none of them."""
    open_ones = set(left)
    shown = Exposure.objects.filter(participant=participant).order_by("-pk").values_list("statement_id", flat=True)
    return next((key for key in shown if key in open_ones), None)


def draw_alike(*, left: list[int], draw: float) -> Draw:
    """Draw one of some statements, each as likely as the others; ``draw`` is a number from 0 up to 1."""
    at = min(int(draw * len(left)), len(left) - 1)
    probability = 1 / len(left)
    return Draw(left[at], probability, probability, UNIFORM, waited_after_first(left, left[at], probability))


def draw_weighed(*, participant: Participant, left: list[int], draw: float) -> Draw:
    """Draw one of some statements that a voice has not been shown, by what is known of each; ``draw`` is from 0 up to 1."""
    import numpy as np  # noqa: PLC0415  (takes a while to load, and answering does without)

    from comity.engines.dialogue.counts import Counts  # noqa: PLC0415  (for the same reason)
    from comity.engines.dialogue.routing import choose_statement, take_standings  # noqa: PLC0415  (for the same reason)

    counts, of_groups = counts_of(dialogue=participant.dialogue), group_counts_of(dialogue=participant.dialogue)
    names = sorted(str(key) for key in left)
    counted = np.array([counts.get(int(name), (0, 0, 0)) for name in names], dtype=np.int64).reshape(-1, 3)
    k = max((len(held) for held in of_groups.values()), default=0)
    none = ((0, 0),) * k
    cells = np.array([of_groups.get(int(name), none) for name in names], dtype=np.int64).reshape(len(names), k, 2)
    agreed, answered = cells[:, :, 0].T, cells[:, :, 1].T
    standings = take_standings(
        statements=tuple(names),
        everybody=Counts(agree=counted[:, 0][None], disagree=counted[:, 2][None], passed=counted[:, 1][None]),
        by_group=Counts(agree=agreed, disagree=np.zeros_like(agreed), passed=answered - agreed),
    )
    before = {str(key): chance for key, chance in _waited(participant).items()}
    found = choose_statement(standings=standings, unseen=names, draw=draw, waited=before)
    assert found is not None  # noqa: S101  (there is a statement left)
    after = {int(name): chance for name, chance in found.waited.items()}
    return Draw(int(found.statement), found.probability, found.chance, WEIGHED, after)


def waited_after_first(left: list[int], chosen: int, probability: float) -> dict[int, float]:
    """Return what the second draw needs after a first in which each statement was as likely as the others."""
    return {key: 1 - probability for key in left if key != chosen and probability < 1}


def record_showing(*, participant: Participant, drawn: Draw) -> None:
    """Record that a statement was put before a voice, and what its next draw needs."""
    with transaction.atomic():
        Exposure.objects.create(
            participant=participant,
            statement_id=drawn.statement,
            probability=drawn.probability,
            chance=drawn.chance,
            rule=drawn.rule,
            shown_at=timezone.now(),
        )
        packed = b"".join(_PAIR.pack(key, chance) for key, chance in sorted(drawn.waited.items()))
        Waited.objects.update_or_create(participant=participant, defaults={"chances": packed})


def _waited(participant: Participant) -> dict[int, float]:
    packed = Waited.objects.filter(participant=participant).values_list("chances", flat=True).first()
    return dict(_PAIR.iter_unpack(bytes(packed))) if packed else {}
