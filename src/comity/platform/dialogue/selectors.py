"""Read consultations and their statements, never more than an account may see, in the reader's language where there is a text."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comity.errors import NotFound
from comity.platform.dialogue.models import Answer, Dialogue, Participant, Statement, StatementText
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.models.statements import MOST_CHARACTERS as MOST_CHARACTERS  # noqa: PLC0414  (doors read it here)
from comity.platform.dialogue.models.statements import is_by_machine
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.models import Role
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import MAY, may, standing_now
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

FEWEST = 5
TONGUES = LANGUAGES
SLOW = 0.1
MOST_COUNTS = 200
_heard: dict[tuple[int, dt.datetime, str], tuple[Heard, float]] = {}
PREPARE = ("convene a dialogue", "translate a statement")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the language that comes nearest to the reader's."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """How many voices of a track have answered: ``number`` is None where they are fewer than five, but some."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """A consultation in a list."""

    slug: str
    reference: str
    body: str
    body_name: str
    question: Words
    state: str
    people: str
    has_states: bool
    visibility: str
    opened_at: dt.datetime | None
    closes_at: dt.datetime | None
    closed_at: dt.datetime | None
    statements: int
    states_heard: Heard | None
    people_heard: Heard | None


@dataclass(frozen=True, slots=True)
class DialogueView:
    """A consultation as its pages show it; ``closing`` and ``opening`` are the acts, empty where there is none."""

    card: Card
    introduction: Words
    attribution: str
    maps_states: bool
    takes_statements: bool
    least_votes: int
    rule: str
    audience: str
    opening: str
    closing: str
    archived_at: dt.datetime | None
    waiting: int
    may_convene: bool
    may_moderate: bool
    may_translate: bool


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement in one language, with the reader's own answer to it.

    ``state`` says how far the words can be trusted: original, machine or checked; ``original`` are those of the author.
    ``answer`` is 1, 0, -1, or None where there is none or instructions are awaited; ``standing`` is empty where there is none.
    """

    number: int
    language: str
    text: str
    state: str
    made_by: str
    original: Words
    is_seed: bool
    track: str
    written_at: dt.datetime
    narrows: int | None = None
    answer: int | None = None
    standing: str = ""

    @property
    def by_machine(self) -> bool:
        """Whether a model made these words, checked since or not."""
        return is_by_machine(state=self.state, made_by=self.made_by)


def dialogues_seen(*, user: Any) -> QuerySet[Dialogue]:
    """Return the consultations that this account sees: of its circles, or that ask it by invitation or as an expert.

    A draft is seen by those who prepare it: who may convene in its body, and who translates.
    """
    condition = seen_by(user=user)
    standing = standing_now(user=user)
    if getattr(user, "is_authenticated", False):
        near = {p.body for p in standing.places if p.role == Role.EXPERT}
        condition |= Q(pk__in=Dialogue.objects.filter(invitees__user=user, people=Dialogue.People.INVITED).values("pk"))
        if near:
            condition |= Q(Q(body__slug__in=near) | Q(body__parent__slug__in=near), people=Dialogue.People.EXPERTS)
    prepared = Q(pk__in=[])
    for place in standing.places:
        if any(place.role in MAY[action] for action in PREPARE):
            prepared |= Q(body__slug=place.body) if place.body else Q(pk__isnull=False)
    opened = Q(opened_at__isnull=False)
    return Dialogue.objects.filter(condition, opened | prepared).select_related("body__parent")


def dialogue_seen(*, slug: str, user: Any) -> Dialogue:
    """Return one consultation with its body. Raises NotFound where there is none, or none that this account sees."""
    found = dialogues_seen(user=user).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"dialogue/{slug[:60]}")
    return found


def text_in(texts: Mapping[str, str], *, language: str) -> Words:
    """Return a text kept by language: the reader's, else English, else the first there is; empty where there is none."""
    for wanted in (language, "en", *texts):
        if texts.get(wanted):
            return Words(language=wanted, text=texts[wanted])
    return Words(language=language, text="")


def dialogues_in_order(*, user: Any, state: str = "", now: dt.datetime | None = None) -> list[Dialogue]:
    """Return the consultations that an account sees: open ones by their deadline, drafts, then closed ones, latest first."""
    moment = now or timezone.now()
    order = {"open": 0, "draft": 1, "closed": 2, "archived": 3}
    found = [(str(d.state_at(moment)), d) for d in dialogues_seen(user=user)]
    kept = [(order[is_], _sooner(d, state=is_), d.slug, d) for is_, d in found if not state or is_ == state]
    return [held[-1] for held in sorted(kept, key=lambda held: held[:3])]


def cards_of(*, dialogues: Iterable[Dialogue], language: str, now: dt.datetime | None = None) -> list[Card]:
    """Return consultations as lists show them."""
    moment = now or timezone.now()
    return [_card(d, language=language, moment=moment) for d in dialogues]


def list_dialogues(*, user: Any, language: str, state: str = "", now: dt.datetime | None = None) -> list[Card]:
    """Return cards of all that ``dialogues_in_order`` returns."""
    return cards_of(dialogues=dialogues_in_order(user=user, state=state, now=now), language=language, now=now)


def view_dialogue(*, dialogue: Dialogue, user: Any, language: str, now: dt.datetime | None = None) -> DialogueView:
    """Return what the pages of a consultation show of it."""
    body = dialogue.body.slug
    may_moderate = may(user=user, action="moderate a statement", body=body)
    waiting = dialogue.statements.filter(state=Statement.State.WAITING).count() if may_moderate else 0
    return DialogueView(
        card=_card(dialogue, language=language, moment=now or timezone.now()),
        introduction=text_in(dialogue.introduction, language=language),
        attribution=dialogue.attribution,
        maps_states=dialogue.maps_states,
        takes_statements=dialogue.takes_statements,
        least_votes=dialogue.least_votes,
        rule=dialogue.rule,
        audience=dialogue.audience,
        opening=str(dialogue.opening_id or ""),
        closing=str(dialogue.closing_id or ""),
        archived_at=dialogue.archived_at,
        waiting=waiting,
        may_convene=may(user=user, action="convene a dialogue", body=body),
        may_moderate=may_moderate,
        may_translate=may(user=user, action="translate a statement"),
    )


def heard_in(*, dialogue: Dialogue, track: str) -> Heard:
    """Return how many voices of a track have answered a statement at least; instructions awaited are not an answer."""
    answered = Answer.objects.filter(participant=OuterRef("pk"), value__isnull=False)
    number = Participant.objects.filter(Exists(answered), dialogue=dialogue, track=track).count()
    return Heard(number=None if 0 < number < FEWEST else number)


def count_invited(*, dialogue: Dialogue) -> tuple[int, int]:
    """Return how many accounts were invited and how many codes were given out, for those who convene."""
    return dialogue.invitees.count(), dialogue.codes.count()


def _heard_lately(dialogue: Dialogue, *, track: str) -> Heard:
    """Return how many were heard; where counting takes long, a count of the last minute at most serves again."""
    key = (dialogue.pk, dialogue.drafted_at, str(track))
    started = time.monotonic()
    held = _heard.get(key)
    if held is not None and started < held[1]:
        return held[0]
    found = heard_in(dialogue=dialogue, track=track)
    took = time.monotonic() - started
    if took > SLOW:
        _heard[key] = (found, started + min(60.0, 200 * took))
        while len(_heard) > MOST_COUNTS:
            _heard.pop(next(iter(_heard)), None)
    return found


def numbers_shown(*, dialogue: Dialogue) -> list[int]:
    """Return the numbers of the statements that are shown, in order."""
    shown = dialogue.statements.filter(state=Statement.State.SHOWN).order_by("number")
    return list(shown.values_list("number", flat=True))


def statements_shown(
    *,
    dialogue: Dialogue,
    language: str,
    participant: Participant | None = None,
    numbers: Sequence[int] | None = None,
) -> list[ShownStatement]:
    """Return the statements that are shown (all, or some numbers), in their order, with the reader's own answers."""
    rows = dialogue.statements.filter(state=Statement.State.SHOWN).order_by("number")
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    return in_words(rows=list(rows), language=language, participant=participant)


def texts_of(*, dialogue: Dialogue, number: int) -> list[StatementText]:
    """Return the words of a shown statement in every language there is: the original, then translations by language."""
    shown = StatementText.objects.filter(
        statement__dialogue=dialogue, statement__number=number, statement__state=Statement.State.SHOWN
    )
    return sorted(shown, key=lambda held: (held.state != "original", held.language))


def statement_shown(
    *, dialogue: Dialogue, number: int, language: str, participant: Participant | None = None
) -> ShownStatement:
    """Return one statement that is shown. Raises NotFound for another, one that waits or was refused among them."""
    row = dialogue.statements.filter(number=number, state=Statement.State.SHOWN).first()
    if row is None:
        raise NotFound(reference=f"{dialogue.reference}/statements/{number}")
    return in_words(rows=[row], language=language, participant=participant)[0]


def own_statements(*, participant: Participant, language: str) -> list[tuple[ShownStatement, str]]:
    """Return what a participant has written, latest first, each with its state (a ``Statement.State``)."""
    rows = list(participant.statements.order_by("-number"))
    return list(zip(in_words(rows=rows, language=language), [row.state for row in rows], strict=True))


def in_words(
    *, rows: Sequence[Statement], language: str, participant: Participant | None = None
) -> list[ShownStatement]:
    """Return statements in a language: the reader's where there is a text in it, else the original."""
    found: dict[int, dict[str, StatementText]] = {}
    for held in StatementText.objects.filter(statement__in=[row.pk for row in rows]):
        found.setdefault(held.statement_id, {})["" if held.state == "original" else held.language] = held
    answers: dict[int, tuple[int | None, str]] = {}
    if participant is not None:
        given = Answer.objects.filter(participant=participant, statement__in=[row.pk for row in rows])
        answers = {pk: (value, standing) for pk, value, standing in given.values_list("statement", "value", "standing")}
    narrowed = {r.narrows_id for r in rows if r.narrows_id is not None}
    numbers = dict(Statement.objects.filter(pk__in=narrowed).values_list("pk", "number")) if narrowed else {}
    return [
        _in_words(
            row,
            texts=found[row.pk],
            language=language,
            narrows=numbers.get(row.narrows_id or 0),
            given=answers.get(row.pk, (None, "")),
        )
        for row in rows
    ]


def _in_words(
    row: Statement,
    *,
    texts: Mapping[str, StatementText],
    language: str,
    narrows: int | None,
    given: tuple[int | None, str],
) -> ShownStatement:
    original = texts[""]
    chosen = original if row.language == language else texts.get(language, original)
    return ShownStatement(
        number=row.number,
        language=chosen.language,
        text=chosen.text,
        state=chosen.state,
        made_by=chosen.made_by,
        original=Words(language=original.language, text=original.text),
        is_seed=not row.track,
        track=row.track,
        written_at=row.written_at,
        narrows=narrows,
        answer=given[0],
        standing=given[1],
    )


def _card(dialogue: Dialogue, *, language: str, moment: dt.datetime) -> Card:
    is_asked = dialogue.people != Dialogue.People.NOBODY
    return Card(
        slug=dialogue.slug,
        reference=dialogue.reference,
        body=dialogue.body.slug,
        body_name=name_in(dialogue.body.names, language),
        question=text_in(dialogue.question, language=language),
        state=str(dialogue.state_at(moment)),
        people=dialogue.people,
        has_states=dialogue.has_states,
        visibility=dialogue.visibility,
        opened_at=dialogue.opened_at,
        closes_at=dialogue.closes_at,
        closed_at=dialogue.closed_at,
        statements=dialogue.statements.filter(state=Statement.State.SHOWN).count(),
        states_heard=_heard_lately(dialogue, track=Track.STATES) if dialogue.has_states else None,
        people_heard=_heard_lately(dialogue, track=Track.PEOPLE) if is_asked else None,
    )


def _sooner(dialogue: Dialogue, *, state: str) -> float:
    if state == "open" and dialogue.closes_at is not None:
        return dialogue.closes_at.timestamp()
    ended = dialogue.closed_at or dialogue.closes_at
    return -ended.timestamp() if ended is not None else 0.0
