"""My delegation: what a delegate sees each morning, what goes out by mail and calendar, and what never does."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comity.errors import BadParameter
from comity.platform.parties import submissions
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.mail import deliver_mail, forget_old_mail, queue_mail
from comity.platform.parties.models import (
    CalendarFeed,
    DigestChoice,
    OutgoingMail,
    Submission,
    User,
)
from comity.platform.parties.notices import choose_digest, due_digests
from comity.platform.parties.rules import Installation
from comity.web.delegation.digest import write_digest, write_digests
from support.parties import account_with, make_body, today

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONDAY = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _body(db):
    make_body()


@pytest.fixture
def sign_in(client):
    def go(role: str, **place) -> User:
        user = account_with(role, **place)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        client.force_login(user, backend=BACKEND)
        return user

    return go


def draft(by, **changes) -> int:
    given = {"member": "m1", "body": "oversight", "title": "CANARY title", "text": "CANARY text", "language": "en"}
    return submissions.draft_text(**{**given, **changes}, by=by).pk


def test_a_delegate_reads_first_what_needs_action(client, sign_in):
    head = sign_in("head")
    number = draft(head, due_at=timezone.now() + dt.timedelta(days=3))
    Submission.objects.filter(pk=number).update(state="cleared", cleared_at=timezone.now())
    text = client.get("/delegation/").content.decode()
    assert "Nothing needs you today. 1 thing is due by" in re.sub(r"\s+", " ", text)
    assert text.index("Needs action") < text.index("Texts on their way") < text.index("Daily digest")
    assert "Send “CANARY title”" in text
    assert "My delegation: 1 person" in text


def test_a_text_is_drafted_cleared_and_sent_by_the_forms(client, sign_in):
    head = sign_in("head")
    client.post(
        "/delegation/texts/new",
        {
            "place": "m1:oversight",
            "title": "On article 4",
            "text": "We support it.",
            "language": "en",
            "visibility": "committee",
            "due_on": (today() + dt.timedelta(days=2)).isoformat(),
            "due_at": "18:00",
        },
    )
    kept = Submission.objects.get()
    assert (kept.audience, kept.due_at.hour, kept.drafted_by_id) == ("committee:oversight", 18, head.pk)
    address = f"/delegation/texts/{kept.pk}/do"
    assert client.post(address, {"do": "send", "version": 1}).status_code == 409
    assert client.post(address, {"do": "clear", "version": 1}).status_code == 403
    sign_in("capital")
    client.post(address, {"do": "clear", "version": 1})
    assert Submission.objects.get().state == "cleared"
    client.force_login(head, backend=BACKEND)
    assert client.post(address, {"do": "send", "version": 1}).status_code == 302
    assert client.get("/parties/statements/1").status_code == 200
    client.logout()
    assert client.get("/parties/statements/1").status_code == 404
    assert client.get(f"/delegation/texts/{kept.pk}").status_code == 404


def test_what_changed_since_the_version_before_is_marked(client, sign_in):
    head = sign_in("head")
    number = draft(head, text="within thirty days")
    submissions.change_text(submission=number, version=1, title="T", text="within fifteen days", language="en", by=head)
    text = client.get(f"/delegation/texts/{number}").content.decode()
    assert "<del>thirty </del><ins>fifteen </ins>" in text


@pytest.mark.parametrize("role", ["secretariat", "operator", "reviewer", "translator", "expert"])
def test_who_serves_no_member_has_no_delegation(client, sign_in, role):
    sign_in(role)
    assert client.get("/delegation/").status_code == 403
    assert client.get("/delegation/texts/new").status_code == 403


@pytest.mark.parametrize(
    "form",
    [
        {"place": "m1"},
        {"place": "m2:oversight"},
        {"place": "m1:nowhere"},
        {"title": ""},
        {"text": ""},
        {"text": "x" * 20_001},
        {"language": "tlh"},
        {"visibility": "king"},
        {"due_on": "2026-13-45"},
        {"due_on": "yesterday"},
        {"due_on": "2026-12-01", "due_at": "25:00"},
        {"matter": "Not A Reference\x00"},
    ],
)
def test_a_form_that_will_not_do_writes_nothing(client, sign_in, form):
    sign_in("head")
    good = {"place": "m1:oversight", "title": "T", "text": "X", "language": "en", "visibility": "members"}
    answer = client.post("/delegation/texts/new", {**good, **form})
    assert answer.status_code in {400, 403, 404}
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(
    "form", [{}, {"do": "explode"}, {"do": "clear", "version": "x"}, {"do": "settle", "comment": "x"}]
)
def test_a_button_that_is_none_does_nothing(client, sign_in, form):
    number = draft(sign_in("head"))
    assert client.post(f"/delegation/texts/{number}/do", form).status_code == 400
    assert Submission.objects.get().state == "draft"


def test_the_page_of_a_delegation_is_kept_by_no_cache(client, sign_in):
    sign_in("head")
    for path in ("/delegation/", "/delegation/texts/new", "/account/"):
        assert "no-store" in client.get(path)["Cache-Control"]


# Digest ----------------------------------------------------------------------------------------------------------------


def capital_with_work(count: int = 1, **changes) -> User:
    capital, head = account_with("capital"), account_with("head")
    for _ in range(count):
        draft(head, due_at=MONDAY + dt.timedelta(hours=10), **changes)
    return capital


def test_a_digest_says_what_waits_and_never_the_title_or_text_of_a_draft():
    capital = capital_with_work()
    assert write_digest(user=capital, day=MONDAY.date(), now=MONDAY)
    made = OutgoingMail.objects.get()
    assert "A text awaits your clearance" in made.text
    assert "23 November 2026, 18:00 UTC" in made.text
    assert "CANARY" not in made.text + made.html + made.subject
    assert made.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_digest_of_a_day_is_queued_once():
    capital = capital_with_work()
    assert write_digest(user=capital, day=MONDAY.date(), now=MONDAY)
    assert not write_digest(user=capital, day=MONDAY.date(), now=MONDAY)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_a_digest_of_two_hundred_needs_stays_under_twenty_kilobytes_in_every_language(language):
    capital = capital_with_work(200)
    User.objects.filter(pk=capital.pk).update(language=language, time_zone="Asia/Kolkata")
    capital = User.objects.get(pk=capital.pk)
    assert write_digest(user=capital, day=MONDAY.date(), now=MONDAY)
    made = OutgoingMail.objects.get()
    assert len(made.text.encode()) + len(made.html.encode()) < 20_000
    assert "175" in made.text
    assert ('dir="rtl"' in made.html) is (language == "ar")


def test_digests_are_written_when_the_persons_own_hour_has_come_on_working_days():
    capital = capital_with_work()
    User.objects.filter(pk=capital.pk).update(time_zone="Asia/Tokyo")
    choose_digest(user=capital, when="day", at=dt.time(7, 30), language="en")
    too_early = dt.datetime(2026, 11, 22, 22, 0, tzinfo=dt.UTC)  # 07:00 on Monday in Tokyo
    assert list(due_digests(now=too_early)) == []
    in_time = too_early + dt.timedelta(minutes=31)
    assert write_digests(now=in_time) == 1
    assert write_digests(now=in_time + dt.timedelta(hours=1)) == 0
    saturday = dt.datetime(2026, 11, 28, 3, 0, tzinfo=dt.UTC)
    assert list(due_digests(now=saturday)) == []


def test_only_when_something_is_due_within_two_days():
    capital = capital_with_work()
    choose_digest(user=capital, when="due", at=dt.time(7, 30), language="en")
    Submission.objects.update(due_at=MONDAY + dt.timedelta(days=5))
    assert not write_digest(user=capital, day=MONDAY.date(), now=MONDAY)
    choose_digest(user=capital, when="day", at=dt.time(7, 30), language="en")
    assert write_digest(user=capital, day=MONDAY.date(), now=MONDAY)


def test_one_click_stops_the_digest_without_a_sign_in(client):
    capital = capital_with_work()
    choose_digest(user=capital, when="day", at=dt.time(7, 30), language="en")
    write_digest(user=capital, day=MONDAY.date(), now=MONDAY)
    link = OutgoingMail.objects.get().headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    assert client.get(link).status_code == 200
    assert DigestChoice.objects.get().when == "day"
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert DigestChoice.objects.get().when == "never"
    assert client.post("/delegation/digest/stop/forged").status_code == 404


@pytest.mark.parametrize("form", [{"when": "hourly"}, {"at": "7.30"}, {"lang": "tlh"}, {"when": ""}])
def test_a_choice_of_digest_that_will_not_do_is_refused(client, sign_in, form):
    sign_in("head")
    assert client.post("/delegation/digest", {"when": "day", "at": "07:30", "lang": "fr", **form}).status_code == 400
    assert DigestChoice.objects.count() == 0


# Calendar --------------------------------------------------------------------------------------------------------------


def calendar_address(client) -> str:
    page = client.post("/delegation/calendar").content.decode()
    return re.search(r"(/delegation/calendar/[^<]+\.ics)", page).group(1)


def test_a_calendar_holds_deadlines_under_neutral_titles_for_whoever_has_the_address(client, sign_in):
    from icalendar import Calendar

    capital = sign_in("capital")
    due = timezone.now().replace(microsecond=0) + dt.timedelta(days=1)
    draft(capital, due_at=due)
    address = calendar_address(client)
    client.logout()
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"CANARY" not in answer.content
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), event["dtend"].dt) == ("A text awaits your clearance", due)
    assert client.get(address).content == answer.content
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_renewed_address_kills_the_one_before_and_a_wrong_one_opens_nothing(client, sign_in):
    sign_in("capital")
    first = calendar_address(client)
    second = calendar_address(client)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert client.get("/delegation/calendar/x.ics").status_code == 404
    assert second.split("/")[-1].removesuffix(".ics") not in str(list(CalendarFeed.objects.values()))


# Mail ------------------------------------------------------------------------------------------------------------------


def waiting(**changes) -> None:
    given = {
        "user": None,
        "kind": "test",
        "once": "test-1",
        "address": "ada@example.org",
        "subject": "Subject é",
        "text": "Text",
    }
    assert queue_mail(**{**given, **changes})


@pytest.fixture
def post_office(settings):
    """A real SMTP server on loopback that refuses addresses at refused.example."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    class Box(Message):
        def __init__(self) -> None:
            super().__init__()
            self.kept = []

        def handle_message(self, message) -> None:
            self.kept.append(message)

        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.endswith("@refused.example"):
                return "550 no such person"
            if address.endswith("@later.example"):
                return "451 later"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    # The controller asks its own port, which it draws only now.
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    from comity.site.values import MailServer

    settings.SMTP = MailServer(host="127.0.0.1", port=controller.port, user="", password="")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield box.kept
    controller.stop()


def test_a_message_goes_out_once_with_both_forms_and_its_text_is_emptied(post_office):
    waiting(html="<p>Text</p>", headers={"List-Unsubscribe": "<https://x.example/>"})
    assert (deliver_mail(), deliver_mail()) == (1, 0)
    (message,) = post_office
    assert message["To"] == "ada@example.org"
    assert message["List-Unsubscribe"] == "<https://x.example/>"
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    kept = OutgoingMail.objects.get()
    assert (kept.state, kept.text, kept.html) == ("sent", "", "")


def test_a_person_who_does_not_exist_is_given_up_and_one_who_may_later_is_tried_again(post_office, caplog):
    waiting(address="ada@refused.example", once="a")
    waiting(address="ada@later.example", once="b")
    waiting(once="c")
    assert deliver_mail() == 1
    states = dict(OutgoingMail.objects.values_list("once", "state"))
    assert states == {"a": "failed", "b": "waiting", "c": "sent"}
    assert [r for r in caplog.records if r.name.startswith("comity") and "ada@" in r.getMessage()] == []
    assert deliver_mail() == 0  # too early
    OutgoingMail.objects.filter(once="b").update(tried_at=timezone.now() - dt.timedelta(minutes=2))
    assert deliver_mail() == 0
    assert OutgoingMail.objects.get(once="b").attempts == 2


def test_a_server_that_is_down_loses_nothing(post_office, settings):
    waiting()
    settings.EMAIL_PORT = 9
    assert deliver_mail() == 0
    kept = OutgoingMail.objects.get()
    assert (kept.state, kept.attempts, kept.text) == ("waiting", 1, "Text")


def test_a_message_that_failed_eight_times_is_given_up(post_office, settings):
    waiting()
    settings.EMAIL_PORT = 9
    for _ in range(8):
        OutgoingMail.objects.update(tried_at=None)
        deliver_mail()
    assert OutgoingMail.objects.get().state == "failed"


def test_without_a_mail_server_messages_wait():
    waiting()
    assert deliver_mail() == 0
    assert OutgoingMail.objects.get().attempts == 0
    assert django_mail.outbox == []


@pytest.mark.parametrize(
    "change",
    [
        {"address": "no address"},
        {"address": "a@example.org\nBcc: b@example.org"},
        {"subject": "One\r\nBcc: eve@example.org"},
        {"headers": {"X": "a\nBcc: b"}},
        {"text": "x" * 20_001},
    ],
)
def test_a_message_that_could_grow_a_header_or_is_too_long_is_not_queued(change):
    with pytest.raises(BadParameter):
        waiting(**change)
    assert OutgoingMail.objects.count() == 0


def test_sent_messages_are_forgotten_after_thirty_days():
    waiting()
    OutgoingMail.objects.update(state="sent", queued_at=timezone.now() - dt.timedelta(days=31))
    waiting(once="test-2")
    assert forget_old_mail() == 1
    assert OutgoingMail.objects.get().once == "test-2"


def test_a_credential_that_ends_soon_needs_its_issuer(client, sign_in):
    sign_in("head")
    issue_credential(
        member="m1",
        body="assembly",
        role="alternate",
        holder="Ada",
        starts_on=today(),
        ends_on=today() + dt.timedelta(days=5),
        awaited="original awaited",
        awaited_by=today() + dt.timedelta(days=9),
        by=account_with("secretariat"),
    )
    text = client.get("/delegation/").content.decode()
    assert "Renew the credential of the Alternate" in text
    assert "Send the original letter for the Alternate" in text


def test_a_large_delegation_costs_no_more_queries_than_a_small_one(client, sign_in):
    sign_in("head")
    counts = []
    for _ in range(2):
        client.get("/delegation/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/delegation/").status_code == 200
        counts.append(len(asked))
        for number in range(30):
            issue_credential(
                member="m1", body="assembly", role="adviser", holder=f"P {number}", starts_on=today(), by=Installation()
            )
    assert counts[0] + 2 >= counts[1]  # the assembly is one more body to ask who speaks in
