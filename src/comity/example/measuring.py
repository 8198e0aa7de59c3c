"""A small model of the worked example, and what members measured on it: the figures are invented, and each says so."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction

from comity.adapters.tables import table_lines
from comity.example.sharing import LANGUAGES, read_topics
from comity.platform.commons.evaluations import answer_evaluation, attach_evaluation
from comity.platform.commons.models import Release
from comity.platform.commons.releasing import release_version
from comity.platform.commons.sending import keep_upload
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

SLUG = "letters-of-six-languages"
OWNER = "m020"
TRIGRAMS = 40
TITLES = {
    "ar": "حروف ست لغات",
    "en": "Letters of six languages",
    "es": "Letras de seis idiomas",
    "fr": "Lettres de six langues",
    "ru": "Буквы шести языков",
    "zh": "六种语言的字母组合",
}
SUMMARIES = {
    "ar": "نموذج صغير جداً يخمّن لغة جملة من أكثر ثلاثيات الحروف تكراراً.",
    "en": "A very small model that guesses the language of a sentence from its most frequent three letters in a row.",
    "es": "Un modelo muy pequeño que adivina el idioma de una frase por sus tríos de letras más frecuentes.",
    "fr": "Un très petit modèle qui devine la langue d’une phrase d’après ses suites de trois lettres les plus fréquentes.",
    "ru": "Очень маленькая модель, которая угадывает язык предложения по самым частым тройкам букв.",
    "zh": "一个很小的模型，根据最常见的三字母组合猜测句子的语言。",
}
CARD = """# Letters of six languages

The forty most frequent runs of three characters in each language, counted in the definitions of the topics of this collection. Take the runs of
a sentence; the language whose list holds most of them is the guess. It is an example of a release and of how evaluations stand beside one: the
lists come from a few pages of text, and nothing should rest on them.
"""
INVENTED = {
    "ar": "أرقام مختلقة لهذا المثال التوضيحي. لم يُقَس شيء.",
    "en": "Figures invented for this worked example. Nothing was measured.",
    "es": "Cifras inventadas para este ejemplo. No se midió nada.",
    "fr": "Chiffres inventés pour cet exemple. Rien n’a été mesuré.",
    "ru": "Числа придуманы для этого примера. Ничего не измерялось.",
    "zh": "为本示例虚构的数字。没有进行任何测量。",
}
ANSWER = {
    "ar": "نشكركم. ستُحصى القوائم من نصوص أطول في إصدار مقبل.",
    "en": "Thank you. A later version will count longer texts.",
    "es": "Gracias. Una versión posterior contará textos más largos.",
    "fr": "Merci. Une version ultérieure comptera des textes plus longs.",
    "ru": "Благодарим. Следующая версия будет считать более длинные тексты.",
    "zh": "谢谢。后续版本将统计更长的文本。",
}
# Who measured: rows of (language, samples that were right, samples, the name of the set of samples).
MEASURED = {
    "m001": (("ar", 188, 200, "news-ar"), ("fr", 171, 200, "news-fr"), ("en", 176, 200, "news-en")),
    "m004": (("fr", 166, 200, "news-fr"),),
    "m009": (("fr", 131, 180, "radio-fr"), ("ar", 92, 120, "radio-ar")),
    "m015": (("es", 87, 100, "letters-es"), ("fr", 79, 90, "letters-fr")),
}


def load_evaluations(*, say: Callable[[str], None]) -> None:
    """Release the small model of the worked example and attach what members are said to have measured, once."""
    if Release.objects.filter(slug=SLUG).exists():
        return
    by = Installation()
    with transaction.atomic():
        _release(by)
        for member in sorted(MEASURED):
            made = attach_evaluation(
                slug=SLUG,
                label="1.0",
                file="comity-evaluations.json",
                content=_figures(member),
                member=member,
                notes=INVENTED,
                by=by,
            )
            if member == "m009":
                answer_evaluation(slug=SLUG, name=made.name, answers=ANSWER, by=by)
    say(f"Released one small model of the worked example, with figures of {len(MEASURED)} members.")


def _release(by: Installation, /) -> None:
    contents = {"README.md": CARD.encode(), "trigrams.csv": _table().encode()}
    release_version(
        body="assembly",
        member=OWNER,
        slug=SLUG,
        kind="model",
        label="1.0",
        titles=TITLES,
        summaries=SUMMARIES,
        files={path: keep_upload(chunks=[content], member=OWNER, by=by) for path, content in contents.items()},
        description={
            "comity_release": 1,
            "name": TITLES["en"],
            "version": "1.0",
            "type": "model",
            "intended_use": "showing how a release and its evaluations stand together",
            "known_limits": "counted in a few pages of text; nothing should rest on its guesses",
            "licences": {"default": "CC-BY-4.0"},
            "running": {"offline": True, "hardware": "anything that opens a table", "memory_gb": 0.01},
            "languages": [{"language": language} for language in LANGUAGES],
            "components": [
                {"id": "trigrams", "kind": "model-parameters", "files": ["trigrams.csv"]},
                {"id": "card", "kind": "model-card", "files": ["README.md"]},
            ],
        },
        authority="Constitutive act, article 2: members share what they make",
        by=by,
    )


def _table() -> str:
    """Return the most frequent runs of three characters of each language, the most frequent first, equal ones by the alphabet."""
    rows = []
    for language in LANGUAGES:
        runs: Counter[str] = Counter()
        for texts in read_topics().values():
            plain = f" {' '.join(texts[language]['definition'].casefold().split())} "
            runs.update(plain[at : at + 3] for at in range(len(plain) - 2))
        ordered = sorted(runs.items(), key=lambda run: (-run[1], run[0]))[:TRIGRAMS]
        rows += [(language, run, str(count)) for run, count in ordered]
    return "".join(table_lines(header=("language", "characters", "count"), rows=rows))


def _figures(member: str, /) -> bytes:
    """Return a file of figures as the file command writes it."""
    rows = [
        {
            "task": "guess-the-language",
            "task_version": "1",
            "measure": "accuracy",
            "scorer": "exact",
            "value": right / n,
            "n": n,
            "of": n,
            "epochs": 1,
            "failed": 0,
            "successes": float(right),
            "language": language,
            "dataset": samples,
            "samples": hashlib.sha256(samples.encode()).hexdigest(),
            "model": f"local/{SLUG}",
            "run": f"example-{member}-{language}",
        }
        for language, right, n, samples in MEASURED[member]
    ]
    told = {
        "comity_evaluations": 1,
        "form": "inspect",
        "log_sha256": hashlib.sha256(f"invented log of {member}".encode()).hexdigest(),
        "log_bytes": 48_000,
        "tool": "invented for the example",
        "made_at": "2026-11-02",
        "rows": rows,
    }
    return json.dumps(told).encode()
