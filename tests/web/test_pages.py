"""Pages: each answers, names its texts, filters by plain addresses, and refuses what is not allowed in so many words."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from comity.platform.alignment.models import CrosswalkLink, Instrument, Provision, StatedNone
from comity.platform.record.models import Act

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/alignment/",
    "/alignment/?facet=protection",
    "/alignment/topics/human-oversight",
    "/alignment/topics/human-oversight?party=EU",
    "/alignment/instruments",
    "/alignment/instruments?kind=law&status=in-force",
    "/alignment/instruments/eu-ai-act",
    "/alignment/instruments/eu-ai-act?topic=transparency",
    "/alignment/instruments/eu-ai-act/art_14",
    "/alignment/common-ground",
    "/alignment/common-ground?topic=human-oversight&show=everywhere",
    "/alignment/joint-actions",
    "/alignment/joint-actions?topic=data-sharing",
    "/alignment/side-by-side",
    "/alignment/side-by-side?a=eu-ai-act&b=korea-ai-basic-act",
    "/alignment/search?q=human+oversight",
    "/alignment/work",
    "/alignment/downloads",
    "/record/",
    "/about",
    "/accessibility",
    "/privacy",
    "/sign-in",
)
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_in_english_without_a_script(client, path):
    response = client.get(path)
    assert response.status_code == 200
    text = response.content.decode()
    assert "<script" not in text
    assert "style=" not in text
    assert text.count("<h1") == 1
    assert "None</" not in text
    wanted = set(re.findall(r'href="#([a-z-]+)"', text)) - {"main"}
    assert wanted <= set(re.findall(r'<symbol id="([a-z-]+)"', text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_gives_the_page_in_a_language_and_is_remembered(client, language):
    first = client.get(f"/alignment/?lang={language}").content.decode()
    again = client.get("/alignment/").content.decode()
    tag = "zh-Hans" if language == "zh" else language
    direction = "rtl" if language == "ar" else "ltr"
    for text in (first, again):
        assert f'<html lang="{tag}" dir="{direction}">' in text


def test_an_unknown_language_leaves_the_page_as_it_was(client):
    assert client.get("/?lang=xx").status_code == 200
    assert client.cookies.get("comity_language") is None


def test_every_page_carries_the_security_headers(client):
    for path in PAGES:
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe" not in policy
        assert "script-src" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])


def test_a_page_weighs_at_most_100_kilobytes_with_its_style_sheet(client, root):
    style = gzip.compress((root / "src/comity/adapters/visual/static/comity.css").read_bytes())
    mark = (root / "src/comity/adapters/visual/static/mark.svg").read_bytes()
    heaviest = max((len(gzip.compress(client.get(p).content)), p) for p in PAGES)
    assert heaviest[0] + len(style) + len(mark) <= 100_000, heaviest


@pytest.mark.parametrize(
    "path",
    [
        "/alignment/?facet=nonsense",
        "/alignment/instruments?kind=poem",
        "/alignment/instruments?party=ZZZ",
        "/alignment/instruments?page=0",
        "/alignment/instruments?page=-1",
        "/alignment/instruments?page=9999999999",
        "/alignment/instruments?topic=%27%3B+drop+table",
        "/alignment/side-by-side?a=eu-ai-act&b=nowhere",
        "/alignment/side-by-side?show=everything",
        "/alignment/search?q=" + "x" * 201,
    ],
)
def test_a_parameter_that_is_not_allowed_is_refused_in_words(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert "bad-parameter" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/alignment/instruments/no-such-text",
        "/alignment/instruments/eu-ai-act/art_999",
        "/alignment/instruments/eu-ai-act/art%00",
        "/alignment/instruments/eu-ai-act/art%2F..%2F..",
        "/alignment/topics/no-such-topic",
        "/alignment/links/ffffffffffff",
        "/record/acts/00000000-0000-4000-8000-000000000000",
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "not-found" in response.content.decode()


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "' OR 1=1 --", "\x00\u202e", "NEAR(", '"', "*", "a AND", "{}", "%s"]
)
def test_a_hostile_search_is_answered_and_escaped(client, hostile):
    response = client.get("/alignment/search", {"q": hostile})
    assert response.status_code == 200
    assert "<script" not in response.content.decode()


def test_search_finds_the_words_asked_for_first(client):
    first = client.get("/alignment/search", {"q": "whistleblower protection"}).context["page"][0].provision
    assert "whistleblow" in (first.text + first.heading).lower()


def test_search_in_another_language_finds_by_meaning_and_says_so(client):
    response = client.get("/alignment/search", {"q": "notificación de incidentes graves", "lang": "es"})
    page = response.content.decode()
    assert response.context["found"].language == "es"
    assert {(row["hit"].by_words, row["hit"].by_meaning) for row in response.context["rows"]} == {(False, True)}
    assert "Por el sentido" in page
    assert page.count('hreflang="') == 6


def test_search_marks_words_and_counts_its_filters(client):
    everything = client.get("/alignment/search", {"q": "serious incidents"}).context["found"]
    party, number = next(iter(everything.facets["party"].items()))
    response = client.get("/alignment/search", {"q": "serious incidents", "party": party})
    assert len(response.context["found"].hits) == number
    assert "<mark>" in response.content.decode()
    assert client.get("/alignment/search", {"q": "x", "text_language": "tlh"}).status_code == 400


def test_search_says_when_no_provision_holds_every_word(client):
    response = client.get("/alignment/search", {"q": "oversight zebrafish"})
    assert response.context["found"].every_word is False
    assert "None holds all of these words" in response.content.decode()


def test_a_topic_shows_each_member_once_and_the_three_nones_apart(client):
    response = client.get("/alignment/topics/human-oversight")
    groups = response.context["groups"]
    codes = [m.code for g in groups for m in g.members]
    assert len(codes) == len(set(codes)) == 193
    levels = {m.code: g.level for g in groups for m in g.members}
    assert levels["DEU"] == "binding-through"
    assert levels["KOR"] == "binding-own"
    assert levels["TUV"] == "not-in-collection"
    text = response.content.decode()
    assert "imply no opinion on the legal status" in text
    assert text.count('role="img"') == 1


def test_subnational_law_is_listed_and_colours_no_tile(client):
    response = client.get("/alignment/topics/incident-reporting")
    levels = {m.code: g.level for g in response.context["groups"] for m in g.members}
    assert levels["USA"] == "voluntary-through"  # by the G7 code alone, never by California's law
    assert "SB 53" in response.content.decode()


def test_side_by_side_reads_the_same_whichever_text_stands_first(client):
    def pairs(a, b):
        found = set()
        for number in (1, 2, 3, 4, 5, 6):
            page = client.get("/alignment/side-by-side", {"a": a, "b": b, "show": "waiting", "page": number}).context[
                "page"
            ]
            found |= {r.link.name for r in page}
        return found

    assert pairs("eu-ai-act", "korea-ai-basic-act") == pairs("korea-ai-basic-act", "eu-ai-act")
    assert pairs("eu-ai-act", "korea-ai-basic-act")


def test_a_text_beside_itself_is_refused_kindly(client):
    assert "same text" in client.get("/alignment/side-by-side?a=eu-ai-act&b=eu-ai-act").content.decode()


def test_downloads_hold_the_whole_collection(client):
    lines = b"".join(client.get("/alignment/downloads/provisions.jsonl").streaming_content).decode().splitlines()
    records = [json.loads(line) for line in lines]
    assert {r["instrument"] for r in records} == set(Instrument.objects.values_list("slug", flat=True))
    table = (
        b"".join(client.get("/alignment/downloads/convergence.csv").streaming_content).decode("utf-8-sig").splitlines()
    )
    assert len(table) == 1 + 47 * 193
    links = (
        b"".join(client.get("/alignment/downloads/crosswalk.csv").streaming_content).decode("utf-8-sig").splitlines()
    )
    assert len(links) == 1 + CrosswalkLink.objects.exclude(state="rejected").count()
    topic = (
        b"".join(client.get("/alignment/downloads/topics/privacy.csv").streaming_content)
        .decode("utf-8-sig")
        .splitlines()
    )
    assert len(topic) == 1 + 193
    texts = (
        b"".join(client.get("/alignment/downloads/instruments.csv").streaming_content).decode("utf-8-sig").splitlines()
    )
    assert len(texts) == 1 + Instrument.objects.count()


@pytest.mark.parametrize("path", ["/", "/alignment/instruments", "/record/"])
def test_a_page_that_reads_refuses_to_be_written(client, path):
    assert client.post(path).status_code in {403, 405}


def test_an_instrument_that_is_not_public_appears_nowhere(client, account):
    Instrument.objects.filter(slug="eu-ai-act").update(
        visibility="members", short_title="CANARY TEXT", title="CANARY TITLE"
    )
    for path in (
        *PAGES,
        "/api/v1/instruments",
        "/api/v1/links?state=waiting",
        "/alignment/downloads/instruments.csv",
        "/alignment/downloads/crosswalk.csv",
        "/alignment/downloads/common-ground.csv",
        "/alignment/downloads/joint_actions.csv",
        "/alignment/downloads/joint_actions.json",
        "/alignment/downloads/provisions.jsonl",
    ):
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"CANARY" not in body, path
        assert b"alignment/instruments/eu-ai-act/" not in body, path
    assert client.get("/alignment/instruments/eu-ai-act").status_code == 404
    client.force_login(account("reviewer"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/alignment/instruments/eu-ai-act").status_code == 200


def test_an_act_page_shows_what_the_log_will_hold(client):
    act = Act.objects.filter(type="enter-instrument").first()
    text = client.get(f"/record/acts/{act.pk}").content.decode()
    assert act.body_sha256 in text
    assert "Not yet sequenced" in text
    assert f"/{act.subject}" in text


def test_no_member_has_stated_none_unless_it_did(client):
    assert StatedNone.objects.count() == 0
    counts = dict(client.get("/alignment/topics/privacy").context["counts"])
    assert counts["states-none"] == 0


def test_a_party_is_offered_once_in_the_filter(client):
    for path in ("/alignment/instruments", "/alignment/topics/human-oversight"):
        codes = [code for code, _name in client.get(path).context["parties"]]
        assert codes.count("USA") == 1
        assert len(codes) == len(set(codes))


def test_a_search_never_tells_that_hidden_words_exist(client):
    hidden = Instrument.objects.get(slug="us-california-sb53")
    others = {w for p in Provision.objects.exclude(instrument=hidden) for w in p.search_words.split()}
    own = {w for p in hidden.provisions.all() for w in p.search_words.split() if w.isalpha()}
    word = min(own - others)
    seen = client.get("/alignment/search", {"q": word}).context["found"]
    assert {h.provision.instrument.slug for h in seen.hits if h.by_words} == {hidden.slug}
    Instrument.objects.filter(pk=hidden.pk).update(visibility="members")
    found = client.get("/alignment/search", {"q": f"oversight {word}"}).context["found"]
    assert found.every_word is False
    assert found.hits
    assert hidden.slug not in {h.provision.instrument.slug for h in found.hits}


@pytest.mark.parametrize(
    "path", ["/", "/alignment/search?q=human", "/alignment/topics/human-oversight/briefing", "/record/"]
)
def test_every_page_offers_every_language(client, path):
    page = client.get(path).content.decode()
    assert [f'hreflang="{tag}"' in page for tag in ("ar", "zh-Hans", "en", "fr", "ru", "es")] == [True] * 6
