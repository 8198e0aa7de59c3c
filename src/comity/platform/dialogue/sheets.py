"""Ask on paper where there is no line: batches of printed sheets, each typed in twice by different people, and counted once.

The statements of a batch are drawn by chance, and so is their order; the seed is kept, so that anyone can repeat the draw. A batch is
made while its dialogue is open. Paper travels slowly: its sheets may be typed in after the close, until the result is
published; an answer then carries the moment of entry. A mark that nobody can read is no answer.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import AlreadyDecided, BadParameter, Conflict, NotAsked, NotFound
from comity.platform.dialogue.consultations import locked_dialogue
from comity.platform.dialogue.lookups import demand_state, is_published, one_line
from comity.platform.dialogue.models import (
    Answer,
    Dialogue,
    Exposure,
    Participant,
    SheetBatch,
    SheetEntry,
    Statement,
    StatementText,
)
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.participation import MEMBERS_ALONE, demand_open, regions_of
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.rules import require
from comity.platform.parties.submissions import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

SHEETS = "enter paper sheets"
MOST_PLACE = 120
MOST_SHEETS = 1000
MOST_ON_A_SHEET = 40
MOST_SERIAL = 2**31 - 1
VALUES = (-1, 0, 1)
DRAW = "sheet/1"
FIRST, SECOND, SETTLING = 1, 2, 3


def make_batch(
    *,
    slug: str,
    place: str,
    language: str,
    sheets: int,
    by: Any,
    region: str = "",
    statements: int = 0,
    seed: str = "",
) -> SheetBatch:
    """Make a batch of sheets for a place: so many sheets of so many statements (0: all, forty at most), drawn by chance.

    Drawn is from the statements that are shown and have words in the language that are original or checked by a person: paper
    cannot be corrected. Raises NotPermitted, NotFound, BadParameter, DialogueNotOpen, NotAsked where no people are asked, or
    Conflict where nothing can be printed in the language.
    """
    require(user=by, action=SHEETS)
    dialogue = dialogue_seen(slug=slug, user=by)
    where = one_line(place, name="place", most=MOST_PLACE, least=1)
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    _demand_between("sheets", sheets, low=1, high=MOST_SHEETS)
    _demand_between("statements", statements, low=0, high=MOST_ON_A_SHEET)
    if region and region not in regions_of(dialogue=dialogue):
        raise BadParameter(name="region", found=region[:40], allowed=", ".join(regions_of(dialogue=dialogue)) or "none")
    with transaction.atomic():
        held = locked_dialogue(slug=slug)
        demand_open(dialogue=held)
        if held.people == Dialogue.People.NOBODY:
            raise NotAsked(asked=MEMBERS_ALONE)
        ready = printable(dialogue=held, language=language)
        if not ready:
            raise Conflict(
                problem="No statement has words in this language that a person has checked. Have some translated first."
            )
        drawn_with = seed or secrets.token_hex(16)
        order = draw_order(numbers=ready, seed=drawn_with)
        last = SheetBatch.objects.filter(dialogue=held).order_by("-number").values_list("number", flat=True).first()
        return SheetBatch.objects.create(
            dialogue=held,
            number=(last or 0) + 1,
            place=where,
            region=region,
            language=language,
            sheets=sheets,
            statements=order[: min(statements or MOST_ON_A_SHEET, MOST_ON_A_SHEET)],
            drawn_from=len(ready),
            seed=drawn_with,
            made_at=timezone.now(),
        )


def printable(*, dialogue: Dialogue, language: str) -> list[int]:
    """Return the numbers of the statements that can be printed in a language, in order."""
    rows = StatementText.objects.filter(
        statement__dialogue=dialogue,
        statement__state=Statement.State.SHOWN,
        language=language,
        state__in=[StatementText.State.ORIGINAL, StatementText.State.CHECKED],
    )
    return list(rows.order_by("statement__number").values_list("statement__number", flat=True))


def draw_order(*, numbers: Sequence[int], seed: str) -> list[int]:
    """Return numbers in an order drawn by chance: that of the SHA-256 digests of ``seed/number``. The first m of n are a fair draw.

    >>> draw_order(numbers=[1, 2, 3, 4], seed="a") == draw_order(numbers=[4, 3, 2, 1], seed="a")
    True
    """
    return sorted(numbers, key=lambda n: hashlib.sha256(f"{seed}/{n}".encode()).digest())


def enter_sheet(*, slug: str, batch: int, serial: int, answers: Mapping[int, int], by: Any) -> SheetEntry:
    """Type in a sheet, for the first or the second time. Where the second typing is the same as the first, the sheet counts.

    ``answers`` maps statement numbers to 1, 0 or -1; one that is left blank or cannot be read is not in it. Raises NotPermitted,
    NotFound, BadParameter for a serial number or a statement that was not printed, DialogueNotOpen, AlreadyDecided once it was
    typed twice, or Conflict where the same account typed it first, or the result is published.
    """
    require(user=by, action=SHEETS)
    with transaction.atomic():
        held = _taking(slug=slug, batch=batch, serial=serial, by=by)
        given = _checked(batch=held, answers=answers)
        before = {e.turn: e for e in held.entries.filter(serial=serial)}
        if SECOND in before:
            raise AlreadyDecided(reference=f"{held.dialogue.reference}/sheets/{batch}/{serial}", state="typed twice")
        first = before.get(FIRST)
        if first is not None and first.by_id is not None and first.by_id == getattr(by, "pk", None):
            raise Conflict(problem="You typed this sheet first; another person types it the second time.")
        now = timezone.now()
        entry = SheetEntry.objects.create(
            batch=held,
            serial=serial,
            turn=FIRST if first is None else SECOND,
            answers=given,
            by=by,
            entered_at=now,
        )
        if first is not None and first.answers == given:
            _count(entry, now=now)
        return entry


def settle_sheet(*, slug: str, batch: int, serial: int, answers: Mapping[int, int], by: Any) -> SheetEntry:
    """Settle a sheet whose two typings differ, with the paper in hand. ``answers`` are those where they differ; the sheet counts.

    Raises as for typing it, AlreadyDecided once it is settled, or Conflict where the two do not differ.
    """
    require(user=by, action=SHEETS)
    with transaction.atomic():
        held = _taking(slug=slug, batch=batch, serial=serial, by=by)
        given = _checked(batch=held, answers=answers)
        before = {e.turn: e for e in held.entries.filter(serial=serial)}
        if SETTLING in before:
            raise AlreadyDecided(reference=f"{held.dialogue.reference}/sheets/{batch}/{serial}", state="settled")
        if SECOND not in before or before[FIRST].answers == before[SECOND].answers:
            raise Conflict(problem="The two typings of this sheet do not differ, so that there is nothing to settle.")
        open_ones = differing(first=before[FIRST].answers, second=before[SECOND].answers)
        if other := sorted(set(given) - {str(n) for n in open_ones}):
            raise BadParameter(
                name="statement", found=other[0], allowed=f"those that differ: {', '.join(map(str, open_ones))}"
            )
        same = {n: v for n, v in before[FIRST].answers.items() if int(n) not in open_ones}
        now = timezone.now()
        entry = SheetEntry.objects.create(
            batch=held, serial=serial, turn=SETTLING, answers=same | given, by=by, entered_at=now
        )
        _count(entry, now=now)
        return entry


def differing(*, first: Mapping[str, int], second: Mapping[str, int]) -> tuple[int, ...]:
    """Return the numbers of the statements on which two typings of a sheet differ, a blank against a mark among them.

    >>> differing(first={"4": 1, "2": 0}, second={"2": 0, "9": -1})
    (4, 9)
    """
    return tuple(sorted(int(n) for n in set(first) | set(second) if first.get(n) != second.get(n)))


def batch_in(*, dialogue: Dialogue, number: int) -> SheetBatch:
    """Return a batch of sheets by its number. Raises NotFound."""
    found = SheetBatch.objects.filter(dialogue=dialogue, number=number).first() if 0 < number <= MOST_SERIAL else None
    if found is None:
        raise NotFound(reference=f"{dialogue.reference}/sheets/{number}")
    found.dialogue = dialogue
    return found


def demand_serial(*, batch: SheetBatch, serial: int) -> None:
    """Raise BadParameter for a serial number that was never printed."""
    _demand_between("serial", serial, low=1, high=batch.sheets)


def takes_entries(*, dialogue: Dialogue, now: dt.datetime) -> bool:
    """Tell whether sheets can be typed in: while the dialogue is open, and after it until results are published."""
    if dialogue.state_at(now) not in {Dialogue.State.OPEN, Dialogue.State.CLOSED}:
        return False
    return not is_published(dialogue=dialogue)


def _taking(*, slug: str, batch: int, serial: int, by: Any) -> SheetBatch:
    """Return a batch whose dialogue is locked and takes entries still: who publishes waits for us, or we find it published."""
    dialogue_seen(slug=slug, user=by)
    dialogue = locked_dialogue(slug=slug)
    held = batch_in(dialogue=dialogue, number=batch)
    demand_serial(batch=held, serial=serial)
    demand_state(dialogue=dialogue, now=timezone.now(), allowed=(Dialogue.State.OPEN, Dialogue.State.CLOSED))
    if is_published(dialogue=dialogue):
        raise Conflict(problem="The result is published, so that no sheet can come in any more; nothing was kept.")
    return held


def _checked(*, batch: SheetBatch, answers: Mapping[int, int]) -> dict[str, int]:
    printed = set(batch.statements)
    for number, value in answers.items():
        if number not in printed:
            raise BadParameter(name="statement", found=str(number)[:12], allowed="a statement of this sheet")
        if value not in VALUES or isinstance(value, bool):
            raise BadParameter(name="value", found=str(value)[:12], allowed="1 (agree), 0 (pass), -1 (disagree)")
    return {str(number): int(answers[number]) for number in sorted(answers)}


def _count(entry: SheetEntry, *, now: dt.datetime) -> None:
    """Let a sheet count as one voice. A sheet without a single mark says nothing and is no voice."""
    if not entry.answers:
        return
    batch = entry.batch
    voice = Participant.objects.create(
        dialogue=batch.dialogue,
        track=Track.PEOPLE,
        way=Participant.Way.SHEET,
        pseudonym=secrets.token_hex(8),
        region=batch.region,
        came_at=now,
    )
    keys = dict(
        Statement.objects.filter(dialogue=batch.dialogue, number__in=batch.statements).values_list("number", "pk")
    )
    Answer.objects.bulk_create(
        Answer(participant=voice, statement_id=keys[int(n)], value=value, standing=Standing.OWN, given_at=now)
        for n, value in entry.answers.items()
    )
    chance = min(1.0, len(batch.statements) / max(batch.drawn_from, len(batch.statements)))
    Exposure.objects.bulk_create(
        Exposure(
            participant=voice,
            statement_id=keys[n],
            probability=chance,
            chance=chance / len(batch.statements),  # of standing at this place and not before
            rule=DRAW,
            shown_at=batch.made_at,
        )
        for n in batch.statements
    )
    entry.participant = voice
    entry.save(update_fields=["participant"])


def _demand_between(name: str, found: int, *, low: int, high: int) -> None:
    if not low <= found <= high:
        raise BadParameter(name=name, found=str(found)[:20], allowed=f"a whole number from {low} to {high}")
