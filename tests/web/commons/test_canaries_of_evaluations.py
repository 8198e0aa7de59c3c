"""Figures for a delegation alone, with a canary in each text, and every address of the commons and of acts asked by outsiders."""

from __future__ import annotations

import itertools
import re

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from comity.platform.commons.evaluations import answer_evaluation, withdraw_evaluation
from comity.platform.commons.models import Evaluation
from comity.platform.record.models import Act
from support.commons import release
from support.evaluations import attach, figures, share_row
from support.pages import signed_in
from support.parties import SET_UP, make_body

pytestmark = pytest.mark.django_db
CANARY = "Qx7Canary"


@pytest.fixture
def planted(settings, tmp_path):
    """A public release with figures that the delegation of m1 alone sees: one standing, one answered and withdrawn."""
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()
    release()
    row = share_row(task=f"{CANARY}task", scorer=f"{CANARY}scorer", model=f"{CANARY}model", dataset=f"{CANARY}data")
    given = {"notes": {"en": f"{CANARY}note"}, "visibility": "delegation", "audience": "delegation:m1"}
    first = attach(figures(row), **given)
    second = attach(figures(row, log="second"), **given)
    said = {"slug": "words", "name": second.name, "by": SET_UP}
    answer_evaluation(**said, answers={"en": f"{CANARY}answer"})
    withdraw_evaluation(**said, reasons={"en": f"{CANARY}reason"})
    return first, second


def routes(patterns=None, prefix=""):
    for pattern in patterns or get_resolver().url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif here.startswith(("hub/", "commons/", "record/acts", "record/payloads", "api/v1/commons")):
            yield here


def every_address() -> list[str]:
    acts = list(Act.objects.filter(type__contains="evaluation"))
    fills = {
        "slug": ["words"],
        "label": ["1.0"],
        "name": list(Evaluation.objects.values_list("name", flat=True)),
        "reference": [e.reference for e in Evaluation.objects.all()] + ["commons/releases/words/1.0"],
        "digest": [a.payload_sha256 for a in acts],
        "act_id": [str(a.pk) for a in acts],
        "namespace": ["assembly"],
        "sha256": [a.payload_sha256 for a in acts],
    }
    found = []
    for route in routes():
        parameters = re.findall(r"<[^>]+>", route)
        names = [p.strip("<>").split(":")[-1] for p in parameters]
        for values in itertools.product(*(fills.get(n, ["none"]) for n in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value))
            found.append(f"/{address}")
    return found


def test_the_own_delegation_sees_every_text(planted):
    client = signed_in("delegate")
    shown = "".join(client.get(f"/commons/releases/words/evaluations/{held.name}").content.decode() for held in planted)
    for word in ("task", "scorer", "model", "note", "answer", "reason"):
        assert f"{CANARY}{word}" in shown


@pytest.mark.parametrize("who", ["nobody", "m2", "secretariat"])
def test_no_address_shows_an_outsider_anything_of_them(planted, who):
    client = {
        "nobody": Client,
        "m2": lambda: signed_in("head", member="m2"),
        "secretariat": lambda: signed_in("secretariat"),
    }[who]()
    names = {held.name for held in planted}
    addresses = every_address()
    assert f"/commons/releases/words/evaluations/{planted[0].name}" in addresses
    for address in addresses:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", errors="replace")
        assert CANARY not in text, address
        if answer.status_code == 200:
            assert not [name for name in names if name in text.replace(address, "")], address
