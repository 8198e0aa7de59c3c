"""The open data of published results: answers under numbers drawn by lot, from which anyone can compute the published figures.

Of people the rows are published, in the columns of Polis' files, where they are twenty or more; the day of the close stands in all of them, so that no
row tells when its voice came. Of members only what the body decided: under the Chatham House rule and by group there are totals alone, in the results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.errors import NotFound
from comity.platform.dialogue.analyses import read_answers, regions_told
from comity.platform.dialogue.figures import LEAST_VOICES
from comity.platform.dialogue.models import Analysis, Dialogue, Statement
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.moderated import numbers_with_hidden_words
from comity.platform.dialogue.selectors import dialogue_seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.adapters.polis_files import PolisComment, PolisVotes

SCHEMA = 1
DAY = 86_400_000
MEMBERS = ("member", "region", "statement", "answer", "standing")
PUBLISHED, NOT_YET, TOO_FEW, NOT_ATTRIBUTED, NONE = "published", "not-yet", "too-few", "not-attributed", "none"
"""Why rows of a track are there or not."""
_WORDS = {1: "agree", 0: "pass", -1: "disagree"}


@dataclass(frozen=True, slots=True)
class OpenData:
    """What data of a consultation are published. ``people`` and ``states`` are among the words above."""

    dialogue: Dialogue
    analyses: dict[str, Analysis]
    people: str
    states: str

    @property
    def is_published(self) -> bool:
        """Whether an act has published results."""
        return bool(self.analyses)


def open_data_of(*, slug: str, user: Any) -> OpenData:
    """Return which data of a consultation are published. Raises NotFound."""
    dialogue = dialogue_seen(slug=slug, user=user)
    analyses = {a.track: a for a in dialogue.analyses.filter(act__isnull=False)}
    people, states = analyses.get(Track.PEOPLE), analyses.get(Track.STATES)
    attributed = dialogue.attribution == Dialogue.Attribution.ATTRIBUTED
    return OpenData(
        dialogue=dialogue,
        analyses=analyses,
        people=_told(people, asked=dialogue.people != Dialogue.People.NOBODY, refused=_too_few(people)),
        states=_told(states, asked=dialogue.has_states, refused="" if attributed else NOT_ATTRIBUTED),
    )


def results_document(*, slug: str, user: Any) -> dict[str, Any]:
    """Return the published results as one document. Raises NotFound where none are published."""
    data = open_data_of(slug=slug, user=user)
    if not data.is_published:
        raise NotFound(reference=f"{data.dialogue.reference}/data")
    return {
        "schema": SCHEMA,
        "reference": f"{data.dialogue.reference}/results",
        "question": data.dialogue.question,
        "tracks": {
            track: {"figures_sha256": a.digest, "act": f"record/acts/{a.act_id}", "figures": a.figures}
            for track, a in sorted(data.analyses.items())
        },
    }


def vote_rows(*, slug: str, user: Any) -> Iterator[str]:
    """Return the lines of ``votes.csv``. Raises NotFound where rows of people are not published."""
    from comity.adapters.polis_writing import vote_lines  # noqa: PLC0415  (imports numpy)

    return vote_lines(votes=_votes(_published_people(slug, user)))


def participant_rows(*, slug: str, user: Any) -> Iterator[str]:
    """Return the lines of ``participants-votes.csv``. Raises NotFound where rows of people are not published."""
    from comity.adapters.polis_writing import participant_lines  # noqa: PLC0415  (imports numpy)

    return participant_lines(votes=_votes(_published_people(slug, user)))


def comment_rows(*, slug: str, user: Any) -> Iterator[str]:
    """Return the lines of ``comments.csv``: every statement of the results whose words may be told, without its author. Raises NotFound."""
    from comity.adapters.polis_writing import comment_lines  # noqa: PLC0415  (imports numpy)

    return comment_lines(comments=_comments(_published_people(slug, user)))


def member_rows(*, slug: str, user: Any) -> Iterator[tuple[str, str, int, str, str]]:
    """Yield what each member answered, where the body decided that answers are attributed. Raises NotFound elsewhere."""
    data = open_data_of(slug=slug, user=user)
    if data.states != PUBLISHED:
        raise NotFound(reference=f"{data.dialogue.reference}/data/members.csv")
    voices = data.dialogue.participants.filter(track=Track.STATES).values_list("member__slug", "member__region")
    regions = {str(slug): region for slug, region in voices}
    return _members(data.analyses[Track.STATES].figures, regions)


def _members(figures: dict[str, Any], regions: dict[str, str]) -> Iterator[tuple[str, str, int, str, str]]:
    for row in figures["statements"]:
        for member, (value, is_provisional) in sorted(row["answers"].items()):
            standing = Standing.PROVISIONAL if is_provisional else Standing.POSITION
            yield member, regions.get(member, ""), row["statement"], _WORDS[value], str(standing)


def _told(analysis: Analysis | None, *, asked: bool, refused: str) -> str:
    if not asked:
        return NONE
    return NOT_YET if analysis is None else refused or PUBLISHED


def _too_few(people: Analysis | None) -> str:
    return TOO_FEW if people is not None and people.voices < LEAST_VOICES else ""


def _published_people(slug: str, user: Any) -> Analysis:
    data = open_data_of(slug=slug, user=user)
    if data.people != PUBLISHED:
        raise NotFound(reference=f"{data.dialogue.reference}/data/votes.csv")
    return data.analyses[Track.PEOPLE]


def _numbers(published: Analysis) -> list[int]:
    return [row["statement"] for row in published.figures["statements"]]


def _votes(published: Analysis) -> PolisVotes:
    """Return the published votes, by voice and statement: the order of rows tells nothing."""
    import numpy as np  # noqa: PLC0415  (heavy)

    from comity.adapters.polis_files import PolisVotes  # noqa: PLC0415  (imports numpy)

    found = read_answers(
        dialogue=published.dialogue, track=Track.PEOPLE, salt=published.order_salt, numbers=_numbers(published)
    )
    who, what = np.asarray(found.who, dtype=np.int32), np.asarray(found.what, dtype=np.int32)
    numbers = np.asarray(sorted(found.texts), dtype=np.int32)
    order = np.lexsort((what, who))
    return PolisVotes(
        participants=tuple(found.voices),
        statements=tuple(str(n) for n in numbers.tolist()),
        who=who[order],
        what=np.searchsorted(numbers, what[order]).astype(np.int32),
        values=np.asarray(found.values, dtype=np.int8)[order],
        times=np.full(len(order), _day_of_close(published.dialogue), dtype=np.int64),
        regions=regions_told(answers=found)[0],
    )


def _day_of_close(dialogue: Dialogue) -> int:
    """Return the one day that stands in all rows, in milliseconds.

    The day on which each answered would tell apart who came on a day when few did, and with it all that they answered.
    """
    ends = min(m for m in (dialogue.closes_at, dialogue.closed_at) if m is not None)
    return int(ends.timestamp() * 1000) // DAY * DAY


def _comments(published: Analysis) -> list[PolisComment]:
    from comity.adapters.polis_files import PolisComment  # noqa: PLC0415  (imports numpy)

    hidden = numbers_with_hidden_words(dialogue=published.dialogue)
    rows = Statement.objects.filter(
        dialogue=published.dialogue, number__in=_numbers(published), texts__state="original"
    )
    # A statement whose words were taken away has no row: its votes stand, and whoever reads the files goes by its number.
    return [
        PolisComment(id=str(number), text=text, moderated=1, time=int(written_at.timestamp() * 1000) // DAY * DAY)
        for number, text, written_at in rows.order_by("number").values_list("number", "texts__text", "written_at")
        if number not in hidden
    ]
