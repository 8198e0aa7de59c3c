"""Write a statement of one's own, which waits for a moderator, and take it back while it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import AlreadyWritten, Conflict, NotFound
from comity.platform.dialogue.consultations import locked_dialogue, next_number
from comity.platform.dialogue.models import Statement, StatementText
from comity.platform.dialogue.participation import demand_open, join_dialogue
from comity.platform.dialogue.statement_text import alike, checked_language, checked_statement

if TYPE_CHECKING:
    from comity.platform.dialogue.models import Participant

MOST_WAITING = 20
OF_THE_AUTHOR = "author"


def write_statement(*, slug: str, text: str, language: str, participant: Participant) -> Statement:
    """Write a statement in one of the six languages; a moderator reads it before others see it.

    Raises NotFound, BadParameter, DialogueNotOpen, AlreadyWritten, or Conflict where the consultation takes no statements or
    many of this participant wait already.
    """
    words, tongue = checked_statement(text), checked_language(language)
    with transaction.atomic():
        held = locked_dialogue(slug=slug)
        if participant.dialogue_id != held.pk:
            raise NotFound(reference=held.reference)
        demand_open(dialogue=held)
        if not held.takes_statements:
            raise Conflict(problem="This dialogue takes no statements of participants; nothing was added.")
        own = StatementText.objects.filter(statement__author=participant, state=StatementText.State.ORIGINAL)
        own = own.exclude(statement__state=Statement.State.WITHDRAWN)
        same = [number for number, said in own.values_list("statement__number", "text") if alike(said) == alike(words)]
        if same:
            raise AlreadyWritten(number=min(same))
        if participant.statements.filter(state=Statement.State.WAITING).count() >= MOST_WAITING:
            raise Conflict(
                problem=f"{MOST_WAITING} of your statements wait for a moderator already; nothing was added."
            )
        now = timezone.now()
        made = Statement.objects.create(
            dialogue=held,
            number=next_number(held),
            author=participant,
            track=participant.track,
            language=tongue,
            state=Statement.State.WAITING,
            written_at=now,
        )
        StatementText.objects.create(
            statement=made,
            language=tongue,
            text=words,
            state=StatementText.State.ORIGINAL,
            made_by=OF_THE_AUTHOR,
            made_at=now,
        )
    return made


def write_on_coming_in(
    *, slug: str, text: str, language: str, user: Any, region: str = "", chance: bytes = b""
) -> tuple[Statement, str]:
    """Let a person come in with a statement; neither stands without the other. Returns it with the code (empty for an account)."""
    with transaction.atomic():
        participant, key = join_dialogue(slug=slug, user=user, region=region, chance=chance)
        return write_statement(slug=slug, text=text, language=language, participant=participant), key


def withdraw_statement(*, slug: str, number: int, participant: Participant) -> Statement:
    """Take back a statement of one's own that waits for a moderator. Raises NotFound or Conflict."""
    with transaction.atomic():
        found = (
            Statement.objects.select_for_update().filter(dialogue__slug=slug, number=number, author=participant).first()
        )
        if found is None:
            raise NotFound(reference=f"dialogue/{slug}/statements/{number}")
        if found.state != Statement.State.WAITING:
            raise Conflict(problem="A moderator has decided on it already; nothing was changed.")
        found.state = Statement.State.WITHDRAWN
        found.save(update_fields=["state"])
    return found
