"""Public series and the equity page: where figures come from, whom they leave out, and what is refused."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.platform.capacity.models import Series, SeriesValue
from comity.platform.record.models import Act
from support.pages import page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db
TABLE = "Economy,Share\nKenya,10%\nFiji,30%\nTuvalu,..\nAtlantis,50%\nNPL,0%\n"
FORM = {
    "slug": "use",
    "name_en": "Share of people who use AI",
    "unit": "percent",
    "source": "An office of statistics",
    "licence": "CC BY 4.0",
    "as_of": "2026-03-31",
    "column": "Share",
    "member": "Economy",
    "authority": "Decision 3",
}


@pytest.fixture(autouse=True)
def _body():
    cache.clear()
    make_body()


def send(client, table=TABLE, **changes):
    sent = SimpleUploadedFile("use.csv", table.encode() if isinstance(table, str) else table)
    return client.post("/capacity/series/new", {**FORM, **changes, "file": sent}, follow=True)


def test_figures_are_taken_in_by_an_act_and_shown_with_their_source_and_whom_they_leave_out():
    answer = send(signed_in("secretariat"))
    said = answer.content.decode()
    assert "Atlantis" in said
    shown = page(Client(), "/capacity/series/use")
    for words in ("An office of statistics", "CC BY 4.0", "3 of 193 member States have a figure.", "190 have none"):
        assert words in shown
    assert "Tuvalu" in shown[shown.index("No figure:", shown.index("<h3>Oceania")) :]
    assert "Kenya: 10<" in shown
    assert "<strong>0.5</strong>" in shown  # Gini of 0, 10, 30
    assert Act.objects.get(type="take-series-in").subject == "capacity/series/use"
    assert "Share of people who use AI" in page(Client(), "/capacity/equity/")
    table = b"".join(Client().get("/capacity/series/use.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(table) == 194
    assert "FJI,Fiji,Oceania,30.0" in table
    assert "TUV,Tuvalu,Oceania," in table


@pytest.mark.parametrize(
    "table, changes, said",
    [
        ("Economy,Share\nKenya,1\nKEN,2\n", {}, "row 3"),
        ('Economy,Share\nKenya,"1,5"\n', {}, "row 2"),
        ("Economy,Share\nAtlantis,1\n", {}, "no row names a state"),
        ("Economy,Other\nKenya,1\n", {}, "Share"),
        ("", {}, "empty"),
        (b"Economy,Share\nC\xf4te,1\n", {}, "UTF-8"),
        (TABLE, {"as_of": "2999-01-01"}, "2999"),
        (TABLE, {"slug": "new"}, "another name"),
        (TABLE, {"slug": "No Slug"}, "slug"),
        (TABLE, {"name_en": ""}, "names"),
        (TABLE, {"source": "  "}, "source"),
        (TABLE, {"authority": ""}, "rule"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_nothing_is_kept(table, changes, said):
    answer = send(signed_in("secretariat"), table=table, **changes)
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert said in shown
    assert 'value="CC BY 4.0"' in shown
    assert not Series.objects.exists()
    assert not SeriesValue.objects.exists()
    assert not Act.objects.filter(type="take-series-in").exists()


def test_a_name_that_is_taken_changes_nothing():
    send(signed_in("secretariat"))
    answer = send(signed_in("secretariat"), table="Economy,Share\nKenya,99%\n")
    assert answer.status_code == 400
    assert SeriesValue.objects.get(country="KEN").value == 10


def test_only_the_secretariat_takes_figures_in():
    for role in (None, "translator"):
        client = signed_in(role) if role else Client()
        assert send(client).status_code in {403, 413}
    assert not Series.objects.exists()
    assert Client().get("/capacity/series/nothing").status_code == 404


def test_a_published_series_is_taken_in_whole_and_those_it_names_otherwise_are_said(shared):
    path = shared / "data/capacity/ai_capacity/microsoft_ai_diffusion_2026Q1.csv"
    table = path.read_bytes().decode("mac_roman")  # as it is published; UTF-8 is what is taken in
    answer = send(signed_in("secretariat"), table=table, column="Q1 2026 AI Diffusion", member="Economy")
    assert "Congo (DRC)" in answer.content.decode()
    assert SeriesValue.objects.count() > 135
    assert SeriesValue.objects.get(country="ARE").value == 70.1
    assert "member States have a figure" in page(Client(), "/capacity/series/use")
