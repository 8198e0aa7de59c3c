"""Documents are tabled and issued under symbols, in languages that are authentic or for information, and cite what their readers see."""

from __future__ import annotations

import hashlib
import json
import zlib

import pytest

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.alignment.models import Instrument, Provision
from comity.platform.decisions.document_text import MOST_TEXT, checked_text, paragraphs_of
from comity.platform.decisions.document_views import document_view, list_documents, version_text, version_view
from comity.platform.decisions.documents import issue_text, issue_version, missing_languages, version_seen
from comity.platform.decisions.models import Document, DocumentVersion, VersionText
from comity.platform.record.chain import chain_of
from comity.platform.record.models import Act
from support.decisions import ENGLISH, FRENCH, make_document, results_published
from support.dialogue import NOBODY, make_dialogue
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body():
    make_body()


def revise(symbol="C/3/L.7/Rev.1", *, slug="review", by=SET_UP, **settings) -> DocumentVersion:
    given = {"texts": {"en": ENGLISH}, "authentic": ["en", "fr"], **settings}
    return issue_version(slug=slug, symbol=symbol, by=by, **given)


def nothing_was_issued() -> bool:
    return not Document.objects.exists() and not Act.objects.filter(type="issue-document").exists()


def test_a_document_is_issued_by_an_act_that_states_the_digest_of_each_text():
    held = make_document(texts={"en": ENGLISH, "fr": FRENCH, "sw": ("Mapitio", "Kila mwanachama.")})
    act = Act.objects.get(type="issue-document")
    told = json.loads(zlib.decompress(bytes(act.payload)))
    assert act.subject == held.versions.get().reference == "decisions/documents/review/1"
    assert (told["symbol"], told["sponsors"], told["required"]) == ("C/3/L.7", ["m1"], ["en", "fr"])
    for language, said in told["texts"].items():
        text = version_text(slug="review", number=1, language=language, user=NOBODY)
        assert hashlib.sha256(text.encode()).hexdigest() == said["text_sha256"]
    assert {t: s["standing"] for t, s in told["texts"].items()} == {
        "en": "authentic",
        "fr": "authentic",
        "sw": "for-information",
    }
    assert ENGLISH[1] not in json.dumps(told)


def test_a_vote_needs_every_required_language_in_an_authentic_text():
    version = make_document().versions.get()
    assert missing_languages(version) == ("fr",)
    with pytest.raises(BadParameter, match="required for a vote"):
        issue_text(symbol="C/3/L.7", language="fr", title="T", text="X", standing="for-information", by=SET_UP)
    issue_text(
        symbol="C/3/L.7",
        language="fr",
        title=FRENCH[0],
        text=FRENCH[1],
        standing="authentic",
        by=account_with("secretariat"),
    )
    assert missing_languages(version) == ()
    assert [a.subject for a in Act.objects.filter(type="issue-translation")] == [version.reference]


def test_a_translator_issues_translations_for_information_and_no_authentic_text():
    make_document()
    translator = account_with("translator")
    given = {"symbol": "C/3/L.7", "title": "Mapitio", "text": "Kila mwanachama.", "by": translator}
    with pytest.raises(NotPermitted):
        issue_text(language="fr", standing="authentic", **given)
    assert issue_text(language="sw", standing="for-information", **given).language == "sw"
    with pytest.raises(Conflict):
        issue_text(language="sw", standing="for-information", **given)
    assert VersionText.objects.count() == 2


def test_what_is_issued_follows_what_was_issued_before():
    make_document()
    amendment = revise("C/3/L.7/Amend.1")
    first = revise(note={"en": "Second reading"})
    assert (amendment.number, first.number) == (2, 3)
    with pytest.raises(BadParameter, match=r"C/3/L\.7/Rev\.2"):
        revise("C/3/L.7/Amend.2")
    second = revise("C/3/L.7/Rev.2")
    found = document_view(slug="review", user=NOBODY, language="en")
    assert [v.symbol for v in found.versions] == ["C/3/L.7", "C/3/L.7/Amend.1", "C/3/L.7/Rev.1", "C/3/L.7/Rev.2"]
    assert [v.symbol for v in found.versions if v.is_present] == ["C/3/L.7/Rev.2"]
    assert (found.card.present, found.present.missing, found.versions[2].note.text) == (
        "C/3/L.7/Rev.2",
        ("fr",),
        "Second reading",
    )
    assert first.reference in chain_of(reference=second.reference, user=NOBODY).rests_on
    assert "decisions/documents/review/1" in chain_of(reference=amendment.reference, user=NOBODY).rests_on


def test_a_version_keeps_the_required_languages_unless_it_names_others():
    make_document()
    assert revise().required == ["en", "fr"]
    assert revise("C/3/L.7/Rev.2", required=["en"]).required == ["en"]


@pytest.mark.parametrize("symbol", ["C/3/L.7", "C/3/L.7/Rev.2", "C/3/L.8/Rev.1", "nonsense", ""])
def test_a_symbol_that_cannot_come_next_is_refused_and_issues_nothing(symbol):
    make_document()
    with pytest.raises(BadParameter):
        revise(symbol)
    assert DocumentVersion.objects.count() == 1


def test_a_document_or_symbol_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        revise(slug="none")
    with pytest.raises(NotFound):
        version_seen(symbol="C/3/L.7", user=SET_UP)
    make_document()
    with pytest.raises(NotFound):
        version_view(slug="review", number=2, user=NOBODY, language="en")
    with pytest.raises(NotFound):
        version_text(slug="review", number=1, language="fr", user=NOBODY)


def test_a_name_or_symbol_that_is_taken_is_refused():
    make_document()
    for again in ({"symbol": "C/3/L.8"}, {"slug": "other"}):
        with pytest.raises(Conflict):
            make_document(**again)
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "New Name"},
        {"slug": "new"},
        {"symbol": "C/3/L.7/Rev.1"},
        {"symbol": "C/3/" + "ABCDEFGHIJ/" * 4 + "L.7"},
        {"sponsors": ["m3"]},
        {"sponsors": ["nobody"]},
        {"texts": {}},
        {"texts": {"en": ("", "X")}},
        {"texts": {"en": ("T", " \n ")}},
        {"texts": {"en": ("T", "x" * (MOST_TEXT + 1))}},
        {"texts": {"en": ("T", "stop\u202ehere")}},
        {"texts": {"en": ("T", "stop\x00here")}},
        {"texts": {"en": ("T\u200bx", "X")}},
        {"texts": {"English": ENGLISH}},
        {"texts": {"sw": ENGLISH}},
        {"authentic": []},
        {"required": ["ru"]},
        {"visibility": "delegation", "audience": "delegation:m1"},
        {"visibility": "everyone"},
        {"visibility": "public", "audience": "committee:oversight"},
        {"titles": {"xx": "T"}},
        {"note": {"en": "x" * 301}},
        {"cites": [("used", "dialogue/stop")]},
        {"cites": [("wasDerivedFrom", "https://example.org")]},
        {"cites": [("wasDerivedFrom", "dialogue/../secret")]},
        {"cites": [("wasDerivedFrom", f"alignment/topics/t{n}") for n in range(51)]},
    ],
    ids=str,
)
def test_bad_input_is_refused_and_issues_nothing(wrong):
    with pytest.raises(BadParameter):
        make_document(**wrong)
    assert nothing_was_issued()


def test_text_is_kept_in_paragraphs_and_normal_form():
    text = checked_text("  One\r\nline \u00a0\t\n \n\n\nE\u0301te\u00ad\u2029Three  ", language="en")
    assert paragraphs_of(text) == ("One\nline \u00a0", "\u00c9te", "Three")
    assert checked_text(text, language="en") == text
    assert checked_text("ن\u200cص \u200f(ا)", language="ar") == "ن\u200cص \u200f(ا)"


def test_a_draft_cites_a_dialogue_once_its_results_are_published():
    dialogue = make_dialogue(people="nobody")
    cites = [("wasDerivedFrom", "dialogue/stop")]
    with pytest.raises(Conflict, match="closed before it is cited"):
        make_document(cites=cites)
    assert nothing_was_issued()
    results_published(dialogue)
    held = make_document(cites=[*cites, ("wasInfluencedBy", "dialogue/stop/results")])
    found = document_view(slug="review", user=NOBODY, language="en")
    assert found.cites == (("wasDerivedFrom", "dialogue/stop"), ("wasInfluencedBy", "dialogue/stop/results"))
    assert held.reference in chain_of(reference="dialogue/stop", user=NOBODY).led_to
    with pytest.raises(NotFound):
        make_document("other", symbol="C/3/L.8", cites=[("wasDerivedFrom", "dialogue/stop/statements/99")])


def test_provisions_and_other_documents_can_be_cited():
    kept = Instrument.objects.create(
        slug="an-act", title="A", short_title="A", party="KEN", language="en", basis="full-text", source_sha256="0" * 64
    )
    Provision.objects.create(instrument=kept, ref="art_1", position=0, label="1", text="X", language="en")
    make_document()
    revise(cites=[("wasDerivedFrom", "alignment/instruments/an-act/art_1")])
    revise("C/3/L.7/Rev.1/Amend.1")
    make_document("other", symbol="C/3/L.8", cites=[("wasInfluencedBy", "decisions/documents/review/2")])
    for missing in ("alignment/instruments/an-act/art_2", "decisions/documents/review/9", "decisions/ballots/none"):
        with pytest.raises(NotFound):
            make_document("third", symbol="C/3/L.9", cites=[("wasDerivedFrom", missing)])
    found = document_view(slug="review", user=NOBODY, language="en")
    assert found.cites == (("wasDerivedFrom", "alignment/instruments/an-act/art_1"),)


def test_a_document_cites_nothing_that_fewer_people_see():
    results_published(make_dialogue(visibility="committee", people="nobody"))
    cites = [("wasDerivedFrom", "dialogue/stop")]
    secretariat = account_with("secretariat")
    with pytest.raises(Conflict, match="fewer people"):
        make_document(cites=cites, by=secretariat)
    make_document(cites=cites, visibility="committee", by=secretariat)
    found = document_view(slug="review", user=account_with("head"), language="en")
    assert found.cites == (("wasDerivedFrom", "dialogue/stop"),)


def test_what_is_hidden_later_is_cited_to_those_who_see_it_alone():
    dialogue = make_dialogue(people="nobody")
    results_published(dialogue)
    make_document(cites=[("wasDerivedFrom", "dialogue/stop")])
    type(dialogue).objects.update(visibility="committee", audience="committee:oversight")
    assert document_view(slug="review", user=NOBODY, language="en").cites == ()
    assert len(document_view(slug="review", user=account_with("head"), language="en").cites) == 1


def test_a_document_of_the_committee_is_there_for_the_committee_alone():
    make_document(visibility="committee")
    assert Act.objects.get(type="issue-document").audience == "committee:oversight"
    for outsider in (NOBODY, account_with("head", member="m3"), account_with("translator")):
        assert list_documents(user=outsider, language="en") == ()
        with pytest.raises(NotFound):
            document_view(slug="review", user=outsider, language="en")
        with pytest.raises(NotFound):
            version_text(slug="review", number=1, language="en", user=outsider)
    with pytest.raises(NotFound):
        issue_text(
            symbol="C/3/L.7",
            language="sw",
            title="T",
            text="X",
            standing="for-information",
            by=account_with("translator"),
        )
    assert [c.symbol for c in list_documents(user=account_with("head"), language="en")] == ["C/3/L.7"]


def test_lists_stand_in_the_order_of_symbols_and_in_the_readers_language():
    for number, slug in ((10, "ten"), (7, "seven")):
        make_document(slug, symbol=f"C/3/L.{number}", texts={"en": ENGLISH, "fr": FRENCH})
    make_document("plain", symbol="A/3/L.1", body="assembly", titles={"en": "Plain"})
    cards = list_documents(user=NOBODY, language="fr")
    assert [(c.symbol, c.title.text) for c in cards] == [
        ("A/3/L.1", "Plain"),
        ("C/3/L.7", FRENCH[0]),
        ("C/3/L.10", FRENCH[0]),
    ]
    assert [c.symbol for c in list_documents(user=NOBODY, language="fr", body="assembly")] == ["A/3/L.1"]


def test_a_version_is_shown_in_the_language_asked_for_or_in_one_that_there_is():
    make_document(texts={"en": ENGLISH, "sw": ("Mapitio", "Kila mwanachama.")})
    shown = version_view(slug="review", number=1, user=NOBODY, language="sw")
    assert (shown.shown.language, shown.shown.is_authentic, shown.paragraphs) == ("sw", False, ("Kila mwanachama.",))
    assert version_view(slug="review", number=1, user=NOBODY, language="ru").shown.language == "en"
