"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, metadata, office, publishing

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("feed", metadata.feed, name="commons-feed"),
    path("notices", office.notices, name="commons-notices"),
    path("releases/new", publishing.new, name="new-release"),
    path("releases/<slug:slug>", metadata.signposted(catalogue.release), name="release"),
    path("releases/<slug:slug>/new", publishing.further, name="new-version"),
    path("releases/<slug:slug>/take-down", office.take_down, name="take-release-down"),
    path("releases/<slug:slug>/<str:label>", metadata.signposted(catalogue.release), name="release-version"),
    path("releases/<slug:slug>/<str:label>/metadata/<str:form>", metadata.metadata, name="release-metadata"),
]
