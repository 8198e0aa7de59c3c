"""Compute what a track of a consultation shows: read its answers in one pass, let the engine find groups, keep the figures.

The worker imports it when there is something to analyse. The same answers give the same figures: an analysis whose input has not
changed is kept. What was published is never computed again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.platform.dialogue.census_figures import MAKER, MemberAnswer, census_figures
from comity.platform.dialogue.figures import map_of_groups, people_figures
from comity.platform.dialogue.models import Analysis, Answer, Dialogue, Exposure, Participant, Statement
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.parties.roster import members_on
from comity.platform.work.services import report_progress

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping

    from comity.engines.dialogue.results import Interval
    from comity.platform.work.models import Job

DRAWS, SEED = 50, 1
"""Bootstrap samples for the stability of groups, and what they are drawn with; both stand in the figures."""
CHUNK = 20_000
DAY = 86_400_000
CLOSED = (Dialogue.State.CLOSED, Dialogue.State.ARCHIVED)
LEAST_CHANGED = 5
"""Voices of a track that must have answered since the last result before another is shown."""
LEAST_OF_A_REGION = 10
SILENCED = "speak-and-vote"


@dataclass(slots=True)
class TrackAnswers:
    """The answers of one track that count, as columns of equal length; refused and withdrawn statements and awaited answers do not.

    ``voices`` are the ids of those who answered, in an order that says nothing of when they came; ``who`` indexes them.
    ``what`` is the number of a statement; ``days`` milliseconds of the beginning of the day (UTC). ``texts`` are the original words of
    every statement shown. ``regions`` and ``members`` are by voice (empty: none).
    """

    voices: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    who: array[int] = field(default_factory=lambda: array("i"))
    what: array[int] = field(default_factory=lambda: array("i"))
    values: array[int] = field(default_factory=lambda: array("b"))
    provisional: array[int] = field(default_factory=lambda: array("b"))
    days: array[int] = field(default_factory=lambda: array("q"))
    texts: dict[int, str] = field(default_factory=dict)


def analyse_tracks(job: Job | None, /, *, slug: str) -> list[Analysis]:
    """Bring the analyses of a consultation up to its answers and return them; one that was published stays as it is."""
    dialogue = Dialogue.objects.get(slug=slug)
    return [analyse_track(job, dialogue=dialogue, track=track) for track in tracks_of(dialogue=dialogue)]


def tracks_of(*, dialogue: Dialogue) -> list[str]:
    """Return the tracks that a consultation has."""
    has_people = dialogue.people != Dialogue.People.NOBODY
    return [str(t) for t, there in ((Track.STATES, dialogue.has_states), (Track.PEOPLE, has_people)) if there]


def analyse_track(job: Job | None, /, *, dialogue: Dialogue, track: str) -> Analysis:
    """Analyse one track, or return the analysis that is there where nothing has changed since or it was published."""
    latest = dialogue.analyses.filter(track=track).first()
    if latest is not None and latest.act_id is not None:
        return latest
    moment = timezone.now()
    is_final = dialogue.state_at(moment) in CLOSED
    if latest is not None and not is_final and not may_renew(dialogue=dialogue, latest=latest):
        return latest
    salt = latest.order_salt if latest is not None else secrets.token_hex(32)
    found = read_answers(dialogue=dialogue, track=track, salt=salt, job=job)
    members = _members_then(dialogue, moment) if track == Track.STATES else {}
    digest = digest_of_input(answers=found, members=members, dialogue=dialogue, salt=salt)
    if latest is not None and latest.input_sha256 == digest:
        Analysis.objects.filter(pk=latest.pk, act__isnull=True).update(is_final=is_final, made_at=moment)
        latest.refresh_from_db()
        return latest
    if job is not None:
        report_progress(job=job, step="groups", done=0, total=0)
    figures = _states(dialogue, found, members) if track == Track.STATES else _people(dialogue, found)
    with transaction.atomic():
        kept = Analysis.objects.create(
            dialogue=dialogue,
            track=track,
            made_at=moment,
            engine=figures["engine"],
            votes=len(found.values),
            voices=len(found.voices),
            is_final=is_final,
            figures=figures,
            digest=digest_of_figures(figures),
            order_salt=salt,
            input_sha256=digest,
        )
        dialogue.analyses.filter(track=track, act__isnull=True).exclude(pk=kept.pk).delete()
    return kept


def may_renew(*, dialogue: Dialogue, latest: Analysis) -> bool:
    """Tell whether another result may be shown while answers are taken: none that would tell how fewer than five voices answered.

    Who keeps two results and knows who answered between them could subtract one from the other. Attributed answers are no secret,
    and a result that was held back was seen by nobody. The last result, after the close, holds all answers: where that is too much to
    tell, results wait for the close (``holds_until_close``).
    """
    if latest.votes < dialogue.least_votes or dialogue.holds_until_close:
        return True
    changed = count_changed(dialogue=dialogue, track=latest.track, since=latest.made_at)
    is_open = latest.track == Track.STATES and dialogue.attribution == Dialogue.Attribution.ATTRIBUTED
    return changed >= (1 if is_open else LEAST_CHANGED)


def count_changed(*, dialogue: Dialogue, track: str, since: dt.datetime) -> int:
    """Return how many voices of a track have answered since a moment, counted up to five."""
    later = Answer.objects.filter(participant__dialogue=dialogue, participant__track=track, given_at__gt=since)
    return later.order_by().values("participant").distinct()[:LEAST_CHANGED].count()


def digest_of_figures(figures: Mapping[str, Any], /) -> str:
    """Return the SHA-256 of figures as canonical JSON, in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(dict(figures))).hexdigest()


def read_answers(
    *, dialogue: Dialogue, track: str, salt: str, job: Job | None = None, numbers: Collection[int] | None = None
) -> TrackAnswers:
    """Return the answers of a track in one pass over the table; the ids of voices are numbers in an order drawn with ``salt``.

    ``numbers`` are the statements to read; without them those that are shown.
    """
    found = TrackAnswers()
    chosen = Q(state=Statement.State.SHOWN) if numbers is None else Q(number__in=list(numbers))
    shown = dict(Statement.objects.filter(chosen, dialogue=dialogue).values_list("pk", "number"))
    rows = Statement.objects.filter(chosen, dialogue=dialogue, texts__state="original")
    found.texts = dict(rows.values_list("number", "texts__text"))
    place, people = _voices(dialogue, track, salt)
    counted = Answer.objects.filter(participant__dialogue=dialogue, participant__track=track)
    counted = counted.exclude(standing=Standing.AWAITING)
    total = counted.count() if job is not None else 0
    used = bytearray(len(place))
    columns = counted.values_list("participant_id", "statement_id", "value", "standing", "given_at")
    for number, (who, what, value, standing, given_at) in enumerate(columns.iterator(chunk_size=CHUNK)):
        if job is not None and number % CHUNK == 0:
            report_progress(job=job, step="answers", done=min(number, total), total=total)
        at = place.get(who)
        statement = shown.get(what)
        if at is None or statement is None or value is None:
            continue  # of a statement that is not shown, or of one who came while we read
        used[at] = 1
        found.who.append(at)
        found.what.append(statement)
        found.values.append(value)
        found.provisional.append(standing == Standing.PROVISIONAL)
        found.days.append(int(given_at.timestamp() * 1000) // DAY * DAY)
    new = array("i", [-1]) * len(place)
    for at, (key, region, member) in enumerate(people):
        if used[at]:
            new[at] = len(found.voices)
            found.voices.append(str(len(found.voices)))
            found.regions.append(region)
            found.members.append(member)
            found.keys.append(key)
    found.who = array("i", (new[at] for at in found.who))
    return found


def _voices(dialogue: Dialogue, track: str, salt: str) -> tuple[dict[int, int], list[tuple[int, str, str]]]:
    """Return the place of each participant by its key, and key, region and member in that order, which is drawn by lot."""
    rows = Participant.objects.filter(dialogue=dialogue, track=track)
    people = sorted(
        (hashlib.sha256(f"{salt} {pseudonym}".encode()).digest(), key, region, member or "")
        for key, pseudonym, region, member in rows.values_list("pk", "pseudonym", "region", "member__slug")
    )
    return {p[1]: at for at, p in enumerate(people)}, [(key, region, member) for _, key, region, member in people]


def digest_of_input(*, answers: TrackAnswers, members: Mapping[str, str], dialogue: Dialogue, salt: str) -> str:
    """Return a digest of everything that figures rest on, keyed with the salt, so that few answers cannot be guessed from it."""
    import numpy as np  # noqa: PLC0415  (heavy, and only the worker needs it)

    found = hashlib.sha256(salt.encode())
    order = np.lexsort((np.asarray(answers.what), np.asarray(answers.who)))
    for column in (answers.who, answers.what, answers.values, answers.provisional, answers.days):
        found.update(np.asarray(column)[order].tobytes())
    about = {
        "regions": answers.regions,
        "members": answers.members,
        "seats": sorted(members.items()),
        "texts": sorted(answers.texts.items()),
        "attribution": dialogue.attribution,
        "maps_states": dialogue.maps_states,
        "made_by": [*_engine_version(), MAKER, DRAWS, SEED],
    }
    found.update(json.dumps(about, ensure_ascii=False).encode())
    return found.hexdigest()


def _engine_version() -> tuple[str]:
    from comity.engines.dialogue.analysis import VERSION  # noqa: PLC0415  (heavy, and only the worker needs it)

    return (VERSION,)


def _members_then(dialogue: Dialogue, moment: dt.datetime) -> dict[str, str]:
    """Return the regional group of each member of the body that may answer: those of the close, or of today while answers are taken."""
    ends = [m for m in (dialogue.closes_at, dialogue.closed_at) if m is not None]
    day = min([*ends, moment]).date()
    seats = members_on(body=dialogue.body.slug, on=day)
    return {s.slug: s.region for s in seats if SILENCED not in {right for right, _ in s.suspended}}


def _states(dialogue: Dialogue, found: TrackAnswers, members: Mapping[str, str]) -> dict[str, Any]:
    return census_figures(
        answers=_member_answers(found),
        regions=members,
        statements=list(found.texts),
        attribution=dialogue.attribution,
        opinion_map=_map_of_states(found) if dialogue.maps_states else None,
    )


def _member_answers(found: TrackAnswers) -> Iterator[MemberAnswer]:
    for who, what, value, provisional in zip(found.who, found.what, found.values, found.provisional, strict=True):
        yield MemberAnswer(found.members[who], what, value, is_provisional=bool(provisional))


def _map_of_states(found: TrackAnswers) -> dict[str, Any] | None:
    from comity.engines.dialogue.groups import find_groups  # noqa: PLC0415  (heavy, and few bodies ask for it)

    return map_of_groups(groups=find_groups(votes=_matrix(found))) if found.voices else None


def _people(dialogue: Dialogue, found: TrackAnswers) -> dict[str, Any]:
    from comity.engines.dialogue.analysis import analyse_dialogue  # noqa: PLC0415  (heavy)

    regions, small = regions_told(answers=found)
    votes = _matrix(found)
    analysis = analyse_dialogue(
        votes=votes,
        regions=regions,
        draws=DRAWS,
        seed=SEED,
        # Of what nobody answered the open data have no row, and the digest must follow from them.
        texts={name: found.texts[int(name)] for name in votes.statements},
    )
    return people_figures(analysis=analysis, weighted=_weighted(dialogue, found), small_regions=small)


def regions_told(*, answers: TrackAnswers) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the region of each voice, and the regions of fewer than ten voices, whose voices stand in none here.

    The engine is told no more than the open data tell, so that both give the same figures.
    """
    numbers = Counter(r for r in answers.regions if r)
    large = {r for r, n in numbers.items() if n >= LEAST_OF_A_REGION}
    told = {v: r for v, r in zip(answers.voices, answers.regions, strict=True) if r in large}
    return told, tuple(sorted(set(numbers) - large))


def _matrix(found: TrackAnswers) -> Any:
    from comity.engines.dialogue.votes import gather_votes  # noqa: PLC0415  (heavy)

    names = {number: str(number) for number in found.texts}
    return gather_votes(
        participants=[found.voices[w] for w in found.who],
        statements=[names[w] for w in found.what],
        values=found.values,
    )


def _weighted(dialogue: Dialogue, found: TrackAnswers) -> dict[str, Interval]:
    """Return the share that agrees with each statement, weighed back to what it would be if all had been drawn alike.

    Only of statements all of whose answers were drawn, with weights that differ; one that was answered from a list has no chance that
    is known. See ``engines.dialogue.routing.reweigh_share``.
    """
    import numpy as np  # noqa: PLC0415  (heavy, and only the worker needs it)

    from comity.engines.dialogue.routing import reweigh_share  # noqa: PLC0415  (heavy)

    place = {key: at for at, key in enumerate(found.keys)}
    width = max(found.texts, default=0) + 1
    cells, drawn_with = array("q"), array("d")
    drawn = Exposure.objects.filter(statement__dialogue=dialogue, participant__track=Track.PEOPLE).order_by("pk")
    columns = drawn.values_list("participant_id", "statement__number", "chance")
    for who, what, chance in columns.iterator(chunk_size=CHUNK):
        if who in place and what < width:
            cells.append(place[who] * width + what)
            drawn_with.append(chance)
    if not cells:
        return {}
    put, first = np.unique(np.asarray(cells), return_index=True)  # the first draw of each, since they come in order
    numbers = np.asarray(found.what)
    answered = np.asarray(found.who).astype(np.int64) * width + numbers
    at = np.minimum(np.searchsorted(put, answered), len(put) - 1)
    steps = np.bincount(put // width, minlength=len(found.keys))[found.who]
    chances = np.where(put[at] == answered, np.asarray(drawn_with)[first][at], 0.0)
    agrees = np.asarray(found.values) == 1
    shares: dict[str, Interval] = {}
    for number in sorted(found.texts):
        mine = numbers == number
        chance, of_each = chances[mine], steps[mine]
        weights = chance * of_each
        if weights.size and 0 < weights.min() < weights.max():
            share = reweigh_share(given=agrees[mine], chances=chance, steps=of_each)
            if share is not None:
                shares[str(number)] = share
    return shares
