"""Results: computed once for the same answers, held back, published by an act after the close, and unchangeable from then on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib

import pytest
import rfc8785
from django.utils import timezone

from comity.errors import Conflict, NotFound, NotPermitted
from comity.platform.dialogue.analyses import analyse_track, read_answers
from comity.platform.dialogue.consultations import close_dialogue
from comity.platform.dialogue.models import Analysis, Answer, Exposure, Statement
from comity.platform.dialogue.results import publish_results, results_of
from comity.platform.dialogue.tasks import (
    ANALYSE,
    PAUSE,
    analyse_dialogue,
    cancel_analysis,
    start_analysis,
    start_if_stale,
    start_last_analyses,
)
from comity.platform.parties.models import Member
from comity.platform.record.chain import chain_of
from comity.platform.work.models import Job
from support.dialogue import NOBODY, a_statement, put_deadline_into_the_past
from support.dialogue_answers import (
    REGIONS,
    a_dialogue,
    analyse_now,
    members_answer,
    people_answer,
    seat_members,
    two_camps,
)
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db


def published(slug="stop", **settings):
    """A consultation whose results are published: thirty states and forty people."""
    dialogue = a_dialogue(slug, **settings)
    members_answer(dialogue, seat_members(30), lambda i: {n: 1 if (i + n) % 3 else -1 for n in range(1, 11)})
    people_answer(dialogue, 40, two_camps, region=lambda i: REGIONS[i % 2])
    close_dialogue(slug=slug, by=SET_UP)
    analyse_now(slug)
    return dialogue, publish_results(slug=slug, by=SET_UP)


def test_the_same_answers_are_analysed_once():
    dialogue = a_dialogue(people="public")
    people_answer(dialogue, 20, two_camps)
    first = analyse_now()["people"]
    second = analyse_now()["people"]
    assert (first.pk, first.digest) == (second.pk, second.digest)
    assert Analysis.objects.filter(track="people").count() == 1
    assert first.digest == hashlib.sha256(rfc8785.dumps(first.figures)).hexdigest()


def test_the_last_analysis_takes_the_place_of_the_one_before():
    dialogue = a_dialogue()
    people_answer(dialogue, 20, two_camps)
    before = analyse_now()["people"]
    people_answer(dialogue, 6, two_camps, first=20)
    after = analyse_now()["people"]
    assert (before.voices, after.voices) == (20, 26)
    assert list(Analysis.objects.filter(track="people")) == [after]


def test_no_new_result_is_shown_for_fewer_than_five_voices_more():
    dialogue = a_dialogue()
    people_answer(dialogue, 20, two_camps)
    before = analyse_now()["people"]
    people_answer(dialogue, 4, two_camps, first=20)
    assert analyse_now()["people"].digest == before.digest
    people_answer(dialogue, 1, two_camps, first=24)
    assert analyse_now()["people"].voices == 25


def test_a_change_of_one_member_is_shown_at_once_where_answers_are_attributed_and_not_elsewhere():
    for attribution, shown in (("attributed", 13), ("chatham-house", 12), ("by-group", 12)):
        slug = f"of-{attribution}"
        dialogue = a_dialogue(slug, attribution=attribution, people="nobody")
        members = seats(13)
        members_answer(dialogue, members[:12], lambda i: {1: 1 if i % 2 else -1})
        assert analyse_now(slug)["states"].figures["heard"] == 12
        members_answer(dialogue, members[12:], lambda i: {1: 1})
        assert analyse_now(slug)["states"].figures["heard"] == shown


def seats(number):
    held = list(Member.objects.filter(slug__startswith="s").order_by("pk"))[:number]
    return held or seat_members(number)


def test_refused_statements_awaited_answers_and_passes_are_counted_as_they_should():
    dialogue = a_dialogue(people="nobody")
    members_answer(dialogue, seat_members(12), lambda i: {1: 0 if i < 6 else 1, 2: 1})
    refused = dialogue.statements.get(number=2)
    Statement.objects.filter(pk=refused.pk).update(state="refused")
    awaiting = Answer.objects.filter(statement__number=1).first()
    Answer.objects.filter(pk=awaiting.pk).update(value=None, standing="awaiting")
    found = analyse_now()["states"]
    rows = {row["statement"]: row for row in found.figures["statements"]}
    assert 2 not in rows
    assert (found.votes, rows[1]["heard"], rows[1]["agree"]) == (11, 11, 6)


def test_voices_are_numbered_by_lot_and_not_in_the_order_in_which_they_came():
    dialogue = a_dialogue()
    made = people_answer(dialogue, 30, two_camps)
    found = read_answers(dialogue=dialogue, track="people", salt="a")
    assert sorted(found.keys) == [p.pk for p in made]
    assert found.keys != sorted(found.keys)
    assert found.keys != read_answers(dialogue=dialogue, track="people", salt="b").keys
    assert set(found.days) == {int(dt.datetime.now(dt.UTC).timestamp() // 86_400) * 86_400_000}


def test_results_are_held_back_until_answers_enough_have_come():
    dialogue = a_dialogue(least_votes=25)
    people_answer(dialogue, 10, lambda i: {1: 1, 2: -1})
    analyse_now()
    found = results_of(slug="stop", user=NOBODY).of("people")
    assert (found.missing, found.figures, found.digest, found.made_at) == (5, None, "", None)
    people_answer(dialogue, 3, lambda i: {1: 1, 2: -1}, first=10)
    assert results_of(slug="stop", user=NOBODY).of("people").missing == 0
    assert results_of(slug="stop", user=NOBODY).of("people").figures is None  # not computed yet
    analyse_now()
    assert results_of(slug="stop", user=NOBODY).of("people").figures["voices"] == 13


def test_results_wait_for_the_close_where_the_convenor_says_so():
    dialogue = a_dialogue(holds_until_close=True)
    people_answer(dialogue, 12, two_camps)
    analyse_now()
    found = results_of(slug="stop", user=NOBODY).of("people")
    assert (found.awaits_close, found.figures) == (True, None)
    put_deadline_into_the_past("stop")
    analyse_now()
    assert results_of(slug="stop", user=NOBODY).of("people").figures["voices"] == 12


def test_what_was_held_back_until_the_close_is_first_shown_with_every_answer_in_it():
    dialogue = a_dialogue(holds_until_close=True)
    people_answer(dialogue, 20, two_camps)
    analyse_now()
    people_answer(dialogue, 1, two_camps, first=20)
    close_dialogue(slug="stop", by=SET_UP)
    found = results_of(slug="stop", user=NOBODY).of("people")
    assert (found.figures, found.digest, found.awaits_close) == (None, "", False)
    analyse_now()
    assert results_of(slug="stop", user=NOBODY).of("people").figures["voices"] == 21


@pytest.mark.parametrize("voices, told", [(19, False), (20, True)])
def test_no_digest_of_rows_is_told_that_are_too_few_to_be_published(voices, told):
    """Rows of few could be guessed until the digest fits."""
    people_answer(a_dialogue(), voices, two_camps)
    assert (analyse_now()["people"].figures["analysis_sha256"] is not None) == told


def test_the_share_of_the_others_does_not_tell_what_is_hidden_of_a_few():
    dialogue = a_dialogue()
    people_answer(dialogue, 40, two_camps)
    people_answer(dialogue, 3, lambda _: {4: 1}, first=40)  # too little to be in a group, and too few to be seen
    figures = analyse_now()["people"].figures
    assert figures["k"] == 2
    cells = {row["statement"]: row["by_group"] for row in figures["statements"]}
    assert sum(cell is None for cell in cells[4]) == 1
    told = {r["statement"]: r for rows in figures["representative"] for r in rows}
    assert (told[4]["outside"], told[4]["z"], told[4]["q"]) == (None, None, None)
    assert all(r["outside"]["n"] >= 5 for number, r in told.items() if number != 4)


def test_fewer_than_five_people_leave_no_figure():
    dialogue = a_dialogue()
    people_answer(dialogue, 4, two_camps)
    figures = analyse_now()["people"].figures
    assert set(figures) == {"schema", "track", "engine", "few"}


def test_a_draft_has_no_results():
    a_dialogue(opened=False)
    with pytest.raises(NotFound):
        results_of(slug="stop", user=account_with("secretariat"))


def test_an_analysis_is_started_when_it_is_behind_and_at_most_every_few_minutes():
    dialogue = a_dialogue()
    people_answer(dialogue, 12, two_camps)
    now = timezone.now()
    job = start_if_stale(dialogue=dialogue, now=now)
    assert start_if_stale(dialogue=dialogue, now=now) == job
    assert analyse_dialogue.call(job_id=job.pk) == Job.State.DONE
    assert start_if_stale(dialogue=dialogue, now=now) is None
    people_answer(dialogue, 12, two_camps, first=12)
    assert start_if_stale(dialogue=dialogue, now=timezone.now()) is None
    Job.objects.update(created_at=now - 2 * PAUSE)
    assert start_if_stale(dialogue=dialogue, now=timezone.now() + PAUSE) is not None


def test_after_the_close_there_is_one_last_analysis():
    dialogue = a_dialogue()
    people_answer(dialogue, 12, two_camps)
    analyse_now()
    put_deadline_into_the_past("stop")
    dialogue.refresh_from_db()
    assert start_last_analyses() == 1
    job = Job.objects.get(kind=ANALYSE)
    assert analyse_dialogue.call(job_id=job.pk) == Job.State.DONE
    assert all(Analysis.objects.values_list("is_final", flat=True))
    assert start_last_analyses(now=timezone.now() + PAUSE) == 0
    assert start_if_stale(dialogue=dialogue, now=timezone.now() + PAUSE) is None


def test_only_a_convenor_starts_cancels_and_publishes():
    a_dialogue()
    reviewer, secretariat = account_with("reviewer"), account_with("secretariat")
    for service in (start_analysis, cancel_analysis, publish_results):
        with pytest.raises(NotPermitted):
            service(slug="stop", by=reviewer)
    job = start_analysis(slug="stop", by=secretariat)
    cancel_analysis(slug="stop", by=secretariat)
    assert Job.objects.get(pk=job.pk).state == Job.State.CANCELLED
    assert Job.objects.get(pk=job.pk).kind == ANALYSE


def test_an_analysis_that_is_cancelled_leaves_the_one_before():
    dialogue = a_dialogue()
    people_answer(dialogue, 12, two_camps)
    before = analyse_now()["people"]
    people_answer(dialogue, 12, two_camps, first=12)
    job = start_analysis(slug="stop", by=SET_UP)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    assert analyse_dialogue.call(job_id=job.pk) == Job.State.CANCELLED
    assert Analysis.objects.get(track="people").digest == before.digest


def test_results_are_published_only_after_the_closing_is_on_the_record():
    dialogue = a_dialogue()
    people_answer(dialogue, 12, two_camps)
    analyse_now()
    with pytest.raises(Conflict):
        publish_results(slug="stop", by=SET_UP)
    put_deadline_into_the_past("stop")
    analyse_now()
    with pytest.raises(Conflict, match="closing"):
        publish_results(slug="stop", by=SET_UP)
    close_dialogue(slug="stop", by=SET_UP)
    assert publish_results(slug="stop", by=SET_UP).type == "publish-results"


def test_nothing_is_published_that_is_behind_the_answers():
    dialogue = a_dialogue()
    people_answer(dialogue, 12, two_camps)
    analyse_now()
    close_dialogue(slug="stop", by=SET_UP)
    with pytest.raises(Conflict, match="behind"):
        publish_results(slug="stop", by=SET_UP)
    analyse_now()
    Statement.objects.filter(dialogue=dialogue, number=4).update(state="refused")
    with pytest.raises(Conflict, match="behind"):
        publish_results(slug="stop", by=SET_UP)
    analyse_now()
    assert publish_results(slug="stop", by=SET_UP)


def test_a_track_that_is_held_back_is_not_published():
    dialogue = a_dialogue(least_votes=100)
    people_answer(dialogue, 30, two_camps)
    members_answer(dialogue, seat_members(12), lambda i: {1: 1})
    close_dialogue(slug="stop", by=SET_UP)
    analyse_now()
    act = publish_results(slug="stop", by=SET_UP)
    assert set(json.loads(zlib.decompress(act.payload))["tracks"]) == {"people"}
    states = results_of(slug="stop", user=NOBODY).of("states")
    assert (states.act, states.figures, states.missing) == ("", None, 88)


def test_published_figures_never_change():
    dialogue, act = published()
    before = {a.track: (a.pk, a.digest, a.figures) for a in Analysis.objects.all()}
    Answer.objects.update(value=-1)
    assert {t: (a.pk, a.digest, a.figures) for t, a in analyse_now().items()} == before
    for track in ("people", "states"):
        assert analyse_track(None, dialogue=dialogue, track=track).act == act
    with pytest.raises(Conflict, match="published already"):
        publish_results(slug="stop", by=SET_UP)
    assert start_if_stale(dialogue=dialogue, now=timezone.now() + 2 * PAUSE) is None


def test_the_act_names_digests_and_nobody():
    dialogue, act = published()
    payload = json.loads(zlib.decompress(act.payload))
    assert payload["tracks"]["people"]["figures_sha256"] == Analysis.objects.get(track="people").digest
    told = act.body.decode() + json.dumps(payload)
    assert not any(p.pseudonym in told for p in dialogue.participants.all() if len(p.pseudonym) > 2)
    assert act.subject == "dialogue/stop/results"


def test_the_chain_of_a_statement_leads_to_the_results_the_close_and_the_opening():
    published()
    chain = chain_of(reference="dialogue/stop/statements/3", user=NOBODY)
    assert chain.rests_on == ("dialogue/stop/results",)
    assert [a.type for a in chain.acts][-3:] == ["open-dialogue", "close-dialogue", "publish-results"]
    assert "dialogue/stop/statements/3" in chain_of(reference="dialogue/stop/results", user=NOBODY).led_to


def test_a_share_is_weighed_where_statements_were_put_with_unequal_chances():
    dialogue = a_dialogue()
    voices = people_answer(dialogue, 20, lambda i: {1: 1 if i < 10 else -1, 2: 1})
    key = dialogue.statements.get(number=1).pk
    Exposure.objects.bulk_create(
        Exposure(
            participant=voice,
            statement_id=key,
            probability=0.2 if i < 10 else 0.1,
            chance=0.2 if i < 10 else 0.1,
            rule="test/1",
            shown_at=timezone.now(),
        )
        for i, voice in enumerate(voices)
    )
    rows = {row["statement"]: row for row in analyse_now()["people"].figures["statements"]}
    assert rows[1]["overall"]["agree"][0] == 0.5
    assert rows[1]["weighted"]["share"] == pytest.approx(1 / 3, abs=1e-6)
    assert "weighted" not in rows[2]


def test_a_statement_without_answers_is_listed_without_a_share():
    dialogue = a_dialogue()
    people_answer(dialogue, 12, lambda i: {1: 1})
    a_statement(dialogue, "Nobody has answered this one.")
    rows = {row["statement"]: row for row in analyse_now()["people"].figures["statements"]}
    assert set(rows) == {1}
