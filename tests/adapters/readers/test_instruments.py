"""Instruments, schemes and sidecars in TOML are checked key by key, and a mistake is named with its place."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.adapters.readers import read_document, read_instrument_file, read_scheme, read_sidecar
from comity.engines.alignment.texts import Instrument, Provision, Scheme, Topic
from comity.errors import BadInstrumentFile

GOOD = """
[instrument]
id = "law-a"
title = "Law A on Systems"
short_title = "Law A"
party = "FRA"
kind = "law"
status = "in-force"
binding = true
date = 2024-06-13
language = "fr"
official_url = "https://law.example/a"
basis = "full-text"

[[provision]]
ref = "art_1"
label = "Article 1"
heading = "Scope"
summary = "Every  system is covered."
modality = "must"
addressees = ["provider"]
topics = ["safety"]

[[provision]]
ref = "art_2__para_1"
label = "Article 2(1)"
heading = ""
summary = "Users may complain."
modality = "may"
addressees = ["user", "all"]
topics = ["rights", "safety"]

[[states_none]]
member = "FRA"
topic = "rights"
"""
SCHEME = Scheme(
    facets=(("obligation", "What is asked"),),
    topics=(
        Topic("safety", "obligation", "Safety", "Free of harm."),
        Topic("rights", "obligation", "Rights", "Of people."),
    ),
)


def problem(make, text, **given):
    with pytest.raises(BadInstrumentFile) as caught:
        read_instrument_file(path=make.file("law-a.toml", text), **given)
    return caught.value.data["where"], caught.value.data["problem"]


def test_a_good_file_gives_its_instrument_provisions_and_what_the_member_states_as_none(make):
    instrument, provisions, none = read_instrument_file(path=make.file("law-a.toml", GOOD), scheme=SCHEME)
    assert instrument == Instrument(
        id="law-a", title="Law A on Systems", short_title="Law A", party="FRA", kind="law", status="in-force", binding=True,
        date=dt.date(2024, 6, 13), language="fr", official_url="https://law.example/a", basis="full-text", summary=True,
    )  # fmt: skip
    assert provisions[0] == Provision(
        instrument="law-a", ref="art_1", label="Article 1", heading="Scope", text="Every system is covered.", language="en",
        modality="must", addressees=("provider",), topics=("safety",), topics_by="coder",
    )  # fmt: skip
    assert [p.topics for p in provisions] == [("safety",), ("rights", "safety")]
    assert none == {("FRA", "rights")}


@pytest.mark.parametrize(
    "before, after, where, says",
    [
        ('party = "FRA"', 'party = "FRA"\ncolour = "red"', "instrument, colour", "this key is not known"),
        ('party = "FRA"\n', "", "instrument, party", "this key is missing; add it"),
        ('id = "law-a"', 'id = "Law A"', "instrument, id", "has not the form of eu-ai-act"),
        ('party = "FRA"', 'party = "france"', "instrument, party", "has not the form of FRA, EU or MULTI"),
        ('party = "FRA"', 'party = "MULTI"', "instrument, party", '"MULTI" needs the key signatories'),
        (
            'party = "FRA"',
            'party = "FRA"\nsignatories = ["DEU"]',
            "instrument, signatories",
            'only party = "MULTI" has signatories',
        ),
        ('kind = "law"', 'kind = "poem"', "instrument, kind", '"poem" is not known; allowed are law, bill'),
        ('status = "in-force"', "status = 1", "instrument, status", '"1" is not known; allowed are in-force'),
        ("binding = true", 'binding = "yes"', "instrument, binding", '"yes" is neither true nor false'),
        ("date = 2024-06-13", 'date = "2024"', "instrument, date", '"2024" is not a date'),
        ("date = 2024-06-13", "date = 2024-06-13T00:00:00Z", "instrument, date", "is not a date"),
        ("date = 2024-06-13", "date = 2024-02-31", "the file", "correct"),
        ('language = "fr"', 'language = "French"', "instrument, language", "has not the form of en or pt-BR"),
        ("https://law.example/a", "javascript:alert(1)", "instrument, official_url", "is not a web address"),
        ("https://law.example/a", "https://", "instrument, official_url", "is not a web address"),
        (
            'basis = "full-text"',
            'basis = "all"',
            "instrument, basis",
            '"all" is not known; allowed are full-text, partial-text',
        ),
        ('modality = "may"', 'modality = "shall"', "provision 2, modality", '"shall" is not known; allowed are must'),
        ('["user", "all"]', '["user", "user"]', "provision 2, addressees", "the same entry stands twice"),
        ('["user", "all"]', '["robot"]', "provision 2, addressees", '"robot" is not known; allowed are provider'),
        ('["user", "all"]', '"user"', "provision 2, addressees", "is not a list of texts"),
        ('["rights", "safety"]', "[]", "provision 2, topics", "it has 0 entries; allowed are 1 to 3"),
        (
            '["rights", "safety"]',
            '["peace"]',
            "provision 2, topics",
            '"peace" is not known; allowed are safety, rights',
        ),
        ('ref = "art_2__para_1"', 'ref = "art_1"', "provision 2, ref", '"art_1" is the ref of provision 1 too'),
        ('ref = "art_2__para_1"', 'ref = "art 2"', "provision 2, ref", "has not the form of art_14__para_2"),
        (
            "Users may complain.",
            "x" * 1_501,
            "provision 2, summary",
            "it has 1501 characters; at most 1500 are allowed",
        ),
        ("Users may complain.", "  ", "provision 2, summary", "it is empty"),
        ("Users may complain.", "a \u202e b", "provision 2, summary", "direction characters"),
        (
            'topic = "rights"',
            'topic = "peace"',
            "states_none 1, topic",
            '"peace" is not known; allowed are safety, rights',
        ),
        ("[[states_none]]", "[states_none]", "states_none", "open each one with [[states_none]]"),
        ("[instrument]", "[[instrument]]", "instrument", "it is not a table"),
        ("[instrument]", "[other]", "the file, other", "this key is not known"),
        ("binding = true", "binding = = true", "the file", "it is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(make, before, after, where, says):
    assert before in GOOD
    place, found = problem(make, GOOD.replace(before, after, 1), scheme=SCHEME)
    assert place == where
    assert says in found


def test_a_summary_of_exactly_1500_characters_is_read(make):
    _, provisions, _ = read_instrument_file(
        path=make.file("law-a.toml", GOOD.replace("Users may complain.", "x" * 1_500))
    )
    assert len(provisions[1].text) == 1_500


def test_an_instrument_without_provisions_is_refused(make):
    assert problem(make, GOOD.split("[[provision]]", maxsplit=1)[0]) == (
        "provision",
        "there is none; add at least one [[provision]]",
    )


def test_bytes_that_are_not_utf_8_are_refused(make):
    place, found = problem(make, GOOD.encode().replace(b"Law A on", b"Law \xff on"))
    assert (place, found[:5]) == ("the file", "byte ")


def test_unknown_topics_pass_where_no_scheme_is_given(make):
    assert read_instrument_file(path=make.file("law-a.toml", GOOD.replace('["safety"]', '["peace"]')))[1][0].topics == (
        "peace",
    )


def test_summaries_in_another_language_say_so(make):
    text = GOOD.replace('language = "fr"', 'language = "fr"\nsummary_language = "es"')
    assert {p.language for p in read_instrument_file(path=make.file("law-a.toml", text))[1]} == {"es"}


def test_an_instrument_file_is_also_a_document(make):
    document = read_document(path=make.file("law-a.toml", GOOD))
    assert (document.format, document.title, document.language) == ("toml", "Law A on Systems", "fr")
    assert [b.text for b in document.blocks][1:3] == ["Article 1 Scope", "Every system is covered."]


def test_the_corpus_is_read_whole(shared):
    scheme = read_scheme(path=shared / "corpus/topics.toml")
    files = sorted((shared / "corpus/instruments").glob("*.toml"))
    read = [read_instrument_file(path=p, scheme=scheme) for p in files]
    assert ([f for f, _ in scheme.facets], len(scheme.topics)) == (["obligation", "protection", "cooperation"], 47)
    assert (len(read), sum(len(p) for _, p, _ in read)) == (48, 1_309)
    assert [i.id for i, _, _ in read] == [p.stem for p in files]


SCHEME_FILE = '[facets]\na = "A"\n[[topic]]\nid = "x"\nfacet = "a"\nlabel = "X"\ndefinition = "It is x."\n'


@pytest.mark.parametrize(
    "before, after, where",
    [
        ('facet = "a"', 'facet = "b"', "topic 1, facet"),
        ('label = "X"', "", "topic 1, label"),
        ("[[topic]]", "[topic]", "topic"),
        ("[facets]", "[facet]", "the file, facet"),
        (
            'definition = "It is x."',
            'definition = "It is x."\n[[topic]]\nid="x"\nfacet="a"\nlabel="X"\ndefinition="y"',
            "topic 2, id",
        ),
    ],
)
def test_a_scheme_with_a_mistake_is_refused(make, before, after, where):
    with pytest.raises(BadInstrumentFile) as caught:
        read_scheme(path=make.file("topics.toml", SCHEME_FILE.replace(before, after)))
    assert caught.value.data["where"] == where


SIDECAR = """
[instruments."act.en.pdf"]
title = "The Act"
party = "SGP"
kind = "law"
status = "adopted"
binding = true
date = 2024-01-02
language = "en"

[instruments."code.txt"]
party = "MULTI"
signatories = ["FRA", "DEU"]

[[states_none]]
member = "SGP"
topic = "rights"
"""


def test_a_sidecar_states_facts_about_files_and_nothing_it_was_not_told(make):
    sidecar = read_sidecar(path=make.file("instruments.toml", SIDECAR), scheme=SCHEME)
    assert sidecar.documents == {
        "act.en.pdf": {
            "title": "The Act", "party": "SGP", "kind": "law", "status": "adopted", "binding": True,
            "date": dt.date(2024, 1, 2), "language": "en",
        },
        "code.txt": {"party": "MULTI", "signatories": ("FRA", "DEU")},
    }  # fmt: skip
    assert sidecar.stated_none == {("SGP", "rights")}


@pytest.mark.parametrize(
    "before, after, where",
    [
        ('"act.en.pdf"', '"../act.en.pdf"', 'instruments."act.en.pdf"'),
        ("binding = true", "bindings = true", 'instruments."act.en.pdf", bindings'),
        ('signatories = ["FRA", "DEU"]', "", 'instruments."code.txt", party'),
        ('party = "MULTI"\n', "", 'instruments."code.txt", signatories'),
        ('topic = "rights"', 'topic = "peace"', "states_none 1, topic"),
        ('[instruments."code.txt"]', '[instrument."code.txt"]', "the file, instrument"),
    ],
)
def test_a_sidecar_with_a_mistake_is_refused(make, before, after, where):
    with pytest.raises(BadInstrumentFile) as caught:
        read_sidecar(path=make.file("instruments.toml", SIDECAR.replace(before, after)), scheme=SCHEME)
    assert caught.value.data["where"] == where


def test_an_empty_sidecar_states_nothing(make):
    sidecar = read_sidecar(path=make.file("instruments.toml", "# nothing yet\n"))
    assert (sidecar.documents, sidecar.stated_none) == ({}, frozenset())
