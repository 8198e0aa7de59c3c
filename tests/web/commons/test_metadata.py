"""Metadata of releases in the forms of others, a feed, and the links by which machines find both: each under the release's circle."""

from __future__ import annotations

import json
import re

import mlcroissant
import pytest
import yaml
from defusedxml.ElementTree import fromstring
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.adapters.metadata_forms import FORMS, forms_of
from comity.platform.commons.models import StoredFile
from comity.platform.commons.taking_down import take_release_down
from comity.platform.commons.tokens import make_token
from support.commons import describe, release
from support.pages import signed_in
from support.parties import SET_UP, account_with, make_body

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]
ATOM = "{http://www.w3.org/2005/Atom}"
TABLE = {"README.md": b"# Lists\n", "data/list one.csv": b"code,label\n1,one\n"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    settings.DATA = tmp_path
    make_body()


def form(name, *, slug="words", label="1.0", client=None, status=200, **given):
    answer = (client or Client()).get(f"/commons/releases/{slug}/{label}/metadata/{name}", **given)
    assert answer.status_code == status, answer.content
    return answer


@pytest.mark.parametrize("kind", ["model", "dataset", "tool", "course", "paper"])
def test_every_form_of_a_kind_is_answered_and_no_other(kind):
    release(kind=kind)
    for name in FORMS:
        found = form(name, status=200 if name in forms_of(kind) else 404)
        if name in forms_of(kind):
            assert found["Content-Type"].startswith(FORMS[name].media_type)
            assert found["Content-Disposition"] == f'attachment; filename="{name}"'
            assert found["Cache-Control"] == "private, no-cache"
    form("nothing.json", status=404)
    form("schema.json", label="9.9", status=404)


def test_a_croissant_is_valid_and_names_columns_and_whole_addresses():
    release("lists", kind="dataset", contents=TABLE, member="m1")
    found = mlcroissant.Dataset(json.loads(form("croissant.json", slug="lists").content)).metadata
    assert found.issues.errors == set()
    assert {f.name: f.content_url for f in found.distribution} == {
        "README.md": "http://testserver/hub/datasets/m1/lists/resolve/1.0/README.md",
        "data/list one.csv": "http://testserver/hub/datasets/m1/lists/resolve/1.0/data/list%20one.csv",
    }
    assert [[f.name for f in r.fields] for r in found.record_sets] == [["code", "label"]]
    for file in found.distribution:
        given = Client().get(file.content_url.removeprefix("http://testserver"))
        assert b"".join(given.streaming_content) == TABLE[file.name]


def test_a_card_keeps_the_text_of_the_releases_own_card_under_a_head_of_ours():
    card = b"---\nlicense: mit\n---\n# Words\n\n- one\n- two\n"
    release(contents={"README.md": card, "w.safetensors": b"1"})
    head, text = form("README.md").content.decode().removeprefix("---\n").split("---\n", 1)
    assert yaml.safe_load(head)["license_name"] == "Apache-2.0 AND CC-BY-4.0"
    assert text == "# Words\n\n- one\n- two\n"


def test_an_unchanged_form_is_not_sent_again():
    release()
    tag = form("schema.json")["ETag"]
    assert form("schema.json", headers={"If-None-Match": tag}, status=304).content == b""
    release(label="2.0", contents={"README.md": b"# New\n"})
    assert form("schema.json")["ETag"] == tag
    assert form("schema.json", label="2.0")["ETag"] != tag


def test_forms_of_a_closed_release_open_to_its_circle_alone():
    release(member="m1", visibility="delegation", audience="delegation:m1")
    own, other = (account_with("head", member=m) for m in ("m1", "m2"))
    (_, token), (_, strange) = (make_token(name="x", member=u, days=1, by=b) for u, b in (("m1", own), ("m2", other)))
    for name in forms_of("model"):
        form(name, status=404)
        form(name, headers={"Authorization": f"Bearer {strange}"}, status=404)
        assert b"Words" in form(name, headers={"Authorization": f"Bearer {token}"}).content
    assert form("dcat.jsonld", headers={"Authorization": "Bearer comity_wrong"}, status=401)
    rights = json.loads(form("dcat.jsonld", headers={"Authorization": f"Bearer {token}"}).content)["dct:accessRights"]
    assert rights["@id"].endswith("/RESTRICTED")


def test_nothing_is_told_of_what_was_taken_down_or_is_held_back(settings):
    release("lists", kind="dataset", contents=TABLE)
    assert "list%20one" in form("croissant.json", slug="lists").content.decode()
    StoredFile.objects.filter(size=len(TABLE["data/list one.csv"])).update(scan="infected")
    for name in forms_of("dataset"):
        assert b"list one.csv" not in form(name, slug="lists").content
    settings.QUARANTINE = True
    assert json.loads(form("schema.json", slug="lists").content).get("distribution") is None
    take_release_down(slug="lists", rule="Rule 30", reason="x", by=SET_UP)
    for name in forms_of("dataset"):
        form(name, slug="lists", status=404)
    page = Client().get("/commons/releases/lists")
    assert page.status_code == 200
    assert "Link" not in page
    assert b"itemscope" not in page.content


def test_the_page_points_at_every_form_and_every_pointer_leads_somewhere():
    release("lists", kind="dataset", contents=TABLE)
    page = Client().get("/commons/releases/lists")
    links = re.findall(r'<([^>]+)>; rel="([a-z-]+)"', page["Link"])
    assert {rel for _, rel in links} == {"cite-as", "type", "publisher", "license", "describedby", "item"}
    assert ("http://testserver/commons/releases/lists/1.0", "cite-as") in links
    assert ("https://schema.org/Dataset", "type") in links
    described = [at for at, rel in links if rel == "describedby"]
    assert len(described) == len(forms_of("dataset"))
    for at in [*described, *(at for at, rel in links if rel in {"cite-as", "item"})]:
        assert Client().get(at.removeprefix("http://testserver")).status_code == 200
    for name in forms_of("dataset"):
        assert f'href="/commons/releases/lists/1.0/metadata/{name}"' in page.content.decode()


def test_the_links_of_a_release_with_many_long_names_fit_a_servers_headers():
    contents = {f"{'كتاب' * 20}/{n}.csv": f"a,b\n{n},1\n".encode() for n in range(40)}
    release("lists", kind="dataset", contents=contents)
    page = Client().get("/commons/releases/lists")
    links = page["Link"].split(", ")
    assert len(page["Link"]) <= 3000
    assert 0 < sum('rel="item"' in link for link in links) < 40
    assert len(json.loads(form("schema.json", slug="lists").content)["distribution"]) == 40


def test_the_page_holds_schema_orgs_words_as_microdata():
    release("lists", kind="dataset", contents=TABLE, titles={"en": 'A "list" & more'}, authors=["Asha <b>"])
    page = Client().get("/commons/releases/lists").content.decode()
    assert 'itemtype="https://schema.org/Dataset" itemid="http://testserver/commons/releases/lists/1.0"' in page
    assert '<meta itemprop="name" content="A &quot;list&quot; &amp; more">' in page
    assert '<link itemprop="license" href="https://spdx.org/licenses/CC-BY-4.0">' in page
    assert 'itemtype="https://schema.org/DataDownload"' in page
    assert "Asha &lt;b&gt;" in page
    assert "<script" not in page


def entries(client=None, **given):
    answer = (client or Client()).get("/commons/feed", **given)
    assert answer.status_code == 200
    root = fromstring(answer.content)
    return answer, root, [e.findtext(f"{ATOM}title") for e in root.iter(f"{ATOM}entry")]


def test_the_feed_is_valid_atom_with_the_newest_version_first():
    release(summaries={"en": "Words & <more>"})
    release(label="2.0", contents={"README.md": b"# Two\n"}, summaries={"en": "Words"})
    answer, root, titles = entries()
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert titles == ["Words, 2.0", "Words, 1.0"]
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
        assert all(e.find(f"{ATOM}{name}") is not None for e in root.iter(f"{ATOM}entry"))
    ids = [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")]
    assert ids == [f"http://testserver/commons/releases/words/{n}.0" for n in (2, 1)]
    assert [e.findtext(f"{ATOM}summary") for e in root.iter(f"{ATOM}entry")] == ["Words", "Words &amp; &lt;more&gt;"]
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://testserver/commons/feed"
    assert [e.findtext(f"{ATOM}title") for e in entries(headers={"Accept-Language": "fr"})[1].iter(f"{ATOM}entry")] == [
        "Words (fr), 2.0",
        "Words (fr), 1.0",
    ]
    for page in ("/commons/", "/commons/releases/words"):
        assert (
            '<link rel="alternate" type="application/atom+xml" href="/commons/feed"'
            in Client().get(page).content.decode()
        )
    assert Client().get("/commons/feed", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_feed_holds_what_its_reader_sees():
    release("open-words")
    release("of-members", visibility="members")
    release("of-one", member="m1", visibility="delegation", audience="delegation:m1")
    release("gone")
    take_release_down(slug="gone", rule="Rule 30", reason="x", by=SET_UP)
    assert entries()[2] == ["Open-Words, 1.0"]
    assert set(entries(signed_in("delegate", member="m2"))[2]) == {"Open-Words, 1.0", "Of-Members, 1.0"}
    own = account_with("head", member="m1")
    _, token = make_token(name="x", member="m1", days=1, by=own)
    found = entries(headers={"Authorization": f"Bearer {token}"})[2]
    assert set(found) == {"Open-Words, 1.0", "Of-Members, 1.0", "Of-One, 1.0"}


def test_a_feed_is_as_many_questions_to_the_database_for_many_as_for_one(django_assert_num_queries):
    release("one")
    with CaptureQueriesContext(connection) as first:
        entries()
    for n in range(5):
        release(f"more-{n}", contents={"README.md": f"# {n}\n".encode()}, member="m1")
    with django_assert_num_queries(len(first)):
        assert len(entries()[2]) == 6


def test_what_a_release_states_nothing_of_is_in_no_form():
    release(description=describe(languages=[], running={}))
    told = json.loads(form("schema.json").content)
    assert "inLanguage" not in told
    assert "additionalProperty" not in told
