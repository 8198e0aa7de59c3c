"""A member's reading on the page of a link, and through later runs."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from comity.platform.alignment.models import CrosswalkLink, Provision
from comity.platform.alignment.readings import give_reading
from comity.platform.alignment.tasks import align_collection
from comity.platform.parties.models import Member
from comity.platform.work.models import Job
from support.parties import account_with, make_body

pytestmark = pytest.mark.django_db
OTHERWISE = {"reading": "differs", "text": "It covers public bodies only."}


@pytest.fixture
def korea():
    make_body()
    Member.objects.filter(slug="m1").update(country="KOR")
    return account_with("head")


def a_link_of_korea(name: str, position: int) -> CrosswalkLink:
    a = Provision.objects.filter(instrument__slug="eu-ai-act").order_by("-position")[position]
    b = Provision.objects.filter(instrument__slug="korea-ai-basic-act").order_by("position")[position]
    return CrosswalkLink.objects.create(name=name, a=a, b=b, suggested="related", maker="test/1", score=1.0)


def test_the_page_shows_the_reading_to_all_and_the_form_to_the_member_alone(client, korea):
    a_link_of_korea("ab12", 0)
    assert "The member was not asked" in client.get("/alignment/links/ab12").content.decode()
    Authenticator.objects.create(user=korea, type=Authenticator.Type.TOTP, data={})
    client.force_login(korea, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert 'name="reading"' in client.get("/alignment/links/ab12").content.decode()
    done = client.post("/alignment/links/ab12", {"member": "m1", **OTHERWISE})
    assert done.status_code == 302
    assert client.post("/alignment/links/ab12", {"member": "m2", **OTHERWISE}).status_code == 403
    assert client.post("/alignment/links/ab12", {"member": "m1", "reading": "perhaps"}).status_code == 400
    client.logout()
    page = client.get("/alignment/links/ab12").content.decode()
    assert OTHERWISE["text"] in page
    assert 'name="reading"' not in page
    assert korea.name not in page
    note = client.get("/alignment/briefing?a=eu-ai-act&b=korea-ai-basic-act").content.decode()
    assert f"Republic of Korea: The member reads it otherwise. “{OTHERWISE['text']}”" in note


def test_a_link_that_a_member_has_read_outlives_a_run_that_no_longer_suggests_it(korea):
    a_link_of_korea("ab12", 0)
    a_link_of_korea("cd34", 1)
    give_reading(name="ab12", member="m1", by=korea, **OTHERWISE)
    job = Job.objects.create(kind="align", subject="collection", created_at=timezone.now())
    align_collection.call(job_id=job.pk)
    assert CrosswalkLink.objects.filter(name="ab12").exists()
    assert not CrosswalkLink.objects.filter(name="cd34").exists()
