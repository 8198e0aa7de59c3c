"""Possible joint actions on the pages: what is quoted, what people decided, who may see it, and that nothing is ranked."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import transaction
from django.utils import timezone

from comity.adapters.joint_action_files import JOINT_ACTIONS
from comity.adapters.readers import read_instrument_file, read_scheme
from comity.example.loading import INSTRUMENTS, SCHEME
from comity.platform.alignment.joint_actions import joint_actions
from comity.platform.alignment.models import CrosswalkLink, Instrument, Topic
from comity.platform.alignment.services import add_instrument
from comity.platform.alignment.tasks import align_collection
from comity.platform.parties.rules import Installation
from comity.platform.work.models import Job

pytestmark = pytest.mark.django_db

SLUGS = (
    "ghana-ai-strategy-2022",
    "kenya-ai-strategy",
    "nigeria-ai-strategy",
    "senegal-ai-strategy",
    "au-continental-ai-strategy",
    "uk-opportunities-plan",
)


@pytest.fixture(scope="module", autouse=True)
def _strategies(_collection, django_db_blocker):
    scheme = read_scheme(path=SCHEME)
    with django_db_blocker.unblock(), transaction.atomic():
        for slug in SLUGS:
            instrument, provisions, _ = read_instrument_file(path=INSTRUMENTS / f"{slug}.toml", scheme=scheme)
            add_instrument(instrument=instrument, provisions=provisions, by=Installation())
        job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
        align_collection.call(job_id=job.pk)
        yield
        transaction.set_rollback(True)


def test_groups_are_of_different_members_and_quote_their_texts_exactly():
    groups, read = joint_actions(user=None)
    assert groups
    for group in groups:
        parties = [a.provision.instrument.party for a in group.actions]
        assert len(set(parties)) == len(parties) >= 2
        assert set(parties) <= {"KEN", "NGA", "SEN", "GBR"}  # not the African Union's, not the lapsed one of Ghana
        for action in group.actions:
            assert set(group.topics) <= {m.topic_id for m in action.provision.topic_marks.all()}
            for quoted in (*action.dates, *action.indicators, *action.owners):
                assert action.provision.text[quoted.start : quoted.end] == quoted.text
    assert read.strategies == 4
    assert 0 < read.dated < read.actions
    assert 0 < read.owned < read.actions


def test_groups_stand_in_the_order_of_the_topics():
    place = dict(Topic.objects.values_list("pk", "position"))
    chief = [place[g.topics[0]] for g in joint_actions(user=None)[0]]
    assert chief == sorted(chief)


def test_a_provision_of_a_strategy_says_what_it_was_read_as_and_a_law_says_nothing(client):
    page = client.get("/alignment/instruments/uk-opportunities-plan/rec_2").content.decode()
    assert "Read as" in page
    assert '<bdi lang="en">by 2030</bdi>; <bdi lang="en">within six months</bdi>' in page
    assert '<bdi lang="en">at least twentyfold</bdi>' in page
    assert '<bdi lang="en">Government</bdi>' in page
    assert "Read as" not in client.get("/alignment/instruments/eu-ai-act/art_14").content.decode()


def test_a_rejected_link_makes_no_group():
    CrosswalkLink.objects.update(state=CrosswalkLink.State.REJECTED)
    assert joint_actions(user=None)[0] == []


def test_the_page_says_what_is_not_stated_and_ranks_nothing(client):
    groups, read = joint_actions(user=None)
    page = client.get("/alignment/joint-actions").content.decode()
    assert page.count("<article") == min(len(groups), 10)
    assert page.count("<h4>") == sum(len(g.actions) for g in groups[:10])
    assert f"<b>{read.dated}</b>" in page
    assert "nobody who is to act is stated" in page
    assert "nothing here is ranked" in page


def test_a_topic_leaves_the_groups_that_share_it(client):
    topic = joint_actions(user=None)[0][0].topics[0]
    wanted = joint_actions(user=None, topic=topic)[0]
    page = client.get(f"/alignment/joint-actions?topic={topic}")
    assert [g.name for g in page.context["groups"]] == [g.name for g in wanted][:10]
    assert all(topic in g.topics for g in wanted)


def test_only_groups_that_state_what_is_asked_for_are_left(client):
    every, dated = joint_actions(user=None)[0], joint_actions(user=None, stated="dates")[0]
    assert [g.name for g in dated] == [g.name for g in every if any(a.dates for a in g.actions)]
    assert 0 < len(dated) < len(every)
    page = client.get("/alignment/joint-actions?stated=dates")
    assert page.context["page"].paginator.count == len(dated)
    assert "not stated</span>" in page.content.decode()


def test_what_is_not_public_stands_in_no_group_of_a_visitor(client):
    Instrument.objects.filter(slug="kenya-ai-strategy").update(visibility="members")
    assert "KEN" not in {a.provision.instrument.party for g in joint_actions(user=None)[0] for a in g.actions}
    for path in ("joint-actions", "downloads/joint_actions.csv", "downloads/joint_actions.json"):
        response = client.get(f"/alignment/{path}")
        text = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"kenya-ai-strategy" not in text


def test_the_files_hold_every_group(client):
    groups, _ = joint_actions(user=None)
    table = b"".join(client.get("/alignment/downloads/joint_actions.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert tuple(rows[0]) == JOINT_ACTIONS
    assert len(rows) == sum(len(g.actions) for g in groups)
    records = json.loads(client.get("/alignment/downloads/joint_actions.json").content)
    assert [r["group"] for r in records] == [g.name for g in groups]
    for action in (a for r in records for a in r["actions"]):
        for quoted in (*action["dates"], *action["indicators"], *action["owners"]):
            assert action["text"][quoted["start"] : quoted["end"]] == quoted["text"]


@pytest.mark.parametrize(
    "query, status", [("topic=nowhere", 400), ("stated=name", 400), ("page=x", 400), ("topic=", 200), ("page=900", 200)]
)
def test_an_address_that_says_nothing_here_is_refused(client, query, status):
    assert client.get(f"/alignment/joint-actions?{query}").status_code == status
