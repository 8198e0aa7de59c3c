"""Tell people what waits of experience notes: to clear, to send, and a machine's translations that await a person."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from django.db.models import F, Q

from comity.platform.commons.models import ExperienceNote, NoteTranslation
from comity.platform.commons.note_translations import TRANSLATE
from comity.platform.commons.notes_seen import notes_told
from comity.platform.parties.preparing import CLEAR, SEND, clears_contributions, own_members
from comity.platform.parties.rules import may
from comity.platform.parties.today import PROVIDERS, Need

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from comity.platform.parties.models import Body, User

MOST_TOLD = 20
"""Of one kind for one person; the list of notes shows all."""


def notes_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield what waits for each note of a person's delegations that is prepared and not yet sent."""
    del now
    own = own_members(user=user)
    if not own:
        return
    clears = cache(_clears)
    told: Counter[tuple[str, str]] = Counter()
    rows = ExperienceNote.objects.filter(member__slug__in=own, state__in=["draft", "open"])
    for note in rows.select_related("body", "member").order_by("slug"):
        kind = _next_step(note, user=user, clears=clears)
        told[note.member.slug, kind] += 1
        if kind and told[note.member.slug, kind] <= MOST_TOLD:
            yield _need(f"{kind}-note", note, address=f"/{note.reference}")


def translations_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield notes that a person may translate, one of whose translations a machine made or is of an earlier version."""
    del now
    if not may(user=user, action=TRANSLATE):
        return
    waiting = Q(state=NoteTranslation.State.MACHINE) | Q(version__lt=F("note__version"))
    rows = NoteTranslation.objects.filter(waiting, note__in=notes_told(user=user))
    count = 0
    for held in rows.select_related("note__member", "note__body").order_by("note__slug", "language"):
        note = held.note
        if count < MOST_TOLD and may(user=user, action=TRANSLATE, member=note.member.slug, body=note.body.slug):
            count += 1
            address = f"/{note.reference}/translations/{held.language}"
            yield _need("translate-note", note, address=address, key=f"-{held.language}")


def _need(kind: str, note: ExperienceNote, /, *, address: str, key: str = "") -> Need:
    return Need(kind=kind, key=f"{kind}-{note.slug}{key}", member=note.member.slug, address=address, title=note.title)


def _clears(body: Body, member: str, /) -> bool:
    return clears_contributions(body=body, member=member)


def _next_step(note: ExperienceNote, /, *, user: User, clears: Callable[[Body, str], bool]) -> str:
    """Return what waits for a person; what is not cleared waits for nobody but who clears it."""
    if note.state == ExperienceNote.State.OPEN and not note.pending:
        return ""
    member, body = note.member.slug, note.body.slug
    if clears(note.body, member) and note.cleared_at is None:
        return "clear" if may(user=user, action=CLEAR, member=member, body=body) else ""
    return "send" if may(user=user, action=SEND, member=member, body=body) else ""


for _provider in (notes_that_wait, translations_that_wait):
    if _provider not in PROVIDERS:
        PROVIDERS.append(_provider)
