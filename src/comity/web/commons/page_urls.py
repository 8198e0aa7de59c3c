"""Addresses of the catalogue and of releases."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import catalogue, evaluations

urlpatterns = [
    path("", catalogue.catalogue, name="commons"),
    path("releases/<slug:slug>", catalogue.release, name="release"),
    path("releases/<slug:slug>/evaluations", evaluations.evaluations, name="evaluations"),
    path("releases/<slug:slug>/evaluations/new", evaluations.new_evaluation, name="new-evaluation"),
    path("releases/<slug:slug>/evaluations/table.csv", evaluations.evaluations_csv, name="evaluations-csv"),
    path("releases/<slug:slug>/evaluations/table.json", evaluations.evaluations_json, name="evaluations-json"),
    path("releases/<slug:slug>/evaluations/<slug:name>", evaluations.evaluation, name="evaluation"),
    path("releases/<slug:slug>/<str:label>", catalogue.release, name="release-version"),
]
