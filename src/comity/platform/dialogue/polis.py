"""Take a conversation over from Polis into a draft, and give one of ours out again as the same three files.

Taking over is all or nothing at one moment, without holding the database for long: rows are written in short transactions and are
part of nothing (their statements are withdrawn) until a last short one shows them. What a broken attempt left, the next removes.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from comity.errors import BadParameter, BadRow, Conflict, NotFound
from comity.platform.dialogue.analyses import LEAST_OF_A_REGION
from comity.platform.dialogue.models import Answer, Dialogue, Participant, Statement, StatementText
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.models.statements import MOST_CHARACTERS
from comity.platform.dialogue.moderated import numbers_with_hidden_words
from comity.platform.dialogue.results import count_answers
from comity.platform.parties.rules import authorise
from comity.platform.parties.submission_text import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.adapters.polis_files import PolisComment, PolisVotes

ACTION = "convene a dialogue"
MOST_STATEMENTS = 5_000
MOST_ANSWERS = 300_000
"""What is taken over through the door at once; larger conversations are analysed from their files."""
MOST_LETTERS = 3 * MOST_CHARACTERS
MADE_BY = "Polis"
CHUNK = 2_000
LEAST_VOICES = 5
DAY = 86_400_000
UNDER_WAY = dt.timedelta(minutes=10)
STATE_OF = {1: Statement.State.SHOWN, 0: Statement.State.WAITING, -1: Statement.State.REFUSED}
# Row by row through the model, a conversation of a few hundred thousand answers would take a minute.
_INSERT = """
INSERT INTO dialogue_answer (participant_id, statement_id, value, standing, given_at) VALUES (%s, %s, %s, %s, %s)
"""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How much was taken over: statements by their state, voices, and answers (the latest in each cell)."""

    shown: int
    waiting: int
    refused: int
    voices: int
    answers: int


def import_conversation(
    *,
    slug: str,
    votes: PolisVotes,
    comments: Sequence[PolisComment],
    language: str,
    by: Any,
    regions: Mapping[str, str] | None = None,
) -> TakenOver:
    """Take statements and votes of people into a draft that has none of others yet.

    A statement accepted elsewhere is shown, one not looked at waits here, one left out is refused. Its number is its id plus one
    in a draft without seeds, else the next one. Voices get pseudonyms drawn anew. ``language`` is that of the statements.
    Raises NotPermitted, NotFound, BadParameter, BadRow, or Conflict where it is no draft, asks no people, or has such already.
    """
    from comity.adapters.polis_files import gather_matrix  # noqa: PLC0415  (heavy)

    dialogue = _held(slug=slug, by=by)
    if not _LANGUAGE.fullmatch(language):
        raise BadParameter(name="language", found=language[:20], allowed="a code such as en, fr or pt-BR")
    _demand_statements(votes=votes, comments=comments)
    if strange := sorted({r for r in (regions or votes.regions).values() if HIDDEN.search(r)}):
        raise BadParameter(name="region", found=ascii(strange[0])[:40], allowed="text without control characters")
    matrix = gather_matrix(votes=votes)
    if len(matrix.values) > MOST_ANSWERS:
        raise BadParameter(name="votes", found=f"{len(matrix.values):,}", allowed=f"at most {MOST_ANSWERS:,}")
    now = timezone.now()
    statements = _write_statements(dialogue, comments=comments, language=language, by=by, now=now)
    try:
        moments = _moments(votes, now=now)
        people = _write_people(
            dialogue, participants=matrix.participants, regions=regions or votes.regions, moments=moments, now=now
        )
        ids = [statements[s] for s in matrix.statements]
        starts, columns, values = matrix.starts.tolist(), matrix.columns.tolist(), matrix.values.tolist()
        adapt = connection.ops.adapt_datetimefield_value
        when = {person: adapt(moments.get(person, now)) for person in matrix.participants}
        cells = (
            (people[person], ids[columns[at]], values[at], str(Standing.OWN), when[person])
            for i, person in enumerate(matrix.participants)
            for at in range(starts[i], starts[i + 1])
        )
        for chunk in _chunks(cells):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(_INSERT, chunk)
        return _show(dialogue, comments=comments, statements=statements, people=people, answers=len(values), by=by)
    except BaseException:
        _remove_taken_over(dialogue)
        raise


def export_conversation(*, slug: str, by: Any) -> tuple[PolisVotes, tuple[PolisComment, ...]]:
    """Return the people's track as votes and statements, for the convenor, to be written as Polis' files.

    Voices stand under their pseudonyms, times are those of the day. Of an open consultation nothing is given out: whoever keeps two
    copies could tell what was answered between them. Once it was opened, regions of few voices are left out, and nothing is given out
    where results are held back for want of answers. Raises NotPermitted, NotFound, or Conflict while it is open, has fewer than five
    voices, or is held back.
    """
    import numpy as np  # noqa: PLC0415  (heavy, and only this reads votes)

    from comity.adapters.polis_files import PolisVotes  # noqa: PLC0415  (heavy)

    dialogue = Dialogue.objects.select_related("body").filter(slug=slug).first()
    if dialogue is None:
        raise NotFound(reference=f"dialogue/{slug[:60]}")
    authorise(by=by, action=ACTION, body=dialogue.body.slug)
    state = dialogue.state_at(timezone.now())
    if state == Dialogue.State.OPEN:
        raise Conflict(problem="An open dialogue gives no votes out. Wait until it has closed; nothing was written.")
    rows = Answer.objects.filter(participant__dialogue=dialogue, participant__track=Track.PEOPLE)
    rows = rows.exclude(statement__state=Statement.State.WITHDRAWN).order_by()
    if state != Dialogue.State.DRAFT and count_answers(dialogue=dialogue, track=Track.PEOPLE) < dialogue.least_votes:
        raise Conflict(
            problem=f"Results are held back until there are {dialogue.least_votes:,} answers, and so are the votes."
        )
    # Without the words of a statement nobody could read its votes, or tell that it was refused.
    rows = rows.exclude(statement__number__in=numbers_with_hidden_words(dialogue=dialogue))
    columns = list(
        rows.values_list("participant__pseudonym", "statement__number", "value", "given_at").iterator(chunk_size=CHUNK)
    )
    columns.sort(key=lambda row: (row[0], row[1]))
    people = tuple(sorted({row[0] for row in columns}))
    if len(people) < LEAST_VOICES:
        raise Conflict(problem=f"Fewer than {LEAST_VOICES} voices have answered: giving them out would name them.")
    comments = tuple(_comments(dialogue))
    statements = tuple(sorted({str(row[1]) for row in columns} | {c.id for c in comments}))
    at_person, at_statement = ({name: i for i, name in enumerate(names)} for names in (people, statements))
    known = Participant.objects.filter(dialogue=dialogue, track=Track.PEOPLE).exclude(region="")
    regions = {name: region for name, region in known.values_list("pseudonym", "region") if name in at_person}
    if state != Dialogue.State.DRAFT:
        voices = Counter(regions.values())
        regions = {name: region for name, region in regions.items() if voices[region] >= LEAST_OF_A_REGION}
    votes = PolisVotes(
        participants=people,
        statements=statements,
        who=np.array([at_person[row[0]] for row in columns], dtype=np.int32),
        what=np.array([at_statement[str(row[1])] for row in columns], dtype=np.int32),
        values=np.array([row[2] for row in columns], dtype=np.int8),
        times=np.array([int(row[3].timestamp() * 1000) // DAY * DAY for row in columns], dtype=np.int64),
        regions=regions,
    )
    tallies = {s: [0, 0] for s in statements}
    for _, number, value, _ in columns:
        if value:
            tallies[str(number)][value < 0] += 1
    return votes, tuple(replace(c, agrees=tallies[c.id][0], disagrees=tallies[c.id][1]) for c in comments)


def _comments(dialogue: Dialogue) -> Iterator[PolisComment]:
    from comity.adapters.polis_files import PolisComment  # noqa: PLC0415  (heavy)

    words = StatementText.objects.filter(statement__dialogue=dialogue, state=StatementText.State.ORIGINAL)
    words = words.exclude(statement__state=Statement.State.WITHDRAWN).order_by("statement__number")
    words = words.exclude(statement__number__in=numbers_with_hidden_words(dialogue=dialogue))
    moderated = {state: value for value, state in STATE_OF.items()}
    for number, text, state, author, track, written_at in words.values_list(
        "statement__number",
        "text",
        "statement__state",
        "statement__author__pseudonym",
        "statement__track",
        "statement__written_at",
    ):
        yield PolisComment(
            id=str(number),
            text=text,
            author=(author or "") if track == Track.PEOPLE else "",
            moderated=moderated[Statement.State(state)],
            time=int(written_at.timestamp() * 1000) // DAY * DAY,
        )


def _held(*, slug: str, by: Any, lock: bool = False) -> Dialogue:
    """Return a draft that asks people. Raises NotFound, NotPermitted or Conflict."""
    rows = Dialogue.objects.select_for_update(of=("self",)) if lock else Dialogue.objects.all()
    found = rows.select_related("body").filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"dialogue/{slug[:60]}")
    authorise(by=by, action=ACTION, body=found.body.slug)
    if found.state_at(timezone.now()) != Dialogue.State.DRAFT:
        raise Conflict(problem="Only a draft takes a conversation over: make a new one. Nothing was changed.")
    if found.people == Dialogue.People.NOBODY:
        raise Conflict(
            problem="This dialogue asks states alone, and the votes are those of people. Nothing was changed."
        )
    return found


def _demand_statements(*, votes: PolisVotes, comments: Sequence[PolisComment]) -> None:
    if not comments:
        raise BadParameter(name="comments", found="no statement", allowed=f"from 1 to {MOST_STATEMENTS:,}")
    if len(comments) > MOST_STATEMENTS:
        raise BadParameter(name="comments", found=f"{len(comments):,}", allowed=f"from 1 to {MOST_STATEMENTS:,}")
    for row, comment in enumerate(comments, 2):
        if len(" ".join(comment.text.split())) > MOST_LETTERS:
            raise BadRow(
                file="comments",
                row=row,
                problem=f"the statement {comment.id} has {len(comment.text)} characters; at most {MOST_LETTERS} are taken over",
            )
        if HIDDEN.search(" ".join(comment.text.split())):
            raise BadRow(
                file="comments",
                row=row,
                problem=f"the statement {comment.id} has control or direction-override characters; take them out",
            )
    missing = sorted(set(votes.statements) - {c.id for c in comments})
    if missing:
        raise BadRow(file="comments", row=1, problem=f'no row has the comment-id "{missing[0]}", which was voted on')


def _write_statements(
    dialogue: Dialogue, *, comments: Sequence[PolisComment], language: str, by: Any, now: dt.datetime
) -> dict[str, int]:
    """Write the statements, withdrawn as yet, and return their keys by id; they also keep a second attempt out meanwhile."""
    _demand_room(dialogue, now=now)
    with transaction.atomic():
        held = _held(slug=dialogue.slug, by=by, lock=True)
        _demand_room(held, now=now)
        numbers = _numbers(comments, first=held.next_number)
        made = Statement.objects.bulk_create(
            Statement(
                dialogue=held,
                number=numbers[c.id],
                track=Track.PEOPLE,
                language=language,
                state=Statement.State.WITHDRAWN,
                written_at=_moment(c.time, now=now),
            )
            for c in comments
        )
        StatementText.objects.bulk_create(
            StatementText(
                statement=statement,
                language=language,
                text=" ".join(c.text.split()),
                state=StatementText.State.ORIGINAL,
                made_by=MADE_BY,
                made_at=now,
            )
            for c, statement in zip(comments, made, strict=True)
        )
        held.next_number = max(numbers.values()) + 1
        held.save(update_fields=["next_number"])
    return {c.id: statement.pk for c, statement in zip(comments, made, strict=True)}


def _demand_room(dialogue: Dialogue, *, now: dt.datetime) -> None:
    """Remove what a broken attempt left. Raises Conflict where one is under way, or was done."""
    theirs = dialogue.statements.filter(track=Track.PEOPLE)
    if theirs.exclude(state=Statement.State.WITHDRAWN).exists():
        raise Conflict(problem="This draft has taken a conversation over already. Make a new one; nothing was changed.")
    if StatementText.objects.filter(statement__in=theirs, made_at__gt=now - UNDER_WAY).exists():
        raise Conflict(
            problem="A conversation is being taken over into this draft now. Wait ten minutes, then look again."
        )
    if theirs.exists():
        _remove_taken_over(dialogue)


def _remove_taken_over(dialogue: Dialogue) -> None:
    """Remove, in short transactions, what was written and never shown; the answers first, since they point at the others."""
    theirs = dialogue.statements.filter(track=Track.PEOPLE, state=Statement.State.WITHDRAWN)
    for rows in (
        Answer.objects.filter(statement__in=theirs),
        Participant.objects.filter(dialogue=dialogue, way=Participant.Way.IMPORTED),
        theirs,
    ):
        model = rows.model
        while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001  (Django's own name for it)


def _numbers(comments: Sequence[PolisComment], *, first: int) -> dict[str, int]:
    """Return a number for each id: the id plus one where nothing stands here yet and all are numbers, else one after another."""
    ids = sorted((c.id for c in comments), key=lambda i: (len(i), i))
    plain = [int(i) for i in ids if i.isascii() and i.isdecimal() and len(i) <= len("999999")]
    if first == 1 and len(set(plain)) == len(ids):
        return {i: int(i) + 1 for i in ids}
    return {i: first + at for at, i in enumerate(ids)}


def _moment(time: int | None, *, now: dt.datetime) -> dt.datetime:
    """Return a time of a file; now where there is none, or none that can be."""
    if time is None or not 0 < time <= now.timestamp() * 1000:
        return now
    return dt.datetime.fromtimestamp(time / 1000, tz=dt.UTC)


def _moments(votes: PolisVotes, *, now: dt.datetime) -> dict[str, dt.datetime]:
    """Return when each voice last voted, where the file says so."""
    if votes.times is None:
        return {}
    last: dict[int, int] = {}
    for who, time in zip(votes.who.tolist(), votes.times.tolist(), strict=True):
        if time > last.get(who, -1):
            last[who] = time
    return {votes.participants[who]: _moment(time, now=now) for who, time in last.items()}


def _write_people(
    dialogue: Dialogue,
    *,
    participants: Sequence[str],
    regions: Mapping[str, str],
    moments: Mapping[str, dt.datetime],
    now: dt.datetime,
) -> dict[str, int]:
    keys: list[int] = []
    rows = (
        Participant(
            dialogue=dialogue,
            track=Track.PEOPLE,
            way=Participant.Way.IMPORTED,
            pseudonym=secrets.token_hex(8),
            region=regions.get(person, ""),
            came_at=moments.get(person, now),
        )
        for person in participants
    )
    for chunk in _chunks(rows):
        keys += [made.pk for made in Participant.objects.bulk_create(chunk)]
    return dict(zip(participants, keys, strict=True))


def _show(
    dialogue: Dialogue,
    *,
    comments: Sequence[PolisComment],
    statements: Mapping[str, int],
    people: Mapping[str, int],
    answers: int,
    by: Any,
) -> TakenOver:
    """Show what was written, all of it at one moment. Raises Conflict where the draft was opened meanwhile."""
    written = [
        Statement(pk=statements[c.id], author_id=people.get(c.author), state=STATE_OF[c.moderated]) for c in comments
    ]
    with transaction.atomic():
        _held(slug=dialogue.slug, by=by, lock=True)
        Statement.objects.bulk_update(written, ["author", "state"], batch_size=200)
    counts = {value: sum(c.moderated == value for c in comments) for value in STATE_OF}
    return TakenOver(shown=counts[1], waiting=counts[0], refused=counts[-1], voices=len(people), answers=answers)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Yield rows by as many as one short transaction writes."""
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held
