"""A token is made on a page, shown once, opens what its member may and no more, and ends."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotPermitted
from comity.platform.commons.models import PublishingToken
from comity.platform.commons.personal import erase_publishing_of, publishing_of
from comity.platform.commons.tokens import MOST_TOKENS, forget_old_tokens, make_token, reader_of_token, tokens_of
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.models import User
from support.commons import release
from support.pages import signed_in_as
from support.parties import SET_UP, account_with, make_body
from support.parties import today as day_of_today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_only_a_digest_is_kept_and_the_text_opens_the_members_circle():
    release("own", visibility="delegation", audience="delegation:m1")
    release("of-another", contents={"README.md": b"2"}, visibility="delegation", audience="delegation:m2")
    head = account_with("head", member="m1")
    row, text = make_token(name="laptop", member="m1", days=5, by=head)
    assert text not in str(PublishingToken.objects.filter(pk=row.pk).values())
    reader = reader_of_token(text=text)
    assert (reader.member, reader.audiences) == ("m1", frozenset({"members", "delegation:m1"}))
    assert reader_of_token(text=text + "x") is None


def test_a_token_of_one_member_opens_nothing_of_another_that_the_account_serves(client):
    release("of-m2", visibility="delegation", audience="delegation:m2")
    head = account_with("head", member="m1")
    issue_credential(
        member="m2", body="assembly", role="delegate", holder="x", user=head, starts_on=day_of_today(), by=SET_UP
    )
    head = User.objects.get(pk=head.pk)
    _, text = make_token(name="laptop", member="m1", days=5, by=head)
    assert "delegation:m2" in head.audiences
    answer = client.get("/hub/api/models/m2/of-m2", headers=bearer(text))
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")


def test_a_token_that_is_over_or_whose_account_is_closed_opens_nothing(client):
    head = account_with("head", member="m1")
    row, text = make_token(name="laptop", member="m1", days=1, by=head)
    assert client.get("/hub/api/whoami-v2", headers=bearer(text)).json()["name"] == "m1"
    PublishingToken.objects.filter(pk=row.pk).update(ends_at=timezone.now())
    assert client.get("/hub/api/models", headers=bearer(text)).status_code == 401
    _, text = make_token(name="laptop", member="m1", days=1, by=head)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert client.get("/hub/api/models", headers=bearer(text)).status_code == 401


def test_a_token_whose_holder_lost_the_role_publishes_nothing(client):
    head = account_with("head", member="m1")
    _, text = make_token(name="laptop", member="m1", days=1, by=head)
    head.credentials.update(ends_on=day_of_today())
    answer = client.get(f"/hub/comity/send/{'0' * 64}?size=1", headers=bearer(text))
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["delegate", "adviser", "reviewer", "operator"])
def test_who_may_not_release_makes_no_token(role):
    with pytest.raises(NotPermitted):
        make_token(name="x", member="m1", days=1, by=account_with(role, member="m1"))


def test_limits_are_told():
    head = account_with("head", member="m1")
    for given in ({"name": "", "days": 1}, {"name": "x", "days": 0}, {"name": "x", "days": 367}):
        with pytest.raises(BadParameter):
            make_token(member="m1", by=head, **given)
    for _ in range(MOST_TOKENS):
        make_token(name="x", member="m1", days=1, by=head)
    with pytest.raises(Conflict, match="End one"):
        make_token(name="x", member="m1", days=1, by=head)


def test_the_page_shows_a_token_once_and_ends_it():
    focal = account_with("focal-point", member="m1")
    client = signed_in_as(focal)
    page = client.post("/account/tokens", {"name": "Laptop", "member": "m1", "days": "7"})
    found = re.search(r"comity_[\w-]{43}", page.content.decode())
    assert found
    again = client.get("/account/tokens").content.decode()
    assert ("Laptop" in again, found[0] in again) == (True, False)
    client.post(f"/account/tokens/{tokens_of(user=focal)[0].id}/end")
    assert tokens_of(user=focal) == ()
    assert reader_of_token(text=found[0]) is None


def test_nobody_ends_the_token_of_another():
    row, _ = make_token(name="x", member="m1", days=1, by=account_with("head", member="m1"))
    client = signed_in_as(account_with("focal-point", member="m2"))
    assert client.post(f"/account/tokens/{row.pk}/end").status_code == 404
    assert PublishingToken.objects.filter(pk=row.pk).exists()


def test_a_token_is_in_the_export_and_goes_with_the_account_and_with_time():
    head = account_with("head", member="m1")
    make_token(name="laptop", member="m1", days=1, by=head)
    told = publishing_of(email=head.email)["publishing_tokens"]
    assert [(t["name"], t["member"], t["used_at"]) for t in told] == [("laptop", "m1", None)]
    assert forget_old_tokens(now=timezone.now() + dt.timedelta(days=30)) == 0
    assert forget_old_tokens(now=timezone.now() + dt.timedelta(days=32)) == 1
    make_token(name="laptop", member="m1", days=1, by=head)
    erase_publishing_of(user=head)
    assert not PublishingToken.objects.exists()
