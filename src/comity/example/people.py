"""The people of the worked example: a delegation, officers, and texts on their way. All of it is invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from comity.adapters.body_files import read_body
from comity.platform.parties.credentials import issue_credential
from comity.platform.parties.founding import found_body
from comity.platform.parties.memberships import suspend_right, withdraw_member
from comity.platform.parties.models import Credential, Submission, User
from comity.platform.parties.rules import Installation
from comity.platform.parties.submissions import clear_text, comment_on, draft_text, send_text
from comity.platform.parties.voices import take_voice

if TYPE_CHECKING:
    from collections.abc import Callable

BODY = Path(__file__).resolve().parent / "body.toml"
MEMBER = "m041"
# role of the account: (member, role of the credential, clears for the capital)
DELEGATES = {
    "delegate": ("m041", "head", False),
    "alternate": ("m041", "alternate", False),
    "capital": ("m041", "adviser", True),
    "observer": ("obs-1", "head", True),
}


def load_body(*, say: Callable[[str], None]) -> None:
    """Form the example's assembly where it is not there yet."""
    plan = read_body(path=BODY)
    if not found_body(plan=plan, by=Installation(), is_fictional=True):
        return
    today = timezone.now().date()
    withdraw_member(
        body="assembly",
        member="m082",
        ends_on=dt.date(2026, 3, 1),
        rule="Constitutive act, article 9: withdrawal",
        by=Installation(),
    )
    suspend_right(
        body="assembly",
        member="m018",
        right="vote",
        rule="Rules of procedure, rule 8: contributions in arrears",
        meeting="Third session",
        starts_on=today - dt.timedelta(days=20),
        by=Installation(),
    )
    say(f"Formed an invented assembly of {len(plan.members)} parties.")


def accredit(*, account: str, user: User) -> None:
    """Give an example account its credential, where its role is one of a delegation."""
    member, role, clears = DELEGATES[account]
    today = timezone.now().date()
    provisional = account == "alternate"
    issue_credential(
        member=member,
        body="assembly",
        role=role,
        holder=user.name,
        user=user,
        may_clear=clears,
        starts_on=today - dt.timedelta(days=60),
        ends_on=today + dt.timedelta(days=5) if provisional else today + dt.timedelta(days=300),
        awaited="Scanned letter received; original awaited" if provisional else "",
        awaited_by=today + dt.timedelta(days=9) if provisional else None,
        by=Installation(),
    )


def load_texts() -> None:
    """Write a delegation's drafts and one statement that it has made, once."""
    if Submission.objects.exists():
        return
    held = {c.role: c.user for c in Credential.objects.filter(member__slug=MEMBER).select_related("user")}
    head, capital = held["head"], held["adviser"]
    if head is None or capital is None:
        return
    now = timezone.now()
    soon = now.replace(hour=18, minute=0, second=0, microsecond=0)
    made = draft_text(
        member=MEMBER,
        body="oversight",
        title="Explanation of position on article 4",
        text="Shared review bodies keep small administrations in the work. We support the article as it stands.",
        language="en",
        visibility="public",
        by=head,
    )
    clear_text(submission=made.pk, version=1, by=capital)
    take_voice(member=MEMBER, body="oversight", by=head)
    send_text(submission=made.pk, version=1, by=head)
    cleared = draft_text(
        member=MEMBER,
        body="oversight",
        title="Statement under agenda item 3",
        text="Three minutes on what a serious incident is, and on how a shared review body reports one.",
        language="fr",
        visibility="committee",
        audience="committee:oversight",
        due_at=soon + dt.timedelta(days=1),
        by=head,
    )
    clear_text(submission=cleared.pk, version=1, by=capital)
    draft = draft_text(
        member=MEMBER,
        body="assembly",
        title="Amendment 2 to article 8",
        text="The deployer shall report a serious incident within fifteen days, or within thirty where the report depends on "
        "a shared review body.",
        language="en",
        visibility="members",
        due_at=soon + dt.timedelta(days=2),
        by=head,
    )
    comment_on(submission=draft.pk, text="Is thirty days acceptable to the ministry of justice?", by=head)
