"""Keep other views: what is not common ground, in the words of those who hold it, checked with them, and without any count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.dialogue.lookups import demand_state, is_published, one_line
from comity.platform.dialogue.models import Dialogue, OtherView, Statement
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.moderation import MODERATE
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.rules import authorise
from comity.platform.parties.submissions import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

MOST_TEXT = MOST_NOTE = 300
MOST_STATEMENTS = 12
MOST_VIEWS = 40
LIVES = (Dialogue.State.OPEN, Dialogue.State.CLOSED)


@dataclass(frozen=True, slots=True)
class ViewInWords:
    """Another view. ``statements`` are the numbers of those it speaks to; ``is_checked`` says that its holders agreed to the words."""

    id: int
    track: str
    language: str
    text: str
    note: str
    statements: tuple[int, ...]
    is_checked: bool
    written_at: dt.datetime


def views_of(*, dialogue: Dialogue, track: str, checked: bool = True) -> tuple[ViewInWords, ...]:
    """Return the other views of a track, in the order in which they were written; those not checked yet where ``checked`` is False.

    A view that its holders have not checked is for the secretariat alone.
    """
    rows = OtherView.objects.filter(dialogue=dialogue, track=track).order_by("pk")
    if checked:
        rows = rows.filter(is_checked=True)
    return tuple(
        ViewInWords(
            id=row.pk,
            track=row.track,
            language=row.language,
            text=row.text,
            note=row.note,
            statements=tuple(row.statements),
            is_checked=row.is_checked,
            written_at=row.written_at,
        )
        for row in rows
    )


def write_view(
    *,
    slug: str,
    track: str,
    language: str,
    text: str,
    by: Any,
    note: str = "",
    statements: Iterable[int] = (),
    view: int | None = None,
) -> OtherView:
    """Write down another view, or with ``view`` change one; changed words must be checked again.

    ``statements`` are numbers of statements that are shown. Raises NotPermitted, NotFound, BadParameter, DialogueNotOpen, or
    Conflict once the track's result is published or there are too many.
    """
    authorise(by=by, action=MODERATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    if track not in Track.values:
        raise BadParameter(name="track", found=track[:20], allowed=", ".join(Track.values))
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    said = one_line(text, name="text", most=MOST_TEXT, least=3)
    beside = one_line(note, name="note", most=MOST_NOTE)
    with transaction.atomic():
        _demand_life(dialogue=dialogue, track=track)
        numbers = _shown(dialogue=dialogue, numbers=statements)
        if view is None:
            if OtherView.objects.filter(dialogue=dialogue, track=track).count() >= MOST_VIEWS:
                raise Conflict(
                    problem=f"There are {MOST_VIEWS} other views in this track: shorten or remove one first."
                )
            row = OtherView(dialogue=dialogue, track=track)
        else:
            row = _locked(dialogue=dialogue, view=view)
            if row.track != track:
                raise BadParameter(name="track", found=track, allowed=row.track)
        row.language, row.text, row.note, row.statements = language, said, beside, numbers
        row.is_checked, row.written_at = False, timezone.now()
        row.save()
        return row


def check_view(*, slug: str, view: int, text: str, by: Any) -> OtherView:
    """Say that those who hold a view have agreed to its words. ``text`` are the words that they agreed to.

    Raises NotPermitted, NotFound, DialogueNotOpen, or Conflict where the words have changed since.
    """
    authorise(by=by, action=MODERATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    with transaction.atomic():
        row = _locked(dialogue=dialogue, view=view)
        _demand_life(dialogue=dialogue, track=row.track)
        if row.text != " ".join(text.split()):
            raise Conflict(
                problem="These words have changed since. Check the present ones with those who hold the view."
            )
        row.is_checked = True
        row.save(update_fields=["is_checked"])
        return row


def remove_view(*, slug: str, view: int, by: Any) -> None:
    """Remove another view, as when those who hold it do not want it told. Raises as for writing one."""
    authorise(by=by, action=MODERATE)
    dialogue = dialogue_seen(slug=slug, user=by)
    with transaction.atomic():
        row = _locked(dialogue=dialogue, view=view)
        _demand_life(dialogue=dialogue, track=row.track)
        row.delete()


def _demand_life(*, dialogue: Dialogue, track: str) -> None:
    demand_state(dialogue=dialogue, now=timezone.now(), allowed=LIVES)
    if is_published(dialogue=dialogue, track=track):
        raise Conflict(problem="The result of this track is published with its other views; nothing was changed.")


def _locked(*, dialogue: Dialogue, view: int) -> OtherView:
    rows = OtherView.objects.select_for_update(of=("self",)).filter(dialogue=dialogue)
    found = rows.filter(pk=view).first() if 0 < view < 2**62 else None
    if found is None:
        raise NotFound(reference=f"{dialogue.reference}/other-views/{view}")
    return found


def _shown(*, dialogue: Dialogue, numbers: Iterable[int]) -> list[int]:
    wanted = sorted(set(numbers))
    if len(wanted) > MOST_STATEMENTS:
        raise BadParameter(
            name="statements", found=f"{len(wanted)} numbers", allowed=f"at most {MOST_STATEMENTS} numbers"
        )
    rows = Statement.objects.filter(dialogue=dialogue, state=Statement.State.SHOWN)
    known = set(rows.values_list("number", flat=True)) if wanted else set()
    if unknown := [n for n in wanted if n not in known]:
        raise BadParameter(
            name="statements", found=str(unknown[0])[:20], allowed="numbers of statements that are shown"
        )
    return wanted
