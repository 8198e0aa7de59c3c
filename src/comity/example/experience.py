"""The experience notes of the worked example: six languages, one translation that a person checked and one that a machine made, one draft."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from comity.platform.capacity.models import Commitment
from comity.platform.commons.models import ExperienceNote
from comity.platform.commons.note_translations import translate_note_by_machine, write_note_translation
from comity.platform.commons.notes_of_experience import prepare_note, send_note
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PLAN = Path(__file__).resolve().parent / "experience.toml"
BY = Installation()
FIELDS = ("language", "title", "parts", "circle", "months", "people")


class ExampleModel:
    """Stands for a model that translates: it knows the words of the example alone."""

    name = "Example model 1"
    is_local = True

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def translate(self, *, text: str, source: str, target: str) -> str:
        """Return the words that the example has for a text."""
        del source, target
        return self.words[text]


def load_experience(*, say: Callable[[str], None], translator: Any = BY) -> None:
    """Keep the notes of the plan and send those that are no drafts, each once; ``translator`` is who writes a translation."""
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    made = 0
    for entry in plan["note"]:
        if ExperienceNote.objects.filter(member__slug=entry["member"], title=entry["title"]).exists():
            continue
        with transaction.atomic():
            _tell(entry, body=plan["body"], translator=translator)
        made += 1
    if made:
        say(f"Told {made} invented experience notes.")


def _tell(entry: Mapping[str, Any], /, *, body: str, translator: Any) -> None:
    about = [*entry["about"], *_deliveries(entry)]
    given = {name: entry[name] for name in FIELDS if name in entry}
    made = prepare_note(body=body, member=entry["member"], about=about, by=BY, **given)
    if entry.get("state") == "draft":
        return
    send_note(slug=made.slug, by=BY)
    for told in entry.get("translation", ()):
        said = {"slug": made.slug, "language": told["language"]}
        if told.get("office"):
            write_note_translation(**said, by=translator, title=told["title"], parts=told["parts"])
            continue
        words = {entry["title"]: told["title"]}
        words |= {text: told["parts"][part] for part, text in entry["parts"].items()}
        translate_note_by_machine(**said, by=BY, translator=ExampleModel(words))


def _deliveries(entry: Mapping[str, Any], /) -> list[str]:
    """Return the deliveries of a round to the member that tells, by reference."""
    if "delivery" not in entry:
        return []
    rows = Commitment.objects.filter(round__slug=entry["delivery"], need__member__slug=entry["member"])
    return [row.reference for row in rows.order_by("slug")]
