"""Addresses of the record. An act stands at its reference; the log's files stand where C2SP tlog-tiles says."""

from __future__ import annotations

from django.urls import path

from comity.web.record import chain, files, pages

urlpatterns = [
    path("", pages.acts, name="record"),
    path("acts/<uuid:act_id>", pages.act, name="act"),
    path("acts/<uuid:act_id>/entry.json", files.entry, name="act-entry"),
    path("acts/<uuid:act_id>/receipt.tlog-proof", files.receipt, name="act-receipt"),
    path("check", pages.check, name="check-the-record"),
    path("chain/<path:reference>", chain.chain, name="chain"),
    path("prov/<path:reference>.jsonld", chain.prov, name="chain-prov"),
    path("checkpoint", files.checkpoint, name="checkpoint"),
    path("key", files.key, name="record-key"),
    path("tile/<path:rest>", files.tile, name="tile"),
    path("payloads/<str:digest>.json", files.payload, name="payload"),
    path("openings.json", files.openings, name="openings"),
    path("openings/<int:index>.json", files.opening, name="opening"),
]
