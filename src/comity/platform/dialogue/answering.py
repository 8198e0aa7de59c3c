"""Answer statements one at a time: what is put before a voice next, and its answer, the latest of which counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from comity.errors import BadParameter, ClearanceNeeded, NotFound, StatementNotShown
from comity.platform.dialogue.models import Answer, Dialogue, Exposure, Participant, Statement
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.participation import (
    clears_answers,
    demand_open,
    digest_of,
    join_dialogue,
    member_voice,
)
from comity.platform.dialogue.selectors import ShownStatement, in_words
from comity.platform.dialogue.showing import (
    UNIFORM,
    Draw,
    draw_alike,
    draw_weighed,
    last_shown,
    not_answered,
    record_showing,
    waited_after_first,
)

if TYPE_CHECKING:
    import datetime as dt

VALUES = (-1, 0, 1)
# One statement, so that an answer and the state of its consultation are of one moment: who closes waits for it, or it for them.
_UPSERT = """
INSERT INTO dialogue_answer (participant_id, statement_id, value, standing, given_at)
SELECT p.id, s.id, CAST(%s AS smallint), %s, %s
FROM dialogue_participant p
JOIN dialogue_dialogue d ON d.id = p.dialogue_id
JOIN dialogue_statement s ON s.dialogue_id = d.id
WHERE {whose} AND s.number = %s AND s.state = 'shown'
  AND d.opened_at <= %s AND d.closes_at > %s AND d.closed_at IS NULL {lock}
ON CONFLICT (participant_id, statement_id)
DO UPDATE SET value = excluded.value, standing = excluded.standing, given_at = excluded.given_at
RETURNING id, statement_id
"""
_OF_A_VOICE = "p.id = %s"
# The index of codes leaves out the empty ones; a query must say so to be served by it.
_OF_A_CODE = (
    "p.code_sha256 = %s AND NOT (p.code_sha256 = '') AND p.track = 'people' AND d.slug = %s AND d.visibility = 'public'"
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement that was drawn for one who has no voice yet, as likely as all others, and how likely that was."""

    shown: ShownStatement
    probability: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a voice has come: statements answered, of those that are shown."""

    answered: int
    shown: int


def give_answer(
    *,
    slug: str,
    number: int,
    value: int | None,
    participant: Participant,
    by: Any,
    standing: str = Standing.OWN,
    probability: float | None = None,
    now: dt.datetime | None = None,
) -> Answer:
    """Keep an answer to a statement in place of an earlier one: 1 agree, 0 pass, -1 disagree.

    A person's is its own, whatever ``standing`` says. For a member ``by`` must hold its voice; ``standing`` is *position*,
    *provisional*, or *awaiting* with no value. ``probability`` is that with which ``first_statement`` drew the statement, for a
    voice that has been shown nothing else yet. Raises NotFound, BadParameter, DialogueNotOpen, StatementNotShown, NotPermitted,
    VoiceHeldByAnother, or ClearanceNeeded for a position where the delegation has somebody who clears.
    """
    dialogue = participant.dialogue
    if dialogue.slug != slug:
        raise NotFound(reference=f"dialogue/{slug[:60]}")
    if participant.track == Track.PEOPLE:
        given = keep_answer(participant=participant, number=number, value=value, standing=Standing.OWN, now=now)
        _record_first(participant, given=given, probability=probability)
        return given
    assert participant.member is not None  # noqa: S101  (a constraint of the table says so)
    member = participant.member
    member_voice(dialogue=dialogue, member=member.slug, by=by)
    if standing == Standing.POSITION and clears_answers(dialogue=dialogue, member=member.slug):
        raise ClearanceNeeded(member=str(member))
    given = keep_answer(participant=participant, number=number, value=value, standing=standing, now=now)
    _record_first(participant, given=given, probability=probability)
    return given


def keep_answer(
    *, participant: Participant, number: int, value: int | None, standing: str, now: dt.datetime | None = None
) -> Answer:
    """Write an answer that its caller has permitted, in one statement that asks whether the consultation is open.

    Nothing is half done: either the row stands as given or nothing has changed. Raises BadParameter, DialogueNotOpen, NotFound
    or StatementNotShown.
    """
    _demand_answer(participant, value=value, standing=standing)
    moment = now or timezone.now()
    row = _upsert(whose=_OF_A_VOICE, who=[participant.pk], number=number, value=value, standing=standing, moment=moment)
    if row is None:
        raise _why_not(participant, number=number, moment=moment)
    return Answer(
        pk=row[0], participant=participant, statement_id=row[1], value=value, standing=str(standing), given_at=moment
    )


def answer_by_code(*, slug: str, key: str, number: int, value: int) -> bool:
    """Keep the answer of a person who came with a code, where all is in order; return False, and keep nothing, where it is not.

    It asks the tables once, and nothing else: the way of most answers. ``give_answer`` says what was not in order.
    """
    if value not in VALUES:
        return False
    given: dict[str, Any] = {"number": number, "value": value, "standing": Standing.OWN, "moment": timezone.now()}
    return _upsert(whose=_OF_A_CODE, who=[digest_of(key), slug], **given) is not None


def answer_on_coming_in(
    *,
    slug: str,
    number: int,
    value: int | None,
    user: Any,
    region: str = "",
    key: str | None = None,
    probability: float | None = None,
    chance: bytes = b"",
) -> tuple[Participant, str, Answer]:
    """Let a person come in with its first answer; neither stands without the other.

    ``probability`` is that with which ``first_statement`` drew it, None where it was chosen from a list; ``chance`` is as for
    ``join_dialogue``.
    Returns the voice, its code (empty for an account) and the answer. Raises what ``join_dialogue`` and ``give_answer`` raise.
    """
    with transaction.atomic():
        participant, code = join_dialogue(slug=slug, user=user, region=region, key=key, chance=chance)
        given = give_answer(
            slug=slug, number=number, value=value, participant=participant, by=user, probability=probability
        )
    return participant, code, given


def next_statement(*, participant: Participant, draw: float, language: str = "en") -> ShownStatement | None:
    """Return what to put before a voice: what it was shown last and has not answered, else one drawn anew; None at the end.

    ``draw`` is a number from 0 to 1 (excluded), drawn by chance. Each draw is recorded with its probability, once. Raises
    DialogueNotOpen.
    """
    dialogue = participant.dialogue
    demand_open(dialogue=dialogue)
    left = not_answered(dialogue=dialogue, participant=participant)
    if not left:
        return None
    before = last_shown(participant=participant, left=left)
    if before is None:
        drawn = draw_weighed(participant=participant, left=left, draw=draw)
        record_showing(participant=participant, drawn=drawn)
        before = drawn.statement
    return _shown(before, language=language, participant=participant)


def first_statement(*, dialogue: Dialogue, draw: float, language: str = "en") -> Drawn | None:
    """Return a statement for one who has no voice yet; what is recorded of it comes in with the first answer."""
    demand_open(dialogue=dialogue)
    left = not_answered(dialogue=dialogue, participant=None)
    if not left:
        return None
    drawn = draw_alike(left=left, draw=draw)
    return Drawn(shown=_shown(drawn.statement, language=language, participant=None), probability=drawn.probability)


def progress_of(*, dialogue: Dialogue, participant: Participant | None) -> Progress:
    """Return how many statements are shown and how many of them a voice has answered; instructions awaited count."""
    shown = dialogue.statements.filter(state=Statement.State.SHOWN)
    done = shown.filter(answers__participant=participant).count() if participant is not None else 0
    return Progress(answered=done, shown=shown.count())


def _record_first(participant: Participant, *, given: Answer, probability: float | None) -> None:
    """Record the first showing of a voice, whose draw came back with its first answer."""
    if probability is None or Exposure.objects.filter(participant=participant).exists():
        return
    left = not_answered(dialogue=participant.dialogue, participant=participant)
    after = waited_after_first(left, given.statement_id, probability)
    record_showing(participant=participant, drawn=Draw(given.statement_id, probability, probability, UNIFORM, after))


def _upsert(
    *, whose: str, who: list[Any], number: int, value: int | None, standing: str, moment: dt.datetime
) -> tuple[int, int] | None:
    """Write one answer where its voice, statement and consultation allow it; return its key and that of the statement."""
    at = connection.ops.adapt_datetimefield_value(moment)
    sql = _UPSERT.format(whose=whose, lock="FOR SHARE OF d" if connection.vendor == "postgresql" else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [value, str(standing), at, *who, number, at, at])
        found: tuple[int, int] | None = cursor.fetchone()
    return found


def _shown(key: int, *, language: str, participant: Participant | None) -> ShownStatement:
    return in_words(rows=[Statement.objects.get(pk=key)], language=language, participant=participant)[0]


def _demand_answer(participant: Participant, *, value: int | None, standing: str) -> None:
    allowed = (
        (Standing.OWN,)
        if participant.track == Track.PEOPLE
        else (Standing.POSITION, Standing.PROVISIONAL, Standing.AWAITING)
    )
    if standing not in allowed:
        raise BadParameter(name="standing", found=str(standing)[:20] or "nothing", allowed=", ".join(allowed))
    if standing == Standing.AWAITING and value is not None:
        raise BadParameter(name="value", found=str(value)[:12], allowed="none while instructions are awaited")
    if standing != Standing.AWAITING and value not in VALUES:
        raise BadParameter(name="value", found=str(value)[:12], allowed="1 (agree), 0 (pass), -1 (disagree)")


def _why_not(participant: Participant, *, number: int, moment: dt.datetime) -> Exception:
    """Return the refusal that explains why no row was written."""
    dialogue = Dialogue.objects.get(pk=participant.dialogue_id)
    demand_open(dialogue=dialogue, now=max(moment, timezone.now()))
    if not dialogue.statements.filter(number=number).exists():
        return NotFound(reference=f"{dialogue.reference}/statements/{number}")
    return StatementNotShown(number=number)
