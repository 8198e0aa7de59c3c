"""Addresses of equity: shares of groups over rounds, and public series with their source."""

from __future__ import annotations

from django.urls import path

from comity.web.capacity import equity

urlpatterns = [
    path("equity/", equity.equity, name="equity"),
    path("series/new", equity.new, name="new-series"),
    path("series/<slug:slug>.csv", equity.series_csv, name="series-csv"),
    path("series/<slug:slug>", equity.series, name="series"),
]
