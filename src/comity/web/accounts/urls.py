"""Addresses of accounts: our own pages first, then those of allauth."""

from __future__ import annotations

from django.urls import include, path

from comity.web.accounts import ministry, pages, tokens, ways_in

urlpatterns = [
    path("", pages.account, name="account"),
    path("profile", pages.profile, name="profile"),
    path("export", pages.export, name="export-account"),
    path("close", pages.close, name="close-account"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/<int:number>/end", tokens.end, name="end-token"),
    path("invitations", ways_in.invitations, name="invitations"),
    path("invitations/<int:number>/withdraw", ways_in.withdraw, name="withdraw-invitation"),
    path("invitation/<str:token>", ways_in.invitation, name="invitation"),
    path("recovery", ways_in.ask, name="ask-recovery"),
    path("recovery/<str:token>", ways_in.recover, name="recover"),
    path("recoveries", ways_in.recoveries, name="recoveries"),
    path("recoveries/<int:number>/allow", ways_in.allow, name="allow-recovery"),
    path("oidc/<str:provider_id>/login/", ministry.go, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", ministry.come_back, name="openid_connect_callback"),
    path("", include("allauth.urls")),
]
