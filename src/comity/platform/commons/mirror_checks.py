"""Compare mirrors with what was released, each once a day, and keep what was found for ninety days.

Which stretches of files are looked at follows from the day and a key of this instance, so that a mirror does not know it before it is
asked. What was different is looked at each time again until it is as released.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comity.adapters.mirror_comparing import (
    BEHIND,
    DIFFERENT,
    UNREACHABLE,
    Compared,
    Released,
    Stretch,
    compare_listing,
    read_listing,
)
from comity.adapters.outside_sites import OutsideSite
from comity.engines.commons.chunks import Chunk
from comity.engines.commons.sampling import CELL, cells_of_day
from comity.errors import Conflict, NotFound, Unreachable
from comity.platform.commons.models import Mirror, MirrorComparison, StoredFile, Version, VersionFile
from comity.platform.commons.releases_seen import files_given, releases_seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.adapters.commons_catalogues import ListedRelease

KEPT_FOR = dt.timedelta(days=90)
EVERY = dt.timedelta(hours=24)
AGAIN = dt.timedelta(hours=6)
"""When a mirror that could not be reached is tried again."""
CLAIM = dt.timedelta(hours=1)
TIME_TO_FOLLOW = dt.timedelta(hours=36)
"""Mirrors follow each night: what is younger is not missed yet."""
SECONDS = 240.0
"""The longest that one mirror takes, however slow it is."""
CELLS_A_DAY = 12
MANIFESTS_A_DAY = 8
MOST_DOUBTS = 20
MOST_LACKS = 500
CATALOGUE_BASE = 1_000_000
BYTES_OF_VERSION, BYTES_OF_FILE = 4_000, 2_000
"""More than a version and a file take in a catalogue: a mirror that sends more than all of them together is not read."""


@dataclass(frozen=True, slots=True)
class ComparedMirror:
    """A mirror that was compared, for whoever asked for it."""

    slug: str
    address: str
    found: Compared


def compare_due_mirrors(*, now: dt.datetime | None = None) -> int:
    """Compare each named mirror whose time has come, one after another; return how many. Nothing happens in a worked example.

    Several workers may do it at once: each takes a mirror to itself before it asks.
    """
    if settings.EXAMPLE:
        return 0
    moment = now or timezone.now()
    due = Mirror.objects.filter(state=Mirror.State.NAMED, next_at__lte=moment)
    count = 0
    for pk in due.order_by("next_at", "pk").values_list("pk", flat=True):
        if due.filter(pk=pk).update(next_at=moment + CLAIM):
            count += compare_mirror(mirror=Mirror.objects.get(pk=pk)) is not None
    return count


def compare_named_mirrors(*, slug: str = "") -> Iterable[ComparedMirror]:
    """Compare one named mirror now, or all of them, and yield each with what was found.

    Raises NotFound, or Conflict where the one is not named.
    """
    rows = Mirror.objects.order_by("slug")
    if slug:
        mirror = rows.filter(slug=slug).first()
        if mirror is None:
            raise NotFound(reference=f"commons/mirrors/{slug[:60]}")
        if mirror.state != Mirror.State.NAMED:
            raise Conflict(problem="Only a mirror that is named is compared; nothing was asked.")
        rows = rows.filter(pk=mirror.pk)
    for mirror in rows.filter(state=Mirror.State.NAMED):
        found = compare_mirror(mirror=mirror)
        if found is not None:
            yield ComparedMirror(slug=mirror.slug, address=mirror.address, found=found)


def compare_mirror(*, mirror: Mirror, seconds: float = SECONDS) -> Compared | None:
    """Compare a mirror and keep what was found; None where it was ended meanwhile. What a mirror answers raises nothing."""
    site = OutsideSite(address=mirror.address, seconds=seconds, allow_private=settings.PRIVATE_MIRRORS)
    try:
        listed = read_listing(site=site, most=_most_of_catalogue())
        # What was released is read after the mirror's list, so that nothing in the list is younger than it.
        found = compare_listing(listed=listed, released=_released(mirror, listed), site=site)
    except Unreachable as unreachable:
        found = Compared(result=UNREACHABLE, problem=str(unreachable.data["problem"]))
    finally:
        site.close()
    return found if _keep(mirror, found) else None


def forget_old_comparisons() -> int:
    """Delete comparisons that are older than ninety days, but for the latest of each mirror; return how many went."""
    latest = MirrorComparison.objects.values("mirror").annotate(last=Max("pk")).values("last")
    old = MirrorComparison.objects.filter(at__lt=timezone.now() - KEPT_FOR).exclude(
        pk__in=list(latest.values_list("last", flat=True))
    )
    return old.delete()[0]


def _keep(mirror: Mirror, found: Compared, /) -> bool:
    now = timezone.now()
    with transaction.atomic():
        held = Mirror.objects.select_for_update(of=("self",)).get(pk=mirror.pk)
        if held.state != Mirror.State.NAMED:
            return False
        MirrorComparison.objects.create(
            mirror=held,
            at=now,
            result=found.result,
            versions=found.versions,
            looked_at=found.looked_at,
            differences=[asdict(d) for d in found.differences],
            total=found.total,
            problem=found.problem,
        )
        held.last_at, held.last_result = now, found.result
        held.next_at = now + (AGAIN if found.result == UNREACHABLE else EVERY)
        if found.result == DIFFERENT:
            held.differs_since = held.differs_since or now
            held.doubts = _doubts(held.doubts, found)
        elif found.result != UNREACHABLE:
            held.differs_since, held.doubts = None, []
            lacking = {d.reference.split("/")[2] for d in found.differences if d.kind == "missing"}
            held.lacks = sorted(lacking)[:MOST_LACKS] if found.result == BEHIND else []
        held.save()
        return True


def _doubts(before: Sequence[Mapping[str, Any]], found: Compared, /) -> list[dict[str, Any]]:
    """Return what is looked at again: what was found now, then what was in doubt before."""
    now = [
        {"reference": d.reference, "sha256": d.sha256, "start": d.start}
        for d in found.differences
        if d.kind in {"piece", "not-given", "content-of-manifest"}
    ]
    return [*now, *(dict(d) for d in before if d not in now)][:MOST_DOUBTS]


def _most_of_catalogue() -> int:
    held = Version.objects.aggregate(versions=Count("pk", distinct=True), files=Count("files"))
    return CATALOGUE_BASE + 2 * (BYTES_OF_VERSION * int(held["versions"]) + BYTES_OF_FILE * int(held["files"]))


def _released(mirror: Mirror, listed: Sequence[ListedRelease], /) -> Released:
    """Return what is public, what the mirror is to hold of it by now, and what of it is looked at today."""
    now = timezone.now()
    settled = now - TIME_TO_FOLLOW
    public = releases_seen(user=AnonymousUser())
    rows = Version.objects.filter(release__in=public).select_related("release", "act")
    versions = {v.reference: v for v in rows.defer("manifest", "card", "openness")}
    standing = {name: v for name, v in versions.items() if v.release.taken_down_at is None}
    held_back = set(
        VersionFile.objects.filter(~_given(), version__release__in=public).values_list("version_id", flat=True)
    )
    awaited = frozenset(
        name
        for name, v in standing.items()
        if v.act.sequence is not None
        and v.released_at <= settled
        and v.pk not in held_back
        and (not mirror.serves or v.release.slug in mirror.serves)
    )
    down = public.filter(taken_down_at__lte=settled)
    there = {v.reference for r in listed for v in r.versions} & set(standing)
    day, key = now.date().toordinal(), salted_hmac("comity.mirrors", mirror.slug, algorithm="sha256").digest()
    manifests = [
        name for name, _ in cells_of_day(sizes=dict.fromkeys(there, 1), per_day=MANIFESTS_A_DAY, day=day, key=key)
    ]
    doubted = [d["reference"] for d in mirror.doubts if not d["sha256"] and d["reference"] in there]
    return Released(
        versions={name: v.manifest_sha256 for name, v in versions.items()},
        awaited=awaited,
        taken_down=frozenset(r.reference for r in down),
        manifests=tuple(dict.fromkeys((*doubted, *manifests))),
        stretches=tuple(_stretches(mirror, [standing[name] for name in sorted(there)], day=day, key=key)),
    )


def _stretches(mirror: Mirror, versions: Sequence[Version], /, *, day: int, key: bytes) -> Iterable[Stretch]:
    """Yield what is looked at today of the files of some versions, what is in doubt first."""
    names = {v.pk: v.reference for v in versions}
    holders: dict[str, list[str]] = {}
    about: dict[str, tuple[str, int]] = {}
    rows = VersionFile.objects.filter(_given(), version__in=names).order_by("version_id", "path")
    for version, path, sha256, size in rows.values_list("version_id", "path", "content__sha256", "content__size"):
        holders.setdefault(sha256, []).append(names[version])
        about.setdefault(sha256, (path, size))
    sizes = {sha256: size for sha256, (_, size) in about.items()}
    chosen = cells_of_day(sizes=sizes, per_day=CELLS_A_DAY, day=day, key=key)
    doubted = [(d["sha256"], d["start"]) for d in mirror.doubts if d["sha256"] in sizes]
    seen: set[tuple[str, int]] = set()
    for sha256, at in (*doubted, *chosen):
        start, pieces = _pieces_at(sha256, size=sizes[sha256], at=at)
        if pieces and (sha256, start) not in seen:
            seen.add((sha256, start))
            yield Stretch(tuple(holders[sha256]), about[sha256][0], sha256, start, pieces)


def _pieces_at(sha256: str, /, *, size: int, at: int) -> tuple[int, tuple[Chunk, ...]]:
    """Return the pieces that share a byte with the cell at a place, and where they begin; none where they were not cut yet.

    A file that is no longer than a cell is one piece, whose digest is the file's.
    """
    if size <= CELL:
        return 0, (Chunk(size, sha256),)
    packed = bytes(StoredFile.objects.values_list("chunks", flat=True).get(sha256=sha256))
    found: list[Chunk] = []
    start, place = 0, 0
    for length, digest in json.loads(zlib.decompress(packed)) if packed else ():
        if place + length > at and place < at + CELL:
            start = start if found else place
            found.append(Chunk(length, digest))
        place += length
    return start, tuple(found)


def _given() -> Q:
    """Return the condition that the content of a file of a version is given out."""
    return Q(content__in=StoredFile.objects.filter(files_given()))
