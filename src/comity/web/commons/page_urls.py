"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, metadata

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("feed", metadata.feed, name="commons-feed"),
    path("releases/<slug:slug>", metadata.signposted(catalogue.release), name="release"),
    path("releases/<slug:slug>/<str:label>", metadata.signposted(catalogue.release), name="release-version"),
    path("releases/<slug:slug>/<str:label>/metadata/<str:form>", metadata.metadata, name="release-metadata"),
]
