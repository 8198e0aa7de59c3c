"""Write possible joint actions as the rows of a table and as records for machines, the same from a folder and from an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.engines.alignment.joint_actions import MAKER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.engines.alignment.commitments import Commitment, Quoted
    from comity.engines.alignment.joint_actions import JointAction
    from comity.engines.alignment.texts import Instrument, Provision

JOINT_ACTIONS = (
    "group",
    "topics",
    "state",
    "party",
    "provision",
    "label",
    "text",
    "dates",
    "due",
    "indicators",
    "owners",
    "read_by",
    "maker",
)


def joint_action_rows(
    *, groups: Sequence[JointAction], provisions: Mapping[str, Provision], instruments: Mapping[str, Instrument]
) -> Iterator[Sequence[str]]:
    """Yield one row for each action of each group, under the columns of ``JOINT_ACTIONS``; values of one cell are parted by "; "."""
    for group in groups:
        for action in group.actions:
            provision = provisions[action.provision]
            yield (
                group.name,
                " ".join(group.topics),
                "suggested",
                instruments[provision.instrument].party or "",
                provision.id,
                provision.label,
                provision.text,
                words_of(action.dates),
                "; ".join(q.value for q in action.dates if q.value),
                words_of(action.indicators),
                words_of(action.owners),
                action.maker,
                MAKER,
            )


def joint_action_records(
    *, groups: Sequence[JointAction], provisions: Mapping[str, Provision], instruments: Mapping[str, Instrument]
) -> list[dict[str, Any]]:
    """Return one record for each group, its actions with their texts and the places of what they state."""
    return [
        {
            "group": group.name,
            "state": "suggested",
            "topics": list(group.topics),
            "maker": MAKER,
            "actions": [
                {
                    "party": instruments[provisions[a.provision].instrument].party,
                    "provision": a.provision,
                    "label": provisions[a.provision].label,
                    "language": provisions[a.provision].language,
                    "text": provisions[a.provision].text,
                    **commitment_record(a),
                }
                for a in group.actions
            ],
        }
        for group in groups
    ]


def commitment_record(commitment: Commitment, /) -> dict[str, Any]:
    """Return what a provision commits to: its kind, and its dates, indicators and owners with the places of their words."""
    return {
        "kind": commitment.kind,
        "dates": [{**_place(q), "due": q.value or None} for q in commitment.dates],
        "indicators": [_place(q) for q in commitment.indicators],
        "owners": [_place(q) for q in commitment.owners],
        "read_by": commitment.maker,
    }


def words_of(quoted: Sequence[Quoted], /) -> str:
    """Return exact words as one cell, parted by "; "."""
    return "; ".join(q.text for q in quoted)


def _place(quoted: Quoted) -> dict[str, Any]:
    return {"text": quoted.text, "start": quoted.start, "end": quoted.end}
