"""What others are told of a version: its facts for every form of metadata, and the newest versions for a feed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils import timezone

from comity.adapters.release_facts import Column, GivenFile, ReleaseFacts, media_type_of
from comity.adapters.release_folders import Looked, join_description
from comity.adapters.release_manifests import compose_description
from comity.adapters.table_heads import HEAD_BYTES, may_be_table, read_columns
from comity.engines.commons.manifests import ReleaseFile
from comity.errors import NotFound
from comity.platform.commons.models import Version
from comity.platform.commons.releases_seen import is_given, releases_seen, version_seen
from comity.platform.commons.stored import file_store
from comity.platform.parties.bodies import reference_of_member
from comity.platform.parties.roster import name_in
from comity.platform.record.visibility import Visibility

MOST_TABLES = 20
"""Of how many tables of a release the first line is read."""


def version_facts(*, slug: str, user: Any, name: str = "", with_columns: bool = False) -> ReleaseFacts:
    """Return the facts of a version that its reader sees. Addresses are references; a door makes them whole.

    Files that are given to nobody are left out. Raises NotFound, for a release that was taken down too: its page says why.
    """
    version = version_seen(slug=slug, user=user, name=name)
    if version.release.taken_down_at is not None:
        raise NotFound(reference=f"{version.reference}/metadata")
    return facts_of_version(version, with_columns=with_columns)


def facts_of_version(version: Version, /, *, with_columns: bool = False) -> ReleaseFacts:
    """Return the facts of a version. The caller has asked whether the reader sees its release."""
    release, told = version.release, version.manifest
    rows = {row.path: row.content for row in version.files.select_related("content").order_by("path")}
    looked = {path: ReleaseFile(path, content.size, content.sha256) for path, content in rows.items()}
    given = [(path, content) for path, content in rows.items() if is_given(content)]
    tables = {p for p, _ in [g for g in given if may_be_table(g[0])][:MOST_TABLES]} if with_columns else set()
    files = tuple(
        GivenFile(
            path=path,
            size=content.size,
            sha256=content.sha256,
            media_type=media_type_of(path),
            columns=_columns_of(content.sha256, path) if path in tables else (),
        )
        for path, content in given
    )
    description = compose_description(tree=told["description"], file="comity-release.json")
    return ReleaseFacts(
        reference=version.reference,
        address=version.reference,
        hub_name=f"{release.namespace}/{release.slug}",
        kind=release.kind,
        label=version.label,
        titles=told["titles"],
        summaries=told["summaries"],
        publisher=name_in((release.member or release.body).names, "en"),
        publisher_address=reference_of_member(release.member.slug)
        if release.member
        else f"parties/bodies/{release.body.slug}",
        released_at=version.released_at,
        manifest=join_description(description, Looked(files=looked, left=())),
        files=files,
        authors=tuple(told["authors"]),
        provenance=told["provenance"],
        is_public=release.visibility == Visibility.PUBLIC
        or (release.released_at is not None and release.released_at <= timezone.now()),
    )


def newest_versions(*, user: Any, most: int = 50) -> tuple[Version, ...]:
    """Return the newest versions that a reader sees of releases that stand, newest first."""
    standing = releases_seen(user=user).filter(taken_down_at__isnull=True)
    rows = Version.objects.filter(release__in=standing.order_by().values("pk")).defer("card", "openness")
    return tuple(rows.select_related("release__member", "release__body").order_by("-released_at", "-pk")[:most])


@lru_cache(maxsize=2000)
def _columns_of(sha256: str, path: str, /) -> tuple[Column, ...]:
    """Return the columns of a table. What a digest names never changes, so that it is read once."""
    try:
        head = b"".join(file_store().read(sha256=sha256, first=0, length=HEAD_BYTES))
    except NotFound:
        return ()
    return read_columns(head=head, path=path)
