"""Open data: whoever computes with them finds the published figures, to the digest."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.cli.files.dialogue.analyse import analyse_files
from comity.platform.dialogue import open_data
from comity.platform.dialogue.consultations import close_dialogue
from comity.platform.dialogue.models import Analysis, Answer
from comity.platform.dialogue.moderation import decide_statement
from comity.platform.dialogue.results import publish_results
from support.dialogue import NOBODY
from support.dialogue_answers import REGIONS, a_dialogue, analyse_now, people_answer, two_camps
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
ROWS = {
    "votes": open_data.vote_rows,
    "comments": open_data.comment_rows,
    "participants": open_data.participant_rows,
}


def published(answers=two_camps, *, region=None, refused=0):
    dialogue = a_dialogue()
    people_answer(dialogue, 30, answers, region=region)
    if refused:
        by = account_with("secretariat")
        decide_statement(slug="stop", number=refused, decision="refuse", reason="insults", on="shown", by=by)
    close_dialogue(slug="stop", by=SET_UP)
    analyse_now()
    publish_results(slug="stop", by=SET_UP)
    return Analysis.objects.get(track="people").figures


def computed_again(folder):
    paths = {name: folder / f"{name}.csv" for name in ROWS}
    for name, rows in ROWS.items():
        paths[name].write_text("".join(rows(slug="stop", user=NOBODY)), encoding="utf-8", newline="")
    return analyse_files(**paths)


@pytest.mark.parametrize(
    "case",
    [
        {"answers": lambda i: {n: v for n, v in two_camps(i).items() if n != 10}},
        {"answers": lambda i: {1: 0, 2: 0}},
        {"answers": lambda _: {1: 1}},
        {"region": lambda i: REGIONS[2] if i < 4 else REGIONS[i % 2]},
        {"region": lambda i: REGIONS[2] if i < 4 else ""},
        {"refused": 4},
    ],
    ids=["a statement without answers", "passes", "all alike", "a small region", "no other region", "one refused"],
)
def test_the_digest_follows_from_the_files(case, tmp_path):
    figures = published(**case)
    assert computed_again(tmp_path)["digest"] == figures["analysis_sha256"]


def test_files_can_be_computed_with_after_words_were_taken_away(tmp_path):
    figures = published()
    by = account_with("secretariat")
    given = {"slug": "stop", "number": 4, "decision": "refuse", "reason": "personal-data", "on": "shown", "by": by}
    decide_statement(**given, hides_text=True)
    found = computed_again(tmp_path)
    assert [r["text"] for r in found["statements_table"] if r["statement"] == "4"] == [""]
    assert (found["k"], found["group_sizes"]) == (figures["k"], figures["group_sizes"])
    shares = {int(r["statement"]): round(r["agreeing"]["share"], 6) for r in found["statements_table"]}
    assert shares == {r["statement"]: r["overall"]["agree"][0] for r in figures["statements"]}


def test_no_row_tells_on_which_day_somebody_answered():
    dialogue = a_dialogue()
    voices = people_answer(dialogue, 30, two_camps)
    Answer.objects.filter(participant=voices[0]).update(given_at=timezone.now() - dt.timedelta(days=3))
    close_dialogue(slug="stop", by=SET_UP)
    analyse_now()
    publish_results(slug="stop", by=SET_UP)
    rows = [line.split(",") for line in open_data.vote_rows(slug="stop", user=NOBODY)][1:]
    assert {(row[0], row[1]) for row in rows} == {
        (str(int(day.timestamp() * 1000)), f"{day:%Y-%m-%dT%H:%M:%SZ}")
        for day in [timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)]
    }
