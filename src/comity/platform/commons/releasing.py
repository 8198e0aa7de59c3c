"""Release a version: one act with the digest of its manifest. A version never changes; what is newer is another version."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.adapters.release_findings import list_findings
from comity.adapters.release_folders import Looked, join_description, recognise_kept
from comity.adapters.release_manifests import compose_description
from comity.engines.commons.manifests import refuse_path
from comity.engines.commons.openness import assess_openness
from comity.errors import BadParameter, BadReleaseFile, Conflict
from comity.platform.commons.models import Release, StoredFile, Version, VersionFile
from comity.platform.commons.notes_seen import reaches_no_further
from comity.platform.commons.releases_seen import REVISION
from comity.platform.commons.senders import authorise_sender
from comity.platform.commons.sending import files_that_may_be_released
from comity.platform.commons.stored import file_store
from comity.platform.parties.bodies import body_of, demand_rule, demand_slug, reference_of_member
from comity.platform.parties.texts import MOST_TITLE, checked_text, checked_texts
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.engines.commons.manifests import Manifest, ReleaseFile
    from comity.engines.commons.openness import Openness

MOST_SUMMARY = 1000
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,39}")
RESERVED_SLUGS = frozenset({"new", "feed", "catalogue"})
RESERVED_LABELS = frozenset({"main", "new", "files", "versions", "take-down", "refs", "evaluations"})
TYPES = {"model": "model", "dataset": "data", "tool": "tool", "course": "course", "paper": "paper"}
"""What a release is called here, and in its description."""
DESCRIPTION = "comity-release.json"
MOST_FILES = 10_000
MOST_PATH = 300
MOST_AUTHORS = 100
MOST_PROVENANCE = 4000
MOST_README = 200_000
MANIFEST = 1
NAME_TAKEN = "Another shares a release of this name already. Choose another name; nothing was kept."


def release_version(
    *,
    body: str,
    slug: str,
    kind: str,
    label: str,
    titles: Mapping[str, str],
    files: Mapping[str, str],
    description: Mapping[str, Any],
    by: Any,
    authority: str,
    member: str = "",
    summaries: Mapping[str, str] | None = None,
    authors: Sequence[str] = (),
    provenance: str = "",
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
    released_at: dt.datetime | None = None,
    is_new: bool = False,
) -> Version:
    """Release a version, the first of a new release or a further one, and enter it on the record.

    ``files`` maps paths to the SHA-256 of content that this sender sent or sees in another release; ``description`` is in the form of
    ``comity-release.json``. Without a ``member`` the body itself releases, by its secretariat. Titles and summaries of a further
    version replace those before; its circle stays that of the release. ``is_new``: nothing is added to a release that is there.

    Raises NotPermitted, NotFound, BadParameter, BadReleaseFile where the description is not of these files, or Conflict where the
    label or the same content was released before, the name is another member's, the release is seen by more than the circle that is
    named, or it was taken down.
    """
    demand_slug(slug)
    demand_rule(authority)
    demand_circle(visibility=visibility, audience=audience)
    if slug in RESERVED_SLUGS:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    if kind not in Release.Kind.values:
        raise BadParameter(name="kind", found=kind[:40], allowed=", ".join(Release.Kind.values))
    if not LABEL.fullmatch(label) or label in RESERVED_LABELS or REVISION.fullmatch(label):
        raise BadParameter(
            name="label", found=label[:40], allowed="letters, digits, . _ ~ and -, at most 40, such as 1.2; not main"
        )
    called = checked_texts("titles", titles, most=MOST_TITLE)
    said = checked_texts("summaries", summaries or {}, most=MOST_SUMMARY, needed=False)
    named = _checked_authors(authors)
    origin = checked_text("provenance", provenance, most=MOST_PROVENANCE)
    here = body_of(slug=body)
    party, office = authorise_sender(body=here, member=member, by=by)
    _demand_paths(files)
    contents = files_that_may_be_released(digests=frozenset(files.values()), member=party, user=by)
    looked = {path: _look_at(path, contents[digest]) for path, digest in sorted(files.items())}
    manifest = _describe(description, looked, kind=kind, label=label)
    found = assess_openness(manifest=manifest)
    readme = _readme(looked)

    with transaction.atomic():
        release, previous = _open_release(
            slug=slug,
            defaults={
                "body": here,
                "member": party,
                "kind": kind,
                "titles": called,
                "summaries": said,
                "visibility": visibility,
                "audience": audience,
                "released_at": released_at,
            },
            is_new=is_new,
        )
        document = {
            "comity_manifest": MANIFEST,
            "release": release.reference,
            "body": here.slug,
            "member": member,
            "kind": kind,
            "label": label,
            "titles": called,
            "summaries": said,
            "authors": named,
            "provenance": origin,
            "description": dict(description),
            "files": [{"path": f.path, "size": f.size, "sha256": f.sha256} for f in looked.values()],
        }
        digest = hashlib.sha256(_canonical(document)).hexdigest()
        _demand_new(release, label=label, files=document["files"], description=document["description"])
        version = Version(
            release=release,
            number=previous.number + 1 if previous else 1,
            label=label,
            revision=digest[:40],
            manifest=document,
            manifest_sha256=digest,
            card=readme,
            openness=list_findings(found=found),
            size=sum(f.size for f in looked.values()),
            released_at=timezone.now(),
        )
        version.act = enter_act(
            type="release-version",
            office=office,
            member=member,
            authority=authority,
            subject=version.reference,
            payload=_payload(version, release, found),
            links=_links(version, previous, member),
            visibility=release.visibility,
            audience=release.audience,
            released_at=release.released_at,
        )
        version.save()
        VersionFile.objects.bulk_create(
            VersionFile(version=version, path=path, content=contents[file.sha256]) for path, file in looked.items()
        )
        _mark(looked, contents)
    return version


def preview_version(**given: Any) -> Version:
    """Return the version that ``release_version`` would make of the same, with what was found on it; and make none.

    It is really made, and taken back: what this refuses, the act would refuse, and nothing else. Raises as ``release_version`` does.
    """
    with transaction.atomic():
        version = release_version(**given)
        transaction.set_rollback(True)
    return version


def _checked_authors(authors: Sequence[str], /) -> list[str]:
    if len(authors) > MOST_AUTHORS:
        raise BadParameter(name="authors", found=len(authors), allowed=f"at most {MOST_AUTHORS}")
    return [checked_text("authors", str(a), most=MOST_TITLE, least=1) for a in authors]


def _demand_paths(files: Mapping[str, str], /) -> None:
    """Refuse paths that could not lie together in one folder on every machine."""
    if not 1 <= len(files) <= MOST_FILES:
        raise BadParameter(name="files", found=f"{len(files)} files", allowed=f"1 to {MOST_FILES}")
    folded: dict[str, str] = {}
    for path in sorted(files):
        problem = refuse_path(path) or (f"it has more than {MOST_PATH} characters" if len(path) > MOST_PATH else "")
        if not problem and path.casefold() in folded:
            problem = f"on many machines it is the same as {folded[path.casefold()][:100]}"
        if problem:
            raise BadParameter(name="files", found=path[:200], allowed=f"a path in the release; {problem}")
        folded[path.casefold()] = path
    for path in folded:
        parts = path.split("/")
        above = next(("/".join(parts[:n]) for n in range(1, len(parts)) if "/".join(parts[:n]) in folded), "")
        if above:
            raise BadParameter(name="files", found=above[:200], allowed="a file or a folder, not both")


def _look_at(path: str, content: StoredFile, /) -> ReleaseFile:
    with file_store().opened(sha256=content.sha256) as opened:
        return recognise_kept(opened=opened, path=path, size=content.size, sha256=content.sha256)


def _describe(
    description: Mapping[str, Any], looked: Mapping[str, ReleaseFile], /, *, kind: str, label: str
) -> Manifest:
    told = compose_description(tree=description, file=DESCRIPTION)
    if told.type != TYPES[kind]:
        raise BadReleaseFile(file=DESCRIPTION, where="type", problem=f'it is "{told.type}"; the release is a {kind}')
    if told.version and told.version != label:
        raise BadReleaseFile(
            file=DESCRIPTION, where="version", problem=f'it is "{told.version}"; the label is "{label}"'
        )
    manifest = join_description(told, Looked(files=looked, left=()))
    if manifest.unread:
        path, reason = manifest.unread[0]
        raise BadReleaseFile(file=DESCRIPTION, where=path[:200], problem=reason)
    return manifest


def _readme(looked: Mapping[str, ReleaseFile], /) -> str:
    """Return the text of the file README.md at the top; empty where there is none, or where it is no text or too long."""
    file = looked.get("README.md")
    if file is None or file.size > MOST_README:
        return ""
    content = b"".join(file_store().read(sha256=file.sha256))
    try:
        return content.decode("utf-8").replace("\x00", "")
    except UnicodeDecodeError:
        return ""


def _open_release(*, slug: str, defaults: Mapping[str, Any], is_new: bool) -> tuple[Release, Version | None]:
    release = Release.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if release is None:
        try:
            with transaction.atomic():
                return Release.objects.create(slug=slug, made_at=timezone.now(), **defaults), None
        except IntegrityError:  # another release of this name was a moment earlier
            raise Conflict(problem=NAME_TAKEN) from None
    if release.body != defaults["body"] or release.member != defaults["member"]:
        raise Conflict(problem=NAME_TAKEN)
    if release.kind != defaults["kind"]:
        raise Conflict(
            problem="A release keeps its kind, and this one is of another. Choose another name; nothing was kept."
        )
    if release.taken_down_at is not None:
        raise Conflict(problem="This release was taken down; nothing is released under its name.")
    if is_new:
        raise Conflict(
            problem="You share a release of this name already. A further version is released from its page; nothing was kept."
        )
    circle, asked = ((of["visibility"], of["audience"]) for of in (vars(release), defaults))
    if not reaches_no_further(circle, than=asked):
        raise Conflict(
            problem="More see this release than you ask for, and they would see this version too. Choose another name; nothing was kept."
        )
    release.titles, release.summaries = defaults["titles"], defaults["summaries"] or release.summaries
    release.save(update_fields=["titles", "summaries"])
    return release, release.versions.order_by("-number").first()


def _canonical(document: Mapping[str, Any], /) -> bytes:
    try:
        return rfc8785.dumps(dict(document))
    except rfc8785.CanonicalizationError:
        raise BadReleaseFile(
            file=DESCRIPTION, where="the file", problem="a number in it is too large for every machine to read alike"
        ) from None


def _demand_new(release: Release, /, *, label: str, files: Any, description: Any) -> None:
    for version in release.versions.only("label", "manifest"):
        if version.label == label:
            raise Conflict(
                problem="This version was released already, and never changes. Give a new label; nothing was kept."
            )
        if version.manifest["files"] == files and version.manifest["description"] == description:
            raise Conflict(problem="This is the same as a version that was released, file by file; nothing was kept.")


def _payload(version: Version, release: Release, found: Openness, /) -> dict[str, Any]:
    return {
        "release": release.reference,
        "body": release.body.slug,
        "kind": release.kind,
        "label": version.label,
        "number": version.number,
        "titles": release.titles,
        "manifest_sha256": version.manifest_sha256,
        "revision": version.revision,
        "files": len(version.manifest["files"]),
        "bytes": version.size,
        "licence": found.licence,
        "framework_class": found.framework.level,
    }


def _links(version: Version, previous: Version | None, member: str, /) -> list[tuple[str, str, str]]:
    links = [(version.reference, "wasRevisionOf", previous.reference)] if previous else []
    if member:
        links.append((version.reference, "wasAttributedTo", reference_of_member(member)))
    return links


def _mark(looked: Mapping[str, ReleaseFile], contents: Mapping[str, StoredFile], /) -> None:
    """Write down what was found on content that had no mark yet; a mark that it can run code stays."""
    for file in looked.values():
        content = contents[file.sha256]
        if content.risk == StoredFile.Risk.CODE:
            continue
        known = StoredFile.Risk.NONE if file.format != "unknown" else content.risk
        content.risk = StoredFile.Risk.CODE if file.runs_code else known
        content.risk_reason = file.runs_code[:200]
        content.media_type = (mimetypes.guess_type(file.path)[0] or content.media_type)[:100]
        content.save(update_fields=["risk", "risk_reason", "media_type"])
