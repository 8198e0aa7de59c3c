"""The page and the table of common ground: what every regional group says first, filters by plain addresses, nothing without three parties."""

from __future__ import annotations

import csv
import io

import pytest

from comity.platform.alignment.models import ClusterHolding

pytestmark = pytest.mark.django_db


def table(client):
    response = client.get("/alignment/downloads/common-ground.csv")
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_every_matter_has_three_parties_whose_texts_count_and_one_central_provision(client):
    rows = table(client)
    assert rows
    for number in {r["cluster"] for r in rows}:
        held = [r for r in rows if r["cluster"] == number]
        assert [r["place"] for r in held].count("central") == 1
        assert len({r["party"] for r in held if r["counts"] == "yes"}) >= 3
        assert all(r["as_of"] for r in held)
        assert all(r["link"] for r in held if r["place"] == "other")


def test_the_page_leads_to_its_links_and_a_filter_that_is_not_allowed_is_refused(client):
    page = client.get("/alignment/common-ground").content.decode()
    assert "not a legal interpretation" in page
    link = ClusterHolding.objects.select_related("link").first().link
    assert client.get(f"/alignment/links/{link.name}").status_code == 200
    assert client.get("/alignment/common-ground?show=best").status_code == 400
    assert client.get("/alignment/common-ground?topic=cats").status_code == 400
    assert client.get("/alignment/common-ground?page=0").status_code == 400


def test_years_rise_to_what_stands_today(client):
    response = client.get("/alignment/downloads/convergence-by-year.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    years = {int(r["year"]) for r in rows}
    assert len(years) > 1
    last = {(r["topic"], r["level"]): int(r["members"]) for r in rows if int(r["year"]) == max(years)}
    page = client.get("/alignment/topics/human-oversight").content.decode()
    assert "Over time" in page
    assert sum(n for (topic, _), n in last.items() if topic == "human-oversight") <= 193
