"""The addresses of every page. A kept thing's reference is its path."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from django.urls import include, path

from comity.api.problems import nothing_there
from comity.api.v1 import api
from comity.web import health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("about", home.about, name="about"),
    path("accessibility", home.accessibility, name="accessibility"),
    path("privacy", home.privacy, name="privacy"),
    path("sign-in", LoginView.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("account/", include("comity.web.accounts.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("alignment/", include("comity.web.alignment.urls")),
    path("dialogue/", include("comity.web.dialogue.urls")),
    path("dialogue/", include("comity.web.dialogue.file_urls")),
    path("decisions/", include("comity.web.decisions.urls")),
    path("capacity/", include("comity.web.capacity.round_urls")),
    path("capacity/", include("comity.web.capacity.equity_urls")),
    path("capacity/", include("comity.web.capacity.needs_urls")),
    path("capacity/", include("comity.web.capacity.delivery_urls")),
    path("hub/", include("comity.web.commons.hub_urls")),
    path("commons/", include("comity.web.commons.page_urls")),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", nothing_there),
    path("parties/", include("comity.web.parties.urls")),
    path("delegation/", include("comity.web.delegation.urls")),
    path("dialogue/", include("comity.web.dialogue.result_urls")),
    path("decisions/", include("comity.web.decisions.rule_urls")),
    path("record/", include("comity.web.record.urls")),
]
handler400 = "comity.web.refusals.bad_request"
handler404 = "comity.web.refusals.not_found"
handler500 = "comity.web.refusals.server_error"
