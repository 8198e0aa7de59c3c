"""Common ground follows what people decide and what may be seen, and says which regions are there and which are missing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.engines.alignment.texts import Instrument, Provision
from comity.example.loading import load_scheme
from comity.platform.alignment import models
from comity.platform.alignment.common_ground import keep_clusters, list_clusters
from comity.platform.alignment.services import add_instrument, name_of_pair
from comity.platform.parties.rules import Installation

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
STATES = {"kenya": "KEN", "brazil": "BRA", "korea": "KOR", "france": "FRA", "poland": "POL"}


def take_in(name, party, *, status="in-force", modality="must", subdivision=None):
    instrument = Instrument(
        id=name, title=name, short_title=name, party=party, kind="law", status=status, binding=True, language="en",
        basis="full-text", subdivision=subdivision,
    )  # fmt: skip
    provision = Provision(
        instrument=name, ref="art_1", label="1", heading="", text=f"A duty of {name}.", language="en", modality=modality,
        topics=("human-oversight",), topics_by="coder",
    )  # fmt: skip
    add_instrument(instrument=instrument, provisions=[provision], by=Installation())


def link(one, other, score=0.9, **more):
    a, b = sorted((of(one), of(other)), key=lambda p: p.instrument.slug)
    return models.CrosswalkLink.objects.create(
        name=name_of_pair(a=f"{a.instrument.slug}/{a.ref}", b=f"{b.instrument.slug}/{b.ref}"),
        a=a, b=b, suggested="related", maker="m/1", score=score, **more,
    )  # fmt: skip


def of(name):
    return models.Provision.objects.select_related("instrument").get(instrument__slug=name)


@pytest.fixture
def five():
    load_scheme()
    for name, party in STATES.items():
        take_in(name, party, modality="may" if name == "korea" else "must")
    return [link("kenya", other) for other in STATES if other != "kenya"]


def gather():
    run = models.AlignmentRun.objects.create(
        finished_at=timezone.now(),
        embedder="none",
        maker="m/1",
        instruments=5,
        provisions=5,
        suggestions=4,
        input_sha256="0" * 64,
    )
    keep_clusters(run=run)
    return list_clusters(user=NOBODY)


def test_what_all_regions_present_say_is_told_from_the_rest(five):
    (view,), present = gather()
    assert view.central.provision.instrument.slug == "kenya"
    assert view.parties == ("BRA", "FRA", "KEN", "KOR", "POL")
    assert len(present) == 5
    assert view.is_everywhere
    assert view.strengths == ("must", "may")
    assert (view.confirmed, view.waiting) == (0, 4)


def test_a_rejected_link_leaves_at_once_and_its_region_is_missing(five):
    gather()
    (korean,) = [one for one in five if "korea" in {one.a.instrument.slug, one.b.instrument.slug}]
    models.CrosswalkLink.objects.filter(pk=korean.pk).update(state="rejected")
    (view,), _present = list_clusters(user=NOBODY)
    assert "KOR" not in view.parties
    assert len(view.missing) == 1
    assert not view.is_everywhere
    for other in five[:3]:
        models.CrosswalkLink.objects.filter(pk=other.pk).update(state="rejected")
    assert list_clusters(user=NOBODY)[0] == []


def test_what_is_no_longer_public_is_shown_to_nobody_outside(five):
    gather()
    models.Instrument.objects.filter(slug="brazil").update(visibility="members")
    (view,), present = list_clusters(user=NOBODY)
    assert "BRA" not in view.parties
    assert len(present) == 4
    models.Instrument.objects.filter(slug="kenya").update(visibility="members")
    assert list_clusters(user=NOBODY)[0] == []


def test_a_proposed_or_subnational_text_is_shown_and_speaks_for_nobody(five):
    take_in("usa-state", "USA", subdivision="US-CO")
    take_in("chile-bill", "CHL", status="proposed")
    link("kenya", "usa-state")
    link("kenya", "chile-bill")
    (view,), _present = gather()
    shown = {h.provision.instrument.slug: h.counts for h in view.others}
    assert (shown["usa-state"], shown["chile-bill"]) == (False, False)
    assert {"USA", "CHL"}.isdisjoint(view.parties)


def test_the_relation_is_read_from_the_central_provision(five):
    one = five[0]
    models.CrosswalkLink.objects.filter(pk=one.pk).update(state="confirmed", relation="broader")
    (view,), _present = gather()
    (held,) = [h for h in view.others if h.link.pk == one.pk]
    assert held.relation == ("broader" if one.a.instrument.slug == "kenya" else "narrower")
    assert view.confirmed == 1


def test_a_topic_asks_for_its_clusters_alone(five):
    gather()
    assert len(list_clusters(user=NOBODY, topic="human-oversight")[0]) == 1
    assert list_clusters(user=NOBODY, topic="redress")[0] == []
