"""The pages of agreements on sharing: made from a template and looked at first, cleared, proposed, signed and ended with buttons alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.adapters.agreement_templates import write_template
from comity.engines.commons.blanks import Blank
from comity.platform.commons.models import AgreementText, SharingAgreement, TemplateVersion
from comity.platform.commons.release_terms import set_release_terms
from comity.platform.commons.sharing_agreements import draft_text, propose_text
from support.agreements import TEXT, concluded, drafted, head_of, issued, proposed, template_given, waiting, wording
from support.commons import release
from support.pages import page, signed_in, signed_in_as
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
LIST = "/commons/agreements"


@pytest.fixture(autouse=True)
def _body(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()


def form(**changes):
    return {
        "template": "transfer",
        "member": "m1",
        "title": "Data for research",
        "party": ["m1", "m2"],
        "shown_to": "members",
        "tongue": "en",
        "v-giver": "m1",
        "v-purpose": "research",
        "do": "keep",
        **changes,
    }


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def test_an_empty_house_says_what_to_do():
    assert "No template has been issued yet." in page(Client(), LIST)
    assert "Issue the first." in page(signed_in("secretariat"), LIST)
    assert "Make an agreement" not in page(Client(), LIST)


def test_the_text_is_looked_at_before_anything_is_kept():
    issued()
    client = signed_in("delegate")
    assert "Qui donne" not in page(client, f"{LIST}/new?template=transfer")
    answer = client.post(f"{LIST}/new", form(**{"do": "look", "v-purpose": ""}))
    assert answer.status_code == 200
    shown = said(answer)
    assert "1. Member 1 gives the data." in shown
    assert "2. They serve [Purpose] alone." in shown
    assert "Still empty: Purpose" in shown
    assert SharingAgreement.objects.count() == 0


def test_from_the_template_to_the_last_signature():
    issued()
    one, other = signed_in_as(head_of("m1")), signed_in_as(head_of("m2"))
    made = one.post(f"{LIST}/new", form())
    address = made.headers["Location"]
    assert "Next: propose it to the other parties." in page(one, address)
    assert other.get(address).status_code == 404
    on = AgreementText.objects.get().sha256
    given = {"member": "m1", "on": on}
    assert one.post(address, {**given, "do": "propose"}).status_code == 302
    assert "0 of 2 have signed this text." in page(other, address)
    unsure = other.post(address, {"member": "m2", "on": on, "do": "sign"})
    assert unsure.status_code == 400
    for client, member in ((one, "m1"), (other, "m2")):
        assert client.post(address, {"member": member, "on": on, "do": "sign", "sure": "yes"}).status_code == 302
    assert "In force" in page(other, address)
    assert "In force" in page(signed_in("head", member="m3"), address)
    assert Client().get(address).status_code == 404
    document = other.get(f"{address}/1/document.json")
    assert hashlib.sha256(document.content).hexdigest() == on
    assert "Agreement signed by all" in page(other, address)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"v-purpose": ""}, 'Purpose is "empty"'),
        ({"v-giver": "m3"}, 'Who gives is "m3"'),
        ({"title": ""}, "Title"),
        ({"party": ["m1"]}, 'Parties is "1"'),
        ({"party": ["m1", "m2", "none"]}, "parties/members/none"),
        ({"ends_on": "2020-01-01"}, "Until"),
        ({"release": ["hidden"]}, "Releases that it covers"),
    ],
)
def test_what_will_not_do_comes_back_with_what_was_typed(changes, words):
    issued()
    answer = signed_in("delegate").post(f"{LIST}/new", form(annex="Kept words", **changes))
    assert answer.status_code in {400, 404}
    assert words in said(answer)
    assert "Kept words" in said(answer)
    assert SharingAgreement.objects.count() == 0


def test_a_change_begins_from_what_is_there_and_is_kept_beside_it():
    issued()
    made = proposed()
    client = signed_in_as(head_of("m2"))
    address = f"{LIST}/{made.slug}"
    shown = page(client, f"{address}/change?member=m2")
    assert 'value="Data for research"' in shown
    assert 'value="research"' in shown
    kept = client.post(
        f"{address}/change",
        {"member": "m2", "on": "", "title": "For schools", "v-giver": "m2", "v-purpose": "schools", "do": "keep"},
    )
    assert kept.headers["Location"].endswith("?draft=1")
    assert "For schools" in page(client, f"{address}?draft=1")
    assert "For schools" not in page(signed_in_as(head_of("m1")), address)
    assert "Your side's draft" in page(client, address)
    assert 'value="For schools"' in page(client, f"{address}/change?member=m2")
    stale = client.post(
        f"{address}/change",
        {"member": "m2", "on": "", "title": "X y z", "do": "keep"} | {"v-giver": "m2", "v-purpose": "more"},
    )
    assert stale.status_code == 409


def test_the_capital_clears_on_the_page_and_sends_back_with_a_remark():
    issued()
    made = drafted(by=account_with("delegate"))
    capital, address = signed_in("capital"), f"{LIST}/{made.slug}"
    on = waiting(made, state="draft").sha256
    assert "clear it or send it back" in page(capital, address)
    assert capital.post(address, {"do": "back", "member": "m1", "on": on, "note": "Say more."}).status_code == 302
    assert "Say more." in page(signed_in("adviser"), address)
    assert capital.post(address, {"do": "clear", "member": "m1", "on": on}).status_code == 302
    assert capital.post(address, {"do": "clear", "member": "m1", "on": "0" * 64}).status_code == 409


def test_a_draft_that_is_put_away_is_gone_with_its_agreement():
    issued()
    made = drafted()
    client = signed_in("delegate")
    on = waiting(made, state="draft").sha256
    answer = client.post(f"{LIST}/{made.slug}", {"do": "drop", "member": "m1", "on": on})
    assert answer.headers["Location"] == LIST
    assert SharingAgreement.objects.count() == 0


@pytest.mark.parametrize(
    "role, member", [("delegate", "m1"), ("head", "m3"), ("operator", ""), ("secretariat", ""), ("public", "")]
)
def test_whoever_may_not_sign_does_not(role, member):
    issued()
    made = proposed(shown_to="public")
    on = waiting(made).sha256
    client = Client() if role == "public" else signed_in(role, member=member or "m1")
    answer = client.post(f"{LIST}/{made.slug}", {"do": "sign", "member": "m1", "on": on, "sure": "yes"})
    assert answer.status_code in {403, 404}
    assert waiting(made).steps.count() == 0


def test_a_template_shows_its_languages_versions_and_what_changed():
    issued()
    issued(texts={"en": f"{TEXT}\n\n3. Nothing else.", "fr": f"{template_given().texts['fr']}\n\n3. Rien."})
    address = f"{LIST}/templates/transfer"
    assert "[Who gives]" in page(Client(), address)
    assert "There is a newer version." in page(Client(), f"{address}/1")
    assert "<ins>3. Nothing else.</ins>" in page(Client(), f"{address}?against=1")
    assert "only the authentic texts count" in page(Client(), f"{address}?tongue=fr").lower()
    file = Client().get(f"{address}/2/toml")
    assert hashlib.sha256(file.content).hexdigest() == TemplateVersion.objects.get(number=2).sha256
    assert Client().get(f"{address}/1/en.txt").content.decode() == f"{TEXT}\n"
    for wrong in (f"{address}/9", f"{address}/1/de.txt", f"{address}/1/toml.txt", f"{LIST}/templates/none"):
        assert Client().get(wrong).status_code == 404


def test_the_secretariat_issues_a_template_from_a_file_that_it_looked_at():
    content = write_template(template_given())
    client, address = signed_in("secretariat"), f"{LIST}/templates/new"
    looked = client.post(address, {"file": SimpleUploadedFile("t.toml", content), "body": "assembly", "do": "look"})
    assert "It has 2 blanks." in said(looked)
    assert TemplateVersion.objects.count() == 0
    made = client.post(address, {"source": content.decode(), "body": "assembly", "authority": "Rule 9", "do": "issue"})
    assert made.headers["Location"] == f"{LIST}/templates/transfer/1"
    again = client.post(address, {"source": content.decode(), "body": "assembly", "authority": "Rule 9", "do": "issue"})
    assert (again.status_code, "the same as the latest version" in said(again)) == (409, True)
    wrong = client.post(address, {"source": content.decode().replace("{{giver}}", "{{taker}}", 1), "do": "look"})
    assert (wrong.status_code, "{{taker}}" in said(wrong)) == (400, True)
    for role in ("head", "operator"):
        assert signed_in(role).post(address, {"source": content.decode(), "do": "issue"}).status_code == 403


def test_a_release_tells_what_is_asked_and_what_covers_it():
    issued()
    release("words", member="m1")
    client = signed_in_as(head_of("m1"))
    answer = client.post(f"{LIST}/terms/words", {"template": "transfer"})
    assert answer.headers["Location"] == "/commons/releases/words"
    assert "is asked for an agreement from this template" in page(Client(), "/commons/releases/words")
    made = concluded(shown_to="members", releases=("words",))
    other = page(signed_in_as(head_of("m2")), "/commons/releases/words")
    assert "your side has signed one" in other
    assert f"{LIST}/{made.slug}" in other
    assert made.slug not in page(Client(), "/commons/releases/words")
    for role, member in (("head", "m3"), ("delegate", "m1"), ("operator", "m1")):
        wrong = signed_in(role, member=member).post(f"{LIST}/terms/words", {"template": ""})
        assert wrong.status_code == 403
    assert signed_in_as(head_of("m1")).post(f"{LIST}/terms/words", {"template": ""}).status_code == 302
    assert "is asked for an agreement" not in page(Client(), "/commons/releases/words")


def test_who_signs_a_change_is_shown_its_own_last_day_and_others_that_of_what_holds():
    issued()
    made = concluded(shown_to="public", ends_on=dt.date(2190, 1, 31))
    draft_text(slug=made.slug, wording=wording(ends_on=dt.date(2195, 2, 28)), member="m1", by=SET_UP)
    propose_text(slug=made.slug, on=waiting(made, state="draft").sha256, member="m1", by=SET_UP)
    address = f"{LIST}/{made.slug}"
    own, public = page(signed_in_as(head_of("m2")), address), page(Client(), address)
    assert ("28 February 2195" in own, "31 January 2190" in own) == (True, False)
    assert ("28 February 2195" in public, "31 January 2190" in public) == (False, True)


def test_what_fills_a_blank_for_a_release_is_covered_and_comes_from_its_page():
    data = Blank("data", "release", {"en": "Data"})
    issued("given", texts={"en": "{{data}} is given."}, translations={}, blanks=(data,))
    release("words", member="m1")
    client = signed_in("delegate")
    shown = page(client, f"{LIST}/new?template=given&release=words")
    assert '<option value="commons/releases/words" selected>' in shown
    client.post(f"{LIST}/new", form(template="given", **{"v-data": "commons/releases/words"}))
    assert [r.slug for r in AgreementText.objects.get().releases.all()] == ["words"]
    assert AgreementText.objects.get().texts["en"] == "Words (commons/releases/words) is given."


def test_a_covered_release_that_was_hidden_for_a_reader_is_not_named():
    issued()
    release("inner", member="m1", visibility="members")
    release("open", member="m1")
    made = concluded(shown_to="members", releases=("inner", "open"))
    set_release_terms(slug="open", template="transfer", by=SET_UP)
    assert "inner" not in page(Client(), "/commons/releases/open")
    assert "/commons/releases/inner" in page(signed_in("head", member="m3"), f"{LIST}/{made.slug}")


def test_the_languages_of_a_text_leave_those_of_the_site_as_they_are():
    issued()
    made = concluded(shown_to="public")
    for address in (LIST, f"{LIST}/{made.slug}", f"{LIST}/templates/transfer", f"{LIST}/{made.slug}/1"):
        shown = page(Client(), address)
        assert (shown.count('hreflang=""'), shown.count("Русский")) == (0, 1), address


@pytest.mark.parametrize("tongue", ["ar", "fr"])
def test_pages_stand_in_other_languages(tongue):
    issued()
    made = proposed()
    client = signed_in_as(head_of("m1"))
    client.cookies["django_language"] = tongue
    for address in (LIST, f"{LIST}/{made.slug}", f"{LIST}/new?template=transfer", f"{LIST}/templates/transfer"):
        assert client.get(f"{address}{'&' if '?' in address else '?'}lang={tongue}").status_code in {200, 302}
