"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("releases/<slug:slug>", catalogue.release, name="release"),
    path("releases/<slug:slug>/<str:label>", catalogue.release, name="release-version"),
]
