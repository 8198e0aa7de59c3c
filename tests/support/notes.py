"""Experience notes of the small body, prepared and sent by the services that make real ones."""

from __future__ import annotations

from comity.platform.alignment.models import Topic
from comity.platform.commons.models import ExperienceNote
from comity.platform.commons.notes_of_experience import prepare_note, send_note
from support.parties import SET_UP, make_body

TOPIC = "alignment/topics/oversight"
PARTS = {
    "problem": "Nobody knew which offices used automated decisions.",
    "done": "We asked every office and published a register.",
    "cost": "Two people for a year.",
    "failed": "The first form was too long; half the offices sent nothing.",
    "again": "Ask five questions, not fifty.",
    "ask": "Registry unit of the ministry of justice",
}


class Model:
    """A model that translates by turning every text round; where it runs can be said."""

    name = "turner-1"

    def __init__(self, *, is_local: bool = True) -> None:
        self.is_local = is_local

    def translate(self, *, text: str, source: str, target: str) -> str:
        return f"{target}: {text[::-1]}"


def make_topic(slug: str = "oversight") -> str:
    """A topic of the collection; returns its reference."""
    place = Topic.objects.count() + 1
    Topic.objects.get_or_create(
        pk=slug,
        defaults={
            "facet": "protection",
            "facet_position": 1,
            "position": place,
            "labels": {"en": slug.title(), "fr": f"{slug} (fr)"},
            "definitions": {"en": slug},
        },
    )
    return f"alignment/topics/{slug}"


def note_given(**changed):
    """What a note is prepared with, but where it is said otherwise."""
    make_body()
    return {
        "language": "en",
        "title": "A register of automated decisions",
        "parts": PARTS | changed.pop("parts", {}),
        "circle": "public",
        **changed,
    }


def draft_note(member="m1", *, body="assembly", by=SET_UP, **changed) -> ExperienceNote:
    """A note that its delegation prepared."""
    given = note_given(**changed)
    return prepare_note(body=body, member=member, by=by, **given)


def open_note(member="m1", **changed) -> ExperienceNote:
    """A note that was sent."""
    made = draft_note(member, **changed)
    send_note(slug=made.slug, by=SET_UP)
    return ExperienceNote.objects.get(pk=made.pk)
