"""The review queue: who may decide, what a decision writes, and what happens when two decide at once."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator

from comity.errors import AlreadyDecided, BadParameter, NotFound, NotPermitted
from comity.platform.alignment.models import CrosswalkLink, LinkReview
from comity.platform.alignment.services import decide_link, state_none
from comity.platform.record.models import Act, Link

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def waiting() -> CrosswalkLink:
    return CrosswalkLink.objects.filter(state="waiting").order_by("-score", "name").first()


def test_someone_not_signed_in_is_sent_to_the_sign_in(client):
    response = client.get("/alignment/review")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in?next=/alignment/review"


@pytest.mark.parametrize("role", ["secretariat", "operator"])
def test_another_role_may_not_see_the_queue(client, account, role):
    client.force_login(account(role), backend=BACKEND)
    response = client.get("/alignment/review")
    assert response.status_code == 403
    assert "Reviewer" in response.content.decode()


def test_a_reviewer_confirms_a_suggestion_and_the_act_stands_on_the_record(client, account):
    client.force_login(account("reviewer"), backend=BACKEND)
    link = waiting()
    queue = client.get("/alignment/review").content.decode()
    assert link.name in queue
    assert "awaiting a person" in queue
    before = Act.objects.count()
    response = client.post(
        f"/alignment/links/{link.name}", {"decision": "confirm", "relation": "narrower", "then": "link"}, follow=True
    )
    assert "The act stands on the record" in response.content.decode()
    link.refresh_from_db()
    assert (link.state, link.relation) == ("confirmed", "narrower")
    act = Act.objects.get(type="confirm-link")
    assert Act.objects.count() == before + 1
    body = json.loads(bytes(act.body))
    assert (body["office"], body["subject"]) == ("reviewer", f"alignment/links/{link.name}")
    assert b"reviewer@example.org" not in bytes(act.body)
    assert Link.objects.filter(act=act, relation="wasDerivedFrom").count() == 2
    assert link.name not in client.get("/alignment/review").content.decode()


def test_a_rejected_suggestion_is_shown_nowhere_but_on_its_own_page(client, account):
    client.force_login(account("reviewer"), backend=BACKEND)
    link = waiting()
    client.post(f"/alignment/links/{link.name}", {"decision": "reject", "relation": "related", "then": "queue"})
    link.refresh_from_db()
    assert (link.state, link.relation) == ("rejected", "")
    page = client.get(f"/alignment/instruments/{link.a.instrument.slug}/{link.a.ref}").content.decode()
    assert link.name not in page
    assert client.get(f"/alignment/links/{link.name}").status_code == 200


def test_a_public_page_shows_no_form_to_decide(client):
    text = client.get(f"/alignment/links/{waiting().name}").content.decode()
    assert 'name="decision"' not in text


def test_a_decision_without_the_role_changes_nothing(client, account):
    link = waiting()
    for user in (None, account("secretariat")):
        if user:
            client.force_login(user, backend=BACKEND)
        assert (
            client.post(f"/alignment/links/{link.name}", {"decision": "confirm", "relation": "same"}).status_code == 403
        )
    link.refresh_from_db()
    assert link.state == "waiting"
    assert LinkReview.objects.count() == 0


def test_a_post_without_its_token_is_refused(account):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("reviewer"), backend=BACKEND)
    link = waiting()
    assert strict.post(f"/alignment/links/{link.name}", {"decision": "confirm", "relation": "same"}).status_code == 403
    link.refresh_from_db()
    assert link.state == "waiting"


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "confirm"},
        {"decision": "confirm", "relation": "identical"},
        {"decision": "perhaps", "relation": "same"},
        {},
    ],
)
def test_a_form_that_will_not_do_is_refused_and_nothing_is_written(client, account, form):
    client.force_login(account("reviewer"), backend=BACKEND)
    link, before = waiting(), Act.objects.count()
    assert client.post(f"/alignment/links/{link.name}", form).status_code == 400
    link.refresh_from_db()
    assert (link.state, Act.objects.count()) == ("waiting", before)


def test_the_second_of_two_decisions_is_refused_and_the_first_stands(account):
    reviewer, link = account("reviewer"), waiting()
    decide_link(name=link.name, decision="confirm", relation="same", by=reviewer)
    with pytest.raises(AlreadyDecided):
        decide_link(name=link.name, decision="reject", relation="", by=reviewer)
    link.refresh_from_db()
    assert (link.state, link.relation) == ("confirmed", "same")
    assert LinkReview.objects.count() == 1


def test_a_link_that_is_not_there_is_not_found(account):
    with pytest.raises(NotFound):
        decide_link(name="nowhere", decision="reject", relation="", by=account("reviewer"))


def test_a_member_states_none_through_the_secretariat_alone(account):
    with pytest.raises(NotPermitted):
        state_none(member="TUV", topic="privacy", by=account("reviewer"))
    secretariat = account("secretariat")
    with pytest.raises(BadParameter):
        state_none(member="ATLANTIS", topic="privacy", by=secretariat)
    with pytest.raises(NotFound):
        state_none(member="TUV", topic="no-such-topic", by=secretariat)
    first = state_none(member="TUV", topic="privacy", by=secretariat)
    assert state_none(member="TUV", topic="privacy", by=secretariat).pk == first.pk
    act = Act.objects.get(type="state-none")
    assert (act.member, act.subject) == ("TUV", "alignment/topics/privacy")


@pytest.fixture
def example_reviewer(account, settings):
    """An account of the worked example, which needs no second step there."""
    settings.EXAMPLE = True
    user = account("reviewer")
    Authenticator.objects.all().delete()
    type(user).objects.filter(pk=user.pk).update(is_example=True)
    return user


@pytest.mark.usefixtures("example_reviewer")
def test_signing_in_and_out_by_the_form(client):
    wrong = client.post("/sign-in", {"login": "reviewer@example.org", "password": "wrong wrong wrong"})
    nobody = client.post("/sign-in", {"login": "nobody@example.org", "password": "wrong wrong wrong"})
    sentence = "Address and password do not belong together"
    assert sentence in wrong.content.decode()
    assert sentence in nobody.content.decode()
    right = client.post(
        "/sign-in",
        {"login": "Reviewer@example.org", "password": "a long enough word 9", "next": "/alignment/review"},
    )
    assert right["Location"] == "/alignment/review"
    assert client.get("/alignment/review").status_code == 200
    client.post("/sign-out")
    assert client.get("/alignment/review").status_code == 302


@pytest.mark.usefixtures("example_reviewer")
def test_a_sign_in_never_leads_to_another_site(client):
    right = client.post(
        "/sign-in",
        {"login": "reviewer@example.org", "password": "a long enough word 9", "next": "https://evil.example/"},
    )
    assert right["Location"] == "/"


def test_ten_wrong_passwords_close_the_sign_in_for_a_while(client, account, settings):
    settings.AXES_FAILURE_LIMIT = 3
    account("reviewer")
    for spelling in ("reviewer@example.org", "Reviewer@example.org", "REVIEWER@example.org"):
        response = client.post("/sign-in", {"login": spelling, "password": "wrong wrong wrong"})
    assert response.status_code == 429
    right = client.post("/sign-in", {"login": "reviewer@example.org", "password": "a long enough word 9"})
    assert right.status_code == 429
    assert "fifteen minutes" in right.content.decode()


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "idna", "zlib"])
def test_a_form_in_a_hostile_charset_is_refused_in_words(client, charset):
    client.get("/sign-in")
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    response = client.generic("POST", "/sign-in", b"username=a&password=b", content_type=kind)
    assert response.status_code == 400
    assert "cannot be read" in response.content.decode()


def test_a_reviewer_cannot_decide_a_link_that_the_account_may_not_see(account):
    link = waiting()
    type(link.a.instrument).objects.filter(pk=link.a.instrument_id).update(
        visibility="delegation", audience="delegation:m041"
    )
    with pytest.raises(NotFound):
        decide_link(name=link.name, decision="confirm", relation="same", by=account("reviewer"))
    assert Act.objects.filter(type="confirm-link").count() == 0


def test_a_decision_on_what_only_members_see_is_no_public_act(account):
    link = waiting()
    type(link.a.instrument).objects.filter(pk=link.a.instrument_id).update(visibility="members")
    decide_link(name=link.name, decision="confirm", relation="same", by=account("reviewer"))
    act = Act.objects.get(type="confirm-link")
    assert act.visibility == "members"
    assert b"alignment" not in bytes(act.body)


def test_after_a_decision_the_queue_is_where_it_was(client, account):
    client.force_login(account("reviewer"), backend=BACKEND)
    link = waiting()
    form = {"decision": "reject", "relation": "related", "then": "queue", "back": "instrument=eu-ai-act&page=2"}
    assert (
        client.post(f"/alignment/links/{link.name}", form)["Location"]
        == "/alignment/review?instrument=eu-ai-act&page=2"
    )
    other = waiting()
    form["back"] = "https://evil.example/"
    assert client.post(f"/alignment/links/{other.name}", form)["Location"] == "/alignment/review"
