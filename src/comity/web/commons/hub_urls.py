"""Addresses of the hub. A client is given ``https://SERVER/hub``; what is ours alone lies under ``comity/``."""

from __future__ import annotations

from django.urls import path

from comity.web.commons import exchange, hub, mirrors

_SORTS = (hub.MODELS, hub.DATASETS)

urlpatterns = [
    path("api/whoami-v2", hub.whoami, name="hub-whoami"),
    path("comity/catalogue.json", exchange.catalogue, name="hub-catalogue"),
    path("comity/mirrors", mirrors.list_for_commands, name="hub-mirrors"),
    path("comity/manifests/<str:sha256>", exchange.manifest, name="hub-manifest"),
    path("comity/files/<str:sha256>", exchange.file, name="hub-file"),
    path("comity/chunks/<str:sha256>", exchange.chunks, name="hub-chunks"),
    path("comity/send/<str:sha256>", exchange.send, name="hub-send"),
    path("comity/releases/<str:slug>/<str:label>", exchange.release, name="hub-release"),
]
for _sort in _SORTS:
    _given = {"sort": _sort}
    _one = f"api/{_sort}/<str:namespace>/<str:slug>"
    _files = "" if _sort == hub.MODELS else f"{_sort}/"
    urlpatterns += [
        path(f"api/{_sort}", hub.repositories, _given, name=f"hub-{_sort}"),
        path(_one, hub.repository, _given, name=f"hub-{_sort}-one"),
        path(f"{_one}/revision/<path:revision>", hub.repository, _given, name=f"hub-{_sort}-revision"),
        path(f"{_one}/tree/<path:rest>", hub.tree, _given, name=f"hub-{_sort}-tree"),
        path(f"{_one}/paths-info/<path:rest>", hub.paths_info, _given, name=f"hub-{_sort}-paths"),
        path(f"{_one}/refs", hub.refs, _given, name=f"hub-{_sort}-refs"),
        path(f"{_one}/commits/<path:rest>", hub.commits, _given, name=f"hub-{_sort}-commits"),
        path(f"{_files}<str:namespace>/<str:slug>/resolve/<path:rest>", hub.resolve, _given, name=f"hub-{_sort}-file"),
    ]
