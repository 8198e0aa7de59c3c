"""What the page of a release says to machines: where its metadata are, and itself in the words of schema.org as microdata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from comity.adapters.metadata_forms import forms_of
from comity.adapters.schema_org import TYPES, describe_in_schema
from comity.web.release_addresses import address_of_form, facts_on

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.adapters.release_facts import ReleaseFacts
    from comity.platform.commons.release_views import ReleaseView

register = template.Library()
MOST_FILES = 50
"""How many files the microdata of a page name; the documents name all."""


@register.inclusion_tag("comity/commons/_metadata_of.html")
def metadata_of(request: HttpRequest, view: ReleaseView) -> dict[str, Any]:
    """The links to every form, and the microdata; nothing for a release that was taken down."""
    asked = request.resolver_match.kwargs.get("label", "") if request.resolver_match else view.version.card.label
    facts = facts_on(request, slug=view.card.slug, label=asked)
    if facts is None:
        return {"forms": []}
    return {
        "forms": [(form.title, name, address_of_form(facts, name)) for name, form in forms_of(facts.kind).items()],
        "type": TYPES[facts.kind],
        "facts": facts,
        "told": _told(facts),
        "files": facts.files[:MOST_FILES],
        "part": "distribution" if facts.kind == "dataset" else "encoding",
        "part_type": "DataDownload" if facts.kind == "dataset" else "MediaObject",
    }


def _told(facts: ReleaseFacts, /) -> list[tuple[str, str, bool]]:
    """Return name, value and whether the value is an address, of what is one text or address."""
    tree = describe_in_schema(facts=facts)
    found = [
        ("name", facts.title, False),
        ("description", facts.summary, False),
        ("url", facts.address, True),
        ("identifier", facts.reference, False),
        ("version", facts.label, False),
        ("datePublished", tree["datePublished"], False),
        ("isAccessibleForFree", "true", False),
    ]
    found += [("license", at, True) for at in tree.get("license", []) if isinstance(at, str)]
    return found + [("inLanguage", tag, False) for tag in facts.languages]
