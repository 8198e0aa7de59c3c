"""Addresses of the parties. A body and a member stand at their references."""

from __future__ import annotations

from django.urls import path

from comity.web.parties import forms, pages

urlpatterns = [
    path("", pages.parties, name="parties"),
    path("bodies/<slug:slug>", pages.body, name="body"),
    path("bodies/<slug:slug>/admit", forms.admit, name="admit-member"),
    path("bodies/<slug:slug>/change", forms.change, name="change-membership"),
    path("bodies/<slug:slug>/suspend", forms.suspend, name="suspend-right"),
    path("members/<slug:slug>", pages.member, name="member"),
    path("members/<slug:slug>/credentials", forms.issue, name="issue-credential"),
    path("members/<slug:slug>/credentials/<int:number>", forms.credential, name="credential"),
    path("members/<slug:slug>/voice", forms.voice, name="take-voice"),
    path("members/<slug:slug>/proxy", forms.proxy, name="give-proxy"),
    path("statements/<int:number>", pages.statement, name="statement"),
]
