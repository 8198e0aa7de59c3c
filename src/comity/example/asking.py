"""What members of the worked example ask one another: a public question with answers in three languages, and one to some members by name."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.platform.commons.answering import prepare_reply, send_reply
from comity.platform.commons.asking import prepare_question, send_question
from comity.platform.commons.models import MemberQuestion
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PLAN = Path(__file__).resolve().parent / "questions.toml"
BY = Installation()
SAID = ("titles", "texts", "language", "visibility", "about")


def load_questions(*, say: Callable[[str], None]) -> None:
    """Ask the questions of the plan and answer them, each once."""
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    made = 0
    for entry in plan["question"]:
        asked = MemberQuestion.objects.filter(member__slug=entry["member"]).values_list("titles", flat=True)
        if entry["titles"] in list(asked):
            continue
        with transaction.atomic():
            _ask(entry, body=plan["body"])
        made += 1
    if made:
        say(f"Asked {made} invented questions of members.")


def _ask(entry: Mapping[str, Any], /, *, body: str) -> None:
    made = prepare_question(
        body=body,
        member=entry["member"],
        to=entry.get("to", ()),
        wanted_by=timezone.now().date() + dt.timedelta(days=entry["days"]),
        by=BY,
        **{name: entry[name] for name in SAID},
    )
    send_question(slug=made.slug, by=BY)
    for reply in entry["reply"]:
        said = prepare_reply(question=made.slug, by=BY, **reply)
        send_reply(slug=said.slug, by=BY)
