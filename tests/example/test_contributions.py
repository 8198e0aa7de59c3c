"""The rounds of the worked example: confirmed, open to challenges and open, with what was delivered and what is late."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity.example.contributions import load_contributions
from comity.example.people import load_body
from comity.platform.capacity.models import Agreement, Commitment, Milestone, Need, Round
from comity.platform.record.models import Act

pytestmark = pytest.mark.django_db


def test_rounds_stand_where_the_plan_says_and_loading_again_changes_nothing():
    said = []
    load_body(say=said.append)
    load_contributions(say=said.append)
    now = timezone.now()
    assert {r.slug: r.state_at(now) for r in Round.objects.all()} == {
        "experts-first": "confirmed",
        "experts-second": "confirmed",
        "seats-first": "challenge",
        "computing-first": "open",
    }
    received = {
        c.need.member.slug + " " + c.offer.slug: int(c.units)
        for c in Commitment.objects.filter(round__slug="experts-second").select_related("need__member", "offer")
    }
    # As the page of the design shows it: 150 and 100 from the trainers in French, 280 in Arabic shared out evenly.
    assert (received["m041 trainers-fr"], received["m009 trainers-fr"], received["m068 trainers-en"]) == (150, 100, 220)
    arabic = sum(units for pair, units in received.items() if pair.endswith((" trainers-ar", " laboratory")))
    assert arabic == 280
    assert Milestone.objects.filter(confirmed__isnull=False).count() == 1
    assert Milestone.objects.filter(new_date__isnull=False).count() == 1
    assert Agreement.objects.get().promises.count() == 4
    assert {n.shown_to for n in Need.objects.all()} == {"public", "providers", "secretariat"}
    before = (Act.objects.count(), Need.objects.count(), len(said))
    load_contributions(say=said.append)
    assert (Act.objects.count(), Need.objects.count(), len(said)) == before
