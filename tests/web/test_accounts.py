"""Accounts: the second step that a role demands, invitations, recovery by two officers, a ministry's own sign-in."""

from __future__ import annotations

import datetime as dt
import json
import re
import urllib.parse
import urllib.request

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from comity.errors import LinkExpired
from comity.platform.parties import invitations, recovery
from comity.platform.parties.models import (
    Credential,
    Invitation,
    OutgoingMail,
    Recovery,
    SubmissionComment,
    User,
)
from comity.platform.parties.personal import erase_account, erase_what_is_past_its_retention, export_account
from comity.platform.parties.services import open_account
from comity.platform.parties.submissions import comment_on, draft_text
from comity.platform.record.models import Act
from support.parties import PASSWORD, account_with, make_body, today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean(db):
    cache.clear()
    make_body()


def sign_in(client: Client, user: User, *, password: str = PASSWORD, **extra):
    return client.post("/sign-in", {"login": user.email, "password": password, **extra})


def code_of(secret: str, *, steps: int = 0) -> str:
    # The window of thirty seconds that is now, or one before or after it.
    (counter, *_) = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, counter + steps))


def set_up_codes(client: Client) -> str:
    page = client.get("/account/2fa/totp/activate/")
    if page.status_code == 302:  # the password is asked for again before a way in is changed
        client.post(page["Location"], {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    done = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.status_code == 302, done.content.decode()
    return secret


def test_a_delegate_without_a_second_step_is_led_to_it_and_is_the_public_until_then(client):
    head = account_with("head")
    assert sign_in(client, head)["Location"] == "/account/2fa/"
    refused = client.get("/delegation/")
    assert (refused.status_code, refused["Location"]) == (302, "/account/2fa/")
    client.get("/account/")  # which shows what was to be said
    assert head.name not in client.get("/parties/members/m1").content.decode().partition("<main")[2]
    set_up_codes(client)
    assert client.get("/delegation/").status_code == 200
    assert head.name in client.get("/parties/members/m1").content.decode().partition("<main")[2]


def test_with_a_second_step_the_password_alone_opens_nothing(client):
    head = account_with("head")
    sign_in(client, head)
    secret = set_up_codes(client)
    other = Client()
    asked = sign_in(other, head)
    assert asked["Location"] == "/account/2fa/authenticate/"
    assert other.get("/delegation/").status_code == 302
    assert other.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert other.get("/delegation/").status_code == 302
    used = code_of(secret)
    again = other.post("/account/2fa/authenticate/", {"code": used})
    if again.status_code == 200:  # the very code that set the step up was used once already
        assert "error" in again.content.decode()
        cache.clear()
        again = other.post("/account/2fa/authenticate/", {"code": used})
    assert (again.status_code, again["Location"]) == (302, "/delegation/")
    assert other.get("/delegation/").status_code == 200


def test_codes_cannot_be_guessed_for_long(client):
    head = account_with("head")
    sign_in(client, head)
    set_up_codes(client)
    other = Client()
    sign_in(other, head)
    answers = [other.post("/account/2fa/authenticate/", {"code": f"{n:06}"}) for n in range(12)]
    assert "Too many" in answers[-1].content.decode() or answers[-1].status_code == 429


def test_a_recovery_code_works_once(client):
    head = account_with("head")
    sign_in(client, head)
    set_up_codes(client)
    page = client.get("/account/2fa/recovery-codes/")
    (first, *_) = list(page.context["unused_codes"])
    for expected in ("/delegation/", None):
        other = Client()
        cache.clear()
        sign_in(other, head)
        done = other.post("/account/2fa/authenticate/", {"code": first})
        assert done.headers.get("Location") == expected


def test_secrets_of_the_second_step_are_kept_encrypted(client):
    head = account_with("head")
    sign_in(client, head)
    secret = set_up_codes(client)
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_an_example_account_is_exempt_on_an_example_instance_alone(client, settings):
    head = account_with("head")
    User.objects.filter(pk=head.pk).update(is_example=True)
    sign_in(client, head)
    assert client.get("/delegation/").status_code == 302
    settings.EXAMPLE = True
    assert client.get("/delegation/").status_code == 200


def test_nobody_signs_up_alone(client):
    page = client.get("/account/signup/")
    assert "<form class=" not in page.content.decode().partition("<main")[2]
    client.post("/account/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.filter(email="new@example.org").count() == 0


def answer_without_the_address(response, address: str) -> str:
    text = response.content.decode().replace(address, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


@pytest.mark.parametrize("path,field", [("/account/password/reset/", "email"), ("/account/recovery", "email")])
def test_a_form_says_the_same_of_an_address_with_an_account_and_without(client, path, field):
    known = account_with("head").email
    answers = []
    for address in (known, "nobody@example.org"):
        cache.clear()
        answers.append(answer_without_the_address(Client().post(path, {field: address}, follow=True), address))
    assert answers[0] == answers[1]


def test_a_wrong_password_says_the_same_of_an_address_with_an_account_and_without(client):
    known = account_with("head").email
    closed = open_account(email="closed@example.org", name="C", password=PASSWORD)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    answers = {
        answer_without_the_address(Client().post("/sign-in", {"login": a, "password": "wrong wrong 1"}), a)
        for a in (known, "nobody@example.org", "closed@example.org")
    }
    assert len(answers) == 1


def test_a_stranger_is_sent_no_mail(client):
    client.post("/account/password/reset/", {"email": "nobody@example.org"})
    assert OutgoingMail.objects.count() == 0


def test_an_account_that_was_opened_in_capitals_can_sign_in(client):
    open_account(email=" Ada@Example.ORG ", name="Ada", password=PASSWORD, roles=("reviewer",))
    for typed in ("Ada@Example.ORG", "ada@example.org"):
        assert Client().post("/sign-in", {"login": typed, "password": PASSWORD})["Location"] == "/account/2fa/"
    assert OutgoingMail.objects.filter(kind="email_confirmation").count() == 0


def test_a_meeting_room_signs_in_from_one_address_and_failures_are_counted(client):
    expert = account_with("expert")
    assert {sign_in(Client(), expert).status_code for _ in range(40)} == {302}
    wrong = [Client().post("/sign-in", {"login": expert.email, "password": "wrong wrong 1"}) for _ in range(7)]
    assert "Too many" in wrong[-1].content.decode() or wrong[-1].status_code == 429
    assert sign_in(Client(), expert).status_code != 302


def test_a_count_of_failures_outlives_attempts_on_many_other_addresses(settings):
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] == 1_000_000
    cache.set("held", "here", 600)
    for number in range(350):
        cache.set(f"other-{number}", 1, 600)
    assert cache.get("held") == "here"


@pytest.mark.parametrize("path", ["/account/email/", "/account/3rdparty/"])
def test_a_way_in_is_changed_only_after_the_password_or_second_step_is_given_again(client, path):
    expert = account_with("expert")
    sign_in(client, expert)
    connected = SocialAccount.objects.create(user=expert, provider="ministry", uid="ada")
    answer = client.post(path, {"action_add": "", "email": "eve@example.org", "account": connected.pk})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/reauthenticate/")


def test_passwords_are_kept_with_argon2id_and_older_ones_are_written_anew(client, settings):
    settings.PASSWORD_HASHERS = [
        "comity.platform.parties.passwords.PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    expert = account_with("expert")
    User.objects.filter(pk=expert.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    assert sign_in(client, expert).status_code == 302
    assert User.objects.get(pk=expert.pk).password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_secrets_of_links_stand_in_no_line_of_the_log():
    import logging

    from comity.site.logs import JsonFormatter

    paths = (
        "/account/invitation/SECRET",
        "/account/recovery/SECRET?x=1",
        "/account/password/reset/key/SECRET/",
        "/account/confirm-email/SECRET/",
        "/delegation/calendar/SECRET.ics",
        "/account/oidc/ministry/login/callback/?state=SECRET&code=SECRET",
    )
    for path in paths:
        record = logging.LogRecord("x", logging.WARNING, "f", 1, "Not found: %s", (path,), None)
        assert "SECRET" not in JsonFormatter().format(record)


def test_the_session_key_changes_when_someone_signs_in(client):
    client.get("/sign-in")
    session = client.session
    session["x"] = "y"
    session.save()
    before = session.session_key
    client.cookies["comity_session"] = before
    sign_in(client, account_with("expert"))
    assert client.session.session_key != before


def test_sessions_are_listed_and_end_with_a_new_password(client):
    expert = account_with("expert")
    sign_in(client, expert)
    other = Client()
    sign_in(other, expert)
    assert client.get("/account/sessions/").content.decode().count("<tr") >= 2
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long word 77", "password2": "another long word 77"},
    )
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


# Invitations -----------------------------------------------------------------------------------------------------------


def invited(by, **changes) -> str:
    given = {"email": "new@example.org", "name": "New Person", "language": "fr", "role": "reviewer"}
    return invitations.invite_person(**{**given, **changes}, by=by, compose=lambda token: ("S", f"L {token}"))


def a_credential(member: str = "m1") -> int:
    from comity.platform.parties.credentials import issue_credential

    return issue_credential(
        member=member,
        body="assembly",
        role="delegate",
        holder="New Person",
        starts_on=today(),
        by=account_with("secretariat"),
    ).pk


def test_an_invitation_opens_an_account_once_with_what_it_invites_to(client):
    number = a_credential()
    token = invited(account_with("secretariat"), credential=number, role="")
    assert OutgoingMail.objects.get(kind="invitation").text == f"L {token}"
    assert token not in str(list(Invitation.objects.values()))
    page = client.get(f"/account/invitation/{token}")
    assert "Member 1" in page.content.decode()
    done = client.post(f"/account/invitation/{token}", {"name": "New Person", "password": PASSWORD, "again": PASSWORD})
    assert done["Location"] == "/sign-in"
    user = User.objects.get(email="new@example.org")
    assert (user.language, Credential.objects.get(pk=number).user_id) == ("fr", user.pk)
    assert Client().get(f"/account/invitation/{token}").status_code == 404
    assert sign_in(Client(), user)["Location"] == "/account/2fa/"


def test_links_that_are_used_over_withdrawn_or_invented_say_the_same(client):
    secretariat = account_with("secretariat")
    over, taken = invited(secretariat), invited(secretariat, email="b@example.org")
    Invitation.objects.filter(email="new@example.org").update(expires_at=timezone.now())
    invitations.withdraw_invitation(invitation=Invitation.objects.get(email="b@example.org").pk, by=secretariat)
    pages = {
        re.sub(r"invitation/[^\"?&]+", "", client.get(f"/account/invitation/{token}").content.decode())
        for token in (over, taken, "invented")
    }
    assert len(pages) == 1


def test_an_address_with_an_account_takes_an_invitation_up_by_signing_in(client):
    expert = account_with("expert")
    token = invited(account_with("secretariat"), email=expert.email.upper())
    assert "Sign in" in client.get(f"/account/invitation/{token}").content.decode()
    other = account_with("expert")
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"/account/invitation/{token}").status_code == 409
    client.force_login(expert, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"/account/invitation/{token}").status_code == 302
    assert "reviewer" in User.objects.get(pk=expert.pk).roles


@pytest.mark.parametrize("password", ["k4Qz", "password12345", "x" * 300, "different"])
def test_a_password_that_will_not_do_opens_nothing(client, password):
    token = invited(account_with("secretariat"))
    again = "another" if password == "different" else password
    answer = client.post(f"/account/invitation/{token}", {"name": "N", "password": password, "again": again})
    assert answer.status_code == 400
    assert password not in answer.content.decode() or password == "different"
    assert User.objects.filter(email="new@example.org").count() == 0
    assert Invitation.objects.get(email="new@example.org").used_at is None


def test_a_head_invites_for_its_own_member_and_for_no_other():
    from comity.errors import NotPermitted

    own, other = a_credential("m1"), a_credential("m2")
    head = account_with("head", member="m1")
    invited(head, credential=own, role="")
    with pytest.raises(NotPermitted):
        invited(head, credential=other, role="")
    with pytest.raises(NotPermitted):
        invited(head)


def test_a_second_invitation_takes_the_place_of_the_first(client):
    secretariat = account_with("secretariat")
    first, second = invited(secretariat), invited(secretariat)
    assert client.get(f"/account/invitation/{first}").status_code == 404
    assert client.get(f"/account/invitation/{second}").status_code == 200


# Recovery --------------------------------------------------------------------------------------------------------------


def compose(token: str) -> tuple[str, str]:
    return "S", f"L {token}"


def told(language: str) -> tuple[str, str]:
    return "A new start", f"asked, in {language}"


def test_two_different_officers_give_a_new_start_and_one_alone_does_not(client):
    head = account_with("head")
    sign_in(client, head)
    set_up_codes(client)
    client.post("/account/recovery", {"email": head.email.upper()})
    waiting = Recovery.objects.get()
    first, second = account_with("secretariat"), account_with("operator")
    assert recovery.allow_recovery(recovery=waiting.pk, by=first, compose=compose) is False
    from comity.errors import Conflict

    with pytest.raises(Conflict):
        recovery.allow_recovery(recovery=waiting.pk, by=first, compose=compose)
    assert recovery.allow_recovery(recovery=waiting.pk, by=second, compose=compose) is True
    token = OutgoingMail.objects.get(kind="recovery", once__startswith="recovery-").text.removeprefix("L ")
    assert token not in str(list(Recovery.objects.values()))
    anew = "an entirely new word 5"
    assert Client().post(f"/account/recovery/{token}", {"password": anew, "again": anew})["Location"] == "/sign-in"
    assert Authenticator.objects.filter(user=head).count() == 0
    assert client.get("/account/").status_code == 302
    assert UserSession.objects.filter(user=head).count() == 0
    assert sign_in(Client(), User.objects.get(pk=head.pk), password=anew)["Location"] == "/account/2fa/"
    with pytest.raises(LinkExpired):
        recovery.recover(token=token, password=anew)


def test_the_person_is_told_at_once_and_both_messages_speak_the_persons_language(client):
    head = account_with("head")
    User.objects.filter(pk=head.pk).update(language="fr")
    for _ in range(2):
        cache.clear()
        client.post("/account/recovery", {"email": head.email})
    (asked,) = OutgoingMail.objects.filter(kind="recovery")
    assert (asked.address, asked.subject.partition(": ")[2]) == (head.email, "Un nouveau départ a été demandé")
    for officer in (account_with("secretariat"), account_with("operator")):
        reader = Client()
        Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
        reader.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        reader.post(f"/account/recoveries/{Recovery.objects.get().pk}/allow", headers={"Accept-Language": "es"})
    sent = OutgoingMail.objects.get(once__startswith="recovery-")
    assert "Deux responsables" in sent.text


@pytest.mark.parametrize("brought_in_first", [True, False])
def test_an_officer_cannot_allow_a_recovery_with_a_second_account_they_invited(brought_in_first):
    from comity.errors import Conflict

    officer, puppet = account_with("secretariat"), account_with("operator")
    token = invited(officer, email=puppet.email)
    invitations.take_up_signed_in(token=token, user=puppet)
    recovery.ask_recovery(email=account_with("head").email, tell=told)
    number = Recovery.objects.get().pk
    first, second = (puppet, officer) if brought_in_first else (officer, puppet)
    recovery.allow_recovery(recovery=number, by=first, compose=compose)
    with pytest.raises(Conflict, match="A third officer"):
        recovery.allow_recovery(recovery=number, by=second, compose=compose)
    assert recovery.allow_recovery(recovery=number, by=account_with("secretariat"), compose=compose) is True


def test_nobody_allows_their_own_recovery():
    from comity.errors import Conflict

    officer = account_with("secretariat")
    recovery.ask_recovery(email=officer.email, tell=told)
    with pytest.raises(Conflict):
        recovery.allow_recovery(recovery=Recovery.objects.get().pk, by=officer, compose=compose)


def test_a_recovery_that_is_over_or_was_never_granted_opens_nothing():
    recovery.ask_recovery(email=account_with("head").email, tell=told)
    for token in ("", "invented"):
        with pytest.raises(LinkExpired):
            recovery.demand_recovery(token=token)
    token = recovery.grant_from_the_machine(email=User.objects.get(credentials__role="head").email)
    Recovery.objects.update(expires_at=timezone.now())
    with pytest.raises(LinkExpired):
        recovery.demand_recovery(token=token)


# Personal data ---------------------------------------------------------------------------------------------------------


def every_text_of_every_table() -> str:
    rows = []
    for model in apps.get_models():
        rows += [str(list(model._default_manager.values()))]
    return "\n".join(rows)


def test_all_that_is_kept_of_a_person_is_given_out_and_nothing_is_left_when_it_is_erased(client):
    user = open_account(email="canary@example.org", name="Canary Person", password=PASSWORD, roles=("operator",))
    Credential.objects.filter(pk=a_credential()).update(user=user, holder="Canary Person")
    user = User.objects.get(pk=user.pk)
    sign_in(client, user)
    secret = set_up_codes(client)
    number = draft_text(member="m1", body="assembly", title="T", text="X", language="en", by=user).pk
    comment_on(submission=number, text="Canary remark", by=user)
    client.post("/delegation/digest", {"when": "day", "at": "07:30", "lang": "fr"})
    client.post("/delegation/calendar")
    invited(account_with("secretariat"), email="canary@example.org", name="Canary Person")
    recovery.ask_recovery(email="canary@example.org", tell=told)
    client.post("/account/password/reset/", {"email": "canary@example.org"})
    Client().post("/sign-in", {"login": "Canary@example.org", "password": "wrong wrong 1"})
    exported = json.loads(client.get("/account/export").content)
    assert exported["email"] == "canary@example.org"
    assert [c["holder"] for c in exported["credentials"]] == ["Canary Person"]
    assert [r["text"] for r in exported["remarks"]] == ["Canary remark"]
    filled = ("second_steps", "sessions", "addresses", "invitations", "recoveries", "mail", "texts", "failed_sign_ins")
    assert {name: bool(exported[name]) for name in filled} == dict.fromkeys(filled, True)
    assert exported["digest"] == {"when": "day", "at": "07:30:00"}
    assert exported["calendar_since"] is not None
    assert secret not in json.dumps(exported)
    erase_account(email="canary@example.org")
    left = every_text_of_every_table()
    assert re.findall(r"[^\n]{0,80}[Cc]anary[^\n]{0,40}", left) == []
    assert client.get("/account/").status_code == 302


def test_a_person_closes_the_account_alone_after_giving_the_password_again(client):
    expert = account_with("expert")
    client.force_login(expert, backend="allauth.account.auth_backends.AuthenticationBackend")
    asked = client.get("/account/close")
    assert (asked.status_code, "/reauthenticate/" in asked["Location"]) == (302, True)
    client.post(asked["Location"], {"password": PASSWORD})
    assert client.get("/account/close").status_code == 200
    assert client.post("/account/close").status_code == 302
    assert User.objects.get(pk=expert.pk).is_active is False


def test_what_is_past_its_retention_is_erased():
    secretariat = account_with("secretariat")
    invited(secretariat)
    recovery.ask_recovery(email=secretariat.email, tell=told)
    head = account_with("head")
    old = draft_text(member="m1", body="assembly", title="T", text="X", language="en", by=head)
    long_ago = timezone.now() - dt.timedelta(days=400)
    Invitation.objects.update(expires_at=long_ago)
    Recovery.objects.update(asked_at=long_ago)
    type(old).objects.update(drafted_at=long_ago)
    ended = a_credential()
    Credential.objects.filter(pk=ended).update(
        holder="Canary", starts_on=today() - dt.timedelta(days=5000), ends_on=today() - dt.timedelta(days=4000)
    )
    sign_in(Client(), secretariat)
    AccessAttempt.objects.create(username="a@example.org", failures_since_start=1)
    AccessAttempt.objects.update(attempt_time=long_ago)
    Session.objects.update(expire_date=long_ago)
    UserSession.objects.update(last_seen_at=long_ago)
    assert erase_what_is_past_its_retention() == 7
    assert (AccessAttempt.objects.count(), Session.objects.count(), UserSession.objects.count()) == (0, 0, 0)
    assert Credential.objects.get(pk=ended).holder == ""
    assert erase_what_is_past_its_retention() == 0
    assert (Invitation.objects.count(), Recovery.objects.count(), SubmissionComment.objects.count()) == (0, 0, 0)


def test_export_is_of_the_one_who_is_signed_in(client):
    assert client.get("/account/export").status_code == 302
    expert = account_with("expert")
    client.force_login(expert, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert json.loads(client.get("/account/export").content)["email"] == expert.email
    assert export_account(email=expert.email)["roles"] == ["expert"]


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"name": "x" * 121}, {"language": "tlh"}, {"time_zone": "Moon/Base"}, {"time_zone": ""}]
)
def test_a_profile_that_will_not_do_is_refused(client, change):
    expert = account_with("expert")
    client.force_login(expert, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/account/profile", {"name": "N", "language": "fr", "time_zone": "Africa/Nairobi", **change})
    assert answer.status_code == 400
    assert User.objects.get(pk=expert.pk).language == "en"


def test_the_pages_come_in_the_accounts_language_after_signing_in(client):
    expert = account_with("expert")
    User.objects.filter(pk=expert.pk).update(language="ar")
    answer = sign_in(client, expert)
    assert answer.cookies["comity_language"].value == "ar"


# A ministry's own sign-in ----------------------------------------------------------------------------------------------


# The provider's own code is older than its library, and says so in our process.
OLD_PROVIDER = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def ministry(settings, monkeypatch):
    """A real OpenID Connect provider on loopback."""
    from oidc_provider_mock import run_server_in_thread

    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    settings.OIDC_DOMAINS = ("example.org",)
    with run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "ministry",
                        "name": "Ministry",
                        "client_id": "comity",
                        "secret": "secret",
                        "settings": {"server_url": issuer},
                    }
                ],
            }
        }
        yield issuer


def claims(issuer: str, sub: str, **given) -> None:
    request = urllib.request.Request(
        f"{issuer}/users/{sub}",
        data=json.dumps(given).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=5).close()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def go_through(client: Client, sub: str, *, process: str = "login", change=lambda address: address):
    """Press the button, sign in at the provider as ``sub``, and come back."""
    out = client.post(f"/account/oidc/ministry/login/?process={process}")
    assert out.status_code == 200, out.content.decode()
    seconds, _, address = out["Refresh"].partition(";url=")
    assert seconds == "0"
    assert f'href="{escape(address)}"' in out.content.decode()
    opener = urllib.request.build_opener(NoRedirect)
    try:
        opener.open(address, data=urllib.parse.urlencode({"sub": sub}).encode(), timeout=5)
    except urllib.error.HTTPError as redirect:
        back = redirect.headers["Location"]
    return client.get(change(back.replace("http://testserver", "")), follow=True)


@OLD_PROVIDER
def test_a_ministrys_sign_in_opens_the_account_of_the_same_verified_address(client, ministry):
    expert = account_with("expert")
    claims(ministry, "ada", email=expert.email, email_verified=True)
    page = go_through(client, "ada")
    assert page.status_code == 200
    assert client.get("/account/").status_code == 200
    assert json.loads(client.get("/account/export").content)["email"] == expert.email


@OLD_PROVIDER
@pytest.mark.parametrize(
    "given",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": "true"},
        {"email_verified": 1},
        {},
        {"email": "stranger@example.org", "email_verified": True},
        {"email": "", "email_verified": True},
        {"email": ["a@example.org"], "email_verified": True},
    ],
)
def test_an_address_that_is_not_verified_or_has_no_account_opens_nothing(client, ministry, given):
    expert = account_with("expert")
    claims(ministry, "eve", **{"email": expert.email, **given})
    before = User.objects.count()
    go_through(client, "eve")
    assert client.get("/account/").status_code == 302
    assert User.objects.count() == before


@OLD_PROVIDER
def test_an_answer_that_belongs_to_no_question_of_ours_is_refused(client, ministry):
    expert = account_with("expert")
    claims(ministry, "ada", email=expert.email, email_verified=True)
    go_through(client, "ada", change=lambda address: re.sub(r"state=[^&]+", "state=forged", address))
    assert client.get("/account/").status_code == 302


@OLD_PROVIDER
def test_an_answer_is_of_use_once(client, ministry):
    expert = account_with("expert")
    claims(ministry, "ada", email=expert.email, email_verified=True)
    seen = []
    go_through(client, "ada", change=lambda address: seen.append(address) or address)
    client.post("/sign-out")
    client.get(seen[0], follow=True)
    assert client.get("/account/").status_code == 302


@OLD_PROVIDER
def test_a_ministrys_sign_in_does_not_stand_for_the_second_step_unless_the_operator_says_so(client, ministry, settings):
    head = account_with("head")
    claims(ministry, "head", email=head.email, email_verified=True, acr="gold")
    go_through(client, "head")
    assert client.get("/delegation/").status_code == 302
    settings.OIDC_SECOND_STEP = ("gold",)
    other = Client()
    go_through(other, "head")
    assert other.get("/delegation/").status_code == 200


@OLD_PROVIDER
@pytest.mark.parametrize("domains", [(), ("ministry.example",), ("ple.org",)])
def test_a_provider_opens_only_accounts_of_its_own_domains(client, ministry, settings, domains):
    settings.OIDC_DOMAINS = domains
    secretariat = account_with("secretariat")
    claims(ministry, "eve", email=secretariat.email, email_verified=True)
    go_through(client, "eve")
    assert client.get("/account/").status_code == 302


@OLD_PROVIDER
def test_a_person_connects_their_own_sign_in_from_inside_and_uses_it_then(client, ministry, settings):
    settings.OIDC_DOMAINS = ()
    expert = account_with("expert")
    claims(ministry, "ada", email=expert.email.upper(), email_verified=True)
    sign_in(client, expert)
    go_through(client, "ada", process="connect")
    assert SocialAccount.objects.count() == 0  # the password is asked for again
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    other = Client()
    go_through(other, "ada")
    assert json.loads(other.get("/account/export").content)["email"] == expert.email


@OLD_PROVIDER
@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_a_stolen_password_and_a_sign_in_of_ones_own_do_not_pass_the_second_step(client, ministry, settings, process):
    settings.OIDC_SECOND_STEP = ("gold",)
    settings.OIDC_DOMAINS = ("example.org",)
    head, thief = account_with("head"), account_with("expert")
    claims(ministry, "thief", email=thief.email, email_verified=True, acr="gold")
    sign_in(client, head)
    go_through(client, "thief", process=process)
    assert client.get("/delegation/").status_code == 302
    assert json.loads(client.get("/account/export").content)["other_sign_ins"] == []
    go_through(client, "thief")  # which opens the thief's own account, in the same browser
    assert json.loads(client.get("/account/export").content)["email"] == thief.email
    client.post("/sign-out")
    sign_in(client, head)
    assert client.get("/delegation/").status_code == 302


@OLD_PROVIDER
def test_what_the_provider_said_counts_for_one_session_of_one_account(client, ministry, settings):
    settings.OIDC_SECOND_STEP = ("gold",)
    head, other = account_with("head"), account_with("head", member="m2")
    claims(ministry, "head", email=head.email, email_verified=True, acr="gold")
    go_through(client, "head")
    assert client.get("/delegation/").status_code == 200
    client.post("/sign-out")
    sign_in(client, other)
    assert client.get("/delegation/").status_code == 302
    claims(ministry, "head", email=head.email, email_verified=True, acr="bronze")
    go_through(client, "head")
    assert client.get("/delegation/").status_code == 302


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b"<html>"])
def test_a_provider_that_is_down_or_no_provider_leads_back_to_signing_in(client, settings, answer):
    import http.server
    import threading

    class Wrong(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Wrong)
    app = {
        "provider_id": "ministry",
        "name": "Ministry",
        "client_id": "comity",
        "secret": "secret",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    if answer:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    else:
        server.server_close()  # nobody listens there
    back = client.post("/account/oidc/ministry/login/?process=login", follow=True)
    assert back.redirect_chain == [("/sign-in", 302)]
    assert "does not answer as it should" in back.content.decode()
    server.shutdown() if answer else None
    server.server_close()


def test_no_act_names_a_person_who_was_invited_or_signed_in(client):
    invited(account_with("secretariat"), name="Canary Person", email="canary@example.org")
    assert [act for act in Act.objects.all() if b"anary" in bytes(act.body)] == []
