"""Answer under instructions: a delegation prepares answers, its capital clears them, and who holds the voice gives them.

What is prepared is seen by that delegation alone. Where somebody of it may clear in the body, an answer that states the member's
*position* is given only once it is cleared; a *provisional* one, without prejudice, may be given by whoever holds the voice.
Instructions that are awaited count as not yet heard. Nothing of this is an act or a line of a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, ClearanceNeeded, Conflict, NotAsked, NotFound, StatementNotShown
from comity.platform.dialogue.answering import VALUES, keep_answer
from comity.platform.dialogue.lookups import one_line, statement_in
from comity.platform.dialogue.models import Answer, PreparedAnswer, Statement
from comity.platform.dialogue.models.answers import OF_A_MEMBER, Standing
from comity.platform.dialogue.participation import (
    ANSWER,
    MEMBERS_ALONE,
    clears_answers,
    demand_open,
    member_voice,
    seat_of,
    voice_of_member,
)
from comity.platform.dialogue.selectors import dialogue_seen, statements_shown
from comity.platform.parties.rules import may, require, standing_now

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from comity.platform.dialogue.models import Dialogue
    from comity.platform.dialogue.selectors import ShownStatement
    from comity.platform.parties.models import Member

PREPARE = "prepare an answer"
CLEAR = "clear an answer"
MOST_NOTE = 500
STANDINGS = tuple(value for value, _ in OF_A_MEMBER)


@dataclass(frozen=True, slots=True)
class PreparedView:
    """A statement with the member's answer to it, and what the delegation has prepared.

    ``value`` and ``standing`` are those prepared, empty where nothing is. ``seen`` is what a form sends back, so that nobody
    clears or replaces what they did not see. Names are empty where the person has gone.
    """

    statement: ShownStatement
    value: int | None
    standing: str
    note: str
    prepared_by: str
    prepared_at: dt.datetime | None
    cleared_by: str
    cleared_at: dt.datetime | None
    given_at: dt.datetime | None
    seen: str
    may_clear: bool
    may_give: bool
    may_send_back: bool
    awaits_clearance: bool


@dataclass(frozen=True, slots=True)
class DelegationDesk:
    """What a delegation sees of its own answers in a dialogue; the counts are of what waits for somebody."""

    member: str
    rows: tuple[PreparedView, ...]
    needs_clearance: bool
    may_prepare: bool
    may_clear: bool
    may_give: bool
    to_prepare: int
    to_clear: int
    to_give: int


def prepare_answer(
    *,
    slug: str,
    number: int,
    member: str,
    value: int | None,
    standing: str,
    by: Any,
    note: str = "",
    on: str | None = None,
) -> PreparedAnswer:
    """Write what a delegation means to answer, in place of what was prepared before; a clearance of that is gone.

    ``on`` is what the writer saw (``seen`` of the view); None does not ask. Raises NotFound for everyone outside the delegation,
    NotPermitted, BadParameter, DialogueNotOpen, StatementNotShown, NotAsked, or Conflict where another changed it meanwhile.
    """
    dialogue, party = _own(slug=slug, member=member, by=by, action=PREPARE)
    if value is None or isinstance(value, bool) or value not in VALUES:
        raise BadParameter(name="value", found=str(value)[:12], allowed="1 (agree), 0 (pass), -1 (disagree)")
    if standing not in STANDINGS:
        raise BadParameter(name="standing", found=standing[:20] or "nothing", allowed=", ".join(STANDINGS))
    said = one_line(note, name="note", most=MOST_NOTE)
    with transaction.atomic():
        statement = statement_in(dialogue=dialogue, number=number, locked=True)
        if statement.state != Statement.State.SHOWN:
            raise StatementNotShown(number=number)
        row = _locked(dialogue=dialogue, party=party).filter(statement=statement).first()
        if on is not None:
            _demand_seen(row, on=on)
        row = row or PreparedAnswer(dialogue=dialogue, member=party, statement=statement)
        row.value, row.standing, row.note = value, standing, said
        row.prepared_by, row.prepared_at = by, timezone.now()
        row.cleared_by, row.cleared_at, row.given_at = None, None, None
        row.save()
        return row


def drop_prepared(*, slug: str, number: int, member: str, by: Any) -> None:
    """Put away what was prepared and not given. Raises as for preparing it, or Conflict once it was given."""
    dialogue, party = _own(slug=slug, member=member, by=by, action=PREPARE)
    with transaction.atomic():
        row = _prepared(dialogue=dialogue, party=party, number=number)
        _demand_not_given(row)
        row.delete()


def clear_answer(*, slug: str, number: int, member: str, by: Any, on: str) -> None:
    """Let an answer be given as it was prepared. ``on`` is what the capital saw. Raises as ``clear_answers`` does."""
    clear_answers(slug=slug, member=member, seen={number: on}, by=by)


def clear_answers(*, slug: str, member: str, seen: Mapping[int, str], by: Any) -> int:
    """Clear several prepared answers, all or none; ``seen`` maps a statement's number to what the capital saw.

    Returns how many were cleared now; those cleared before stay so. Raises NotFound, NotPermitted, DialogueNotOpen, or Conflict where
    one was changed meanwhile or is given already.
    """
    dialogue, party = _own(slug=slug, member=member, by=by, action=CLEAR)
    if not seen:
        raise BadParameter(name="answers", found="nothing", allowed="at least one answer that was prepared")
    now, done = timezone.now(), 0
    with transaction.atomic():
        for number, on in sorted(seen.items()):
            row = _prepared(dialogue=dialogue, party=party, number=number)
            _demand_seen(row, on=on)
            _demand_not_given(row)
            if row.cleared_at is None:
                row.cleared_by, row.cleared_at = by, now
                row.save(update_fields=["cleared_by", "cleared_at"])
                done += 1
    return done


def send_back(*, slug: str, number: int, member: str, note: str, by: Any) -> None:
    """Take a clearance back, or refuse one, with a remark that stands beside the answer.

    Raises NotFound, NotPermitted, BadParameter, DialogueNotOpen, or Conflict once it was given.
    """
    dialogue, party = _own(slug=slug, member=member, by=by, action=CLEAR)
    said = one_line(note, name="note", most=MOST_NOTE, least=3)
    with transaction.atomic():
        row = _prepared(dialogue=dialogue, party=party, number=number)
        _demand_not_given(row)
        row.cleared_by, row.cleared_at, row.note = None, None, said
        # What goes back is another thing than was seen: a clearance of it that is on its way must fail.
        row.prepared_at = timezone.now()
        row.save(update_fields=["cleared_by", "cleared_at", "note", "prepared_at"])


def give_prepared(*, slug: str, member: str, by: Any, numbers: Sequence[int] | None = None) -> tuple[Answer, ...]:
    """Give prepared answers in the member's name: those of ``numbers``, or all that are ready. All or none.

    Ready is what is cleared, and everything where nobody of the delegation may clear. A provisional answer can be given by its
    number without a clearance. Raises NotFound, NotPermitted, VoiceHeldByAnother, NotAsked, DialogueNotOpen, ClearanceNeeded,
    StatementNotShown, or Conflict where nothing is ready or it was given before.
    """
    dialogue, party = _own(slug=slug, member=member, by=by, action=ANSWER)
    with transaction.atomic():
        voice = member_voice(dialogue=dialogue, member=member, by=by)
        clears = clears_answers(dialogue=dialogue, member=member)
        if numbers is None:
            rows = [
                row
                for row in _locked(dialogue=dialogue, party=party).filter(
                    given_at__isnull=True, statement__state=Statement.State.SHOWN
                )
                if row.cleared_at is not None or not clears
            ]
            if not rows:
                raise Conflict(problem="No answer that was prepared is ready to be given; nothing was changed.")
        else:
            rows = [_prepared(dialogue=dialogue, party=party, number=n) for n in sorted(set(numbers))]
            for row in rows:
                _demand_not_given(row)
                if clears and row.cleared_at is None and row.standing != Standing.PROVISIONAL:
                    raise ClearanceNeeded(member=str(party))
        given = []
        for row in rows:
            answer = keep_answer(participant=voice, number=row.statement.number, value=row.value, standing=row.standing)
            row.given_at = answer.given_at
            row.save(update_fields=["given_at"])
            given.append(answer)
        return tuple(given)


def members_with_desk(*, dialogue: Dialogue, user: Any) -> tuple[str, ...]:
    """Return the members, by slug, to whose delegation an account belongs and that are asked by a dialogue."""
    if not dialogue.has_states:
        return ()
    own = [m for m in standing_now(user=user).members if is_of_delegation(user=user, member=m)]
    return tuple(m for m in own if seat_of(dialogue=dialogue, member=m) is not None)


def is_of_delegation(*, user: Any, member: str) -> bool:
    """Tell whether an account belongs to a delegation, and so sees what it prepares."""
    return f"delegation:{member}" in standing_now(user=user).audiences


def desk_of(
    *, dialogue: Dialogue, member: str, user: Any, language: str, now: dt.datetime | None = None
) -> DelegationDesk:
    """Return every statement that is shown with what a delegation answered and prepared.

    Raises NotFound for everyone outside the delegation, whatever there is.
    """
    if member not in members_with_desk(dialogue=dialogue, user=user):
        raise NotFound(reference=f"{dialogue.reference}/delegation")
    body = dialogue.body.slug
    rights = {action: may(user=user, action=action, member=member, body=body) for action in (PREPARE, CLEAR, ANSWER)}
    is_open = dialogue.state_at(now or timezone.now()) == "open"
    clears = clears_answers(dialogue=dialogue, member=member)
    voice = voice_of_member(dialogue=dialogue, member=member)
    shown = statements_shown(dialogue=dialogue, language=language, participant=voice)
    rows = PreparedAnswer.objects.filter(dialogue=dialogue, member__slug=member)
    held = {row.statement.number: row for row in rows.select_related("statement", "prepared_by", "cleared_by")}
    views = tuple(_view(s, held.get(s.number), clears=clears, rights=rights, is_open=is_open) for s in shown)
    to_prepare, to_clear, to_give = waiting_counts(dialogue=dialogue, member=member)
    return DelegationDesk(
        member=member,
        rows=views,
        needs_clearance=clears,
        may_prepare=is_open and rights[PREPARE],
        may_clear=is_open and rights[CLEAR],
        may_give=is_open and rights[ANSWER],
        to_prepare=to_prepare,
        to_clear=to_clear,
        to_give=to_give,
    )


def waiting_counts(*, dialogue: Dialogue, member: str) -> tuple[int, int, int]:
    """Return how many statements lack an answer and a preparation, and how many prepared answers await clearance or are ready."""
    shown = Statement.objects.filter(dialogue=dialogue, state=Statement.State.SHOWN)
    prepared = PreparedAnswer.objects.filter(dialogue=dialogue, member__slug=member)
    answered = Answer.objects.filter(
        participant__dialogue=dialogue, participant__member__slug=member, value__isnull=False
    )
    lacking = shown.exclude(pk__in=prepared.values("statement")).exclude(pk__in=answered.values("statement"))
    waits = prepared.filter(given_at__isnull=True, statement__state=Statement.State.SHOWN)
    if not clears_answers(dialogue=dialogue, member=member):
        return lacking.count(), 0, waits.count()
    not_cleared = waits.filter(cleared_at__isnull=True, standing=Standing.POSITION)
    return lacking.count(), not_cleared.count(), waits.filter(cleared_at__isnull=False).count()


def _view(
    shown: ShownStatement, row: PreparedAnswer | None, *, clears: bool, rights: Mapping[str, bool], is_open: bool
) -> PreparedView:
    waits = row is not None and row.given_at is None
    cleared = row is not None and row.cleared_at is not None
    provisional = row is not None and row.standing == Standing.PROVISIONAL
    return PreparedView(
        statement=shown,
        value=row.value if row else None,
        standing=row.standing if row else "",
        note=row.note if row else "",
        prepared_by=row.prepared_by.name if row and row.prepared_by else "",
        prepared_at=row.prepared_at if row else None,
        cleared_by=row.cleared_by.name if row and row.cleared_by else "",
        cleared_at=row.cleared_at if row else None,
        given_at=row.given_at if row else None,
        seen=_token(row),
        may_clear=is_open and waits and not cleared and rights[CLEAR],
        may_give=is_open and waits and rights[ANSWER] and (cleared or provisional or not clears),
        may_send_back=is_open and waits and rights[CLEAR],
        awaits_clearance=waits and clears and not cleared and not provisional,
    )


def _own(*, slug: str, member: str, by: Any, action: str) -> tuple[Dialogue, Member]:
    """Return the dialogue and the member of who acts for it, or refuse in that order: outsiders learn nothing."""
    dialogue = dialogue_seen(slug=slug, user=by)
    if not is_of_delegation(user=by, member=member):
        raise NotFound(reference=f"{dialogue.reference}/delegation")
    require(user=by, action=action, member=member, body=dialogue.body.slug)
    party = seat_of(dialogue=dialogue, member=member) if dialogue.has_states else None
    if party is None:
        raise NotAsked(asked=MEMBERS_ALONE if dialogue.has_states else dialogue.people)
    demand_open(dialogue=dialogue)
    return dialogue, party


def _locked(*, dialogue: Dialogue, party: Member) -> QuerySet[PreparedAnswer]:
    rows = PreparedAnswer.objects.select_for_update(of=("self",)).select_related("statement")
    return rows.filter(dialogue=dialogue, member=party).order_by("statement__number")


def _prepared(*, dialogue: Dialogue, party: Member, number: int) -> PreparedAnswer:
    row = (
        _locked(dialogue=dialogue, party=party).filter(statement__number=number).first() if 0 < number < 2**31 else None
    )
    if row is None:
        raise NotFound(reference=f"{dialogue.reference}/delegation, statement {number}")
    return row


def _demand_seen(row: PreparedAnswer | None, *, on: str) -> None:
    if _token(row) != on:
        raise Conflict(problem="This answer was changed since you opened the page. Read it again; nothing was done.")


def _demand_not_given(row: PreparedAnswer) -> None:
    if row.given_at is not None:
        raise Conflict(problem="This answer was given before. Prepare another to change it; nothing was done.")


def _token(row: PreparedAnswer | None) -> str:
    return row.prepared_at.isoformat() if row else ""
