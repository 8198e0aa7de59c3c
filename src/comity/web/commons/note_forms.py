"""What the forms of experience notes bring: first as it was typed, so that a refused form comes back filled in; then as services take it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.errors import BadParameter
from comity.platform.commons.note_parts import NEEDED, PARTS
from comity.platform.commons.note_views import circles_of
from comity.platform.commons.notes_of_experience import MOST_MONTHS, MOST_PEOPLE
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE, places_to_act
from comity.platform.parties.roster import body_names
from comity.web.commons.subjects import RESOURCES, TOPICS, resource_choices, subject_named, topic_choices
from comity.web.context import interface_language
from comity.web.preparing import place_chosen
from comity.web.words import VISIBILITY
from comity.web.words_of_notes import CIRCLE_MEANS, PART_HINTS
from comity.web.words_of_notes import PARTS as PART_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, QueryDict

MOST_TYPED = 20_000
MOST_CHOSEN = 60
_NUMBER = re.compile(r"[0-9]{1,9}")


def place_to_write(request: HttpRequest, /) -> tuple[list[tuple[str, str, str, str]], tuple[str, str] | None]:
    """Return where an account may write, and the (body, member) that it chose or that there is alone; None where it has to choose."""
    places = places_to_act(user=request.user, action=PREPARE, language=interface_language())
    return places, place_chosen(request, places=places)


def choices_for(*, member: str) -> dict[str, Any]:
    """Return what every form of a member's note lets one choose from, and what its fields are called."""
    return {
        "fields": [(part, PART_WORDS[part], PART_HINTS[part], part in NEEDED) for part in PARTS],
        "topics": topic_choices(),
        "resources": resource_choices(),
        "circles": [circle_shown(circle) for circle in circles_of(member=member)],
        "tongues": LANGUAGES,
    }


def circle_shown(circle: str, /) -> tuple[str, str, str, str]:
    """Return a circle as pages show it: its name in forms, its kind, its word, and what it means."""
    kind, _, body = circle.partition(":")
    word = body_names(language=interface_language()).get(body, body) if body else str(VISIBILITY[kind])
    return circle, kind, word, str(CIRCLE_MEANS[kind])


def note_typed(values: QueryDict, /) -> dict[str, Any]:
    """Return a note as it was typed."""
    return {
        "parts": {part: values.get(part, "")[:MOST_TYPED].strip() for part in PARTS},
        "topics": values.getlist("topics")[:MOST_CHOSEN],
        "resources": values.getlist("resources")[:MOST_CHOSEN],
        **{
            name: values.get(name, "")[:MOST_TYPED].strip()
            for name in ("language", "title", "circle", "months", "people", "references", "note")
        },
    }


def note_given(typed: Mapping[str, Any], /) -> dict[str, Any]:
    """Return what was typed as the services take it. Raises BadParameter."""
    about = [*typed["topics"], *typed["resources"], *typed["references"].split()]
    return {
        "about": [reference.strip("/") for reference in about],
        "months": _number(typed, "months", most=MOST_MONTHS),
        "people": _number(typed, "people", most=MOST_PEOPLE),
        **{name: typed[name] for name in ("language", "title", "parts", "circle", "note")},
    }


def blank_note(*, about: str, user: Any) -> dict[str, Any]:
    """Return an empty form, in the reader's language; ``about`` is what it is about from the start, where the reader sees that."""
    given = [about] if about and subject_named(about, user=user) is not None else []
    return {"parts": {}, "language": interface_language(), **parted(given)}


def typed_again(held: Mapping[str, Any], /) -> dict[str, Any]:
    """Return a note that is kept as its form shows it."""
    figures = {name: "" if held[name] is None else str(held[name]) for name in ("months", "people")}
    return {**held, **figures, **parted(held["about"])}


def parted(about: Iterable[str], /) -> dict[str, Any]:
    """Return references as a form shows them: topics and resources to tick, the others as lines."""
    known = [reference for reference, _title in (*topic_choices(), *resource_choices())]
    found = list(about)
    return {
        "topics": [r for r in found if r in known and r.startswith(TOPICS)],
        "resources": [r for r in found if r in known and r.startswith(RESOURCES)],
        "references": "\n".join(r for r in found if r not in known),
    }


def _number(typed: Mapping[str, Any], name: str, /, *, most: int) -> int | None:
    found = typed[name]
    if not found:
        return None
    if not _NUMBER.fullmatch(found) or not 1 <= int(found) <= most:
        raise BadParameter(name=name, found=found[:24], allowed=f"a whole number from 1 to {most}")
    return int(found)
