"""What notes, questions and replies keep of a person: who prepared and who cleared them. Given out whole, cut with the account, gone a year later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from comity.platform.commons.models import ExperienceNote, MemberQuestion, MemberReply
from comity.platform.parties.prepared_persons import KEPT, cut_account, forget_persons, prepared_by_account

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import User


def shared_by(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return what notes, questions and replies keep of an account, for the export of its personal data."""
    return {
        "experience_notes": prepared_by_account(ExperienceNote.objects.all(), email=email),
        "member_questions": prepared_by_account(MemberQuestion.objects.all(), email=email),
        "member_replies": prepared_by_account(MemberReply.objects.select_related("question"), email=email),
    }


def erase_who_shared(*, user: User) -> None:
    """Cut an account from what it prepared and cleared; that stays with its member, without the person."""
    cut_account(ExperienceNote.objects.all(), MemberQuestion.objects.all(), MemberReply.objects.all(), user=user)


def forget_who_shared(*, now: dt.datetime | None = None) -> int:
    """Cut persons and their remarks from what ended, or was left as a draft, more than a year ago. Returns how many rows it was."""
    before = (now or timezone.now()) - KEPT
    ended = Q(ended_at__lte=before)
    own = [forget_persons(model.objects.all(), over=ended, before=before) for model in (ExperienceNote, MemberQuestion)]
    of_ended = Q(question__in=MemberQuestion.objects.filter(ended).values("pk"))
    return sum(own) + forget_persons(MemberReply.objects.all(), over=of_ended, before=before)
