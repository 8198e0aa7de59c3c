"""Another version of an instrument is taken in: what stays, what is kept, what becomes stale, and who is told."""

from __future__ import annotations

import dataclasses
import json
import zlib

import pytest
from django.db.models.deletion import ProtectedError

from comity.engines.alignment import texts
from comity.errors import AlreadyDecided, BadParameter, Conflict, NotFound, NotPermitted, StaleText
from comity.platform.alignment import exports, histories, index, selectors
from comity.platform.alignment.answers import answers_on
from comity.platform.alignment.collection import load_collection
from comity.platform.alignment.models import (
    CrosswalkLink,
    Instrument,
    LinkAnswer,
    LinkReview,
    PastProvision,
    PastVersion,
    Provision,
    StaleMark,
)
from comity.platform.alignment.readings import give_reading, readings_of
from comity.platform.alignment.reviewing import answer_link, set_review_rule
from comity.platform.alignment.services import add_instrument, name_lastingly, name_of_pair
from comity.platform.alignment.stale import reasons_of
from comity.platform.alignment.versions import keep_instrument, take_in_version
from comity.platform.parties.models import Member
from comity.platform.parties.rules import Installation
from comity.platform.parties.today import needs_of
from comity.platform.record.models import Act, Link
from support.links import decide
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
FIRST = (
    "A provider keeps a log of every decision of the system for five years.",
    "Deployers inform workers before a system is put to use at the workplace.",
    "The authority publishes a register of systems, free of charge for everyone.",
    "Fines follow the gravity of the breach. They never exceed two per cent of the yearly turnover.",
)
LATER = FIRST[1].replace("before a system", "and their unions at least a month before any system")
ADDED = "Toys that speak to children carry a seal of the authority."


def about(slug="ken-act", party="KEN", **facts) -> texts.Instrument:
    given = {"title": f"{party} Act", "short_title": f"{party} Act", "language": "en", "basis": "full-text", **facts}
    return texts.Instrument(id=slug, party=party, **given)


def numbered(*bodies: str, slug="ken-act", topics=()) -> list[texts.Provision]:
    return [
        texts.Provision(slug, f"art_{n}", f"Article {n}", "", body, "en", topics=tuple(topics))
        for n, body in enumerate(bodies, 1)
    ]


def linked(number: int) -> CrosswalkLink:
    a, b = (
        Provision.objects.get(instrument__slug="ken-act", ref=f"art_{number}"),
        Provision.objects.get(instrument__slug="kor-act", ref="art_1"),
    )
    rows = [CrosswalkLink(a=a, b=b, suggested="related", maker="test/1", score=float(number))]
    CrosswalkLink.objects.bulk_create(name_lastingly(rows))
    return CrosswalkLink.objects.get(a=a, b=b)


@pytest.fixture
def people():
    make_body()
    Member.objects.filter(slug="m1").update(country="KEN")
    return {role: account_with(role) for role in ("reviewer", "secretariat", "head", "alternate")}


@pytest.fixture
def links(people):
    """Four provisions of a text, each linked to one of another; the first three confirmed, the fourth waits."""
    add_instrument(instrument=about(), provisions=numbered(*FIRST), by=Installation())
    add_instrument(
        instrument=about("kor-act", "KOR"),
        provisions=numbered("Providers keep logs.", slug="kor-act"),
        by=Installation(),
    )
    made = [linked(n) for n in range(1, 5)]
    for link in made[:3]:
        decide(name=link.name, answer="broader", by=people["reviewer"])
    return made


def take_in(*bodies: str, by=None, **given):
    return take_in_version(
        instrument=about(**given.pop("facts", {})), provisions=numbered(*bodies), by=by or Installation(), **given
    )


def states(links) -> list[tuple[str, str]]:
    return [tuple(CrosswalkLink.objects.filter(pk=link.pk).values_list("state", "relation").get()) for link in links]


def test_a_new_version_keeps_links_on_text_that_stayed_and_marks_those_on_text_that_changed(links):
    done = take_in(FIRST[0], ADDED, LATER, FIRST[2], FIRST[3])
    assert done.counts == {"unchanged": 1, "added": 1, "changed": 1, "renumbered": 2}
    assert done.stale == (links[1].name,)
    assert states(links) == [("confirmed", "broader"), ("stale", "broader"), ("confirmed", "broader"), ("waiting", "")]
    links[2].refresh_from_db()
    assert (links[2].a.ref, links[2].a.text, links[2].a.lasting_ref) == ("art_4", FIRST[2], "art_3")
    (reason,) = reasons_of(links=CrosswalkLink.objects.filter(pk=links[1].pk))[links[1].pk]
    assert (reason.side, reason.kind, reason.before, reason.version, reason.went_to) == (
        "a",
        "changed",
        1,
        2,
        ("art_3",),
    )
    assert "".join(s.text for s in reason.stretches if s.kind != "added") == FIRST[1]
    assert "".join(s.text for s in reason.stretches if s.kind != "removed") == LATER


def test_selectors_see_the_present_text_and_the_earlier_one_is_kept_whole(links):
    take_in(FIRST[0], LATER, FIRST[3], facts={"status": "in-force"})
    found = selectors.instrument_of(slug="ken-act", user=None)
    assert [p.text for p in selectors.provisions_of(instrument=found)] == [FIRST[0], LATER, FIRST[3]]
    assert selectors.list_instruments(user=None).get(slug="ken-act").provision_count == 3
    assert [p.text for p in load_collection()[0].provisions if p.instrument == "ken-act"] == [FIRST[0], LATER, FIRST[3]]
    assert index.find(words=["register"], every=True, most=9) == []
    assert len(index.find(words=["union"], every=True, most=9)) == 1
    first, present = histories.versions_of(instrument=found)
    assert (first.number, first.status, present.number, present.status) == (1, "", 2, "in-force")
    assert first.began_at < first.ended_at == present.began_at
    held = histories.version_of(slug="ken-act", number=1, user=None)
    assert [p.text for p in held.provisions] == list(FIRST)
    assert [p.ref for p in held.provisions] == ["art_1", "art_2", "art_3", "art_4"]


def test_the_act_says_what_became_of_every_provision_and_names_no_person(links, people):
    take_in(FIRST[0], ADDED, LATER, by=people["secretariat"])
    act = Act.objects.get(type="enter-version")
    assert (act.office, act.subject) == ("secretariat", "alignment/instruments/ken-act/versions/2")
    payload = json.loads(zlib.decompress(bytes(act.payload)))
    assert [(c["kind"], c["old"], c["new"]) for c in payload["changes"]] == [
        ("unchanged", ["art_1"], ["art_1"]),
        ("added", [], ["art_2"]),
        ("changed", ["art_2"], ["art_3"]),
        ("repealed", ["art_3"], []),
        ("repealed", ["art_4"], []),
    ]
    assert Link.objects.filter(act=act, relation="wasRevisionOf").count() == 2
    assert people["secretariat"].email.encode() not in bytes(act.body) + zlib.decompress(bytes(act.payload))


def test_a_number_that_another_provision_takes_over_does_not_take_over_its_links(links):
    take_in(FIRST[0], ADDED, FIRST[1], FIRST[2], FIRST[3])
    fresh = linked(2)
    assert fresh.pk not in {link.pk for link in links}
    assert fresh.name != links[1].name == name_of_pair(a="ken-act/art_2", b="kor-act/art_1")


def test_links_on_split_merged_and_repealed_text_are_stale_and_nothing_is_lost(links):
    first, second = FIRST[3].split(". ")
    decide(name=links[3].name, answer="none", by=account_with("reviewer"))
    take_in(f"{FIRST[0]} {FIRST[1]}", f"{first}.", second)
    assert states(links) == [("stale", "broader")] * 3 + [("stale", "")]
    kinds = {k: r[0].kind for k, r in reasons_of(links=CrosswalkLink.objects.all()).items()}
    assert [kinds[link.pk] for link in links] == ["merged", "merged", "repealed", "split"]
    assert LinkReview.objects.count() == 4
    assert Provision.every.filter(instrument__slug="ken-act").count() == 5
    with pytest.raises(ProtectedError):
        Instrument.objects.get(slug="ken-act").delete()


def test_a_stale_link_counts_for_nothing_and_is_shown_as_stale_everywhere(links):
    take_in(FIRST[0], LATER, *FIRST[2:])
    totals = selectors.totals(user=None)
    assert (totals.confirmed, totals.stale, totals.waiting) == (2, 1, 1)
    by_state = {row[3] for row in exports.crosswalk_rows(user=None)}
    assert by_state == {"confirmed", "stale", "waiting"}
    assert [link.name for link in selectors.review_queue(user=None, state="stale")] == [links[1].name]


def test_a_link_rejected_on_text_that_changed_is_shown_in_the_queue_alone(links, people):
    decide(name=links[3].name, answer="none", by=people["reviewer"])
    take_in(*FIRST[:3], FIRST[3].replace("two per cent", "four per cent"))
    provision = Provision.objects.get(instrument__slug="ken-act", ref="art_4")
    assert selectors.links_of_provision(provision=provision, user=None) == []
    assert [link.name for link in selectors.review_queue(user=None, state="stale")] == [links[3].name]
    decide(name=links[3].name, answer="none", by=people["reviewer"])
    assert states(links)[3] == ("rejected", "")


def test_a_reviewer_upholds_or_decides_anew_and_each_is_an_act(links, people):
    take_in(FIRST[0], LATER, *FIRST[2:])
    stale = [link for link in links if states([link])[0][0] == "stale"]
    upheld = decide(name=stale[0].name, answer="broader", by=people["reviewer"])
    assert (upheld.state, upheld.relation) == ("confirmed", "broader")
    assert StaleMark.objects.get(link=upheld).settled_by == Act.objects.get(type="uphold-link")
    review = LinkReview.objects.filter(link=upheld).last()
    assert (review.decision, review.a_version, review.b_version) == ("upheld", 2, 1)
    with pytest.raises(AlreadyDecided):
        decide(name=stale[0].name, answer="broader", by=people["reviewer"])


def test_an_answer_on_a_text_that_changed_meanwhile_is_kept_and_decides_nothing(links, people):
    take_in(*FIRST[:3], FIRST[3].replace("two per cent", "four per cent"))
    late = decide(name=links[3].name, answer="same", by=people["reviewer"], on="1.1")
    assert (late.state, late.relation) == ("waiting", "")
    assert LinkAnswer.objects.get(link=late).a_version == 1
    assert answers_on(links=[late], user=people["reviewer"])[late.pk].mine == ""
    assert reasons_of(links=[late])[late.pk][0].version == 2
    assert links[3].name in {link.name for link in selectors.review_queue(user=people["reviewer"], state="unanswered")}
    again = decide(name=late.name, answer="same", by=people["reviewer"], on="2.1")
    assert (again.state, again.relation) == ("confirmed", "same")
    assert reasons_of(links=[again]) == {}


def test_answers_on_the_old_text_count_no_longer_and_the_new_round_is_blind(links, people):
    first, second = people["reviewer"], account_with("reviewer")
    set_review_rule(reviewers=2, regions=0, own_count=True, by=SET_UP)
    answer_link(name=links[3].name, answer="same", by=first)
    answer_link(name=links[3].name, answer="none", by=second)
    assert states(links)[3] == ("disputed", "")
    take_in(*FIRST[:3], FIRST[3].replace("two per cent", "four per cent"))
    assert states(links)[3] == ("waiting", "")
    answer_link(name=links[3].name, answer="none", by=first)
    link = CrosswalkLink.objects.get(pk=links[3].pk)
    assert (link.state, answers_on(links=[link], user=second)[link.pk].lines) == ("waiting", ())
    assert LinkAnswer.objects.get(link=link, reviewer=first).first == "none"
    answer_link(name=links[3].name, answer="none", by=second)
    assert states(links)[3] == ("rejected", "")


def test_a_decision_on_a_text_that_stayed_is_as_good_on_the_earlier_version(links, people):
    take_in(*FIRST, ADDED)
    late = decide(name=links[3].name, answer="same", by=people["reviewer"], on="1.1")
    assert late.state == "confirmed"


def test_a_second_decision_on_a_text_not_seen_settles_nothing(links, people):
    take_in(FIRST[0], LATER, *FIRST[2:])
    late = decide(name=links[1].name, answer="broader", by=people["reviewer"], on="1.1")
    assert late.state == "stale"
    with pytest.raises(BadParameter):
        decide(name=links[1].name, answer="broader", by=people["reviewer"], on="one")
    assert states(links)[1] == ("stale", "broader")


def test_a_reading_on_earlier_text_says_so_until_the_member_speaks_again(links, people):
    give_reading(name=links[1].name, member="m1", reading="confirms", by=people["head"])
    take_in(FIRST[0], LATER, *FIRST[2:])

    def standing():
        link = CrosswalkLink.objects.get(pk=links[1].pk)
        return [(r.reading, r.is_on_earlier_text) for r in readings_of(links=[link])[link.pk]]

    assert standing() == [("confirms", True), ("not-asked", False)]
    give_reading(name=links[1].name, member="m1", reading="confirms", by=people["head"])
    assert standing() == [("confirms", False), ("not-asked", False)]
    with pytest.raises(Conflict):
        give_reading(name=links[1].name, member="m1", reading="confirms", by=people["head"])


def test_a_reading_that_arrives_late_is_kept_and_marked(links, people):
    take_in(*FIRST[:3], FIRST[3].replace("two per cent", "four per cent"))
    give_reading(name=links[3].name, member="m1", reading="confirms", by=people["head"], on="1.1")
    link = CrosswalkLink.objects.get(pk=links[3].pk)
    assert link.state == "waiting"
    assert readings_of(links=[link])[link.pk][0].is_on_earlier_text


def test_the_reviewer_and_the_delegation_are_told_and_nobody_else(links, people):
    give_reading(name=links[1].name, member="m1", reading="confirms", by=people["head"])
    take_in(FIRST[0], LATER, *FIRST[2:])

    def told(user):
        return [(n.kind, n.address) for n in needs_of(user=user) if n.kind in {"stale-link", "stale-reading"}]

    assert told(people["reviewer"]) == [("stale-link", "/alignment/review?state=stale&instrument=ken-act")]
    assert told(people["head"]) == [("stale-reading", f"/alignment/links/{links[1].name}")]
    assert told(people["alternate"]) == told(people["secretariat"]) == told(account_with("reviewer")) == []
    decide(name=links[1].name, answer="broader", by=people["reviewer"])
    give_reading(name=links[1].name, member="m1", reading="confirms", by=people["head"])
    assert told(people["reviewer"]) == told(people["head"]) == []


def test_what_people_named_of_a_provision_stays_where_the_new_version_names_nothing(people):
    from comity.platform.alignment.services import save_scheme

    scheme = texts.Scheme(
        facets=(("obligation", "Obligations"),), topics=(texts.Topic("logs", "obligation", "L", "D"),)
    )
    save_scheme(scheme=scheme, labels={}, definitions={})
    coded = [dataclasses.replace(p, topics_by="coder", modality="must") for p in numbered(*FIRST, topics=["logs"])]
    add_instrument(instrument=about(), provisions=coded, by=Installation())
    take_in(FIRST[0], LATER, ADDED)
    rows = Provision.objects.filter(instrument__slug="ken-act").order_by("position")
    assert [(p.modality, p.topics_by, [m.topic_id for m in p.topic_marks.all()]) for p in rows] == [
        ("must", "coder", ["logs"]),
        ("", "version 1", ["logs"]),
        ("", "", []),
    ]
    assert [p.topics for p in PastProvision.objects.all()] == [["logs"]] * 4


def test_the_same_text_again_changes_nothing_and_an_earlier_one_does_not_come_back_by_itself(links, people):
    assert take_in(*FIRST) is None
    take_in(FIRST[0], LATER)
    acts = Act.objects.count()
    assert take_in(FIRST[0], LATER) is None
    with pytest.raises(Conflict):
        take_in(*FIRST)
    assert keep_instrument(instrument=about(), provisions=numbered(*FIRST), by=Installation()) == ""
    assert keep_instrument(instrument=about(), provisions=numbered(FIRST[0]), by=people["secretariat"]) == "version"
    assert Act.objects.count() == acts + 1
    assert [v.number for v in PastVersion.objects.all()] == [1, 2]


def test_who_may_not_or_gives_nothing_usable_changes_nothing(links, people):
    with pytest.raises(NotPermitted):
        take_in(LATER, by=people["reviewer"])
    with pytest.raises(BadParameter):
        take_in()
    with pytest.raises(BadParameter):
        take_in_version(instrument=about(), provisions=[*numbered(LATER), *numbered(ADDED)], by=Installation())
    with pytest.raises(NotFound):
        take_in_version(instrument=about("no-act"), provisions=numbered(LATER), by=Installation())
    with pytest.raises(StaleText):
        take_in(LATER, replaces=7)
    assert (PastVersion.objects.count(), StaleMark.objects.count()) == (0, 0)
    assert states(links)[1] == ("confirmed", "broader")


def test_a_version_may_narrow_who_sees_the_text_and_never_widen_it(links, people):
    take_in(FIRST[0], LATER, visibility="members", by=people["secretariat"])
    assert [a.visibility for a in Act.objects.filter(type__in=["enter-version", "change-visibility"])] == [
        "members"
    ] * 2
    with pytest.raises(NotFound):
        histories.version_of(slug="ken-act", number=1, user=None)
    with pytest.raises(BadParameter):
        take_in(FIRST[0], visibility="public", by=people["secretariat"])
    assert Instrument.objects.get(slug="ken-act").version == 2


def test_over_several_versions_the_difference_is_from_what_was_decided_on_to_what_stands_now(links, people):
    take_in(FIRST[0], LATER, *FIRST[2:])
    latest = LATER.replace("a month", "two months")
    assert take_in(FIRST[0], latest, *FIRST[2:]).stale == (links[1].name,)
    link = CrosswalkLink.objects.get(pk=links[1].pk)
    (reason,) = reasons_of(links=[link])[link.pk]
    assert (reason.before, reason.version) == (1, 3)
    assert "".join(s.text for s in reason.stretches if s.kind != "added") == FIRST[1]
    assert "".join(s.text for s in reason.stretches if s.kind != "removed") == latest
    decide(name=link.name, answer="same", by=people["reviewer"], on="3.1")
    assert not reasons_of(links=[CrosswalkLink.objects.get(pk=link.pk)])
    assert StaleMark.objects.filter(link=link, settled_by__isnull=True).count() == 0
    old, new, changes = histories.compare_versions_of(slug="ken-act", old=1, new=3, user=None)
    assert (old.version.number, new.version.number) == (1, 3)
    assert [c.change.kind for c in changes] == ["unchanged", "changed", "unchanged", "unchanged"]


def test_a_number_that_comes_back_after_a_repeal_is_another_provision(links):
    take_in(FIRST[0], FIRST[1], FIRST[3])
    take_in(FIRST[0], FIRST[1], ADDED, FIRST[3])
    again = Provision.objects.get(instrument__slug="ken-act", text=ADDED)
    assert (again.ref, again.lasting_ref) == ("art_3", "art_3~3")
    assert linked(3).name not in {link.name for link in links}
    assert states(links)[2] == ("stale", "broader")
    assert histories.last_version_with(slug="ken-act", ref="art_4", user=None) == 1


def test_a_suggestion_that_nobody_spoke_of_waits_where_its_text_changed_and_is_hidden_where_it_is_gone(links):
    take_in(*FIRST[:3], FIRST[3].replace("two per cent", "four per cent"))
    assert states(links)[3] == ("waiting", "")
    assert [link.pk for link in selectors.review_queue(user=None, state="waiting")] == [links[3].pk]
    take_in(*FIRST[:3])
    assert states(links)[3] == ("waiting", "")
    assert list(selectors.review_queue(user=None, state="waiting")) == []


@pytest.mark.parametrize("on", ["1.1", "2.1", ""])
def test_of_a_text_that_is_gone_nothing_but_its_end_can_be_said(links, people, on):
    take_in(*FIRST[:3])
    with pytest.raises(BadParameter):
        decide(name=links[3].name, answer="same", by=people["reviewer"], on=on)
    assert states(links)[3] == ("waiting", "")
    done = decide(name=links[3].name, answer="none", by=people["reviewer"], on=on)
    assert (done.state, done.relation) == ("rejected", "")
    assert StaleMark.objects.filter(link=done, settled_by__isnull=True).count() == 0
