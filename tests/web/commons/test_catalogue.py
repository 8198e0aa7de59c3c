"""The catalogue and the page of a release: what decides comes first, each part with its reason, and who sees it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.platform.commons.taking_down import take_release_down
from comity.platform.record.log import open_log, prepare_key
from comity.web.templatetags.comity import data_size
from support.commons import bytes_of, describe, release
from support.pages import page, signed_in
from support.parties import SET_UP, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    settings.DATA = tmp_path
    make_body()


def test_a_release_answers_first_and_its_parts_stand_with_their_reasons():
    made = release(contents={"README.md": b"# Hi\n", "w.bin": b"\x80\x04\x95" + bytes_of(2, 50)})
    assert "/commons/releases/words" in page(Client(), "/commons/")
    shown = page(Client(), "/commons/releases/words")
    for said in ("Yes, once fetched", "a laptop", "Openness of each part", "Not scanned", "Loading it can run code"):
        assert said in shown
    assert "1.0" in page(Client(), "/commons/releases/words/1.0")
    for held in made.files.select_related("content"):
        assert held.content.sha256 in shown


def test_filters_leave_out_what_does_not_fit():
    release()
    assert "/commons/releases/words" in page(Client(), "/commons/?kind=model&offline=yes&tongue=sw&licence=open")
    assert "Nothing here fits." in page(Client(), "/commons/?kind=paper")
    assert Client().get("/commons/?kind=weapon").status_code == 400
    assert Client().get("/commons/releases/nothing").status_code == 404


def test_a_release_for_members_is_there_for_members_alone():
    release(visibility="members")
    assert Client().get("/commons/releases/words").status_code == 404
    assert "/commons/releases/words" not in page(Client(), "/commons/")
    assert "/commons/releases/words" in page(signed_in("delegate"), "/commons/")


def test_the_line_that_fetches_names_the_key_without_which_nothing_is_taken_in():
    prepare_key(origin="test.invalid/record")
    key = open_log().vkey
    release()
    assert f"comity commons fetch words --from http://testserver --to words --key {key}<" in page(
        Client(), "/commons/releases/words"
    )


def test_words_are_found_in_any_language_whatever_case_and_accents():
    release("voz", titles={"es": "Voz de la Montaña", "ar": "صوتُ الجبل"}, summaries={"fr": "Reconnaît la parole"})
    release("other", contents={"README.md": b"x"}, titles={"en": "Other"})
    for words in ("montana", "VOZ", "reconnait parole", "صوت", "Montaña  voz", "voz assembly"):
        shown = page(Client(), f"/commons/?q={words}")
        assert ("/commons/releases/voz" in shown, "/commons/releases/other" in shown) == (True, False), words
    for words in ("montana other", "!!!", "zzz"):
        assert "Nothing here fits." in page(Client(), f"/commons/?q={words}")
    assert Client().get(f"/commons/?q={'x' * 201}").status_code == 400


def described(**running):
    return describe("model", paths=("README.md",)) | {"running": running}


@pytest.mark.parametrize(
    "running, machines",
    [
        ({"memory_gb": 4}, {"phone", "laptop", "card"}),
        ({"memory_gb": 4.1, "gpu_memory_gb": 0}, {"laptop", "card"}),
        ({"memory_gb": 8}, {"laptop", "card"}),
        ({"memory_gb": 2, "gpu_memory_gb": 24}, {"card"}),
        ({"gpu_memory_gb": 25}, set()),
        ({"memory_gb": 64}, set()),
        ({}, set()),
    ],
)
def test_what_a_release_runs_on_is_what_it_states_that_it_needs(running, machines):
    release(contents={"README.md": b"x"}, description=described(**running))
    for machine in ("phone", "laptop", "card"):
        shown = page(Client(), f"/commons/?runs={machine}")
        assert ("/commons/releases/words" in shown) == (machine in machines), machine
    if not running:
        assert "1 release does not state how much memory it needs, and is left out." in page(
            Client(), "/commons/?runs=card"
        )


def test_each_answer_says_how_many_it_would_leave_and_counts_nothing_that_is_not_seen():
    release("a", member="m1")
    release("b", member="m2", kind="dataset", contents={"x.csv": b"x"})
    release("c", member="m2", visibility="members", contents={"README.md": b"c"})
    shown = page(Client(), "/commons/")
    assert '<option value="model">Model (1)</option>' in shown
    assert '<option value="m2">' in shown
    assert re.search(r'<option value="m2">[^<]* \(1\)</option>', shown)
    assert re.search(r'<option value="m2">[^<]* \(2\)</option>', page(signed_in("delegate"), "/commons/"))
    picked = page(Client(), "/commons/?member=m1")
    assert '<option value="dataset">Data set (0)</option>' in picked
    assert "1 release of 2 fits." in picked


def test_members_whose_releases_are_not_seen_are_no_answer():
    release("c", member="m2", visibility="members", contents={"README.md": b"c"})
    assert 'value="m2"' not in page(Client(), "/commons/")
    assert Client().get("/commons/?member=m2").status_code == 400
    assert "Nothing was released yet." in page(Client(), "/commons/")


def count_queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_long_catalogue_asks_the_database_no_more_than_a_short_one():
    client = signed_in("delegate")
    for n in range(3):
        release(f"r{n}", contents={"README.md": b"%d" % n}, member="m1" if n % 2 else "")
    addresses = ("/commons/", "/commons/?q=r&kind=model", "/hub/comity/catalogue.json", "/")
    for address in addresses:
        client.get(address)
    few = [count_queries(client, address) for address in addresses]
    for n in range(3, 30):
        release(f"r{n}", contents={"README.md": b"%d" % n}, member="m1" if n % 2 else "")
    for address in addresses:
        client.get(address)
    for address, before in zip(addresses, few, strict=True):
        assert count_queries(client, address) <= before, address


def test_a_card_has_what_the_latest_version_says():
    release()
    release(label="2.0", contents={"README.md": b"two"}, description=described(offline=False, memory_gb=64))
    shown = page(Client(), "/commons/")
    assert "works offline" not in shown.split("</form>")[1]
    assert "/commons/releases/words" not in page(Client(), "/commons/?runs=phone")


def test_the_size_of_the_whole_catalogue_is_that_of_its_file():
    release()
    size = len(Client().get("/hub/comity/catalogue.json").content)
    assert f"Whole catalogue as a file (JSON, {data_size(size)})" in page(Client(), "/commons/")


def test_a_page_says_authors_origin_energy_and_the_act_and_what_is_not_stated():
    made = release(
        contents={"README.md": b"x"},
        description=described(energy="410 kWh", training_compute="120 hours", gpu_memory_gb=0),
        authors=["An institute", "<b>A ministry</b>"],
        provenance="From recordings",
    )
    raw = Client().get("/commons/releases/words").content.decode()
    for said in (
        "An institute",
        "&lt;b&gt;A ministry&lt;/b&gt;",
        "From recordings",
        "410 kWh",
        "120 hours",
        "no graphics card",
    ):
        assert said in raw
    assert f"/record/acts/{made.act_id}" in raw or str(made.act_id) in raw
    assert made.manifest_sha256 in raw
    assert re.search(r"<dt>Works offline</dt><dd>Not stated", raw)


def test_four_languages_with_figures_are_a_table_and_three_are_a_line():
    def spoken(n):
        return [
            {
                "language": code,
                "measure": "accuracy",
                "value": 0.5,
                "n": 1200,
                "low": 0.4,
                "high": 0.6,
                "source": "ours",
            }
            for code in ("ar", "fr", "sw", "zh")[:n]
        ]

    release("three", contents={"README.md": b"3"}, description=describe(paths=("README.md",), languages=spoken(3)))
    release("four", contents={"README.md": b"4"}, description=describe(paths=("README.md",), languages=spoken(4)))
    assert "Quality in each language" not in page(Client(), "/commons/releases/three")
    shown = page(Client(), "/commons/releases/four")
    assert "Quality measured in 4 languages, below." in shown
    assert "0.4 – 0.6" in shown
    assert "1,200" in shown


def test_the_card_is_text_and_nothing_in_it_is_a_link_a_picture_or_a_script():
    card = (
        b"---\nlicense: mit\n---\n# Hi <script>alert(1)</script>\n[here](javascript:alert(1)) ![x](http://evil.example/p.png)\n"
        b"<img src=x onerror=alert(1)>\n- one\n```\nprint('<b>')\n```\n\xe2\x80\xaehidden\n"
    )
    release(contents={"README.md": card})
    raw = Client().get("/commons/releases/words").content.decode()
    text = raw[raw.index('id="card"') : raw.index('id="files"')]
    for bad in ("<script", "<img", 'href="javascript', "\u202e", "license: mit"):
        assert bad not in text
    for said in ("Hi &lt;script&gt;", "here (javascript:alert(1))", "<li", "print(&#x27;&lt;b&gt;&#x27;)"):
        assert said in text


def test_a_card_of_two_hundred_thousand_signs_and_many_files_leave_the_page_small():
    many = {f"data/{n:03}.csv": b"%d" % n for n in range(120)}
    release(kind="dataset", contents={"README.md": b"word " * 39_000, **many})
    answer = Client().get("/commons/releases/words")
    assert len(answer.content) < 100_000
    assert "The rest is in the file." in answer.content.decode()
    assert "Page 1 of 3" in page(Client(), "/commons/releases/words")
    assert "data/119.csv" in page(Client(), "/commons/releases/words?page=3")


def test_a_version_that_was_kept_without_codes_says_its_reasons_in_english():
    made = release(contents={"README.md": b"x"})
    for component in made.openness["components"]:
        del component["licence"]["because"]
    del made.openness["licence"]["because"]
    for indicator in made.openness["public_good_indicators"]:
        del indicator["because"]
    made.save()
    shown = page(Client(), "/commons/releases/words?lang=fr")
    assert '<span lang="en" dir="ltr">CC-BY-4.0: open by FSF and OKF</span>' in shown


def test_home_shows_the_latest_that_is_seen_and_search_leads_on():
    release("shown", contents={"README.md": b"1"})
    release("hidden", contents={"README.md": b"2"}, visibility="members")
    shown = page(Client(), "/")
    assert ("/commons/releases/shown" in shown, "/commons/releases/hidden" in shown) == (True, False)
    assert "/commons/releases/hidden" in page(signed_in("delegate"), "/")


def test_a_card_is_read_no_more_than_its_file_is_given(settings):
    release(contents={"README.md": b"# A name of somebody\n", "w.bin": bytes_of(2, 50)})
    assert "A name of somebody" in page(Client(), "/commons/releases/words")
    settings.QUARANTINE = True
    assert "A name of somebody" not in page(Client(), "/commons/releases/words")
    settings.QUARANTINE = False
    take_release_down(slug="words", rule="Rule 9", reason="It named a person.", by=SET_UP)
    for address in ("/commons/releases/words", "/commons/releases/words/1.0", "/api/v1/commons/releases/words"):
        assert "A name of somebody" not in page(Client(), address)


def test_whoever_names_many_languages_does_not_make_the_page_long_for_everybody():
    spoken = [{"language": f"{a}{b}"} for a in "abcdefghijklmnopqrstuvwxyz" for b in "abcdefghijklmnopqrstuvwxyz"]
    release(contents={"README.md": b"x"}, description=describe(paths=("README.md",), languages=spoken))
    for address in ("/commons/", "/commons/releases/words"):
        answer = Client().get(address)
        assert len(answer.content) < 100_000
        assert answer.content.decode().count("</option>") < 450
