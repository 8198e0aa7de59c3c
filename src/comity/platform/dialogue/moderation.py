"""Moderate statements: show or refuse each under published rules, and hear one appeal against a refusal.

Every refusal is published with its reason. What was shown and turns out to break a rule is refused in the same way: its answers
are kept and count no longer. An appeal is decided by another account than the one that decided first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import AlreadyDecided, BadParameter, Conflict
from comity.platform.dialogue.lookups import (
    demand_state,
    is_published,
    one_line,
    reference_of_statement,
    statement_in,
)
from comity.platform.dialogue.models import Dialogue, Moderation, Statement
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.models import User
from comity.platform.parties.rules import authorise, may, standing_now

if TYPE_CHECKING:
    from comity.platform.dialogue.models import Participant

MODERATE = "moderate a statement"
DECIDE_APPEAL = "decide an appeal"
MOST_NOTE = 500
MOST_APPEAL = 1000
LEAST_WORDS = 3
Decision, Reason, Appeal, State = Moderation.Decision, Moderation.Reason, Moderation.Appeal, Statement.State
LIVES = (Dialogue.State.DRAFT, Dialogue.State.OPEN, Dialogue.State.CLOSED)
FROM: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({Decision.SHOW, Decision.REFUSE}),
    State.SHOWN: frozenset({Decision.REFUSE}),
    State.REFUSED: frozenset({Decision.SHOW}),
}
"""What can be decided on a statement, by the state in which the moderator saw it."""


def decide_statement(
    *,
    slug: str,
    number: int,
    decision: str,
    by: Any,
    reason: str = Reason.FITS,
    note: str = "",
    duplicates: int | None = None,
    hides_text: bool = False,
    on: str = State.WAITING,
) -> Moderation:
    """Show or refuse a statement, and return the decision.

    ``on`` is the state in which the moderator saw it: where it has another by now, somebody was faster. ``reason`` is one of
    Moderation.Reason; for a duplicate ``duplicates`` is the number of the statement that is shown already. ``note`` is published.
    Once a result is published, a shown statement can only be refused together with its words, and the figures stay.
    Raises NotPermitted, NotFound, BadParameter, DialogueNotOpen once it is archived, Conflict, or AlreadyDecided.
    """
    office = authorise(by=by, action=MODERATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    said = one_line(note, name="note", most=MOST_NOTE, least=LEAST_WORDS if on == State.REFUSED else 0)
    _demand_decision(decision=decision, reason=reason, on=on)
    now = timezone.now()
    demand_state(dialogue=dialogue, now=now, allowed=LIVES)
    with transaction.atomic():
        statement = statement_in(dialogue=dialogue, number=number, locked=True)
        if statement.state != on:
            raise AlreadyDecided(
                reference=reference_of_statement(dialogue=dialogue, number=number), state=statement.state
            )
        _demand_another(statement=statement, by=by)
        if on == State.REFUSED:
            _demand_no_appeal(statement)
        shown = decision == Decision.SHOW
        if on != State.WAITING and is_published(dialogue=dialogue) and (shown or not hides_text):
            raise Conflict(
                problem="A result of this dialogue is published: a statement can only be refused together with its words now."
            )
        same = _duplicate(dialogue=dialogue, statement=statement, reason=reason, number=duplicates)
        statement.state = State.SHOWN if shown else State.REFUSED
        statement.save(update_fields=["state"])
        return Moderation.objects.create(
            statement=statement,
            decision=decision,
            reason=reason,
            note=said,
            duplicates=same,
            hides_text=hides_text and not shown,
            office=office,
            by=by if isinstance(by, User) else None,
            decided_at=now,
        )


def appeal_refusal(*, slug: str, number: int, text: str, participant: Participant | None, by: Any) -> Moderation:
    """Appeal once against the refusal of one's own statement; ``participant`` is who wrote it, as the door has made sure.

    The text is read by those who decide, and not published. Raises NotFound, BadParameter or Conflict.
    """
    dialogue = dialogue_seen(slug=slug, user=by)
    said = one_line(text, name="appeal", most=MOST_APPEAL, least=LEAST_WORDS)
    now = timezone.now()
    demand_state(dialogue=dialogue, now=now, allowed=LIVES)
    with transaction.atomic():
        statement = statement_in(dialogue=dialogue, number=number, locked=True)
        if participant is None or statement.author_id != participant.pk:
            raise Conflict(problem="Only who wrote a statement can appeal for it; nothing was changed.")
        refusal = latest_refusal(statement=statement)
        if statement.state != State.REFUSED or refusal is None:
            raise Conflict(problem="This statement is not refused, so that there is nothing to appeal against.")
        if refusal.appeal != Appeal.NONE:
            raise Conflict(problem="An appeal against this refusal was made before; there is one for each refusal.")
        if is_published(dialogue=dialogue):
            raise Conflict(problem="The result of this dialogue is published; a refusal cannot change it any more.")
        refusal.appeal, refusal.appeal_text, refusal.appealed_at = Appeal.WAITING, said, now
        refusal.save(update_fields=["appeal", "appeal_text", "appealed_at"])
        return refusal


def decide_appeal(*, slug: str, number: int, outcome: str, note: str, by: Any) -> Moderation:
    """Decide an appeal: ``granted``, and the statement is shown, or ``upheld``, and it stays refused. The note is published.

    Raises NotPermitted, NotFound, BadParameter, AlreadyDecided, or Conflict where this account decided first or wrote it.
    """
    dialogue = dialogue_seen(slug=slug, user=by)
    office = authorise(by=by, action=DECIDE_APPEAL, body=dialogue.body.slug)
    if outcome not in {Appeal.UPHELD, Appeal.GRANTED}:
        raise BadParameter(name="outcome", found=outcome[:20], allowed=f"{Appeal.GRANTED} or {Appeal.UPHELD}")
    said = one_line(note, name="note", most=MOST_NOTE, least=LEAST_WORDS)
    now = timezone.now()
    demand_state(dialogue=dialogue, now=now, allowed=LIVES)
    with transaction.atomic():
        statement = statement_in(dialogue=dialogue, number=number, locked=True)
        refusal = latest_refusal(statement=statement)
        reference = reference_of_statement(dialogue=dialogue, number=number)
        if refusal is None or refusal.appeal == Appeal.NONE:
            raise Conflict(problem="No appeal waits on this statement; nothing was changed.")
        if refusal.appeal != Appeal.WAITING:
            raise AlreadyDecided(reference=reference, state=refusal.appeal)
        if refusal.by_id is not None and refusal.by_id == getattr(by, "pk", None):
            raise Conflict(problem="You refused this statement; another person decides the appeal.")
        _demand_another(statement=statement, by=by)
        if outcome == Appeal.GRANTED and is_published(dialogue=dialogue):
            raise Conflict(problem="The result of this dialogue is published; an appeal can only be upheld now.")
        refusal.appeal, refusal.appeal_note, refusal.appeal_office = outcome, said, office
        refusal.appeal_by, refusal.appeal_decided_at = by if isinstance(by, User) else None, now
        refusal.save(update_fields=["appeal", "appeal_note", "appeal_office", "appeal_by", "appeal_decided_at"])
        if outcome == Appeal.GRANTED:
            statement.state = State.SHOWN
            statement.save(update_fields=["state"])
        return refusal


def latest_refusal(*, statement: Statement) -> Moderation | None:
    """Return the refusal that holds for a statement, or held last."""
    return statement.decisions.filter(decision=Decision.REFUSE).order_by("-pk").first()


def may_decide_appeal(*, dialogue: Dialogue, user: Any) -> bool:
    """Tell whether an account may decide appeals in a dialogue."""
    return may(user=user, action=DECIDE_APPEAL, body=dialogue.body.slug)


def _demand_decision(*, decision: str, reason: str, on: str) -> None:
    if decision not in Decision.values:
        raise BadParameter(name="decision", found=decision[:20], allowed=", ".join(Decision.values))
    if reason not in Reason.values:
        raise BadParameter(name="reason", found=reason[:20], allowed=", ".join(Reason.values))
    if (decision == Decision.SHOW) != (reason == Reason.FITS):
        allowed = Reason.FITS if decision == Decision.SHOW else ", ".join(r for r in Reason.values if r != Reason.FITS)
        raise BadParameter(name="reason", found=reason, allowed=allowed)
    if on not in FROM:
        raise BadParameter(name="on", found=on[:20], allowed=", ".join(FROM))
    if decision not in FROM[on]:
        raise BadParameter(name="decision", found=decision, allowed=", ".join(sorted(FROM[on])))


def _demand_another(*, statement: Statement, by: Any) -> None:
    """Nobody decides on a statement of their own, nor on one of the member whose delegation they are in."""
    author = statement.author
    if author is not None and author.member is not None and author.member.slug in standing_now(user=by).members:
        raise Conflict(problem="Your delegation wrote this statement; another person decides on it.")
    if author is not None and author.user_id is not None and author.user_id == getattr(by, "pk", None):
        raise Conflict(problem="You wrote this statement; another person decides on it.")


def _demand_no_appeal(statement: Statement) -> None:
    refusal = latest_refusal(statement=statement)
    if refusal is not None and refusal.appeal != Appeal.NONE:
        raise Conflict(problem="There is an appeal against this refusal: what comes of it holds. Nothing was changed.")


def _duplicate(*, dialogue: Dialogue, statement: Statement, reason: str, number: int | None) -> Statement | None:
    if reason != Reason.DUPLICATE:
        return None
    found = Statement.objects.filter(dialogue=dialogue, number=number or 0, state=State.SHOWN).first()
    if found is None or found.pk == statement.pk:
        raise BadParameter(
            name="duplicates", found=str(number or "nothing"), allowed="the number of another statement that is shown"
        )
    return found
