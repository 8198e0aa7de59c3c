"""Legislative XML: articles come with the bounds and names that their document states."""

from __future__ import annotations

from collections import Counter

import pytest

from comity.adapters.readers import read_document
from comity.engines.alignment.segmentation import segment_articles
from comity.errors import BrokenFile, EmptyFile, ExternalEntity, UnknownFormat

AKN = """<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="act">
<meta><identification><FRBRExpression><FRBRlanguage language="fra"/></FRBRExpression></identification></meta>
<preface><p><docTitle>Loi sur l’intelligence artificielle</docTitle></p></preface>
<preamble><recitals><recital><p>Considérant ce qui suit</p></recital></recitals></preamble>
<body><chapter eId="chp_1"><num>Chapitre I</num><heading>Règles</heading>
<article eId="art_1"><num>Article 1</num><heading>Objet</heading>
<paragraph eId="art_1__para_1"><num>1.</num><content><p>La loi protège les droits.<authorialNote><p>Note</p></authorialNote></p></content></paragraph>
<paragraph eId="art_1__para_2"><num>2.</num><intro><p>Elle fixe:</p></intro>
<point><num>a)</num><content><p>des devoirs;</p></content></point></paragraph></article>
<article eId="art_2" status="repealed"><num>Article 2</num><content><p>Abrogé.</p></content></article>
<article eId="art_3"><num>Article 3</num><content><table><tr><th>Risque</th><th>Règle</th></tr><tr><td>Haut</td><td>Audit</td></tr></table></content></article>
</chapter></body></act></akomaNtoso>"""
BILL = """<?xml version="1.0"?><Bill xml:lang="en"><Body>
<Section><MarginalNote>Short title</MarginalNote><Label>1</Label><Text>This Act may be cited as the <XRef>Outer Act</XRef>.</Text></Section>
<Section><MarginalNote>Enactment</MarginalNote><Label>2</Label><Text>The Inner Act is enacted:</Text><AmendedText><SectionPiece><BillInternal><Body>
<Section><Label>1</Label><Text>This Act may be cited as the Inner Act.</Text></Section>
<Section><MarginalNote>Duty</MarginalNote><Label>2</Label><Subsection><Label>(1)</Label><Text>A person must report.</Text></Subsection>
<Subsection><Label>(2)</Label><Text>The Minister may ask.</Text></Subsection></Section></Body></BillInternal></SectionPiece></AmendedText></Section>
<Section><MarginalNote>Change</MarginalNote><Label>3</Label><Text>Section 9 is replaced:</Text><AmendedText><Section><Label>9</Label><Text>New words.</Text></Section></AmendedText></Section>
</Body></Bill>"""


def written(tmp_path, text, name="law.xml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_document(path=path)


def test_akoma_ntoso_gives_its_own_names_headings_and_paragraphs(tmp_path):
    document = written(tmp_path, AKN)
    assert (document.title, document.language, document.format) == (
        "Loi sur l’intelligence artificielle",
        "fr",
        "law-xml",
    )
    found = segment_articles(articles=document.articles, language="fr")
    assert [(s.ref, s.label, s.heading) for s in found] == [
        ("art_1__para_1", "Article 1(1)", "Objet"),
        ("art_1__para_2", "Article 1(2)", "Objet"),
        ("art_3", "Article 3", ""),
    ]
    assert found[0].text == "1. La loi protège les droits."
    assert "a) des devoirs;" in found[1].text
    assert "Risque | Règle" in found[2].text


def test_an_act_that_a_bill_enacts_keeps_its_own_sections_and_words_for_another_act_stay_words(tmp_path):
    document = written(tmp_path, BILL)
    found = segment_articles(articles=document.articles, language="en")
    assert [(s.ref, s.label) for s in found] == [
        ("sec_1", "Section 1"),
        ("sec_2", "Section 2"),
        ("inner-act__sec_1", "Inner Act, section 1"),
        ("inner-act__sec_2__para_1", "Inner Act, section 2(1)"),
        ("inner-act__sec_2__para_2", "Inner Act, section 2(2)"),
        ("sec_3", "Section 3"),
    ]
    assert found[-1].text == "Section 9 is replaced: “9 New words.”"


def test_every_section_of_canadas_bill_is_found(shared):
    """Counted by hand in the bill's table of provisions: 40 clauses, and three acts of 130, 21 and 41 sections."""
    document = read_document(path=shared / "data" / "policy" / "documents" / "canada-c27.en.xml")
    acts = Counter(a.ref.rpartition("__")[0] for a in document.articles)
    assert acts == {
        "": 40,
        "consumer-privacy-protection-act": 130,
        "personal-information-and-data-protection-tribunal-act": 21,
        "artificial-intelligence-and-data-act": 41,
    }
    found = segment_articles(articles=document.articles, language="en")
    assert len({s.ref for s in found}) == len(found) > 400
    assert all(s.text and len(s.text) <= 4000 for s in found)


@pytest.mark.parametrize(
    "text, error",
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><akomaNtoso/>', ExternalEntity),
        ('<!DOCTYPE Bill SYSTEM "http://127.0.0.1/x.dtd"><Bill/>', ExternalEntity),
        ("<akomaNtoso><act><body><article></act></akomaNtoso>", BrokenFile),
        ("<Bill><Body><Section>" + "<a>" * 300 + "x" + "</a>" * 300 + "</Section></Body></Bill>", BrokenFile),
        ("<Bill><Body></Body></Bill>", EmptyFile),
        ("<akomaNtoso><act><body><article><num>1</num></article></body></act></akomaNtoso>", EmptyFile),
        ("<rss><channel/></rss>", UnknownFormat),
    ],
)
def test_xml_that_will_not_do_is_refused(tmp_path, text, error):
    with pytest.raises(error):
        written(tmp_path, text)
