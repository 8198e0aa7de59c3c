"""List experience notes in the reader's language: by what they are about, by member, by language, by their words; never by how often they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from comity.engines.alignment.tokens import tokens_of
from comity.platform.commons.models import ExperienceNote, NoteSubject, NoteTranslation
from comity.platform.commons.notes_seen import State, notes_seen, notes_told
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import is_waiting, own_members
from comity.platform.parties.roster import name_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

MOST_LINE = 200
MOST_WORDS = 12
ORDERS = ("title", "new")


@dataclass(frozen=True, slots=True)
class NoteCard:
    """A note in the reader's language where it is there, else as it was written.

    ``title`` and ``line``, how the problem begins, are empty, and so is what it took (``months``, ``people``), where the note was withdrawn and the reader is not of its delegation; ``words_state`` is original, checked or machine.
    ``languages`` are all in which it can be read, ``language`` the one it was written in. ``is_own``: the reader is of its delegation.
    """

    slug: str
    reference: str
    body: str
    body_name: str
    member: str
    member_name: str
    language: str
    title: str
    title_language: str
    line: str
    words_state: str
    languages: tuple[str, ...]
    visibility: str
    audience: str
    state: str
    version: int
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    months: int | None
    people: int | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note of the reader's own delegation in a list; ``waits``: it, or a change of it, waits to be cleared or sent."""

    card: NoteCard
    waits: bool
    is_cleared: bool


def find_notes(
    *,
    user: Any,
    language: str,
    about: Collection[str] = (),
    member: str = "",
    tongue: str = "",
    months: int | None = None,
    words: str = "",
    order: str = "title",
) -> list[int]:
    """Return the keys of the notes that an account reads and that fit, in the order of their titles in its language, or newest first.

    ``about`` are references that this account sees, all of which it is about, ``member`` a slug, ``tongue`` a language in which it can be read; ``months``: it took that long at most.
    ``words`` are all in the original or all in one translation. The cards of a page of them come from ``note_cards_of``.
    """
    rows = notes_told(user=user)
    for reference in about:
        rows = rows.filter(pk__in=_about([reference]))
    if member:
        rows = rows.filter(member__slug=member)
    if tongue:
        rows = rows.filter(Q(language=tongue) | Q(translations__language=tongue))
    if months is not None:
        rows = rows.filter(months__lte=months)
    if words:
        rows = rows.filter(_holding(words))
    held = {pk: (title, sent) for pk, title, sent in rows.distinct().values_list("pk", "title", "sent_at")}
    called = NoteTranslation.objects.filter(note__in=list(held), language=language.partition("-")[0])
    titles = dict(called.values_list("note", "title"))
    if order == "new":
        return sorted(held, key=lambda pk: (held[pk][1], pk), reverse=True)
    return sorted(held, key=lambda pk: (titles.get(pk, held[pk][0]).casefold(), pk))


def note_cards_of(*, keys: Collection[int], user: Any, language: str) -> list[NoteCard]:
    """Return the cards of notes by their keys, in that order; those that the account does not see are left out."""
    rows = notes_seen(user=user).in_bulk(list(keys))
    return note_cards(notes=[rows[key] for key in keys if key in rows], user=user, language=language)


def notes_about(
    *, references: Collection[str], user: Any, language: str, parts: bool = False, most: int = 10
) -> list[NoteCard]:
    """Return the notes that an account reads about any of some references, by title; ``parts``: or about a part of one."""
    rows = notes_told(user=user).filter(pk__in=_about(references, parts=parts))
    cards = note_cards(notes=rows, user=user, language=language)
    return sorted(cards, key=lambda c: (c.title.casefold(), c.slug))[:most]


def own_notes(*, user: Any, language: str) -> list[OwnNote]:
    """Return the notes of the reader's own delegations: what waits first, then open ones, then withdrawn ones."""
    own = own_members(user=user)
    if not own:
        return []
    rows = list(ExperienceNote.objects.filter(member__slug__in=own).select_related("body", "member").order_by("slug"))
    cards = note_cards(notes=rows, user=user, language=language)
    found = [
        OwnNote(card=card, waits=is_waiting(note), is_cleared=note.cleared_at is not None)
        for note, card in zip(rows, cards, strict=True)
    ]
    order = {"draft": 0, "open": 1, "withdrawn": 2}
    return sorted(found, key=lambda o: (not o.waits, order[o.card.state], o.card.title.casefold(), o.card.slug))


def members_that_tell(*, user: Any, language: str) -> list[tuple[str, str]]:
    """Return the members of whom an account reads a note: (slug, name), by name."""
    rows = notes_told(user=user).order_by().values_list("member__slug", "member__names").distinct()
    found = {slug: name_in(names, language) for slug, names in rows}
    return sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def subjects_told(*, user: Any, within: str) -> set[str]:
    """Return the references of one kind, such as ``alignment/topics/``, that some note is about that an account reads."""
    rows = NoteSubject.objects.filter(note__in=notes_told(user=user), reference__startswith=within)
    return set(rows.values_list("reference", flat=True))


def note_cards(*, notes: Iterable[ExperienceNote], user: Any, language: str) -> list[NoteCard]:
    """Return the cards of notes that this account sees, in their order; translations are asked for once for all."""
    rows, here = list(notes), language.partition("-")[0]
    made: dict[int, dict[str, tuple[str, str, str]]] = {}
    told = NoteTranslation.objects.filter(note__in=[n.pk for n in rows])
    for pk, code, state, title, problem in told.values_list("note", "language", "state", "title", "problem"):
        made.setdefault(pk, {})[code] = (state, title, problem)
    own = set(own_members(user=user))
    return [_card(n, made.get(n.pk, {}), here=here, language=language, is_own=n.member.slug in own) for n in rows]


def _card(
    note: ExperienceNote, made: dict[str, tuple[str, str, str]], /, *, here: str, language: str, is_own: bool
) -> NoteCard:
    written = ("original", note.title, note.problem)
    state, title, problem = written if here == note.language else made.get(here, written)
    months, people = note.months, note.people
    if not is_own and note.state == State.WITHDRAWN:
        title, problem, months, people = "", "", None, None
    return NoteCard(
        slug=note.slug,
        reference=note.reference,
        body=note.body.slug,
        body_name=name_in(note.body.names, language),
        member=note.member.slug,
        member_name=name_in(note.member.names, language),
        language=note.language,
        title=title,
        title_language=note.language if state == "original" else here,
        line=_line(problem),
        words_state=str(state),
        languages=(note.language, *sorted(made)),
        visibility=note.visibility,
        audience=note.audience,
        state=note.state,
        version=note.version,
        sent_at=note.sent_at,
        ended_at=note.ended_at,
        months=months,
        people=people,
        is_own=is_own,
    )


def _line(text: str, /) -> str:
    """Return how a text begins, cut between words where it is long."""
    whole = " ".join(text.split())
    if len(whole) <= MOST_LINE:
        return whole
    cut = whole[:MOST_LINE]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _about(references: Collection[str], /, *, parts: bool = False) -> QuerySet[NoteSubject, int]:
    condition = Q(reference__in=list(references))
    if parts:
        for reference in references:
            condition |= Q(reference__startswith=f"{reference}/")
    return NoteSubject.objects.filter(condition).values_list("note", flat=True)


def _holding(words: str, /) -> Q:
    """Return the condition that a note holds all words in its original or in one translation, folded as each language is."""
    condition = Q(pk__in=())
    for language in LANGUAGES:
        tokens = list(dict.fromkeys(tokens_of(text=words, language=language)))[:MOST_WORDS]
        if not tokens:
            continue
        original, translated = Q(language=language), Q(language=language)
        for token in tokens:
            original &= Q(search_words__contains=f" {token} ")
            translated &= Q(search_words__contains=f" {token} ")
        condition |= original | Q(pk__in=NoteTranslation.objects.filter(translated).values("note"))
    return condition
