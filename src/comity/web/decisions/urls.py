"""Addresses of ballots. A ballot stands at its reference; its paper, board and desks stand under it."""

from __future__ import annotations

from django.urls import path

from comity.web.decisions import ballot, board, delegation, desk, exports, lists, paper

urlpatterns = [
    path("", lists.decisions, name="decisions"),
    path("members/<slug:slug>", lists.history, name="vote-history"),
    path("ballots/new", desk.new, name="new-ballot"),
    path("ballots/<slug:slug>.csv", exports.ballots_csv, name="ballot-csv"),
    path("ballots/<slug:slug>.json", exports.result, name="ballot-json"),
    path("ballots/<slug:slug>", ballot.ballot, name="ballot"),
    path("ballots/<slug:slug>/paper", paper.paper, name="ballot-paper"),
    path("ballots/<slug:slug>/board", board.board, name="ballot-board"),
    path("ballots/<slug:slug>/delegation", delegation.delegation, name="ballot-delegation"),
    path("ballots/<slug:slug>/explain", delegation.explain, name="ballot-explain"),
    path("ballots/<slug:slug>/desk", desk.desk, name="ballot-desk"),
    path("ballots/<slug:slug>/outcome", desk.outcome, name="ballot-outcome"),
]
