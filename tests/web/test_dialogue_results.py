"""Pages of results and of open data: figures that can be read, nothing that is held back, nobody's answer under any rule."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path

import pytest
import rfc8785
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from comity.cli.files.dialogue.analyse import analyse_files
from comity.platform.dialogue.consultations import close_dialogue
from comity.platform.dialogue.models import Analysis, OtherView, Participant, Statement
from comity.platform.dialogue.results import publish_results
from comity.platform.parties.models import Member
from comity.platform.record.models import Act
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
FILES = ("results.json", "votes.csv", "comments.csv", "participants-votes.csv", "members.csv")
OF_PEOPLE = FILES[1:4]


@pytest.fixture(scope="module", autouse=True)
def _collection():
    """These pages need no collection of instruments."""


def both_tracks(slug="stop", **settings):
    dialogue = a_dialogue(slug, **settings)
    members_answer(dialogue, seat_members(40)[:31], lambda i: {n: 1 if (i + n) % 3 else -1 for n in range(1, 11)})
    people_answer(dialogue, 60, two_camps, region=lambda i: REGIONS[i % 2] if i < 56 else REGIONS[2])
    return dialogue


def publish(slug="stop"):
    close_dialogue(slug=slug, by=SET_UP)
    analyse_now(slug)
    return publish_results(slug=slug, by=SET_UP)


def page_of(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200, path
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_states_and_people_stand_side_by_side_with_bounds_and_intervals(client):
    both_tracks()
    analyse_now()
    page = page_of(client, "/dialogue/stop/results")
    for words in (
        "States' track, 31 of 45 members heard.",
        "of the 31 heard agree",
        "If all 14 unheard agreed:",
        "Two tracks",
        "People's track, 60 people and organisations.",
        "Broad agreement in every group",
        "Each mark stands for about",
        "This is a census",
        "Too few to be counted have come from:",
    ):
        assert words in page, words
    assert "style=" not in page
    assert "<script" not in page


def test_the_printed_example_is_said_as_printed(client):
    dialogue = a_dialogue(people="nobody")
    members_answer(dialogue, seat_members(188)[:112], lambda i: {1: 1 if i < 104 else -1})
    analyse_now()
    page = page_of(client, "/dialogue/stop/results")
    assert "<strong>93%</strong> of the 112 heard agree" in page
    assert "If all 81 unheard agreed: 96%; if none: 54%" in page


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_pages_answer_in_every_language(client, language):
    both_tracks()
    publish()
    page = page_of(client, "/dialogue/stop/results", lang=language)
    assert ('dir="rtl"' in page) == (language == "ar")
    assert page.count('<svg class="chart opinion" direction="ltr"') == 1
    page_of(client, "/dialogue/stop/data", lang=language)


def test_results_that_are_held_back_are_on_no_door(client):
    dialogue = a_dialogue(least_votes=100_000)
    people_answer(dialogue, 60, two_camps)
    members_answer(dialogue, seat_members(20), lambda i: {1: 1 if i % 2 else -1})
    analyse_now()
    page = page_of(client, "/dialogue/stop/results")
    assert page.count("answers are missing before any result of this track is shown.") == 2
    told = client.get("/api/v1/dialogues/stop/results").json()
    assert [(t["figures"], t["statements"], t["figures_sha256"]) for t in told["tracks"]] == [(None, [], "")] * 2
    for leak in ("Group 1", "%</strong>", "heard agree", "Broad agreement"):
        assert leak not in page
        assert leak not in page_of(client, "/dialogue/stop/data")
    for name in FILES:
        assert client.get(f"/dialogue/stop/data/{name}").status_code == 404


def test_nothing_is_shown_before_the_close_where_the_convenor_says_so(client):
    both_tracks(holds_until_close=True)
    analyse_now()
    page = page_of(client, "/dialogue/stop/results")
    assert page.count("Results of this track are shown after the close") == 2
    assert "heard agree" not in page
    told = client.get("/api/v1/dialogues/stop/results").json()
    assert [t["awaits_close"] for t in told["tracks"]] == [True, True]
    assert [t["figures"] for t in told["tracks"]] == [None, None]


@pytest.mark.parametrize("attribution", ["chatham-house", "by-group", "attributed"])
def test_another_answer_of_one_member_changes_nothing_that_anyone_can_read_unless_attributed(client, attribution):
    """Two worlds that differ in one member's answers, where its regional group is small and all others agree."""
    seen = []
    for value in (1, -1):
        slug = f"world-{value + 1}"
        dialogue = a_dialogue(slug, attribution=attribution, people="nobody")
        members = seat_members(12) if value == 1 else list_of_members()
        members_answer(dialogue, members, lambda i, v=value: {1: v if i == 0 else 1, 2: v if i == 0 else -1})
        publish(slug)
        told = [page_of(client, f"/dialogue/{slug}/results"), page_of(client, f"/dialogue/{slug}/data/results.json")]
        told.append(client.get(f"/api/v1/dialogues/{slug}/results").content.decode())
        told.append(page_of(client, f"/api/v1/dialogues/{slug}"))
        told.append(Act.objects.get(type="publish-results", subject__startswith=f"dialogue/{slug}").body.decode())
        assert client.get(f"/dialogue/{slug}/data/votes.csv").status_code == 404
        answer = client.get(f"/dialogue/{slug}/data/members.csv")
        assert answer.status_code == (200 if attribution == "attributed" else 404)
        figures = Analysis.objects.get(dialogue=dialogue).figures
        seen.append(figures)
        named = [m.names["en"] in told[0] or m.slug in told[1] for m in members]
        assert all(named) if attribution == "attributed" else not any(named)
    assert (seen[0] == seen[1]) == (attribution != "attributed")


def list_of_members():
    return list(Member.objects.filter(slug__startswith="s").order_by("pk"))


def test_attributed_answers_are_listed_by_name_in_alphabetical_order_and_as_rows(client):
    dialogue = a_dialogue(attribution="attributed", people="nobody")
    members_answer(dialogue, seat_members(6)[::-1], lambda i: {1: 1}, standing="provisional")
    publish()
    page = page_of(client, "/dialogue/stop/results")
    listed = "; ".join(f"State {i:03} (provisional)" for i in range(6))
    assert listed in page
    rows = list(csv.DictReader(io.StringIO(page_of(client, "/dialogue/stop/data/members.csv").lstrip("\ufeff"))))
    assert [(r["member"], r["statement"], r["answer"], r["standing"]) for r in rows] == [
        (f"s{i}", "1", "agree", "provisional") for i in range(6)
    ]


def test_the_open_data_give_the_published_figures_again(client, tmp_path):
    both_tracks()
    publish()
    for name in OF_PEOPLE:
        (tmp_path / name).write_text(page_of(client, f"/dialogue/stop/data/{name}"), encoding="utf-8", newline="")
    again = analyse_files(
        votes=tmp_path / "votes.csv",
        comments=tmp_path / "comments.csv",
        participants=tmp_path / "participants-votes.csv",
    )
    figures = Analysis.objects.get(track="people").figures
    assert again["digest"] == figures["analysis_sha256"]
    assert (again["k"], again["participants"], again["votes"]) == (figures["k"], figures["voices"], figures["answers"])
    assert again["group_sizes"] == figures["group_sizes"]
    held = [(c["statement"], c["direction"], c["lower"]) for c in figures["common_ground"]]
    assert [(int(c["statement"]), c["direction"], round(c["lower"], 6)) for c in again["common_ground"]] == held
    assert held
    shares = {int(r["statement"]): round(r["agreeing"]["share"], 6) for r in again["statements_table"]}
    assert shares == {r["statement"]: r["overall"]["agree"][0] for r in figures["statements"]}


def test_rows_name_nobody_and_tell_no_hour(client):
    dialogue = both_tracks()
    publish()
    votes = page_of(client, "/dialogue/stop/data/votes.csv")
    people = page_of(client, "/dialogue/stop/data/participants-votes.csv")
    for participant in Participant.objects.filter(dialogue=dialogue):
        assert f",{participant.pseudonym}," not in votes
        assert not people.startswith(participant.pseudonym)
    assert all(line.split(",")[1].endswith("T00:00:00Z") for line in votes.splitlines()[1:])
    regions = {line["region"] for line in csv.DictReader(io.StringIO(people))}
    assert regions == {*REGIONS[:2], ""}  # four people of the third could be recognised


def test_rows_of_few_people_are_not_published_and_the_page_says_why(client):
    dialogue = a_dialogue()
    people_answer(dialogue, 19, two_camps)
    publish()
    assert "fewer than 20 took part" in page_of(client, "/dialogue/stop/data")
    for name in OF_PEOPLE:
        assert client.get(f"/dialogue/stop/data/{name}").status_code == 404
    assert (
        json.loads(page_of(client, "/dialogue/stop/data/results.json"))["tracks"]["people"]["figures"]["voices"] == 19
    )


def test_the_digest_of_the_act_is_that_of_the_figures_in_the_file(client):
    both_tracks()
    publish()
    told = json.loads(page_of(client, "/dialogue/stop/data/results.json"))["tracks"]
    for track in told.values():
        assert hashlib.sha256(rfc8785.dumps(track["figures"])).hexdigest() == track["figures_sha256"]


def test_a_statement_that_is_refused_after_publication_keeps_its_figures_and_loses_its_words(client):
    both_tracks()
    publish()
    Statement.objects.filter(number=2).update(state="refused")
    page = page_of(client, "/dialogue/stop/results")
    assert "A statement that is no longer shown" in page
    assert "Every stop is written down." not in page
    assert Analysis.objects.get(track="people").figures["statements"][1]["statement"] == 2


def test_the_result_of_a_statement_stands_at_the_reference_that_a_draft_cites(client):
    both_tracks()
    analyse_now()
    assert "Not yet published by an act." in page_of(client, "/dialogue/stop/statements/2")
    publish()
    page = page_of(client, "/dialogue/stop/statements/2")
    assert "of the 31 heard agree" in page
    assert "/record/chain/dialogue/stop/statements/2" in page
    a_dialogue("draft", opened=False)
    assert signed_in("secretariat").get("/dialogue/draft/statements/1").status_code == 200


def test_a_convenor_publishes_from_the_page_and_others_do_not(client):
    both_tracks()
    close_dialogue(slug="stop", by=SET_UP)
    analyse_now()
    assert "Publish these results" not in page_of(client, "/dialogue/stop/results")
    assert client.post("/dialogue/stop/results", {"do": "publish"}).status_code == 403
    secretariat = signed_in("secretariat")
    assert "Publish these results" in page_of(secretariat, "/dialogue/stop/results")
    assert secretariat.post("/dialogue/stop/results", {"do": "publish"}).status_code == 400
    assert secretariat.post("/dialogue/stop/results", {"do": "publish", "sure": "yes"}).status_code == 302
    assert secretariat.post("/dialogue/stop/results", {"do": "publish", "sure": "yes"}).status_code == 409
    page = page_of(client, "/dialogue/stop/results")
    assert "Published: these figures do not change any more." in page
    assert client.get("/record/chain/dialogue/stop/statements/2").status_code == 200


def signed_in(role):
    user = account_with(role)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


def test_another_view_is_told_in_words_once_its_holders_have_checked_it(client):
    dialogue = both_tracks()
    for text, checked in (("Stop could interrupt a service.", True), ("Not yet checked.", False)):
        OtherView.objects.create(
            dialogue=dialogue,
            track="states",
            language="en",
            text=text,
            statements=[1],
            is_checked=checked,
            written_at=timezone.now(),
        )
    analyse_now()
    page = page_of(client, "/dialogue/stop/results")
    assert "Stop could interrupt a service." in page
    assert "Not yet checked." not in page


def test_a_large_dialogue_keeps_its_pages_light(client):
    dialogue = a_dialogue(
        attribution="attributed",
        seeds=[{"en": f"{'Word ' * 35} number {i} of many, which is about as long as one may be."} for i in range(40)],
    )
    members_answer(dialogue, seat_members(190), lambda i: {n: 1 if (i + n) % 4 else -1 for n in range(1, 31)})
    people_answer(dialogue, 100, lambda i: {n: 1 if (i + n) % 2 else -1 for n in range(1, 41)})
    analyse_now()
    page = page_of(client, "/dialogue/stop/results")
    css = Path("src/comity/adapters/visual/static/comity.css").read_bytes()
    assert len(gzip.compress(page.encode())) + len(gzip.compress(css)) < 100_000
    assert page.count('id="said-s"') == 1
    assert "Page 1 of" in page
    second = page_of(client, "/dialogue/stop/results", page=2)
    assert "number 10 of many" in second
    assert "Common ground of people" not in second


def test_who_may_not_see_a_dialogue_finds_no_results(client):
    a_dialogue(visibility="members", people="accounts")
    for path in ("results", "data", "data/results.json", "data/votes.csv"):
        assert client.get(f"/dialogue/stop/{path}").status_code == 404
    assert client.post("/dialogue/stop/results", {"do": "publish"}).status_code == 404
    assert client.get("/api/v1/dialogues/stop/results").status_code == 404
    assert client.get("/api/v1/dialogues").json()["count"] == 0
