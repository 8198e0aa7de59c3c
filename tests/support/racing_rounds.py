"""Officers and members who do things to one round at the same moment, and what stands of it afterwards."""

from __future__ import annotations

import contextlib
import time

from django.utils import timezone

from comity.errors import ComityError
from comity.platform.capacity.challenges import challenge_allocation
from comity.platform.capacity.confirming import confirm_round
from comity.platform.capacity.freezing import freeze_round
from comity.platform.capacity.lookups import locked_need
from comity.platform.capacity.models import Allocation, Challenge, Commitment, Need, Round, RoundNeed
from comity.platform.capacity.round_tasks import suggest_allocation
from comity.platform.record.models import Act
from support.parties import SET_UP
from support.rounds import deciding, frozen, make_need, make_offer, make_round, published


def things_of_rounds(what: str) -> dict[str, object]:
    """Four at one round: who freeze, suggest or confirm it, freeze two rounds of the same needs, withdraw a need, or challenge late."""
    from django.db import transaction

    need = make_need("m1", 60)
    make_need("m2", 60)
    make_offer("m3", 90)
    make = {"round-suggest": frozen, "round-confirm": deciding, "round-challenge": published}.get(what)
    names = ["raced"]
    if make is not None:
        made = make(slug="raced")
    else:
        names = ["raced", "raced-2"] if what == "round-two" else names
        for name in names:
            make_round(name, closed=True)
    if what == "round-challenge":
        until = timezone.now() + timezone.timedelta(seconds=1)
        Round.objects.filter(pk=made.pk).update(challenge_until=until)

    def withdraw_or_freeze(n: int) -> None:
        if n % 2:
            freeze_round(slug="raced", by=SET_UP)
            return
        with transaction.atomic():
            row = locked_need(slug=need.slug)
            Need.objects.filter(pk=row.pk).update(state="withdrawn", ended_at=timezone.now())

    def challenge_or_confirm(n: int) -> None:
        if n == 0:
            while timezone.now() < until:
                time.sleep(0.001)
            confirm_round(slug="raced", by=SET_UP)
            return
        time.sleep(0.97)
        for _ in range(50):
            with contextlib.suppress(ComityError):
                challenge_allocation(slug="raced", member=f"m{n}", text="Look again.", language="en", by=SET_UP)

    return {
        "round-freeze": lambda n: freeze_round(slug="raced", by=SET_UP),
        "round-two": lambda n: freeze_round(slug=names[n % 2], by=SET_UP),
        "round-withdraw": withdraw_or_freeze,
        "round-suggest": lambda n: suggest_allocation(slug="raced", by=SET_UP),
        "round-confirm": lambda n: confirm_round(slug="raced", by=SET_UP),
        "round-challenge": challenge_or_confirm,
    }


def found_of_rounds() -> dict[str, object]:
    """What stands of the raced round: each thing once, its act beside it, and nothing that came too late."""
    held = Round.objects.get(slug="raced")
    acts = Act.objects.values_list("type", flat=True)
    count = {t: list(acts).count(t) for t in ("freeze-round", "confirm-round", "challenge-allocation")}
    late = Challenge.objects.filter(made_at__gte=held.challenge_until).count() if held.challenge_until else 0
    unanswered = Challenge.objects.filter(answered_at__isnull=True).exists()
    return {
        "frozen": Round.objects.filter(frozen_at__isnull=False).count(),
        "freezing_acts": count["freeze-round"],
        "needs_twice": RoundNeed.objects.count() - RoundNeed.objects.values("need").distinct().count(),
        "tables_fit": all(
            len(r.tables["files"]["needs.csv"].splitlines()) - 1 == r.needs.count()
            for r in Round.objects.filter(frozen_at__isnull=False)
        ),
        "allocations": Allocation.objects.count(),
        "confirming_acts": count["confirm-round"],
        "commitments": Commitment.objects.count(),
        "late_challenges": late,
        "acts_of_challenges": count["challenge-allocation"] == Challenge.objects.count(),
        "confirmed_over_a_challenge": held.confirmed_at is not None and unanswered,
    }
