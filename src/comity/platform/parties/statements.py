"""Statements that members have made, to those who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from comity.errors import NotFound
from comity.platform.parties.models import Body, Statement
from comity.platform.parties.submissions import KINDS, SubmissionKind
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import Submission
    from comity.platform.record.models import Act

MOST_SHOWN = 50
RULE = "A delegation speaks for its member"


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as pages show it."""

    number: int
    member: str
    body: str
    title: str
    text: str
    language: str
    made_at: dt.datetime
    visibility: str
    released_at: dt.datetime | None
    act: str
    sequence: int | None


def make_statement(*, submission: Submission, office: str, now: dt.datetime) -> Act:
    """Write a statement and its act, in the transaction that sends the submission. The log holds a digest of the text."""
    # One statement at a time draws its number: two members may send in the same moment.
    list(Body.objects.select_for_update().filter(kind=Body.Kind.ASSEMBLY).order_by("pk")[:1])
    highest = Statement.objects.aggregate(highest=Max("number"))["highest"] or 0
    reference = f"parties/statements/{highest + 1}"
    act = enter_act(
        type="make-statement",
        office=office,
        member=submission.member.slug,
        authority=RULE,
        subject=reference,
        payload={
            "body": submission.body.slug,
            "member": submission.member.slug,
            "title": submission.title,
            "text": submission.text,
            "language": submission.language,
        },
        links=[
            (reference, "wasAttributedTo", f"parties/members/{submission.member.slug}"),
            *([(reference, "wasInfluencedBy", submission.matter)] if submission.matter else []),
        ],
        visibility=submission.visibility,
        audience=submission.audience,
        released_at=submission.released_at,
    )
    Statement.objects.create(
        number=highest + 1,
        member=submission.member,
        body=submission.body,
        matter=submission.matter,
        title=submission.title,
        text=submission.text,
        language=submission.language,
        made_at=now,
        visibility=submission.visibility,
        audience=submission.audience,
        released_at=submission.released_at,
        act=act,
    )
    return act


KINDS["statement"] = SubmissionKind(name="statement", send=make_statement, speaks=True)


def statement_view(*, number: int, user: Any) -> StatementView:
    """Return a statement. Raises NotFound where there is none, or none that this account may see."""
    found = Statement.objects.filter(seen_by(user=user), number=number).select_related("member", "body", "act").first()
    if found is None:
        raise NotFound(reference=f"parties/statements/{number}")
    return _view(found)


def statements_of(*, body: str, user: Any) -> tuple[StatementView, ...]:
    """Return the latest statements to a body that this account may see, newest first."""
    found = Statement.objects.filter(seen_by(user=user), body__slug=body).select_related("member", "body", "act")
    return tuple(_view(statement) for statement in found[:MOST_SHOWN])


def _view(found: Statement) -> StatementView:
    return StatementView(
        number=found.number,
        member=found.member.slug,
        body=found.body.slug,
        title=found.title,
        text=found.text,
        language=found.language,
        made_at=found.made_at,
        visibility=found.visibility,
        released_at=found.released_at,
        act=str(found.act_id),
        sequence=found.act.sequence,
    )
