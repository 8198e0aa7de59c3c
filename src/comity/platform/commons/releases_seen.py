"""Who sees a release, and who is given its files: the one place that says so, for pages, the hub, mirrors and the API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from comity.errors import NotFound
from comity.platform.commons.models import Release, StoredFile, Version, VersionFile
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

REVISION = re.compile(r"[0-9a-f]{40}")
LATEST = "main"


@dataclass(frozen=True, slots=True)
class FileToGive:
    """Content that a reader may have."""

    sha256: str
    size: int
    path: str = ""


def releases_seen_by(*, user: Any, now: dt.datetime | None = None) -> Q:
    """Return the condition under which a release is seen. One that was taken down is seen still: its page says why."""
    return seen_by(user=user, now=now)


def releases_seen(*, user: Any) -> QuerySet[Release]:
    """Return the releases that a reader sees, by slug, with member and body."""
    return Release.objects.filter(releases_seen_by(user=user)).select_related("member", "body").order_by("slug")


def release_seen(*, slug: str, user: Any) -> Release:
    """Return a release. Raises NotFound where there is none that this reader sees."""
    try:
        return releases_seen(user=user).get(slug=slug)
    except Release.DoesNotExist:
        raise NotFound(reference=f"commons/releases/{slug[:60]}") from None


def version_of(*, release: Release, name: str = "") -> Version:
    """Return a version of a release by its label or revision; the latest for ``main`` or no name. Raises NotFound."""
    if name in {"", LATEST}:
        found = release.versions.order_by("-number").first()
    elif REVISION.fullmatch(name):
        found = release.versions.filter(revision=name).first()
    else:
        found = release.versions.filter(label=name).first()
    if found is None:
        raise NotFound(reference=f"{release.reference}/{name[:60]}")
    return found


def version_seen(*, slug: str, user: Any, name: str = "") -> Version:
    """Return a version by label or revision, the latest where none is named. Raises NotFound as ``release_seen`` does."""
    return version_of(release=release_seen(slug=slug, user=user), name=name)


def is_given(content: StoredFile, /) -> bool:
    """Tell whether the scanner's word lets content be given out: never what is infected; in quarantine only what is clean."""
    if settings.QUARANTINE:
        return content.scan == StoredFile.Scan.CLEAN
    return content.scan != StoredFile.Scan.INFECTED


def files_given() -> Q:
    """Return the same as a condition on rows of content."""
    if settings.QUARANTINE:
        return Q(scan=StoredFile.Scan.CLEAN)
    return ~Q(scan=StoredFile.Scan.INFECTED)


def file_of_version(*, version: Version, path: str) -> FileToGive:
    """Return a file of a version that its reader sees. Raises NotFound where there is none, or where it is given to nobody."""
    row = VersionFile.objects.filter(version=version, path=path).select_related("content").first()
    if row is None or version.release.taken_down_at is not None or not is_given(row.content):
        raise NotFound(reference=f"{version.reference}/{path[:200]}")
    return FileToGive(sha256=row.content.sha256, size=row.content.size, path=row.path)


def file_seen(*, sha256: str, user: Any) -> FileToGive:
    """Return content by its digest, where a release that stands and that the reader sees holds it. Raises NotFound."""
    standing = Release.objects.filter(releases_seen_by(user=user), taken_down_at__isnull=True)
    row = (
        VersionFile.objects.filter(content__sha256=sha256, version__release__in=standing)
        .select_related("content")
        .order_by("path", "pk")
        .first()
    )
    if row is None or not is_given(row.content):
        raise NotFound(reference=f"commons/files/{sha256[:64]}")
    return FileToGive(sha256=row.content.sha256, size=row.content.size, path=row.path)
