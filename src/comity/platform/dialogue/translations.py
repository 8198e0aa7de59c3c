"""Translate statements: who translates types a text or checks one that a machine made; every text says how far it can be trusted.

No machine translates here by itself. An adapter of a named model can be given to ``translate_by_machine``; what it makes waits
for a person, and keeps the model's name when it is checked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.dialogue.lookups import demand_state, one_line, reference_of_statement, statement_in
from comity.platform.dialogue.models import Dialogue, Statement, StatementText
from comity.platform.dialogue.models.statements import MOST_CHARACTERS, PERSONS
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.rules import authorise
from comity.platform.parties.submissions import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

TRANSLATE = "translate a statement"
MOST_TRANSLATED = 3 * MOST_CHARACTERS
MOST_NAME = 80
State = StatementText.State
LIVES = (Dialogue.State.DRAFT, Dialogue.State.OPEN, Dialogue.State.CLOSED)
TRANSLATED = (Statement.State.WAITING, Statement.State.SHOWN)
STAGES = ("missing", "machine", "checked", "all")


class Translator(Protocol):
    """A model that translates, behind an adapter. ``name`` says model and version; pages name it beside what it made."""

    name: str

    def translate(self, *, text: str, source: str, target: str) -> str:
        """Return a text in another language."""
        ...


@dataclass(frozen=True, slots=True)
class TranslationView:
    """A statement with its words in one other language; ``text``, ``state`` and ``made_by`` are empty where there are none.

    ``by_machine`` says that a model made the first words, whoever checked them since. ``seen`` is what a form sends back, so
    that nobody overwrites what they did not see.
    """

    number: int
    original: str
    language: str
    is_waiting: bool
    to: str
    text: str
    state: str
    made_by: str
    by_machine: bool
    made_at: dt.datetime | None
    checked_at: dt.datetime | None
    seen: str


def write_translation(*, slug: str, number: int, language: str, text: str, by: Any, on: str = "") -> StatementText:
    """Type or correct the words of a statement in a language: a person's, and so checked.

    ``on`` is what the translator saw (``seen`` of the view; empty for no text). What a model made keeps its name. Raises
    NotPermitted, NotFound, BadParameter, DialogueNotOpen, or Conflict where somebody changed it meanwhile.
    """
    office = authorise(by=by, action=TRANSLATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    said = one_line(text, name="text", most=MOST_TRANSLATED, least=1)
    now = timezone.now()
    with transaction.atomic():
        statement = _translatable(dialogue=dialogue, number=number, language=language, now=now)
        held = statement.texts.filter(language=language).first()
        _demand_seen(held, on=on)
        if held is None:
            held = StatementText(statement=statement, language=language, made_by=office, made_at=now)
        elif not held.by_machine:
            held.made_by, held.made_at = office, now
        held.text, held.state, held.checked_at = said, State.CHECKED, now
        held.save()
        return held


def check_translation(*, slug: str, number: int, language: str, by: Any, on: str) -> StatementText:
    """Find a model's translation good as it stands. Raises as for writing one, or NotFound where there is none."""
    authorise(by=by, action=TRANSLATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    now = timezone.now()
    with transaction.atomic():
        statement = _translatable(dialogue=dialogue, number=number, language=language, now=now)
        held = statement.texts.filter(language=language).first()
        if held is None:
            raise NotFound(reference=f"{reference_of_statement(dialogue=dialogue, number=number)} in {language}")
        _demand_seen(held, on=on)
        if held.state == State.CHECKED:
            raise Conflict(problem="A person has checked this translation before; nothing was changed.")
        held.state, held.checked_at = State.CHECKED, now
        held.save(update_fields=["state", "checked_at"])
        return held


def translate_by_machine(
    *, slug: str, language: str, translator: Translator, by: Any, numbers: Iterable[int] | None = None
) -> int:
    """Let a named model translate the statements that have no words in a language; return how many it did.

    Each awaits a person. What a person wrote meanwhile stays. Raises NotPermitted, NotFound, BadParameter, DialogueNotOpen.
    """
    authorise(by=by, action=TRANSLATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    name = one_line(translator.name, name="translator", most=MOST_NAME, least=1)
    if name in PERSONS:
        raise BadParameter(name="translator", found=name, allowed="the name of a model with its version")
    _demand_language(language)
    demand_state(dialogue=dialogue, now=timezone.now(), allowed=LIVES)
    rows = statements_to_translate(dialogue=dialogue, to=language, stage="missing")
    if numbers is not None:
        rows = rows.filter(number__in=list(numbers))
    done = 0
    for statement in rows:
        original = statement.texts.get(state=State.ORIGINAL)
        # A model may take long: it is asked outside of any transaction.
        text = translator.translate(text=original.text, source=original.language, target=language)
        said = one_line(text, name="text", most=MOST_TRANSLATED, least=1)
        _, made = StatementText.objects.get_or_create(
            statement=statement,
            language=language,
            defaults={"text": said, "state": State.MACHINE, "made_by": name, "made_at": timezone.now()},
        )
        done += made
    return done


def statements_to_translate(*, dialogue: Dialogue, to: str, stage: str = "missing") -> QuerySet[Statement]:
    """Return the statements that were written in another language and stand at a stage: missing, machine, checked, or all."""
    rows = Statement.objects.filter(dialogue=dialogue, state__in=TRANSLATED).exclude(language=to).order_by("number")
    there = StatementText.objects.filter(statement=OuterRef("pk"), language=to)
    if stage == "missing":
        return rows.filter(~Exists(there))
    if stage in {State.MACHINE, State.CHECKED}:
        return rows.filter(Exists(there.filter(state=stage)))
    return rows


def translation_views(*, statements: Iterable[Statement], to: str) -> tuple[TranslationView, ...]:
    """Return statements with their words in a language."""
    held = list(statements)
    originals = {t.statement_id: t.text for t in StatementText.objects.filter(statement__in=held, state=State.ORIGINAL)}
    made = {t.statement_id: t for t in StatementText.objects.filter(statement__in=held, language=to)}
    return tuple(_view(s, original=originals.get(s.pk, ""), there=made.get(s.pk), to=to) for s in held)


def progress_of(*, dialogue: Dialogue, languages: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return for each language how many statements are missing, await a person, or are checked."""
    return {
        to: {
            stage: statements_to_translate(dialogue=dialogue, to=to, stage=stage).count()
            for stage in STAGES
            if stage != "all"
        }
        for to in languages
    }


def _view(statement: Statement, *, original: str, there: StatementText | None, to: str) -> TranslationView:
    return TranslationView(
        number=statement.number,
        original=original,
        language=statement.language,
        is_waiting=statement.state == Statement.State.WAITING,
        to=to,
        text=there.text if there else "",
        state=there.state if there else "",
        made_by=there.made_by if there else "",
        by_machine=there is not None and there.by_machine,
        made_at=there.made_at if there else None,
        checked_at=there.checked_at if there else None,
        seen=_digest(there),
    )


def _translatable(*, dialogue: Dialogue, number: int, language: str, now: dt.datetime) -> Statement:
    _demand_language(language)
    demand_state(dialogue=dialogue, now=now, allowed=LIVES)
    statement = statement_in(dialogue=dialogue, number=number, locked=True)
    if statement.language == language:
        raise BadParameter(name="language", found=language, allowed="another than the one it was written in")
    if statement.state not in TRANSLATED:
        raise Conflict(problem=f"Statement {number} is {statement.state}, so that it needs no translation.")
    return statement


def _demand_language(language: str) -> None:
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))


def _demand_seen(held: StatementText | None, *, on: str) -> None:
    if _digest(held) != on:
        raise Conflict(
            problem="Somebody changed this translation meanwhile. Read it, then send yours; nothing was kept."
        )


def _digest(held: StatementText | None) -> str:
    return hashlib.sha256(f"{held.state} {held.text}".encode()).hexdigest()[:16] if held else ""
