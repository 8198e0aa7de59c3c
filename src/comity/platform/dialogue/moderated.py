"""Read what waits for moderators, and what they decided: the queue for them, every refusal with its reason for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from comity.platform.dialogue.models import Answer, Moderation, Statement, StatementText
from comity.platform.dialogue.moderation import MODERATE, Appeal, Decision, State, may_decide_appeal
from comity.platform.parties.rules import may

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet

    from comity.platform.dialogue.models import Dialogue


@dataclass(frozen=True, slots=True)
class NearView:
    """A statement that is shown already and says nearly the same; ``similarity`` is the share of common pieces, 0 to 1."""

    number: int
    text: str
    language: str
    similarity: float


@dataclass(frozen=True, slots=True)
class WaitingStatement:
    """A statement as moderators read it. ``track`` is empty for a seed; who wrote it is not said.

    ``translations`` are (language, text, state) beside the original.
    """

    number: int
    text: str
    language: str
    track: str
    written_at: dt.datetime
    narrows: int | None
    translations: tuple[tuple[str, str, str], ...]
    near: tuple[NearView, ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A refusal as the reader may see it.

    ``text`` is empty where the words are hidden from this reader. ``holds`` says that the statement is refused still;
    ``was_shown`` that it had been shown and answered before. ``appeal_text`` is for those who decide and for who wrote it;
    ``voice`` is the key of the participant who did, where the reader speaks in its name.
    """

    number: int
    text: str
    language: str
    reason: str
    note: str
    duplicates: int | None
    hides_text: bool
    office: str
    decided_at: dt.datetime
    holds: bool
    was_shown: bool
    shown_again_at: dt.datetime | None
    appeal: str
    appeal_text: str
    appealed_at: dt.datetime | None
    appeal_note: str
    appeal_office: str
    appeal_decided_at: dt.datetime | None
    voice: int | None
    may_appeal: bool
    may_decide: bool
    may_show_again: bool


def statements_waiting(*, dialogue: Dialogue) -> QuerySet[Statement]:
    """Return the statements that wait for a moderator, the one that has waited longest first."""
    return Statement.objects.filter(dialogue=dialogue, state=State.WAITING).order_by("written_at", "number")


def waiting_views(*, dialogue: Dialogue, statements: Iterable[Statement]) -> tuple[WaitingStatement, ...]:
    """Return statements as moderators read them, each with what is shown already and nearly the same."""
    held = list(statements)
    texts = _texts_of([s.pk for s in held])
    near = near_shown(dialogue=dialogue, texts={s.number: _original(texts[s.pk]) for s in held})
    narrowed = dict(
        Statement.objects.filter(pk__in=[s.narrows_id for s in held if s.narrows_id]).values_list("pk", "number")
    )
    return tuple(
        WaitingStatement(
            number=s.number,
            text=_original(texts[s.pk]),
            language=s.language,
            track=s.track,
            written_at=s.written_at,
            narrows=narrowed.get(s.narrows_id) if s.narrows_id else None,
            translations=tuple(
                (t.language, t.text, t.state) for t in texts[s.pk] if t.state != StatementText.State.ORIGINAL
            ),
            near=near[s.number],
        )
        for s in held
    )


def near_shown(*, dialogue: Dialogue, texts: Mapping[int, str]) -> dict[int, tuple[NearView, ...]]:
    """Return for each text, by number, the statements shown already that say nearly the same, the nearest first.

    Compared by spelling, in whatever languages they were written: what is like in meaning alone, a moderator has to see.
    """
    if not texts:
        return {}
    # numpy comes with the engine, and only pages of moderators need it.
    from comity.engines.dialogue.honesty import ALIKE_TEXTS, cut_pieces  # noqa: PLC0415  (as said above)

    rows = StatementText.objects.filter(
        statement__dialogue=dialogue, statement__state=State.SHOWN, state=StatementText.State.ORIGINAL
    )
    shown = [
        (number, text, language, cut_pieces(text=text))
        for number, text, language in rows.order_by("statement__number").values_list(
            "statement__number", "text", "language"
        )
    ]
    found: dict[int, tuple[NearView, ...]] = {}
    for own, text in texts.items():
        pieces = cut_pieces(text=text)
        likely = [
            NearView(number=number, text=other, language=language, similarity=_resemblance(pieces, others))
            for number, other, language, others in shown
            if number != own
        ]
        kept = [view for view in likely if view.similarity >= ALIKE_TEXTS]
        found[own] = tuple(sorted(kept, key=lambda view: (-view.similarity, view.number)))
    return found


def refusals_of(*, dialogue: Dialogue) -> QuerySet[Moderation]:
    """Return every refusal of a dialogue, the latest first; appeals that wait stand before all."""
    rows = Moderation.objects.filter(statement__dialogue=dialogue, decision=Decision.REFUSE)
    return rows.select_related("statement", "duplicates").order_by("-pk")


def appeals_waiting(*, dialogue: Dialogue) -> QuerySet[Moderation]:
    """Return the refusals against which an appeal waits, the one that has waited longest first."""
    return refusals_of(dialogue=dialogue).filter(appeal=Appeal.WAITING).order_by("appealed_at", "pk")


def refusal_views(
    *, dialogue: Dialogue, refusals: Iterable[Moderation], user: Any, voices: Collection[int] = (), is_open: bool = True
) -> tuple[DecisionView, ...]:
    """Return refusals as a reader may see them.

    ``voices`` are the keys of the participants in whose name the reader speaks; ``is_open`` says whether anything can still be decided.
    """
    held = list(refusals)
    keys = [row.statement_id for row in held]
    texts = _texts_of(keys)
    answered = set(
        Statement.objects.filter(pk__in=keys)
        .filter(Exists(Answer.objects.filter(statement=OuterRef("pk"))))
        .values_list("pk", flat=True)
    )
    later: dict[int, list[Moderation]] = {}
    for row in Moderation.objects.filter(statement__in=keys).order_by("pk"):
        later.setdefault(row.statement_id, []).append(row)
    decides, moderates = may_decide_appeal(dialogue=dialogue, user=user), may(user=user, action=MODERATE)
    hidden = numbers_with_hidden_words(dialogue=dialogue)
    found = []
    for row in held:
        mine = row.statement.author_id is not None and row.statement.author_id in set(voices)
        after = [m for m in later[row.statement_id] if m.pk > row.pk]
        again = next((m.decided_at for m in after if m.decision == Decision.SHOW), None)
        holds = row.statement.state == State.REFUSED and not any(m.decision == Decision.REFUSE for m in after)
        reads = decides or moderates or mine
        # Words that a later decision took away are not told beside an earlier one.
        hides = row.hides_text or row.statement.number in hidden
        own = row.by_id is not None and row.by_id == getattr(user, "pk", None)
        found.append(
            DecisionView(
                number=row.statement.number,
                text=_original(texts[row.statement_id]) if reads or not hides else "",
                language=row.statement.language,
                reason=row.reason,
                note=row.note,
                duplicates=row.duplicates.number if row.duplicates else None,
                hides_text=hides,
                office=row.office,
                decided_at=row.decided_at,
                holds=holds,
                was_shown=row.statement_id in answered,
                shown_again_at=again,
                appeal=row.appeal,
                appeal_text=row.appeal_text if decides or mine else "",
                appealed_at=row.appealed_at,
                appeal_note=row.appeal_note,
                appeal_office=row.appeal_office,
                appeal_decided_at=row.appeal_decided_at,
                voice=row.statement.author_id if mine else None,
                may_appeal=is_open and mine and holds and row.appeal == Appeal.NONE,
                may_decide=is_open and decides and not own and row.appeal == Appeal.WAITING,
                may_show_again=is_open and moderates and holds and row.appeal == Appeal.NONE,
            )
        )
    return tuple(found)


def what_a_result_would_leave_out(*, dialogue: Dialogue) -> dict[str, int]:
    """Return what is still at work and would stay out of results published now: statements that wait, appeals, sheets in hand."""
    from comity.platform.dialogue.sheet_views import sheets_in_hand  # noqa: PLC0415  (only who publishes asks)

    return {
        "statements": statements_waiting(dialogue=dialogue).count(),
        "appeals": appeals_waiting(dialogue=dialogue).count(),
        "sheets": sheets_in_hand(dialogue=dialogue),
    }


def numbers_with_hidden_words(*, dialogue: Dialogue) -> frozenset[int]:
    """Return the numbers of the refused statements whose words may not be published."""
    rows = Moderation.objects.filter(
        statement__dialogue=dialogue, statement__state=State.REFUSED, decision=Decision.REFUSE, hides_text=True
    )
    return frozenset(rows.values_list("statement__number", flat=True))


def _texts_of(keys: Collection[int]) -> dict[int, list[StatementText]]:
    found: dict[int, list[StatementText]] = {key: [] for key in keys}
    for text in StatementText.objects.filter(statement__in=keys).order_by("language"):
        found[text.statement_id].append(text)
    return found


def _original(texts: Iterable[StatementText]) -> str:
    return next((t.text for t in texts if t.state == StatementText.State.ORIGINAL), "")


def _resemblance(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0
