"""Find what a reference names, as far as this reader sees it: what notes and questions are about stands in every room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter, NotFound
from comity.platform.alignment import selectors
from comity.platform.capacity.commitment_views import commitment_view
from comity.platform.capacity.needs_seen import need_card, need_seen
from comity.platform.capacity.offers_seen import offer_seen
from comity.platform.capacity.resources import list_resources, resource_view
from comity.platform.commons.note_cards import note_cards
from comity.platform.commons.notes_seen import note_seen
from comity.platform.commons.questions_seen import question_seen
from comity.platform.commons.releases_seen import release_seen
from comity.platform.parties.texts import language_in, text_in
from comity.web.alignment import board
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

UNSEEN = "something that you may see here"
TOPICS, RESOURCES = "alignment/topics/", "capacity/resources/"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that this reader sees: its kind as a word of the vocabulary, its title, and the language of that where it is known."""

    reference: str
    kind: str
    title: str
    language: str = ""


def subjects_named(references: Iterable[str], /, *, user: Any) -> list[Subject]:
    """Return those of some references that name something which this reader sees, by kind and title; the others leave no trace."""
    found = [subject for subject in (subject_named(r, user=user) for r in references) if subject is not None]
    order = list(FINDERS)
    return sorted(found, key=lambda s: (order.index(s.kind), s.title.casefold(), s.reference))


def subject_named(reference: str, /, *, user: Any) -> Subject | None:
    """Return what a reference names; None where there is nothing, or nothing that this reader sees."""
    room, _, rest = reference.partition("/")
    kind, _, name = rest.partition("/")
    word = KINDS.get(f"{room}/{kind}", "")
    if word == "instrument" and "/" in name:
        word = "provision"
    if not word or not name:
        return None
    try:
        title, language = FINDERS[word](name, user)
    except NotFound:
        return None
    return Subject(reference=reference, kind=word, title=title, language=language)


def demand_subjects_seen(references: Iterable[str], /, *, user: Any, held: Collection[str] = ()) -> None:
    """Raise BadParameter, alike for what is hidden and for what is not there, unless a reader sees all that it names; ``held`` stands already."""
    for reference in references:
        if reference not in held and subject_named(reference, user=user) is None:
            raise BadParameter(name="about", found=reference[:80], allowed=UNSEEN)


def topic_choices() -> list[tuple[str, str]]:
    """Return the topics of the collection: (reference, label), in the order of the scheme."""
    return [(f"{TOPICS}{topic.pk}", board.label_of(topic)) for topic in selectors.topics()]


def resource_choices() -> list[tuple[str, str]]:
    """Return the kinds of resources: (reference, name), by name."""
    return [(r.reference, r.name) for r in list_resources(language=interface_language())]


def _topic(name: str, user: Any, /) -> tuple[str, str]:
    del user
    return board.label_of(selectors.topic_of(topic=name)), ""


def _instrument(name: str, user: Any, /) -> tuple[str, str]:
    return selectors.instrument_of(slug=name, user=user).short_title, ""


def _provision(name: str, user: Any, /) -> tuple[str, str]:
    slug, _, ref = name.partition("/")
    found = selectors.provision_of(slug=slug, ref=ref, user=user)
    return f"{found.instrument.short_title}, {found.label}", ""


def _resource(name: str, user: Any, /) -> tuple[str, str]:
    del user
    return resource_view(slug=name, language=interface_language()).name, ""


def _need(name: str, user: Any, /) -> tuple[str, str]:
    card = need_card(need=need_seen(slug=name, user=user), user=user, language=interface_language())
    if not card.member:  # what others say about it could tell whose it is
        raise NotFound(reference=card.reference)
    return card.title, card.title_language


def _offer(name: str, user: Any, /) -> tuple[str, str]:
    titles = offer_seen(slug=name, user=user).titles
    return text_in(titles, interface_language()), language_in(titles, interface_language())


def _commitment(name: str, user: Any, /) -> tuple[str, str]:
    row = commitment_view(slug=name, user=user, language=interface_language()).row
    if not row.recipient_name:  # as with the need
        raise NotFound(reference=f"capacity/commitments/{name[:60]}")
    return row.offer_title, row.offer_language


def _release(name: str, user: Any, /) -> tuple[str, str]:
    titles = release_seen(slug=name.partition("/")[0], user=user).titles
    return text_in(titles, interface_language()), language_in(titles, interface_language())


def _note(name: str, user: Any, /) -> tuple[str, str]:
    found = note_seen(slug=name, user=user)
    card = note_cards(notes=[found], user=user, language=interface_language())[0]
    if not card.title:
        raise NotFound(reference=found.reference)
    return card.title, card.title_language


def _question(name: str, user: Any, /) -> tuple[str, str]:
    titles = question_seen(slug=name, user=user).titles
    return text_in(titles, interface_language()), language_in(titles, interface_language())


KINDS = {
    "alignment/topics": "topic",
    "alignment/instruments": "instrument",
    "capacity/resources": "resource",
    "capacity/needs": "need",
    "capacity/offers": "offer",
    "capacity/commitments": "commitment",
    "commons/releases": "release",
    "commons/notes": "note",
    "commons/questions": "question",
}
FINDERS: dict[str, Callable[[str, Any], tuple[str, str]]] = {
    "topic": _topic,
    "instrument": _instrument,
    "provision": _provision,
    "resource": _resource,
    "need": _need,
    "offer": _offer,
    "commitment": _commitment,
    "release": _release,
    "note": _note,
    "question": _question,
}
"""For each kind what finds it: title and language, raising NotFound where this reader sees none."""
