"""What the members of the worked example share: the topics of the collection in six languages, as a data set that anyone can fetch."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from comity.adapters.tables import table_lines
from comity.platform.commons.models import Release
from comity.platform.commons.releasing import release_version
from comity.platform.commons.sending import keep_upload
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent
SLUG = "topics-in-six-languages"
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
TITLES = {
    "ar": "مواضيع سياسات الذكاء الاصطناعي بست لغات",
    "en": "Topics of AI policy in six languages",
    "es": "Temas de política de IA en seis idiomas",
    "fr": "Thèmes des politiques d’IA en six langues",
    "ru": "Темы политики в области ИИ на шести языках",
    "zh": "六种语言的人工智能政策主题",
}
SUMMARIES = {
    "ar": "تسميات وتعريفات بلغات الأمم المتحدة الست، في جدول واحد.",
    "en": "Labels and definitions in the six languages of the United Nations, in one table.",
    "es": "Etiquetas y definiciones en los seis idiomas de las Naciones Unidas, en una tabla.",
    "fr": "Libellés et définitions dans les six langues des Nations Unies, en un tableau.",
    "ru": "Названия и определения на шести языках Организации Объединённых Наций в одной таблице.",
    "zh": "以联合国六种语言提供的名称和定义，载于一张表中。",
}
README = """# Topics of AI policy in six languages

One row for each topic and language: its code, the language, a label and a definition. English was written by people; the other
languages were translated by machine and await review. Made for comparing instruments; it covers what their texts speak of, not all of
AI policy.
"""


def load_releases(*, say: Callable[[str], None]) -> None:
    """Release the topics of the worked example, once."""
    if Release.objects.filter(slug=SLUG).exists():
        return
    by = Installation()
    contents = {"README.md": README.encode(), "topics.csv": _table().encode()}
    with transaction.atomic():
        files = {path: keep_upload(chunks=[content], member="", by=by) for path, content in contents.items()}
        release_version(
            body="assembly",
            slug=SLUG,
            kind="dataset",
            label="1.0",
            titles=TITLES,
            summaries=SUMMARIES,
            files=files,
            description={
                "comity_release": 1,
                "name": TITLES["en"],
                "version": "1.0",
                "type": "data",
                "intended_use": "comparing texts on AI policy across languages",
                "known_limits": "five of six languages are machine translations that await review",
                "licences": {"default": "CC-BY-4.0"},
                "running": {"offline": True, "hardware": "anything that opens a table"},
                "languages": [{"language": language} for language in LANGUAGES],
                "components": [
                    {"id": "topics", "kind": "datasets", "files": ["topics.csv"]},
                    {"id": "card", "kind": "data-card", "files": ["README.md"]},
                ],
            },
            authority="Constitutive act, article 2: members share what they make",
            by=by,
        )
    say("Released one data set of the worked example.")


def read_topics() -> dict[str, dict[str, dict[str, str]]]:
    """Return each topic's label and definition by language, as ``{topic: {language: {"label": …, "definition": …}}}``."""
    scheme = tomllib.loads((FOLDER / "topics.toml").read_text(encoding="utf-8"))
    translated = tomllib.loads((FOLDER / "topics_translations.toml").read_text(encoding="utf-8"))["topic"]
    return {topic["id"]: {"en": topic, **translated[topic["id"]]} for topic in scheme["topic"]}


def _table() -> str:
    rows = [
        (topic, language, texts[language]["label"], texts[language]["definition"])
        for topic, texts in read_topics().items()
        for language in LANGUAGES
    ]
    return "".join(table_lines(header=("topic", "language", "label", "definition"), rows=rows))
