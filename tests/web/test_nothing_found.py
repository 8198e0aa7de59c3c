"""Writing down on the pages that nothing was found, and where it is shown."""

from __future__ import annotations

import re

import pytest

from comity.platform.alignment.models import CrosswalkLink, FruitlessSearch, Provision

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TARGET = "korea-ai-basic-act"


@pytest.fixture
def alone():
    """The first provision of the Union's act to which nothing of Korea's was suggested."""
    linked = CrosswalkLink.objects.filter(a__instrument__slug="eu-ai-act", b__instrument__slug=TARGET)
    mine = Provision.objects.filter(instrument__slug="eu-ai-act").order_by("position")
    return mine.exclude(pk__in=linked.values("a")).first()


def test_a_reviewer_searches_gives_reasons_and_the_finding_stands_on_both_pages(client, account, alone):
    client.force_login(account("reviewer"), backend=BACKEND)
    path = f"/alignment/instruments/eu-ai-act/{alone.ref}"
    assert f"{path}/nothing-found" in client.get(path).content.decode()
    form = client.get(f"{path}/nothing-found?in=text:{TARGET}&q=biometric+identification").content.decode()
    names = re.findall(r'name="(why:[^"]+)"', form)
    assert 3 <= len(names) <= 10
    assert form.count(" required") >= 3
    sent = {"in": f"text:{TARGET}", "q": "biometric identification", **dict.fromkeys(names[:3], "Speaks of labels <b>")}
    page = client.post(f"{path}/nothing-found", sent, follow=True).content.decode()
    assert "Written down: searched, and nothing found" in page
    row = FruitlessSearch.objects.get()
    assert row.means["query"] == "biometric identification"
    client.logout()
    for public in (path, f"/alignment/side-by-side?a=eu-ai-act&b={TARGET}&show=without"):
        text = client.get(public).content.decode()
        assert "Speaks of labels &lt;b&gt;" in text
        assert "biometric identification" in text
        assert "nothing-found" not in text


def test_nobody_but_a_reviewer_opens_the_search(client, account, alone):
    path = f"/alignment/instruments/eu-ai-act/{alone.ref}/nothing-found"
    assert client.get(path).status_code == 302
    client.force_login(account("secretariat"), backend=BACKEND)
    assert client.get(path).status_code == 403
    assert client.post(path, {"in": f"text:{TARGET}"}).status_code == 403


def test_a_search_without_reasons_is_refused_and_nothing_is_written(client, account, alone):
    client.force_login(account("reviewer"), backend=BACKEND)
    path = f"/alignment/instruments/eu-ai-act/{alone.ref}/nothing-found"
    assert client.post(path, {"in": f"text:{TARGET}", "q": "biometric"}).status_code == 400
    assert client.post(path, {"in": "text:nowhere"}).status_code == 400
    assert FruitlessSearch.objects.count() == 0
