"""The whole catalogue as one file: every release that a reader sees, with versions, digests and acts, for mirrors and machines."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Max, Prefetch

from comity.platform.commons.models import Version
from comity.platform.commons.releases_seen import is_given, releases_seen

CATALOGUE = 1
REMEMBERED = 3600
MOST_AT_ONCE = 100
"""Releases up to which the size of the catalogue is worked out for a page that shows it."""


def whole_catalogue(*, user: Any) -> bytes:
    """Return the catalogue as JSON, in the order of names, the same for the same releases.

    A release that was taken down is listed with the rule and the act, and without files. A file that the scanner holds back is left
    out of ``files``; the manifest names it still.
    """
    rows = []
    versions = Version.objects.select_related("act", "release").prefetch_related("files__content")
    versions = versions.annotate(told_class=F("openness__licence__class")).defer("manifest", "card", "openness")
    held = Prefetch("versions", queryset=versions.order_by("-number"))
    for release in releases_seen(user=user).prefetch_related(held):
        down = release.taken_down_at
        rows.append(
            {
                "reference": release.reference,
                "hub_name": f"{release.namespace}/{release.slug}",
                "body": release.body.slug,
                "member": release.member.slug if release.member else "",
                "kind": release.kind,
                "titles": release.titles,
                "summaries": release.summaries,
                "visibility": release.visibility,
                "taken_down": None
                if down is None
                else {
                    "at": _moment(down),
                    "rule": release.taken_down_rule,
                    "reason": release.taken_down_reason,
                    "act": str(release.taking_down_id),
                },
                "versions": [_version(v, with_files=down is None) for v in release.versions.all()],
            }
        )
    made = json.dumps({"comity_catalogue": CATALOGUE, "releases": rows}, ensure_ascii=False, sort_keys=True).encode()
    if cache.get(key := _size_key(user)) != len(made):
        cache.set(key, len(made), timeout=REMEMBERED)
    return made


def catalogue_size(*, user: Any, releases: int) -> int | None:
    """Return about how many bytes the whole catalogue has for a reader: None where it is long, and nobody like the reader fetched it.

    ``releases`` is how many the reader sees. It is worked out at most once an hour for those who see the same.
    """
    known = cache.get(_size_key(user))
    if known is None and releases <= MOST_AT_ONCE:
        return len(whole_catalogue(user=user))
    return None if known is None else int(known)


def _size_key(user: Any, /) -> str:
    """Return one key for all who see the same."""
    signed = getattr(user, "is_authenticated", False)
    circles = sorted(getattr(user, "audiences", ())) if signed else []
    seen = releases_seen(user=user).order_by().aggregate(n=Count("pk", distinct=True), last=Max("versions__pk"))
    told = json.dumps([circles, seen["n"], seen["last"]])
    return f"commons-catalogue-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _version(version: Version, /, *, with_files: bool) -> dict[str, Any]:
    files = [
        {"path": f.path, "size": f.content.size, "sha256": f.content.sha256}
        for f in version.files.all()
        if with_files and is_given(f.content)
    ]
    return {
        "label": version.label,
        "number": version.number,
        "reference": f"commons/releases/{version.release.slug}/{version.label}",
        "revision": version.revision,
        "manifest_sha256": version.manifest_sha256,
        "released_at": _moment(version.released_at),
        "act": str(version.act_id),
        "sequence": version.act.sequence,
        "size": version.size,
        "licence_class": getattr(version, "told_class", None) or "unknown",
        "files": sorted(files, key=lambda f: str(f["path"])),
    }


def _moment(moment: Any, /) -> str:
    return str(moment.isoformat().replace("+00:00", "Z"))
