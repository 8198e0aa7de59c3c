"""Read and publish results: held back until answers enough are there, and unchangeable once an act has published them.

What is held back is held back on every door: pages, files and the API all ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import Conflict, NotFound
from comity.platform.dialogue.analyses import CLOSED, tracks_of
from comity.platform.dialogue.models import Analysis, Answer, Dialogue, Statement
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.selectors import dialogue_seen, in_words
from comity.platform.dialogue.tasks import ANALYSE, start_if_stale
from comity.platform.parties.rules import authorise, may
from comity.platform.record.services import enter_act
from comity.platform.work.selectors import jobs_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from comity.platform.dialogue.selectors import ShownStatement
    from comity.platform.record.models import Act
    from comity.platform.work.selectors import Progress

STATES, PEOPLE = str(Track.STATES), str(Track.PEOPLE)
MOST_LINKS = 300
"""Statements that the act of publishing names as its parts: an act has a bounded length."""


@dataclass(frozen=True, slots=True)
class TrackResult:
    """What a reader sees of one track: figures, or why there are none.

    ``missing`` is how many answers are wanting before anything is shown (0: none). ``awaits_close`` says that nothing is shown while
    answers are taken. ``figures`` is None while there are none; ``act`` is the id of the act that published them, else empty.
    """

    track: str
    missing: int
    awaits_close: bool
    figures: Mapping[str, Any] | None
    made_at: dt.datetime | None
    is_final: bool
    digest: str
    act: str
    sequence: int | None

    @property
    def is_held_back(self) -> bool:
        """Whether there may be figures that are not shown yet."""
        return self.awaits_close or self.missing > 0


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a consultation as an account sees them, by track: states, then people.

    ``may_publish`` says that this account may now; ``progress`` is that of the analysis at work, None where none is.
    """

    dialogue: Dialogue
    state: str
    tracks: tuple[TrackResult, ...]
    progress: Progress | None
    may_convene: bool
    may_publish: bool

    def of(self, track: str) -> TrackResult | None:
        """Return the result of one track, None where the consultation has no such track."""
        return next((t for t in self.tracks if t.track == track), None)


def results_of(*, slug: str, user: Any, now: dt.datetime | None = None, starts: bool = False) -> Results:
    """Return the results of a consultation. ``starts`` queues an analysis where they are behind. Raises NotFound."""
    moment = now or timezone.now()
    dialogue = dialogue_seen(slug=slug, user=user)
    state = dialogue.state_at(moment)
    if state == Dialogue.State.DRAFT:
        raise NotFound(reference=f"{dialogue.reference}/results")
    if starts:
        start_if_stale(dialogue=dialogue, now=moment)
    latest = {a.track: a for a in dialogue.analyses.select_related("act").order_by("pk")}
    tracks = tuple(_track(dialogue, track, latest.get(track), state) for track in tracks_of(dialogue=dialogue))
    job = jobs_of(kind=ANALYSE, subjects=[slug]).get(slug)
    may_convene = may(user=user, action="convene a dialogue", body=dialogue.body.slug)
    ready = state in CLOSED and dialogue.closing_id is not None and not any(t.act for t in tracks)
    return Results(
        dialogue=dialogue,
        state=str(state),
        tracks=tracks,
        progress=job if job is not None and job.is_open else None,
        may_convene=may_convene,
        may_publish=may_convene and ready and any(t.figures is not None and t.is_final for t in tracks),
    )


def count_answers(*, dialogue: Dialogue, track: str) -> int:
    """Return how many answers of a track count: of statements that are shown, instructions awaited left out."""
    found = Answer.objects.filter(
        participant__dialogue=dialogue, participant__track=track, statement__state=Statement.State.SHOWN
    )
    return found.exclude(standing=Standing.AWAITING).count()


def statements_in_words(*, dialogue: Dialogue, numbers: Collection[int], language: str) -> dict[int, ShownStatement]:
    """Return the words of statements that are shown, by number, in the reader's language where there is a text."""
    rows = list(dialogue.statements.filter(number__in=list(numbers), state=Statement.State.SHOWN))
    return {s.number: s for s in in_words(rows=rows, language=language)}


def publish_results(*, slug: str, by: Any) -> Act:
    """Publish the results of a closed consultation, as an act; from then on its figures never change.

    Every track is published whose result is not held back. Raises NotPermitted, NotFound, or Conflict where its closing is not on
    the record, the last analysis is behind the answers, or the results are published already.
    """
    moment = timezone.now()
    with transaction.atomic():
        held = Dialogue.objects.select_for_update(of=("self",)).select_related("body").filter(slug=slug).first()
        if held is None:
            raise NotFound(reference=f"dialogue/{slug[:60]}")
        office = authorise(by=by, action="convene a dialogue", body=held.body.slug)
        if held.state_at(moment) not in CLOSED or held.closing_id is None or held.opening_id is None:
            raise Conflict(problem="Results are published after the closing is on the record; nothing was done.")
        ready = _ready(held)
        reference = f"{held.reference}/results"
        act = enter_act(
            type="publish-results",
            office=office,
            authority=held.rule,
            subject=reference,
            payload={
                "dialogue": slug,
                "tracks": {
                    a.track: {"figures_sha256": a.digest, "engine": a.engine, "made_at": a.made_at.isoformat()}
                    for a in ready
                },
            },
            links=_links(held, reference, ready),
            visibility=held.visibility,
            audience=held.audience,
            released_at=held.released_at,
        )
        Analysis.objects.filter(pk__in=[a.pk for a in ready]).update(act=act)
    return act


def _ready(held: Dialogue) -> list[Analysis]:
    """Return the analyses to publish, one for each track that is not held back. Raises Conflict."""
    latest = {a.track: a for a in held.analyses.select_for_update().order_by("pk")}
    if any(a.act_id for a in latest.values()):
        raise Conflict(problem="These results are published already; published figures do not change.")
    shown = set(held.statements.filter(state=Statement.State.SHOWN).values_list("number", flat=True))
    ready = []
    for track in tracks_of(dialogue=held):
        found, votes = latest.get(track), count_answers(dialogue=held, track=track)
        if votes < held.least_votes:
            continue
        if found is None or not found.is_final or found.votes != votes or not _covers(found, shown, held):
            raise Conflict(problem="The last analysis is behind the answers. Wait until it is done, then publish.")
        ready.append(found)
    if not ready:
        raise Conflict(problem="No track has answers enough for a result that may be shown; nothing was published.")
    return ready


def _covers(found: Analysis, shown: set[int], held: Dialogue) -> bool:
    """Tell whether an analysis knows no statement that is not shown any more, and was made after the last answer."""
    numbers = {row["statement"] for row in found.figures.get("statements", ())}
    later = Answer.objects.filter(
        participant__dialogue=held, participant__track=found.track, given_at__gt=found.made_at
    )
    return numbers <= shown and not later.exists()


def _links(held: Dialogue, reference: str, ready: list[Analysis]) -> list[tuple[str, str, str]]:
    """Return what the results rest on, and the statements whose results they hold: those that a draft can cite."""
    links = [
        (reference, "wasDerivedFrom", held.reference),
        (reference, "wasInfluencedBy", f"record/acts/{held.opening_id}"),
        (reference, "wasInfluencedBy", f"record/acts/{held.closing_id}"),
    ]
    common = [row["statement"] for a in ready for row in a.figures.get("common_ground", ())]
    every = sorted({row["statement"] for a in ready for row in a.figures.get("statements", ())})
    chosen = list(dict.fromkeys([*common, *every]))[:MOST_LINKS]
    return links + [(f"{held.reference}/statements/{n}", "wasDerivedFrom", reference) for n in sorted(chosen)]


def _track(dialogue: Dialogue, track: str, latest: Analysis | None, state: str) -> TrackResult:
    act = latest.act if latest is not None else None
    awaits = act is None and dialogue.holds_until_close and state == Dialogue.State.OPEN
    missing = 0
    if act is None and (latest is None or latest.votes < dialogue.least_votes):
        missing = max(0, dialogue.least_votes - count_answers(dialogue=dialogue, track=track))
    enough = latest is not None and (act is not None or latest.votes >= dialogue.least_votes)
    # What was held back until the close shows once every answer is in it: two results could be subtracted.
    whole = latest is not None and (latest.is_final or not dialogue.holds_until_close)
    shown = latest if latest is not None and enough and whole and not awaits and not missing else None
    return TrackResult(
        track=track,
        missing=missing,
        awaits_close=awaits,
        figures=shown.figures if shown else None,
        made_at=shown.made_at if shown else None,
        is_final=shown.is_final if shown else False,
        digest=shown.digest if shown else "",
        act=str(act.pk) if act else "",
        sequence=act.sequence if act else None,
    )
