"""Health addresses, trusted proxies and request ids."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from comity.web.middleware import RequestIdMiddleware, TrustedProxyMiddleware


@pytest.mark.django_db
def test_health_says_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "queue": 0}


@pytest.mark.django_db
def test_ready_says_why_not_when_migrations_wait(client, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [object()])
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "waiting", "reason": "migrations"})


def seen_by(networks, *, remote, forwarded="", proto="", settings):
    settings.TRUSTED_PROXIES = networks
    seen = {}

    def answer(request):
        seen.update(address=request.META["REMOTE_ADDR"], scheme=request.scheme)
        return HttpResponse()

    headers = {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": proto}
    TrustedProxyMiddleware(answer)(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    return seen["address"], seen["scheme"]


@pytest.mark.parametrize(
    "networks, remote, forwarded, proto, expected",
    [
        ((), "10.0.0.1", "203.0.113.9", "https", ("10.0.0.1", "http")),
        (("10.0.0.0/8",), "192.0.2.1", "203.0.113.9", "https", ("192.0.2.1", "http")),
        (("10.0.0.0/8",), "10.0.0.1", "203.0.113.9", "https", ("203.0.113.9", "https")),
        (("10.0.0.0/8",), "10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "https", ("203.0.113.9", "https")),
        (("10.0.0.0/8",), "10.0.0.1", "nonsense", "ftp", ("10.0.0.1", "http")),
        (("10.0.0.0/8",), "10.0.0.1", "", "", ("10.0.0.1", "http")),
    ],
)
def test_a_proxy_is_believed_only_where_it_is_trusted(networks, remote, forwarded, proto, expected, settings):
    assert seen_by(networks, remote=remote, forwarded=forwarded, proto=proto, settings=settings) == expected


@pytest.mark.parametrize(
    "given, kept", [("abcd-1234", True), ("x", False), ("a b\nc d e f g", False), ("é" * 10, False), ("a" * 65, False)]
)
def test_a_request_id_is_kept_where_well_formed_and_made_anew_elsewhere(given, kept):
    response = RequestIdMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", HTTP_X_REQUEST_ID=given))
    assert (response["X-Request-ID"] == given) is kept
    assert len(response["X-Request-ID"]) >= 8


def test_behind_a_trusted_proxy_that_ends_tls_there_is_no_redirect_to_itself(settings):
    from django.conf import settings as loaded

    order = loaded.MIDDLEWARE
    assert order.index("comity.web.middleware.TrustedProxyMiddleware") < order.index(
        "django.middleware.security.SecurityMiddleware"
    )
    settings.TRUSTED_PROXIES = ("127.0.0.0/8",)
    settings.SECURE_SSL_REDIRECT = True
    from django.test import Client

    https = Client().get("/healthz-not-exempt", HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_FOR="203.0.113.9")
    plain = Client().get("/healthz-not-exempt", HTTP_X_FORWARDED_PROTO="http", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert (https.status_code, plain.status_code) == (404, 301)
