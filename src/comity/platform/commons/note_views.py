"""Read experience notes for pages: one note in the reader's language with what became of it, and what a form of it holds."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.errors import NotFound
from comity.platform.commons.note_cards import NoteCard, note_cards
from comity.platform.commons.note_parts import PARTS
from comity.platform.commons.note_translations import may_translate
from comity.platform.commons.notes_of_experience import about_of, take_pending
from comity.platform.commons.notes_seen import State, committees_of, name_of_circle, note_seen
from comity.platform.parties.preparing import own_members, prepared_desk, token_of
from comity.platform.record.models import Act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.platform.commons.models import ExperienceNote, NoteTranslation
    from comity.platform.parties.preparing import PreparedDesk

MOST_VERSIONS = 100
WORDS = ("send-note", "change-note")


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The words of a note in one language.

    ``state`` is original, checked or machine. ``made_by`` is an office or a model's name (``by_machine``), empty for the original.
    ``is_earlier``: they translate an earlier version, number ``version``. ``parts`` are (part, text) of those that are told, in order.
    """

    language: str
    state: str
    title: str
    parts: tuple[tuple[str, str], ...]
    version: int
    made_by: str
    by_machine: bool
    is_earlier: bool
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NoteVersion:
    """A version of a note's words that a reader may read, with the act that sent it."""

    number: int
    sent_at: dt.datetime
    act: str


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note with all that this reader may see of it.

    ``words`` are None where the note was withdrawn and the reader is not of its delegation. ``tongues`` are (language, state, whether of
    an earlier version) in which it can be read, the original first. ``about`` are references, whether or not the reader sees what they
    name: the doors show those alone that it does. ``circles`` are those that the delegation may choose. ``act`` is the latest act on
    it that the reader sees. ``next`` and ``next_about`` are what it will be once the change that waits is sent, for its delegation alone.
    """

    card: NoteCard
    words: NoteWords | None
    original: NoteWords | None
    tongues: tuple[tuple[str, str, bool], ...]
    about: tuple[str, ...]
    desk: PreparedDesk | None
    circles: tuple[str, ...]
    may_translate: bool
    versions: tuple[NoteVersion, ...]
    act: str
    was_wider: bool
    next: NoteWords | None
    next_circle: str
    next_about: tuple[str, ...]


def note_page(*, slug: str, user: Any, language: str, tongue: str = "") -> NotePage:
    """Return a note as this reader sees it, in ``tongue`` where it is there, else in the reader's language, else as it was written.

    Raises NotFound where the reader sees none.
    """
    note = note_seen(slug=slug, user=user)
    card = note_cards(notes=[note], user=user, language=language)[0]
    readable = card.is_own or note.state != State.WITHDRAWN
    made = {t.language: t for t in note.translations.all()} if readable else {}
    original = original_words(note) if readable else None
    words = original
    wanted = next((code for code in (tongue, language.partition("-")[0]) if code in {note.language, *made}), "")
    if wanted in made:
        words = _translated(made[wanted], note)
    desk = prepared_desk(row=note, user=user)
    waiting: NoteWords | None = None
    circle, next_circle, next_about = name_of_circle(visibility=note.visibility, audience=note.audience), "", []
    if desk is not None and note.pending:
        changed = note_seen(slug=slug, user=user)
        take_pending(changed)
        waiting, next_about = original_words(changed), changed.pending["about"]
        next_circle = name_of_circle(visibility=changed.visibility, audience=changed.audience)
    return NotePage(
        card=card,
        words=words,
        original=original,
        tongues=_tongues(note, made) if readable else (),
        about=tuple(about_of(note)) if readable else (),
        desk=desk,
        circles=tuple(c for c in circles_of(member=note.member.slug) if c != circle) if desk is not None else (),
        may_translate=may_translate(note=note, user=user),
        versions=_versions(note, user=user, is_own=card.is_own) if readable else (),
        act=_latest_act(note, user=user),
        was_wider=card.is_own and _was_wider(note),
        next=waiting,
        next_circle=next_circle,
        next_about=tuple(next_about),
    )


def note_version(*, slug: str, number: int, user: Any, language: str) -> tuple[NoteCard, NoteWords]:
    """Return an earlier version of a note's words, as its act holds them. Raises NotFound where the reader may not read that one."""
    note = note_seen(slug=slug, user=user)
    card = note_cards(notes=[note], user=user, language=language)[0]
    for act, told in _told(note, user=user, is_own=card.is_own) if card.is_own or note.state == State.OPEN else ():
        if told["version"] == number:
            parts = told["parts"]
            return card, NoteWords(
                language=told["language"],
                state="original",
                title=told["title"],
                parts=tuple((part, parts[part]) for part in PARTS if parts.get(part)),
                version=number,
                made_by="",
                by_machine=False,
                is_earlier=number < note.version,
                at=act.entered_at,
            )
    raise NotFound(reference=f"{note.reference}/versions/{number}")


def note_to_change(*, slug: str, user: Any) -> dict[str, Any]:
    """Return the fields of a note as a form holds them: those of the change that waits, else its own.

    Raises NotFound for everyone outside its delegation.
    """
    note = note_seen(slug=slug, user=user)
    if note.member.slug not in own_members(user=user):
        raise NotFound(reference=note.reference)
    about = about_of(note)
    if note.pending:
        about = note.pending["about"]
        take_pending(note)
    return {
        "language": note.language,
        "title": note.title,
        "parts": {part: getattr(note, part) for part in PARTS},
        "circle": name_of_circle(visibility=note.visibility, audience=note.audience),
        "about": about,
        "months": note.months,
        "people": note.people,
        "note": note.note,
        "body": note.body.slug,
        "member": note.member.slug,
        "seen": token_of(note),
        "state": note.state,
    }


def circles_of(*, member: str) -> tuple[str, ...]:
    """Return the circles that a member can choose for a note, from the widest: public, members, its committees, its delegation."""
    return ("public", "members", *(f"committee:{slug}" for slug, _names in committees_of(member=member)), "delegation")


def original_words(note: ExperienceNote, /) -> NoteWords:
    """Return the words of a note as it was written."""
    return NoteWords(
        language=note.language,
        state="original",
        title=note.title,
        parts=_parts(note),
        version=note.version,
        made_by="",
        by_machine=False,
        is_earlier=False,
        at=note.sent_at,
    )


def _translated(held: NoteTranslation, note: ExperienceNote, /) -> NoteWords:
    return NoteWords(
        language=held.language,
        state=held.state,
        title=held.title,
        parts=_parts(held),
        version=held.version,
        made_by=held.made_by,
        by_machine=held.by_machine,
        is_earlier=held.version < note.version,
        at=held.checked_at or held.made_at,
    )


def _parts(row: ExperienceNote | NoteTranslation, /) -> tuple[tuple[str, str], ...]:
    return tuple((part, getattr(row, part)) for part in PARTS if getattr(row, part))


def _tongues(note: ExperienceNote, made: Mapping[str, NoteTranslation], /) -> tuple[tuple[str, str, bool], ...]:
    others = ((code, t.state, t.version < note.version) for code, t in sorted(made.items()))
    return ((note.language, "original", False), *((code, str(state), earlier) for code, state, earlier in others))


def _acts(note: ExperienceNote, /, *, user: Any, is_own: bool) -> Any:
    """Return the acts that sent words of a note and whose words this reader may still read, the first first.

    Its delegation reads all. To others what was sent to fewer stays with those, and what is withheld is read by nobody.
    """
    rows = Act.objects.filter(subject=note.reference, type__in=WORDS).order_by("entered_at", "pk")
    return rows if is_own else rows.filter(seen_by(user=user), is_payload_withheld=False)


def _told(note: ExperienceNote, /, *, user: Any, is_own: bool) -> list[tuple[Act, dict[str, Any]]]:
    """Return for each version that this reader may read the first act that holds it, with its payload."""
    found: dict[int, tuple[Act, dict[str, Any]]] = {}
    for act in _acts(note, user=user, is_own=is_own)[:MOST_VERSIONS]:
        told = json.loads(zlib.decompress(bytes(act.payload)))
        found.setdefault(told["version"], (act, told))
    return [found[number] for number in sorted(found)]


def _versions(note: ExperienceNote, /, *, user: Any, is_own: bool) -> tuple[NoteVersion, ...]:
    if note.version <= 1:
        return ()
    return tuple(
        NoteVersion(number=told["version"], sent_at=act.entered_at, act=str(act.pk))
        for act, told in reversed(_told(note, user=user, is_own=is_own))
    )


def _latest_act(note: ExperienceNote, /, *, user: Any) -> str:
    seen = Act.objects.filter(seen_by(user=user), subject=note.reference).order_by("-entered_at", "-pk").first()
    return str(seen.pk) if seen is not None else ""


def _was_wider(note: ExperienceNote, /) -> bool:
    """Tell whether more saw a note before than see it now: what they read stays known."""
    return Act.objects.filter(subject=note.reference, is_payload_withheld=True).exists()
