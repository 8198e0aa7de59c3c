"""OSCAL: a crosswalk as a mapping collection that is valid, tells suggestions from what people confirmed, and is always the same."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.oscal import NAMESPACE, MappedLink, MappedText, compose_mapping
from comity.engines.alignment.texts import Instrument, Provision
from comity.errors import BadParameter
from support.oscal_schema import validated

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC)


def text(name, **more):
    given = {"title": f"Law {name}", "short_title": name, "party": None, "language": "en", "basis": "full-text"} | more
    return MappedText(Instrument(id=name, **given), address=f"akoma-ntoso/{name}.xml")


def provision(where, **more):
    instrument, ref = where.split("/")
    return Provision(instrument, ref, more.pop("label", ref), "", "It binds.", "en", **more)


def link(source, target, *, relation="related", state="suggested", **more):
    return MappedLink(
        source=provision(source),
        target=provision(target),
        relation=relation,
        state=state,
        **({"maker": "crosswalk/3", "score": 4.25, "cosine": 0.5} | more),
    )


THREE = tuple(text(name) for name in "abc")


def composed(*links, texts=THREE, **more):
    told = {"title": "A and B", "version": "1", "modified": NOW, "origin": "https://comity.example"} | more
    return compose_mapping(texts=texts, links=links, **told)


def props(item):
    assert {p["ns"] for p in item["props"]} == {NAMESPACE}
    return {p["name"]: p["value"] for p in item["props"]}


def test_suggested_and_confirmed_links_stand_apart_and_say_what_they_are():
    collection = validated(
        composed(
            link("a/art_1", "b/sec_2"),
            link("a/art_2", "b/sec_1", state="confirmed", relation="broader", cosine=None),
        )
    )
    assert [(m["status"], m["method"], m["confidence-score"], props(m)["state"]) for m in collection["mappings"]] == [
        ("not-complete", "hybrid", {"category": "confirmed by people"}, "confirmed"),
        (
            "draft",
            "automation",
            {"category": "suggested by a machine; how likely it is right has not been measured"},
            "suggested",
        ),
    ]
    confirmed, suggested = (m["maps"][0] for m in collection["mappings"])
    assert (confirmed["relationship"], suggested["relationship"]) == ("superset-of", "intersects-with")
    assert props(confirmed) == {"state": "confirmed", "maker": "crosswalk/3", "score": "4.250000"}
    assert props(suggested)["cosine"] == "0.500000"
    assert [(i["type"], i["id-ref"]) for i in (*suggested["sources"], *suggested["targets"])] == [
        ("statement", "art_1"),
        ("statement", "sec_2"),
    ]
    assert (collection["provenance"]["method"], collection["provenance"]["status"]) == ("hybrid", "draft")
    assert "not a legal interpretation" in collection["provenance"]["mapping-description"]
    assert collection["metadata"]["last-modified"] == "2026-01-02T03:04:05+00:00"


def test_what_reviewers_do_not_agree_on_is_neither_suggested_alone_nor_confirmed():
    [mapping] = validated(composed(link("a/x", "b/y", state="disputed")))["mappings"]
    assert (mapping["status"], mapping["method"]) == ("draft", "hybrid")
    assert (mapping["confidence-score"], props(mapping)) == (
        {"category": "reviewers do not agree"},
        {"state": "disputed"},
    )


@pytest.mark.parametrize(
    "relation, said",
    [
        ("same", "equivalent-to"),
        ("broader", "superset-of"),
        ("narrower", "subset-of"),
        ("related", "intersects-with"),
    ],
)
def test_each_relation_has_its_relationship(relation, said):
    [mapping] = validated(composed(link("a/x", "b/y", relation=relation, state="confirmed")))["mappings"]
    assert mapping["maps"][0]["relationship"] == said


def test_texts_say_where_they_are_and_whether_they_are_summaries():
    texts = (text("b", summary=True, official_url="https://example.org/b", title="Two\n lines"), text("a"))
    [a, b] = validated(composed(link("a/x", "b/y"), texts=texts))["back-matter"]["resources"]
    assert [r["href"] for r in b["rlinks"]] == ["akoma-ntoso/b.xml", "https://example.org/b"]
    assert (b["title"], props(b)["summary"]) == ("Two lines", "true")
    assert ("remarks" in a, "remarks" in b) == (False, True)


def test_a_member_is_heard_in_its_own_words():
    readings = (("KEN", "differs", "It covers\nmore."), ("KOR", "confirms", ""))
    [mapping] = validated(composed(link("a/x", "b/y", readings=readings)))["mappings"]
    heard = [p for p in mapping["maps"][0]["props"] if p["name"] == "member-reading"]
    assert [(p["value"], p.get("remarks")) for p in heard] == [
        ("KEN: differs", "It covers\nmore."),
        ("KOR: confirms", None),
    ]


def test_strength_says_who_named_it():
    def strengths(**more):
        source = provision("a/x", modality="must", **more)
        told = MappedLink(source, provision("b/y"), "related", "suggested", "m/1", 1.0, None)
        [mapping] = validated(composed(told))["mappings"]
        sides = (*mapping["maps"][0]["sources"], *mapping["maps"][0]["targets"])
        return [[(p["value"], p["class"]) for p in side["props"] if p["name"] == "strength"] for side in sides]

    assert strengths() == [[("must", "named")], []]
    assert strengths(modality_by="strength-words/1") == [[("must", "suggested")], []]


def test_names_stay_and_the_name_of_the_whole_changes_with_its_content():
    links = [link("a/x", "b/y"), link("a/x", "c/z"), link("b/y", "c/z")]
    first = composed(*links)
    assert composed(*reversed(links), texts=(text("c"), text("a"), text("b"))) == first
    then = validated(composed(link("a/x", "b/y", state="confirmed"), *links[1:]))
    first = validated(first)

    def entries(collection):
        return {
            (m["sources"][0]["id-ref"], m["targets"][0]["id-ref"]): m["uuid"]
            for g in collection["mappings"]
            for m in g["maps"]
        }

    assert entries(first) == entries(then)
    assert first["uuid"] != then["uuid"]
    elsewhere = validated(composed(*links, origin="https://other.example"))
    assert set(entries(first).values()).isdisjoint(entries(elsewhere).values())


@pytest.mark.parametrize(
    "links, more, name",
    [
        ([], {}, "links"),
        ([link("a/x", "elsewhere/y")], {}, "instrument"),
        ([link("a/x", "b/y", relation="better")], {}, "relation"),
        ([link("a/x", "b/y", state="rejected")], {}, "state"),
        ([link("a/x", "b/y")], {"modified": dt.datetime(2026, 1, 2)}, "modified"),  # noqa: DTZ001  (the mistake that is refused)
    ],
)
def test_what_cannot_be_a_mapping_is_refused(links, more, name):
    with pytest.raises(BadParameter) as refusal:
        composed(*links, **more)
    assert refusal.value.data["name"] == name


WORDS = st.text(max_size=30)


@given(label=WORDS, title=WORDS, maker=WORDS, score=st.floats(-1e6, 1e6))
def test_whatever_words_come_in_the_collection_is_valid(label, title, maker, score):
    told = MappedLink(provision("a/x", label=label), provision("b/y"), "related", "suggested", maker, score, None)
    document = composed(told, texts=(text("a", title=title), text("b")), title=title)
    validated(document)
    assert json.loads(json.dumps(document)) == document
