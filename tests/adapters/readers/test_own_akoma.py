"""Akoma Ntoso that Comity wrote comes back provision by provision: references, labels, headings and texts are equal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.country_data import read_atlas
from comity.adapters.folder import gather_folder
from comity.adapters.readers import read_document, read_scheme
from comity.adapters.readers.law_xml import read_law_xml
from comity.engines.alignment.akoma_ntoso import write_akoma_ntoso
from comity.engines.alignment.segmentation import segment_articles
from comity.engines.alignment.texts import Instrument, Provision
from comity.errors import BadInstrumentFile
from support.akoma_schema import validated

EXAMPLE = Path(str(resources.files("comity.example")))
DAY = dt.date(2026, 1, 2)


def gathered(*folders):
    scheme = read_scheme(path=EXAMPLE / "topics.toml")
    return gather_folder(paths=folders, scheme=scheme, atlas=read_atlas())


def write(instrument, provisions):
    return write_akoma_ntoso(instrument=instrument, provisions=provisions, topics={}, parties=(), on=DAY)


def returned(articles, language):
    return [(s.ref, s.label, s.heading, s.text) for s in segment_articles(articles=articles, language=language)]


def told(provisions):
    return [(p.ref, p.label, p.heading, p.text) for p in provisions]


def demand_round_trip(collection, folder):
    for instrument in collection.instruments:
        provisions = [p for p in collection.provisions if p.instrument == instrument.id]
        text = write(instrument, provisions)
        validated(text)
        path = folder / f"{instrument.id}.xml"
        path.write_text(text, encoding="utf-8", newline="")
        document = read_document(path=path)
        assert returned(document.articles, document.language) == told(provisions), instrument.id
        assert document.language == provisions[0].language
    again = gathered(folder).collection
    assert [kept(i) for i in again.instruments] == [kept(i) for i in collection.instruments]
    assert [replace(p, page=0) for p in again.provisions] == [replace(p, page=0) for p in collection.provisions]


def kept(instrument):
    """What comes back of an instrument: all but its short title, and its language, which is then that of the summaries."""
    return replace(instrument, title=instrument.title[:300], short_title="", language="")


def test_all_instruments_of_the_example_are_valid_and_come_back_equal(tmp_path):
    collection = gathered(EXAMPLE / "instruments").collection
    assert len(collection.instruments) == 48
    demand_round_trip(collection, tmp_path)


def test_real_documents_of_many_formats_and_languages_are_valid_and_come_back_equal(shared, tmp_path):
    found = gathered(shared / "data" / "policy" / "documents")
    assert (len(found.collection.instruments), len(found.refused)) == (12, 1)
    demand_round_trip(found.collection, tmp_path)


def test_a_summary_that_comes_back_is_still_a_summary(tmp_path):
    summary = Instrument(id="law", title="A law", short_title="Law", party=None, language="zh", summary=True)
    text = write(summary, [Provision("law", "art_1", "Article 1", "", "It binds all.", "en")])
    (tmp_path / "kenya-law.xml").write_text(text, encoding="utf-8")
    [instrument] = gathered(tmp_path).collection.instruments
    assert (instrument.summary, instrument.language) == (True, "en")


def test_what_a_file_states_of_its_instrument_holds_unless_a_sidecar_says_otherwise(tmp_path):
    law = Instrument(
        id="law",
        title="A law",
        short_title="Law",
        party="KEN",
        kind="law",
        status="adopted",
        binding=True,
        date=dt.date(2025, 3, 4),
        language="en",
        official_url="https://example.org/a?b=1&c=2",
        basis="partial-text",
        stated_by="file name",
    )
    text = write(law, [Provision("law", "art_1", "Article 1", "", "It binds all.", "en")])
    (tmp_path / "korea-law.xml").write_text(text, encoding="utf-8")
    [found] = gathered(tmp_path).collection.instruments
    assert found == replace(law, id="korea-law", short_title="A law")
    (tmp_path / "instruments.toml").write_text('[instruments."korea-law.xml"]\nparty = "KOR"\n', encoding="utf-8")
    [found] = gathered(tmp_path).collection.instruments
    assert (found.party, found.status, found.stated_by) == ("KOR", "adopted", "collection")


@pytest.mark.parametrize(
    "old, new, where",
    [
        ('party="KEN"', 'party="nobody"', "party"),
        ('kind="law"', 'kind="poem"', "kind"),
        ('date="2025-03-04" name="date"', 'date="someday" name="date"', "date"),
        ('value="https://example.org/"', 'value="javascript:alert(1)"', "official_url"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_name(tmp_path, old, new, where):
    facts = {"kind": "law", "date": dt.date(2025, 3, 4), "official_url": "https://example.org/"}
    law = Instrument(id="law", title="A law", short_title="Law", party="KEN", language="en", **facts)
    text = write(law, [Provision("law", "art_1", "Article 1", "", "It binds all.", "en")])
    assert old in text
    (tmp_path / "law.xml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInstrumentFile) as refusal:
        read_document(path=tmp_path / "law.xml")
    assert refusal.value.data["where"] == f"its meta, {where}"


def test_what_a_machine_proposed_does_not_come_back_as_what_people_named(tmp_path):
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="en")
    proposed = {"topics": ("safety",), "topics_by": "topics-ridge/1", "topic_chances": (0.9,)}
    row = Provision(
        "law", "art_1", "Article 1", "", "It binds all.", "en", modality="must", modality_by="m/1", **proposed
    )
    (tmp_path / "law.xml").write_text(write(law, [row]), encoding="utf-8")
    [found] = gathered(tmp_path).collection.provisions
    assert (found.topics, found.topics_by, found.modality, found.addressees) == ((), "", None, ())


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('topics="safety"', 'topics="poetry"', "is no topic here"),
        ('topics="safety"', 'topics="Safety!"', "Safety!"),
        ('strength="must"', 'strength="perhaps"', "perhaps"),
        ('addressees="provider"', 'addressees="everyone"', "everyone"),
    ],
)
def test_a_coding_that_cannot_be_is_refused_by_name(tmp_path, old, new, said):
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="en")
    coded = {"topics": ("safety",), "topics_by": "coder", "modality": "must", "addressees": ("provider",)}
    text = write(law, [Provision("law", "art_1", "Article 1", "", "It binds all.", "en", **coded)])
    assert text.count(old) == 1
    (tmp_path / "law.xml").write_text(text.replace(old, new), encoding="utf-8")
    [refused] = gathered(tmp_path).refused
    assert refused.error.data["where"].startswith("its analysis of art_1")
    assert said in str(refused.error)


def test_a_language_with_a_script_comes_back_with_it():
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="zh-Hant")
    text = write(law, [Provision("law", "art_1", "第一條", "", "提供者應當保存記錄。", "zh-Hant")])
    assert read_law_xml(text=text, shown="law.xml")[3] == "zh-Hant"


def test_a_provision_that_somebody_made_too_long_is_parted_like_any_other():
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="en")
    text = write(law, [Provision("law", "art_1", "Article 1", "", "It binds all who build. " * 500, "en")])
    _, articles, _, language, *_ = read_law_xml(text=text, shown="law.xml")
    segments = segment_articles(articles=articles, language=language)
    assert len(segments) > 1
    assert max(len(s.text) for s in segments) <= 4_000
    assert len({s.ref for s in segments}) == len(segments)


@pytest.mark.parametrize(
    "old, new, refs",
    [
        ('eId="art_2"', 'eId="art_1"', ["art_1", "art_1_2"]),
        ('eId="art_2"', 'eId="../art 2"', ["art_1", "..art2"]),
        ('eId="art_2"', "", ["art_1"]),
        ("<p>It is kept.</p>", "", ["art_1"]),
    ],
)
def test_a_file_that_was_changed_by_hand_is_read_as_far_as_it_goes(old, new, refs):
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="en")
    text = write(
        law,
        [
            Provision("law", "art_1", "Article 1", "", "It binds all.", "en"),
            Provision("law", "art_2", "Article 2", "", "It is kept.", "en"),
        ],
    )
    assert text.count(old) == 1
    _, articles, _, language, *_ = read_law_xml(text=text.replace(old, new), shown="law.xml")
    assert [ref for ref, *_ in returned(articles, language)] == refs


def test_a_file_made_to_nest_words_in_words_is_read_once():
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="en")
    text = write(law, [Provision("law", "art_1", "Article 1", "H" * 10_000, "It binds.", "en")])
    inner = '<article eId="art_{n}" class="provision" title="x"><content><p>{words}</p></content></article>'
    words = "It binds."
    for n in range(2, 60):
        words = inner.format(n=n, words=words)
    _, articles, *_ = read_law_xml(text=text.replace("<p>It binds.</p>", f"<p>{words}</p>"), shown="law.xml")
    [article] = articles
    assert (article.blocks[0].text, len(article.heading)) == ("It binds.", 500)


PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=60)


@given(
    labels=st.lists(PLAIN, min_size=1, max_size=6),
    headings=st.lists(PLAIN, min_size=6, max_size=6),
    texts=st.lists(PLAIN.filter(lambda t: bool(t.strip())), min_size=6, max_size=6),
    deep=st.booleans(),
)
def test_any_text_that_xml_can_hold_comes_back_equal(labels, headings, texts, deep):
    refs = [f"art_1__para_{n}" if deep else f"art_{n}" for n in range(len(labels))]
    provisions = [
        Provision("law", r, label, h, t, "en") for r, label, h, t in zip(refs, labels, headings, texts, strict=False)
    ]
    law = Instrument(id="law", title="A law", short_title="Law", party=None, language="en")
    _, articles, _, language, *_ = read_law_xml(text=write(law, provisions), shown="law.xml")
    assert returned(articles, language) == told(provisions)
