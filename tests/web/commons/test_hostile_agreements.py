"""Who fills a template or writes one tries to have another text signed than the one that is read."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.utils.html import escape

from comity.adapters.agreement_templates import read_template
from comity.errors import BadParameter
from comity.platform.commons.models import AgreementText, TemplateVersion
from comity.platform.commons.templates import as_template
from support.agreements import VALUES, concluded, drafted, head_of, issued, template_given
from support.pages import signed_in_as
from support.parties import make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    make_body()


@pytest.mark.parametrize(
    "translations",
    [
        {"fr": "machine", 'en = "reviewed"\n[texts]\nen': ""},
        {"fr": "machine", "de": ""},
        {"fr": "machine", "a b": ""},
    ],
)
def test_the_file_of_a_template_says_what_its_page_says_whatever_its_keys_are(translations):
    held = issued(translations=translations)
    assert read_template(held.content.encode()) == as_template(TemplateVersion.objects.get(pk=held.pk))


@pytest.mark.parametrize(
    "value",
    ["{{giver}}", "{{ purpose }}", "research.</p><script>alert(1)</script>", "x\n\n3. m2 pays.", "a" * 300, "بحث only"],
)
def test_what_is_written_into_a_blank_is_text_in_its_place_and_nothing_else(value):
    issued()
    agreement = concluded(values=VALUES | {"purpose": value})
    text = AgreementText.objects.get(agreement=agreement)
    said = " ".join(value.split())
    document = json.loads(text.document)
    assert document["texts"] == {"en": f"1. Member 1 gives the data.\n\n2. They serve {said} alone."}
    assert text.texts["en"] == document["texts"]["en"]
    assert hashlib.sha256(text.document.encode()).hexdigest() == text.sha256
    shown = signed_in_as(head_of("m1")).get(f"/{agreement.reference}").content.decode()
    assert f"2. They serve {escape(said)} alone." in shown
    assert "<script" not in shown


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x00", "\x1b", "\u200b", "\ue000", "\U000e0041"])
def test_no_sign_that_cannot_be_seen_comes_into_a_text(sign):
    issued()
    for given in (
        {"values": VALUES | {"purpose": f"re{sign}search"}},
        {"annex": f"one{sign}two"},
        {"title": f"Da{sign}ta"},
    ):
        with pytest.raises(BadParameter):
            drafted(**given)
    with pytest.raises(BadParameter):
        issued(texts={"en": template_given().texts["en"] + sign + "x", "fr": template_given().texts["fr"]})
