"""The hub's protocol: enough of Hugging Face's API that its stock client lists, downloads, resumes and verifies.

With ``HF_ENDPOINT=https://SERVER/hub`` a release is the repository ``NAMESPACE/SLUG``; models are models, everything else is a data
set there, since the protocol knows no other kind. A revision is ``main``, a version's label, or the first 40 digits of its manifest's
digest. Uses are not counted, so that neither ``downloads`` nor ``likes`` is told, and lists are alphabetical whatever is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from comity.errors import NotFound
from comity.platform.commons.release_views import card_of, files_of, release_cards, version_cards
from comity.platform.commons.releases_seen import LATEST, file_of_version, release_seen, version_of
from comity.web.commons.giving import give_file
from comity.web.commons.hub_answers import TAKEN_DOWN, HubRefusal, hub_door, page_of, reader_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from comity.platform.commons.models import Release, Version
    from comity.platform.commons.release_views import FileView, ReleaseCard, VersionCard

MODELS, DATASETS = "models", "datasets"
USUAL_REPOSITORIES = 100
USUAL_FILES = 1000
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A version that was asked for, and what of it: a path of a file or folder, empty for the top."""

    release: Release
    version: Version
    path: str = ""


@require_safe
@hub_door
def repositories(request: HttpRequest, sort: str) -> HttpResponseBase:
    """List models or data sets, alphabetically; ``author``, ``search`` and ``filter`` (tags) choose among them."""
    cards = [c for c in release_cards(user=reader_of(request)) if sort_of(c.kind) == sort and c.taken_down_at is None]
    cards.sort(key=lambda c: c.hub_name)
    author, words = request.GET.get("author", ""), request.GET.get("search", "").casefold()
    tags = {tag for some in request.GET.getlist("filter") for tag in some.split(",") if tag}
    found = [
        c
        for c in cards
        if (not author or c.namespace == author)
        and words in f"{c.hub_name} {c.title}".casefold()
        and tags <= set(tags_of(c))
    ]
    page, link = page_of(request, found, usual=USUAL_REPOSITORIES)
    return _linked([_repository(c) for c in page], link)


@require_safe
@hub_door
def repository(request: HttpRequest, sort: str, namespace: str, slug: str, revision: str = "") -> HttpResponseBase:
    """Tell of one repository at a revision, with its files."""
    asked = _asked(request, sort, namespace, slug, revision)
    told = _repository(card_of(release=asked.release, version=asked.version, language="en")) | {
        "sha": asked.version.revision,
        "siblings": [_sibling(f) for f in files_of(asked.version) if f.given],
    }
    return JsonResponse(told)


@require_safe
@hub_door
def tree(request: HttpRequest, sort: str, namespace: str, slug: str, rest: str) -> HttpResponseBase:
    """List the files and folders of a folder, or with ``recursive`` of everything under it."""
    asked = _asked(request, sort, namespace, slug, rest)
    entries = _entries(asked.version, recursive=request.GET.get("recursive", "").lower() in {"1", "true"})
    above = f"{asked.path}/" if asked.path else ""
    found = [
        e
        for path, e in entries.items()
        if path.startswith(above) and (e["deep"] or "/" not in path[len(above) :]) and path != asked.path
    ]
    if asked.path and not found:
        raise HubRefusal(status=404, code="EntryNotFound", words=f"There is no folder {asked.path[:200]} here.")
    page, link = page_of(request, found, usual=USUAL_FILES)
    return _linked([{k: v for k, v in e.items() if k != "deep"} for e in page], link)


@csrf_exempt
@require_POST
@hub_door
def paths_info(request: HttpRequest, sort: str, namespace: str, slug: str, rest: str) -> HttpResponseBase:
    """Tell of the files and folders that a form names; those that are not there are left out. It changes nothing."""
    entries = _entries(_asked(request, sort, namespace, slug, rest).version, recursive=True)
    found = [entries[p.strip("/")] for p in request.POST.getlist("paths") if p.strip("/") in entries]
    return JsonResponse([{k: v for k, v in e.items() if k != "deep"} for e in found], safe=False)


@require_safe
@hub_door
def refs(request: HttpRequest, sort: str, namespace: str, slug: str) -> HttpResponseBase:
    """List the names of revisions: ``main`` is the latest version, and each label is a tag."""
    versions = version_cards(_asked(request, sort, namespace, slug, "").release)
    told = {
        "branches": [{"name": LATEST, "ref": f"refs/heads/{LATEST}", "targetCommit": versions[0].revision}],
        "converts": [],
        "tags": [{"name": v.label, "ref": f"refs/tags/{v.label}", "targetCommit": v.revision} for v in versions],
    }
    if request.GET.get("include_prs"):
        told["pullRequests"] = []
    return JsonResponse(told)


@require_safe
@hub_door
def commits(request: HttpRequest, sort: str, namespace: str, slug: str, rest: str) -> HttpResponseBase:
    """List a version and those before it, newest first. No person is named: a member releases."""
    asked = _asked(request, sort, namespace, slug, rest)
    before = [v for v in version_cards(asked.release) if v.number <= asked.version.number]
    page, link = page_of(request, before, usual=USUAL_REPOSITORIES)
    return _linked([_commit(v, namespace) for v in page], link)


@require_safe
@hub_door
def resolve(request: HttpRequest, sort: str, namespace: str, slug: str, rest: str) -> HttpResponseBase:
    """Give a file out, or with HEAD tell its size and digest."""
    asked = _asked(request, sort, namespace, slug, rest)
    try:
        file = file_of_version(version=asked.version, path=asked.path)
    except NotFound:
        words = f"There is no file {asked.path[:200]} here, or the virus scanner has not found it clean."
        raise HubRefusal(status=404, code="EntryNotFound", words=words) from None
    headers = {
        "X-Repo-Commit": asked.version.revision,
        "X-Linked-Size": str(file.size),
        "X-Linked-Etag": f'"{file.sha256}"',
    }
    return give_file(request, file, headers=headers)


@require_safe
@hub_door
def whoami(request: HttpRequest) -> HttpResponseBase:
    """Tell for whom a token speaks: its member, never a person."""
    reader = reader_of(request)
    if not getattr(reader, "member", ""):
        raise HubRefusal(status=401, code="TokenNeeded", words="This request brings no token of a member.")
    return JsonResponse({"type": "user", "name": reader.member, "fullname": reader.member, "orgs": []})


def sort_of(kind: str, /) -> str:
    """Return as what the protocol knows a kind of release."""
    return MODELS if kind == "model" else DATASETS


def tags_of(card: ReleaseCard, /) -> list[str]:
    """Return the tags of a release: its kind, its languages, the class of its licence."""
    return [card.kind, *card.languages, f"licence:{card.licence_class}"]


def split_revision(rest: str, /) -> tuple[str, str]:
    """Return revision and path of what follows a verb; a revision may be written in full, and quoted twice.

    >>> split_revision("main/data/a.csv"), split_revision("refs/tags/1.0/a.csv"), split_revision("")
    (('main', 'data/a.csv'), ('1.0', 'a.csv'), ('', ''))
    """
    plain = rest.strip("/")
    for begin in ("refs/heads/", "refs/tags/", "refs%2Fheads%2F", "refs%2Ftags%2F"):
        plain = plain.removeprefix(begin)
    revision, _, path = plain.partition("/")
    return unquote(revision), path


def _asked(request: HttpRequest, sort: str, namespace: str, slug: str, rest: str, /) -> Asked:
    """Return the version and path that an address names. Raises HubRefusal with the client's code for what is not there."""
    name, path = split_revision(rest)
    nothing = HubRefusal(status=404, code="RepoNotFound", words=f"There is no repository {namespace}/{slug} here.")
    try:
        release = release_seen(slug=slug, user=reader_of(request))
    except NotFound:
        raise nothing from None
    if sort_of(release.kind) != sort or release.namespace != namespace:
        raise nothing
    if release.taken_down_at is not None:
        raise HubRefusal(status=403, code="TakenDown", words=TAKEN_DOWN)
    try:
        version = version_of(release=release, name=name)
    except NotFound:
        words = f"{namespace}/{slug} has no version {name[:60]}."
        raise HubRefusal(status=404, code="RevisionNotFound", words=words) from None
    return Asked(release=release, version=version, path=path)


def _repository(card: ReleaseCard, /) -> dict[str, Any]:
    at = card.released_at.isoformat().replace("+00:00", "Z")
    return {
        "_id": card.slug,
        "id": card.hub_name,
        "modelId": card.hub_name,
        "author": card.namespace,
        "lastModified": at,
        "createdAt": at,
        "private": card.visibility != "public",
        "gated": False,
        "disabled": False,
        "description": card.summary,
        "tags": tags_of(card),
    }


def _sibling(file: FileView, /) -> dict[str, Any]:
    lfs = {"size": file.size, "sha256": file.sha256, "pointerSize": _pointer_size(file)}
    return {"rfilename": file.path, "size": file.size, "blobId": file.sha256[:40], "lfs": lfs}


def _entries(version: Version, /, *, recursive: bool) -> dict[str, dict[str, Any]]:
    """Return files and folders by path. ``deep`` says that an entry counts wherever it lies under the folder that is listed."""
    found: dict[str, dict[str, Any]] = {}
    for file in files_of(version):
        if not file.given:
            continue
        parts = file.path.split("/")
        for n in range(1, len(parts)):
            folder = "/".join(parts[:n])
            found[folder] = {"type": "directory", "oid": version.revision, "size": 0, "path": folder}
        found[file.path] = {
            "type": "file",
            "oid": file.sha256[:40],
            "size": file.size,
            "path": file.path,
            "lfs": {"oid": file.sha256, "size": file.size, "pointerSize": _pointer_size(file)},
        }
    return {path: found[path] | {"deep": recursive} for path in sorted(found)}


def _pointer_size(file: FileView, /) -> int:
    return len(POINTER.format(sha256=file.sha256, size=file.size))


def _commit(version: VersionCard, namespace: str, /) -> dict[str, Any]:
    return {
        "id": version.revision,
        "title": version.label,
        "message": f"act {version.act}",
        "date": version.released_at.isoformat().replace("+00:00", "Z"),
        "authors": [{"user": namespace}],
    }


def _linked(rows: list[dict[str, Any]], link: str, /) -> JsonResponse:
    answer = JsonResponse(rows, safe=False)
    if link:
        answer["Link"] = link
    return answer
