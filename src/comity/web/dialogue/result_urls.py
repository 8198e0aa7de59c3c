"""Addresses of results and of the open data of a consultation."""

from __future__ import annotations

from django.urls import path

from comity.web.dialogue import data, results

urlpatterns = [
    path("<slug:slug>/results", results.results, name="dialogue-results"),
    path("<slug:slug>/data", data.open_data, name="dialogue-data"),
    path("<slug:slug>/data/results.json", data.results_file, name="dialogue-results-file"),
    path("<slug:slug>/data/votes.csv", data.votes_file, name="dialogue-votes-file"),
    path("<slug:slug>/data/comments.csv", data.comments_file, name="dialogue-comments-file"),
    path("<slug:slug>/data/participants-votes.csv", data.participants_file, name="dialogue-participants-file"),
    path("<slug:slug>/data/members.csv", data.members_file, name="dialogue-members-file"),
]
