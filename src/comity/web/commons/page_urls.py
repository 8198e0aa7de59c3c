"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, mirrors

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("releases/<slug:slug>", catalogue.release, name="release"),
    path("releases/<slug:slug>/<str:label>", catalogue.release, name="release-version"),
    path("mirrors", mirrors.list_all, name="mirrors"),
    path("mirrors/offer", mirrors.offer, name="offer-mirror"),
    path("mirrors/<slug:slug>", mirrors.mirror, name="mirror"),
]
