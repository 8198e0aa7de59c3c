"""Pages of an instrument that has two versions, and of links whose text has changed."""

from __future__ import annotations

import dataclasses
import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.example.loading import INSTRUMENTS, SCHEME
from comity.platform.alignment.models import CrosswalkLink, LinkReview
from comity.platform.alignment.readings import give_reading
from comity.platform.alignment.tasks import align_collection
from comity.platform.alignment.versions import take_in_version
from comity.platform.parties.models import Member, OutgoingMail
from comity.platform.parties.rules import Installation
from comity.platform.work.models import Job
from comity.web.delegation.digest import write_digest
from support.links import decide
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SLUG = "korea-ai-basic-act"


@pytest.fixture
def stale(account):
    """A confirmed link on a provision that a second version changed; another provision was repealed, one put in front."""
    link = CrosswalkLink.objects.filter(state="waiting", a__instrument__slug="eu-ai-act", b__instrument__slug=SLUG)
    link = link.order_by("-score", "name").first()
    decide(name=link.name, answer="narrower", by=account("reviewer"))
    instrument, provisions, _ = read_instrument_file(path=INSTRUMENTS / f"{SLUG}.toml", scheme=read_scheme(path=SCHEME))
    gone = next(p for p in reversed(provisions) if p.ref != link.b.ref)
    rows = [
        dataclasses.replace(p, text=f"{p.text} This holds from 2027 on.") if p.ref == link.b.ref else p
        for p in provisions
        if p is not gone
    ]
    take_in_version(instrument=instrument, provisions=rows, by=Installation(), replaces=1)
    link.refresh_from_db()
    assert link.state == "stale"
    return link, gone


def text_of(client, address, **given) -> str:
    response = client.get(address, **given)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def test_an_instrument_lists_its_versions_and_each_has_an_address_of_its_own(client, stale):
    _, gone = stale
    page = text_of(client, f"/alignment/instruments/{SLUG}")
    assert f"/alignment/instruments/{SLUG}/versions/1" in page
    first = text_of(client, f"/alignment/instruments/{SLUG}/versions/1")
    assert f'id="{gone.ref}"' in first
    assert gone.text.split('"')[0].split("'")[0] in first
    assert "This is an earlier text." in first
    assert f'id="{gone.ref}"' not in text_of(client, f"/alignment/instruments/{SLUG}/versions/2")
    assert client.get(f"/alignment/instruments/{SLUG}/versions/3").status_code == 404


def test_what_changed_is_marked_so_that_it_is_read_without_colour_and_in_any_direction(client, stale):
    page = text_of(client, f"/alignment/instruments/{SLUG}/versions/2/changes")
    assert "<ins> This holds from 2027 on.</ins>" in page
    assert re.search(r"<del>[^<]+</del>", page)
    assert 'dir="ltr"' in page
    arabic = text_of(client, f"/alignment/instruments/{SLUG}/versions/2/changes?lang=ar")
    assert '<html lang="ar" dir="rtl"' in arabic
    only = text_of(client, f"/alignment/instruments/{SLUG}/versions/2/changes?kind=repealed&since=1")
    assert "<ins>" not in only
    assert client.get(f"/alignment/instruments/{SLUG}/versions/1/changes").status_code == 404


def test_the_reference_of_what_was_repealed_leads_to_where_it_last_stood(client, stale):
    _, gone = stale
    response = client.get(f"/alignment/instruments/{SLUG}/{gone.ref}")
    assert (response.status_code, response["Location"]) == (
        302,
        f"/alignment/instruments/{SLUG}/versions/1?at={gone.ref}#{gone.ref}",
    )
    assert client.get(f"/alignment/instruments/{SLUG}/never_there").status_code == 404


def test_a_provision_far_down_a_long_version_has_its_page(client, stale, monkeypatch):
    _, gone = stale
    monkeypatch.setattr("comity.web.alignment.versions.PER_PAGE", 5)
    address = f"/alignment/instruments/{SLUG}/versions/1"
    assert f'id="{gone.ref}"' not in text_of(client, address)
    assert f'id="{gone.ref}"' in text_of(client, f"{address}?at={gone.ref}")


def test_a_delegation_is_told_that_a_text_changed_since_its_reading(client, stale):
    link, _ = stale
    make_body()
    Member.objects.filter(slug="m1").update(country="KOR")
    head = account_with("head")
    Authenticator.objects.create(user=head, type=Authenticator.Type.TOTP, data={})
    give_reading(name=link.name, member="m1", reading="confirms", by=head, on="1.1")
    client.force_login(head, backend=BACKEND)
    assert "a text has changed since your reading" in text_of(client, "/delegation/")
    page = text_of(client, f"/alignment/links/{link.name}")
    assert "given on an earlier text" in page
    assert write_digest(user=head, day=timezone.now().date(), now=timezone.now())
    mail = OutgoingMail.objects.get(user=head, kind="digest")
    assert "A text has changed since your member&#x27;s reading" in mail.html
    assert "Korea" not in mail.text + mail.html
    client.post(f"/alignment/links/{link.name}", {"member": "m1", "reading": "confirms", "on": "1.2"})
    assert "given on an earlier text" not in text_of(client, f"/alignment/links/{link.name}")


def test_a_stale_link_is_shown_as_such_wherever_it_is_shown(client, stale):
    link, _ = stale
    a, b = link.a, link.b
    for address in (
        f"/alignment/links/{link.name}",
        f"/alignment/instruments/{SLUG}/{b.ref}",
        f"/alignment/instruments/eu-ai-act/{a.ref}",
        f"/alignment/side-by-side?a=eu-ai-act&b={SLUG}&show=stale",
        f"/alignment/briefing?a=eu-ai-act&b={SLUG}",
    ):
        assert "The text has changed" in text_of(client, address), address
    rows = b"".join(client.get("/alignment/downloads/crosswalk.csv").streaming_content).decode()
    row = next(r for r in rows.splitlines() if link.name in r)
    assert ",stale," in row
    assert f"{SLUG}/{b.ref} changed in version 2" in row
    found = client.get("/api/v1/links?state=stale").json()
    assert [(i["reference"], i["relation"]) for i in found["items"]] == [(f"alignment/links/{link.name}", "narrower")]
    assert found["items"][0]["changes"] == [
        {"provision": f"alignment/instruments/{SLUG}/{b.ref}", "kind": "changed", "version": 2}
    ]
    assert client.get("/api/v1/links?state=confirmed").json()["count"] == 0


def test_a_reviewer_finds_it_in_the_queue_with_the_difference_and_upholds_it(client, account, stale):
    link, _ = stale
    client.force_login(LinkReview.objects.get(link=link).reviewer, backend=BACKEND)
    queue = text_of(client, f"/alignment/review?state=stale&instrument={SLUG}")
    assert "<ins> This holds from 2027 on.</ins>" in queue
    assert 'name="on" value="1.2"' in queue
    assert "look again at links that you decided" in queue
    assert "Write to me when a text that I decided on changes" in queue
    kept = client.post("/delegation/digest", {"then": "review", "when": "due", "lang": "en"}, follow=True)
    assert "Write to me" not in kept.content.decode()
    reviewer = LinkReview.objects.get(link=link).reviewer
    assert write_digest(user=reviewer, day=timezone.now().date(), now=timezone.now())
    mail = OutgoingMail.objects.get(user=reviewer, kind="digest")
    assert "A text has a new version" in mail.text
    assert "/alignment/review?state=stale\n" in mail.text
    assert "/delegation/\n" not in mail.text
    answer = client.post(f"/alignment/links/{link.name}", {"answer": "narrower", "on": "1.2"}, follow=True)
    assert "Your answer met the rule: confirmed." in answer.content.decode()
    link.refresh_from_db()
    assert (link.state, link.relation) == ("confirmed", "narrower")
    assert "Upheld" in text_of(client, f"/alignment/links/{link.name}")


def test_an_alignment_after_a_version_keeps_the_stale_link_and_its_name(stale):
    link, _ = stale
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
    align_collection.call(job_id=job.pk)
    assert CrosswalkLink.objects.get(pk=link.pk).name == link.name
    assert CrosswalkLink.objects.get(pk=link.pk).state == "stale"


@pytest.mark.parametrize(
    "address",
    [
        "/alignment/",
        "/alignment/topics/prohibited-practices",
        "/alignment/topics/prohibited-practices/briefing",
        "/alignment/instruments",
        f"/alignment/instruments/{SLUG}",
        f"/alignment/instruments/{SLUG}/versions/1",
        "/alignment/side-by-side",
        "/alignment/search",
        "/alignment/downloads",
    ],
)
def test_every_page_says_as_of_when_its_figures_are(client, address):
    page = text_of(client, address)
    assert re.search(r'Figures as of <time datetime="20\d\d-[^"]+">[^<]+UTC</time>', page)
