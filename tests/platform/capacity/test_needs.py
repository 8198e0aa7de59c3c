"""What a member needs: prepared, cleared by the capital, sent, changed, shown to more or fewer, and ended."""

from __future__ import annotations

import datetime as dt
import zlib

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.models import Need
from comity.platform.capacity.needs import (
    change_need,
    close_need,
    prepare_need,
    send_need,
    show_need,
    withdraw_need,
)
from comity.platform.capacity.personal import contributions_of, erase_contributions_of, forget_who_contributed
from comity.platform.capacity.prepared import clear_need, desk_of, drop_need, send_back_need
from comity.platform.capacity.told import MOST_TOLD, contributions_that_wait
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act
from support.contributions import DAYS, a_person, draft_need, make_resource, need_given, open_need, round_with
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db


def again(need):
    return Need.objects.select_related("body", "member", "resource", "prepared_by", "cleared_by", "act").get(pk=need.pk)


def desk(need, user):
    return desk_of(row=again(need), user=user)


def acts_on(need):
    return list(Act.objects.filter(subject=need.reference).order_by("entered_at"))


def test_a_need_is_prepared_cleared_and_sent_by_three_persons():
    need, capital, head = draft_need(by=a_person(role="adviser")), account_with("capital"), a_person()
    assert (need.state, need.version, acts_on(need)) == ("draft", 0, [])
    held = desk(need, head)
    assert (held.awaits_clearance, held.may_send, held.may_clear) == (True, False, False)
    with pytest.raises(Conflict, match="not cleared"):
        send_need(slug=need.slug, by=head)
    clear_need(slug=need.slug, by=capital, on=desk(need, capital).seen)
    held = desk(need, head)
    assert (held.cleared_by, held.may_send, held.awaits_clearance) == (capital.name, True, False)
    act = send_need(slug=need.slug, by=head, on=held.seen)
    sent = again(need)
    assert (sent.state, sent.version, sent.act, act.member, act.office) == ("open", 1, act, "m1", "head")
    assert (act.type, act.visibility, act.audience) == ("send-need", "delegation", "delegation:m1")
    assert capital.name not in str(act.content) + str(zlib.decompress(act.payload))


def test_without_a_capital_that_clears_the_focal_point_sends_what_was_prepared():
    need = draft_need(shown_to="public")
    act = send_need(slug=need.slug, by=account_with("focal-point"))
    assert (act.office, act.visibility, again(need).state) == ("focal-point", "public", "open")


def test_who_did_not_see_a_change_clears_sends_and_changes_nothing():
    need, capital, head = draft_need(), account_with("capital"), a_person()
    seen = desk(need, capital).seen
    change_need(slug=need.slug, by=head, **need_given(units=30))
    for act in (
        lambda: clear_need(slug=need.slug, by=capital, on=seen),
        lambda: send_need(slug=need.slug, by=head, on=seen),
        lambda: change_need(slug=need.slug, by=head, on=seen, **need_given(units=40)),
    ):
        with pytest.raises(Conflict, match="changed since"):
            act()
    clear_need(slug=need.slug, by=capital, on=desk(need, capital).seen)
    send_back_need(slug=need.slug, note="Fewer days, please.", by=capital)
    held = desk(need, head)
    assert (held.note, held.cleared_at, again(need).units) == ("Fewer days, please.", None, 30)
    with pytest.raises(Conflict, match="not cleared"):
        send_need(slug=need.slug, by=head)


def test_a_change_of_what_was_sent_waits_until_it_is_cleared_and_sent():
    need, capital, head = open_need(shown_to="public"), account_with("capital"), a_person()
    change_need(slug=need.slug, by=head, **need_given(units=35, shown_to="public", wanted_by=dt.date(2027, 3, 1)))
    held = again(need)
    assert (held.units, held.version, held.pending["units"]) == (20, 1, "35")
    with pytest.raises(Conflict, match="not cleared"):
        send_need(slug=need.slug, by=head)
    clear_need(slug=need.slug, by=capital, on=desk(need, capital).seen)
    send_need(slug=need.slug, by=head)
    held = again(need)
    assert (held.units, held.wanted_by, held.version, held.pending) == (35, dt.date(2027, 3, 1), 2, {})
    assert [a.type for a in acts_on(need)] == ["send-need", "change-need"]
    with pytest.raises(Conflict, match="Nothing waits"):
        send_need(slug=need.slug, by=head)


def test_what_was_cleared_once_clears_no_later_change():
    need, capital, head = draft_need(), account_with("capital"), a_person()
    clear_need(slug=need.slug, by=capital, on=desk(need, capital).seen)
    send_need(slug=need.slug, by=head)
    change_need(slug=need.slug, by=head, **need_given(units=21))
    with pytest.raises(Conflict, match="not cleared"):
        send_need(slug=need.slug, by=head)


def test_a_change_that_changes_nothing_is_refused_and_one_that_is_dropped_leaves_no_trace():
    need, head = open_need(), a_person()
    with pytest.raises(Conflict, match="Nothing in it"):
        change_need(slug=need.slug, by=head, **need_given())
    change_need(slug=need.slug, by=head, **need_given(units=21))
    drop_need(slug=need.slug, by=head)
    assert (again(need).pending, again(need).units) == ({}, 20)
    other = draft_need()
    drop_need(slug=other.slug, by=head)
    assert not Need.objects.filter(pk=other.pk).exists()
    with pytest.raises(Conflict):
        drop_need(slug=need.slug, by=head)


def test_a_need_is_shown_to_fewer_at_once_and_its_text_is_published_no_longer():
    need, head = open_need(shown_to="public"), a_person()
    account_with("capital")
    act = show_need(slug=need.slug, shown_to="secretariat", by=head)
    first = acts_on(need)[0]
    assert (again(need).shown_to, act.visibility) == ("secretariat", "delegation")
    assert (first.visibility, first.is_payload_withheld) == ("public", True)
    with pytest.raises(Conflict, match="not cleared"):
        show_need(slug=need.slug, shown_to="public", by=head)


def test_a_need_is_shown_to_more_where_nobody_clears():
    need, head = open_need(shown_to="public"), a_person()
    show_need(slug=need.slug, shown_to="providers", by=head)
    act = show_need(slug=need.slug, shown_to="public", by=head)
    assert (act.visibility, acts_on(need)[0].is_payload_withheld, again(need).version) == ("public", False, 3)
    with pytest.raises(Conflict, match="already"):
        show_need(slug=need.slug, shown_to="public", by=head)


def test_narrowing_holds_for_a_change_that_waits():
    need, head = open_need(shown_to="public"), a_person()
    change_need(slug=need.slug, by=head, **need_given(units=21, shown_to="public"))
    show_need(slug=need.slug, shown_to="secretariat", by=head)
    send_need(slug=need.slug, by=head)
    assert (again(need).shown_to, again(need).units) == ("secretariat", 21)


@pytest.mark.parametrize("end,state", [(close_need, "closed"), (withdraw_need, "withdrawn")])
def test_a_need_ends_once_by_an_act(end, state):
    need, head = open_need(), a_person()
    act = end(slug=need.slug, by=head)
    assert (again(need).state, again(need).act) == (state, act)
    for more in (close_need, withdraw_need):
        with pytest.raises(Conflict):
            more(slug=need.slug, by=head)
    with pytest.raises(Conflict):
        change_need(slug=need.slug, by=head, **need_given(units=4))


def test_while_an_undecided_round_holds_it_a_need_is_not_changed_and_afterwards_it_is():
    need, head = open_need(), a_person()
    held = round_with(needs=[need])
    assert (desk(need, head).is_frozen, desk(need, head).may_prepare) == (True, False)
    for act in (
        lambda: change_need(slug=need.slug, by=head, **need_given(units=4)),
        lambda: withdraw_need(slug=need.slug, by=head),
        lambda: close_need(slug=need.slug, by=head),
    ):
        with pytest.raises(Conflict, match="frozen"):
            act()
    show_need(slug=need.slug, shown_to="secretariat", by=head)
    held.refresh_from_db()
    assert held.tables["closed"] is True  # what the round publishes from now on shows it to nobody else
    held.cancelled_at = timezone.now()
    held.save()
    change_need(slug=need.slug, by=head, **need_given(units=4))
    with pytest.raises(Conflict, match="frozen"):
        round_with(needs=[need])
        send_need(slug=need.slug, by=head)


@pytest.mark.parametrize(
    "changed,name",
    [
        ({"titles": {}}, "titles"),
        ({"titles": {"en": "x" * 201}}, "titles"),
        ({"titles": {"de": "Rat"}}, "titles"),
        ({"titles": {"en": "a\u202eb"}}, "titles"),
        ({"titles": {"en": "a\u200bb"}}, "titles"),
        ({"purposes": {}}, "purposes"),
        ({"units": 0}, "units"),
        ({"units": "NaN"}, "units"),
        ({"units": "1e20"}, "units"),
        ({"units": "1.0000001"}, "units"),
        ({"units": "many"}, "units"),
        ({"languages": ["en", "tlh"]}, "languages"),
        ({"wanted_by": dt.date(9999, 1, 1)}, "wanted_by"),
        ({"shown_to": "friends"}, "shown_to"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_cannot_be_a_need_is_refused_and_nothing_is_kept(changed, name):
    head = a_person()
    with pytest.raises(BadParameter) as refusal:
        prepare_need(body="assembly", member="m1", by=head, **need_given(**changed))
    assert (refusal.value.data["name"], Need.objects.count()) == (name, 0)


def test_a_need_is_of_what_its_body_counts_and_of_a_member_with_a_seat():
    with pytest.raises(BadParameter):
        prepare_need(body="assembly", member="m1", by=a_person(), **need_given(resource="none"))
    make_resource("hours", body="oversight", name="Computing", unit="GPU hour")
    with pytest.raises(BadParameter, match=DAYS):
        prepare_need(body="assembly", member="m1", by=a_person(), **need_given(resource="hours"))
    with pytest.raises(Conflict, match="no seat"):
        prepare_need(body="oversight", member="m3", by=SET_UP, **need_given(resource="hours"))


def test_to_everyone_outside_a_delegation_what_it_prepares_is_not_there():
    need = draft_need()
    for user in (a_person("m2"), account_with("secretariat"), account_with("public"), account_with("chair")):
        assert desk(need, user) is None
        for act in (
            lambda by: change_need(slug=need.slug, by=by, **need_given(units=3)),
            lambda by: clear_need(slug=need.slug, by=by, on=""),
            lambda by: send_need(slug=need.slug, by=by),
            lambda by: drop_need(slug=need.slug, by=by),
        ):
            with pytest.raises(NotFound):
                act(user)
    with pytest.raises(NotPermitted):
        send_need(slug=need.slug, by=a_person(role="adviser"))


def test_a_name_says_nothing_of_whose_it_is_or_how_many_there_are():
    slugs = {draft_need().slug for _ in range(20)}
    assert len(slugs) == 20
    assert all(slug.startswith("n-") and len(slug) == 7 and "m1" not in slug for slug in slugs)


def test_what_waits_is_told_to_who_can_do_it():
    need, capital, head = draft_need(), account_with("capital"), a_person()
    told = {u.pk: [n.kind for n in needs_of(user=u) if n.address == f"/{need.reference}"] for u in (capital, head)}
    assert told == {capital.pk: ["clear-need"], head.pk: []}
    clear_need(slug=need.slug, by=capital, on=desk(need, capital).seen)
    told = {u.pk: [n.kind for n in needs_of(user=u) if n.address == f"/{need.reference}"] for u in (capital, head)}
    assert told == {capital.pk: [], head.pk: ["send-need"]}
    send_need(slug=need.slug, by=head)
    assert [n for n in needs_of(user=head) if "need" in n.kind] == []


def test_what_waits_is_due_when_a_round_that_takes_it_closes():
    need, head = draft_need(), a_person()
    held = round_with(frozen=False)
    held.resources.add(need.resource)
    held.closes_at = timezone.now() + dt.timedelta(days=3)
    held.save()
    assert [n.due_at for n in needs_of(user=head) if n.kind == "send-need"] == [held.closes_at]


def test_persons_are_given_out_cut_with_the_account_and_gone_a_year_after_the_end():
    need, capital, head = draft_need(note="See cable 4."), account_with("capital"), a_person()
    clear_need(slug=need.slug, by=capital, on=desk(need, capital).seen)
    found = contributions_of(email=head.email.upper())["needs"]
    assert [(f["reference"], f["prepared"], f["cleared"], f["note"]) for f in found] == [
        (need.reference, True, False, "See cable 4.")
    ]
    erase_contributions_of(user=head)
    assert (contributions_of(email=head.email), again(need).cleared_by) == ({"needs": [], "offers": []}, capital)
    send_need(slug=need.slug, by=head)
    close_need(slug=need.slug, by=head)
    ended = again(need).ended_at
    assert forget_who_contributed(now=ended + dt.timedelta(days=364)) == 0
    assert forget_who_contributed(now=ended + dt.timedelta(days=365)) == 1
    assert (again(need).cleared_by, again(need).note) == (None, "")


def test_many_drafts_at_once_flood_nobody_and_ask_the_tables_little(django_assert_max_num_queries):
    for number in range(30):
        draft_need(by=SET_UP, titles={"en": f"Need {number}"})
    capital = account_with("capital")
    told = [n for n in needs_of(user=capital) if n.kind == "clear-need"]
    assert len(told) == MOST_TOLD
    with django_assert_max_num_queries(12):
        list(contributions_that_wait(user=capital, now=timezone.now()))
