"""Read batches of sheets: how far their entry has come, what is printed on one, and what two typings differ in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.platform.dialogue.models import SheetBatch, SheetEntry, StatementText
from comity.platform.dialogue.sheets import FIRST, SECOND, SETTLING, differing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.dialogue.models import Dialogue

NEW, ONCE, DIFFERS, COUNTED, BLANK = "new", "once", "differs", "counted", "blank"


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """A statement as it stands on a sheet: its place from 1, its number, its words in the language of the sheet."""

    place: int
    number: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with how far its entry has come; ``left`` are the sheets that nobody has typed."""

    number: int
    place: str
    region: str
    language: str
    sheets: int
    statements: int
    drawn_from: int
    seed: str
    made_at: dt.datetime
    once: int
    counted: int
    blank: int
    differ: tuple[int, ...]
    left: int

    @property
    def done(self) -> int:
        """How many sheets need nothing more."""
        return self.counted + self.blank


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement on which two typings differ: each 1, 0, -1, or None for a blank."""

    statement: PrintedStatement
    first: int | None
    second: int | None


def batches_of(*, dialogue: Dialogue) -> tuple[BatchView, ...]:
    """Return the batches of a dialogue, the latest first."""
    rows = SheetBatch.objects.filter(dialogue=dialogue).order_by("-number").prefetch_related("entries")
    return tuple(batch_view(batch=row) for row in rows)


def batch_view(*, batch: SheetBatch) -> BatchView:
    """Return a batch with how far its entry has come."""
    states: dict[str, list[int]] = defaultdict(list)
    by_serial: dict[int, list[SheetEntry]] = defaultdict(list)
    for entry in batch.entries.all():
        by_serial[entry.serial].append(entry)
    for serial, entries in sorted(by_serial.items()):
        states[state_of(entries=entries)].append(serial)
    return BatchView(
        number=batch.number,
        place=batch.place,
        region=batch.region,
        language=batch.language,
        sheets=batch.sheets,
        statements=len(batch.statements),
        drawn_from=batch.drawn_from,
        seed=batch.seed,
        made_at=batch.made_at,
        once=len(states[ONCE]),
        counted=len(states[COUNTED]),
        blank=len(states[BLANK]),
        differ=tuple(states[DIFFERS]),
        left=batch.sheets - len(by_serial),
    )


def state_of(*, entries: Iterable[SheetEntry]) -> str:
    """Return where a sheet stands: new, typed once, its typings differ, counted, or blank."""
    turns = {entry.turn: entry for entry in entries}
    if not turns:
        return NEW
    last = turns.get(SETTLING) or turns.get(SECOND)
    if last is None:
        return ONCE
    if last.turn == SECOND and last.answers != turns[FIRST].answers:
        return DIFFERS
    return COUNTED if last.answers else BLANK


def sheet_state(*, batch: SheetBatch, serial: int) -> str:
    """Return where one sheet of a batch stands."""
    return state_of(entries=batch.entries.filter(serial=serial))


def is_typed_by(*, batch: SheetBatch, serial: int, user: Any) -> bool:
    """Tell whether an account typed a sheet the first time: another types it the second."""
    return batch.entries.filter(serial=serial, turn=FIRST, by=user.pk).exists()


def printed(*, batch: SheetBatch) -> tuple[PrintedStatement, ...]:
    """Return the statements of a sheet in their order, in the language of the batch."""
    rows = StatementText.objects.filter(
        statement__dialogue=batch.dialogue_id, statement__number__in=batch.statements
    ).select_related("statement")
    words: dict[int, StatementText] = {}
    for row in rows:
        number = row.statement.number
        if row.language == batch.language or (row.state == StatementText.State.ORIGINAL and number not in words):
            words[number] = row
    return tuple(
        PrintedStatement(place=place, number=n, text=words[n].text, language=words[n].language)
        for place, n in enumerate(batch.statements, 1)
    )


def differences_of(*, batch: SheetBatch, serial: int) -> tuple[Difference, ...]:
    """Return the statements on which the two typings of a sheet differ, in the order of the sheet."""
    turns = {e.turn: e.answers for e in batch.entries.filter(serial=serial, turn__in=[FIRST, SECOND])}
    first, second = turns.get(FIRST, {}), turns.get(SECOND, {})
    open_ones = set(differing(first=first, second=second))
    return tuple(
        Difference(statement=p, first=first.get(str(p.number)), second=second.get(str(p.number)))
        for p in printed(batch=batch)
        if p.number in open_ones
    )


def sheets_in_hand(*, dialogue: Dialogue) -> int:
    """Return how many sheets were typed once or differ: what a result that is published now would leave out."""
    return sum(view.once + len(view.differ) for view in batches_of(dialogue=dialogue))
