"""What dialogue keeps of a person: given out whole, cut with the account, and cut when a dialogue is archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.platform.dialogue.models import (
    Dialogue,
    Invitee,
    Moderation,
    Participant,
    PreparedAnswer,
    SheetEntry,
    Statement,
    StatementText,
)

if TYPE_CHECKING:
    from comity.platform.parties.models import User


def dialogues_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return all that dialogue keeps of an account, for the export of its personal data; empty lists where there is no account."""
    prepared = PreparedAnswer.objects.filter(Q(prepared_by__email__iexact=email) | Q(cleared_by__email__iexact=email))
    decided = Moderation.objects.filter(Q(by__email__iexact=email) | Q(appeal_by__email__iexact=email))
    typed = SheetEntry.objects.filter(by__email__iexact=email).select_related("batch__dialogue").order_by("pk")
    voices = Participant.objects.filter(user__email__iexact=email).select_related("dialogue").order_by("pk")
    return {
        "dialogues": [_voice(voice) for voice in voices],
        "dialogue_invitations": [
            {"dialogue": row.dialogue.slug, "invited_at": row.invited_at.isoformat()}
            for row in Invitee.objects.filter(user__email__iexact=email).select_related("dialogue").order_by("pk")
        ],
        "prepared_answers": [
            {
                "statement": _name(row.statement),
                "member": row.member.slug,
                "value": row.value,
                "standing": row.standing,
                "note": row.note,
                "prepared": _is(row.prepared_by, email),
                "prepared_at": row.prepared_at.isoformat(),
                "cleared": _is(row.cleared_by, email),
            }
            for row in prepared.select_related("statement__dialogue", "member", "prepared_by", "cleared_by").order_by(
                "pk"
            )
        ],
        "moderation": [
            {
                "statement": _name(row.statement),
                "decision": row.decision,
                "reason": row.reason,
                "note": row.note,
                "decided": _is(row.by, email),
                "at": row.decided_at.isoformat(),
                "decided_appeal": _is(row.appeal_by, email),
                "appeal": row.appeal,
                "appeal_note": row.appeal_note,
            }
            for row in decided.select_related("statement__dialogue", "by", "appeal_by").order_by("pk")
        ],
        "sheets_typed": [
            {
                "dialogue": row.batch.dialogue.slug,
                "batch": row.batch.number,
                "serial": row.serial,
                "turn": row.turn,
                "answers": row.answers,
                "at": row.entered_at.isoformat(),
            }
            for row in typed
        ],
    }


def erase_dialogues_of(*, user: User) -> None:
    """Cut an account from all that it did in dialogues; answers, statements and decisions stay without it.

    What it wrote in an appeal goes: that was for those who decided, and is published nowhere.
    """
    with transaction.atomic():
        own = Participant.objects.filter(user=user)
        Moderation.objects.filter(statement__author__in=own.values("pk")).update(appeal_text="")
        own.update(user=None, way=Participant.Way.ERASED)
        Invitee.objects.filter(user=user).delete()
        PreparedAnswer.objects.filter(prepared_by=user).update(prepared_by=None)
        PreparedAnswer.objects.filter(cleared_by=user).update(cleared_by=None)
        Moderation.objects.filter(by=user).update(by=None)
        Moderation.objects.filter(appeal_by=user).update(appeal_by=None)
        SheetEntry.objects.filter(by=user).update(by=None)


def forget_ties_of_archived() -> int:
    """Cut what still ties persons to dialogues that are archived: accounts, codes, who typed a sheet, appeals, what was prepared.

    Archiving cuts accounts itself; this sees to all of it, whatever came in by another way. Returns how many rows were changed.
    """
    archived = Dialogue.objects.filter(archived_at__lte=timezone.now()).values("pk")
    voices = Participant.objects.filter(dialogue__in=archived)
    with transaction.atomic():
        gone = PreparedAnswer.objects.filter(dialogue__in=archived).delete()[0]
        gone += Invitee.objects.filter(dialogue__in=archived).delete()[0]
        gone += voices.filter(Q(user__isnull=False) | ~Q(code_sha256="")).update(
            user=None, code_sha256="", way=Participant.Way.ERASED
        )
        gone += SheetEntry.objects.filter(batch__dialogue__in=archived, by__isnull=False).update(by=None)
        of_archived = Moderation.objects.filter(statement__dialogue__in=archived)
        gone += of_archived.exclude(appeal_text="").update(appeal_text="")
    return gone


def _voice(voice: Participant) -> dict[str, Any]:
    written = Statement.objects.filter(author=voice).order_by("number").prefetch_related("texts", "decisions")
    return {
        "dialogue": voice.dialogue.slug,
        "track": voice.track,
        "pseudonym": voice.pseudonym,
        "region": voice.region,
        "came_at": voice.came_at.isoformat(),
        "answers": [
            {"statement": number, "value": value, "standing": standing, "at": at.isoformat()}
            for number, value, standing, at in voice.answers.order_by("statement__number").values_list(
                "statement__number", "value", "standing", "given_at"
            )
        ],
        "shown": [
            {"statement": number, "at": at.isoformat()}
            for number, at in voice.exposures.order_by("pk").values_list("statement__number", "shown_at")
        ],
        "statements": [
            {
                "number": row.number,
                "language": row.language,
                "text": next((t.text for t in row.texts.all() if t.state == StatementText.State.ORIGINAL), ""),
                "state": row.state,
                "written_at": row.written_at.isoformat(),
                "appeals": [m.appeal_text for m in row.decisions.all() if m.appeal_text],
            }
            for row in written
        ],
    }


def _name(statement: Statement) -> str:
    return f"{statement.dialogue.reference}/statements/{statement.number}"


def _is(user: User | None, email: str) -> bool:
    return user is not None and user.email.casefold() == email.casefold()
