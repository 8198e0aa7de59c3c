"""The consultations of the example: held once, the same voices on every machine, and as real ones are."""

from __future__ import annotations

import pytest

from comity.cli.files.dialogue.analyse import analyse_files
from comity.example.consultations import SILENT, closed_dialogues, load_dialogues
from comity.example.people import load_body
from comity.example.publishing import PUBLISH, publish_example, start_publishing
from comity.platform.dialogue import analyses, open_data
from comity.platform.dialogue.models import Analysis, Answer, Dialogue, Participant, Statement, StatementText
from comity.platform.dialogue.selectors import dialogue_seen, heard_in
from comity.platform.dialogue.tasks import ANALYSE, analyse_dialogue
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.record.models import Act
from comity.platform.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def said():
    lines = []
    load_body(say=lines.append)
    load_dialogues(say=lines.append)
    return lines


def answers_by_voice(slug):
    rows = Answer.objects.filter(participant__dialogue__slug=slug).order_by(
        "participant__pseudonym", "statement__number"
    )
    return list(rows.values_list("participant__pseudonym", "statement__number", "value", "standing"))


def test_one_is_open_and_one_is_closed_by_acts_and_all_of_it_is_as_real_ones_are(said):
    assert said[-1] == "Held 2 invented consultations."
    found = {d.slug: d.closing_id is not None for d in Dialogue.objects.all()}
    assert found == {"share-first": True, "stop-a-system": False}
    assert [slug for slug, is_closed in found.items() if is_closed] == closed_dialogues()
    acts = Act.objects.filter(subject__startswith="dialogue/").order_by("type", "subject")
    assert list(acts.values_list("type", "subject")) == [
        ("close-dialogue", "dialogue/share-first"),
        ("open-dialogue", "dialogue/share-first"),
        ("open-dialogue", "dialogue/stop-a-system"),
    ]

    for statement in Statement.objects.filter(state="shown"):
        texts = {t.language: t.state for t in statement.texts.all()}
        assert sorted(texts) == sorted(LANGUAGES)
        assert texts.pop(statement.language) == StatementText.State.ORIGINAL
        assert set(texts.values()) == {StatementText.State.MACHINE}, "no translation claims that a person checked it"

    members = Answer.objects.filter(participant__track="states", participant__dialogue__slug="stop-a-system")
    assert set(members.values_list("standing", flat=True)) == {"position", "provisional", "awaiting"}
    assert not members.filter(participant__member__slug=SILENT).exists(), "the example's delegate can still answer"
    dialogue = dialogue_seen(slug="stop-a-system", user=None)
    assert [heard_in(dialogue=dialogue, track=track).number for track in ("states", "people")] == [23, 600]

    desk = Statement.objects.filter(dialogue__slug="stop-a-system")
    assert desk.filter(state="waiting").count() == 3
    refused = desk.filter(state="refused").values_list("decisions__reason", flat=True)
    assert sorted(refused) == ["advertising", "several-ideas"]


def test_loading_again_changes_nothing_and_voices_are_the_same_on_every_machine(said):
    before = answers_by_voice("stop-a-system")
    load_dialogues(say=said.append)
    assert answers_by_voice("stop-a-system") == before
    Answer.objects.all().delete()
    Statement.objects.all().delete()
    Participant.objects.all().delete()
    Dialogue.objects.all().delete()
    load_dialogues(say=said.append)
    assert answers_by_voice("stop-a-system") == before


def test_the_closed_one_is_published_by_the_worker_and_anyone_finds_the_same_in_its_open_data(
    said, monkeypatch, tmp_path
):
    monkeypatch.setattr(analyses, "DRAWS", 2)  # how firm the groups are is not asked here
    start_publishing()
    for job in Job.objects.filter(state="waiting"):
        (publish_example if job.kind == PUBLISH else analyse_dialogue).call(job_id=job.pk)
    assert set(Job.objects.filter(kind__in=[PUBLISH, ANALYSE]).values_list("subject", "state")) == {
        ("share-first", "done"),
        ("stop-a-system", "done"),
    }
    assert Act.objects.filter(type="publish-results", subject="dialogue/share-first/results").count() == 1
    people = {a.dialogue.slug: a.figures for a in Analysis.objects.filter(track="people").select_related("dialogue")}
    assert (people["stop-a-system"]["k"], people["share-first"]["k"]) == (3, 2), "the groups that were planted"
    assert len(people["stop-a-system"]["common_ground"]) >= 5
    Job.objects.all().delete()
    start_publishing()
    assert not Job.objects.filter(kind=PUBLISH).exists(), "published once"

    paths = {}
    for name, rows in (
        ("votes", open_data.vote_rows),
        ("comments", open_data.comment_rows),
        ("participants", open_data.participant_rows),
    ):
        paths[name] = tmp_path / f"{name}.csv"
        lines = rows(slug="share-first", user=None)
        paths[name].write_bytes(b"".join(r if isinstance(r, bytes) else r.encode() for r in lines))
    found = analyse_files(**paths, draws=2)
    published = people["share-first"]
    assert (found["digest"], found["k"], found["group_sizes"]) == (
        published["analysis_sha256"],
        published["k"],
        published["group_sizes"],
    )
