"""Decide links by several reviewers under a rule: who answers what, when that decides a link, and the rule itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.engines.alignment.settlement import Answer, Rule, settle_answers
from comity.errors import AlreadyDecided, BadParameter, Conflict, NotFound
from comity.platform.alignment.models import CrosswalkLink, FruitlessSearch, LinkAnswer, LinkReview, ReviewRule
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.services import reference_of_link, reference_of_provision
from comity.platform.alignment.stale import (
    current_answers,
    is_on_gone_text,
    mark_late,
    settle,
    steps_since,
    versions_seen,
)
from comity.platform.parties.models import Role
from comity.platform.parties.origins import origin_of, region_of
from comity.platform.parties.rules import authorise, require
from comity.platform.record.models import Link
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import narrowest

if TYPE_CHECKING:
    from comity.engines.alignment.settlement import Settlement

REVIEW_RULE = "Reviewers decide a suggested link under the rule of review"
RULE_OF_RULE = "The secretariat sets the rule of review"
RULE_REFERENCE = "alignment/review-rule"
REVIEW = "review a suggested link"
SET_RULE = "set the rule of review"
MOST_REASON = 500
BUILT_IN = Rule()
"""Two reviewers, of whom one at least says where they come from; holds until the secretariat sets another."""


def rule_now() -> tuple[int, Rule]:
    """Return the rule in force with its version; version 0 is the built-in one."""
    row = ReviewRule.objects.order_by("-version").first()
    return (row.version, _rule_of(row)) if row else (0, BUILT_IN)


def rules_so_far() -> list[ReviewRule]:
    """Return every version that was set, the latest first, with its act."""
    return list(ReviewRule.objects.order_by("-version").select_related("act"))


def set_review_rule(*, reviewers: int, regions: int, own_count: bool, by: Any) -> ReviewRule:
    """Set how many reviewers of how many regions decide a link, as an act of the secretariat. What is decided stays.

    A link on which answers stand already is looked at anew with the next answer on it. Raises NotPermitted, BadParameter, or
    Conflict where this rule holds already, or another was set at the same moment.
    """
    office = authorise(by=by, action=SET_RULE)
    rule = Rule(reviewers=reviewers, regions=regions, own_count=own_count)
    try:
        with transaction.atomic():
            version, held = rule_now()
            if version and held == rule:
                raise Conflict(problem="This rule holds already; nothing was changed.")
            act = enter_act(
                type="set-review-rule",
                office=office,
                authority=RULE_OF_RULE,
                subject=RULE_REFERENCE,
                payload={"version": version + 1, "reviewers": reviewers, "regions": regions, "own_count": own_count},
            )
            return ReviewRule.objects.create(
                version=version + 1,
                reviewers=reviewers,
                regions=regions,
                own_count=own_count,
                entered_at=timezone.now(),
                act=act,
            )
    except IntegrityError:
        raise Conflict(problem="Another rule was set at the same moment. Read it, then set yours again.") from None


def answer_link(*, name: str, answer: str, by: Any, reason: str = "", on: str = "") -> CrosswalkLink:
    """Give or change a reviewer's answer on a link that is not decided; return the link, decided where the rule is now met.

    ``answer`` is one of LinkAnswer.Answer, read from a to b; ``reason`` is for the other reviewers, at most 500 characters.
    The decision alone is an act: it names the office, the regions and the number of each answer. On a stale link reviewers answer
    anew; where they come to what it had been decided as, it is upheld. ``on`` are the versions of both texts that the reviewer
    saw, "2.1": where the text has changed since, the answer is kept and decides nothing. Raises NotPermitted, BadParameter,
    NotFound, or AlreadyDecided where another's answer was faster.
    """
    require(user=by, action=REVIEW)
    if answer not in LinkAnswer.Answer.values:
        raise BadParameter(name="answer", found=answer[:20], allowed=", ".join(LinkAnswer.Answer.values))
    cleaned = " ".join(reason.split())
    if len(cleaned) > MOST_REASON:
        raise BadParameter(
            name="reason", found=f"{len(cleaned)} characters", allowed=f"at most {MOST_REASON} characters"
        )
    reference = reference_of_link(name)
    with transaction.atomic():
        links = CrosswalkLink.objects.select_for_update(of=("self",)).select_related("a__instrument", "b__instrument")
        seen = instruments_seen(user=by)
        link = links.filter(name=name, a__instrument__in=seen, b__instrument__in=seen).first()
        if link is None:
            raise NotFound(reference=reference)
        if not link.takes_answers:
            raise AlreadyDecided(reference=reference, state=link.state)
        if is_on_gone_text(link=link) and answer not in {LinkAnswer.Answer.NONE, LinkAnswer.Answer.CANNOT_SAY}:
            allowed = (
                "none: a text of this link stands no longer; what took its place is suggested as a link of its own"
            )
            raise BadParameter(name="answer", found=answer, allowed=allowed)
        origin = origin_of(user=by, role=Role.REVIEWER)
        saw = versions_seen(link=link, on=on)
        row = link.answers.filter(reviewer=by).first() or LinkAnswer(link=link, reviewer=by)
        # Whoever could not say, or answered on a text that has changed since, has been shown nothing yet: what follows is a first
        # answer.
        stands = any(held.pk == row.pk for held in current_answers(links=[link])[link.pk])
        is_blind = not stands or row.first in {"", LinkAnswer.Answer.CANNOT_SAY}
        row.first = answer if is_blind else row.first
        row.answer, row.reason, row.given_at = answer, cleaned, timezone.now()
        row.region, row.is_own = region_of(origin=origin), bool(origin) and origin in _parties_of(link)
        row.a_version, row.b_version = saw
        row.save()
        version, rule = rule_now()
        given = current_answers(links=[link])[link.pk]
        if all(row.reviewer_id != by.pk for row in given):
            mark_late(link=link, steps=steps_since(link=link, seen=saw), at=timezone.now())
        found = settle_answers(answers=[Answer(a.answer, a.region, a.is_own) for a in given], rule=rule)
        if found.state == "settled":
            _decide(link, found, version=version, given=given, by=by)
        elif link.is_open:
            state = CrosswalkLink.State.DISPUTED if found.state == "disputed" else CrosswalkLink.State.WAITING
            if state != link.state:
                link.state = state
                link.save(update_fields=["state"])
    return link


def erase_reviews_of(*, user: Any) -> None:
    """Take what is a person's own from their answers and searches: account, region and reason. For the erasure of an account."""
    with transaction.atomic():
        LinkAnswer.objects.filter(reviewer=user).update(reviewer=None, region="", reason="")
        FruitlessSearch.objects.filter(reviewer=user).update(reviewer=None)


def _decide(link: CrosswalkLink, found: Settlement, *, version: int, given: list[LinkAnswer], by: Any) -> None:
    confirmed = found.value != LinkAnswer.Answer.NONE
    was = link.held_answer
    upheld = was == found.value
    link.state = CrosswalkLink.State.CONFIRMED if confirmed else CrosswalkLink.State.REJECTED
    link.relation = found.value if confirmed else ""
    link.save(update_fields=["state", "relation"])
    reference = reference_of_link(link.name)
    a, b = (reference_of_provision(p) for p in (link.a, link.b))
    visibility, audience = narrowest(*((t.visibility, t.audience) for t in (link.a.instrument, link.b.instrument)))
    versions = (link.a.instrument.version, link.b.instrument.version)
    payload: dict[str, Any] = {
        "a": a,
        "b": b,
        "decision": link.state,
        "relation": link.relation,
        "suggested_by": link.maker,
        "rule": version,
        "answers": dict(Counter(row.answer for row in given)),
        "regions": list(found.regions),
    }
    if versions != (1, 1):
        payload |= {"on_versions": list(versions), "was": was}
    act = enter_act(
        type="uphold-link" if upheld else "confirm-link" if confirmed else "reject-link",
        office="reviewer",
        authority=REVIEW_RULE,
        subject=reference,
        payload=payload,
        links=[(reference, Link.Relation.WAS_DERIVED_FROM, a), (reference, Link.Relation.WAS_DERIVED_FROM, b)],
        visibility=visibility,
        audience=audience,
    )
    LinkReview.objects.create(
        link=link,
        reviewer=by,
        decision="upheld" if upheld else link.state,
        relation=link.relation,
        decided_at=timezone.now(),
        a_version=versions[0],
        b_version=versions[1],
        act=act,
    )
    settle(link=link, act=act)


def _parties_of(link: CrosswalkLink) -> set[str]:
    texts = (link.a.instrument, link.b.instrument)
    return {code for text in texts for code in (text.party, *text.signatories)} - {""}


def _rule_of(row: ReviewRule) -> Rule:
    return Rule(reviewers=row.reviewers, regions=row.regions, own_count=row.own_count)
