"""Agreements with a canary in each field, and every address that could tell of them asked by outsiders: none is shown."""

from __future__ import annotations

import itertools
import json
import re
import zlib

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from comity.platform.commons.models import AgreementText, SharingAgreement
from comity.platform.commons.sharing_agreements import draft_text
from comity.platform.commons.signing import agree_to_end
from comity.platform.record.models import Act
from comity.platform.record.sequencer import sequence_acts
from support.agreements import concluded, drafted, head_of, issued, proposed, signed, wording
from support.commons import release
from support.pages import signed_in_as
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
CANARY = "Qx7Canary"
PAGES = ("commons/", "record/", "hub/", "parties/members", "api/v1/commons")


@pytest.fixture
def planted(settings, tmp_path):
    from comity.platform.record.log import open_log, prepare_key

    settings.FILES, settings.DATA, settings.RECORD_KEY = str(tmp_path / "files"), tmp_path, ""
    prepare_key(origin="test.invalid/record")
    cache.clear()
    make_body()
    issued()
    release("open", member="m1")
    words = {
        "title": f"{CANARY}title",
        "annex": f"{CANARY}annex",
        "project": f"capacity/needs/{CANARY}",
        "values": {"giver": "m1", "purpose": f"{CANARY}purpose"},
        "releases": ("open",),
    }
    drafted(slug="of-m1", shown_to="public", **words)
    signed(proposed(slug="on-the-table", shown_to="public", **words), "m1")
    made = concluded(slug="between-us", **words)
    agree_to_end(slug="between-us", member="m1", by=SET_UP)
    draft_text(slug="between-us", wording=wording(**words | {"title": f"{CANARY}second"}), member="m2", by=SET_UP)
    open_one = concluded(slug="public-one", shown_to="public", title="Public words", releases=("open",))
    draft_text(slug="public-one", wording=wording(**words), member="m2", by=SET_UP)
    assert made.concluded_at is not None
    assert open_one.concluded_at is not None
    log = open_log()
    sequence_acts(log=log)
    return log


def routes(patterns=None, prefix=""):
    for pattern in patterns or get_resolver().url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif here.startswith(PAGES):
            yield here


def every_address() -> list[str]:
    acts = Act.objects.filter(subject__startswith="commons/agreements/").exclude(visibility="public")
    slugs = list(SharingAgreement.objects.values_list("slug", flat=True))
    fills = {
        "slug": [*slugs, "open", "m1", "transfer"],
        "number": [0, 1, 2],
        "tongue": ["en", "fr"],
        "form": ["toml", "en.txt"],
        "label": ["1.0"],
        "act_id": [str(pk) for pk in acts.values_list("pk", flat=True)],
        "digest": list(acts.values_list("payload_sha256", flat=True)),
        "index": range(Act.objects.count()),
        "reference": [f"commons/agreements/{slug}{part}" for slug in slugs for part in ("", "/1")],
    }
    found = []
    for route in routes():
        parameters = re.findall(r"<[^>]+>", route)
        names = [p.strip("<>").split(":")[-1] for p in parameters]
        for values in itertools.product(*(fills.get(n, ["none"]) for n in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value), 1)
            found.append(f"/{address}")
    return [*found, *(f"/commons/agreements/{slug}?draft=1" for slug in slugs)]


def shown(client, address) -> bytes:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # An answer may say again what was asked for.
    return (body + str(answer.headers).encode()).replace(address.encode(), b"")


def outsiders():
    return {
        "public": Client(),
        "operator": signed_in_as(account_with("operator")),
        "observer": signed_in_as(account_with("observer")),
        "secretariat": signed_in_as(account_with("secretariat")),
        "head of another": signed_in_as(head_of("m3")),
    }


def test_nobody_outside_is_shown_anything_not_even_that_there_is_something(planted):
    visited = every_address()
    assert len(visited) > 150
    hidden = (CANARY.encode(), b"of-m1", b"on-the-table", b"between-us")
    found = []
    for who, client in outsiders().items():
        for address in visited:
            told = shown(client, address)
            asked = any(word.decode() in address for word in hidden)
            words = hidden[:1] if asked else hidden
            found += [(who, address, word) for word in words if word in told]
    assert found == []


def test_each_party_is_shown_its_own_and_no_draft_of_the_other(planted):
    one, other = signed_in_as(head_of("m1")), signed_in_as(head_of("m2"))
    assert f"{CANARY}title".encode() in shown(one, "/commons/agreements/of-m1")
    assert other.get("/commons/agreements/of-m1").status_code == 404
    for client in (one, other):
        assert f"{CANARY}annex".encode() in shown(client, "/commons/agreements/on-the-table")
    assert f"{CANARY}second".encode() in shown(other, "/commons/agreements/between-us?draft=1")
    assert [a for a in every_address() if f"{CANARY}second".encode() in shown(one, a)] == []
    assert CANARY.encode() not in shown(one, "/commons/agreements/public-one")


def test_the_log_and_public_payloads_tell_nothing_of_them(planted):
    held = b"".join(planted.store.entries(0, planted.store.size))
    for word in (b"of-m1", b"on-the-table", b"between-us", CANARY.encode(), b"sign-agreement", b"propose-agreement"):
        assert word not in held
    for act in Act.objects.filter(visibility="public"):
        told = bytes(act.body) + zlib.decompress(bytes(act.payload)) + json.dumps(act.content).encode()
        assert CANARY.encode() not in told
        assert b"between-us" not in told
    assert AgreementText.objects.filter(title__contains=CANARY).count() == 5
