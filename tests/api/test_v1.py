"""The programming door: pages of results, ETags, problem documents, and a description that it keeps to."""

from __future__ import annotations

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comity.platform.alignment.models import CrosswalkLink, Instrument, Provision
from comity.platform.record.models import Act

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
pytestmark = pytest.mark.django_db
PATHS = (
    "instruments",
    "instruments/eu-ai-act",
    "instruments/eu-ai-act/provisions",
    "instruments/eu-ai-act/provisions/art_14",
    "links?state=waiting",
    "topics",
    "topics/privacy/members",
    "search?q=oversight",
    "dialogues",
    "decisions/ballots",
    "decisions/rules",
    "capacity/needs",
    "capacity/offers",
    "capacity/rounds",
    "capacity/deliveries",
    "capacity/agreements",
    "capacity/series",
    "commons/releases",
    "commons/notes",
    "commons/questions",
    "commons/agreements",
    "commons/mirrors",
    "acts",
    "openapi.json",
)


def test_a_list_is_paged_and_counted(get):
    first = get("instruments?limit=2").json()
    second = get("instruments?limit=2&offset=2").json()
    assert first["count"] == second["count"] == Instrument.objects.count()
    names = [i["slug"] for page in (first, second) for i in page["items"]]
    assert len(set(names)) == 4


def test_a_provision_is_given_whole(get):
    found = get("instruments/eu-ai-act/provisions/art_14").json()
    kept = Provision.objects.get(instrument__slug="eu-ai-act", ref="art_14")
    assert (found["text"], found["modality"], found["is_summary"]) == (kept.text, kept.modality, True)
    assert found["reference"] == "alignment/instruments/eu-ai-act/art_14"


def test_a_search_is_paged_and_says_what_it_was_read_as(get):
    whole = get("search?q=human+oversight").json()
    assert (whole["language"], whole["told_by"], whole["silence"]) == ("en", "page", "")
    second = get("search?q=human+oversight&limit=1&offset=1").json()
    assert second["items"] == whole["items"][1:2]
    assert second["count"] == whole["count"] == len(whole["items"]) >= 2
    party, number = next(iter(whole["facets"]["party"].items()))
    one = get(f"search?q=human+oversight&party={party}").json()
    assert one["count"] == number == len(one["items"]) > 0
    assert one["items"] == [i for i in whole["items"] if i in one["items"]]
    assert get("search").json()["count"] == 0


def test_links_and_acts_are_those_of_the_tables(get):
    assert get("links?state=waiting&limit=1").json()["count"] == CrosswalkLink.objects.filter(state="waiting").count()
    acts = get("acts?limit=200").json()
    assert acts["count"] == Act.objects.count()
    assert {a["sequence"] for a in acts["items"]} == {None}


def test_every_member_is_listed_once_on_a_topic(get):
    members = get("topics/privacy/members").json()
    assert len({m["member"] for m in members}) == len(members) == 193


@pytest.mark.parametrize("path", PATHS[:-1])
def test_an_answer_carries_an_etag_and_is_not_sent_twice(get, path):
    first = get(path)
    assert first.status_code == 200
    again = get(path, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path, status, code",
    [
        ("instruments/nowhere", 404, "not-found"),
        ("nothing/at/all", 404, "not-found"),
        ("instruments/eu-ai-act/provisions/art_999", 404, "not-found"),
        ("topics/nothing/members", 404, "not-found"),
        ("instruments?limit=0", 400, "bad-parameter"),
        ("instruments?limit=201", 400, "bad-parameter"),
        ("instruments?offset=-1", 400, "bad-parameter"),
        ("instruments?limit=ten", 400, "bad-parameter"),
        ("links?state=rejected", 400, "bad-parameter"),
        ("instruments?party=" + "x" * 81, 400, "bad-parameter"),
    ],
)
def test_a_refusal_is_a_problem_document(get, path, status, code):
    response = get(path)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = json.loads(response.content)
    assert (body["status"], body["title"]) == (status, code)
    assert body["detail"]


def test_the_door_only_reads(client):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/v1/instruments").status_code == 405


def test_the_description_is_the_one_that_is_kept(get, root):
    described = get("openapi.json").json()
    kept = json.loads((root / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
    assert described == kept, "the API changed: see CONTRIBUTING on how to keep its description"


@pytest.fixture
def _open_connection():
    """The application would close the connection, and the test's transaction with it, after each answer."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("db", "_open_connection")
def test_every_answer_keeps_to_the_description():
    from comity.site.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 42
    for operation in operations:

        @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def walk(case):
            case.validate_response(case.call(headers={"Accept-Encoding": "identity"}), checks=CHECKS)

        walk()
