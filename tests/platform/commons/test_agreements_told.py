"""What people are told of agreements: what waits for whom, what ends soon, and what is kept of who prepared and cleared."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.platform.commons.agreement_persons import forget_who_agreed
from comity.platform.commons.models import AgreementStep, AgreementText
from comity.platform.commons.personal import erase_publishing_of, publishing_of
from comity.platform.commons.sharing_agreements import clear_text, draft_text, send_text_back
from comity.platform.commons.signing import give_notice
from comity.platform.parties.today import needs_of
from comity.web.delegation.needs import in_words
from support.agreements import concluded, drafted, head_of, issued, proposed, signed, waiting, wording
from support.parties import SET_UP, account_with, make_body, today

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
KINDS = {"clear-sharing", "propose-sharing", "sign-sharing", "agreement-ends"}


@pytest.fixture(autouse=True)
def _body(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")
    make_body()
    issued()


def told(user, *, at=None) -> list[tuple[str, str]]:
    return [(n.kind, n.address) for n in needs_of(user=user, now=at) if n.kind in KINDS]


def test_a_draft_waits_for_who_proposes_it_and_for_nobody_of_another_party():
    made = drafted()
    address = f"/commons/agreements/{made.slug}?draft=1"
    assert told(head_of("m1")) == [("propose-sharing", address)]
    assert told(account_with("focal-point", member="m1")) == [("propose-sharing", address)]
    assert told(account_with("delegate", member="m1")) == []
    assert told(head_of("m2")) == []


def test_where_the_capital_clears_nobody_else_is_told_before():
    capital = account_with("capital", member="m1")
    made = proposed()
    assert told(head_of("m1")) == []
    assert [kind for kind, _ in told(capital)] == ["clear-sharing"]
    assert [kind for kind, _ in told(head_of("m2"))] == ["sign-sharing"]
    clear_text(slug=made.slug, on=waiting(made).sha256, member="m1", by=capital)
    assert told(capital) == []
    assert [kind for kind, _ in told(head_of("m1"))] == ["sign-sharing"]
    signed(made, "m1")
    assert told(head_of("m1")) == []


def test_an_end_is_told_to_every_party_thirty_days_before_and_not_after():
    made = concluded(ends_on=today() + 40 * ONE)
    now = timezone.now()
    for member in ("m1", "m2"):
        head = head_of(member)
        assert told(head, at=now + 9 * ONE) == []
        assert told(head, at=now + 10 * ONE) == [("agreement-ends", f"/commons/agreements/{made.slug}")]
        assert told(head, at=now + 41 * ONE) == []
    (need,) = [n for n in needs_of(user=head_of("m1"), now=now + 10 * ONE) if n.kind == "agreement-ends"]
    assert need.due_at.date() == today() + 41 * ONE
    assert told(head_of("m3"), at=now + 10 * ONE) == []


def test_an_end_by_notice_is_told_too():
    made = concluded()
    give_notice(slug=made.slug, member="m2", by=SET_UP)
    now = timezone.now()
    assert told(head_of("m1"), at=now + 59 * ONE) == []
    assert [kind for kind, _ in told(head_of("m1"), at=now + 60 * ONE)] == ["agreement-ends"]


def test_mail_and_calendars_are_not_told_the_title():
    proposed(title="A delicate matter")
    (need,) = [n for n in needs_of(user=head_of("m2")) if n.kind in KINDS]
    assert "A delicate matter" in in_words(need).title
    assert "delicate" not in in_words(need, outside=True).title


def test_what_is_kept_of_a_person_is_given_out_and_cut_with_the_account():
    delegate, capital = account_with("delegate", member="m1"), account_with("capital", member="m1")
    made = drafted(by=delegate)
    on = waiting(made, state="draft").sha256
    clear_text(slug=made.slug, on=on, member="m1", by=capital)
    for user, key in ((delegate, "prepared_at"), (capital, "cleared_at")):
        (row,) = publishing_of(email=user.email)["sharing_agreements"]
        assert (row["reference"], bool(row[key])) == (made.reference, True)
        erase_publishing_of(user=user)
        assert publishing_of(email=user.email)["sharing_agreements"] == []
    assert AgreementStep.objects.get().cleared_at is not None


def test_persons_and_remarks_go_after_a_year_and_the_agreement_stays():
    delegate, capital = account_with("delegate", member="m1"), account_with("capital", member="m1")
    made = drafted(by=delegate)
    on = waiting(made, state="draft").sha256
    send_text_back(slug=made.slug, on=on, member="m1", note="Say more.", by=capital)
    now = timezone.now()
    assert forget_who_agreed(now=now + 364 * ONE) == 0
    assert forget_who_agreed(now=now + 366 * ONE) == 2
    assert AgreementText.objects.get().prepared_by is None
    assert AgreementStep.objects.get().note == ""


def test_a_clearance_of_a_draft_that_was_changed_is_gone():
    capital = account_with("capital", member="m1")
    made = drafted()
    clear_text(slug=made.slug, on=waiting(made, state="draft").sha256, member="m1", by=capital)
    draft_text(slug=made.slug, wording=wording(title="Another"), member="m1", by=SET_UP)
    assert [kind for kind, _ in told(capital)] == ["clear-sharing"]
