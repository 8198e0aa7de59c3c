"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, office, publishing

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("notices", office.notices, name="commons-notices"),
    path("releases/new", publishing.new, name="new-release"),
    path("releases/<slug:slug>", catalogue.release, name="release"),
    path("releases/<slug:slug>/new", publishing.further, name="new-version"),
    path("releases/<slug:slug>/take-down", office.take_down, name="take-release-down"),
    path("releases/<slug:slug>/<str:label>", catalogue.release, name="release-version"),
]
