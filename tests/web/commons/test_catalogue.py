"""The catalogue and the page of a release: what decides comes first, each part with its reason, and who sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from support.commons_releases import release_now
from support.pages import page

pytestmark = pytest.mark.django_db


def test_a_release_answers_first_and_its_parts_stand_with_their_reasons():
    made = release_now()
    listed = page(Client(), "/commons/")
    assert f"/commons/releases/{made.release.slug}" in listed
    shown = page(Client(), f"/commons/releases/{made.release.slug}")
    for said in ("Works offline", "Hardware needed", made.label, "Openness of each part", "Not scanned"):
        assert said in shown
    for held in made.files.select_related("content"):
        assert held.content.sha256 in shown
