"""The review queue: who may answer, what is shown to whom, what a decision writes, and working it by keyboard."""

from __future__ import annotations

import json
import re
import zlib

import pytest
from allauth.mfa.models import Authenticator

from comity.errors import AlreadyDecided, BadParameter, NotFound, NotPermitted
from comity.platform.alignment.models import CrosswalkLink, LinkAnswer, LinkReview
from comity.platform.alignment.reviewing import answer_link
from comity.platform.alignment.services import state_none
from comity.platform.record.models import Act, Link

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def waiting() -> CrosswalkLink:
    return CrosswalkLink.objects.filter(state="waiting").order_by("-score", "name").first()


@pytest.fixture
def two(account):
    """Two reviewers of two regions."""
    return [account("reviewer", name=name, origin=origin) for name, origin in (("first", "KEN"), ("second", "FRA"))]


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


def test_two_reviewers_confirm_a_suggestion_and_the_act_stands_on_the_record(client, two):
    link, before = waiting(), Act.objects.count()
    client.force_login(two[0], backend=BACKEND)
    assert link.name in client.get("/alignment/review").content.decode()
    page = client.post(f"/alignment/links/{link.name}", {"answer": "narrower"}, follow=True).content.decode()
    assert "awaits other reviewers" in page
    assert Act.objects.count() == before
    assert link.name not in client.get("/alignment/review").content.decode()
    client.force_login(two[1], backend=BACKEND)
    assert link.name in client.get("/alignment/review").content.decode()
    page = client.post(f"/alignment/links/{link.name}", {"answer": "narrower"}, follow=True).content.decode()
    assert "The act stands on the record" in page
    assert "not a legal interpretation" in page
    link.refresh_from_db()
    assert (link.state, link.relation) == ("confirmed", "narrower")
    act = Act.objects.get(type="confirm-link")
    assert Act.objects.count() == before + 1
    body = json.loads(bytes(act.body))
    assert (body["office"], body["subject"]) == ("reviewer", f"alignment/links/{link.name}")
    decided = json.loads(zlib.decompress(bytes(act.payload)))
    assert (decided["rule"], decided["answers"], decided["regions"]) == (0, {"narrower": 2}, ["002", "150"])
    for person in two:
        assert person.email.encode() not in bytes(act.body) + zlib.decompress(bytes(act.payload))
    assert Link.objects.filter(act=act, relation="wasDerivedFrom").count() == 2


def test_a_rejected_suggestion_is_shown_nowhere_but_on_its_own_page(client, two):
    link = waiting()
    for reviewer in two:
        client.force_login(reviewer, backend=BACKEND)
        client.post(f"/alignment/links/{link.name}", {"answer": "none", "then": "queue"})
    link.refresh_from_db()
    assert (link.state, link.relation) == ("rejected", "")
    page = client.get(f"/alignment/instruments/{link.a.instrument.slug}/{link.a.ref}").content.decode()
    assert link.name not in page
    client.logout()
    assert "They do not correspond: 2" in client.get(f"/alignment/links/{link.name}").content.decode()


def test_nobody_sees_what_others_answered_before_answering(client, two, account):
    link = waiting()
    answer_link(name=link.name, answer="broader", reason="WHY-I-SAID-SO", by=two[0])
    public = client.get(f"/alignment/links/{link.name}").content.decode()
    client.force_login(two[1], backend=BACKEND)
    pages = [client.get(path).content.decode() for path in (f"/alignment/links/{link.name}", "/alignment/review")]
    for page in (public, *pages):
        assert "WHY-I-SAID-SO" not in page
        assert "1 reviewer has answered" in page
    client.post(f"/alignment/links/{link.name}", {"answer": "none", "reason": "MINE"})
    page = client.get(f"/alignment/links/{link.name}").content.decode()
    assert "WHY-I-SAID-SO" in page
    assert "Reviewers do not agree on it yet" in page
    client.force_login(account("secretariat"), backend=BACKEND)
    page = client.get(f"/alignment/links/{link.name}").content.decode()
    assert "WHY-I-SAID-SO" not in page
    assert "MINE" not in page


def test_a_disputed_link_stands_first_in_the_queue_of_a_third_reviewer_and_the_third_settles_it(client, two, account):
    link = CrosswalkLink.objects.filter(state="waiting").order_by("score", "name").first()
    for reviewer, answer in zip(two, ("same", "none"), strict=True):
        answer_link(name=link.name, answer=answer, by=reviewer)
    client.force_login(account("reviewer", name="third"), backend=BACKEND)
    queue = client.get("/alignment/review").content.decode()
    names = re.findall(r'<article class="pair waiting" id="([0-9a-f]+)"', queue)
    assert names[0] == link.name
    assert re.findall(
        r'<article class="pair waiting" id="([0-9a-f]+)"',
        client.get("/alignment/review?state=disputed").content.decode(),
    ) == [link.name]
    client.post(f"/alignment/links/{link.name}", {"answer": "same"})
    link.refresh_from_db()
    assert (link.state, link.relation) == ("confirmed", "same")


def test_the_queue_is_worked_by_keyboard_one_form_has_the_keys_and_the_next_link_follows(client, two):
    client.force_login(two[0], backend=BACKEND)
    queue = client.get("/alignment/review").content.decode()
    names = re.findall(r'<article class="pair waiting" id="([0-9a-f]+)" tabindex="-1"', queue)
    assert re.findall(r'accesskey="(.)"', queue) == ["1", "2", "3", "4", "5", "6", "s"]
    form = {"answer": "cannot-say", "then": "queue", "next": names[1], "back": "state=unanswered&at=x"}
    gone = client.post(f"/alignment/links/{names[0]}", form)["Location"]
    assert gone == f"/alignment/review?state=unanswered&at={names[1]}#{names[1]}"
    queue = client.get(gone).content.decode()
    assert re.findall(r'<article class="pair waiting" id="([0-9a-f]+)"', queue)[0] == names[1]
    article = queue.split(f'id="{names[1]}"')[1].split("</article>")[0]
    assert 'accesskey="1"' in article
    form["next"] = "//evil.example"
    assert client.post(f"/alignment/links/{names[1]}", form)["Location"] == "/alignment/review?state=unanswered"


def test_a_public_page_shows_no_form_to_decide(client):
    text = client.get(f"/alignment/links/{waiting().name}").content.decode()
    assert 'name="answer"' not in text


def test_the_page_of_the_work_says_what_answers_taught_the_run(client):
    text = client.get("/alignment/work").content.decode()
    assert "Too few links are decided to learn from." in text
    assert "60 decided links, 20 of each kind" in text
    assert "words 0.30, meaning 0.70" in text


def test_each_answer_says_what_it_means(client, account):
    client.force_login(account("reviewer"), backend=BACKEND)
    text = client.get(f"/alignment/links/{waiting().name}").content.decode()
    assert "they speak of other matters" in text
    assert "cannot-say</small>" not in text


def test_an_answer_without_the_role_changes_nothing(client, account):
    link = waiting()
    for user in (None, account("secretariat")):
        if user:
            client.force_login(user, backend=BACKEND)
        assert client.post(f"/alignment/links/{link.name}", {"answer": "same"}).status_code == 403
    link.refresh_from_db()
    assert link.state == "waiting"
    assert LinkAnswer.objects.count() == 0


def test_a_post_without_its_token_is_refused(account):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("reviewer"), backend=BACKEND)
    link = waiting()
    assert strict.post(f"/alignment/links/{link.name}", {"answer": "same"}).status_code == 403
    link.refresh_from_db()
    assert link.state == "waiting"


@pytest.mark.parametrize("form", [{"answer": "identical"}, {"answer": ""}, {"answer": "same", "reason": "x" * 501}, {}])
def test_a_form_that_will_not_do_is_refused_and_nothing_is_written(client, account, form):
    client.force_login(account("reviewer"), backend=BACKEND)
    link, before = waiting(), Act.objects.count()
    assert client.post(f"/alignment/links/{link.name}", form).status_code == 400
    link.refresh_from_db()
    assert (link.state, Act.objects.count(), LinkAnswer.objects.count()) == ("waiting", before, 0)


def test_an_answer_after_the_decision_is_refused_and_the_decision_stands(two, account):
    link = waiting()
    for reviewer in two:
        answer_link(name=link.name, answer="same", by=reviewer)
    with pytest.raises(AlreadyDecided):
        answer_link(name=link.name, answer="none", by=account("reviewer", name="third"))
    link.refresh_from_db()
    assert (link.state, link.relation) == ("confirmed", "same")
    assert LinkReview.objects.count() == 1


def test_a_link_that_is_not_there_is_not_found(account):
    with pytest.raises(NotFound):
        answer_link(name="nowhere", answer="none", by=account("reviewer"))


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


def test_a_reviewer_cannot_answer_a_link_that_the_account_may_not_see(account):
    link = waiting()
    type(link.a.instrument).objects.filter(pk=link.a.instrument_id).update(
        visibility="delegation", audience="delegation:m041"
    )
    with pytest.raises(NotFound):
        answer_link(name=link.name, answer="same", by=account("reviewer"))
    assert LinkAnswer.objects.count() == 0


def test_a_decision_on_what_only_members_see_is_no_public_act(two):
    link = waiting()
    type(link.a.instrument).objects.filter(pk=link.a.instrument_id).update(visibility="members")
    for reviewer in two:
        answer_link(name=link.name, answer="same", by=reviewer)
    act = Act.objects.get(type="confirm-link")
    assert act.visibility == "members"
    assert b"alignment" not in bytes(act.body)


def test_after_an_answer_the_queue_is_where_it_was(client, account):
    client.force_login(account("reviewer"), backend=BACKEND)
    link = waiting()
    form = {"answer": "none", "then": "queue", "back": "instrument=eu-ai-act&page=2"}
    assert (
        client.post(f"/alignment/links/{link.name}", form)["Location"]
        == "/alignment/review?instrument=eu-ai-act&page=2"
    )
    form["back"] = "https://evil.example/"
    assert client.post(f"/alignment/links/{link.name}", form)["Location"] == "/alignment/review"


def test_the_secretariat_sets_the_rule_on_its_page_and_nobody_else(client, account):
    assert "2 reviewers who give the same answer" in client.get("/alignment/review-rule").content.decode()
    form = {"reviewers": "3", "regions": "2"}
    client.force_login(account("reviewer"), backend=BACKEND)
    assert client.post("/alignment/review-rule", form).status_code == 403
    client.force_login(account("secretariat"), backend=BACKEND)
    assert client.post("/alignment/review-rule", {"reviewers": "1", "regions": "2"}).status_code == 400
    page = client.post("/alignment/review-rule", form, follow=True).content.decode()
    assert "3 reviewers who give the same answer" in page
    assert "does not count" in page
    act = Act.objects.get(type="set-review-rule")
    assert (act.office, act.subject) == ("secretariat", "alignment/review-rule")


def test_the_overview_and_the_queue_say_how_far_reviewers_agree(client, two):
    links = CrosswalkLink.objects.filter(state="waiting").order_by("-score", "name")[:3]
    page = client.get("/alignment/").content.decode()
    assert "not measured yet" in page
    assert "not a legal interpretation" in page
    for link, second in zip(list(links), ("same", "none", "none"), strict=True):
        for reviewer, answer in zip(two, ("same" if second == "same" else "none", second), strict=True):
            answer_link(name=link.name, answer=answer, by=reviewer)
    client.force_login(two[0], backend=BACKEND)
    for path in ("/alignment/", "/alignment/review"):
        page = client.get(path).content.decode()
        assert "on 3 links that two or more answered, 100% of pairs" in page
        assert "alpha is 1.00 (too few links for an interval)" in page
