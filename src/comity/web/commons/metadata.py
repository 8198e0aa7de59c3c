"""Metadata of releases in the forms that others read, a feed of new versions, and the links by which machines find both.

A page of a release says in its ``Link`` headers where its metadata are (FAIR Signposting), and holds schema.org's words as microdata, since
harvesters of data sets read what stands in a page and follow no link. Pages have no script element, not even one that holds data alone.
"""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity.adapters.card_writing import NAME as CARD
from comity.adapters.card_writing import write_card
from comity.adapters.croissant_files import NAME as CROISSANT
from comity.adapters.licence_addresses import addresses_of_licences
from comity.adapters.metadata_forms import forms_of
from comity.adapters.schema_org import TYPES
from comity.errors import NotFound
from comity.platform.commons.release_views import release_view
from comity.platform.commons.told import newest_versions, version_facts
from comity.platform.parties.texts import text_in
from comity.web.commons.hub_answers import hub_door, reader_of
from comity.web.context import interface_language
from comity.web.release_addresses import address_of_form, facts_on, whole_addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase

    from comity.adapters.release_facts import ReleaseFacts

P = ParamSpec("P")
MOST_ENTRIES = 50
MOST_HEADER = 3000
"""How many characters of links name files: a server in front takes headers of some kilobytes, and no more."""


@require_safe
@hub_door
def metadata(request: HttpRequest, slug: str, label: str, form: str) -> HttpResponseBase:
    """Answer a version of a release in one of the forms that suit its kind, to whoever sees the release."""
    user = reader_of(request)
    facts = whole_addresses(request, version_facts(slug=slug, user=user, name=label, with_columns=form == CROISSANT))
    found = forms_of(facts.kind).get(form)
    if found is None:
        raise NotFound(reference=f"{facts.reference}/metadata/{form[:40]}")
    if form == CARD:
        content = write_card(facts=facts, readme=release_view(slug=slug, user=user, name=label).version.readme)
    else:
        content = found.write(facts)
    profile = f'; profile="{found.profile}"' if found.profile and "json" in found.media_type else ""
    charset = "; charset=utf-8" if found.media_type.startswith("text/") else ""
    answer = _tagged(request, content, f"{found.media_type}{charset}{profile}")
    answer["Content-Disposition"] = f'attachment; filename="{form}"'
    answer["Link"] = f'<{facts.address}>; rel="describes"; type="text/html"'
    return answer


@require_safe
@hub_door
def feed(request: HttpRequest) -> HttpResponseBase:
    """Answer the newest versions that this reader sees as an Atom feed (RFC 4287), newest first."""
    language = interface_language()
    versions = newest_versions(user=reader_of(request), most=MOST_ENTRIES)
    made = Atom1Feed(
        title=gettext("Technology commons"),
        link=request.build_absolute_uri(reverse("commons")),
        description=gettext("New versions of models, data, tools and courses."),
        subtitle=gettext("New versions of models, data, tools and courses."),
        language=language,
        feed_url=request.build_absolute_uri(reverse("commons-feed")),
        author_name=gettext("Technology commons"),
    )
    for version in versions:
        told = version.manifest
        address = request.build_absolute_uri(f"/{version.reference}")
        release = version.release
        made.add_item(
            title=f"{text_in(told['titles'], language)}, {version.label}",
            link=address,
            unique_id=address,
            # Atom's summary is HTML here, and a summary of ours is text.
            description=escape(text_in(told["summaries"], language)),
            author_name=text_in((release.member or release.body).names, language),
            pubdate=version.released_at,
            updateddate=version.released_at,
            categories=(release.kind,),
        )
    return _tagged(request, made.writeString("utf-8").encode(), "application/atom+xml; charset=utf-8")


def signposted(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse], /
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Add to the page of a release the links by which a machine finds its name, type, licence, files and metadata."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        page = view(request, *args, **kwargs)
        if page.status_code == 200:  # noqa: PLR2004  (a page and no refusal)
            facts = facts_on(request, slug=str(kwargs["slug"]), label=str(kwargs.get("label", "")))
            if facts is not None:
                page["Link"] = ", ".join(_links(request, facts))
        return page

    return answer


def _links(request: HttpRequest, facts: ReleaseFacts, /) -> list[str]:
    found = [f'<{facts.address}>; rel="cite-as"', '<https://schema.org/AboutPage>; rel="type"']
    found.append(f'<https://schema.org/{TYPES[facts.kind]}>; rel="type"')
    found.append(f'<{facts.publisher_address}>; rel="publisher"')
    found += [f'<{at}>; rel="license"' for at in addresses_of_licences(facts.licence)]
    for name, form in forms_of(facts.kind).items():
        profile = f'; profile="{form.profile}"' if form.profile else ""
        at = request.build_absolute_uri(address_of_form(facts, name))
        found.append(f'<{at}>; rel="describedby"; type="{form.media_type}"{profile}')
    length = sum(len(link) + 2 for link in found)
    for file in facts.files:
        link = f'<{file.address}>; rel="item"; type="{file.media_type}"'
        length += len(link) + 2
        if length > MOST_HEADER:
            break
        found.append(link)
    return found


def _tagged(request: HttpRequest, content: bytes, media_type: str, /) -> HttpResponse:
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    known = {t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")}
    answer = HttpResponse(status=304) if tag in known else HttpResponse(content, content_type=media_type)
    answer["ETag"] = tag
    # What is seen depends on who asks, and what is taken down must stop being told.
    answer["Cache-Control"] = "private, no-cache"
    return answer
