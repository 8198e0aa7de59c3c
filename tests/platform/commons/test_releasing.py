"""A version is released with its act, never changes, and is refused where anything about it does not hold."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785

from comity.errors import BadParameter, BadReleaseFile, Conflict, NotFound, NotPermitted
from comity.platform.commons.catalogues import whole_catalogue
from comity.platform.commons.models import Release, StoredFile, Version
from comity.platform.commons.release_terms import set_release_terms
from comity.platform.commons.release_views import manifest_seen, release_cards, release_view
from comity.platform.commons.releases_seen import file_seen
from comity.platform.commons.releasing import release_version
from comity.platform.commons.senders import may_release_more
from comity.platform.commons.sending import keep_upload
from comity.platform.record.models import Act
from support.commons import bytes_of, describe, release, send_files
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db
NOBODY = None


@pytest.fixture(autouse=True)
def _body():
    make_body()


def test_a_version_and_its_act_are_one():
    made = release()
    act = Act.objects.get(type="release-version")
    assert (act, act.subject, act.office) == (made.act, "commons/releases/words/1.0", "installation")
    assert made.manifest_sha256 == hashlib.sha256(rfc8785.dumps(made.manifest)).hexdigest()
    assert made.revision == made.manifest_sha256[:40]
    assert hashlib.sha256(manifest_seen(sha256=made.manifest_sha256, user=NOBODY)).hexdigest() == made.manifest_sha256


def test_what_a_reader_sees_answers_first():
    release(contents={"README.md": b"# Hi\n", "w.bin": b"\x80\x04\x95" + bytes_of(2, 50)})
    view = release_view(slug="words", user=NOBODY, language="fr")
    card = view.card
    assert (card.title, card.offline, card.hardware, card.memory_gb) == ("Words (fr)", True, "a laptop", 4.0)
    assert (card.languages, card.measured, card.licence_class) == (("fr", "sw"), ("sw",), "open")
    assert (view.version.readme, view.card.size) == ("# Hi\n", 58)
    marks = {f.path: (f.risk, f.scan, f.given) for f in view.version.files}
    assert marks == {"README.md": ("none", "unscanned", True), "w.bin": ("code", "unscanned", True)}
    assert "pickle" in next(f.risk_reason for f in view.version.files if f.path == "w.bin")


def test_a_further_version_links_to_the_one_before():
    release()
    second = release(label="2.0", contents={"README.md": b"new"})
    assert second.number == 2
    links = set(second.act.links.values_list("subject", "relation", "object"))
    assert links == {("commons/releases/words/2.0", "wasRevisionOf", "commons/releases/words/1.0")}
    assert [v.label for v in release_view(slug="words", user=NOBODY).versions] == ["2.0", "1.0"]
    assert release_view(slug="words", user=NOBODY, name="1.0").version.card.label == "1.0"
    assert release_view(slug="words", user=NOBODY, name=second.revision).version.card.label == "2.0"


def test_the_same_label_or_the_same_content_is_refused():
    release()
    with pytest.raises(Conflict, match="never changes"):
        release(contents={"README.md": b"other"})
    with pytest.raises(Conflict, match=r"same as a version"):
        release(label="1.1")
    assert Version.objects.count() == 1


def test_a_delegation_releases_for_its_own_member_alone():
    head = account_with("head", member="m1")
    made = release(member="m1", by=head)
    assert (made.release.namespace, made.act.office, made.act.member) == ("m1", "head", "m1")
    with pytest.raises(NotPermitted):
        release("others", member="m2", by=head)
    with pytest.raises(NotPermitted):
        release("of-the-body", by=head)
    with pytest.raises(Conflict, match="Another shares"):
        release(label="2.0", contents={"README.md": b"x"})


def test_the_secretariat_releases_what_is_the_body_s_and_nothing_in_a_member_s_name():
    secretariat = account_with("secretariat")
    release("theirs", member="m1")
    for slug, label in (("new-one", "1.0"), ("theirs", "2.0")):
        with pytest.raises(NotPermitted):
            release(slug, label, member="m1", contents={"README.md": b"# x"}, by=secretariat)
    with pytest.raises(NotPermitted):
        keep_upload(chunks=[b"x"], member="m1", by=secretariat)
    with pytest.raises(NotPermitted):
        set_release_terms(slug="theirs", template="", by=secretariat)
    assert not may_release_more(slug="theirs", user=secretariat)
    assert release("ours", by=secretariat).act.office == "secretariat"
    assert may_release_more(slug="ours", user=secretariat)


@pytest.mark.parametrize("role", ["delegate", "adviser", "observer", "reviewer", "operator", "public"])
def test_no_other_role_releases(role):
    user = account_with(role)
    with pytest.raises(NotPermitted):
        release(member="m1", by=user)
    assert not Release.objects.exists()


def test_a_member_without_a_seat_releases_nothing():
    head = account_with("head", member="m3")
    with pytest.raises(Conflict, match="no seat"):
        release(member="m3", body="oversight")
    assert release(member="m3", by=head).number == 1


@pytest.mark.parametrize(
    "given, says",
    [
        ({"slug": "Words"}, "small letters"),
        ({"slug": "new"}, "another name"),
        ({"kind": "app"}, "model, dataset"),
        ({"label": "main"}, "not main"),
        ({"label": "1/2"}, "at most 40"),
        ({"label": "a" * 40}, "at most 40"),
        ({"titles": {}}, "one of the six"),
        ({"titles": {"de": "Wörter"}}, "ar, en"),
        ({"titles": {"en": "a\u202eb"}}, "digits and signs"),
        ({"authority": " "}, "the rule"),
        ({"files": {}}, "1 to 10000"),
        ({"files": {"../x": "0" * 64}}, "leads out"),
        ({"files": {"/x": "0" * 64}}, "not relative"),
        ({"files": {"a": "0" * 64, "A": "0" * 64}}, "the same as"),
        ({"files": {"a": "0" * 64, "a/b": "0" * 64}}, "not both"),
        ({"files": {"a": "0" * 64}}, "sent whole"),
        ({"authors": [""]}, "1 to 200"),
        ({"visibility": "secret"}, "public, members"),
        ({"visibility": "delegation"}, "delegation:NAME"),
    ],
)
def test_what_cannot_be_released_is_told_and_nothing_is_kept(given, says):
    asked = {
        "body": "assembly",
        "slug": "words",
        "kind": "model",
        "label": "1.0",
        "titles": {"en": "Words"},
        "files": send_files({"README.md": b"x"}, by=account_with("secretariat")),
        "description": describe(),
        "authority": "Rule 9",
        "by": account_with("secretariat"),
        **given,
    }
    with pytest.raises(BadParameter) as refused:
        release_version(**asked)
    assert says in str(refused.value)
    assert not Release.objects.exists()
    assert not Act.objects.filter(type="release-version").exists()


@pytest.mark.parametrize(
    "description, says",
    [
        ({}, "version of this form"),
        (describe("dataset"), "the release is a model"),
        (describe(version="9"), 'the label is "1.0"'),
        (describe(components=[{"id": "w", "kind": "other", "files": ["gone.txt"]}]), "not there"),
        (describe(components=[{"id": "w", "kind": "other", "files": [{"path": "README.md", "size": 1}]}]), "bytes"),
        (describe(running={"memory_gb": 2**60 + 1}), "too large"),
    ],
)
def test_a_description_of_other_files_is_refused(description, says):
    with pytest.raises(BadReleaseFile, match=says):
        release(description=description)
    assert not Release.objects.exists()


def test_whoever_knows_a_digest_does_not_get_a_restricted_file_by_releasing_it():
    secret = bytes_of(9, 400)
    made = release("hidden", contents={"README.md": secret}, visibility="delegation", audience="delegation:m1")
    digest = made.manifest["files"][0]["sha256"]
    other = account_with("head", member="m2")
    asked = {
        "body": "assembly",
        "slug": "stolen",
        "kind": "model",
        "label": "1",
        "titles": {"en": "x"},
        "files": {"README.md": digest},
        "description": describe(),
        "authority": "Rule 9",
        "member": "m2",
        "by": other,
    }
    with pytest.raises(BadParameter, match="sent whole"):
        release_version(**asked)
    own = account_with("head", member="m1")
    assert file_seen(sha256=digest, user=own).size == 400
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=other)


def test_a_restricted_release_is_nowhere_for_others():
    made = release("canary-title", visibility="delegation", audience="delegation:m1")
    own, other = account_with("head", member="m1"), account_with("head", member="m2")
    for user in (NOBODY, other, account_with("public")):
        assert release_cards(user=user) == ()
        assert b"canary" not in whole_catalogue(user=user)
        with pytest.raises(NotFound):
            manifest_seen(sha256=made.manifest_sha256, user=user)
        with pytest.raises(NotFound):
            release_view(slug="canary-title", user=user)
    assert [c.slug for c in release_cards(user=own)] == ["canary-title"]
    assert (made.act.visibility, made.act.audience) == ("delegation", "delegation:m1")


def test_the_catalogue_names_all_in_one_order():
    for slug in ("zeta", "alpha"):
        release(slug, contents={"README.md": slug.encode()})
    told = json.loads(whole_catalogue(user=NOBODY))
    assert [r["reference"] for r in told["releases"]] == ["commons/releases/alpha", "commons/releases/zeta"]
    digest = hashlib.sha256(b"alpha").hexdigest()
    assert told["releases"][0]["versions"][0]["files"] == [{"path": "README.md", "size": 5, "sha256": digest}]
    assert [c.title for c in release_cards(user=NOBODY)] == ["Alpha", "Zeta"]


def test_an_infected_file_is_neither_released_nor_given():
    made = release()
    digest = made.manifest["files"][0]["sha256"]
    StoredFile.objects.filter(sha256=digest).update(scan="infected")
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=NOBODY)
    with pytest.raises(BadParameter, match="virus"):
        release("again")


def test_in_quarantine_only_what_is_clean_is_given(settings):
    settings.QUARANTINE = True
    digest = release().manifest["files"][0]["sha256"]
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=NOBODY)
    assert [f.given for f in release_view(slug="words", user=NOBODY).version.files] == [False, False]
    StoredFile.objects.filter(sha256=digest).update(scan="clean")
    assert file_seen(sha256=digest, user=NOBODY).sha256 == digest


@pytest.mark.parametrize(
    "there, asked, is_kept",
    [
        ("public", "members", False),
        ("public", "delegation:m1", False),
        ("members", "delegation:m1", False),
        ("members", "public", True),
        ("delegation:m1", "members", True),
    ],
)
def test_a_further_version_is_never_seen_by_more_than_its_sender_named(there, asked, is_kept):
    """A version stays in the circle of its release: who names a narrower one is told so, and nothing is published."""

    def circle(named: str) -> dict[str, str]:
        return {"visibility": named.partition(":")[0], "audience": named if ":" in named else ""}

    release(member="m1", **circle(there))
    again = {"label": "2.0", "member": "m1", "contents": {"README.md": b"# Again"}, **circle(asked)}
    if is_kept:
        assert release(**again).release.visibility == there.partition(":")[0]
        return
    with pytest.raises(Conflict, match="More see this release than you ask for"):
        release(**again)
    assert (Version.objects.count(), Act.objects.filter(type="release-version").count()) == (1, 1)
