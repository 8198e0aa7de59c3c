"""Find a statement of a dialogue, and say what the life of the dialogue forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import BadParameter, DialogueNotOpen, NotFound
from comity.platform.dialogue.models import Analysis, Statement
from comity.platform.dialogue.statement_text import piles_up
from comity.platform.parties.submission_text import HIDDEN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from comity.platform.dialogue.models import Dialogue

MOST_NUMBER = 2**31 - 1


def statement_in(*, dialogue: Dialogue, number: int, locked: bool = False) -> Statement:
    """Return a statement by its number; ``locked`` until the transaction ends. Raises NotFound."""
    rows = Statement.objects.select_for_update(of=("self",)) if locked else Statement.objects.all()
    found = rows.filter(dialogue=dialogue, number=number).first() if 0 < number <= MOST_NUMBER else None
    if found is None:
        raise NotFound(reference=f"{dialogue.reference}/statements/{number}")
    return found


def reference_of_statement(*, dialogue: Dialogue, number: int) -> str:
    """Return the permanent name of a statement, which is also its path."""
    return f"{dialogue.reference}/statements/{number}"


def demand_state(*, dialogue: Dialogue, now: dt.datetime, allowed: Collection[str]) -> str:
    """Return the state of a dialogue at a moment. Raises DialogueNotOpen where it is none of those allowed."""
    state = str(dialogue.state_at(now))
    if state not in allowed:
        raise DialogueNotOpen(reference=dialogue.reference, state=state)
    return state


def is_published(*, dialogue: Dialogue, track: str = "") -> bool:
    """Tell whether a result stands on the record: of one track, or where none is named of any."""
    found = Analysis.objects.filter(dialogue=dialogue, act__isnull=False)
    return (found.filter(track=track) if track else found).exists()


def one_line(found: str, *, name: str, most: int, least: int = 0) -> str:
    """Return a text as one line, trimmed. Raises BadParameter where it is too short, too long, or hides signs."""
    text = " ".join(found.split())
    if not least <= len(text) <= most:
        raise BadParameter(name=name, found=f"{len(text)} characters", allowed=f"{least} to {most} characters")
    if piles_up(text):
        raise BadParameter(name=name, found="many marks on a letter", allowed="the marks that a script needs")
    if hidden := HIDDEN.search(text):
        raise BadParameter(
            name=name, found=f"U+{ord(hidden[0]):04X}", allowed="text without control or direction-override characters"
        )
    return text
