"""Tell delegations what waits in open dialogues: answers to clear, answers that are ready, statements without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.platform.dialogue.delegations import CLEAR, PREPARE, members_with_desk, waiting_counts
from comity.platform.dialogue.participation import ANSWER
from comity.platform.dialogue.selectors import dialogues_seen, text_in
from comity.platform.parties.rules import may
from comity.platform.parties.today import PROVIDERS, Need

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.parties.models import User


def answers_that_wait(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Yield one need for each open dialogue, member and thing to do by this person; it is due when the dialogue closes."""
    open_ones = dialogues_seen(user=user).filter(has_states=True, opened_at__lte=now, closes_at__gt=now)
    for dialogue in open_ones.filter(closed_at__isnull=True).order_by("slug"):
        for member in members_with_desk(dialogue=dialogue, user=user):
            to_prepare, to_clear, to_give = waiting_counts(dialogue=dialogue, member=member)
            kinds = (
                ("clear-answers", CLEAR, to_clear),
                ("give-answers", ANSWER, to_give),
                ("prepare-answers", PREPARE, to_prepare),
            )
            for kind, action, number in kinds:
                if number and may(user=user, action=action, member=member, body=dialogue.body.slug):
                    yield Need(
                        kind=kind,
                        key=f"{kind}-{dialogue.slug}-{member}",
                        member=member,
                        address=f"/{dialogue.reference}/delegation?member={member}",
                        title=text_in(dialogue.question, language=user.language).text,
                        due_at=dialogue.closes_at,
                        facts={"number": str(number)},
                    )


if answers_that_wait not in PROVIDERS:
    PROVIDERS.append(answers_that_wait)
