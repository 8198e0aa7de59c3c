"""The whole catalogue as one file: every release that a reader sees, with versions, digests and acts, for mirrors and machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from comity.platform.commons.releases_seen import is_given, releases_seen

if TYPE_CHECKING:
    from comity.platform.commons.models import Version

CATALOGUE = 1


def whole_catalogue(*, user: Any) -> bytes:
    """Return the catalogue as JSON, in the order of names, the same for the same releases.

    A release that was taken down is listed with the rule and the act, and without files. A file that the scanner holds back is left
    out of ``files``; the manifest names it still.
    """
    rows = []
    for release in releases_seen(user=user):
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
                "versions": [_version(v, with_files=down is None) for v in _versions(release)],
            }
        )
    return json.dumps({"comity_catalogue": CATALOGUE, "releases": rows}, ensure_ascii=False, sort_keys=True).encode()


def _versions(release: Any, /) -> Any:
    rows = release.versions.select_related("act").prefetch_related("files__content").defer("manifest", "card")
    return rows.order_by("-number")


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
        "licence_class": version.openness.get("licence", {}).get("class", "unknown"),
        "files": sorted(files, key=lambda f: str(f["path"])),
    }


def _moment(moment: Any, /) -> str:
    return str(moment.isoformat().replace("+00:00", "Z"))
