"""Restricted releases with a canary in each field, and every address of the commons asked by outsiders: none is shown."""

from __future__ import annotations

import itertools
import re

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from comity.adapters.metadata_forms import FORMS
from comity.platform.commons.mirrors import end_mirror, offer_mirror
from comity.platform.commons.models import Mirror, StoredFile, Version
from comity.platform.commons.tokens import make_token
from comity.platform.record.models import Act
from support.commons import describe, release
from support.pages import signed_in_as
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
CANARY = "Qx7Canary"


@pytest.fixture
def planted(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    make_body()
    for slug, kind, circle, audience in (
        ("hidden-model", "model", "delegation", "delegation:m1"),
        ("hidden-lists", "dataset", "delegation", "delegation:m1"),
        ("of-members", "model", "members", ""),
    ):
        path = f"{CANARY}.txt"
        release(
            slug,
            kind=kind,
            member="m1",
            contents={"README.md": f"{CANARY} readme {slug}".encode(), path: f"{CANARY} content {slug}".encode()},
            description=describe(kind, paths=("README.md", path), name=f"{CANARY}name", known_limits=f"{CANARY}limits"),
            titles={"en": f"{CANARY}title"},
            summaries={"en": f"{CANARY}summary"},
            authors=[f"{CANARY}author"],
            provenance=f"{CANARY}provenance",
            visibility=circle,
            audience=audience,
        )
    plant_mirrors()


def plant_mirrors() -> None:
    """An offer that nobody named, and one that ended before: members alone see them. One that is named says nothing of what is hidden."""
    given = {"names": {"en": f"{CANARY}mirror"}, "place": "002", "by": SET_UP}
    offer_mirror(body="assembly", member="m1", address=f"https://a.example.org/{CANARY}", **given)
    ended = offer_mirror(body="assembly", member="m1", address=f"https://b.example.org/{CANARY}", **given)
    end_mirror(slug=ended.slug, by=SET_UP)


def routes(patterns=None, prefix=""):
    for pattern in patterns or get_resolver().url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif here.startswith(("hub/", "commons/", "record/payloads", "record/acts")):
            yield here


def every_address() -> list[str]:
    """Every address of the commons, each parameter filled by everything that stands there."""
    versions = list(Version.objects.all())
    digests = [*(v.manifest_sha256 for v in versions), *StoredFile.objects.values_list("sha256", flat=True)]
    payloads = list(Act.objects.filter(type="release-version").values_list("payload_sha256", flat=True))
    fills = {
        "namespace": ["m1", "assembly"],
        "slug": ["hidden-model", "hidden-lists", "of-members", *Mirror.objects.values_list("slug", flat=True)],
        "label": ["1.0"],
        "revision": ["main", *(v.revision for v in versions)],
        "rest": ["main", "main/README.md", f"1.0/{CANARY}.txt"],
        "sha256": digests,
        "digest": payloads,
        "form": list(FORMS),
        "act_id": [str(v.act_id) for v in versions],
    }
    found = []
    for route in routes():
        parameters = re.findall(r"<[^>]+>", route)
        names = [p.strip("<>").split(":")[-1] for p in parameters]
        for values in itertools.product(*(fills.get(n, ["none"]) for n in names)):
            address = route.strip("^$")
            for parameter, value in zip(parameters, values, strict=True):
                address = address.replace(parameter, str(value))
            found.append(f"/{address}")
    return found


def shown(client, address, headers):
    answer = client.get(address, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = body + "".join(f"{k}: {v}" for k, v in answer.items()).encode()
    # An answer may say again what was asked for.
    return CANARY.encode() in told.replace(address.rpartition("/")[2].encode(), b"")


def test_nobody_outside_is_shown_anything(planted):
    rest = account_with("head", member="m2")
    _, token = make_token(name="x", member="m2", days=1, by=rest)
    outsiders = {
        "public": (Client(), {}),
        "observer": (signed_in_as(account_with("observer")), {}),
        "operator": (signed_in_as(account_with("operator")), {}),
    }
    visited = every_address()
    assert len(visited) > 60
    found = [(who, a) for who, (client, headers) in outsiders.items() for a in visited if shown(client, a, headers)]
    assert found == []
    of_another = [a for a in visited if "of-members" not in a]
    told = [a for a in of_another if shown(Client(), a, {"Authorization": f"Bearer {token}"})]
    lists = {"/hub/api/models", "/hub/comity/catalogue.json", "/commons/", "/commons/feed"}
    public_to_members = {v.manifest_sha256 for v in Version.objects.filter(release__slug="of-members")} | set(
        StoredFile.objects.filter(
            pk__in=Version.objects.get(release__slug="of-members").files.values("content")
        ).values_list("sha256", flat=True)
    )
    assert [a for a in told if a not in lists and not any(d in a for d in public_to_members)] == []


def test_the_delegation_itself_is_shown_them(planted):
    own = account_with("head", member="m1")
    _, token = make_token(name="x", member="m1", days=1, by=own)
    headers = {"Authorization": f"Bearer {token}"}
    seen = [a for a in every_address() if shown(Client(), a, headers)]
    assert len(seen) > 15
