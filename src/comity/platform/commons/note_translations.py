"""Translate notes: an office types a translation or checks one that a machine made; each says how far it can be trusted, and of which version it is.

No machine translates here by itself. An adapter of a named model can be given to ``translate_by_machine``; what it makes waits for a
person and is no act. The words of a note that is not public are given to no model outside of the machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.models import NoteTranslation
from comity.platform.commons.note_parts import MOST_PART, PARTS
from comity.platform.commons.notes_of_experience import checked_parts, words_to_search
from comity.platform.commons.notes_seen import State, locked_note, name_of_circle, note_seen
from comity.platform.parties.preparing import CHANGED, demand_state
from comity.platform.parties.rules import ROLES, Installation, authorise, may
from comity.platform.parties.texts import MOST_TITLE, checked_language, checked_text
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.platform.commons.models import ExperienceNote

TRANSLATE = "translate a note"
RULE = "What members learnt is read in the six languages"
MOST_TRANSLATED_TITLE, MOST_TRANSLATED = MOST_TITLE * 3 // 2, 2 * MOST_PART
MOST_NAME = 80
TOLD = "the words of every part that the original has, and of no other"
OUTSIDE = (
    "The words of a note that is not public are given to no model outside of this machine; nothing was translated."
)
OF_A_MEMBER = ("head", "delegate", "focal-point")
Stage = NoteTranslation.State


class Translator(Protocol):
    """A model that translates, behind an adapter. ``name`` says model and version; ``is_local``: it runs on this machine."""

    name: str
    is_local: bool

    def translate(self, *, text: str, source: str, target: str) -> str:
        """Return a text in another language."""
        ...


@dataclass(frozen=True, slots=True)
class TranslationDesk:
    """A note's original with what there is of it in one other language; ``state`` is empty where there is nothing.

    ``original`` and ``words`` are (part, text) in the order of the parts, those that the original tells. ``seen`` is what a form sends
    back, so that nobody overwrites what they did not see.
    """

    slug: str
    version: int
    language: str
    title: str
    original: tuple[tuple[str, str], ...]
    to: str
    state: str
    of_version: int
    made_by: str
    by_machine: bool
    made_at: dt.datetime | None
    checked_at: dt.datetime | None
    words_title: str
    words: tuple[tuple[str, str], ...]
    visibility: str
    seen: str

    @property
    def is_earlier(self) -> bool:
        """Whether the translation is of an earlier version of the note."""
        return bool(self.state) and self.of_version < self.version


def translation_desk(*, slug: str, language: str, user: Any) -> TranslationDesk:
    """Return a note beside its translation into a language. Raises NotFound, NotPermitted, BadParameter, or Conflict where it does not stand."""
    note = _translatable(note_seen(slug=slug, user=user), language=language)
    authorise(by=user, action=TRANSLATE, member=note.member.slug, body=note.body.slug)
    held = note.translations.filter(language=language).first()
    told = [part for part in PARTS if getattr(note, part)]
    return TranslationDesk(
        slug=note.slug,
        version=note.version,
        language=note.language,
        title=note.title,
        original=tuple((part, getattr(note, part)) for part in told),
        to=language,
        state=held.state if held else "",
        of_version=held.version if held else 0,
        made_by=held.made_by if held else "",
        by_machine=held is not None and held.by_machine,
        made_at=held.made_at if held else None,
        checked_at=held.checked_at if held else None,
        words_title=held.title if held else "",
        words=tuple((part, getattr(held, part) if held else "") for part in told),
        visibility=note.visibility,
        seen=_token(note, held),
    )


def may_translate(*, note: ExperienceNote, user: Any) -> bool:
    """Tell whether an account may translate a note that it sees."""
    return note.state == State.OPEN and may(user=user, action=TRANSLATE, member=note.member.slug, body=note.body.slug)


def write_note_translation(
    *, slug: str, language: str, title: str, parts: Mapping[str, str], by: Any, on: str | None = None
) -> NoteTranslation:
    """Type or correct the words of a note in a language: a person's, and so checked. What a model made keeps its name.

    ``on`` is what the translator saw (``seen`` of the desk); None does not ask. Raises NotFound, NotPermitted, BadParameter, or Conflict
    where somebody changed the note or the translation meanwhile, or the note does not stand.
    """
    with transaction.atomic():
        note, office, held = _opened(slug, language, by=by, on=on)
        now = timezone.now()
        if held is None:
            held = NoteTranslation(note=note, language=language, made_by=office, made_at=now)
        elif not held.by_machine:
            held.made_by, held.made_at = office, now
        _say(held, _checked(note, title=title, parts=parts))
        return _answer_for(held, note, office=office)


def check_note_translation(*, slug: str, language: str, by: Any, on: str) -> NoteTranslation:
    """Find a model's translation of the present version good as it stands. Raises as for writing one, or NotFound where there is none."""
    with transaction.atomic():
        note, office, held = _opened(slug, language, by=by, on=on)
        if held is None:
            raise NotFound(reference=f"{note.reference}/translations/{language}")
        if held.state == Stage.CHECKED:
            raise Conflict(problem="A person has checked this translation before; nothing was changed.")
        if held.version != note.version:
            raise Conflict(
                problem="This is a translation of an earlier version. Bring it up to date first; nothing was changed."
            )
        return _answer_for(held, note, office=office)


def translate_note_by_machine(*, slug: str, language: str, translator: Translator, by: Any) -> NoteTranslation | None:
    """Let a named model translate a note that has no words in a language yet; None where a person wrote some meanwhile.

    It awaits a person. Raises NotFound, NotPermitted, BadParameter, or Conflict where the note does not stand, or is not public and the
    model runs elsewhere.
    """
    note = _translatable(_note_of(slug, by=by), language=language)
    authorise(by=by, action=TRANSLATE, member=note.member.slug, body=note.body.slug)
    name = checked_text("translator", translator.name, most=MOST_NAME, least=1)
    if name in ROLES or name == "installation":
        raise BadParameter(name="translator", found=name, allowed="the name of a model with its version")
    if note.visibility != Visibility.PUBLIC and not translator.is_local:
        raise Conflict(problem=OUTSIDE)
    # A model may take long: it is asked outside of any transaction.
    said = {
        part: translator.translate(text=text, source=note.language, target=language) if text else ""
        for part, text in (("title", note.title), *((p, getattr(note, p)) for p in PARTS))
    }
    given = _checked(note, title=said.pop("title"), parts=said)
    with transaction.atomic():
        kept = _translatable(locked_note(slug=slug), language=language)
        if kept.version != note.version or kept.translations.filter(language=language).exists():
            return None
        made = NoteTranslation(
            note=kept,
            language=language,
            version=kept.version,
            state=Stage.MACHINE,
            made_by=name,
            by_machine=True,
            made_at=timezone.now(),
        )
        _say(made, given)
        made.save()
        return made


def _note_of(slug: str, /, *, by: Any) -> ExperienceNote:
    """Return a note that somebody sees; the installation sees all. Raises NotFound."""
    if isinstance(by, Installation):
        with transaction.atomic():
            return locked_note(slug=slug)
    return note_seen(slug=slug, user=by)


def _opened(
    slug: str, language: str, /, *, by: Any, on: str | None
) -> tuple[ExperienceNote, str, NoteTranslation | None]:
    """Return a note, locked, with the office of who translates it and what there is in the language."""
    _note_of(slug, by=by)
    note = locked_note(slug=slug)
    office = authorise(by=by, action=TRANSLATE, member=note.member.slug, body=note.body.slug)
    # Asked again under the lock: its circle may have become narrower meanwhile.
    _translatable(_note_of(slug, by=by), language=language)
    held = note.translations.filter(language=language).first()
    if on is not None and _token(note, held) != on:
        raise Conflict(problem=CHANGED)
    return note, office, held


def _translatable(note: ExperienceNote, /, *, language: str) -> ExperienceNote:
    checked_language(language)
    if language == note.language:
        raise BadParameter(name="language", found=language, allowed="another than the one it was written in")
    demand_state(note, State.OPEN)
    return note


def _checked(note: ExperienceNote, /, *, title: str, parts: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a translation: of every part that the original tells, and of no other. Raises BadParameter."""
    called = checked_text("title", title, most=MOST_TRANSLATED_TITLE, least=1)
    told = checked_parts(parts, most=MOST_TRANSLATED)
    wrong = next((part for part in PARTS if bool(told[part]) != bool(getattr(note, part))), "")
    if wrong:
        raise BadParameter(name=wrong, found="a text" if told[wrong] else "empty", allowed=TOLD)
    return {"title": called, **told}


def _say(held: NoteTranslation, given: Mapping[str, str], /) -> None:
    for name, text in given.items():
        setattr(held, name, text)
    held.search_words = words_to_search(title=held.title, parts=given, language=held.language)


def _answer_for(held: NoteTranslation, note: ExperienceNote, /, *, office: str) -> NoteTranslation:
    """Keep a translation for which an office answers, with its act. For the transaction that locked the note."""
    held.version, held.state, held.checked_at = note.version, Stage.CHECKED, timezone.now()
    held.act = enter_act(
        type="translate-note",
        office=office,
        member=note.member.slug if office in OF_A_MEMBER else "",
        authority=RULE,
        subject=f"{note.reference}/translations/{held.language}",
        payload={
            "note": note.reference,
            "version": note.version,
            "language": held.language,
            "title": held.title,
            "parts": {part: getattr(held, part) for part in PARTS},
            "made_by": held.made_by,
            "shown_to": name_of_circle(visibility=note.visibility, audience=note.audience),
        },
        links=[(f"{note.reference}/translations/{held.language}", "wasDerivedFrom", note.reference)],
        visibility=note.visibility,
        audience=note.audience,
    )
    held.save()
    return held


def _token(note: ExperienceNote, held: NoteTranslation | None, /) -> str:
    said = [str(note.version)]
    if held is not None:
        said += [held.state, str(held.version), held.title, *(getattr(held, part) for part in PARTS)]
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()[:16]
