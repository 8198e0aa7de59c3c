"""Members over the years: by the date of texts, with the memberships of the day, and nothing said of what was not there."""

from __future__ import annotations

import datetime as dt

from comity.engines.alignment.history import converge_by_year
from comity.engines.alignment.texts import Collection, Instrument, Provision, Scheme, Topic

TOPICS = Scheme(facets=(("f", "F"),), topics=(Topic("oversight", "f", "O", ""), Topic("redress", "f", "R", "")))
MEMBERS = ("FRA", "KEN", "GBR")
TODAY = dt.date(2026, 6, 1)


def text(name, party, date, *, binding=True, status="in-force", topic="oversight"):
    instrument = Instrument(
        id=name, title=name, short_title=name, party=party, binding=binding, status=status, basis="full-text",
        date=dt.date.fromisoformat(date) if date else None,
    )  # fmt: skip
    return instrument, Provision(name, "art_1", "1", "", "Text.", "en", topics=(topic,), topics_by="coder")


def history(*texts, memberships=lambda day: {}):
    collection = Collection(instruments=tuple(i for i, _ in texts), provisions=tuple(p for _, p in texts))
    return converge_by_year(collection=collection, scheme=TOPICS, members=MEMBERS, memberships=memberships, today=TODAY)


def levels(found, topic="oversight"):
    return {y.year: dict(y.levels) for y in found.years if y.topic == topic}


def test_a_text_counts_from_the_year_of_its_date_and_the_stronger_one_takes_over():
    found = history(text("k1", "KEN", "2024-03-01", binding=False, status="voluntary"), text("k2", "KEN", "2025-12-31"))
    assert levels(found) == {2024: {"voluntary-own": 1}, 2025: {"binding-own": 1}, 2026: {"binding-own": 1}}
    assert levels(found, "redress") == {2024: {}, 2025: {}, 2026: {}}
    assert [y.day for y in found.years[:3]] == [dt.date(2024, 12, 31), dt.date(2025, 12, 31), TODAY]


def test_an_organisation_speaks_for_those_who_sat_in_it_then():
    def seats(day):
        return {"EU": frozenset({"FRA", "GBR"} if day < dt.date(2025, 6, 1) else {"FRA"})}

    found = history(text("e", "EU", "2024-01-01"), memberships=seats)
    assert levels(found) == {
        2024: {"binding-through": 2}, 2025: {"binding-through": 1}, 2026: {"binding-through": 1},
    }  # fmt: skip


def test_what_has_no_date_or_lies_ahead_is_in_no_year_and_said():
    found = history(text("a", "KEN", None), text("b", "FRA", "2030-01-01"))
    assert (found.years, found.undated) == ((), ("a",))


def test_what_is_proposed_or_lapsed_today_counts_in_no_year():
    found = history(text("a", "KEN", "2024-01-01", status="proposed"), text("b", "FRA", "2024-01-01", status="lapsed"))
    assert levels(found) == {2024: {}, 2025: {}, 2026: {}}
