"""What a reader sees of releases: cards for the catalogue, a release with one of its versions, its files with their marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, Max, OuterRef

from comity.engines.parties.atlas import split_words
from comity.errors import NotFound
from comity.platform.commons.models import Release, StoredFile, Version
from comity.platform.commons.releases_seen import is_given, release_seen, releases_seen, version_of
from comity.platform.parties.roster import name_in
from comity.platform.parties.texts import language_in, text_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.db.models import QuerySet

OF_A_CARD = ("running", "languages", "languages_not_measured")
"""What a card shows of the findings on a version, beside the class of its licence."""


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """A release in the reader's language, with what its latest version answers first.

    ``licence_class`` is open, non-commercial, restricted or unknown. ``measured`` are languages (BCP 47) whose quality was measured,
    ``languages`` all that it names. ``offline`` None: not stated.
    """

    slug: str
    reference: str
    body: str
    namespace: str
    kind: str
    title: str
    title_language: str
    summary: str
    summary_language: str
    member: str
    member_name: str
    label: str
    released_at: dt.datetime
    size: int
    licence_class: str
    languages: tuple[str, ...]
    measured: tuple[str, ...]
    offline: bool | None
    hardware: str
    memory_gb: float | None
    gpu_memory_gb: float | None
    visibility: str
    taken_down_at: dt.datetime | None

    @property
    def hub_name(self) -> str:
        """Its name in the hub."""
        return f"{self.namespace}/{self.slug}"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a version. ``risk`` is none, code or unknown; ``scan`` unscanned, clean or infected; not ``given``: to nobody."""

    path: str
    size: int
    sha256: str
    media_type: str
    format: str
    risk: str
    risk_reason: str
    scan: str
    scanned_at: dt.datetime | None
    given: bool


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version in the list of a release's versions, with its act."""

    label: str
    number: int
    reference: str
    revision: str
    manifest_sha256: str
    size: int
    released_at: dt.datetime
    act: str
    sequence: int | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with everything. ``description`` is in the form of ``comity-release.json``; ``openness`` as the file command's JSON."""

    card: VersionCard
    manifest: Mapping[str, Any]
    description: Mapping[str, Any]
    openness: Mapping[str, Any]
    readme: str
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class TakenDown:
    """Why a release was taken down, under which rule, by which act."""

    at: dt.datetime
    rule: str
    reason: str
    act: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release as its page shows it: the version that was asked for, and all of its versions, newest first."""

    card: ReleaseCard
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    made_at: dt.datetime
    version: VersionView
    versions: tuple[VersionCard, ...]
    taken_down: TakenDown | None


def release_view(*, slug: str, user: Any, language: str = "en", name: str = "") -> ReleaseView:
    """Return a release with the version of a label or revision, the latest where none is named. Raises NotFound."""
    release = release_seen(slug=slug, user=user)
    version = version_of(release=release, name=name)
    return ReleaseView(
        card=card_of(release=release, version=version, language=language),
        titles=release.titles,
        summaries=release.summaries,
        made_at=release.made_at,
        version=view_of_version(version),
        versions=version_cards(release),
        taken_down=_taken_down(release),
    )


def release_cards(*, user: Any, language: str = "en", kind: str = "", words: str = "") -> tuple[ReleaseCard, ...]:
    """Return every release that a reader sees, in the order of their titles in the reader's language, never of their use.

    With ``words`` those alone whose titles, summaries (in any language), name or member hold each of them, whatever case or accents.
    Three questions to the database, however many releases there are.
    """
    seen = releases_seen(user=user).filter(**({"kind": kind} if kind else {}))
    wanted = split_words(words)
    rows = [r for r in seen if not words.strip() or (wanted and _holds(r, wanted))]
    latest = latest_versions(seen)
    cards = [card_of(release=r, version=latest[r.pk], language=language) for r in rows if r.pk in latest]
    return tuple(sorted(cards, key=lambda c: (c.title.casefold(), c.slug)))


def newest_releases(*, user: Any, most: int, language: str = "en") -> tuple[ReleaseCard, ...]:
    """Return the releases whose latest version is the newest, of those that a reader sees and that are given."""
    seen = releases_seen(user=user).filter(taken_down_at__isnull=True, versions__isnull=False)
    rows = list(seen.annotate(newest=Max("versions__released_at")).order_by("-newest", "slug")[:most])
    latest = latest_versions(Release.objects.filter(pk__in=[r.pk for r in rows]))
    return tuple(card_of(release=r, version=latest[r.pk], language=language) for r in rows)


def latest_versions(releases: QuerySet[Release], /) -> dict[int, Version]:
    """Return the latest version of each release, by the release's key, with what a card says of its openness and no more."""
    newer = Version.objects.filter(release=OuterRef("release"), number__gt=OuterRef("number"))
    rows = Version.objects.filter(~Exists(newer), release__in=releases.order_by().values("pk"))
    told = {f"told_{name}": F(f"openness__{name}") for name in OF_A_CARD}
    found: dict[int, Version] = {}
    for version in rows.defer("card", "manifest", "openness").annotate(
        **told, told_class=F("openness__licence__class")
    ):
        kept = {name: getattr(version, f"told_{name}") for name in OF_A_CARD}
        version.openness = {name: value for name, value in kept.items() if value is not None}
        version.openness["licence"] = {"class": getattr(version, "told_class", None) or "unknown"}
        found[version.release_id] = version
    return found


def _holds(release: Release, wanted: tuple[str, ...], /) -> bool:
    """Tell whether a release is called or described by each of some words, or by what begins or ends with them."""
    party = release.member or release.body
    texts = (release.slug, *release.titles.values(), *release.summaries.values(), *party.names.values())
    said = " ".join(word for text in texts for word in split_words(str(text)))
    return all(word in said for word in wanted)


def card_of(*, release: Release, version: Version, language: str) -> ReleaseCard:
    """Return the card of a release with one of its versions."""
    found = version.openness
    running = found.get("running", {})
    measured = tuple(dict.fromkeys(q["language"] for q in found.get("languages", [])))
    return ReleaseCard(
        slug=release.slug,
        reference=release.reference,
        body=release.body.slug,
        namespace=release.namespace,
        kind=release.kind,
        title=text_in(release.titles, language),
        title_language=language_in(release.titles, language),
        summary=text_in(release.summaries, language),
        summary_language=language_in(release.summaries, language),
        member=release.member.slug if release.member else "",
        member_name=name_in((release.member or release.body).names, language),
        label=version.label,
        released_at=version.released_at,
        size=version.size,
        licence_class=found.get("licence", {}).get("class", "unknown"),
        languages=tuple(sorted({*measured, *found.get("languages_not_measured", [])})),
        measured=measured,
        offline=running.get("offline"),
        hardware=running.get("hardware", ""),
        memory_gb=running.get("memory_gb"),
        gpu_memory_gb=running.get("gpu_memory_gb"),
        visibility=release.visibility,
        taken_down_at=release.taken_down_at,
    )


def card_of_version(version: Version, /) -> VersionCard:
    """Return a version as a list shows it."""
    return VersionCard(
        label=version.label,
        number=version.number,
        reference=version.reference,
        revision=version.revision,
        manifest_sha256=version.manifest_sha256,
        size=version.size,
        released_at=version.released_at,
        act=str(version.act_id),
        sequence=version.act.sequence,
    )


def version_cards(release: Release, /) -> tuple[VersionCard, ...]:
    """Return the versions of a release that the reader sees, newest first."""
    rows = release.versions.select_related("act").defer("manifest", "card", "openness").order_by("-number")
    return tuple(card_of_version(v) for v in rows)


def view_of_version(version: Version, /) -> VersionView:
    """Return a version with its files. The caller has asked whether the reader sees its release.

    Its card is one of its files: where that is given to nobody, nobody reads it here.
    """
    files = files_of(version)
    return VersionView(
        card=card_of_version(version),
        manifest=version.manifest,
        description=version.manifest["description"],
        openness=version.openness,
        readme=version.card if any(f.path == "README.md" and f.given for f in files) else "",
        files=files,
    )


def files_of(version: Version, /) -> tuple[FileView, ...]:
    """Return the files of a version by path, with their marks."""
    code = {f["path"]: f["reason"] for f in version.openness.get("code_files", [])}
    formats = {f["path"]: f["format"] for c in version.openness.get("components", []) for f in c["files"]}
    stands = version.release.taken_down_at is None
    return tuple(
        FileView(
            path=row.path,
            size=row.content.size,
            sha256=row.content.sha256,
            media_type=row.content.media_type,
            format=formats.get(row.path, "unknown"),
            risk=StoredFile.Risk.CODE if row.path in code else row.content.risk,
            risk_reason=code.get(row.path, row.content.risk_reason),
            scan=row.content.scan,
            scanned_at=row.content.scanned_at,
            given=stands and is_given(row.content),
        )
        for row in version.files.select_related("content").order_by("path")
    )


def manifest_seen(*, sha256: str, user: Any) -> bytes:
    """Return the canonical bytes of a manifest whose digest this is, where the reader sees its release. Raises NotFound."""
    import rfc8785  # noqa: PLC0415  (kept beside its one use)

    version = Version.objects.filter(manifest_sha256=sha256, release__in=releases_seen(user=user)).first()
    if version is None:
        raise NotFound(reference=f"commons/manifests/{sha256[:64]}")
    return rfc8785.dumps(version.manifest)


def _taken_down(release: Release, /) -> TakenDown | None:
    if release.taken_down_at is None:
        return None
    return TakenDown(
        at=release.taken_down_at,
        rule=release.taken_down_rule,
        reason=release.taken_down_reason,
        act=str(release.taking_down_id),
    )
