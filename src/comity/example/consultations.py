"""The consultations of the worked example: what they ask, and invented voices that answer, the same on every machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.platform.dialogue.consultations import close_dialogue, convene_dialogue, next_number, open_dialogue
from comity.platform.dialogue.models import (
    Answer,
    Dialogue,
    Moderation,
    OtherView,
    Participant,
    Statement,
    StatementText,
)
from comity.platform.dialogue.models.answers import Standing
from comity.platform.dialogue.models.consultations import Track
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import members_on
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from comity.platform.parties.roster import Seat

FOLDER = Path(__file__).resolve().parent / "dialogues"
# The member of the example's delegate has not answered yet, so that whoever signs in as one can.
SILENT = "m041"
OPENED_BEFORE = dt.timedelta(days=18)
PASSES = 0.1
SAYS_NO_REGION = 0.08
# Of a member's answers: given as its position, provisionally, or awaiting instructions.
STANDINGS = {Standing.POSITION: 0.7, Standing.PROVISIONAL: 0.2, Standing.AWAITING: 0.1}
ANSWERS_OF_A_MEMBER = 0.85
OFFICE = "secretariat"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A statement that is shown, with the shares that agree: of each invented group, and of members."""

    key: int
    agree: tuple[float, ...]
    states: float


def load_dialogues(*, say: Callable[[str], None]) -> None:
    """Hold the example's consultations, each once: an open one, and one that has closed and waits for its results."""
    there = set(Dialogue.objects.values_list("slug", flat=True))
    plans = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    made = 0
    for plan in plans:
        if plan["slug"] not in there:
            with transaction.atomic():
                _hold(plan)
            made += 1
    if made:
        say(f"Held {made} invented consultations.")


def closed_dialogues() -> list[str]:
    """Return the slugs of the example's consultations that are closed, whose results are to be published."""
    plans = (tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml")))
    return [plan["slug"] for plan in plans if plan.get("closed")]


def _hold(plan: Mapping[str, Any]) -> None:
    now, by = timezone.now(), Installation()
    slug = plan["slug"]
    seeds = [s for s in plan["statement"] if "by" not in s]
    convene_dialogue(
        slug=slug,
        body=plan["body"],
        question=plan["question"],
        introduction=plan["introduction"],
        rule=plan["rule"],
        seeds=[_texts(s) for s in seeds],
        by=by,
    )
    # No person has checked them yet.
    StatementText.objects.filter(statement__dialogue__slug=slug, state=StatementText.State.CHECKED).update(
        state=StatementText.State.MACHINE, made_by=plan["made_by"], checked_at=None
    )
    open_dialogue(slug=slug, closes_at=now + dt.timedelta(days=plan.get("open_days", 1)), by=by)
    opened_at = now - OPENED_BEFORE
    Dialogue.objects.filter(slug=slug).update(opened_at=opened_at)
    Statement.objects.filter(dialogue__slug=slug).update(written_at=opened_at)
    dialogue = Dialogue.objects.select_related("body").get(slug=slug)
    chance = random.Random(plan["seed"])  # noqa: S311  (invented voices, the same on every machine; no secret hangs on it)
    people = _people(dialogue, plan=plan, chance=chance, opened_at=opened_at)
    members = _members(dialogue, plan=plan, opened_at=opened_at)
    shown = _statements_of_others(dialogue, plan=plan, people=people, members=members, moment=opened_at)
    answers = [
        *_answers_of_people(people, shown=shown, plan=plan, chance=chance, opened_at=opened_at, now=now),
        *_answers_of_members(members, shown=shown, chance=chance, opened_at=opened_at, now=now),
    ]
    Answer.objects.bulk_create(answers, batch_size=4000)
    _other_views(dialogue, plan=plan, moment=now)
    if plan.get("closed"):
        close_dialogue(slug=slug, by=by)


def _texts(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of a statement by language, the original first."""
    return {language: entry[language] for language in entry if language in LANGUAGES}


def _people(
    dialogue: Dialogue, *, plan: Mapping[str, Any], chance: random.Random, opened_at: dt.datetime
) -> list[Participant]:
    regions = sorted({s.region for s in members_on(body="assembly", on=timezone.now().date()) if s.region})
    # No code leads to these digests, so nobody comes in as one of them.
    return Participant.objects.bulk_create(
        Participant(
            dialogue=dialogue,
            track=Track.PEOPLE,
            way=Participant.Way.CODE,
            pseudonym=f"{chance.getrandbits(64):016x}",
            code_sha256=hashlib.sha256(f"invented {dialogue.slug} {number}".encode()).hexdigest(),
            region="" if chance.random() < SAYS_NO_REGION else chance.choice(regions),
            came_at=opened_at + OPENED_BEFORE * chance.random() * 0.9,
        )
        for number in range(plan["voices"])
    )


def _members(dialogue: Dialogue, *, plan: Mapping[str, Any], opened_at: dt.datetime) -> list[Participant]:
    """Let as many members be heard as the plan says, taken evenly from their list."""
    from comity.platform.parties.models import Member  # noqa: PLC0415  (beside its one use)

    seats: list[Seat] = [
        s
        for s in members_on(body=dialogue.body.slug, on=timezone.now().date())
        if s.slug != SILENT and s.kind == "state"
    ]
    heard = [seats[i * len(seats) // plan["heard"]] for i in range(min(plan["heard"], len(seats)))]
    keys = dict(Member.objects.filter(slug__in=[s.slug for s in heard]).values_list("slug", "pk"))
    return Participant.objects.bulk_create(
        Participant(
            dialogue=dialogue,
            track=Track.STATES,
            way=Participant.Way.MEMBER,
            pseudonym=hashlib.sha256(f"{dialogue.slug} {seat.slug}".encode()).hexdigest()[:16],
            member_id=keys[seat.slug],
            region=seat.region,
            came_at=opened_at,
        )
        for seat in heard
    )


def _statements_of_others(
    dialogue: Dialogue,
    *,
    plan: Mapping[str, Any],
    people: list[Participant],
    members: list[Participant],
    moment: dt.datetime,
) -> list[_Shown]:
    """Write what participants wrote (shown, waiting, refused), and return every statement that is shown."""
    seeds = list(dialogue.statements.order_by("number").values_list("pk", flat=True))
    entries = [s for s in plan["statement"] if "by" not in s]
    shown = [_Shown(key, tuple(e["agree"]), e["states"]) for key, e in zip(seeds, entries, strict=True)]
    written = [(e, Statement.State.SHOWN) for e in plan["statement"] if "by" in e]
    written += [(e, Statement.State.WAITING) for e in plan.get("waiting", ())]
    written += [(e, Statement.State.REFUSED) for e in plan.get("refused", ())]
    texts, decisions = [], []
    for at, (entry, state) in enumerate(written):
        track = Track(entry.get("by", "people"))
        words = _texts(entry)
        original = next(iter(words))
        made = Statement.objects.create(
            dialogue=dialogue,
            number=next_number(dialogue),
            author=(members if track == Track.STATES else people)[at],
            track=track,
            language=original,
            state=state,
            written_at=moment + dt.timedelta(days=1, hours=at),
        )
        texts += [
            StatementText(
                statement=made,
                language=language,
                text=text,
                state=StatementText.State.ORIGINAL if language == original else StatementText.State.MACHINE,
                made_by="author" if language == original else plan["made_by"],
                made_at=made.written_at,
            )
            for language, text in words.items()
        ]
        if state != Statement.State.WAITING:
            is_shown = state == Statement.State.SHOWN
            decisions.append(
                Moderation(
                    statement=made,
                    decision=Moderation.Decision.SHOW if is_shown else Moderation.Decision.REFUSE,
                    reason=entry.get("reason", Moderation.Reason.FITS),
                    note=entry.get("note", ""),
                    office=OFFICE,
                    decided_at=made.written_at + dt.timedelta(hours=5),
                )
            )
        if state == Statement.State.SHOWN:
            shown.append(_Shown(made.pk, tuple(entry["agree"]), entry["states"]))
    StatementText.objects.bulk_create(texts)
    Moderation.objects.bulk_create(decisions)
    return shown


def _answers_of_people(
    people: list[Participant],
    *,
    shown: list[_Shown],
    plan: Mapping[str, Any],
    chance: random.Random,
    opened_at: dt.datetime,
    now: dt.datetime,
) -> Iterator[Answer]:
    groups = range(len(plan["groups"]))
    for person in people:
        group = chance.choices(groups, weights=plan["groups"])[0]
        number = min(len(shown), chance.randint(*plan["answers"]))
        moment = min(person.came_at, now)
        for statement in chance.sample(shown, number):
            drawn = chance.random()
            given = 1 if drawn < (1 - PASSES) * statement.agree[group] else -1 if drawn < 1 - PASSES else 0
            yield Answer(
                participant=person,
                statement_id=statement.key,
                value=given,
                standing=Standing.OWN,
                given_at=max(moment, opened_at),
            )


def _answers_of_members(
    members: list[Participant], *, shown: list[_Shown], chance: random.Random, opened_at: dt.datetime, now: dt.datetime
) -> Iterator[Answer]:
    for member in members:
        moment = opened_at + (now - opened_at) * chance.random()
        for statement in shown:
            if chance.random() > ANSWERS_OF_A_MEMBER:
                continue
            standing = chance.choices(list(STANDINGS), weights=list(STANDINGS.values()))[0]
            drawn = chance.random()
            given = (
                1 if drawn < statement.states else -1 if drawn < statement.states + (1 - statement.states) / 2 else 0
            )
            yield Answer(
                participant=member,
                statement_id=statement.key,
                value=None if standing == Standing.AWAITING else given,
                standing=standing,
                given_at=moment,
            )


def _other_views(dialogue: Dialogue, *, plan: Mapping[str, Any], moment: dt.datetime) -> None:
    OtherView.objects.bulk_create(
        OtherView(
            dialogue=dialogue,
            track=Track.STATES,
            language="en",
            text=entry["en"],
            note=entry["note"],
            statements=entry["statements"],
            is_checked=True,
            written_at=moment,
        )
        for entry in plan.get("other_view", ())
    )
