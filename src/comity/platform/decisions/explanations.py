"""Explain a vote or a position: a text of the delegation that its capital clears like any other, given before the vote or after it.

Any member that is asked may explain before; after, whoever was there, abstainers and those that did not vote too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from comity.errors import CannotExplain, NotFound
from comity.platform.decisions.lookups import elector_of, explain_until, explanation_time, locked_ballot
from comity.platform.decisions.models import Explanation
from comity.platform.decisions.moments import moment_of, read_clock
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.selectors import ballot_seen
from comity.platform.parties.submissions import KINDS, SubmissionKind, draft_text
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import Submission
    from comity.platform.record.models import Act

KIND = "explanation-of-vote"
PREFIX = "decisions/ballots/"
RULE = "A member may explain its vote or position"


def draft_explanation(*, slug: str, member: str, title: str, text: str, language: str, by: Any) -> Submission:
    """Draft an explanation that the delegation alone sees until it is cleared and sent; then those who see the ballot do.

    Raises NotFound, NotPermitted, BadParameter, or CannotExplain where none is taken now.
    """
    ballot = ballot_seen(slug=slug, user=by)
    moment, days = read_clock(), rule_of(ballot.rule).conduct.explanation_days
    elector = elector_of(ballot=ballot, member=member)
    when, problem = explanation_time(ballot=ballot, elector=elector, days=days, moment=moment)
    if problem:
        raise CannotExplain(reference=ballot.reference, problem=problem)
    return draft_text(
        member=member,
        body=ballot.body.slug,
        title=title,
        text=text,
        language=language,
        by=by,
        kind=KIND,
        matter=ballot.reference,
        visibility=ballot.visibility,
        audience=ballot.audience,
        released_at=ballot.released_at,
        due_at=ballot.closes_at if when == "before" else explain_until(ballot=ballot, days=days),
    )


def give_explanation(*, submission: Submission, office: str, now: dt.datetime) -> Act:
    """Write an explanation and its act, in the transaction that sends the submission: before the vote or after, as it comes.

    Raises CannotExplain where its ballot takes none now, where the member has explained already, or where others would see the text
    than see the ballot.
    """
    del now
    nowhere = CannotExplain(reference=submission.matter or KIND, problem="there is no such ballot in this body")
    try:
        ballot = locked_ballot(slug=submission.matter.removeprefix(PREFIX))
    except NotFound:
        raise nowhere from None
    if submission.matter != ballot.reference or ballot.body_id != submission.body_id:
        raise nowhere
    if (submission.visibility, submission.audience) != (ballot.visibility, ballot.audience):
        raise CannotExplain(reference=ballot.reference, problem="an explanation is for those who see the ballot")
    moment = moment_of(ballot=ballot)
    when, problem = explanation_time(
        ballot=ballot,
        elector=elector_of(ballot=ballot, member=submission.member.slug),
        days=rule_of(ballot.rule).conduct.explanation_days,
        moment=moment,
    )
    if problem:
        raise CannotExplain(reference=ballot.reference, problem=problem)
    act = enter_act(
        type="explain-vote",
        office=office,
        member=submission.member.slug,
        authority=RULE,
        subject=ballot.reference,
        payload={
            "ballot": ballot.reference,
            "member": submission.member.slug,
            "when": when,
            "title": submission.title,
            "text": submission.text,
            "language": submission.language,
        },
        visibility=ballot.visibility,
        audience=ballot.audience,
        released_at=ballot.released_at,
    )
    try:
        with transaction.atomic():
            Explanation.objects.create(
                ballot=ballot,
                member=submission.member,
                when=when,
                language=submission.language,
                text=submission.text,
                given_at=moment,
                act=act,
            )
    except IntegrityError:
        raise CannotExplain(
            reference=ballot.reference, problem=f"{submission.member} has explained it {when} the vote already"
        ) from None
    return act


KINDS[KIND] = SubmissionKind(name=KIND, send=give_explanation, speaks=True)
