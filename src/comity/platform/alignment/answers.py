"""Read what reviewers answered: never another's answer before one's own is given, and how far all of them agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from comity.engines.alignment.settlement import Answer, settle_answers
from comity.platform.alignment.models import FruitlessSearch, LinkAnswer
from comity.platform.alignment.reviewing import REVIEW, rule_now
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.services import reference_of_link, reference_of_provision
from comity.platform.alignment.stale import current_answers
from comity.platform.parties.rules import may

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.engines.alignment.agreement import Agreement
    from comity.platform.alignment.models import CrosswalkLink

SEED = 7


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One reviewer's answer as others see it: no name. ``region`` is an M49 code, or empty."""

    answer: str
    region: str
    reason: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class LinkAnswers:
    """The answers on one link as an account may see them.

    ``given`` is how many there are. ``counts`` maps each answer to its number once the link is decided, and is empty before,
    so that nobody answers after others. ``lines`` are for a reviewer who has answered (other than *I cannot say*), or any reviewer once it is decided.
    ``mine`` is the account's own answer, or empty. ``lacking`` is how many regions are missing where people enough agree.
    """

    given: int
    counts: Mapping[str, int]
    lines: tuple[AnswerLine, ...]
    mine: str
    my_reason: str
    lacking: int


def answers_on(*, links: Iterable[CrosswalkLink], user: Any) -> dict[int, LinkAnswers]:
    """Return the answers on each link by its key, as an account sees them (None: as anyone does).

    The links must have been read for their reader.
    """
    held = list(links)
    rows = current_answers(links=held)
    reviews = may(user=user, action=REVIEW)
    rule = rule_now()[1] if reviews else None
    found = {}
    for link in held:
        given = rows[link.pk]
        mine = next((row for row in given if user and row.reviewer_id and row.reviewer_id == user.pk), None)
        said = mine is not None and mine.first != LinkAnswer.Answer.CANNOT_SAY
        shown = reviews and (said or not link.takes_answers)
        lacking = settle_answers(answers=[_answer(r) for r in given], rule=rule).lacking if shown and rule else 0
        found[link.pk] = LinkAnswers(
            given=len(given),
            counts={} if link.takes_answers else dict(Counter(row.answer for row in given)),
            lines=tuple(AnswerLine(r.answer, r.region, r.reason, r is mine) for r in given) if shown else (),
            mine=mine.answer if mine else "",
            my_reason=mine.reason if mine else "",
            lacking=lacking,
        )
    return found


def agreement_now(*, user: Any) -> Agreement:
    """Return how far reviewers agree, by first answers on links that this account may see; who cannot say did not answer."""
    seen = instruments_seen(user=user)
    rows = LinkAnswer.objects.filter(link__a__instrument__in=seen, link__b__instrument__in=seen)
    rows = rows.exclude(first=LinkAnswer.Answer.CANNOT_SAY).order_by("pk")
    given = rows.values_list("link_id", "reviewer_id", "pk", "first")
    # Where an account was erased its answers stay, each as somebody's own.
    return _measured(tuple((str(link), str(who or f"erased {key}"), first) for link, who, key, first in given))


@lru_cache(maxsize=8)
def _measured(answers: tuple[tuple[str, str, str], ...]) -> Agreement:
    from comity.engines.alignment.agreement import measure_agreement  # noqa: PLC0415  (takes long to import, and few pages need it)

    return measure_agreement(answers=answers, seed=SEED)


def reviews_of(*, email: str) -> dict[str, list[dict[str, Any]]]:
    """Return the answers and fruitless searches of an account, for the export of its personal data."""
    answers = LinkAnswer.objects.filter(reviewer__email__iexact=email).select_related("link").order_by("given_at", "pk")
    searches = FruitlessSearch.objects.filter(reviewer__email__iexact=email)
    return {
        "answers": [
            {
                "link": reference_of_link(row.link.name),
                "answer": row.answer,
                "first": row.first,
                "reason": row.reason,
                "region": row.region,
                "at": row.given_at.isoformat(),
            }
            for row in answers
        ],
        "searches": [
            {
                "provision": reference_of_provision(row.provision),
                "in": row.instrument.slug if row.instrument else row.party,
                "means": row.means,
                "rejected": row.rejected,
                "at": row.entered_at.isoformat(),
            }
            for row in searches.select_related("provision__instrument", "instrument").order_by("pk")
        ],
    }


def _answer(row: LinkAnswer) -> Answer:
    return Answer(row.answer, row.region, row.is_own)
