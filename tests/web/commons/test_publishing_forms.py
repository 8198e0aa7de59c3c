"""A release by form: looked at first, then released whole or not at all; what was typed and sent is kept on every refusal."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.platform.commons.models import Release, Sending, Version
from comity.platform.record.models import Act
from support.commons import bytes_of, release
from support.pages import page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db
NEW = "/commons/releases/new"
TYPED = {
    "for": "assembly/m1",
    "title_en": "Words of the coast",
    "summary_fr": "Une liste de mots.",
    "kind": "dataset",
    "slug": "coast",
    "label": "1.0",
    "licence": "CC-BY-4.0",
    "languages": "sw, fr",
    "offline": "yes",
    "memory_gb": "0,5",
    "authors": "Ministry of the Coast\nA university",
    "provenance": "From recordings\nmade in 2026",
    "seen_by": "members",
    "authority": "Rule 9",
}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    settings.DATA = tmp_path
    make_body()


def csv(name="words.csv", content=b"word,n\nbahari,1\n"):
    return SimpleUploadedFile(name, content)


def sent(client, address=NEW, **given):
    """Send the form as a browser does: what was typed, and what the page before it held."""
    answer = client.post(address, given)
    return answer.status_code, answer.content.decode()


def held_by(shown: str) -> dict[str, str]:
    """What a page holds of the files: hidden fields, and the kinds that are chosen."""
    found = dict(re.findall(r'type="hidden" name="([a-z0-9-]+)" value="([^"]*)"', shown))
    for name, options in re.findall(r'<select id="kind-\d+" name="(kind-\d+)">(.*?)</select>', shown, flags=re.DOTALL):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    found.pop("csrfmiddlewaretoken", None)
    return found


def releases_on_the_record() -> int:
    return Act.objects.filter(type="release-version").count()


def look(client, address=NEW, *, files=(), **given):
    return sent(client, address, do="look", files=list(files), **given)


def test_a_head_looks_then_releases_and_all_that_was_said_stands_on_the_page():
    head = signed_in("head", member="m1")
    status, shown = look(head, files=[csv(), csv("README.md", b"# Coast\n")], **TYPED)
    assert status == 200
    assert "Nothing is released yet." in shown
    assert (Release.objects.count(), releases_on_the_record(), Sending.objects.count()) == (0, 0, 2)
    held = held_by(shown)
    assert (held["kind-1"], held["kind-2"]) == ("datasets", "data-card")
    assert held["for"] == "assembly/m1"
    answer = head.post(NEW, TYPED | held | {"do": "release", "sure": "yes"})
    assert answer["Location"] == "/commons/releases/coast"
    version = Version.objects.get()
    assert (version.release.visibility, version.act.office, version.act.member) == ("members", "head", "m1")
    assert version.manifest["authors"] == ["Ministry of the Coast", "A university"]
    assert version.manifest["provenance"] == "From recordings made in 2026"
    assert version.openness["running"]["memory_gb"] == 0.5
    told = page(head, "/commons/releases/coast")
    for said in ("Ministry of the Coast", "From recordings made in 2026", "CC-BY-4.0", "0.5 GB of memory", "Kiswahili"):
        assert said in told
    assert Client().get("/commons/releases/coast").status_code == 404


def test_what_was_changed_after_the_look_is_looked_at_again():
    head = signed_in("head", member="m1")
    _, shown = look(head, files=[csv()], **TYPED)
    held = held_by(shown)
    for change in ({"licence": "MIT"}, {"kind-1": "evaluation-data"}, {"seen_by": "public"}, {"seal": "0" * 32}):
        status, again = sent(head, **(TYPED | held | change | {"do": "release", "sure": "yes"}))
        assert status == 409
        assert "Something was changed after you had looked at it." in again
    status, again = sent(head, **(TYPED | held | {"do": "release"}))
    assert status == 400
    assert Release.objects.count() == releases_on_the_record() == 0


@pytest.mark.parametrize(
    "wrong, status",
    [
        ({"title_en": ""}, 400),
        ({"kind": ""}, 400),
        ({"slug": "A name"}, 400),
        ({"slug": "new"}, 400),
        ({"label": "main"}, 400),
        ({"languages": "Kiswahili!"}, 400),
        ({"memory_gb": "much"}, 400),
        ({"gpu_memory_gb": "1e9"}, 400),
        ({"offline": "perhaps"}, 400),
        ({"seen_by": "everyone"}, 400),
        ({"seen_by": ""}, 400),
        ({"authority": ""}, 400),
        ({"slug": "taken"}, 409),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_the_files_that_came(wrong, status):
    release("taken", member="m2")
    head = signed_in("head", member="m1")
    before = (Release.objects.count(), Act.objects.count())
    code, shown = look(head, files=[csv()], **(TYPED | wrong))
    assert code == status
    assert "Nothing was released. What you typed and the files that came are kept below." in shown
    assert (Release.objects.count(), Act.objects.count()) == before
    kept = TYPED | wrong
    for name in ("label", "licence", "languages", "memory_gb", "authority"):
        assert f'name="{name}"' in shown
        assert f'value="{kept[name]}"' in shown
    assert "Une liste de mots." in shown
    held = held_by(shown)
    assert (held["path-1"], held["size-1"]) == ("words.csv", "16")
    code, shown = look(head, **(TYPED | held))
    assert (code, "Nothing is released yet." in shown) == (200, True)


def test_no_file_or_one_that_describes_itself_or_too_many_are_refused():
    head = signed_in("head", member="m1")
    assert look(head, **TYPED)[0] == 400
    status, shown = look(head, files=[csv("comity-release.json", b"{}")], **TYPED)
    assert (status, "comity commons publish" in shown) == (400, True)
    _, shown = look(head, files=[csv(f"{n}.csv", b"%d" % n) for n in range(20)], **TYPED)
    status, shown = look(head, files=[csv("one-more.csv", b"x")], **(TYPED | held_by(shown)))
    assert status == 400
    assert len([n for n in held_by(shown) if n.startswith("path-")]) == 20
    assert Release.objects.count() == 0


def test_a_file_is_left_out_or_replaced_by_one_of_the_same_name():
    head = signed_in("head", member="m1")
    _, shown = look(head, files=[csv(), csv("b.csv", b"b")], **TYPED)
    held = held_by(shown)
    _, shown = look(head, files=[csv("b.csv", b"other")], **(TYPED | held | {"drop-1": "yes"}))
    after = held_by(shown)
    assert [after[n] for n in sorted(after) if n.startswith("path-")] == ["b.csv"]
    assert after["sha256-1"] != held["sha256-2"]


def test_nobody_releases_content_of_others_by_its_digest():
    hidden = release(
        "hidden", contents={"x.bin": b"secret"}, member="m2", visibility="delegation", audience="delegation:m2"
    )
    digest = hidden.files.get().content.sha256
    head = signed_in("head", member="m1")
    status, shown = look(head, **(TYPED | {"path-1": "x.bin", "sha256-1": digest, "size-1": "6", "kind-1": "datasets"}))
    assert status == 400
    assert "Nothing is released yet." not in shown
    assert Release.objects.count() == 1


@pytest.mark.parametrize("role", ["delegate", "adviser", "observer", "reviewer", "operator"])
def test_no_other_role_has_the_form(role):
    release()
    browser = signed_in(role)
    assert browser.get(NEW).status_code == 403
    assert browser.get("/commons/releases/words/new").status_code == 403
    assert browser.post(NEW, TYPED | {"for": ""}).status_code == 403
    assert "/commons/releases/new" not in page(browser, "/commons/")


def test_the_public_has_no_form_and_its_files_are_not_taken():
    release()
    for address in (NEW, "/commons/releases/words/new"):
        assert Client().get(address)["Location"] == f"/sign-in?next={address}"
    assert Client().post(NEW, TYPED | {"files": [csv()]}).status_code == 413
    assert not Sending.objects.filter(size=16).exists()


def test_a_head_releases_for_its_own_member_alone():
    head = signed_in("head", member="m1")
    assert look(head, files=[csv()], **(TYPED | {"for": "assembly/m2"}))[0] == 400
    assert look(head, files=[csv()], **(TYPED | {"for": "assembly/"}))[0] == 400
    release("others", member="m2")
    assert head.get("/commons/releases/others/new").status_code == 403
    release("own", member="m1")
    assert head.get("/commons/releases/own/new").status_code == 200
    assert "/commons/releases/own/new" in page(head, "/commons/releases/own")
    assert "/commons/releases/others/new" not in page(head, "/commons/releases/others")


def test_the_secretariat_releases_what_is_the_body_s():
    secretariat = signed_in("secretariat")
    shown = page(secretariat, f"{NEW}?for=assembly/")
    assert "delegation" not in re.findall(r'name="seen_by" value="(\w+)"', shown)
    _, shown = look(secretariat, files=[csv()], **(TYPED | {"for": "assembly/"}))
    answer = secretariat.post(NEW, TYPED | held_by(shown) | {"do": "release", "sure": "yes"})
    assert answer.status_code == 302
    assert (Release.objects.get().member, Version.objects.get().act.office) == (None, "secretariat")


def test_a_further_version_begins_with_the_files_and_words_of_the_last_and_keeps_its_circle():
    release(
        member="m1",
        visibility="members",
        contents={"README.md": b"# One\n", "w.safetensors": bytes_of(1, 900)},
        authors=["An institute"],
        provenance="From scratch",
    )
    head = signed_in("head", member="m1")
    address = "/commons/releases/words/new"
    shown = page(head, address)
    held = held_by(shown)
    assert [held[f"path-{n}"] for n in (1, 2)] == ["README.md", "w.safetensors"]
    assert [held[f"kind-{n}"] for n in (1, 2)] == ["model-card", "model-parameters"]
    for said in ("An institute", "From scratch", 'value="sw, fr"', 'value="a laptop"', 'value="4"'):
        assert said in shown
    typed = {"title_en": "Words", "licence": "Apache-2.0", "languages": "sw", "label": "2.0", "authority": "Rule 9"}
    _, shown = look(head, address, files=[csv("README.md", b"# Two\n")], **(held | typed))
    # Another name, kind or circle is not taken from whoever forges the form.
    forged = {"slug": "stolen", "kind": "paper", "seen_by": "public"}
    answer = head.post(address, held_by(shown) | typed | forged | {"do": "release", "sure": "yes"})
    assert answer.status_code == 302
    newest = Version.objects.order_by("-number").first()
    assert (newest.label, newest.number, newest.release.slug, newest.release.visibility) == (
        "2.0",
        2,
        "words",
        "members",
    )
    assert newest.card == "# Two\n"
    # What was measured was of other files.
    assert newest.openness["languages"] == []
    assert newest.openness["languages_not_measured"] == ["sw"]
    earlier = page(head, "/commons/releases/words/1.0")
    assert "This is an earlier version. The latest is 2.0." in earlier


def test_nothing_is_released_under_what_was_taken_down():
    from comity.platform.commons.taking_down import take_release_down
    from support.parties import SET_UP

    release(member="m1")
    take_release_down(slug="words", rule="Rule 30", reason="x", by=SET_UP)
    head = signed_in("head", member="m1")
    assert head.get("/commons/releases/words/new").status_code == 409
    assert "/commons/releases/words/new" not in page(head, "/commons/releases/words")


def test_the_form_of_a_new_release_adds_nothing_to_one_that_is_there():
    """Who writes "my delegation" into the form of a new release, under a name that is public already, would have published."""
    release(slug="coast", member="m1", kind="dataset", contents={"README.md": b"# Old\n"})
    head = signed_in("head", member="m1")
    status, shown = look(head, files=[csv()], **TYPED | {"seen_by": "delegation", "label": "2.0"})
    assert status == 409
    assert "You share a release of this name already." in shown
    answer = head.post(NEW, TYPED | held_by(shown) | {"label": "2.0", "do": "release", "sure": "yes"})
    assert answer.status_code == 409
    assert (Version.objects.count(), releases_on_the_record()) == (1, 1)
