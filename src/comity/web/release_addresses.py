"""Where the page, the files and the metadata of a release stand, for its page and for the documents themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import reverse

from comity.errors import NotFound
from comity.platform.commons.told import version_facts

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.adapters.release_facts import ReleaseFacts


def facts_on(request: HttpRequest, *, slug: str, label: str) -> ReleaseFacts | None:
    """Return the facts of a version for the page that shows it, gathered once; None for a release that was taken down."""
    kept = request.__dict__.setdefault("_facts_of_releases", {})
    if (slug, label) not in kept:
        try:
            kept[slug, label] = whole_addresses(request, version_facts(slug=slug, user=request.user, name=label))
        except NotFound:
            kept[slug, label] = None
    found: ReleaseFacts | None = kept[slug, label]
    return found


def whole_addresses(request: HttpRequest, facts: ReleaseFacts, /) -> ReleaseFacts:
    """Return facts whose addresses are whole: the page of the version, its files by their names in the hub, its publisher."""
    # In the hub everything but a model is a data set.
    before = f"/hub/{'' if facts.kind == 'model' else 'datasets/'}{facts.hub_name}/resolve/{facts.label}/"
    files = tuple(replace(f, address=request.build_absolute_uri(before + quote(f.path))) for f in facts.files)
    return replace(
        facts,
        address=request.build_absolute_uri(f"/{facts.reference}"),
        publisher_address=request.build_absolute_uri(f"/{facts.publisher_address}"),
        files=files,
    )


def address_of_form(facts: ReleaseFacts, name: str, /) -> str:
    """Return where a form of a version stands."""
    slug, label = facts.reference.split("/")[-2:]
    return reverse("release-metadata", args=[slug, label, name])
