"""Needs and offers from a ministry's spreadsheet: all rows or none, each refusal by its cell, and what is given out comes back the same."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.adapters.capacity_sheets import needs_columns
from comity.adapters.sheet_columns import Choice
from comity.adapters.sheet_writing import write_csv, write_sheet
from comity.errors import BadParameter, NotFound, NotPermitted, UnknownFormat
from comity.platform.capacity.models import Need, Offer
from comity.platform.capacity.needs import close_need
from comity.platform.capacity.sheets import columns_of, csv_of_own, csv_of_public, sheet_of_own, take_sheet_in
from support.contributions import DAYS, a_person, draft_need, draft_offer, make_resource, open_need, open_offer
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
ROW = {
    "title": "Advice",
    "purpose": "To draft a law.",
    "resource": DAYS,
    "units": 12,
    "by_day": dt.date(2027, 5, 1),
    "languages": ("fr",),
    "visibility": "providers",
}
OFFER = {"title": "Experts", "resource": DAYS, "units": 9, "open_to": ("all",), "until_day": dt.date(2027, 5, 1)}


def book(rows, *, kind="needs", language="en"):
    make_resource()
    columns = columns_of(kind=kind, body="assembly")
    return write_sheet(columns=columns, rows=rows, language=language, title="T")


def take(content, *, kind="needs", by=None, member="m1", language="en", name="needs.xlsx"):
    make_resource()
    return take_sheet_in(
        kind=kind,
        body="assembly",
        member=member,
        name=name,
        content=content,
        language=language,
        by=by or a_person(member),
    )


def test_each_row_becomes_a_draft_of_the_delegation():
    done = take(book([ROW, {**ROW, "title": "Computing", "units": 3}], language="ar"), language="fr")
    assert (done.made, done.errors, done.problems) == (2, (), ())
    need = Need.objects.get(titles={"fr": "Advice"})
    assert (need.state, need.units, need.languages, need.wanted_by, need.shown_to) == (
        "draft",
        12,
        ["fr"],
        dt.date(2027, 5, 1),
        "providers",
    )
    done = take(book([OFFER], kind="offers"), kind="offers", name="offers.xlsx")
    offer = Offer.objects.get()
    assert (done.made, offer.to_groups, offer.visibility, offer.ends_on) == (1, [], "public", dt.date(2027, 5, 1))


def test_one_bad_row_undoes_all_and_is_named_by_its_cell():
    done = take(book([ROW, {**ROW, "title": "a\u200bb"}, {**ROW, "reference": "capacity/needs/n-other"}]))
    assert [(cell, error.data["name"]) for cell, error in done.errors] == [("B3", "titles"), ("A4", "reference")]
    assert (done.made, Need.objects.count()) == (0, 0)
    columns = needs_columns(resources=[Choice(DAYS)])
    text = write_csv(columns=columns, rows=[ROW], language="en").replace(",12,", ",a dozen,")
    done = take(text.replace("\ufeff", "").encode(), name="needs.csv")
    assert ([(p.cell, p.kind) for p in done.problems], Need.objects.count()) == (
        [("I1", "unknown-column"), ("E2", "no-number")],
        0,
    )


def test_what_is_given_out_comes_back_as_nothing_new():
    head = a_person()
    draft_need(by=head, titles={"en": "A", "fr": "B"}, languages=["en"])
    open_need(shown_to="public", purposes={"en": "Two\nlines."})
    draft_offer(
        "m1", by=head, to_groups=["LDC"], per_member=2, criteria=[{"code": "a", "names": {"en": "A"}, "most": 3}]
    )
    given = {"body": "assembly", "member": "m1", "user": head}
    for kind, number in (("needs", 2), ("offers", 1)):
        for language in ("en", "ar", "fr"):
            content = sheet_of_own(kind=kind, language=language, title="T", **given)
            assert take(content, kind=kind, language=language).same == number
            text = csv_of_own(kind=kind, language=language, **given)
            assert take(text.encode(), kind=kind, language=language, name="a.csv").same == number


def test_a_row_that_names_ones_own_changes_it_and_keeps_what_the_sheet_does_not_hold():
    head = a_person()
    need = draft_need(by=head, titles={"en": "A", "fr": "B"}, note="Cable 4.")
    offer = draft_offer("m1", by=head, per_member=2, visibility="members")
    sent = open_need(shown_to="public")
    done = take(book([{**ROW, "reference": need.reference}, {**ROW, "reference": sent.slug}]))
    held = Need.objects.get(pk=need.pk)
    assert (done.changed, held.titles, held.note, held.units) == (2, {"en": "Advice", "fr": "B"}, "Cable 4.", 12)
    held = Need.objects.get(pk=sent.pk)
    assert (held.units, held.pending["units"]) == (20, "12")
    take(book([{**OFFER, "reference": offer.reference}], kind="offers"), kind="offers")
    kept = Offer.objects.get(pk=offer.pk)
    assert (kept.units, kept.per_member, kept.visibility) == (9, 2, "members")


def test_what_has_ended_and_what_is_anothers_is_not_changed_by_a_sheet():
    ended, other = open_need(), open_need("m2", shown_to="public")
    close_need(slug=ended.slug, by=SET_UP)
    for need in (ended, other):
        done = take(book([{**ROW, "reference": need.reference}]))
        assert [cell for cell, _ in done.errors] == ["A2"]


def test_only_who_may_prepare_takes_a_sheet_in_and_only_its_delegation_gets_one():
    content = book([ROW])
    for user in (a_person("m2"), account_with("secretariat"), account_with("public")):
        with pytest.raises(NotPermitted):
            take(content, by=user)
        with pytest.raises(NotFound):
            sheet_of_own(kind="needs", body="assembly", member="m1", language="en", user=user, title="T")
    with pytest.raises(UnknownFormat):
        take(b"%PDF-1.7")
    with pytest.raises(BadParameter):
        columns_of(kind="rounds", body="assembly")
    with pytest.raises(NotFound):
        columns_of(kind="needs", body="other")
    assert not Need.objects.exists()


def test_what_is_public_is_given_to_anyone_and_nothing_else():
    open_need(shown_to="public", titles={"en": "Public title"})
    open_need("m2", shown_to="providers", titles={"en": "Canary one"})
    open_need("m3", shown_to="secretariat", titles={"en": "Canary two"})
    draft_need("m4", titles={"en": "Canary three"}, shown_to="public")
    open_offer("m2", titles={"en": "=Offer"}, visibility="public")
    open_offer("m3", titles={"en": "Canary four"}, visibility="members")
    text = csv_of_public(kind="needs", body="assembly", language="en")
    offers = csv_of_public(kind="offers", body="assembly", language="en")
    assert ("Public title" in text, "Member 1" in text, "Canary" in text + offers) == (True, True, False)
    assert (len(text.splitlines()), len(offers.splitlines())) == (2, 2)
    assert ",=Offer" not in offers


def test_resources_that_are_called_alike_are_told_apart():
    make_resource()
    make_resource("days-too")
    titles = [c.title("en") for c in columns_of(kind="needs", body="assembly")[3].choices]
    assert titles == ["Expert time (day)", "Expert time (day) [expert-days]"]
