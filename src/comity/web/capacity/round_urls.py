"""Addresses of rounds. A round stands at its reference; its desks and files stand under it."""

from __future__ import annotations

from django.urls import path

from comity.web.capacity import round_desk, round_member, rounds

urlpatterns = [
    path("", rounds.capacity, name="capacity"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new", round_desk.new, name="new-round"),
    path("rounds/<slug:slug>", rounds.one_round, name="round"),
    path("rounds/<slug:slug>/desk", round_desk.desk, name="round-desk"),
    path("rounds/<slug:slug>/confirm", round_desk.confirm, name="round-confirm"),
    path("rounds/<slug:slug>/what-if", round_desk.what_if, name="round-what-if"),
    path("rounds/<slug:slug>/member", round_member.member, name="round-member"),
    path("rounds/<slug:slug>/files/<str:name>", rounds.file_of_round, name="round-file"),
    path("apart", round_member.apart, name="apart"),
]
